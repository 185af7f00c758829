use super::super::*;
use super::stage::*;

const SLOW: Backoff = Backoff { initial: secs(30), max: secs(30), jitter: 0.0, reset_after: secs(60) };

#[tokio::test(start_paused = true)]
async fn a_paused_child_is_stopped_and_stays_down_until_resumed() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    tree.pause("a").await.expect("the tree is up");
    in_phase(&tree, "a", Phase::Paused).await;
    pass(LONG).await;
    assert_eq!(stage.take_log(), ["start a", "stop a"]);
    tree.resume("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
    assert_eq!(stage.take_log(), ["start a"]);
}

#[tokio::test(start_paused = true)]
async fn a_pause_survives_the_restart_of_siblings() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForAll, [stage.worker("a"), stage.worker("b")])).await;
    tree.pause("a").await.expect("the tree is up");
    in_phase(&tree, "a", Phase::Paused).await;
    stage.tell("b", Do::Panic("boom"));
    restarted(&tree, "b", 1).await;
    pass(LONG).await;
    assert_eq!((child(&tree, "a").phase, stage.starts_of("a")), (Phase::Paused, 1));
}

#[tokio::test(start_paused = true)]
async fn a_pause_survives_the_restart_of_the_supervisor() {
    let stage = Stage::default();
    let nested =
        named("sports", Strategy::OneForOne, GENEROUS, ["nba", "nfl"].map(|name| stage.worker(name)));
    let tree = start(supervisor(Strategy::OneForOne, [ChildSpec::supervisor(nested)])).await;
    tree.pause("nba").await.expect("the tree is up");
    in_phase(&tree, "sports/nba", Phase::Paused).await;
    tree.restart("sports").await.expect("the tree is up");
    restarted(&tree, "sports/nfl", 1).await;
    assert_eq!((child(&tree, "sports/nba").phase, stage.starts_of("nba")), (Phase::Paused, 1));
    tree.resume("nba").await.expect("the tree is up");
    restarted(&tree, "sports/nba", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_pause_during_a_back_off_cancels_the_restart() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").backoff(SLOW)])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::BackingOff).await;
    tree.pause("a").await.expect("the tree is up");
    pass(LONG).await;
    assert_eq!((child(&tree, "a").phase, stage.starts_of("a")), (Phase::Paused, 1));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_back_off_does_not_cut_the_next_one_short() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").backoff(SLOW)])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::BackingOff).await;
    pass(secs(20)).await;
    tree.restart("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
    stage.tell("a", Do::Panic("boom"));
    let begun = tokio::time::Instant::now();
    restarted(&tree, "a", 2).await;
    assert_eq!(begun.elapsed(), secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_paused_while_it_starts_is_stopped_once_it_is_up() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Hang]);
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").start_within(secs(3))])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::Starting).await;
    tree.pause("a").await.expect("the tree is up");
    in_phase(&tree, "a", Phase::Paused).await;
    pass(LONG).await;
    assert_eq!(stage.starts_of("a"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_restart_by_the_operator_stops_gracefully_and_starts_afresh() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForAll, [stage.worker("a"), stage.worker("b")])).await;
    stage.take_log();
    tree.restart("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
    assert_eq!(stage.take_log(), ["stop a", "start a"]);
}

#[tokio::test(start_paused = true)]
async fn restarts_by_the_operator_are_not_counted_against_the_intensity() {
    let stage = Stage::default();
    let none = Intensity { restarts: 0, within: secs(60) };
    let tree = start(named("root", Strategy::OneForOne, none, [stage.worker("a")])).await;
    for restarts in 1..=5 {
        tree.restart("a").await.expect("the tree is up");
        assert_eq!(restarted(&tree, "a", restarts).await.restarts_in_window, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_by_the_operator_ends_a_back_off() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").backoff(SLOW)])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::BackingOff).await;
    let begun = tokio::time::Instant::now();
    tree.restart("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
    assert_eq!(begun.elapsed(), secs(0));
}

#[tokio::test(start_paused = true)]
async fn a_restart_by_the_operator_revives_what_was_left_alone() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").restart(Restart::Temporary)])).await;
    stage.tell("a", Do::Panic("boom"));
    in_phase(&tree, "a", Phase::Failed).await;
    tree.restart("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_hung_child_can_be_restarted_by_the_operator() {
    let stage = Stage::default();
    let tree =
        start(supervisor(Strategy::OneForOne, [stage.worker("a").shutdown(Shutdown::Within(secs(7)))])).await;
    stage.tell("a", Do::Hang);
    let begun = tokio::time::Instant::now();
    tree.restart("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
    assert_eq!(begun.elapsed(), secs(7));
}

#[tokio::test(start_paused = true)]
async fn the_operator_may_have_second_thoughts_while_a_child_stops() {
    let stage = Stage::default();
    let tree =
        start(supervisor(Strategy::OneForOne, [stage.worker("a").shutdown(Shutdown::Within(secs(7)))])).await;
    stage.tell("a", Do::Hang);
    tree.pause("a").await.expect("the tree is up");
    in_phase(&tree, "a", Phase::Stopping).await;
    tree.resume("a").await.expect("the tree is up");
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_resume_of_a_child_that_is_not_paused_changes_nothing() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    tree.resume("a").await.expect("the tree is up");
    pass(LONG).await;
    assert_eq!(stage.take_log(), ["start a"]);
}

#[tokio::test(start_paused = true)]
async fn a_child_is_found_by_its_path_or_by_a_name_that_only_it_has() {
    let stage = Stage::default();
    let nested =
        |name| ChildSpec::supervisor(named(name, Strategy::OneForOne, GENEROUS, [stage.worker("x")]));
    let tree = start(supervisor(Strategy::OneForOne, [nested("a"), nested("b")])).await;
    let paths = vec!["a/x".to_owned(), "b/x".to_owned()];
    assert_eq!(tree.restart("x").await, Err(CommandError::Ambiguous { name: "x".to_owned(), paths }));
    assert_eq!(tree.restart("y").await, Err(CommandError::Unknown("y".to_owned())));
    tree.restart("b/x").await.expect("the tree is up");
    restarted(&tree, "b/x", 1).await;
    assert_eq!(child(&tree, "a/x").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_command_below_a_paused_supervisor_is_refused() {
    let stage = Stage::default();
    let nested = named("sports", Strategy::OneForOne, GENEROUS, [stage.worker("nba")]);
    let tree = start(supervisor(Strategy::OneForOne, [ChildSpec::supervisor(nested)])).await;
    tree.pause("sports").await.expect("the tree is up");
    in_phase(&tree, "sports", Phase::Paused).await;
    assert_eq!(child(&tree, "sports/nba").phase, Phase::Stopped);
    assert_eq!(tree.restart("nba").await, Err(CommandError::SupervisorDown("sports/nba".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_pause_under_way_is_not_undone_by_the_restart_of_a_sibling() {
    let stage = Stage::default();
    let children = [stage.worker("a").shutdown(Shutdown::Within(secs(7))), stage.worker("b")];
    let tree = start(supervisor(Strategy::OneForAll, children)).await;
    stage.tell("a", Do::Hang);
    tree.pause("a").await.expect("the tree is up");
    in_phase(&tree, "a", Phase::Stopping).await;
    stage.tell("b", Do::Panic("boom"));
    restarted(&tree, "b", 1).await;
    assert_eq!((child(&tree, "a").phase, stage.starts_of("a")), (Phase::Paused, 1));
}

#[tokio::test(start_paused = true)]
async fn a_restart_ends_a_pause_for_good() {
    let stage = Stage::default();
    let nested = named("sports", Strategy::OneForOne, GENEROUS, [stage.worker("nba")]);
    let tree = start(supervisor(Strategy::OneForOne, [ChildSpec::supervisor(nested)])).await;
    tree.pause("nba").await.expect("the tree is up");
    in_phase(&tree, "sports/nba", Phase::Paused).await;
    tree.restart("nba").await.expect("the tree is up");
    restarted(&tree, "sports/nba", 1).await;
    tree.restart("sports").await.expect("the tree is up");
    restarted(&tree, "sports/nba", 2).await;
}

#[tokio::test(start_paused = true)]
async fn a_child_that_fails_while_it_is_stopped_is_shown_as_failed() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.end(End::Fail("could not flush"));
    tree.restart("a").await.expect("the tree is up");
    let exit = restarted(&tree, "a", 1).await.last_exit.expect("it has exited");
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::Failed, "could not flush"));
}
