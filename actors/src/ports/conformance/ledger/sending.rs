//! Arm, settle, end.

use super::{conflicts, is_fenced};
use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{Attempt, End, Ledger, LedgerError, Switches};
use crate::wire::post::{Epoch, Frozen, PostId, PostState};

pub async fn arming_counts_the_attempt_and_freezes_the_bytes<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let armed = steps.armed(post).await;
    assert_eq!((armed.state, armed.attempt), (PostState::Armed, 1));
    assert_eq!((&armed.frozen, armed.arm), (&Some(frozen()), Some(arm(steps.epoch, 30))));
    assert_eq!(armed.changed_at, at(30));
    assert_eq!(ledger.open_posts(&channel()).await, Ok(vec![armed.clone().into()]));
    assert_eq!(steps.post(post).await, armed, "what was answered is what is kept");
}

pub async fn only_a_pending_post_is_armed<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let arm = arm(steps.epoch, 30);
    steps.armed(post).await;
    conflicts(&ledger.arm(post, &frozen(), &arm).await);
    assert_eq!(steps.post(post).await.attempt, 1, "a refused arm counts no attempt");
    steps.settled(post, unknown()).await;
    conflicts(&ledger.arm(post, &frozen(), &arm).await);
    ledger.resolve_post(post, Some(remote()), at(40)).await.expect("resolve");
    conflicts(&ledger.arm(post, &frozen(), &arm).await);
    let missing = ledger.arm(PostId(999), &frozen(), &arm).await;
    assert!(matches!(missing, Err(LedgerError::NotFound { .. })), "{missing:?}");
}

pub async fn an_epoch_that_is_over_cannot_arm<L: Ledger>(ledger: &L) {
    let (mut steps, post) = Steps::begin_with_a_post(ledger).await;
    let old = steps.epoch;
    let current = steps.next_epoch().await;
    let result = ledger.arm(post, &frozen(), &arm(old, 30)).await;
    assert_eq!(result, Err(LedgerError::Fenced { ours: old, current }));
    is_fenced(&ledger.arm(post, &frozen(), &arm(Epoch(current.0 + 1), 30)).await);
    let kept = steps.post(post).await;
    assert_eq!((kept.state, kept.attempt, kept.frozen), (PostState::Pending, 0, None));
}

pub async fn nothing_is_armed_while_publishing_is_stopped<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let stopped = Switches { publishing_stopped: Some(at(25)), ..Switches::default() };
    ledger.set_switches(&stopped).await.expect("stop");
    conflicts(&ledger.arm(post, &frozen(), &arm(steps.epoch, 30)).await);
    assert_eq!(steps.state(post).await, PostState::Pending);
    ledger.set_switches(&Switches::default()).await.expect("resume");
    steps.armed(post).await;
}

pub async fn a_sent_post_stays_sent<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let settled = steps.attempted(post, sent()).await;
    assert_eq!((settled.state, &settled.remote), (PostState::Sent, &Some(remote())));
    assert_eq!((&settled.reason, settled.changed_at), (&None, at(31)));
    conflicts(&ledger.settle(&steps.settle(post, 1, not_sent())).await);
    conflicts(&ledger.settle(&steps.settle(post, 1, sent())).await);
    conflicts(&ledger.end_post(post, End::Expired, "old", at(60)).await);
    conflicts(&ledger.retry_post(post, at(900), at(60)).await);
    conflicts(&ledger.discard_post(post, at(60)).await);
    conflicts(&ledger.resolve_post(post, None, at(60)).await);
    conflicts(&ledger.approve_post(post, at(60)).await);
    conflicts(&ledger.arm(post, &frozen(), &arm(steps.epoch, 60)).await);
    assert_eq!(steps.post(post).await, settled);
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
}

pub async fn a_post_not_sent_is_tried_again_with_the_same_bytes<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let back = steps.attempted(post, not_sent()).await;
    assert_eq!((back.state, back.in_doubt), (PostState::Pending, false));
    assert_eq!((back.not_before, back.reason.as_deref()), (Some(at(90)), Some("connection refused")));
    let other = Frozen { body: "other bytes".to_owned(), key: "other key".to_owned() };
    let armed = ledger.arm(post, &other, &arm(steps.epoch, 95)).await.expect("arm");
    assert_eq!((armed.attempt, armed.frozen), (2, Some(frozen())), "frozen bytes stay");
    assert_eq!((armed.not_before, armed.reason), (None, None));
    assert_eq!(armed.arm.map(|arm| arm.at), Some(at(95)));
}

pub async fn a_refused_post_has_failed<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let settled = steps.attempted(post, refused()).await;
    assert_eq!((settled.state, settled.reason.as_deref()), (PostState::Failed, Some("too long")));
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
}

pub async fn an_outcome_nobody_knows_is_held<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let settled = steps.attempted(post, unknown()).await;
    assert_eq!((settled.state, settled.reason.as_deref()), (PostState::Unknown, Some("reset")));
    assert_eq!(ledger.open_posts(&channel()).await, Ok(vec![settled.into()]), "it is still open");
    conflicts(&ledger.end_post(post, End::Expired, "old", at(60)).await);
    conflicts(&ledger.settle(&steps.settle(post, 1, sent())).await);
}

pub async fn a_post_in_doubt_goes_back_and_stays_in_doubt<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let back = steps.attempted(post, again()).await;
    assert_eq!((back.state, back.in_doubt), (PostState::Pending, true));
    assert_eq!((back.not_before, back.reason.as_deref()), (Some(at(91)), Some("timed out")));
    let back = steps.attempted(post, not_sent()).await;
    assert_eq!((back.state, back.in_doubt, back.attempt), (PostState::Pending, true, 2));
    let settled = steps.attempted(post, sent()).await;
    assert_eq!((settled.state, settled.in_doubt, settled.attempt), (PostState::Sent, false, 3));
}

pub async fn a_refusal_does_not_end_the_doubt<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, again()).await;
    let settled = steps.attempted(post, refused()).await;
    assert_eq!((settled.state, settled.in_doubt), (PostState::Unknown, true));
}

pub async fn a_settle_must_name_the_attempt_under_way<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    conflicts(&ledger.settle(&steps.settle(post, 0, sent())).await);
    conflicts(&ledger.settle(&steps.settle(post, 1, sent())).await);
    steps.attempted(post, not_sent()).await;
    steps.armed(post).await;
    conflicts(&ledger.settle(&steps.settle(post, 1, sent())).await);
    conflicts(&ledger.settle(&steps.settle(post, 3, sent())).await);
    assert_eq!(steps.state(post).await, PostState::Armed);
    let missing = ledger.settle(&steps.settle(PostId(999), 1, sent())).await;
    assert!(matches!(missing, Err(LedgerError::NotFound { .. })), "{missing:?}");
}

pub async fn the_epoch_that_armed_may_settle_what_it_knows_even_when_it_is_over<L: Ledger>(ledger: &L) {
    let mut steps = Steps::begin(ledger).await;
    for (number, outcome, expected) in
        [(1, sent(), PostState::Sent), (2, not_sent(), PostState::Pending), (3, refused(), PostState::Failed)]
    {
        let post = steps.told(number, 1).await.expect("a post").id;
        steps.armed(post).await;
        let settle = steps.settle(post, 1, outcome);
        steps.next_epoch().await;
        let settled = ledger.settle(&settle).await.expect("settle");
        assert_eq!(settled.state, expected);
    }
}

pub async fn an_epoch_that_is_over_cannot_settle_what_it_does_not_know<L: Ledger>(ledger: &L) {
    let (mut steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.armed(post).await;
    let (doubt, repeat) = (steps.settle(post, 1, unknown()), steps.settle(post, 1, again()));
    steps.next_epoch().await;
    is_fenced(&ledger.settle(&doubt).await);
    is_fenced(&ledger.settle(&repeat).await);
    assert_eq!(steps.state(post).await, PostState::Armed, "the epoch in force may still look");
}

pub async fn a_later_epoch_settles_what_an_earlier_one_left_armed<L: Ledger>(ledger: &L) {
    let (mut steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.armed(post).await;
    let first = steps.settle(post, 1, sent());
    let between = steps.next_epoch().await;
    steps.next_epoch().await;
    let stale = crate::ports::ledger::Settle { epoch: between, ..first.clone() };
    is_fenced(&ledger.settle(&stale).await);
    let settled = ledger.settle(&steps.settle(post, 1, not_sent())).await.expect("settle");
    assert_eq!(settled.state, PostState::Pending);
    conflicts(&ledger.settle(&first).await);
    steps.armed(post).await;
    conflicts(&ledger.settle(&first).await);
    assert_eq!(steps.post(post).await.attempt, 2);
}

pub async fn a_look_up_ends_a_doubt<L: Ledger>(ledger: &L) {
    let mut steps = Steps::begin(ledger).await;
    let ends = [
        (1, sent(), PostState::Sent, false),
        (2, not_sent(), PostState::Pending, false),
        (3, refused(), PostState::Failed, false),
        (4, unknown(), PostState::Unknown, true),
    ];
    for (number, outcome, expected, in_doubt) in ends {
        let post = steps.told(number, 1).await.expect("a post").id;
        steps.attempted(post, again()).await;
        let answered = steps.settle(post, 1, outcome);
        conflicts(&ledger.settle(&answered).await);
        let looked_up = crate::ports::ledger::Settle { looked_up: true, counts: false, ..answered };
        let earlier_attempt = crate::ports::ledger::Settle { attempt: 0, ..looked_up.clone() };
        conflicts(&ledger.settle(&earlier_attempt).await);
        let settled = ledger.settle(&looked_up).await.expect("settle");
        assert_eq!((settled.state, settled.in_doubt), (expected, in_doubt));
        conflicts(&ledger.settle(&looked_up).await);
    }
    let post = steps.told(5, 1).await.expect("a post").id;
    steps.attempted(post, again()).await;
    let looked_up = crate::ports::ledger::Settle { looked_up: true, ..steps.settle(post, 1, unknown()) };
    steps.next_epoch().await;
    is_fenced(&ledger.settle(&looked_up).await);
}

pub async fn every_attempt_is_remembered<L: Ledger>(ledger: &L) {
    let (mut steps, post) = Steps::begin_with_a_post(ledger).await;
    let first = steps.epoch;
    assert_eq!(steps.record(post).await.attempts, Vec::new());
    steps.attempted(post, not_sent()).await;
    steps.armed(post).await;
    let attempt = |number, epoch, settled| Attempt { number, epoch, armed_at: at(30), settled };
    let one = attempt(1, first, Some((at(31), not_sent())));
    assert_eq!(steps.record(post).await.attempts, [one.clone(), attempt(2, first, None)]);
    let second = steps.next_epoch().await;
    steps.settled(post, again()).await;
    steps.attempted(post, sent()).await;
    let expected =
        [one, attempt(2, first, Some((at(31), again()))), attempt(3, second, Some((at(31), sent())))];
    assert_eq!(steps.record(post).await.attempts, expected);
}

pub async fn a_post_that_waits_can_be_ended<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let ends = [
        (1, End::Expired, PostState::Expired),
        (2, End::Superseded, PostState::Superseded),
        (3, End::Failed, PostState::Failed),
    ];
    for (number, end, expected) in ends {
        let post = steps.told(number, 1).await.expect("a post").id;
        ledger.end_post(post, end, "the reason", at(40)).await.expect("end");
        let ended = steps.post(post).await;
        assert_eq!((ended.state, ended.reason.as_deref()), (expected, Some("the reason")));
        assert_eq!(ended.changed_at, at(40));
    }
    steps.recorded(4, 1).await;
    let mut drafts = drafts(4, 1);
    drafts.posts[0].state = PostState::AwaitingApproval;
    ledger.record_drafts(&drafts).await.expect("record");
    let post = ledger.open_posts(&channel()).await.expect("read")[0].id;
    ledger.end_post(post, End::Expired, "nobody came", at(40)).await.expect("end");
    assert_eq!(steps.state(post).await, PostState::Expired);
}

pub async fn only_a_post_that_waits_can_be_ended<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    conflicts(&ledger.end_post(post, End::Unknown, "not in doubt", at(40)).await);
    steps.armed(post).await;
    for end in [End::Expired, End::Superseded, End::Failed, End::Unknown] {
        conflicts(&ledger.end_post(post, end, "armed", at(40)).await);
    }
    steps.settled(post, refused()).await;
    conflicts(&ledger.end_post(post, End::Expired, "failed", at(40)).await);
}

pub async fn a_post_in_doubt_ends_only_as_unknown<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, again()).await;
    for end in [End::Expired, End::Superseded, End::Failed] {
        conflicts(&ledger.end_post(post, end, "too old", at(700)).await);
    }
    ledger.end_post(post, End::Unknown, "its key is spent", at(4_000)).await.expect("end");
    let ended = steps.post(post).await;
    assert_eq!((ended.state, ended.reason.as_deref()), (PostState::Unknown, Some("its key is spent")));
}
