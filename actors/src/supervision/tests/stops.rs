use super::super::*;
use super::stage::*;

#[tokio::test(start_paused = true)]
async fn a_stop_runs_every_post_stop_in_reverse_order() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, ["a", "b", "c"].map(|name| stage.worker(name)))).await;
    stage.take_log();
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(stage.take_log(), ["stop c", "stop b", "stop a"]);
    assert!(tree.status().iter().all(|child| child.phase == Phase::Stopped));
}

#[tokio::test(start_paused = true)]
async fn a_hung_child_costs_a_stop_exactly_its_time_out() {
    let stage = Stage::default();
    let children =
        [stage.worker("a"), stage.worker("b").shutdown(Shutdown::Within(secs(7))), stage.worker("c")];
    let tree = start(supervisor(Strategy::OneForOne, children)).await;
    stage.take_log();
    stage.tell("b", Do::Hang);
    let begun = tokio::time::Instant::now();
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(begun.elapsed(), secs(7));
    assert_eq!(stage.take_log(), ["stop c", "stop a"]);
    assert_eq!(child(&tree, "b").last_exit.map(|exit| exit.kind), Some(ExitKind::Killed));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_hangs_in_its_post_stop_is_killed_too() {
    let stage = Stage::default();
    let tree =
        start(supervisor(Strategy::OneForOne, [stage.worker("a").shutdown(Shutdown::Within(secs(7)))])).await;
    stage.end(End::Hang);
    let begun = tokio::time::Instant::now();
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(begun.elapsed(), secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_child_to_be_killed_is_not_asked_first() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").shutdown(Shutdown::Kill)])).await;
    stage.take_log();
    tree.stop(secs(60)).await;
    assert_eq!(stage.take_log(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_child_with_all_the_time_in_the_world_is_cut_off_only_by_the_stop_of_the_tree() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").shutdown(Shutdown::Infinity)])).await;
    stage.tell("a", Do::Hang);
    let begun = tokio::time::Instant::now();
    let reason = "the tree did not stop within 90s and was killed".to_owned();
    assert_eq!(tree.stop(secs(90)).await, Ended::GaveUp { reason });
    assert_eq!(begun.elapsed(), secs(90));
}

#[tokio::test(start_paused = true)]
async fn a_stop_during_a_back_off_is_final() {
    let stage = Stage::default();
    let backoff = Backoff { initial: secs(30), max: secs(30), jitter: 0.0, reset_after: secs(60) };
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").backoff(backoff)])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::BackingOff).await;
    let begun = tokio::time::Instant::now();
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(begun.elapsed(), secs(0));
    assert_eq!((child(&tree, "a").phase, child(&tree, "a").next), (Phase::Stopped, None));
    pass(LONG).await;
    assert_eq!(stage.starts_of("a"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stop_calls_off_a_start_in_flight() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Hang]);
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").start_within(LONG)])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::Starting).await;
    let begun = tokio::time::Instant::now();
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(begun.elapsed(), secs(0));
    pass(LONG).await;
    assert_eq!(stage.starts_of("a"), 2);
}

#[tokio::test(start_paused = true)]
async fn main_learns_of_a_root_that_is_killed() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.actor("a").try_get_supervisor().expect("it is linked").kill();
    assert!(matches!(tree.terminated().await, Ended::GaveUp { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_second_stop_and_a_late_listener_learn_the_same() {
    let tree = start(supervisor(Strategy::OneForOne, [])).await;
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(tree.clone().terminated().await, Ended::Stopped);
}
