use super::super::*;
use super::stage::*;

const NONE: Intensity = Intensity { restarts: 0, within: secs(60) };

/// root / sports / { nba, nfl }, beside root / generator.
fn tree_of(stage: &Stage, intensity: Intensity) -> SupervisorSpec {
    let sports =
        named("sports", Strategy::OneForOne, intensity, ["nba", "nfl"].map(|name| stage.worker(name)));
    let sports = ChildSpec::supervisor(sports).backoff(Backoff::NONE);
    supervisor(Strategy::OneForOne, [sports, stage.worker("generator")])
}

#[tokio::test(start_paused = true)]
async fn a_crash_below_is_mended_below() {
    let stage = Stage::default();
    let tree = start(tree_of(&stage, GENEROUS)).await;
    stage.tell("nba", Do::Panic("boom"));
    restarted(&tree, "sports/nba", 1).await;
    assert_eq!(child(&tree, "sports").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_killed_grandchild_is_restarted_by_its_own_supervisor() {
    let stage = Stage::default();
    let tree = start(tree_of(&stage, GENEROUS)).await;
    stage.actor("nba").kill();
    let exit = restarted(&tree, "sports/nba", 1).await.last_exit.expect("it has exited");
    assert_eq!(exit.kind, ExitKind::Killed);
    assert_eq!(child(&tree, "sports").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_nested_supervisor_that_gives_up_is_restarted_by_its_parent() {
    let stage = Stage::default();
    let tree = start(tree_of(&stage, NONE)).await;
    stage.take_log();
    stage.tell("nba", Do::Panic("boom"));
    let sports = restarted(&tree, "sports", 1).await;
    assert_eq!(stage.take_log(), ["stop nfl", "start nba", "start nfl"]);
    let exit = sports.last_exit.expect("it has exited");
    let text = "more than 0 restarts within 60s; the last exit was of sports/nba: boom";
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::Failed, text));
    assert_eq!(child(&tree, "generator").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn escalation_climbs_to_main_when_every_level_gives_up() {
    let stage = Stage::default();
    let nested = named("sports", Strategy::OneForOne, NONE, [stage.worker("nba")]);
    let root = named("root", Strategy::OneForOne, NONE, [stage.worker("a"), ChildSpec::supervisor(nested)]);
    let tree = start(root).await;
    stage.take_log();
    stage.tell("nba", Do::Panic("boom"));
    let Ended::GaveUp { reason } = tree.terminated().await else { panic!("it was not asked to stop") };
    assert!(reason.ends_with("the last exit was of sports/nba: boom"), "{reason}");
    assert_eq!(stage.take_log(), ["stop a"]);
}

#[tokio::test(start_paused = true)]
async fn a_killed_supervisor_takes_its_children_with_it_and_comes_back_with_them() {
    let stage = Stage::default();
    let tree = start(tree_of(&stage, GENEROUS)).await;
    let old = stage.actor("nba");
    old.try_get_supervisor().expect("it is linked").kill();
    let sports = restarted(&tree, "sports", 1).await;
    assert_eq!(sports.last_exit.map(|exit| exit.kind), Some(ExitKind::Killed));
    assert_eq!(old.get_status(), ractor::ActorStatus::Stopped);
    let nba = restarted(&tree, "sports/nba", 1).await;
    assert_eq!(nba.last_exit.map(|exit| exit.kind), Some(ExitKind::Killed));
}

#[tokio::test(start_paused = true)]
async fn a_nested_supervisor_that_fails_to_start_again_is_tried_again() {
    let stage = Stage::default();
    stage.script("nfl", [Begin::Start, Begin::Fail("not yet")]);
    let tree = start(tree_of(&stage, NONE)).await;
    stage.tell("nba", Do::Panic("boom"));
    let sports = restarted(&tree, "sports", 2).await;
    let text = "did not start: sports/nfl: did not start: not yet".to_owned();
    assert_eq!(sports.last_exit.map(|exit| exit.text), Some(text));
}

#[tokio::test(start_paused = true)]
async fn a_tree_stops_depth_first_in_reverse() {
    let stage = Stage::default();
    let tree = start(tree_of(&stage, GENEROUS)).await;
    stage.take_log();
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
    assert_eq!(stage.take_log(), ["stop generator", "stop nfl", "stop nba"]);
}

#[tokio::test(start_paused = true)]
async fn nested_supervisors_beat_their_own_pulse() {
    let stage = Stage::default();
    let tree = start(tree_of(&stage, GENEROUS)).await;
    pass(secs(600)).await;
    let sports = child(&tree, "sports");
    assert_eq!(sports.restarts, 0);
    assert!(sports.pulse_age.expect("it is up") <= secs(1));
}
