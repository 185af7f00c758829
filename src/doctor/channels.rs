//! The channels: reachable, and let in as far as that can be asked for nothing.
//!
//! | channel | is asked |
//! |---|---|
//! | `telegram` | `getMe`, `getChat` of its chats |
//! | `bluesky` | `getSession` with the session that is kept, else `createSession`, of which there are few a day |
//! | `mastodon` | `verify_credentials` |
//! | `discord` | `users/@me`, the channel |
//! | `discord_webhook` | the webhook itself, which shows what it is |
//! | `x` | no account: X bills each look at one. Whether its host answers, and how the login stands that is kept here |
//! | `slack`, `webhook` | nothing: there is nothing to ask without posting. Whether the host answers |
//! | `feed`, `terminal` | nothing: they are on this machine |
//!
//! What the ledger knows, that a channel was halted, is said of every one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tokio::task::JoinSet;
use wirereport_actors::wire::post::{ChannelName, Halt, Halted};

use super::accounts::{self, Way};
use super::{About, Finding, Patient, inspected};
use crate::channels::Notebook;
use crate::channels::x::{Grant, GrantFile};
use crate::run::{LOGINS, NOTES};
use crate::settings::secrets::{self, Secrets};
use crate::settings::{ChannelKind, XAuth, XSettings};

pub(super) async fn channels(patient: &Patient) -> Vec<Finding> {
    let Some(loaded) = &patient.loaded else { return Vec::new() };
    let state_dir = patient.state_dir.clone().unwrap_or_else(|| loaded.settings.state_dir.clone());
    let mut asked = JoinSet::new();
    for (name, channel) in &loaded.settings.channels {
        let Ok(secrets) = secrets::of_channel(loaded, &patient.sources.env, name) else {
            // Said of the secrets; nobody can be asked without them.
            continue;
        };
        let (name, kind, state_dir) = (name.clone(), channel.kind.clone(), state_dir.clone());
        let now = patient.now;
        asked.spawn(async move {
            let found = one(&name, &kind, &secrets, &state_dir, now).await;
            (name, found)
        });
    }
    let found: BTreeMap<ChannelName, Vec<Finding>> = asked.join_all().await.into_iter().collect();
    let halted = match inspected(&state_dir).await {
        Some(Ok(inspection)) => inspection.halted,
        _ => Vec::new(),
    };
    let configured = |(name, _): &&(ChannelName, Halted)| loaded.settings.channels.contains_key(name);
    let halted = halted.iter().filter(configured).map(|(name, halted)| of_halt(name, halted));
    found.into_values().flatten().chain(halted).collect()
}

fn of_halt(name: &ChannelName, halted: &Halted) -> Finding {
    let about = About::new("channel", name.to_string());
    let what = format!("it is halted since {}: {}", crate::cli::time(halted.since), halted.reason);
    match halted.halt {
        Halt::RateLimited => {
            about.note(format!("{what}; it is tried again {}", crate::cli::time(halted.retry_at)))
        }
        Halt::NeedsAuth | Halt::OutOfCredit | Halt::Gone => about.error(
            what,
            format!("mend it, then `wirereport reload`, or `wirereport actor resume publisher/{name}`"),
        ),
    }
}

async fn one(
    name: &ChannelName,
    kind: &ChannelKind,
    secrets: &Secrets,
    state_dir: &std::path::Path,
    now: jiff::Timestamp,
) -> Vec<Finding> {
    let about = About::new("channel", name.to_string());
    let way = Way { about: &about, secrets, meanwhile: "posts wait" };
    match kind {
        ChannelKind::Feed(_) => vec![about.ok("its files are in the state directory")],
        ChannelKind::Terminal => vec![about.ok("it is standard output")],
        ChannelKind::Telegram(telegram) => accounts::telegram(&way, telegram).await,
        ChannelKind::Mastodon(mastodon) => accounts::mastodon(&way, mastodon).await,
        ChannelKind::Bluesky(bluesky) => {
            let notes: PathBuf = state_dir.join(NOTES).join(format!("{name}.json"));
            accounts::bluesky(&way, bluesky, &Notebook::at(notes)).await
        }
        ChannelKind::Discord(discord) => accounts::discord(&way, discord).await,
        ChannelKind::DiscordWebhook(webhook) => accounts::discord_webhook(&way, webhook).await,
        ChannelKind::Slack(webhook) => {
            let silent = "whether the webhook is still good shows only with a post";
            accounts::host(&way, &accounts::secret(secrets, &webhook.url_env), silent).await
        }
        ChannelKind::Webhook(webhook) => {
            accounts::host(&way, &webhook.url, "what its receiver makes of a post shows only with one").await
        }
        ChannelKind::X(x) => {
            let silent = "X bills each look at an account, so it was not asked whether it lets this one in";
            let mut findings = accounts::host(&way, &x.api_url, silent).await;
            if x.auth == XAuth::OAuth2 {
                findings.push(login(&about, name, x, state_dir, now));
            }
            findings
        }
    }
}

/// How the login stands that is kept here.
fn login(
    about: &About,
    name: &ChannelName,
    x: &XSettings,
    state_dir: &std::path::Path,
    now: jiff::Timestamp,
) -> Finding {
    let again = format!("`wirereport channel login {name}`");
    match GrantFile::of(&state_dir.join(LOGINS), &x.account).read() {
        Ok(None) => about.error("its account is not logged in", again),
        Err(error) => about.error(format!("its login cannot be read ({error})"), again),
        Ok(Some(Grant { ended: Some(reason), username, .. })) => {
            about.error(format!("@{username} is logged out: {reason}"), again)
        }
        Ok(Some(Grant { username, refresh_begun_at: Some(at), .. })) => about.warning(
            format!("a renewal of @{username}'s login was begun {} and not ended", crate::cli::time(at)),
            format!("{again}, before the access that is left ends"),
        ),
        Ok(Some(Grant { username, expires_at, .. })) if expires_at > now => {
            about.ok(format!("@{username} is logged in, and its access is renewed by itself"))
        }
        Ok(Some(Grant { username, .. })) => about.note(format!(
            "@{username} is logged in; its access has ended, and is renewed with the next post"
        )),
    }
}
