//! How the operator is told without asking.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;
use wirereport_actors::wire::alert::AlertRules;

use super::addresses;
use super::duration;
use super::platform::{self, SecretName};
use super::reader::Section;
use super::values;
use crate::channels::telegram;

const SECOND: Duration = Duration::from_secs(1);
/// How often it is looked whether something is wrong.
const LOOKS: (Duration, Duration) = (SECOND, Duration::from_secs(300));
/// How often a dead man's switch is told that all is well.
const PINGS: (Duration, Duration) = (SECOND, Duration::from_secs(86_400));
/// From when on something is told.
const SPANS: (Duration, Duration) = (Duration::ZERO, Duration::from_secs(3600));
/// How long a game may be unseen.
const SILENCES: (Duration, Duration) = (SECOND, Duration::from_secs(3600));
/// How long a notice is tried.
const TRIES: (Duration, Duration) = (SECOND, Duration::from_secs(30 * 86_400));

/// How the operator is told without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertSettings {
    /// How often it is looked whether something is wrong.
    #[serde(with = "duration")]
    pub every: Duration,
    /// How long a feed or a model must be left alone before that is told.
    #[serde(with = "duration")]
    pub told_after: Duration,
    /// How long what comes and goes by itself must be gone before that is told.
    #[serde(with = "duration")]
    pub over_after: Duration,
    /// How long nothing is seen of a game under way, or a post does not leave, before that is told.
    #[serde(with = "duration")]
    pub silent_after: Duration,
    /// How many restarts of one part in a short while are told.
    pub restarts: u32,
    /// How long a notice that cannot be delivered is tried again.
    #[serde(with = "duration")]
    pub give_up_after: Duration,
    /// The variable that holds a webhook's address; `None` for no webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url_env: Option<String>,
    /// The variable that holds its signing secret.
    pub webhook_secret_env: String,
    /// The variable that holds the address of a dead man's switch; `None` for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_man_url_env: Option<String>,
    /// How often it is told that all is well.
    #[serde(with = "duration")]
    pub dead_man_every: Duration,
    /// The operator's Telegram.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telegram: Option<AlertTelegramSettings>,
}

/// The operator's Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertTelegramSettings {
    /// The variable that holds the bot's token.
    pub token_env: String,
    /// The chats that are told.
    pub chats: Vec<String>,
    /// The users, by number, who may approve, reject, stop and resume; empty for nobody.
    pub users: BTreeSet<i64>,
    /// Where the Bot API is.
    pub api_url: String,
}

impl AlertSettings {
    /// The same as the alerts go by.
    pub fn rules(&self) -> AlertRules {
        let Self { told_after, over_after, silent_after, restarts, give_up_after, .. } = *self;
        AlertRules { told_after, over_after, silent_after, restarts, give_up_after }
    }

    /// The secrets that are needed, each with the key that names it.
    pub fn secrets(&self) -> Vec<(String, SecretName<'_>)> {
        let name = |key, variable, check| SecretName { key, variable, check, optional: false };
        let mut names = Vec::new();
        if let Some(variable) = &self.webhook_url_env {
            names.push((
                "alerts.webhook_url_env".to_owned(),
                name("webhook_url_env", variable.as_str(), https),
            ));
            let check = super::secrets::webhook_secret;
            let secret = name("webhook_secret_env", self.webhook_secret_env.as_str(), check);
            names.push(("alerts.webhook_secret_env".to_owned(), secret));
        }
        if let Some(variable) = &self.dead_man_url_env {
            names.push((
                "alerts.dead_man_url_env".to_owned(),
                name("dead_man_url_env", variable.as_str(), https),
            ));
        }
        if let Some(telegram) = &self.telegram {
            let check = telegram::check_token;
            let token = name("token_env", telegram.token_env.as_str(), check);
            names.push(("alerts.telegram.token_env".to_owned(), token));
        }
        names
    }
}

/// An address that secrets may be sent to.
fn https(value: &str) -> Result<(), &'static str> {
    match crate::channels::platform::check_address(value) {
        true => Ok(()),
        false => Err("is no https address; put the whole address there, such as https://host/path"),
    }
}

pub(super) fn read(section: &mut Section<'_>) -> AlertSettings {
    let default = AlertRules::default();
    AlertSettings {
        every: section.duration("every", LOOKS, SECOND * 10),
        told_after: section.duration("told_after", SPANS, default.told_after),
        over_after: section.duration("over_after", SPANS, default.over_after),
        silent_after: section.duration("silent_after", SILENCES, default.silent_after),
        restarts: section.take("restarts", values::count(1, 10_000), default.restarts),
        give_up_after: section.duration("give_up_after", TRIES, default.give_up_after),
        webhook_url_env: section.take("webhook_url_env", optional_variable, None),
        webhook_secret_env: platform::variable(section, "webhook_secret_env", "ALERTS_WEBHOOK_SECRET"),
        dead_man_url_env: section.take("dead_man_url_env", optional_variable, None),
        dead_man_every: section.duration("dead_man_every", PINGS, SECOND * 60),
        telegram: section.section("telegram", telegram_of),
    }
}

fn telegram_of(section: &mut Section<'_>) -> Option<AlertTelegramSettings> {
    let chats =
        |node: &_| values::list(node, "a list of chats, as \"@name\" or as their ids", addresses::chat);
    let settings = AlertTelegramSettings {
        token_env: platform::variable(section, "token_env", "ALERTS_TELEGRAM_TOKEN"),
        chats: section.take("chats", chats, Vec::new()),
        users: section.take("users", users, BTreeSet::new()),
        api_url: platform::api_url(section, "api_url", telegram::API),
    };
    if settings.chats.is_empty() && !settings.users.is_empty() {
        let detail = "names who may answer, but `chats` names no chat; name the one in which they are asked";
        section.conflict(&["users", "chats"], detail);
    }
    (!settings.chats.is_empty()).then_some(settings)
}

/// The name of a variable, or the empty text for none.
fn optional_variable(node: &super::tree::Node) -> values::Read<Option<String>> {
    match values::optional_text(node)? {
        None => Ok(None),
        Some(_) => values::variable_name(node).map(Some),
    }
}

/// Who may give orders: numbers of people, and of no group, which everybody in it would be.
fn users(node: &super::tree::Node) -> values::Read<BTreeSet<i64>> {
    const EXPECTED: &str =
        "a list of users by their numbers, such as [123456789]; the bot @userinfobot tells yours";
    let one = |node: &super::tree::Node| {
        let number = match &node.value {
            super::tree::Value::Integer(number) => Some(*number),
            super::tree::Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number.filter(|number| *number > 0) {
            Some(number) => Ok(number),
            None => values::refused(node, EXPECTED),
        }
    };
    values::list(node, EXPECTED, one).map(|users| users.into_iter().collect())
}
