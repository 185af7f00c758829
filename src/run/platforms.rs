//! From settings to the accounts on platforms.

use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;
use wirereport_actors::ports::channel::Channel;
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::voice::Language;

use crate::channels::bluesky::{self, BlueskyChannel};
use crate::channels::discord::{self, DiscordChannel, DiscordWebhook};
use crate::channels::mastodon::{self, MastodonChannel};
use crate::channels::slack::{self, SlackChannel};
use crate::channels::telegram::{self, TelegramChannel};
use crate::channels::x::{self, XChannel, oauth1};
use crate::channels::{AccountError, Notebook};
use crate::clock::SystemClock;
use crate::settings::secrets::Secrets;
use crate::settings::{ChannelKind, XAuth, XSettings};

/// The secret that this variable holds.
pub(super) fn secret(secrets: &Secrets, variable: &str) -> Result<SecretString, String> {
    let missing = || format!("the variable {variable} that holds its secret is not set");
    secrets.get(variable).cloned().ok_or_else(missing)
}

/// The account of these settings, whose posts are in that language. Platforms' dates are by the real time of day, so it gets
/// the machine's clock.
pub(super) fn open(
    name: &ChannelName,
    (kind, language): (&ChannelKind, &Language),
    secrets: &Secrets,
    notebook: Notebook,
    logins: &Path,
) -> Result<Arc<dyn Channel>, String> {
    let secret = |variable: &str| secret(secrets, variable);
    let clock = Arc::new(SystemClock);
    match kind {
        ChannelKind::Feed(_) | ChannelKind::Webhook(_) | ChannelKind::Terminal => {
            Err(format!("{} is no account on a platform", kind.as_str()))
        }
        ChannelKind::Telegram(telegram) => opened(TelegramChannel::new(
            telegram::TelegramSettings {
                api: telegram.api_url.clone(),
                token: secret(&telegram.token_env)?,
                chat: telegram.chat.clone(),
                audit_chat: telegram.audit_chat.clone(),
                read_back_after: telegram.read_back.after,
                attempt_within: telegram.trying.timeout,
            },
            notebook,
        )),
        ChannelKind::X(x) => {
            let auth = x_auth(name, x, secrets, logins)?;
            let settings = x::XSettings {
                api: x.api_url.clone(),
                auth,
                threads: x.threads,
                read_back_after: x.read_back.after,
                absent_after: x.absent_after,
                attempt_within: x.trying.timeout,
            };
            opened(XChannel::new(settings, clock))
        }
        ChannelKind::Bluesky(bluesky) => opened(BlueskyChannel::new(
            bluesky::BlueskySettings {
                service: bluesky.service_url.clone(),
                account: bluesky.account.clone(),
                app_password: secret(&bluesky.app_password_env)?,
                language: language.to_string(),
                in_flight: bluesky.in_flight,
                read_back_after: bluesky.read_back.after,
                attempt_within: bluesky.trying.timeout,
            },
            notebook,
            clock,
        )),
        ChannelKind::Mastodon(mastodon) => opened(MastodonChannel::new(
            mastodon::MastodonSettings {
                server: mastodon.server_url.clone(),
                token: secret(&mastodon.token_env)?,
                visibility: mastodon.visibility.as_str(),
                language: language.to_string(),
                read_back_after: mastodon.read_back.after,
                attempt_within: mastodon.trying.timeout,
            },
            notebook,
            clock,
        )),
        ChannelKind::Discord(discord) => opened(DiscordChannel::new(discord::DiscordSettings {
            api: discord.api_url.clone(),
            token: secret(&discord.token_env)?,
            channel_id: discord.channel_id.clone(),
            read_back_after: discord.read_back.after,
            attempt_within: discord.trying.timeout,
        })),
        ChannelKind::DiscordWebhook(webhook) => {
            opened(DiscordWebhook::new(discord::DiscordWebhookSettings {
                url: secret(&webhook.url_env)?,
                attempt_within: webhook.trying.timeout,
            }))
        }
        ChannelKind::Slack(webhook) => opened(SlackChannel::new(slack::SlackSettings {
            url: secret(&webhook.url_env)?,
            attempt_within: webhook.trying.timeout,
        })),
    }
}

fn x_auth(name: &ChannelName, x: &XSettings, secrets: &Secrets, logins: &Path) -> Result<x::Auth, String> {
    match x.auth {
        XAuth::OAuth1 => Ok(x::Auth::OAuth1(oauth1::Credentials {
            consumer_key: secret(secrets, &x.consumer_key_env)?,
            consumer_secret: secret(secrets, &x.consumer_secret_env)?,
            token: secret(secrets, &x.access_token_env)?,
            token_secret: secret(secrets, &x.access_token_secret_env)?,
        })),
        XAuth::OAuth2 => consent(name, x, secrets, logins).map(x::Auth::OAuth2),
    }
}

/// An account on X that lets the app in by OAuth 2.0.
pub(crate) fn consent(
    name: &ChannelName,
    x: &XSettings,
    secrets: &Secrets,
    logins: &Path,
) -> Result<x::Consent, String> {
    let app = x::App {
        client_id: secret(secrets, &x.client_id_env)?,
        client_secret: secrets.get(&x.client_secret_env).cloned(),
    };
    let login = format!("wirereport channel login {name}");
    Ok(x::Consent { app, logins: logins.to_owned(), account: x.account.clone(), login })
}

fn opened<C: Channel + 'static>(channel: Result<C, AccountError>) -> Result<Arc<dyn Channel>, String> {
    channel.map(|channel| Arc::new(channel) as _).map_err(|error| error.to_string())
}
