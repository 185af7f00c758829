use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::memory::channel::MemoryChannel;
use wirereport_actors::ports::channel::{Capabilities, Channel, Idempotency};
use wirereport_actors::wire::outbox::{Reconciliation, Situation, Step, Term, plan, reconcile_step};
use wirereport_actors::wire::pace::{Money, Pace};
use wirereport_actors::wire::post::{Arm, Epoch, Outcome, Post, PostId, PostState};
use wirereport_actors::wire::rules::OnUnknown;
use wirereport_actors::wire::traffic::Traffic;

use super::book::{WRITTEN_AT, post, second};

const DAY: Idempotency = Idempotency::For(Duration::from_secs(86_400));

fn channel(idempotency: Idempotency, reads_back: bool) -> Capabilities {
    Capabilities {
        idempotency,
        reads_back,
        read_back_lag: Duration::from_secs(5),
        ..MemoryChannel::default().capabilities()
    }
}

/// Armed in epoch 3 at second 10, to be settled by second 40.
fn found_armed() -> Post {
    let arm = Arm {
        epoch: Epoch(3),
        at: second(10),
        send_before: second(20),
        settle_by: second(40),
        price: Money(0),
    };
    Post { state: PostState::Armed, attempt: 1, arm: Some(arm), ..post(1, "a") }
}

fn term(epoch: u64, earlier_dead: bool, since: Timestamp) -> Term {
    Term { epoch: Epoch(epoch), earlier_dead, since }
}

#[test]
fn within_the_window_our_own_and_a_dead_owners_attempts_are_sent_again_at_once() {
    for term in [term(3, false, second(11)), term(4, true, second(11))] {
        for idempotency in [DAY, Idempotency::Forever] {
            let step = reconcile_step(
                &found_armed(),
                &channel(idempotency, false),
                OnUnknown::Hold,
                term,
                second(11),
            );
            assert_eq!(step, Reconciliation::Resend);
        }
    }
}

#[test]
fn another_owner_who_may_live_is_waited_for_until_its_attempt_must_be_settled_and_seen() {
    let wait = Reconciliation::Wait { until: second(45) };
    for term in [term(4, false, second(11)), term(2, true, second(11))] {
        let capabilities = channel(DAY, false);
        assert_eq!(reconcile_step(&found_armed(), &capabilities, OnUnknown::Hold, term, second(44)), wait);
        let step = reconcile_step(&found_armed(), &capabilities, OnUnknown::Hold, term, second(45));
        assert_eq!(step, Reconciliation::Resend);
    }
}

#[test]
fn a_look_up_waits_for_the_lag_after_the_last_byte_that_can_have_left() {
    let capabilities = channel(Idempotency::None, true);
    let step = |term, now| reconcile_step(&found_armed(), &capabilities, OnUnknown::Hold, term, now);
    let ours = term(3, false, second(12));
    let dead = term(4, true, second(12));
    for owner_gone in [ours, dead] {
        // What left at second 12 may be under way until second 22.
        assert_eq!(step(owner_gone, second(12)), Reconciliation::Wait { until: second(27) });
        assert_eq!(step(owner_gone, second(27)), Reconciliation::ReadBack);
    }
    let dead_late = term(4, true, second(35));
    assert_eq!(step(dead_late, second(35)), Reconciliation::Wait { until: second(45) });
    let dead_long_after = term(4, true, second(900));
    assert_eq!(step(dead_long_after, second(900)), Reconciliation::ReadBack);
    let may_live = term(4, false, second(12));
    assert_eq!(step(may_live, second(44)), Reconciliation::Wait { until: second(45) });
    assert_eq!(step(may_live, second(45)), Reconciliation::ReadBack);
}

#[test]
fn outside_the_window_it_is_looked_up_or_held() {
    let late = second(90_000);
    let ours = term(3, false, second(11));
    assert_eq!(
        reconcile_step(&found_armed(), &channel(DAY, true), OnUnknown::Hold, ours, late),
        Reconciliation::ReadBack
    );
    let step = reconcile_step(&found_armed(), &channel(DAY, false), OnUnknown::Hold, ours, late);
    let Reconciliation::Hold { reason } = step else { panic!("{step:?}") };
    insta::assert_snapshot!(reason, @"it was found armed, may be on the channel, and the channel cannot be asked");
}

#[test]
fn where_nobody_can_tell_it_is_sent_again_if_the_operator_wants_that() {
    let ours = term(3, false, second(11));
    let step = |reads_back, since| {
        let capabilities = channel(Idempotency::None, reads_back);
        reconcile_step(&found_armed(), &capabilities, OnUnknown::Resend, ours, since)
    };
    assert_eq!(step(false, second(11)), Reconciliation::Resend);
    assert_eq!(step(true, second(90)), Reconciliation::ReadBack, "what can be asked is asked");
}

#[test]
fn a_post_whose_sender_ends_again_and_again_gets_rarer() {
    let waits = [1, 6, 7, 10, 40].map(|attempt| {
        let posts = [Post { attempt, ..found_armed() }];
        let now = second(11);
        let plan = plan(&Situation {
            posts: &posts.iter().collect::<Vec<_>>(),
            under_way: &BTreeSet::new(),
            capabilities: &channel(Idempotency::Forever, false),
            term: term(3, false, now),
            traffic: &Traffic::default(),
            on_unknown: OnUnknown::Hold,
            pace: &Pace::default(),
            may_arm: true,
            now,
        });
        match &plan.steps[..] {
            [Step::Settle { outcome: Outcome::Again { retry_at, .. }, .. }] => {
                retry_at.duration_since(now).as_secs()
            }
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(waits, [0, 1, 2, 16, 300]);
}

#[test]
fn what_was_found_armed_is_settled_before_its_game_goes_on() {
    let posts = [found_armed(), post(2, "a"), post(3, "b")];
    let steps = |under_way: &[i64], capabilities: &Capabilities| {
        let under_way: BTreeSet<PostId> = under_way.iter().copied().map(PostId).collect();
        let term = term(3, false, second(11));
        let now = second(41);
        plan(&Situation {
            posts: &posts.iter().collect::<Vec<_>>(),
            under_way: &under_way,
            capabilities,
            term,
            traffic: &Traffic::default(),
            on_unknown: OnUnknown::Hold,
            pace: &Pace::default(),
            may_arm: true,
            now,
        })
        .steps
    };
    let idempotent = Capabilities { in_flight: 2, ..channel(DAY, false) };
    let [Step::Settle { post: PostId(1), attempt: 1, outcome }, Step::Arm { post: PostId(3) }] =
        &steps(&[], &idempotent)[..]
    else {
        panic!("{:?}", steps(&[], &idempotent));
    };
    assert!(matches!(outcome, Outcome::Again { retry_at, .. } if *retry_at == second(41)));
    assert_eq!(steps(&[1], &idempotent), [Step::Arm { post: PostId(3) }], "its attempt is under way here");
    let serial = Capabilities { in_flight: 1, ..channel(Idempotency::None, true) };
    assert_eq!(steps(&[], &serial), [Step::ReadBack { post: PostId(1) }], "it may still occupy the channel");
}

#[test]
fn the_plan_wakes_when_another_owner_can_be_waited_for_no_longer() {
    let posts = [found_armed()];
    let plan = plan(&Situation {
        posts: &posts.iter().collect::<Vec<_>>(),
        under_way: &BTreeSet::new(),
        capabilities: &channel(DAY, false),
        term: term(4, false, WRITTEN_AT),
        traffic: &Traffic::default(),
        on_unknown: OnUnknown::Hold,
        pace: &Pace::default(),
        may_arm: true,
        now: second(11),
    });
    assert_eq!((plan.steps, plan.wake_at), (vec![], Some(second(45))));
}
