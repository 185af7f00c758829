use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::ports::ledger::Ledger;

use crate::{fresh, reopen};

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let (ledger, dir) = fresh();
    let (steps, post) = Steps::begin_with_a_post(&ledger).await;
    steps.attempted(post, again()).await;
    steps.armed(post).await;
    let before = (
        steps.record(post).await,
        ledger.load_sport(&sport()).await.unwrap(),
        ledger.story(&story_id(1)).await.unwrap(),
        ledger.current_epoch().await.unwrap(),
    );
    drop(ledger);
    let ledger = reopen(&dir);
    let after = (
        ledger.post(post).await.unwrap().unwrap(),
        ledger.load_sport(&sport()).await.unwrap(),
        ledger.story(&story_id(1)).await.unwrap(),
        ledger.current_epoch().await.unwrap(),
    );
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_closed_ledger_is_one_file() {
    let (ledger, dir) = fresh();
    Steps::begin_with_a_post(&ledger).await;
    drop(ledger);
    let names: Vec<_> = dir.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["ledger.sqlite"]);
}
