//! SIGKILL, for real: this binary runs itself once more as a child, and kills it.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use wirereport::ledger::SqliteLedger;
use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::ports::ledger::{Ledger, StoryFilter};
use wirereport_actors::wire::post::{PostId, PostState};

/// Names the state directory to a child; whoever finds it set is one.
pub(crate) const STATE: &str = "WIREREPORT_TEST_STATE";

/// Runs one test of this binary as a child; its standard output, line by line.
pub(crate) fn child(test: &str, state: &Path) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(STATE, state)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, output)
}

/// Goes on where the one before was killed, and says of each post that it was told it is armed, or sent.
async fn write_until_killed(state: &Path) {
    let ledger = SqliteLedger::open(state.join("ledger.sqlite")).unwrap();
    let steps = Steps::begin(&ledger).await;
    let newest = ledger.stories(&StoryFilter { limit: 1, ..StoryFilter::default() }).await.unwrap();
    let first = newest.first().map_or(1, |record| u32::try_from(record.sequence).unwrap() + 1);
    for number in first.. {
        let post = steps.told(number, 1).await.unwrap().id;
        steps.armed(post).await;
        println!("\nacknowledged {post} armed");
        steps.settled(post, sent()).await;
        println!("\nacknowledged {post} sent");
    }
}

#[tokio::test]
async fn every_acknowledged_write_survives_sigkill() {
    if let Some(state) = std::env::var_os(STATE) {
        write_until_killed(state.as_ref()).await;
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 1..=5 {
        let (mut child, output) = child("crash::every_acknowledged_write_survives_sigkill", dir.path());
        let enough = acknowledged.len() + 11 * round;
        for line in output {
            let line = line.unwrap();
            acknowledged.extend(line.strip_prefix("acknowledged ").map(str::to_owned));
            if acknowledged.len() == enough {
                // It goes on writing until the signal arrives; the loop reads what it still said.
                child.kill().unwrap();
            }
        }
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        assert!(acknowledged.len() >= enough);
        check(dir.path(), &acknowledged).await;
    }
}

async fn check(state: &Path, acknowledged: &[String]) {
    let ledger = SqliteLedger::open(state.join("ledger.sqlite")).unwrap();
    assert_eq!(ledger.check().await, Ok(()));
    for said in acknowledged {
        let (post, state) = said.split_once(' ').unwrap();
        let record = ledger.post(PostId(post.parse().unwrap())).await.unwrap();
        let record = record.unwrap_or_else(|| panic!("{said}, but it is not there"));
        let found = record.post.state;
        assert!(found == PostState::Sent || state == "armed" && found == PostState::Armed, "{said}: {found}");
        assert_eq!(record.attempts.len(), 1);
    }
}
