//! `wirereport channel`: how channels are let in, and letting them in.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::post::ChannelName;

use super::Place;
use super::connect::{connect, elsewhere};
use super::exit::Failure;
use super::login;
use super::settings::{load, sources};
use super::text::{Table, print_json, print_line, print_table, print_trouble, time};
use crate::api::client::ClientError;
use crate::api::let_in;
use crate::api::types::Reload;
use crate::api::views::{ChannelView, List};
use crate::channels::x::LoginSettings;
use crate::clock::SystemClock;
use crate::run::{LOGINS, platforms};
use crate::settings::{ChannelKind, Loaded, XAuth, secrets};

/// List the channels, log one in.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the channels with how each is let in, and until when where that is known.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Log the account of a channel on X in, by OAuth 2.0.
    ///
    /// It prints the address of a page on which the account's owner lets the app in. That page leads back to the channel's
    /// `redirect_uri`, where this command listens if that is on this machine. Where the browser is on another one, give the
    /// address that it was led to on standard input.
    Login {
        /// The channel.
        name: String,
        /// Do not listen: the address that the page led to is given on standard input.
        #[arg(long)]
        paste: bool,
    },
}

pub(super) async fn execute(place: &Place, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { json } => list(place, json).await,
        Command::Login { name, paste } => log_in(place, &ChannelName(name), paste).await,
    }
}

/// A channel and how it is let in.
#[derive(Serialize)]
struct Shown {
    channel: ChannelName,
    kind: String,
    /// In words.
    let_in: String,
    /// When its access token ends, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

async fn list(place: &Place, json: bool) -> Result<(), Failure> {
    let shown = match elsewhere(place)? {
        Some(client) => {
            let channels: List<ChannelView> = client.get("/v1/channels").await?;
            channels.items.into_iter().map(Shown::from).collect()
        }
        None => here(place)?,
    };
    if json {
        return print_json(&shown);
    }
    let mut rows = Table::new(["CHANNEL", "KIND", "LET IN"]);
    for Shown { channel, kind, let_in, .. } in shown {
        rows.row([channel.to_string(), kind, let_in]);
    }
    print_table(&rows)
}

impl From<ChannelView> for Shown {
    fn from(channel: ChannelView) -> Self {
        let ChannelView { name, kind, let_in, token_expires_at, .. } = channel;
        Self { channel: name, kind, let_in, expires_at: token_expires_at }
    }
}

fn here(place: &Place) -> Result<Vec<Shown>, Failure> {
    let loaded = load(place)?;
    let logins = loaded.settings.state_dir.join(LOGINS);
    let now = SystemClock.now();
    let channels = loaded.settings.channels.iter();
    Ok(channels.map(|(name, channel)| shown(name, &channel.kind, &logins, now)).collect())
}

fn shown(name: &ChannelName, kind: &ChannelKind, logins: &Path, now: Timestamp) -> Shown {
    let (let_in, expires_at) = let_in(name, kind, logins, now);
    Shown { channel: name.clone(), kind: kind.as_str().to_owned(), let_in, expires_at }
}

async fn log_in(place: &Place, name: &ChannelName, paste: bool) -> Result<(), Failure> {
    let loaded = load(place)?;
    let settings = login_settings(place, &loaded, name)?;
    let grant = login::log_in(settings, paste).await?;
    print_line(&format!(
        "{name} is logged in as @{}, with access until {} that is renewed by itself",
        grant.username,
        time(grant.expires_at)
    ));
    have_tried_again(place).await
}

fn login_settings(place: &Place, loaded: &Loaded, name: &ChannelName) -> Result<LoginSettings, Failure> {
    let Some(channel) = loaded.settings.channels.get(name) else {
        let detail = format_args!("no channel is called {name}: set it up in [channels.{name}]");
        return Err(Failure::configuration(detail));
    };
    let x = match &channel.kind {
        ChannelKind::X(x) if x.auth == XAuth::OAuth2 => x,
        ChannelKind::X(_) => {
            let detail =
                format_args!("channel {name} has tokens that do not end: set auth = \"oauth2\" to log it in");
            return Err(Failure::configuration(detail));
        }
        other => {
            let kind = other.as_str();
            let detail = format_args!("channel {name} is of kind {kind}: only channels on X are logged in");
            return Err(Failure::configuration(detail));
        }
    };
    let secrets = secrets::of_channel(loaded, &sources(place)?.env, name)?;
    let logins = loaded.settings.state_dir.join(LOGINS);
    Ok(LoginSettings {
        api: x.api_url.clone(),
        authorize: x.authorize_url.clone(),
        redirect_uri: x.redirect_uri.clone(),
        consent: platforms::consent(name, x, &secrets, &logins).map_err(Failure::configuration)?,
    })
}

/// Has a running service try its halted channels again; where none runs the next one does.
async fn have_tried_again(place: &Place) -> Result<(), Failure> {
    let reloaded: Result<Reload, ClientError> = connect(place)?.post("/v1/reload", &()).await;
    match reloaded {
        Ok(Reload { error: Some(error), .. }) => print_trouble(&format_args!(
            "the running service tries again, with its old settings, since the new ones are wrong: {error}"
        )),
        Ok(_) => print_line("the running service tries again"),
        Err(ClientError::NotRunning { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
