//! Channels that are halted as a whole.

use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::Ledger;
use crate::wire::post::{ChannelName, Halt, Halted, Outcome, PostState};

fn halted(halt: Halt, retry_at: i64) -> Outcome {
    Outcome::Halted { halt, reason: "the platform says so".to_owned(), retry_at: at(retry_at) }
}

fn expected(halt: Halt, since: i64, retry_at: i64) -> Halted {
    let reason = "the platform says so".to_owned();
    Halted { halt, reason, since: at(since), retry_at: at(retry_at) }
}

pub async fn a_halt_is_the_channels_and_its_post_waits<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    assert_eq!(ledger.halted(&channel()).await, Ok(None));
    let settled = steps.attempted(post, halted(Halt::NeedsAuth, 900)).await;
    assert_eq!((settled.state, settled.in_doubt, settled.not_before), (PostState::Pending, false, None));
    assert_eq!(settled.reason.as_deref(), Some("the platform says so"));
    assert_eq!(ledger.halted(&channel()).await, Ok(Some(expected(Halt::NeedsAuth, 31, 900))));
    assert_eq!(ledger.halted(&ChannelName("another".to_owned())).await, Ok(None));
}

pub async fn a_halt_lasts_until_an_attempt_succeeds<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, halted(Halt::OutOfCredit, 900)).await;
    steps.attempted(post, not_sent()).await;
    steps.attempted(post, halted(Halt::OutOfCredit, 1_800)).await;
    let kept = ledger.halted(&channel()).await;
    assert_eq!(kept, Ok(Some(expected(Halt::OutOfCredit, 31, 1_800))), "since it began");
    ledger.arm(post, &frozen(), &arm(steps.epoch, 1_900)).await.expect("arm");
    steps.settled(post, sent()).await;
    assert_eq!(ledger.halted(&channel()).await, Ok(None));
}

pub async fn an_attempt_that_began_before_a_halt_does_not_end_it<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let second = steps.told(2, 1).await.expect("a post").id;
    steps.armed(second).await;
    steps.attempted(post, halted(Halt::RateLimited, 900)).await;
    steps.settled(second, sent()).await;
    assert_eq!(ledger.halted(&channel()).await, Ok(Some(expected(Halt::RateLimited, 31, 900))));
}

pub async fn the_epoch_that_armed_may_say_that_the_channel_is_halted<L: Ledger>(ledger: &L) {
    let (mut steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.armed(post).await;
    let settle = steps.settle(post, 1, halted(Halt::NeedsAuth, 900));
    steps.next_epoch().await;
    assert_eq!(ledger.settle(&settle).await.expect("settle").state, PostState::Pending);
    assert!(ledger.halted(&channel()).await.expect("read").is_some());
}

pub async fn an_operator_has_a_channel_tried_again_but_lifts_no_rate_limit<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    ledger.try_again(None, at(40)).await.expect("nothing is halted");
    steps.attempted(post, halted(Halt::NeedsAuth, 900)).await;
    ledger.try_again(Some(&ChannelName("another".to_owned())), at(40)).await.expect("another");
    assert_eq!(ledger.halted(&channel()).await, Ok(Some(expected(Halt::NeedsAuth, 31, 900))));
    ledger.try_again(Some(&channel()), at(40)).await.expect("try again");
    assert_eq!(ledger.halted(&channel()).await, Ok(Some(expected(Halt::NeedsAuth, 31, 40))));
    ledger.try_again(None, at(50)).await.expect("try again");
    assert_eq!(ledger.halted(&channel()).await, Ok(Some(expected(Halt::NeedsAuth, 31, 40))));
    steps.attempted(post, halted(Halt::RateLimited, 900)).await;
    ledger.try_again(None, at(50)).await.expect("try again");
    assert_eq!(ledger.halted(&channel()).await, Ok(Some(expected(Halt::RateLimited, 31, 900))));
}
