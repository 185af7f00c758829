//! The port for leadership.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Fault;
use super::ledger::LedgerError;
use crate::wire::post::Epoch;

/// Who may publish. Whoever elects, the ledger mints the epoch.
#[async_trait]
pub trait Lease: Send + Sync {
    /// Tries to take the lease for `ttl` from `now`.
    ///
    /// # Errors
    /// Any doubt is an error; the caller concedes.
    async fn acquire(&self, now: Timestamp, ttl: Duration) -> Result<Claim, LeaseError>;

    /// Keeps a lease that is held.
    ///
    /// # Errors
    /// [`LeaseError::Lost`] where another holds it; any error means: concede.
    async fn renew(&self, epoch: Epoch, now: Timestamp, ttl: Duration) -> Result<(), LeaseError>;

    /// Gives it up, so that another need not wait.
    ///
    /// # Errors
    /// Says why; the lease then runs out by itself.
    async fn release(&self, epoch: Epoch) -> Result<(), LeaseError>;
}

/// What came of trying to take the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// We lead.
    Granted {
        /// Our term.
        epoch: Epoch,
        /// Whether every earlier holder is proven dead, so that what it left armed may be reconciled at once.
        earlier_holders_dead: bool,
    },
    /// Another leads.
    Held {
        /// Its name.
        by: String,
    },
}

/// Why the lease could not be taken or kept.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum LeaseError {
    /// Another holds it now.
    #[error("epoch {ours} is over; {current} leads")]
    Lost {
        /// Our term.
        ours: Epoch,
        /// The term in force.
        current: Epoch,
    },
    /// The elector cannot be asked.
    #[error("{detail}")]
    Unavailable {
        /// Why.
        detail: String,
    },
}

impl LeaseError {
    /// What kind of trouble it is.
    pub fn fault(&self) -> Fault {
        Fault::PASSING
    }
}

impl From<LedgerError> for LeaseError {
    /// A ledger that cannot mint or tell the epoch leaves the lease in doubt.
    fn from(error: LedgerError) -> Self {
        Self::Unavailable { detail: error.to_string() }
    }
}
