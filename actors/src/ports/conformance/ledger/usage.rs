//! What left a channel and what it cost; what counts against a post.

use jiff::Timestamp;

use super::conflicts;
use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{Ledger, Settle};
use crate::wire::pace::{Money, Since, Usage};
use crate::wire::post::{Arm, ChannelName, Halt, Outcome, PostId, PostState};

fn since(departures: i64, today: i64, this_month: i64) -> Since {
    Since { departures: at(departures), today: at(today), this_month: at(this_month) }
}

fn usage(departures: &[i64], today: u64, this_month: u64) -> Usage {
    let departures: Vec<Timestamp> = departures.iter().map(|second| at(*second)).collect();
    Usage { departures, today: Money(today), this_month: Money(this_month) }
}

async fn left<L: Ledger>(steps: &Steps<'_, L>, number: u32, price: u64, outcome: Option<Outcome>) -> PostId {
    let post = steps.told(number, 1).await.expect("a post").id;
    let arm = Arm { price: Money(price), ..arm(steps.epoch, 29 + i64::from(number)) };
    steps.ledger.arm(post, &frozen(), &arm).await.expect("arm");
    if let Some(outcome) = outcome {
        steps.settled(post, outcome).await;
    }
    post
}

pub async fn what_left_or_may_have_is_counted_with_its_price<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    assert_eq!(ledger.usage(&channel(), &since(0, 0, 0)).await, Ok(Usage::default()));
    left(&steps, 1, 15_000, Some(sent())).await;
    left(&steps, 2, 200_000, Some(unknown())).await;
    left(&steps, 3, 15_000, Some(again())).await;
    left(&steps, 4, 15_000, None).await;
    left(&steps, 5, 15_000, Some(not_sent())).await;
    left(&steps, 6, 15_000, Some(refused())).await;
    let counted = usage(&[30, 31, 32, 33], 245_000, 245_000);
    assert_eq!(ledger.usage(&channel(), &since(0, 0, 0)).await, Ok(counted));
    let counted = usage(&[32, 33], 15_000, 230_000);
    assert_eq!(ledger.usage(&channel(), &since(32, 33, 31)).await, Ok(counted), "each from its own time on");
    let another = ledger.usage(&ChannelName("another".to_owned()), &since(0, 0, 0)).await;
    assert_eq!(another, Ok(Usage::default()));
}

pub async fn what_turns_out_not_to_have_left_is_not_counted<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let lost = left(&steps, 1, 15_000, Some(unknown())).await;
    let found = left(&steps, 2, 15_000, Some(unknown())).await;
    ledger.resolve_post(lost, None, at(40)).await.expect("resolve");
    ledger.resolve_post(found, Some(remote()), at(40)).await.expect("resolve");
    assert_eq!(ledger.usage(&channel(), &since(0, 0, 0)).await, Ok(usage(&[31], 15_000, 15_000)));
}

pub async fn a_post_that_is_sent_again_is_counted_once<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let post = left(&steps, 1, 15_000, Some(again())).await;
    let arm = Arm { price: Money(15_000), ..arm(steps.epoch, 50) };
    ledger.arm(post, &frozen(), &arm).await.expect("arm");
    steps.settled(post, sent()).await;
    assert_eq!(ledger.usage(&channel(), &since(0, 0, 0)).await, Ok(usage(&[50], 15_000, 15_000)));
}

pub async fn only_what_came_to_nothing_by_itself_counts_against_a_post<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let halted = Outcome::Halted { halt: Halt::NeedsAuth, reason: "no".to_owned(), retry_at: at(900) };
    steps.attempted(post, not_sent()).await;
    steps.attempted(post, again()).await;
    assert_eq!(steps.attempted(post, halted).await.failures, 2);
    steps.armed(post).await;
    let cut_off = Settle { counts: false, ..steps.settle(post, 4, again()) };
    let back = ledger.settle(&cut_off).await.expect("settle");
    assert_eq!((back.attempt, back.failures), (4, 2));
    let unknown = steps.attempted(post, unknown()).await;
    assert_eq!((unknown.attempt, unknown.failures), (5, 3));
    let again = ledger.retry_post(post, at(900), at(60)).await.expect("retry");
    assert_eq!((again.attempt, again.failures), (5, 0), "an operator's word is a new beginning");
}

pub async fn a_post_keeps_the_time_before_which_it_must_not_leave<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    let mut drafts = drafts(1, 1);
    drafts.posts[0].not_before = Some(at(100));
    ledger.record_drafts(&drafts).await.expect("record");
    let post = ledger.open_posts(&channel()).await.expect("read")[0].clone();
    assert_eq!(post.not_before, Some(at(100)));
    ledger.discard_post(post.id, at(40)).await.expect("discard");
    let again = ledger.retry_post(post.id, at(900), at(50)).await.expect("retry");
    assert_eq!((again.state, again.not_before), (PostState::Pending, Some(at(100))), "it never left");
    steps.attempted(post.id, refused()).await;
    let again = ledger.retry_post(post.id, at(900), at(60)).await.expect("retry");
    assert_eq!(again.not_before, None);
    conflicts(&ledger.retry_post(post.id, at(900), at(60)).await);
}
