//! Every port in memory: for tests, dry runs and simulation.

pub mod channel;
pub mod clock;
pub mod feed;
pub mod lease;
pub mod ledger;
mod records;
pub mod writer;

pub use channel::MemoryChannel;
pub use clock::TokioClock;
pub use feed::ScriptedFeed;
pub use lease::MemoryLease;
pub use ledger::MemoryLedger;
pub use writer::PlainWriter;
