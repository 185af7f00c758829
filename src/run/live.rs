//! A live run: real feeds, the machine's clock, ports, until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::routing::any;

use super::instance::{Busy, Instance};
use super::operator::Ways;
use super::ports::{Ports, Served};
use super::renewal::Renewable;
use super::wiring::{self, Outlets};
use super::{Given, Parts, Wire, feeds, notify, open_ledger, operator};
use crate::api::problem::Problem;
use crate::api::router;
use crate::channels::Notebook;
use crate::channels::feed;
use crate::channels::terminal::TerminalChannel;
use crate::cli::Failure;
use crate::clock::SystemClock;
use crate::operator::telegram::Desk;
use crate::settings::secrets::{self, GeneratedKeyError};
use crate::settings::{ChannelKind, Settings};
use crate::telemetry::Redactor;

/// The file of the state directory in which the operator's bot keeps what it showed and heard.
const DESK: &str = "desk.json";

const STAND_BY: &str = "stop it, or start this one with --standby to take over when it ends";

/// Runs the wire on live games.
///
/// # Errors
/// Where it cannot start, or the root supervisor gave up.
pub(crate) async fn run(mut given: Given, standby: bool) -> Result<(), Failure> {
    let settings = given.loaded.settings.clone();
    let state_dir = given.state_dir();
    let busy = if standby { Busy::Wait } else { Busy::Refuse { advice: STAND_BY } };
    let instance = Instance::take(&state_dir, busy).await?;
    // Made at the first start, so that it is there for whoever wants a token; later ones find it.
    if given.signing.is_none() {
        let keys = secrets::generated(&state_dir).map_err(no_key)?;
        keys.iter().for_each(|key| Redactor::of_process().register(key));
        given.signing = Some(keys);
    }
    let ports = Ports::open(&settings).await?;
    let ledger = open_ledger(&state_dir).await?;
    let feeds = state_dir.join("feeds");
    let terminal = &TerminalChannel::stdout;
    let making = given.making(&state_dir);
    let outlets = Outlets { feeds: &feeds, terminal, making: &making };
    let channels = settings
        .channels
        .iter()
        .map(|(name, channel)| Ok((name.clone(), wiring::channel(name, channel, &given.secrets, &outlets)?)))
        .collect::<Result<_, Failure>>()?;
    let (writers, model) = wiring::writers(&settings, &given.secrets, &ledger)?;
    let (sports, paid) = feeds::sports(&settings, &given.secrets)?;
    // A rehearsal sends nothing to anybody.
    let ways = match given.dry_run {
        true => None,
        false => Some(Ways::open(&settings, &given.secrets, &state_dir)?),
    };
    let staff = ways.as_ref().map(Ways::staff);
    let desk_notes = Notebook::at(state_dir.join(DESK));
    let books = Arc::clone(&ledger);
    let mut wire = Wire::start(Parts {
        state_dir,
        instance,
        ledger,
        clock: Arc::new(SystemClock),
        sports,
        news: feeds::news(&settings)?,
        writers,
        channels,
        renewable: Renewable { feed: paid, writer: model, ways },
        policy: wiring::policy(&settings),
        page: ports.page(&settings),
        given,
    })
    .await?;

    let Served { http, api, health } = ports.serve(&mut wire, published(&settings, &feeds), &settings);
    if let Some(staff) = staff {
        let (api, tree) = (router(wire.service.clone()), Arc::clone(&wire.tree));
        let (instance, audit_history) = (operator::instance(&settings), settings.audit_history);
        wire.tend(staff, move |staff| Desk {
            staff,
            instance: instance.clone(),
            audit_history,
            api: api.clone(),
            ledger: Arc::clone(&books),
            tree: Arc::clone(&tree),
            notebook: desk_notes.clone(),
        });
    }
    wire.readiness.ready();
    let (sports, channels) = (settings.sports.len(), settings.channels.len());
    tracing::info!(sports, channels, health, http, api, "ready");
    notify::ready(&format!("following {} leagues", settings.sports.len()));
    let probes = wire.probes.clone();
    tokio::spawn(notify::feed_watchdog(move || probes.is_alive()));
    wire.finish(std::future::pending(), settings.shutdown).await
}

fn no_key(error: GeneratedKeyError) -> Failure {
    match error {
        // There may be room again by the next try of a service manager.
        GeneratedKeyError::Make { .. } => Failure::failed(error),
        GeneratedKeyError::File(_) | GeneratedKeyError::Wrong { .. } => Failure::configuration(error),
    }
}

/// The feed channels' files, each under its channel's name.
fn published(settings: &Settings, feeds: &Path) -> Router {
    let feed_channels =
        settings.channels.iter().filter(|(_, channel)| matches!(channel.kind, ChannelKind::Feed(_)));
    let absent = any(async || Problem::not_found("such feed"));
    feed_channels.fold(Router::new().route("/feeds/{*rest}", absent), |router, (name, _)| {
        router.nest(&format!("/feeds/{name}"), feed::router(&feeds.join(&name.0)))
    })
}
