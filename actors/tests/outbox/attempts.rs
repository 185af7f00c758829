use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::memory::channel::MemoryChannel;
use wirereport_actors::ports::channel::{Capabilities, Channel, Corrections, Idempotency, Reconciled};
use wirereport_actors::wire::outbox::{Asking, Conclusion, Retry, after_attempt, after_read_back};
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::{
    Arm, Earlier, Epoch, Halt, Operation, Outcome, Post, PostId, PostState, Remote,
};
use wirereport_actors::wire::rules::OnUnknown;

use super::book::{WRITTEN_AT, post, second};

const ASKING: Asking = Asking { since: WRITTEN_AT, counts: true };
const HOUR: Idempotency = Idempotency::For(Duration::from_secs(3600));

fn retry() -> Retry {
    Retry { attempts: 5, cap: Duration::from_secs(6), ..Retry::default() }
}

fn channel(idempotency: Idempotency, reads_back: bool) -> Capabilities {
    let read_back_lag = Duration::from_secs(8);
    Capabilities { idempotency, reads_back, read_back_lag, ..MemoryChannel::default().capabilities() }
}

fn on_attempt(attempt: u32) -> Post {
    let arm = Arm {
        epoch: Epoch(1),
        at: second(0),
        send_before: second(10),
        settle_by: second(30),
        price: Money(0),
    };
    Post { state: PostState::Armed, attempt, failures: attempt - 1, arm: Some(arm), ..post(1, "a") }
}

fn concluded(outcome: Outcome, post: &Post, capabilities: &Capabilities, now: Timestamp) -> Conclusion {
    after_attempt(outcome, post, capabilities, &retry(), now, 1.0)
}

fn not_sent(retry_at: Timestamp) -> Outcome {
    Outcome::NotSent { reason: "busy".to_owned(), retry_at }
}

fn unknown(reason: &str) -> Outcome {
    Outcome::Unknown { reason: reason.to_owned() }
}

#[test]
fn the_wait_doubles_to_its_cap_and_at_least_half_of_it_is_kept() {
    let waits = |jitter| {
        (1..5).map(move |attempt| {
            let (now, capabilities) = (second(0), channel(HOUR, false));
            let outcome = not_sent(now);
            match after_attempt(outcome, &on_attempt(attempt), &capabilities, &retry(), now, jitter) {
                Conclusion::Settle(Outcome::NotSent { retry_at, .. }) => {
                    retry_at.duration_since(now).as_millis()
                }
                other => panic!("{other:?}"),
            }
        })
    };
    assert!(waits(1.0).eq([1000, 2000, 4000, 6000]));
    assert!(waits(0.0).eq([500, 1000, 2000, 3000]));
}

#[test]
fn a_later_time_that_the_channel_asks_for_is_kept() {
    let conclusion = concluded(not_sent(second(90)), &on_attempt(1), &channel(HOUR, false), second(1));
    assert_eq!(conclusion, Conclusion::Settle(not_sent(second(90))));
}

#[test]
fn a_halted_channel_is_left_alone_until_an_operator_can_have_mended_it_and_for_a_day_where_it_is_gone() {
    for (halt, wait) in [(Halt::NeedsAuth, 900), (Halt::OutOfCredit, 900), (Halt::Gone, 86_400)] {
        let halted = |retry_at| Outcome::Halted { halt, reason: "no".to_owned(), retry_at: second(retry_at) };
        let concluded = |outcome| concluded(outcome, &on_attempt(50), &channel(HOUR, false), second(1));
        assert_eq!(concluded(halted(1)), Conclusion::Settle(halted(1 + wait)));
        assert_eq!(concluded(halted(60)), Conclusion::Settle(halted(60)), "it says when");
    }
}

#[test]
fn a_post_out_of_attempts_is_refused() {
    let conclusion = concluded(not_sent(second(90)), &on_attempt(5), &channel(HOUR, false), second(1));
    let reason = "busy, after 5 attempts".to_owned();
    assert_eq!(conclusion, Conclusion::Settle(Outcome::Refused { reason }));
}

#[test]
fn a_post_in_doubt_is_never_said_to_be_absent() {
    let in_doubt = Post { in_doubt: true, ..on_attempt(5) };
    let refused = Outcome::Refused { reason: "gone".to_owned() };
    for (outcome, reason) in [(not_sent(second(1)), "busy, after 5 attempts"), (refused, "gone")] {
        let expected = unknown(&format!("{reason}; an earlier attempt may be on the channel"));
        let conclusion = concluded(outcome, &in_doubt, &channel(HOUR, false), second(1));
        assert_eq!(conclusion, Conclusion::Settle(expected));
    }
}

#[test]
fn an_unknown_is_sent_again_within_the_window() {
    for idempotency in [HOUR, Idempotency::Forever] {
        let capabilities = channel(idempotency, true);
        let conclusion = concluded(unknown("cut off"), &on_attempt(1), &capabilities, second(10));
        let reason = "cut off".to_owned();
        let expected = Outcome::Again { reason, retry_at: second(11) };
        assert_eq!(conclusion, Conclusion::Settle(expected));
    }
}

#[test]
fn an_unknown_outside_the_window_is_looked_up_and_else_stays_unknown() {
    for (idempotency, now) in [(Idempotency::None, second(9)), (HOUR, second(3600))] {
        let looked_up = concluded(unknown("cut off"), &on_attempt(1), &channel(idempotency, true), now);
        assert_eq!(looked_up, Conclusion::ReadBack { at: now.checked_add(Duration::from_secs(8)).unwrap() });
        let held = concluded(unknown("cut off"), &on_attempt(1), &channel(idempotency, false), now);
        assert_eq!(held, Conclusion::Settle(unknown("cut off")));
    }
}

#[test]
fn an_attempt_that_took_all_its_time_is_looked_up_when_what_left_late_in_it_has_arrived() {
    for (now, looks_at) in [(second(9), second(17)), (second(10), second(38)), (second(35), second(43))] {
        let readable = channel(Idempotency::None, true);
        let conclusion = concluded(unknown("no answer"), &on_attempt(1), &readable, now);
        assert_eq!(conclusion, Conclusion::ReadBack { at: looks_at });
    }
}

#[test]
fn an_unknown_out_of_attempts_stays_unknown() {
    let conclusion = concluded(unknown("cut off"), &on_attempt(5), &channel(HOUR, false), second(1));
    assert_eq!(conclusion, Conclusion::Settle(unknown("cut off, after 5 attempts")));
}

#[test]
fn attempts_that_ended_with_their_sender_or_the_channel_use_up_nothing() {
    let killed = Post { failures: 0, ..on_attempt(50) };
    let conclusion =
        concluded(unknown("cut off"), &killed, &channel(Idempotency::Forever, false), second(10));
    let reason = "cut off".to_owned();
    assert_eq!(conclusion, Conclusion::Settle(Outcome::Again { reason, retry_at: second(11) }));
    let capabilities = channel(Idempotency::None, true);
    let after = |post: &Post, counts| {
        let asking = Asking { counts, ..ASKING };
        after_read_back(Reconciled::Absent, post, asking, &capabilities, &retry(), second(40))
    };
    let goes_on = |conclusion| matches!(conclusion, Conclusion::Settle(Outcome::NotSent { .. }));
    assert!(goes_on(after(&killed, false)));
    assert!(goes_on(after(&on_attempt(5), false)), "it has one more");
    assert!(!goes_on(after(&on_attempt(5), true)));
}

#[test]
fn where_nobody_can_tell_the_operator_may_have_it_sent_again_until_its_attempts_are_spent() {
    let resend = Retry { on_unknown: OnUnknown::Resend, ..retry() };
    let blind = channel(Idempotency::None, false);
    let conclusion = |post| after_attempt(unknown("cut off"), &post, &blind, &resend, second(10), 1.0);
    let again = |retry_at| Conclusion::Settle(Outcome::Again { reason: "cut off".to_owned(), retry_at });
    assert_eq!(conclusion(on_attempt(1)), again(second(11)));
    let spent = Conclusion::Settle(unknown("cut off, after 5 attempts"));
    assert_eq!(conclusion(on_attempt(5)), spent);

    let readable = channel(Idempotency::None, true);
    let first = after_attempt(unknown("cut off"), &on_attempt(1), &readable, &resend, second(9), 1.0);
    assert_eq!(first, Conclusion::ReadBack { at: second(17) }, "what can be asked is asked first");
    let away = Reconciled::CannotTell { reason: "cut off".to_owned() };
    let asked = after_read_back(away, &on_attempt(1), ASKING, &readable, &resend, second(143));
    assert_eq!(asked, again(second(144)));
}

#[test]
fn a_look_up_decides_and_is_repeated_while_the_channel_cannot_be_asked() {
    let capabilities = channel(Idempotency::None, true);
    let after = |found, now| after_read_back(found, &on_attempt(1), ASKING, &capabilities, &retry(), now);
    let remote = Remote { id: "7".to_owned(), url: None };
    let found = after(Reconciled::Found(remote.clone()), second(40));
    assert_eq!(found, Conclusion::Settle(Outcome::Sent { remote }));
    let Conclusion::Settle(Outcome::NotSent { retry_at, .. }) = after(Reconciled::Absent, second(40)) else {
        panic!("what is surely absent is sent");
    };
    assert_eq!(retry_at, second(40));
    let away = || Reconciled::CannotTell { reason: "HTTP 503".to_owned() };
    assert_eq!(after(away(), second(40)), Conclusion::ReadBack { at: second(48) });
    assert_eq!(after(away(), second(143)), Conclusion::Settle(unknown("HTTP 503")));
}

#[test]
fn look_ups_are_as_close_and_as_long_as_the_settings_want() {
    let shown_at_once = Capabilities { read_back_lag: Duration::ZERO, ..channel(Idempotency::None, true) };
    let away = || Reconciled::CannotTell { reason: "HTTP 503".to_owned() };
    let after = |seconds, now| {
        let retry = Retry { read_back_for: Duration::from_secs(seconds), ..retry() };
        after_read_back(away(), &on_attempt(1), ASKING, &shown_at_once, &retry, now)
    };
    assert_eq!(after(120, second(40)), Conclusion::ReadBack { at: second(45) });
    assert_eq!(after(24, second(40)), Conclusion::ReadBack { at: second(41) });
    assert_eq!(after(24, second(54)), Conclusion::Settle(unknown("HTTP 503")));
}

#[test]
fn what_is_looked_up_long_after_its_attempt_is_asked_about_with_the_same_patience() {
    let capabilities = channel(Idempotency::None, true);
    let asking = Asking { since: second(5_000), counts: false };
    let after = |now| {
        let away = Reconciled::CannotTell { reason: "HTTP 503".to_owned() };
        after_read_back(away, &on_attempt(1), asking, &capabilities, &retry(), now)
    };
    assert_eq!(after(second(5_000)), Conclusion::ReadBack { at: second(5_008) });
    assert_eq!(after(second(5_119)), Conclusion::Settle(unknown("HTTP 503")));
}

#[test]
fn a_change_of_what_stands_there_is_repeated_though_nobody_can_tell_what_became_of_it() {
    let told = Remote { id: "7".to_owned(), url: None };
    let earlier = Earlier { id: PostId(9), state: PostState::Sent, remote: Some(told) };
    for reads_back in [false, true] {
        let edits = Capabilities { corrections: Corrections::Edit, ..channel(Idempotency::None, reads_back) };
        for operation in [Operation::Edit, Operation::Delete] {
            let change = Post { operation, earlier: Some(earlier.clone()), ..on_attempt(1) };
            let conclusion = after_attempt(unknown("cut off"), &change, &edits, &retry(), second(10), 1.0);
            let again = Outcome::Again { reason: "cut off".to_owned(), retry_at: second(11) };
            assert_eq!(conclusion, Conclusion::Settle(again));
            let nothing_to_change = Post { earlier: None, ..change };
            let conclusion =
                after_attempt(unknown("cut off"), &nothing_to_change, &edits, &retry(), second(10), 1.0);
            assert!(!matches!(conclusion, Conclusion::Settle(Outcome::Again { .. })), "{conclusion:?}");
        }
    }
}
