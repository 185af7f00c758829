//! ractor's traps, each shown to be there or to be stepped around.

use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef, ActorStatus, SupervisionEvent};

use super::super::operator::Order;
use super::super::root::ask;
use super::super::supervisor::Msg;
use super::super::*;
use super::stage::*;

/// An actor that leaves everything to ractor's defaults.
struct Plain;

impl Actor for Plain {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<()>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(&self, _: ActorRef<()>, (): (), (): &mut ()) -> Result<(), ActorProcessingErr> {
        panic!("a plain panic")
    }
}

#[tokio::test(start_paused = true)]
async fn trap_the_default_supervision_handler_kills_the_siblings_and_ours_does_not() {
    let (plain, _) = Actor::spawn(None, Plain, ()).await.expect("it starts");
    let (one, _) = Actor::spawn_linked(None, Plain, (), plain.get_cell()).await.expect("it starts");
    let (two, _) = Actor::spawn_linked(None, Plain, (), plain.get_cell()).await.expect("it starts");
    one.stop(None);
    two.wait(Some(LONG)).await.expect("the default takes it down");
    assert_eq!(plain.wait(Some(LONG)).await.map(|()| plain.get_status()).ok(), Some(ActorStatus::Stopped));

    let stage = Stage::default();
    let children = [stage.worker("a").restart(Restart::Transient), stage.worker("b")];
    let tree = start(supervisor(Strategy::OneForOne, children)).await;
    stage.tell("a", Do::Finish(None));
    in_phase(&tree, "a", Phase::Stopped).await;
    pass(LONG).await;
    assert_eq!(child(&tree, "b").phase, Phase::Running);
}

#[tokio::test(start_paused = true)]
async fn trap_a_stopping_parent_kills_its_children_and_ours_stops_them_first() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.actor("a").try_get_supervisor().expect("it is linked").stop(None);
    assert_eq!(tree.terminated().await, Ended::Stopped);
    assert_eq!(stage.take_log(), ["start a", "stop a"]);
}

#[tokio::test(start_paused = true)]
async fn trap_a_kill_looks_like_a_normal_stop_and_is_told_apart() {
    let (actor, _) = Actor::spawn(None, Plain, ()).await.expect("it starts");
    let exit = |reason: Option<&str>| {
        let event = SupervisionEvent::ActorTerminated(actor.get_cell(), None, reason.map(str::to_owned));
        Exit::from_event(event).map(|(_, exit)| exit)
    };
    assert_eq!(exit(Some("killed")), Some(Exit::Killed));
    assert_eq!(exit(Some("actor_task_cancelled")), Some(Exit::Killed));
    assert_eq!(exit(Some("Drained")), Some(Exit::Normal(None)));
    assert_eq!(exit(Some("bye")), Some(Exit::Normal(Some("bye".to_owned()))));
    assert_eq!(exit(None), Some(Exit::Normal(None)));
    assert!(Exit::from_event(SupervisionEvent::ActorStarted(actor.get_cell())).is_none());
}

#[tokio::test(start_paused = true)]
async fn trap_an_error_is_a_crash_and_is_mended_like_one() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").restart(Restart::Transient)])).await;
    stage.tell("a", Do::Fail("not a reply"));
    assert_eq!(restarted(&tree, "a", 1).await.last_exit.map(|exit| exit.kind), Some(ExitKind::Failed));
}

#[tokio::test(start_paused = true)]
async fn trap_the_mailbox_is_lost_on_restart_and_the_old_reference_is_dead() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    let old = stage.actor("a");
    stage.tell("a", Do::Panic("boom"));
    stage.tell("a", Do::Note("queued"));
    restarted(&tree, "a", 1).await;
    pass(LONG).await;
    assert_eq!(stage.take_log(), ["start a", "start a"]);
    assert!(old.send_message(Do::Note("late")).is_err());
}

/// A supervisor that takes every order and answers none.
struct Deaf;

impl Actor for Deaf {
    type Msg = Msg;
    type State = Vec<Msg>;
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Msg>, (): ()) -> Result<Vec<Msg>, ActorProcessingErr> {
        Ok(Vec::new())
    }

    async fn handle(
        &self,
        _: ActorRef<Msg>,
        order: Msg,
        taken: &mut Vec<Msg>,
    ) -> Result<(), ActorProcessingErr> {
        taken.push(order);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn trap_a_call_waits_for_ever_and_ours_has_a_limit() {
    let (deaf, _) = Actor::spawn(None, Deaf, ()).await.expect("it starts");
    let begun = tokio::time::Instant::now();
    assert_eq!(ask(&deaf, Order::Restart, "a".to_owned()).await, Err(CommandError::Unanswered(secs(1))));
    assert_eq!(begun.elapsed(), secs(1));
}

#[tokio::test(start_paused = true)]
async fn trap_the_panic_of_an_unsupervised_actor_is_silent_and_that_of_the_root_is_not() {
    let (plain, task) = Actor::spawn(None, Plain, ()).await.expect("it starts");
    plain.send_message(()).expect("it is up");
    assert!(task.await.is_ok(), "ractor's own handle reports the panic now: use it");

    let none = Intensity { restarts: 0, within: secs(60) };
    let stage = Stage::default();
    let tree = start(named("root", Strategy::OneForOne, none, [stage.worker("a")])).await;
    stage.tell("a", Do::Panic("heard"));
    let Ended::GaveUp { reason } = tree.terminated().await else { panic!("it was not asked to stop") };
    assert!(reason.ends_with("heard"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn trap_the_registry_is_global_so_instances_tell_trees_apart() {
    let trees = ["traps-one", "traps-two"].map(|instance| async move {
        let stage = Stage::default();
        let nested = named("sports", Strategy::OneForOne, GENEROUS, [stage.worker("nba")]);
        let spec = supervisor(Strategy::OneForOne, [ChildSpec::supervisor(nested)]);
        let options = RootOptions { instance: Some(instance.to_owned()), ..options() };
        let tree = Supervisor::start_root(spec, options).await.expect("the tree starts");
        (stage, tree)
    });
    let [one, two] = trees;
    let ((stage, _), _other) = (one.await, two.await);
    let found = ractor::registry::where_is("traps-one/sports/nba").expect("it is registered");
    assert_eq!(found.get_id(), stage.actor("nba").get_id());
    assert!(ractor::registry::where_is("traps-two/sports").is_some());

    let options = RootOptions { instance: Some("traps-two".to_owned()), ..options() };
    let spec = supervisor(Strategy::OneForOne, []);
    assert!(Supervisor::start_root(spec, options).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn trap_a_name_is_free_again_when_its_bearer_is_replaced() {
    let stage = Stage::default();
    let children = [stage.worker("a"), stage.worker("b").pulse_within(secs(8))];
    let options = RootOptions { instance: Some("traps-names".to_owned()), ..options() };
    let tree =
        Supervisor::start_root(supervisor(Strategy::OneForAll, children), options).await.expect("it starts");
    stage.tell("a", Do::Panic("boom"));
    restarted(&tree, "b", 1).await;
    stage.actor("a").kill();
    restarted(&tree, "b", 2).await;
    stage.tell("b", Do::Hang);
    restarted(&tree, "b", 3).await;
    let charged: usize = tree.status().iter().map(|child| child.restarts_in_window).sum();
    assert_eq!(charged, 3, "a name was still taken at some restart");
    let found = ractor::registry::where_is("traps-names/b").expect("it is registered");
    assert_eq!(found.get_id(), stage.actor("b").get_id());
}

#[tokio::test(start_paused = true)]
async fn trap_a_start_that_is_cut_short_leaves_no_name_behind() {
    let stage = Stage::default();
    stage.script("a", [Begin::Start, Begin::Hang]);
    let options = RootOptions { instance: Some("traps-cut".to_owned()), ..options() };
    let spec = supervisor(Strategy::OneForOne, [stage.worker("a").start_within(Duration::from_secs(3))]);
    let tree = Supervisor::start_root(spec, options).await.expect("it starts");
    stage.tell("a", Do::Panic("boom"));
    let child = restarted(&tree, "a", 2).await;
    assert_eq!(child.last_exit.map(|exit| exit.kind), Some(ExitKind::StartTimedOut));
}
