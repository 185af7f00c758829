//! What the tree needs of the world, one trait a file.
//!
//! Every error is classified once, here at the port, as a [`Fault`]; the tree decides by that and never by a message.

use std::time::Duration;

pub mod alarm;
pub mod channel;
pub mod clock;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
pub mod feed;
pub mod lease;
pub mod ledger;
pub mod writer;

/// What kind of trouble an error is, and so what the caller does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It passes: stay up, degraded, and back off.
    Transient {
        /// How long the other side asked us to wait, if it did.
        retry_after: Option<Duration>,
    },
    /// It does not pass by waiting; the one thing that was asked for has failed.
    Permanent,
    /// The operator has to change something.
    Misconfigured,
}

impl Fault {
    /// A passing fault without a wait of its own.
    pub const PASSING: Self = Self::Transient { retry_after: None };
}
