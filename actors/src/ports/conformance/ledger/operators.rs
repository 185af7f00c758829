//! What operators do.

use super::{conflicts, is_fenced};
use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{End, Ledger, LedgerError, Switches};
use crate::wire::alert::{AlertBook, AlertKind, AlertRules, Condition};
use crate::wire::post::{PostId, PostState};

async fn awaiting<L: Ledger>(steps: &Steps<'_, L>, number: u32) -> PostId {
    steps.recorded(number, 1).await;
    let mut drafts = drafts(number, 1);
    drafts.posts[0].state = PostState::AwaitingApproval;
    steps.ledger.record_drafts(&drafts).await.expect("record");
    let posts = steps.ledger.open_posts(&channel()).await.expect("read");
    posts.iter().find(|post| post.story == story_id(number)).expect("a post").id
}

pub async fn an_approved_post_may_leave<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let post = awaiting(&steps, 1).await;
    conflicts(&ledger.arm(post, &frozen(), &arm(steps.epoch, 30)).await);
    let approved = ledger.approve_post(post, at(25)).await.expect("approve");
    assert_eq!((approved.state, approved.changed_at), (PostState::Pending, at(25)));
    steps.armed(post).await;
}

pub async fn only_a_timely_post_that_awaits_approval_is_approved<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let post = awaiting(&steps, 1).await;
    conflicts(&ledger.approve_post(post, at(600)).await);
    assert_eq!(steps.state(post).await, PostState::AwaitingApproval);
    ledger.approve_post(post, at(599)).await.expect("approve");
    conflicts(&ledger.approve_post(post, at(599)).await);
}

pub async fn an_edited_post_leaves_with_its_new_text<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let post = awaiting(&steps, 1).await;
    let edited = ledger.edit_post(post, "Better said.", "editor", at(22)).await.expect("edit");
    assert_eq!((edited.state, edited.title), (PostState::AwaitingApproval, None));
    let approved = ledger.approve_post(post, at(25)).await.expect("approve");
    assert_eq!((approved.text.as_str(), approved.author.as_str()), ("Better said.", "editor"));
    steps.armed(post).await;
}

pub async fn a_rejected_post_stays_away_with_its_reason<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let post = awaiting(&steps, 1).await;
    let rejected = ledger.reject_post(post, "not news", at(22)).await.expect("reject");
    assert_eq!((rejected.state, rejected.reason.as_deref()), (PostState::Discarded, Some("not news")));
    conflicts(&ledger.approve_post(post, at(25)).await);
}

pub async fn only_a_post_that_awaits_approval_is_edited_or_rejected<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let pending = steps.told(1, 1).await.expect("a post").id;
    conflicts(&ledger.edit_post(pending, "Otherwise.", "editor", at(30)).await);
    conflicts(&ledger.reject_post(pending, "no", at(30)).await);
    assert_eq!(steps.state(pending).await, PostState::Pending);
}

pub async fn what_ended_untold_can_be_retried<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    for number in 1..=4 {
        let post = steps.told(number, 1).await.expect("a post").id;
        match number {
            1 => drop(steps.attempted(post, refused()).await),
            2 => ledger.end_post(post, End::Expired, "old", at(40)).await.expect("end"),
            3 => drop(ledger.discard_post(post, at(40)).await.expect("discard")),
            _ => {
                steps.attempted(post, again()).await;
                ledger.end_post(post, End::Unknown, "spent", at(40)).await.expect("end");
            }
        }
        let retried = ledger.retry_post(post, at(900), at(50)).await.expect("retry");
        assert_eq!((retried.state, retried.send_before), (PostState::Pending, at(900)));
        assert_eq!((retried.not_before, &retried.reason, retried.in_doubt), (None, &None, false));
        let armed = steps.armed(post).await;
        assert_eq!(armed.attempt, if matches!(number, 1 | 4) { 2 } else { 1 });
        steps.settled(post, sent()).await;
    }
}

pub async fn what_waits_or_is_told_cannot_be_retried<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    conflicts(&ledger.retry_post(post, at(900), at(25)).await);
    steps.armed(post).await;
    conflicts(&ledger.retry_post(post, at(900), at(32)).await);
    steps.settled(post, sent()).await;
    conflicts(&ledger.retry_post(post, at(900), at(32)).await);
    let held = awaiting(&steps, 2).await;
    conflicts(&ledger.retry_post(held, at(900), at(32)).await);
    let over = steps.told(3, 1).await.expect("a post").id;
    ledger.end_post(over, End::Superseded, "newer", at(40)).await.expect("end");
    conflicts(&ledger.retry_post(over, at(900), at(50)).await);
}

pub async fn only_what_surely_did_not_leave_is_discarded<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let dropped = ledger.discard_post(post, at(25)).await.expect("discard");
    assert_eq!((dropped.state, dropped.changed_at), (PostState::Discarded, at(25)));
    conflicts(&ledger.discard_post(post, at(26)).await);
    let held = awaiting(&steps, 2).await;
    ledger.discard_post(held, at(25)).await.expect("discard");

    let armed = steps.told(3, 1).await.expect("a post").id;
    steps.armed(armed).await;
    conflicts(&ledger.discard_post(armed, at(33)).await);
    steps.settled(armed, again()).await;
    conflicts(&ledger.discard_post(armed, at(33)).await);
    steps.attempted(armed, unknown()).await;
    conflicts(&ledger.discard_post(armed, at(33)).await);
    assert_eq!(steps.state(armed).await, PostState::Unknown);

    let failed = steps.told(4, 1).await.expect("a post").id;
    steps.attempted(failed, refused()).await;
    ledger.discard_post(failed, at(33)).await.expect("discard");
    let expired = steps.told(5, 1).await.expect("a post").id;
    ledger.end_post(expired, End::Expired, "old", at(40)).await.expect("end");
    ledger.discard_post(expired, at(41)).await.expect("discard");
}

pub async fn an_unknown_post_is_resolved_as_sent<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, unknown()).await;
    let resolved = ledger.resolve_post(post, Some(remote()), at(40)).await.expect("resolve");
    assert_eq!((resolved.state, resolved.remote), (PostState::Sent, Some(remote())));
    assert_eq!((resolved.reason, resolved.changed_at), (None, at(40)));
}

pub async fn an_unknown_post_is_resolved_as_not_sent<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, again()).await;
    steps.attempted(post, unknown()).await;
    let resolved = ledger.resolve_post(post, None, at(40)).await.expect("resolve");
    assert_eq!((resolved.state, resolved.in_doubt), (PostState::Pending, false));
    let armed = steps.armed(post).await;
    assert_eq!((armed.attempt, armed.frozen), (3, Some(frozen())));
}

pub async fn only_an_unknown_post_is_resolved<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    conflicts(&ledger.resolve_post(post, Some(remote()), at(40)).await);
    steps.armed(post).await;
    conflicts(&ledger.resolve_post(post, None, at(40)).await);
    steps.settled(post, refused()).await;
    conflicts(&ledger.resolve_post(post, Some(remote()), at(40)).await);
    assert_eq!(steps.state(post).await, PostState::Failed);
}

pub async fn switches_are_kept<L: Ledger>(ledger: &L) {
    assert_eq!(ledger.switches().await, Ok(Switches::default()));
    let switches =
        Switches { publishing_stopped: Some(at(3)), paused: vec!["nba".to_owned(), "x".to_owned()] };
    ledger.set_switches(&switches).await.expect("set");
    assert_eq!(ledger.switches().await, Ok(switches));
    ledger.set_switches(&Switches::default()).await.expect("set");
    assert_eq!(ledger.switches().await, Ok(Switches::default()));
}

pub async fn the_book_of_alerts_is_kept_by_who_leads<L: Ledger>(ledger: &L) {
    let earlier = ledger.mint_epoch("a", at(1)).await.expect("minted");
    assert_eq!(ledger.alerts().await, Ok(AlertBook::default()));
    let condition = Condition {
        kind: AlertKind::UnknownPost,
        subject: "7".to_owned(),
        detail: "nobody can tell".to_owned(),
    };
    let mut book = AlertBook::default();
    book.look(&[condition], &["webhook".to_owned()].into(), &AlertRules::default(), at(2));
    ledger.set_alerts(earlier, &book).await.expect("set");
    assert_eq!(ledger.alerts().await, Ok(book.clone()));
    ledger.mint_epoch("b", at(3)).await.expect("minted");
    is_fenced(&ledger.set_alerts(earlier, &AlertBook::default()).await);
    assert_eq!(ledger.alerts().await, Ok(book));
}

pub async fn what_is_not_there_is_said_to_be_missing<L: Ledger>(ledger: &L) {
    let nobody = PostId(7);
    let missing = |error| assert!(matches!(error, Some(LedgerError::NotFound { .. })), "{error:?}");
    missing(ledger.end_post(nobody, End::Expired, "old", at(1)).await.err());
    missing(ledger.retry_post(nobody, at(9), at(1)).await.err());
    missing(ledger.approve_post(nobody, at(1)).await.err());
    missing(ledger.discard_post(nobody, at(1)).await.err());
    missing(ledger.resolve_post(nobody, None, at(1)).await.err());
    assert_eq!(ledger.post(nobody).await, Ok(None));
    assert_eq!(ledger.story(&story_id(1)).await, Ok(Vec::new()));
}
