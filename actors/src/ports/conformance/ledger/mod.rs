//! What every ledger must do, case by case. See [`ledger_conformance`](crate::ledger_conformance).

pub mod drafts;
pub mod expenses;
pub mod halts;
pub mod operators;
pub mod polls;
pub mod reading;
pub mod revisions;
pub mod sending;
pub mod usage;

use std::fmt::Debug;

use crate::ports::ledger::LedgerError;

/// The call must have been refused as a conflict.
#[track_caller]
fn conflicts<T: Debug>(result: &Result<T, LedgerError>) {
    assert!(matches!(result, Err(LedgerError::Conflict { .. })), "expected a conflict, got {result:?}");
}

/// The call must have been fenced off.
#[track_caller]
fn is_fenced<T: Debug>(result: &Result<T, LedgerError>) {
    assert!(matches!(result, Err(LedgerError::Fenced { .. })), "expected a fence, got {result:?}");
}
