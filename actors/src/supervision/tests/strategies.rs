use super::super::*;
use super::stage::*;

fn three(stage: &Stage, strategy: Strategy) -> SupervisorSpec {
    supervisor(strategy, ["a", "b", "c"].map(|name| stage.worker(name)))
}

#[tokio::test(start_paused = true)]
async fn one_for_all_stops_the_others_in_reverse_and_starts_all_in_order() {
    let stage = Stage::default();
    let tree = start(three(&stage, Strategy::OneForAll)).await;
    stage.take_log();
    stage.tell("b", Do::Panic("boom"));
    restarted(&tree, "c", 1).await;
    assert_eq!(stage.take_log(), ["stop c", "stop a", "start a", "start b", "start c"]);
}

#[tokio::test(start_paused = true)]
async fn one_for_all_costs_one_restart_of_the_allowance_and_only_the_culprit_is_charged() {
    let stage = Stage::default();
    let tree = start(three(&stage, Strategy::OneForAll)).await;
    stage.tell("b", Do::Panic("boom"));
    restarted(&tree, "c", 1).await;
    let charged: Vec<_> = tree.status().iter().map(|child| child.restarts_in_window).collect();
    assert_eq!(charged, [0, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn rest_for_one_restarts_the_failed_child_and_the_later_ones() {
    let stage = Stage::default();
    let tree = start(three(&stage, Strategy::RestForOne)).await;
    stage.take_log();
    stage.tell("b", Do::Panic("boom"));
    restarted(&tree, "c", 1).await;
    assert_eq!(stage.take_log(), ["stop c", "start b", "start c"]);
    assert_eq!(child(&tree, "a").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_group_waits_out_the_back_off_with_everybody_down() {
    let stage = Stage::default();
    let backoff = Backoff { initial: secs(4), max: secs(60), jitter: 0.0, reset_after: secs(60) };
    let children = ["a", "b", "c"].map(|name| stage.worker(name).backoff(backoff));
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.take_log();
    stage.tell("b", Do::Panic("boom"));
    let begun = tokio::time::Instant::now();
    in_phase(&tree, "a", Phase::Restarting).await;
    assert_eq!(stage.take_log(), ["stop c", "stop a"]);
    assert_eq!(child(&tree, "b").phase, Phase::BackingOff);
    restarted(&tree, "c", 1).await;
    assert_eq!(begun.elapsed(), secs(4));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_started_beside_a_sibling_that_is_slow_to_stop() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b").shutdown(Shutdown::Within(secs(9)))];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    let begun = tokio::time::Instant::now();
    stage.tell("b", Do::Hang);
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "a", 1).await;
    assert_eq!(begun.elapsed(), secs(9));
    assert_eq!(restarted(&tree, "b", 1).await.last_exit.map(|exit| exit.kind), Some(ExitKind::Killed));
}

#[tokio::test(start_paused = true)]
async fn siblings_that_crash_together_are_restarted_as_one() {
    let stage = Stage::default();
    let children =
        [stage.worker("a"), stage.worker("b"), stage.worker("c").shutdown(Shutdown::Within(secs(9)))];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.tell("c", Do::Hang);
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "c", Phase::Stopping).await;
    stage.tell("b", Do::Panic("me too"));
    let child = restarted(&tree, "b", 1).await;
    assert_eq!(child.last_exit.map(|exit| exit.text), Some("me too".to_owned()));
    restarted(&tree, "c", 1).await;
    let charged: usize = tree.status().iter().map(|child| child.restarts_in_window).sum();
    assert_eq!((charged, stage.starts_of("b")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_failed_start_in_a_group_takes_down_those_that_had_started_and_tries_again() {
    let stage = Stage::default();
    stage.script("b", [Begin::Start, Begin::Fail("not yet")]);
    let tree = start(three(&stage, Strategy::OneForAll)).await;
    stage.take_log();
    stage.tell("c", Do::Panic("boom"));
    restarted(&tree, "c", 1).await;
    let log = stage.take_log();
    assert_eq!(log, ["stop b", "stop a", "start a", "start b", "stop a", "start a", "start b", "start c"]);
}

#[tokio::test(start_paused = true)]
async fn a_sibling_caught_while_it_starts_is_stopped_and_started_anew() {
    let stage = Stage::default();
    stage.script("b", [Begin::Start, Begin::Hang]);
    let children = [stage.worker("a"), stage.worker("b").start_within(secs(3))];
    let tree = start(supervisor(Strategy::RestForOne, children)).await;
    stage.tell("b", Do::Panic("boom"));
    in_phase(&tree, "b", Phase::Starting).await;
    stage.take_log();
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "b", 2).await;
    assert_eq!(stage.take_log(), ["start a", "start b"]);
    assert_eq!(child(&tree, "a").restarts, 1);
}

#[tokio::test(start_paused = true)]
async fn a_temporary_sibling_goes_down_with_the_group_and_stays_down() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b").restart(Restart::Temporary)];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "a", 1).await;
    pass(LONG).await;
    assert_eq!((child(&tree, "b").phase, stage.starts_of("b")), (Phase::Stopped, 1));
}

#[tokio::test(start_paused = true)]
async fn a_transient_sibling_that_had_finished_starts_anew_with_its_group() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b").restart(Restart::Transient)];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.tell("b", Do::Finish(None));
    in_phase(&tree, "b", Phase::Stopped).await;
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "b", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_hung_child_takes_its_group_with_it() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b").pulse_within(secs(8))];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.tell("b", Do::Hang);
    restarted(&tree, "b", 1).await;
    assert_eq!(child(&tree, "a").restarts, 1);
}

#[tokio::test(start_paused = true)]
async fn a_temporary_sibling_that_had_ended_is_not_revived_by_its_group() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b").restart(Restart::Temporary)];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.tell("b", Do::Panic("boom"));
    in_phase(&tree, "b", Phase::Failed).await;
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "a", 1).await;
    pass(LONG).await;
    assert_eq!((child(&tree, "b").phase, stage.starts_of("b")), (Phase::Failed, 1));
}
