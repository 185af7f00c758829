use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use wirereport::lease::LedgerLease;
use wirereport::ledger::SqliteLedger;
use wirereport::ledger::sqlite::restore;
use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::ports::lease::Lease;
use wirereport_actors::ports::ledger::{Ledger, LedgerError, StoryFilter, Switches};
use wirereport_actors::wire::post::{Epoch, Outcome, PostId, PostState};

use crate::{fresh, reopen};

/// A ledger with a sent post, an armed one and a pending one, and a backup of it.
async fn backed_up() -> (SqliteLedger, TempDir, [PostId; 3]) {
    let (ledger, dir) = fresh();
    let steps = Steps::begin(&ledger).await;
    let mut posts = [PostId(0); 3];
    for (index, number) in (1..=3).enumerate() {
        posts[index] = steps.told(number, 1).await.unwrap().id;
    }
    steps.attempted(posts[0], sent()).await;
    steps.armed(posts[1]).await;
    ledger.backup_to(dir.path().join("backup.sqlite")).await.unwrap();
    (ledger, dir, posts)
}

#[tokio::test]
async fn a_backup_is_one_sound_file_for_its_owner_alone() {
    let (ledger, dir, posts) = backed_up().await;
    let path = dir.path().join("backup.sqlite");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let copy = SqliteLedger::open(&path).unwrap();
    for post in posts {
        assert_eq!(copy.post(post).await, ledger.post(post).await);
    }
    assert_eq!(copy.check().await, Ok(()));
    drop(copy);
    Steps { ledger: &ledger, epoch: Epoch(1) }.told(4, 1).await.unwrap();
    ledger.backup_to(&path).await.unwrap();
    let newer = SqliteLedger::open(&path).unwrap();
    let all = StoryFilter { limit: 9, ..StoryFilter::default() };
    assert_eq!(newer.stories(&all).await.unwrap().len(), 4, "a backup replaces the one before");
    let left = names(dir.path()).into_iter().find(|name| name.contains("partial"));
    assert_eq!(left, None);
}

#[tokio::test]
async fn a_ledger_is_not_backed_up_onto_itself() {
    let (ledger, dir, posts) = backed_up().await;
    let detour = dir.path().join(".").join("ledger.sqlite");
    assert!(ledger.backup_to(detour).await.is_err());
    assert!(ledger.post(posts[0]).await.unwrap().is_some());
}

#[tokio::test]
async fn a_restored_ledger_sends_nothing_by_itself() {
    let (ledger, dir, [sent_post, armed, pending]) = backed_up().await;
    // The world goes on: the pending post leaves, another story comes, another instance takes over twice.
    let mut steps = Steps { ledger: &ledger, epoch: Epoch(1) };
    steps.attempted(pending, sent()).await;
    steps.told(4, 1).await.unwrap();
    steps.next_epoch().await;
    let newest = steps.next_epoch().await;
    let was_sent = steps.record(sent_post).await;
    drop(ledger);

    let to = dir.path().join("ledger.sqlite");
    let backup = SqliteLedger::open(dir.path().join("backup.sqlite")).unwrap();
    let kept = backup.load_sport(&sport()).await.unwrap().unwrap();
    drop(backup);
    let restored = restore(&dir.path().join("backup.sqlite"), &to, at(5_000)).unwrap();
    assert_eq!((restored.held, restored.unknown), (1, 1));
    assert!(restored.epoch > newest, "every earlier term is over");

    let ledger = reopen(&dir);
    assert_eq!(ledger.current_epoch().await, Ok(Some((restored.epoch, "restore".to_owned()))));
    assert_eq!(ledger.post(sent_post).await, Ok(Some(was_sent)));
    let unknown = ledger.post(armed).await.unwrap().unwrap();
    assert_eq!(unknown.post.state, PostState::Unknown);
    let settled = unknown.attempts[0].settled.as_ref().unwrap();
    assert!(settled.0 == at(5_000) && matches!(settled.1, Outcome::Unknown { .. }), "{settled:?}");

    let held = ledger.post(pending).await.unwrap().unwrap().post;
    assert_eq!(held.state, PostState::Pending);
    assert!(held.reason.unwrap().contains("a backup was restored"));
    assert_eq!(ledger.switches().await.unwrap().publishing_stopped, Some(at(5_000)));
    let refused = ledger.arm(pending, &frozen(), &arm(restored.epoch, 5_001)).await;
    assert!(matches!(refused, Err(LedgerError::Conflict { .. })), "{refused:?}");
    ledger.set_switches(&Switches::default()).await.unwrap();
    ledger.arm(pending, &frozen(), &arm(restored.epoch, 5_002)).await.unwrap();

    let mut forgotten = kept;
    forgotten.forget_sights();
    assert_eq!(ledger.load_sport(&sport()).await, Ok(Some(forgotten)), "every game is a baseline again");
    assert_eq!(ledger.story(&story_id(4)).await, Ok(Vec::new()));
}

#[tokio::test]
async fn the_ledger_that_was_replaced_is_set_aside() {
    let (ledger, dir, [_, armed, _]) = backed_up().await;
    drop(ledger);
    let to = dir.path().join("ledger.sqlite");
    let restored = restore(&dir.path().join("backup.sqlite"), &to, at(5_000)).unwrap();
    let aside = restored.set_aside.unwrap();
    assert_eq!(aside, dir.path().join("ledger.sqlite.before-restore"));
    let before = SqliteLedger::open(aside).unwrap();
    assert_eq!(before.post(armed).await.unwrap().unwrap().post.state, PostState::Armed);
    let left = names(dir.path()).into_iter().find(|name| name.contains("restoring"));
    assert_eq!(left, None);
}

#[tokio::test]
async fn a_damaged_ledger_can_be_replaced_and_so_can_a_missing_one() {
    let (ledger, dir, [sent_post, ..]) = backed_up().await;
    drop(ledger);
    let to = dir.path().join("ledger.sqlite");
    fs::write(&to, "damaged ".repeat(1_000)).unwrap();
    restore(&dir.path().join("backup.sqlite"), &to, at(5_000)).unwrap();
    assert!(reopen(&dir).post(sent_post).await.unwrap().is_some());
    let elsewhere = dir.path().join("new/ledger.sqlite");
    let restored = restore(&dir.path().join("backup.sqlite"), &elsewhere, at(5_000)).unwrap();
    assert_eq!(restored.set_aside, None);
    assert!(SqliteLedger::open(elsewhere).unwrap().post(sent_post).await.unwrap().is_some());
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_the_ledger_is_left_as_it_was() {
    let (ledger, dir, [_, armed, _]) = backed_up().await;
    let from = dir.path().join("backup.sqlite");
    drop(ledger);
    for content in ["damaged ".repeat(1_000), String::new()] {
        fs::write(&from, content).unwrap();
        let error = restore(&from, &dir.path().join("ledger.sqlite"), at(5_000)).unwrap_err();
        let LedgerError::Corrupt { path, .. } = &error else { panic!("{error:?}") };
        assert_eq!(path, &from.display().to_string());
    }
    let missing = restore(&dir.path().join("nowhere"), &dir.path().join("ledger.sqlite"), at(5_000));
    assert!(matches!(missing, Err(LedgerError::Unavailable { .. })), "{missing:?}");
    assert_eq!(reopen(&dir).post(armed).await.unwrap().unwrap().post.state, PostState::Armed);
}

#[tokio::test]
async fn nothing_is_restored_under_a_running_instance() {
    let (ledger, dir, _) = backed_up().await;
    let lease = LedgerLease::new(Arc::new(ledger), dir.path(), "a");
    lease.acquire(at(1), Duration::from_secs(10)).await.unwrap();
    let (from, to) = (dir.path().join("backup.sqlite"), dir.path().join("ledger.sqlite"));
    let error = restore(&from, &to, at(5_000)).unwrap_err();
    let LedgerError::Unavailable { detail } = error else { panic!("{error:?}") };
    assert!(detail.contains("stop it first"), "{detail}");
}

fn names(dir: &Path) -> Vec<String> {
    dir.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
