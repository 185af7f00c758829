//! Newer revisions of a story, and what becomes of the earlier ones' posts.

use super::conflicts;
use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{Drafts, Ledger};
use crate::wire::post::{ChannelName, Earlier, PostId, PostState};

fn earlier(id: PostId, state: PostState) -> Option<Earlier> {
    let remote = (state == PostState::Sent).then(remote);
    Some(Earlier { id, state, remote })
}

pub async fn a_newer_revision_supersedes_what_waits_when_it_is_recorded<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    let other = ChannelName("other".to_owned());
    let posts = vec![new_post(&channel(), PostState::Pending), new_post(&other, PostState::AwaitingApproval)];
    ledger.record_drafts(&Drafts { posts, ..drafts(1, 1) }).await.expect("record");
    let pending = ledger.open_posts(&channel()).await.expect("read")[0].id;
    let awaiting = ledger.open_posts(&other).await.expect("read")[0].id;
    let bystander = steps.told(2, 1).await.expect("a post").id;
    steps.recorded(1, 2).await;
    for post in [pending, awaiting] {
        let post = steps.post(post).await;
        assert_eq!((post.state, post.changed_at), (PostState::Superseded, at(15)));
        assert!(post.reason.is_some());
    }
    conflicts(&ledger.arm(pending, &frozen(), &arm(steps.epoch, 30)).await);
    assert_eq!(steps.state(bystander).await, PostState::Pending);
}

pub async fn nothing_follows_where_nothing_was_told<L: Ledger>(ledger: &L) {
    let (steps, _) = Steps::begin_with_a_post(ledger).await;
    assert_eq!(steps.told(1, 2).await, None);
    let records = ledger.story(&story_id(1)).await.expect("read");
    assert_eq!(records[1].written_at, Some(at(20)));
    assert!(records[1].notes.iter().any(|note| note.contains("wire")), "{:?}", records[1].notes);

    let refused = steps.told(2, 1).await.expect("a post").id;
    steps.attempted(refused, crate::ports::conformance::fixtures::refused()).await;
    assert_eq!(steps.told(2, 2).await, None);
    assert_eq!(steps.state(refused).await, PostState::Failed);
}

pub async fn a_revision_follows_what_was_sent<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(first, sent()).await;
    let second = steps.told(1, 2).await.expect("a post");
    assert_eq!(second.state, PostState::Pending);
    assert_eq!(second.earlier, earlier(first, PostState::Sent));
    let armed = steps.armed(second.id).await;
    assert_eq!(armed.earlier, earlier(first, PostState::Sent));
    let settled = steps.settled(second.id, sent()).await;
    assert_eq!(settled.earlier, earlier(first, PostState::Sent));
    assert_eq!(steps.state(first).await, PostState::Sent);
}

pub async fn a_revision_waits_for_what_is_armed<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.armed(first).await;
    let second = steps.told(1, 2).await.expect("a post");
    assert_eq!(second.earlier, earlier(first, PostState::Armed));
    assert_eq!(steps.state(first).await, PostState::Armed);
    steps.settled(first, sent()).await;
    let open = ledger.open_posts(&channel()).await.expect("read");
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].state, &open[0].earlier), (PostState::Pending, &earlier(first, PostState::Sent)));
}

pub async fn a_follower_goes_when_the_earlier_post_was_refused<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.armed(first).await;
    let second = steps.told(1, 2).await.expect("a post").id;
    assert_eq!(steps.settled(first, refused()).await.state, PostState::Failed);
    assert_eq!(steps.state(second).await, PostState::Superseded);
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
}

pub async fn neither_leaves_when_the_earlier_attempt_was_not_sent<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.armed(first).await;
    let second = steps.told(1, 2).await.expect("a post").id;
    let settled = steps.settled(first, not_sent()).await;
    assert_eq!(settled.state, PostState::Superseded, "what is known to be wrong is not tried again");
    assert_eq!(steps.state(second).await, PostState::Superseded);
}

pub async fn a_revision_is_held_by_an_unknown_post<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    for (number, found) in [(1, Some(remote())), (2, None)] {
        let first = steps.told(number, 1).await.expect("a post").id;
        steps.attempted(first, unknown()).await;
        let second = steps.told(number, 2).await.expect("a post");
        assert_eq!(second.earlier, earlier(first, PostState::Unknown));
        let expected = match &found {
            Some(_) => (PostState::Sent, PostState::Pending),
            None => (PostState::Superseded, PostState::Superseded),
        };
        let resolved = ledger.resolve_post(first, found, at(40)).await.expect("resolve");
        assert_eq!((resolved.state, steps.state(second.id).await), expected);
    }
}

pub async fn a_post_in_doubt_is_followed_and_not_superseded<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(first, again()).await;
    let second = steps.told(1, 2).await.expect("a post");
    assert_eq!(second.earlier, earlier(first, PostState::Pending));
    assert_eq!(steps.state(first).await, PostState::Pending);
    steps.attempted(first, sent()).await;
    assert_eq!(steps.post(second.id).await.earlier, earlier(first, PostState::Sent));
}

pub async fn a_third_revision_follows_what_was_told_last<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(first, sent()).await;
    let second = steps.told(1, 2).await.expect("a post").id;
    let third = steps.told(1, 3).await.expect("a post");
    assert_eq!(steps.state(second).await, PostState::Superseded);
    assert_eq!(third.earlier, earlier(first, PostState::Sent));
    steps.attempted(third.id, sent()).await;
    let fourth = steps.told(1, 4).await.expect("a post");
    assert_eq!(fourth.earlier, earlier(third.id, PostState::Sent));
}

pub async fn a_follower_falls_back_on_what_was_told_before<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(first, sent()).await;
    let second = steps.told(1, 2).await.expect("a post").id;
    steps.armed(second).await;
    let third = steps.told(1, 3).await.expect("a post");
    assert_eq!(third.earlier, earlier(second, PostState::Armed));
    steps.settled(second, refused()).await;
    let third = steps.post(third.id).await;
    assert_eq!((third.state, third.earlier), (PostState::Pending, earlier(first, PostState::Sent)));
}

pub async fn an_overtaken_post_cannot_be_retried<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(first, refused()).await;
    steps.recorded(1, 2).await;
    conflicts(&ledger.retry_post(first, at(900), at(50)).await);
    assert_eq!(steps.state(first).await, PostState::Failed);
}

pub async fn drafts_that_come_after_a_newer_revision_make_no_posts<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    steps.recorded(1, 2).await;
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![revision(1, 1), revision(1, 2)]));
    for revision in [1, 2] {
        ledger.record_drafts(&drafts(1, revision)).await.expect("record");
    }
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
    assert_eq!(ledger.unwritten_stories(9).await, Ok(Vec::new()));
    for record in ledger.story(&story_id(1)).await.expect("read") {
        assert_eq!(record.notes.len(), 1, "it says why: {:?}", record.notes);
    }
}

pub async fn an_untold_revision_supersedes_all_the_same<L: Ledger>(ledger: &L) {
    let (steps, first) = Steps::begin_with_a_post(ledger).await;
    let silent = poll(steps.epoch, 16, vec![untold(revision(1, 2))]);
    ledger.record_poll(&silent).await.expect("record");
    assert_eq!(steps.state(first).await, PostState::Superseded);
}
