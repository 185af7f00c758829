//! Accounts on platforms: which, and the environment variables that hold their secrets.

use std::time::Duration;

use serde::Serialize;
use wirereport_actors::wire::rules::ChannelRules;

use super::addresses;
use super::duration;
use super::reader::Section;
use super::values;
use crate::channels::{bluesky, discord, mastodon, slack, telegram};

/// What every account on a platform has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trying {
    /// How often a post is tried before it counts as failed.
    pub attempts: u32,
    /// How long one attempt may take before its outcome counts as unknown.
    #[serde(with = "duration")]
    pub timeout: Duration,
}

/// How the fate of an attempt is looked up whose outcome is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadBack {
    /// How long after the attempt it is looked up at the earliest, for platforms show a post only after a while.
    #[serde(rename = "read_back_after", with = "duration")]
    pub after: Duration,
    /// For how long it is looked up again where the platform does not tell, before its outcome counts as unknown.
    #[serde(rename = "read_back_for", with = "duration")]
    pub within: Duration,
}

/// A bot that writes to a channel or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TelegramSettings {
    /// The channel or group: `@name`, or its id.
    pub chat: String,
    /// A private chat through which the bot looks up what became of a message.
    pub audit_chat: Option<String>,
    /// The environment variable that holds the bot's token.
    pub token_env: String,
    /// Where the Bot API is.
    pub api_url: String,
    /// How the fate of an attempt is looked up.
    #[serde(flatten)]
    pub read_back: ReadBack,
    /// How posts are tried.
    #[serde(flatten)]
    pub trying: Trying,
}

/// An account on Bluesky.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlueskySettings {
    /// Its handle or DID.
    pub account: String,
    /// The environment variable that holds an app password.
    pub app_password_env: String,
    /// The account's PDS, or a service that stands before it.
    pub service_url: String,
    /// How many attempts may be under way at once.
    pub in_flight: usize,
    /// How the fate of an attempt is looked up.
    #[serde(flatten)]
    pub read_back: ReadBack,
    /// How posts are tried.
    #[serde(flatten)]
    pub trying: Trying,
}

/// An account on a Mastodon server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MastodonSettings {
    /// Its server.
    pub server_url: String,
    /// The environment variable that holds an access token.
    pub token_env: String,
    /// Who sees the statuses.
    pub visibility: Visibility,
    /// How the fate of an attempt is looked up.
    #[serde(flatten)]
    pub read_back: ReadBack,
    /// How posts are tried.
    #[serde(flatten)]
    pub trying: Trying,
}

/// Who sees a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody, and public timelines show it.
    Public,
    /// Everybody.
    Unlisted,
    /// Followers.
    Private,
}

impl Visibility {
    /// The word for it, in settings and on Mastodon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }
}

/// A bot in a channel of Discord's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiscordSettings {
    /// The channel's id.
    pub channel_id: String,
    /// The environment variable that holds the bot's token.
    pub token_env: String,
    /// Where the API is.
    pub api_url: String,
    /// How the fate of an attempt is looked up.
    #[serde(flatten)]
    pub read_back: ReadBack,
    /// How posts are tried.
    #[serde(flatten)]
    pub trying: Trying,
}

/// An incoming webhook of Discord's or Slack's, whose URL is its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncomingWebhookSettings {
    /// The environment variable that holds the webhook's URL.
    pub url_env: String,
    /// How posts are tried.
    #[serde(flatten)]
    pub trying: Trying,
}

/// A secret that a channel needs.
#[derive(Debug, Clone, Copy)]
pub struct SecretName<'s> {
    /// The setting that names its variable.
    pub key: &'static str,
    /// The variable.
    pub variable: &'s str,
    /// Says what is wrong with its form.
    pub(super) check: fn(&str) -> Result<(), &'static str>,
    /// Whether the account may do without it.
    pub(super) optional: bool,
}

impl TelegramSettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        vec![SecretName {
            key: "token_env",
            variable: &self.token_env,
            check: telegram::check_token,
            optional: false,
        }]
    }
}

impl BlueskySettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        vec![SecretName {
            key: "app_password_env",
            variable: &self.app_password_env,
            check: any,
            optional: false,
        }]
    }
}

impl MastodonSettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        vec![SecretName { key: "token_env", variable: &self.token_env, check: any, optional: false }]
    }
}

impl DiscordSettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        vec![SecretName { key: "token_env", variable: &self.token_env, check: any, optional: false }]
    }
}

impl IncomingWebhookSettings {
    pub(super) fn secrets(&self, check: fn(&str) -> Result<(), &'static str>) -> Vec<SecretName<'_>> {
        vec![SecretName { key: "url_env", variable: &self.url_env, check, optional: false }]
    }
}

/// A secret that may be of any form.
pub(super) fn any(_: &str) -> Result<(), &'static str> {
    Ok(())
}

/// The check of a Discord webhook's URL.
pub(super) const DISCORD_URL: fn(&str) -> Result<(), &'static str> = discord::check_url;
/// The check of a Slack webhook's URL.
pub(super) const SLACK_URL: fn(&str) -> Result<(), &'static str> = slack::check_url;

pub(super) fn telegram(section: &mut Section<'_>) -> Option<TelegramSettings> {
    let chat = section.require("chat", "the channel or group, as \"@name\" or as its id", addresses::chat);
    let settings = TelegramSettings {
        chat: chat.clone().unwrap_or_default(),
        audit_chat: section.take("audit_chat", addresses::optional_chat, None),
        token_env: variable(section, "token_env", "TELEGRAM_BOT_TOKEN"),
        api_url: api_url(section, "api_url", telegram::API),
        read_back: read_back(section, telegram::SHOWN_AFTER),
        trying: trying(section),
    };
    if settings.audit_chat.as_ref() == chat.as_ref() && chat.is_some() {
        section.conflict(
            &["audit_chat", "chat"],
            "is `chat` itself, whose readers would see every look-up; name a private chat of the bot's",
        );
    }
    chat.map(|_| settings)
}

pub(super) fn bluesky(section: &mut Section<'_>) -> Option<BlueskySettings> {
    let expected = "the account's handle or DID, such as \"wire.bsky.social\"";
    let account = section.require("account", expected, addresses::at_identifier);
    let settings = BlueskySettings {
        account: account.clone().unwrap_or_default(),
        app_password_env: variable(section, "app_password_env", "BLUESKY_APP_PASSWORD"),
        service_url: api_url(section, "service_url", bluesky::SERVICE),
        in_flight: section.take("in_flight", values::count(1, 64), 4),
        read_back: read_back(section, bluesky::SHOWN_AFTER),
        trying: trying(section),
    };
    account.map(|_| settings)
}

pub(super) fn mastodon(section: &mut Section<'_>) -> Option<MastodonSettings> {
    const VISIBILITIES: &[(&str, Visibility)] = &[
        ("public", Visibility::Public),
        ("unlisted", Visibility::Unlisted),
        ("private", Visibility::Private),
    ];
    let expected = "the account's server, such as \"https://mastodon.social\"";
    let server_url = section.require("server_url", expected, addresses::api_url);
    let settings = MastodonSettings {
        server_url: server_url.clone().unwrap_or_default(),
        token_env: variable(section, "token_env", "MASTODON_ACCESS_TOKEN"),
        visibility: section.take("visibility", values::one_of(VISIBILITIES), Visibility::Public),
        read_back: read_back(section, mastodon::SHOWN_AFTER),
        trying: trying(section),
    };
    server_url.map(|_| settings)
}

pub(super) fn discord(section: &mut Section<'_>) -> Option<DiscordSettings> {
    let expected = "the channel's id, such as \"1234567890123456789\"";
    let channel_id = section.require("channel_id", expected, addresses::snowflake);
    let settings = DiscordSettings {
        channel_id: channel_id.clone().unwrap_or_default(),
        token_env: variable(section, "token_env", "DISCORD_BOT_TOKEN"),
        api_url: api_url(section, "api_url", discord::API),
        read_back: read_back(section, discord::SHOWN_AFTER),
        trying: trying(section),
    };
    channel_id.map(|_| settings)
}

pub(super) fn discord_webhook(section: &mut Section<'_>) -> IncomingWebhookSettings {
    let url_env = variable(section, "url_env", "DISCORD_WEBHOOK_URL");
    IncomingWebhookSettings { url_env, trying: trying(section) }
}

pub(super) fn slack(section: &mut Section<'_>) -> IncomingWebhookSettings {
    let url_env = variable(section, "url_env", "SLACK_WEBHOOK_URL");
    IncomingWebhookSettings { url_env, trying: trying(section) }
}

pub(super) fn variable(section: &mut Section<'_>, key: &'static str, default: &str) -> String {
    section.take(key, values::variable_name, default.to_owned())
}

pub(super) fn trying(section: &mut Section<'_>) -> Trying {
    let limits = (Duration::from_secs(1), Duration::from_secs(300));
    Trying {
        attempts: section.take("attempts", values::count(1, 100), 8),
        timeout: section.duration("timeout", limits, Duration::from_secs(15)),
    }
}

pub(super) fn read_back(section: &mut Section<'_>, shown_after: Duration) -> ReadBack {
    let within = (Duration::from_secs(1), Duration::from_secs(3600));
    ReadBack {
        after: section.duration("read_back_after", up_to(600), shown_after),
        within: section.duration("read_back_for", within, ChannelRules::default().read_back_for),
    }
}

pub(super) fn up_to(seconds: u64) -> (Duration, Duration) {
    (Duration::ZERO, Duration::from_secs(seconds))
}

/// An address that secrets are sent to.
pub(super) fn api_url(section: &mut Section<'_>, key: &'static str, default: &str) -> String {
    section.take(key, addresses::api_url, default.to_owned())
}
