//! Ways to the operator: adapters of the ports that alarms, the dead man's switch and the disk are behind.
//!
//! No address is ever shown: those of a webhook and of a dead man's switch are secrets, and a bot's token is part of its.

mod dead_man;
mod disk;
mod notice;
pub mod telegram;
mod webhook;

pub use dead_man::HttpDeadMan;
pub use disk::StateDisk;
pub use webhook::WebhookAlarm;

use std::time::Duration;

use wirereport_actors::ports::alarm::AlarmError;

use crate::channels::platform::{Answer, Silence, words};

/// How long an attempt to reach the operator may take.
const WITHIN: Duration = Duration::from_secs(15);

/// What an answer that is no yes comes to.
fn refused(whose: &str, answer: &Answer, said: &str, now: jiff::Timestamp) -> AlarmError {
    let said = if said.is_empty() { String::new() } else { format!(" ({})", words(said)) };
    AlarmError {
        detail: format!("{whose} answered HTTP {}{said}", answer.status),
        retry_after: answer.retry_after(now),
    }
}

fn unanswered(silence: &Silence) -> AlarmError {
    AlarmError::new(silence.to_string())
}
