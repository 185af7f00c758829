use tokio::time::Instant;

use super::super::*;
use super::stage::*;

const BACKOFF: Backoff = Backoff { initial: secs(1), max: secs(8), jitter: 0.5, reset_after: secs(100) };

/// Crashes "a" and says how long it took to be up again.
async fn crash(stage: &Stage, tree: &SupervisorHandle, restarts: u64) -> std::time::Duration {
    stage.tell("a", Do::Panic("boom"));
    let begun = Instant::now();
    restarted(tree, "a", restarts).await;
    begun.elapsed()
}

async fn tree_with(stage: &Stage, backoff: Backoff) -> SupervisorHandle {
    start(supervisor(Strategy::OneForOne, [stage.worker("a").backoff(backoff)])).await
}

#[tokio::test(start_paused = true)]
async fn waits_double_up_to_the_maximum() {
    let stage = Stage::default();
    let tree = tree_with(&stage, Backoff { jitter: 0.0, ..BACKOFF }).await;
    let mut waits = Vec::new();
    for restarts in 1..=6 {
        waits.push(crash(&stage, &tree, restarts).await.as_secs());
    }
    assert_eq!(waits, [1, 2, 4, 8, 8, 8]);
}

#[tokio::test(start_paused = true)]
async fn jitter_stays_within_its_bounds_and_does_vary() {
    let stage = Stage::default();
    let tree = tree_with(&stage, BACKOFF).await;
    let mut shares = Vec::new();
    for (restarts, base) in (1..).zip([1, 2, 4, 8, 8, 8, 8, 8]) {
        shares.push(crash(&stage, &tree, restarts).await.as_secs_f64() / f64::from(base));
    }
    assert!(shares.iter().all(|share| (0.499..=1.001).contains(share)), "{shares:?}");
    assert!(shares.iter().any(|share| (share - shares[0]).abs() > 0.01), "{shares:?}");
}

#[tokio::test(start_paused = true)]
async fn a_child_that_has_been_stable_starts_over_with_the_first_wait() {
    let stage = Stage::default();
    let tree = tree_with(&stage, Backoff { jitter: 0.0, ..BACKOFF }).await;
    crash(&stage, &tree, 1).await;
    crash(&stage, &tree, 2).await;
    pass(secs(99)).await;
    assert_eq!(crash(&stage, &tree, 3).await, secs(4));
    pass(secs(100)).await;
    assert_eq!(crash(&stage, &tree, 4).await, secs(1));
}

#[tokio::test(start_paused = true)]
async fn failed_restarts_wait_longer_each_time() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Fail("no"), Begin::Fail("no"), Begin::Start]);
    let tree = tree_with(&stage, Backoff { jitter: 0.0, ..BACKOFF }).await;
    assert_eq!(crash(&stage, &tree, 3).await, secs(1 + 2 + 4));
}

#[tokio::test(start_paused = true)]
async fn each_child_has_its_own_back_off() {
    let stage = Stage::default();
    let backoff = Backoff { jitter: 0.0, ..BACKOFF };
    let tree =
        start(supervisor(Strategy::OneForOne, ["a", "b"].map(|name| stage.worker(name).backoff(backoff))))
            .await;
    crash(&stage, &tree, 1).await;
    crash(&stage, &tree, 2).await;
    stage.tell("b", Do::Panic("boom"));
    let begun = Instant::now();
    restarted(&tree, "b", 1).await;
    assert_eq!(begun.elapsed(), secs(1));
}

#[tokio::test(start_paused = true)]
async fn the_status_shows_when_a_child_that_backs_off_will_be_back() {
    let stage = Stage::default();
    let tree = tree_with(&stage, Backoff { initial: secs(8), jitter: 0.0, ..BACKOFF }).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::BackingOff).await;
    pass(secs(3)).await;
    let child = child(&tree, "a");
    assert_eq!((child.since, child.next), (secs(3), Some(secs(5))));
}

#[tokio::test(start_paused = true)]
async fn a_restart_by_the_operator_starts_over_with_the_first_wait() {
    let stage = Stage::default();
    let tree = tree_with(&stage, Backoff { jitter: 0.0, ..BACKOFF }).await;
    crash(&stage, &tree, 1).await;
    crash(&stage, &tree, 2).await;
    tree.restart("a").await.expect("the tree is up");
    restarted(&tree, "a", 3).await;
    assert_eq!(crash(&stage, &tree, 4).await, secs(1));
}
