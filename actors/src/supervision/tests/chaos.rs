use super::super::*;
use super::stage::*;

const NAMES: [&str; 5] = ["a", "b", "c", "x", "y"];

/// a, b, c and a nested supervisor of x and y, all of which owe a pulse and are slow to give up.
fn tree_of(stage: &Stage, outer: Strategy, inner: Strategy) -> SupervisorSpec {
    let unlimited = Intensity { restarts: u32::MAX, within: secs(60) };
    let backoff = Backoff { initial: millis(100), max: secs(5), jitter: 0.5, reset_after: secs(20) };
    let worker = |name| {
        let limits = stage.worker(name).start_within(secs(3)).shutdown(Shutdown::Within(secs(2)));
        limits.pulse_within(secs(4)).backoff(backoff)
    };
    let few = Intensity { restarts: 2, within: secs(10) };
    let nested = ChildSpec::supervisor(named("n", inner, few, ["x", "y"].map(worker))).backoff(backoff);
    let [a, b, c] = ["a", "b", "c"].map(worker);
    named("root", outer, unlimited, [a, b, nested, c])
}

async fn harm(stage: &Stage, tree: &SupervisorHandle, rng: &mut fastrand::Rng) {
    let name = NAMES[rng.usize(..NAMES.len())];
    let actor = stage.actor(name);
    // Nothing is expected of an actor or a supervisor that happens to be down.
    match rng.u32(..9) {
        0 => drop(actor.send_message(Do::Panic("boom"))),
        1 => drop(actor.send_message(Do::Fail("no"))),
        2 => drop(actor.send_message(Do::Finish(None))),
        3 => drop(actor.send_message(Do::Hang)),
        4 => actor.kill(),
        5 => drop(tree.restart(name).await),
        6 => drop(tree.pause(name).await),
        7 => drop(tree.resume(name).await),
        _ => {
            let begins = [Begin::Fail("no"), Begin::Panic("no"), Begin::Hang, Begin::DieAtOnce];
            stage.script(name, [begins[rng.usize(..begins.len())]]);
        }
    }
}

/// Resumes what is paused and waits until everything is up, beating for everybody meanwhile.
async fn recover(stage: &Stage, tree: &SupervisorHandle, case: &str) {
    for _ in 0..300 {
        for name in NAMES {
            drop(tree.resume(name).await);
            drop(stage.actor(name).send_message(Do::Hold(secs(3600))));
        }
        pass(secs(1)).await;
        let all_up = |children: &[ChildStatus]| children.iter().all(|child| child.phase == Phase::Running);
        if all_up(&tree.status()) && tree.status().iter().all(|child| all_up(&child.children)) {
            return;
        }
    }
    panic!("{case} never recovered: {:#?}", tree.status());
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_every_child_is_up_once_in_the_end_and_the_tree_still_stops() {
    let strategies = [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne];
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (outer, inner) = (strategies[rng.usize(..3)], strategies[rng.usize(..3)]);
        let case = format!("seed {seed}, {outer:?} over {inner:?}");
        let stage = Stage::default();
        let tree = start(tree_of(&stage, outer, inner)).await;
        for _ in 0..60 {
            harm(&stage, &tree, &mut rng).await;
            pass(millis(rng.u64(..3_000))).await;
        }
        recover(&stage, &tree, &case).await;
        assert_eq!(stage.alive(), NAMES.len(), "{case}");
        assert_eq!(tree.stop(secs(60)).await, Ended::Stopped, "{case}");
        assert_eq!(stage.alive(), 0, "{case}");
    }
}
