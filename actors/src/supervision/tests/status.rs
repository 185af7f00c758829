use std::sync::{Arc, OnceLock};

use super::super::*;
use super::stage::*;

#[tokio::test(start_paused = true)]
async fn the_status_is_readable_while_a_child_hangs_and_says_what_it_was_doing() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Hang);
    until(&tree, "a", |child| child.doing.is_some()).await;
    pass(secs(20)).await;
    let child = child(&tree, "a");
    assert_eq!((child.phase, child.doing.as_deref()), (Phase::Running, Some("hanging")));
    assert_eq!((child.since, child.pulse_age), (secs(20), Some(secs(20))));
}

#[tokio::test(start_paused = true)]
async fn a_new_incarnation_does_not_inherit_what_the_last_one_said() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a").pulse_within(secs(8))])).await;
    stage.tell("a", Do::Hang);
    assert_eq!(restarted(&tree, "a", 1).await.doing, None);
}

#[tokio::test(start_paused = true)]
async fn an_incarnation_reports_its_health_and_what_comes_next() {
    let handed_out = Arc::new(OnceLock::new());
    let hand_out = Arc::clone(&handed_out);
    let worker = ChildSpec::worker("a", move |context| {
        hand_out.get_or_init(|| context.reporter.clone());
        async move { Ok(context.spawn(Idle, ()).await?.get_cell()) }
    });
    let tree = start(supervisor(Strategy::OneForOne, [worker])).await;
    let reporter = handed_out.get().expect("it has started");
    assert_eq!(child(&tree, "a").health, Health::Ok);
    reporter.degraded("feed answers 503");
    reporter.doing("polling");
    reporter.next_in(secs(30));
    pass(secs(10)).await;
    let degraded = child(&tree, "a");
    assert_eq!(degraded.health, Health::Degraded { reason: "feed answers 503".to_owned() });
    assert_eq!((degraded.doing.as_deref(), degraded.next), (Some("polling"), Some(secs(20))));
    reporter.ok();
    reporter.idle();
    assert_eq!((child(&tree, "a").health, child(&tree, "a").doing), (Health::Ok, None));
}

struct Idle;

impl ractor::Actor for Idle {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ractor::ActorRef<()>, (): ()) -> Result<(), ractor::ActorProcessingErr> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn restarts_leave_the_window_but_not_the_total() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Panic("boom"));
    assert_eq!(restarted(&tree, "a", 1).await.restarts_in_window, 1);
    pass(secs(60)).await;
    let child = child(&tree, "a");
    assert_eq!((child.restarts, child.restarts_in_window), (1, 0));
    assert_eq!(child.last_exit.map(|exit| exit.ago), Some(secs(60)));
}

#[tokio::test(start_paused = true)]
async fn the_status_reads_back_from_json_as_it_was() {
    let stage = Stage::default();
    let nested = named("sports", Strategy::OneForOne, GENEROUS, [stage.worker("nba")]);
    let tree = start(supervisor(Strategy::OneForOne, [ChildSpec::supervisor(nested)])).await;
    stage.tell("nba", Do::Panic("boom"));
    restarted(&tree, "sports/nba", 1).await;
    pass(millis(1500)).await;
    let status = tree.status();
    let json = serde_json::to_string_pretty(&status).expect("it is plain data");
    insta::assert_snapshot!(json);
    assert_eq!(serde_json::from_str::<Vec<ChildStatus>>(&json).expect("it was just written"), status);
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_down_is_not_shown_as_doing_anything() {
    let stage = Stage::default();
    let tree = start(supervisor(Strategy::OneForOne, [stage.worker("a")])).await;
    stage.tell("a", Do::Hang);
    until(&tree, "a", |child| child.doing.is_some()).await;
    tree.pause("a").await.expect("the tree is up");
    let child = in_phase(&tree, "a", Phase::Paused).await;
    assert_eq!((child.doing, child.pulse_age), (None, None));
}
