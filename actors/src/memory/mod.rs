//! Every port in memory: for tests, dry runs and simulation.

pub mod clock;
pub mod lease;
pub mod ledger;
mod records;

pub use clock::TokioClock;
pub use lease::MemoryLease;
pub use ledger::MemoryLedger;
