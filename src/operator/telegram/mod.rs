//! The operator's Telegram: a bot that tells alerts in the chats that are set, shows texts that wait for an editor with
//! buttons to approve or reject them, and hears commands of the users that are listed.

mod alarm;
mod bot;
mod desk;
mod poller;
mod update;
mod words;

pub use alarm::TelegramAlarm;
pub use bot::{Bot, BotError};
pub use desk::{Desk, Staff};
