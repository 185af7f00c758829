use super::super::*;
use super::stage::*;

const TWO_A_MINUTE: Intensity = Intensity { restarts: 2, within: secs(60) };

fn fragile(stage: &Stage) -> SupervisorSpec {
    named("root", Strategy::OneForOne, TWO_A_MINUTE, ["a", "b", "c"].map(|name| stage.worker(name)))
}

/// Crashes `name` once it is up again after `before` restarts.
async fn crash(stage: &Stage, tree: &SupervisorHandle, name: &str, before: u64) {
    restarted(tree, name, before).await;
    stage.tell(name, Do::Panic("boom"));
}

#[tokio::test(start_paused = true)]
async fn one_restart_too_many_stops_the_children_in_reverse_and_main_learns_why() {
    let stage = Stage::default();
    let tree = start(fragile(&stage)).await;
    stage.take_log();
    for before in 0..3 {
        crash(&stage, &tree, "b", before).await;
    }
    let reason = "more than 2 restarts within 60s; the last exit was of b: boom".to_owned();
    assert_eq!(tree.terminated().await, Ended::GaveUp { reason });
    assert_eq!(stage.take_log(), ["start b", "start b", "stop c", "stop a"]);
    assert_eq!(child(&tree, "b").phase, Phase::Failed);
    assert_eq!(child(&tree, "a").phase, Phase::Stopped);
}

#[tokio::test(start_paused = true)]
async fn all_children_draw_on_one_allowance() {
    let stage = Stage::default();
    let tree = start(fragile(&stage)).await;
    for name in ["a", "b", "c"] {
        crash(&stage, &tree, name, 0).await;
    }
    assert!(matches!(tree.terminated().await, Ended::GaveUp { .. }));
}

#[tokio::test(start_paused = true)]
async fn crashes_slower_than_the_window_never_escalate() {
    let stage = Stage::default();
    let tree = start(fragile(&stage)).await;
    for before in 0..50 {
        crash(&stage, &tree, "a", before).await;
        pass(secs(30)).await;
    }
    let child = restarted(&tree, "a", 50).await;
    assert_eq!(child.restarts_in_window, 1);
}

#[tokio::test(start_paused = true)]
async fn failed_restarts_use_up_the_allowance_too() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Fail("no"), Begin::Fail("no"), Begin::Start]);
    let tree = start(fragile(&stage)).await;
    stage.tell("a", Do::Panic("boom"));
    let reason = "more than 2 restarts within 60s; the last exit was of a: did not start: no".to_owned();
    assert_eq!(tree.terminated().await, Ended::GaveUp { reason });
}

#[tokio::test(start_paused = true)]
async fn escalation_gives_a_hung_sibling_its_time_and_no_more() {
    let stage = Stage::default();
    let children = [stage.worker("a").shutdown(Shutdown::Within(secs(7))), stage.worker("b")];
    let none = Intensity { restarts: 0, within: secs(60) };
    let tree = start(named("root", Strategy::OneForOne, none, children)).await;
    let begun = tokio::time::Instant::now();
    stage.tell("a", Do::Hang);
    stage.tell("b", Do::Panic("boom"));
    assert!(matches!(tree.terminated().await, Ended::GaveUp { .. }));
    assert_eq!(begun.elapsed(), secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_gives_up_takes_no_more_commands() {
    let stage = Stage::default();
    let children = [stage.worker("a").shutdown(Shutdown::Within(secs(7))), stage.worker("b")];
    let none = Intensity { restarts: 0, within: secs(60) };
    let tree = start(named("root", Strategy::OneForOne, none, children)).await;
    stage.tell("a", Do::Hang);
    stage.tell("b", Do::Panic("boom"));
    let begun = tokio::time::Instant::now();
    in_phase(&tree, "b", Phase::Failed).await;
    assert_eq!(tree.restart("b").await, Err(CommandError::SupervisorDown("b".to_owned())));
    tree.terminated().await;
    assert_eq!(begun.elapsed(), secs(7), "the command cut the children's time short");
    assert_eq!(tree.restart("b").await, Err(CommandError::SupervisorDown("b".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_stop_during_escalation_still_waits_for_every_child() {
    let stage = Stage::default();
    let children =
        [stage.worker("a"), stage.worker("b").shutdown(Shutdown::Within(secs(7))), stage.worker("c")];
    let none = Intensity { restarts: 0, within: secs(60) };
    let tree = start(named("root", Strategy::OneForOne, none, children)).await;
    stage.take_log();
    stage.tell("b", Do::Hang);
    stage.tell("c", Do::Panic("boom"));
    in_phase(&tree, "b", Phase::Stopping).await;
    assert!(matches!(tree.stop(secs(60)).await, Ended::GaveUp { .. }));
    assert_eq!(stage.take_log(), ["stop a"]);
}

#[tokio::test(start_paused = true)]
async fn a_start_in_flight_is_called_off_by_escalation() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Hang]);
    let children = [stage.worker("a").start_within(LONG), stage.worker("b")];
    let one = Intensity { restarts: 1, within: secs(60) };
    let tree = start(named("root", Strategy::OneForOne, one, children)).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::Starting).await;
    let begun = tokio::time::Instant::now();
    stage.tell("b", Do::Panic("boom"));
    tree.terminated().await;
    assert_eq!(begun.elapsed(), secs(0));
    let child = child(&tree, "a");
    assert_eq!(
        (child.phase, child.last_exit.map(|exit| exit.kind)),
        (Phase::Stopped, Some(ExitKind::Stopped))
    );
}
