//! The ledger in SQLite and the lease beside it: the suites of their ports, and what only a file on a disk can get wrong.

#![expect(clippy::unwrap_used, reason = "a test that meets something else than it expects has failed")]

mod backup;
mod conformance;
mod crash;
mod durability;
mod lease;
mod model;
mod open;

use tempfile::TempDir;
use wirereport::ledger::SqliteLedger;

/// A ledger in a directory of its own.
fn fresh() -> (SqliteLedger, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (reopen(&dir), dir)
}

/// The ledger of that directory.
fn reopen(dir: &TempDir) -> SqliteLedger {
    SqliteLedger::open(dir.path().join("ledger.sqlite")).unwrap()
}
