//! The durable record: adapters of the ledger port.

pub mod access;
pub mod changes;
pub mod sqlite;

pub use sqlite::{Inspection, Restored, SqliteLedger, restore};
