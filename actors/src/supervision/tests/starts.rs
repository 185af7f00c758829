use super::super::*;
use super::stage::*;

async fn refused(spec: SupervisorSpec) -> String {
    match Supervisor::start_root(spec, options()).await {
        Ok(_) => panic!("the tree started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(start_paused = true)]
async fn children_start_in_order() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, ["a", "b", "c"].map(|name| stage.worker(name)))).await;
    assert_eq!(stage.take_log(), ["start a", "start b", "start c"]);
    assert!(tree.status().iter().all(|child| child.phase == Phase::Running));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_cannot_start_fails_the_tree_and_the_started_are_stopped_in_reverse() {
    let stage = Stage::default();
    stage.script("c", [Begin::Fail("no such folder")]);
    let children = ["a", "b", "c", "d"].map(|name| stage.worker(name));
    let error = refused(supervisor(Strategy::OneForOne, children)).await;
    assert_eq!(error, "the tree did not start: c: did not start: no such folder");
    assert_eq!(stage.take_log(), ["start a", "start b", "start c", "stop b", "stop a"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_pre_start_fails_the_tree_with_its_text() {
    let stage = Stage::default();
    stage.script("a", [Begin::Panic("index out of bounds")]);
    let error = refused(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    assert_eq!(error, "the tree did not start: a: did not start: index out of bounds");
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_start_function_itself_fails_the_tree_with_its_text() {
    let child = ChildSpec::worker("a", |_| async { panic!("while building the actor") });
    let error = refused(supervisor(Strategy::OneForOne, [child])).await;
    assert_eq!(error, "the tree did not start: a: did not start: while building the actor");
}

#[tokio::test(start_paused = true)]
async fn a_hung_start_fails_the_tree_after_its_time_out() {
    let stage = Stage::default();
    stage.script("a", [Begin::Hang]);
    let begun = tokio::time::Instant::now();
    let error = refused(supervisor(Strategy::OneForOne, [stage.worker("a").start_within(secs(3))])).await;
    assert_eq!(error, "the tree did not start: a: did not start within 3s");
    assert_eq!(begun.elapsed(), secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_failed_restart_counts_as_a_failure_and_is_tried_again() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Fail("port taken"), Begin::Panic("still"), Begin::Start]);
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Panic("boom"));
    let child = restarted(&tree, "a", 3).await;
    assert_eq!(child.restarts_in_window, 3);
    let exit = child.last_exit.expect("it has exited");
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::StartFailed, "did not start: still"));
}

#[tokio::test(start_paused = true)]
async fn a_hung_restart_is_cut_short_and_tried_again() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Hang]);
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").start_within(secs(3))])).await;
    let begun = tokio::time::Instant::now();
    stage.tell("a", Do::Panic("boom"));
    let exit = restarted(&tree, "a", 2).await.last_exit.expect("it has exited");
    assert_eq!(exit.kind, ExitKind::StartTimedOut);
    assert_eq!(begun.elapsed(), secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_hung_restart_does_not_hold_up_a_sibling() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Hang]);
    let children = ["a", "b"].map(|name| stage.worker(name).start_within(secs(30)));
    let tree = start(supervisor(Strategy::OneForOne, children)).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::Starting).await;
    let begun = tokio::time::Instant::now();
    stage.tell("b", Do::Panic("boom"));
    restarted(&tree, "b", 1).await;
    assert_eq!(begun.elapsed(), secs(0));
    assert_eq!(child(&tree, "a").phase, Phase::Starting);
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_dies_before_its_start_is_reported_is_not_taken_for_running() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::DieAtOnce]);
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Panic("boom"));
    let exit = restarted(&tree, "a", 2).await.last_exit.expect("it has exited");
    assert_eq!(exit.text, "died at once");
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_dies_during_the_first_start_is_restarted() {
    let stage = Stage::default();
    stage.script("a", [Begin::DieAtOnce]);
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_is_not_linked_to_its_supervisor_is_refused_and_killed() {
    let stage = Stage::default();
    let elsewhere =
        start(supervisor(Strategy::OneForOne, [stage.worker("x").restart(Restart::Temporary)])).await;
    let stranger = stage.actor("x").get_cell();
    let child = ChildSpec::worker("a", move |_| std::future::ready(Ok(stranger.clone())));
    let error = refused(supervisor(Strategy::OneForOne, [child])).await;
    assert_eq!(error, "the tree did not start: a: did not start: the actor was not linked to its supervisor");
    assert_eq!(
        in_phase(&elsewhere, "x", Phase::Failed).await.last_exit.map(|exit| exit.kind),
        Some(ExitKind::Killed)
    );
}

#[tokio::test(start_paused = true)]
async fn siblings_of_one_name_and_names_that_break_paths_are_refused() {
    let stage = Stage::default();
    let twins = [stage.worker("a"), stage.worker("a")];
    assert_eq!(refused(supervisor(Strategy::OneForOne, twins)).await, "two siblings are called a");
    let nested = supervisor(Strategy::OneForOne, [stage.worker("a/b")]);
    let error = refused(supervisor(Strategy::OneForOne, [ChildSpec::supervisor(nested)])).await;
    assert_eq!(error, r#"a child cannot be called "a/b""#);
    assert_eq!(stage.take_log(), [""; 0]);
}
