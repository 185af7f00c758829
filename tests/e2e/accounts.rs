//! An account on every platform, each on a stand-in of its own.

use serde_json::Value;

use crate::stand_in::{Platform, Platforms, bluesky, discord, mastodon, slack, telegram, x};
use crate::wire::Place;

/// The kinds of accounts, by the names of their channels.
pub(crate) const ALL: [&str; 7] =
    ["x", "telegram", "bluesky", "mastodon", "discord", "discord-webhook", "slack"];

/// An account and the stand-in it is on.
pub(crate) struct Account {
    /// The channel's name.
    pub(crate) name: &'static str,
    /// The platform.
    pub(crate) stand_in: Platforms,
}

impl Account {
    /// Opens an account of that kind.
    pub(crate) async fn open(name: &'static str) -> Self {
        let stand_in = Platforms::start().await;
        // The wire under test lives on the machine's day.
        stand_in.journal().today = None;
        Self { name, stand_in }
    }

    /// Its settings; `attempts` are plenty, so that no trouble exhausts them.
    pub(crate) fn settings(&self) -> String {
        let url = |platform| self.stand_in.url(platform);
        let account = match self.name {
            "x" => format!("api_url = \"{}\"", url(Platform::X)),
            "telegram" => format!(
                "chat = \"{}\"\naudit_chat = \"{}\"\napi_url = \"{}\"",
                telegram::CHAT,
                telegram::AUDIT_CHAT,
                url(Platform::Telegram)
            ),
            "bluesky" => {
                format!("account = \"{}\"\nservice_url = \"{}\"", bluesky::HANDLE, url(Platform::Bluesky))
            }
            "mastodon" => format!("server_url = \"{}\"", url(Platform::Mastodon)),
            "discord" => {
                format!("channel_id = \"{}\"\napi_url = \"{}\"", discord::CHANNEL, url(Platform::Discord))
            }
            _ => String::new(),
        };
        let kind = self.name.replace('-', "_");
        format!("[channels.{}]\nkind = \"{kind}\"\nattempts = 100\n{account}\n", self.name)
    }

    /// The variables with its secrets.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let url = |platform, path: &str| format!("{}/{path}", self.stand_in.url(platform));
        match self.name {
            "x" => vec![
                ("TWITTER_CONSUMER_KEY", x::CONSUMER_KEY.to_owned()),
                ("TWITTER_CONSUMER_SECRET", x::CONSUMER_SECRET.to_owned()),
                ("TWITTER_ACCESS_TOKEN", x::TOKEN.to_owned()),
                ("TWITTER_ACCESS_TOKEN_SECRET", x::TOKEN_SECRET.to_owned()),
            ],
            "telegram" => vec![("TELEGRAM_BOT_TOKEN", telegram::TOKEN.to_owned())],
            "bluesky" => vec![("BLUESKY_APP_PASSWORD", bluesky::PASSWORD.to_owned())],
            "mastodon" => vec![("MASTODON_ACCESS_TOKEN", mastodon::TOKEN.to_owned())],
            "discord" => vec![("DISCORD_BOT_TOKEN", discord::TOKEN.to_owned())],
            "discord-webhook" => {
                vec![("DISCORD_WEBHOOK_URL", url(Platform::Discord, discord::WEBHOOK))]
            }
            _ => vec![("SLACK_WEBHOOK_URL", url(Platform::Slack, slack::WEBHOOK))],
        }
    }

    /// What of its secrets must stand nowhere: of a webhook's URL the token.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let token = |value: &str| value.rsplit('/').next().unwrap_or_default().to_owned();
        self.variables().iter().map(|(_, value)| token(value)).collect()
    }

    /// The posts for it, as the ledger has them.
    pub(crate) async fn posts(&self, place: &Place) -> Vec<Value> {
        let list = ["posts", "list", "--channel", self.name, "--limit", "500", "--json"];
        serde_json::from_str(&place.ok(&list).await).unwrap()
    }
}
