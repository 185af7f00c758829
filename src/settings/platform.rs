//! Accounts on platforms: which, and the environment variables that hold their secrets.

use std::time::Duration;

use serde::Serialize;

use super::duration;
use super::reader::Section;
use super::values;
use crate::channels::telegram;

/// What every account on a platform has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trying {
    /// How often a post is tried before it counts as failed.
    pub attempts: u32,
    /// How long one attempt may take before its outcome counts as unknown.
    #[serde(with = "duration")]
    pub timeout: Duration,
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
}

impl TelegramSettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        vec![SecretName { key: "token_env", variable: &self.token_env, check: telegram::check_token }]
    }
}

pub(super) fn telegram(section: &mut Section<'_>) -> Option<TelegramSettings> {
    let chat = section.require("chat", "the channel or group, as \"@name\" or as its id", values::chat);
    let settings = TelegramSettings {
        chat: chat.clone().unwrap_or_default(),
        audit_chat: section.take("audit_chat", values::optional_chat, None),
        token_env: section.take("token_env", values::variable_name, "TELEGRAM_BOT_TOKEN".to_owned()),
        api_url: api_url(section, "api_url", telegram::API),
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

fn trying(section: &mut Section<'_>) -> Trying {
    let limits = (Duration::from_secs(1), Duration::from_secs(300));
    Trying {
        attempts: section.take("attempts", values::count(1, 100), 8),
        timeout: section.duration("timeout", limits, Duration::from_secs(15)),
    }
}

/// An address that secrets are sent to.
fn api_url(section: &mut Section<'_>, key: &'static str, default: &str) -> String {
    section.take(key, values::api_url, default.to_owned())
}
