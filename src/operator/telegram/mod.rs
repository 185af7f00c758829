//! The operator's Telegram: a bot that tells alerts in the chats that are set.

mod alarm;
mod bot;

pub use alarm::TelegramAlarm;
pub use bot::{Bot, BotError};
