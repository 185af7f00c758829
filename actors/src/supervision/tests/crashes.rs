use ractor::ActorProcessingErr;

use super::super::*;
use super::stage::*;

#[tokio::test(start_paused = true)]
async fn a_panicking_child_is_restarted_and_its_text_kept() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Panic("out of cheese"));
    let exit = restarted(&tree, "a", 1).await.last_exit.expect("it has exited");
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::Failed, "out of cheese"));
}

#[tokio::test(start_paused = true)]
async fn a_child_whose_handler_returns_an_error_is_restarted_and_the_text_kept() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Fail("ledger is inconsistent"));
    let exit = restarted(&tree, "a", 1).await.last_exit.expect("it has exited");
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::Failed, "ledger is inconsistent"));
}

#[tokio::test(start_paused = true)]
async fn a_killed_transient_child_is_restarted_because_a_kill_is_abnormal() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").restart(Restart::Transient)])).await;
    stage.actor("a").kill();
    let exit = restarted(&tree, "a", 1).await.last_exit.expect("it has exited");
    assert_eq!(exit.kind, ExitKind::Killed);
}

#[tokio::test(start_paused = true)]
async fn a_transient_child_that_fails_is_restarted() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").restart(Restart::Transient)])).await;
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_transient_child_that_ends_by_itself_is_left_alone() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").restart(Restart::Transient)])).await;
    stage.tell("a", Do::Finish(Some("season over")));
    let exit = in_phase(&tree, "a", Phase::Stopped).await.last_exit.expect("it has exited");
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::Normal, "ended by itself: season over"));
    pass(LONG).await;
    assert_eq!(stage.starts_of("a"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_drained_transient_child_has_ended_normally() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").restart(Restart::Transient)])).await;
    stage.actor("a").drain().expect("it is up");
    let exit = in_phase(&tree, "a", Phase::Stopped).await.last_exit.expect("it has exited");
    assert_eq!(exit.kind, ExitKind::Normal);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_child_that_ends_by_itself_is_restarted() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Finish(None));
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_temporary_child_is_never_restarted() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b")].map(|child| child.restart(Restart::Temporary));
    let tree = start(supervisor(Strategy::OneForOne, children)).await;
    stage.tell("a", Do::Panic("boom"));
    stage.tell("b", Do::Finish(None));
    in_phase(&tree, "a", Phase::Failed).await;
    in_phase(&tree, "b", Phase::Stopped).await;
    pass(LONG).await;
    assert_eq!((stage.starts_of("a"), stage.starts_of("b")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_crash_leaves_the_siblings_alone_under_one_for_one() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a"), stage.worker("b")])).await;
    let sibling = stage.actor("b").get_id();
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "a", 1).await;
    assert_eq!(stage.actor("b").get_id(), sibling);
    assert_eq!(child(&tree, "b").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_stale_event_of_a_replaced_incarnation_is_ignored() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    let (old, root) = (stage.actor("a"), stage.actor("a").try_get_supervisor().expect("it is linked"));
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "a", 1).await;

    let (orphan, _) = ractor::Actor::spawn(None, Forger, (old.get_cell(), root)).await.expect("it starts");
    orphan.wait(None).await.expect("no limit");
    pass(LONG).await;
    assert_eq!(child(&tree, "a").restarts, 1);
    assert_eq!(stage.starts_of("a"), 2);
}

/// Links itself to a supervisor only to tell it of another's death.
struct Forger;

impl ractor::Actor for Forger {
    type Msg = ();
    type State = ();
    type Arguments = (ractor::ActorCell, ractor::ActorCell);

    async fn pre_start(
        &self,
        me: ractor::ActorRef<()>,
        (dead, supervisor): Self::Arguments,
    ) -> Result<(), ActorProcessingErr> {
        me.link(supervisor.clone());
        me.notify_supervisor(ractor::SupervisionEvent::ActorFailed(dead, "a late echo".into()));
        me.unlink(supervisor);
        me.stop(None);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_an_unknown_linked_actor_is_ignored() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForAll, [stage.worker("a")])).await;
    let root = stage.actor("a").try_get_supervisor().expect("it is linked");
    let stranger = Stage::default();
    let other =
        start(supervisor(Strategy::OneForOne, [stranger.worker("x").restart(Restart::Temporary)])).await;
    stranger.actor("x").link(root);
    stranger.tell("x", Do::Panic("boom"));
    stranger.actor("x").wait(None).await.expect("no limit");
    pass(LONG).await;
    assert_eq!((stage.starts_of("a"), child(&tree, "a").phase), (1, Phase::Running));
    assert_eq!(other.status().len(), 1);
}
