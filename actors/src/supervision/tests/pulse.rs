use super::super::*;
use super::stage::*;

#[tokio::test(start_paused = true)]
async fn a_hung_child_is_killed_and_replaced_when_its_pulse_runs_out() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").pulse_within(secs(8))])).await;
    let (old, begun) = (stage.actor("a"), tokio::time::Instant::now());
    stage.tell("a", Do::Hang);
    let exit = restarted(&tree, "a", 1).await.last_exit.expect("it has exited");
    assert_eq!(exit.kind, ExitKind::Hung);
    assert!(begun.elapsed() > secs(8) && begun.elapsed() <= secs(10), "{:?}", begun.elapsed());
    assert_ne!(stage.actor("a").get_id(), old.get_id());
    assert_eq!(old.get_status(), ractor::ActorStatus::Stopped);
}

#[tokio::test(start_paused = true)]
async fn a_hung_transient_child_is_replaced_because_a_hang_is_abnormal() {
    let stage = Stage::default();
    let child = stage.worker("a").pulse_within(secs(8)).restart(Restart::Transient);
    let tree = start(supervisor(Strategy::OneForOne, [child])).await;
    stage.tell("a", Do::Hang);
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_child_that_beats_is_left_alone() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").pulse_within(secs(8))])).await;
    for _ in 0..10 {
        pass(secs(7)).await;
        stage.tell("a", Do::Beat);
    }
    assert_eq!(child(&tree, "a").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_child_without_a_pulse_limit_may_be_silent_for_ever() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Hang);
    pass(secs(3600)).await;
    assert_eq!(child(&tree, "a").phase, Phase::Running);
}

#[tokio::test(start_paused = true)]
async fn announced_long_work_is_no_hang_until_it_overruns() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").pulse_within(secs(8))])).await;
    let begun = tokio::time::Instant::now();
    stage.tell("a", Do::Hold(secs(60)));
    stage.tell("a", Do::Hang);
    restarted(&tree, "a", 1).await;
    assert!(begun.elapsed() > secs(68) && begun.elapsed() <= secs(70), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_stood_still_is_not_taken_for_hung_children() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").pulse_within(secs(8))])).await;
    pass(secs(1)).await;
    tokio::time::advance(LONG).await;
    pass(secs(1)).await;
    assert_eq!(child(&tree, "a").restarts, 0);
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn the_root_beats_its_own_pulse_while_a_child_hangs_and_another_start_hangs() {
    let stage = Stage::default();
    stage.script("b", [Begin::Start, Begin::Hang]);
    let children = ["a", "b"].map(|name| stage.worker(name).start_within(LONG));
    let tree = start(supervisor(Strategy::OneForOne, children)).await;
    stage.tell("a", Do::Hang);
    stage.tell("b", Do::Panic("boom"));
    for _ in 0..100 {
        pass(millis(700)).await;
        assert!(tree.pulse().age() <= secs(1));
    }
    assert_eq!(child(&tree, "b").phase, Phase::Starting);
}

#[tokio::test(start_paused = true)]
async fn a_dead_root_has_no_pulse() {
    let tree = start(supervisor(Strategy::OneForOne, [])).await;
    tree.stop(secs(1)).await;
    pass(secs(60)).await;
    assert!(tree.pulse().age() >= secs(59));
}

#[tokio::test(start_paused = true)]
async fn a_pulse_ages_from_its_last_beat() {
    let pulse = Pulse::new();
    pass(secs(5)).await;
    assert_eq!(pulse.age(), secs(5));
    pulse.beat();
    assert_eq!(pulse.age(), secs(0));
}

#[tokio::test(start_paused = true)]
async fn a_stall_is_forgiven_up_to_the_age_of_the_pulse() {
    let pulse = Pulse::new();
    pass(secs(9)).await;
    pulse.forgive(secs(4));
    assert_eq!(pulse.age(), secs(5));
    pulse.forgive(secs(60));
    pass(secs(5)).await;
    assert_eq!(pulse.age(), secs(5));
}

#[tokio::test(start_paused = true)]
async fn the_time_a_start_takes_does_not_count_as_silence() {
    let stage = Stage::default();
    stage.script("a", [Begin::Slowly(secs(20))]);
    let child = stage.worker("a").start_within(secs(30)).pulse_within(secs(8));
    let tree = start(supervisor(Strategy::OneForOne, [child])).await;
    pass(secs(7)).await;
    assert_eq!(stage.starts_of("a"), 1);
    restarted(&tree, "a", 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_beat_ends_a_hold() {
    let pulse = Pulse::new();
    pulse.hold(secs(60));
    pass(secs(5)).await;
    assert_eq!(pulse.age(), secs(0));
    pulse.beat();
    pass(secs(5)).await;
    assert_eq!(pulse.age(), secs(5));
}

/// Holds its thread, not just its handler, until the test lets go.
struct Blocker(std::sync::Mutex<std::sync::mpsc::Receiver<()>>);

impl ractor::Actor for Blocker {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ractor::ActorRef<()>, (): ()) -> Result<(), ractor::ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: ractor::ActorRef<()>,
        (): (),
        (): &mut (),
    ) -> Result<(), ractor::ActorProcessingErr> {
        let released = self.0.lock().expect("the only user").recv();
        Ok(released?)
    }
}

struct Quiet;

impl ractor::Actor for Quiet {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ractor::ActorRef<()>, (): ()) -> Result<(), ractor::ActorProcessingErr> {
        Ok(())
    }
}

/// The one test in real time: a blocked thread would hold up a paused clock, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_that_blocks_its_thread_is_abandoned_and_replaced() {
    let (release, released) = std::sync::mpsc::channel();
    let blocker = std::sync::Mutex::new(Some(Blocker(std::sync::Mutex::new(released))));
    let child = ChildSpec::worker("a", move |context| {
        let blocker = blocker.lock().expect("one start at a time").take();
        async move {
            let Some(blocker) = blocker else {
                context.pulse.hold(LONG);
                return Ok(context.spawn(Quiet, ()).await?.get_cell());
            };
            let actor = context.spawn(blocker, ()).await?;
            actor.send_message(())?;
            Ok(actor.get_cell())
        }
    });
    let tree =
        start(supervisor(Strategy::OneForOne, [child.pulse_within(millis(50)).backoff(Backoff::NONE)])).await;
    let exit = restarted(&tree, "a", 1).await.last_exit.expect("it has exited");
    assert_eq!(exit.kind, ExitKind::Hung);
    release.send(()).expect("the blocker still waits");
    assert_eq!(tree.stop(secs(60)).await, Ended::Stopped);
}
