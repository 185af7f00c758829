//! Alerts as messages in a chat. Telegram knows no key against a second message, so one whose answer was lost comes twice.

use async_trait::async_trait;
use serde_json::json;
use wirereport_actors::ports::alarm::{Alarm, AlarmError};
use wirereport_actors::wire::alert::Notice;

use super::bot::{Bot, chat_id};
use crate::operator::notice::in_words;

/// The longest message, in characters that Telegram's clients count; a notice is far shorter.
const LONGEST: usize = 4000;

/// A chat that is told alerts.
#[derive(Debug)]
pub struct TelegramAlarm {
    bot: Bot,
    chat: String,
    route: String,
    instance: String,
}

impl TelegramAlarm {
    /// That chat of the bot's, for what this installation is called.
    pub fn new(bot: Bot, chat: &str, instance: &str) -> Self {
        Self { bot, chat: chat.to_owned(), route: format!("telegram {chat}"), instance: instance.to_owned() }
    }
}

#[async_trait]
impl Alarm for TelegramAlarm {
    fn route(&self) -> &str {
        &self.route
    }

    async fn tell(&self, notice: &Notice) -> Result<(), AlarmError> {
        let text: String = in_words(&self.instance, notice).chars().take(LONGEST).collect();
        let message = json!({"chat_id": chat_id(&self.chat), "text": text, "link_preview_options": {"is_disabled": true}});
        match self.bot.call("sendMessage", &message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(AlarmError { detail: error.to_string(), retry_after: error.retry_after }),
        }
    }
}
