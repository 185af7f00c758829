use std::fs;
use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;
use wirereport::ledger::SqliteLedger;
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::ports::ledger::LedgerError;

use crate::{fresh, reopen};

#[tokio::test]
async fn a_new_ledger_is_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state/wirereport");
    let ledger = SqliteLedger::open(state.join("ledger.sqlite")).unwrap();
    Steps::begin(&ledger).await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(ledger.path()), 0o600);
    assert_eq!(mode(&state.join("ledger.sqlite-wal")), 0o600);
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let (ledger, dir) = fresh();
    drop(ledger);
    let path = dir.path().join("ledger.sqlite");
    let conn = Connection::open(&path).unwrap();
    let known = conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let before = fs::read(&path).unwrap();
    let error = SqliteLedger::open(&path).unwrap_err();
    let shown = path.display().to_string();
    assert_eq!(error, LedgerError::NewerSchema { path: shown, found: 99, known });
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_ledger_is_refused_with_its_name_and_a_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    fs::write(&path, "to be or not to be, that is the question; ".repeat(500)).unwrap();
    let error = SqliteLedger::open(&path).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt { .. }), "{error:?}");
    assert_eq!(error.fault(), Fault::Misconfigured);
    let message = error.to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.contains("wirereport restore"), "{message}");
}

#[tokio::test]
async fn a_damaged_page_is_found_before_the_ledger_is_used() {
    let (ledger, dir) = fresh();
    let steps = Steps::begin(&ledger).await;
    for number in 1..=40 {
        steps.told(number, 1).await;
    }
    drop(ledger);
    let path = dir.path().join("ledger.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..middle + 4_096].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let error = SqliteLedger::open(&path).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt { .. }), "{error:?}");
}

#[test]
fn a_directory_that_cannot_be_is_said_to_be_so() {
    let dir = tempfile::tempdir().unwrap();
    let in_the_way = dir.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let error = SqliteLedger::open(in_the_way.join("ledger.sqlite")).unwrap_err();
    let LedgerError::Unavailable { detail } = error else { panic!("{error:?}") };
    assert!(detail.contains("file cannot be created") && detail.contains("state_dir"), "{detail}");
}

#[test]
fn a_ledger_that_is_a_directory_is_said_to_be_so() {
    let dir = tempfile::tempdir().unwrap();
    let error = SqliteLedger::open(dir.path()).unwrap_err();
    let LedgerError::Unavailable { detail } = error else { panic!("{error:?}") };
    assert!(detail.contains(&dir.path().display().to_string()), "{detail}");
}

#[tokio::test]
async fn a_ledger_can_be_opened_beside_another_process_that_has_it_open() {
    let (ledger, dir) = fresh();
    let steps = Steps::begin(&ledger).await;
    let standby = reopen(&dir);
    steps.recorded(1, 1).await;
    let seen = wirereport_actors::ports::ledger::Ledger::unwritten_stories(&standby, 9).await;
    assert_eq!(seen, Ok(vec![story(1)]));
}
