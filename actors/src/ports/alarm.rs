//! The ports for telling the operator: alarms, the dead man's switch, and the disk that nobody else looks at.

use std::time::Duration;

use async_trait::async_trait;

use crate::wire::alert::Notice;
use crate::wire::room::Room;

/// A way to the operator.
#[async_trait]
pub trait Alarm: Send + Sync {
    /// What it is called in the book of alerts: `webhook`. It must not change while notices wait on it.
    fn route(&self) -> &str;

    /// Delivers a notice. One call is one attempt; it must come to an end by itself.
    ///
    /// # Errors
    /// Says why it was not delivered, or may not have been.
    async fn tell(&self, notice: &Notice) -> Result<(), AlarmError>;
}

/// Why something was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct AlarmError {
    /// What went wrong, without secrets.
    pub detail: String,
    /// How long the other side asked us to wait, if it did.
    pub retry_after: Option<Duration>,
}

impl AlarmError {
    /// One without a wait of its own.
    pub fn new(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), retry_after: None }
    }
}

/// Somebody outside who notices when nothing is heard any more.
#[async_trait]
pub trait DeadMan: Send + Sync {
    /// How often it wants to hear of us.
    fn every(&self) -> Duration;

    /// Says that all is well.
    ///
    /// # Errors
    /// Says why it was not heard.
    async fn ping(&self) -> Result<(), AlarmError>;
}

/// The disk that the ledger is on.
#[async_trait]
pub trait Disk: Send + Sync {
    /// What is free; `None` where nobody can tell.
    async fn room(&self) -> Option<Room>;
}
