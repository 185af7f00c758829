//! Why the ledger did not do what it was asked for.

use std::time::Duration;

use crate::ports::Fault;
use crate::wire::life::Refusal;
use crate::wire::post::Epoch;

/// Why a transaction did not happen.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum LedgerError {
    /// A later epoch is in force: we no longer lead.
    #[error("epoch {ours} is over; epoch {current} is in force")]
    Fenced {
        /// The epoch that was named.
        ours: Epoch,
        /// The epoch in force.
        current: Epoch,
    },
    /// What was asked for does not go with the state it met.
    #[error("{detail}")]
    Conflict {
        /// What stands in the way.
        detail: String,
    },
    /// There is no such thing.
    #[error("no {what}")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// The disk is full, or the file may not grow.
    #[error("no room for the ledger at {path}: free some space there")]
    Full {
        /// The ledger's file.
        path: String,
    },
    /// The ledger's file is damaged.
    #[error("the ledger at {path} is damaged ({detail}): restore a backup with `wirereport restore`")]
    Corrupt {
        /// The ledger's file.
        path: String,
        /// What was found.
        detail: String,
    },
    /// The ledger was written by a newer version.
    #[error(
        "the ledger at {path} has schema {found}, this version knows {known}: upgrade wirereport or restore a backup"
    )]
    NewerSchema {
        /// The ledger's file.
        path: String,
        /// The schema found.
        found: usize,
        /// The newest schema known here.
        known: usize,
    },
    /// The ledger cannot be reached or written now.
    #[error("ledger unavailable: {detail}")]
    Unavailable {
        /// Why.
        detail: String,
    },
}

impl LedgerError {
    /// What kind of trouble it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Full { .. } | Self::Unavailable { .. } => {
                Fault::Transient { retry_after: Some(Duration::from_secs(1)) }
            }
            Self::Fenced { .. } | Self::Conflict { .. } | Self::NotFound { .. } => Fault::Permanent,
            Self::Corrupt { .. } | Self::NewerSchema { .. } => Fault::Misconfigured,
        }
    }
}

impl From<Refusal> for LedgerError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fenced { ours, current } => Self::Fenced { ours, current },
            Refusal::Conflict { detail } => Self::Conflict { detail },
        }
    }
}
