use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use wirereport::lease::LedgerLease;
use wirereport::ledger::SqliteLedger;
use wirereport_actors::memory::MemoryLedger;
use wirereport_actors::ports::conformance::fixtures::at;
use wirereport_actors::ports::lease::{Claim, Lease, LeaseError};
use wirereport_actors::ports::ledger::{Ledger, LedgerError};
use wirereport_actors::wire::post::Epoch;

use crate::crash::{STATE, child};

const TTL: Duration = Duration::from_secs(10);

fn open(state: &Path, holder: &str) -> LedgerLease {
    let ledger = SqliteLedger::open(state.join("ledger.sqlite")).unwrap();
    LedgerLease::new(Arc::new(ledger), state, holder)
}

async fn two() -> (LedgerLease, LedgerLease, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (open(dir.path(), "a"), open(dir.path(), "b"), dir)
}

wirereport_actors::lease_conformance!(two);

async fn proves_death(lease: &LedgerLease) -> bool {
    match lease.acquire(at(0), TTL).await.unwrap() {
        Claim::Granted { earlier_holders_dead, .. } => earlier_holders_dead,
        held @ Claim::Held { .. } => panic!("{held:?}"),
    }
}

#[tokio::test]
async fn a_free_lock_proves_that_the_earlier_holders_are_dead() {
    let (a, b, _dir) = two().await;
    assert!(proves_death(&a).await, "there is none");
    drop(a);
    assert!(proves_death(&b).await);
}

#[tokio::test]
async fn a_holder_that_gave_up_and_lives_is_not_taken_for_dead() {
    let (a, b, dir) = two().await;
    let Claim::Granted { epoch, .. } = a.acquire(at(0), TTL).await.unwrap() else { panic!("held") };
    a.release(epoch).await.unwrap();
    assert!(!proves_death(&b).await);
    drop(b);
    let c = open(dir.path(), "c");
    assert!(!proves_death(&c).await, "the first still lives, whoever died since");
    drop((a, c));
    assert!(proves_death(&open(dir.path(), "d")).await);
}

#[tokio::test]
async fn a_holder_whose_lock_was_removed_gives_it_up_and_follows() {
    let (a, b, dir) = two().await;
    let Claim::Granted { epoch, .. } = a.acquire(at(0), TTL).await.unwrap() else { panic!("held") };
    std::fs::remove_file(dir.path().join("lease.lock")).unwrap();
    let claim = b.acquire(at(1), TTL).await;
    assert_eq!(claim, Ok(Claim::Granted { epoch: Epoch(2), earlier_holders_dead: false }));
    let lost = a.renew(epoch, at(2), TTL).await;
    assert_eq!(lost, Err(LeaseError::Lost { ours: epoch, current: Epoch(2) }));
    assert_eq!(a.acquire(at(3), TTL).await, Ok(Claim::Held { by: "b".to_owned() }));
    assert_eq!(b.renew(Epoch(2), at(4), TTL).await, Ok(()));
}

#[tokio::test]
async fn a_holder_that_asks_again_does_not_take_itself_for_dead() {
    let (a, _b, _dir) = two().await;
    assert!(proves_death(&a).await);
    assert!(!proves_death(&a).await);
}

#[tokio::test]
async fn a_lease_whose_epoch_cannot_be_minted_is_not_held() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Arc::new(MemoryLedger::new());
    let (a, b) = ["a", "b"].map(|name| LedgerLease::new(ledger.clone(), dir.path(), name)).into();
    ledger.fail_next(1, &LedgerError::Full { path: "ledger".to_owned() });
    let refused = a.acquire(at(0), TTL).await;
    assert!(matches!(refused, Err(LeaseError::Unavailable { .. })), "{refused:?}");
    assert!(proves_death(&b).await, "who never led has left nothing");
}

#[tokio::test]
async fn a_ledger_that_cannot_be_asked_ends_the_term() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Arc::new(MemoryLedger::new());
    let lease = LedgerLease::new(ledger.clone(), dir.path(), "a");
    let Claim::Granted { epoch, .. } = lease.acquire(at(0), TTL).await.unwrap() else { panic!("held") };
    ledger.fail_next(1, &LedgerError::Unavailable { detail: "away".to_owned() });
    let doubt = lease.renew(epoch, at(1), TTL).await;
    assert!(matches!(doubt, Err(LeaseError::Unavailable { .. })), "{doubt:?}");
    let later = ledger.mint_epoch("somebody", at(2)).await.unwrap();
    let lost = lease.renew(epoch, at(3), TTL).await;
    assert_eq!(lost, Err(LeaseError::Lost { ours: epoch, current: later }));
}

#[tokio::test]
async fn a_state_directory_that_is_not_there_is_a_doubt() {
    let lease = LedgerLease::new(Arc::new(MemoryLedger::new()), "/nowhere/at/all", "a");
    let Err(LeaseError::Unavailable { detail }) = lease.acquire(at(0), TTL).await else { panic!("granted") };
    assert!(detail.contains("/nowhere/at/all/lease.lock"), "{detail}");
}

async fn hold_until_killed(state: &Path) {
    let lease = open(state, "child");
    let claim = lease.acquire(at(0), TTL).await.unwrap();
    println!("\nclaim {}", if matches!(claim, Claim::Granted { .. }) { "granted" } else { "refused" });
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_process_that_is_killed_leaves_the_lease_free_at_once() {
    if let Some(state) = std::env::var_os(STATE) {
        hold_until_killed(state.as_ref()).await;
        return;
    }
    let (a, _b, dir) = two().await;
    let (mut child, mut output) =
        child("lease::a_process_that_is_killed_leaves_the_lease_free_at_once", dir.path());
    let said = output.find_map(|line| line.unwrap().strip_prefix("claim ").map(str::to_owned));
    assert_eq!(said.as_deref(), Some("granted"));
    assert_eq!(a.acquire(at(1), TTL).await, Ok(Claim::Held { by: "child".to_owned() }));
    child.kill().unwrap();
    child.wait().unwrap();
    let Claim::Granted { epoch, earlier_holders_dead } = a.acquire(at(1), TTL).await.unwrap() else {
        panic!("still held")
    };
    assert!(earlier_holders_dead && epoch.0 == 2);
}
