//! From stories to posts.

use super::conflicts;
use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{Drafts, Ledger, LedgerError};
use crate::wire::brief::Refused;
use crate::wire::digest::{self, Digest};
use crate::wire::post::{ChannelName, Operation, PostState};
use crate::wire::story::{Story, StoryId};

pub async fn a_digest_is_a_written_story_with_one_post_and_recorded_once<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.told(1, 1).await;
    let id = StoryId("digest/feed/40".to_owned());
    let story = Story { id, game: digest::game(&channel()), ..story(1) };
    let digest = Digest { story, post: drafts(1, 1).posts[0].clone(), tells: Vec::new() };
    for _ in 0..2 {
        ledger.record_digest(&digest, at(40)).await.expect("record");
    }
    let record = ledger.story(&digest.story.id).await.expect("read")[0].clone();
    assert_eq!((&record.story, record.written_at), (&digest.story, Some(at(40))));
    let posts = ledger.open_posts(&channel()).await.expect("read");
    assert_eq!(posts.len(), 2);
    assert_eq!((&posts[1].story, &posts[1].text), (&digest.story.id, &digest.post.text));
    assert_eq!((posts[1].state, posts[1].game.clone()), (PostState::Pending, digest::game(&channel())));
    assert_eq!(ledger.unwritten_stories(9).await, Ok(Vec::new()));
    steps.attempted(posts[1].id, sent()).await;
}

fn refused(code: &str) -> Refused {
    Refused {
        author: "model:small".to_owned(),
        code: code.to_owned(),
        reason: "it is wrong".to_owned(),
        text: "HOM 9, AWY 0".to_owned(),
    }
}

pub async fn drafts_are_recorded_with_all_their_posts<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    let other = ChannelName("other".to_owned());
    let mut held = new_post(&other, PostState::AwaitingApproval);
    held.title = None;
    let drafts = Drafts {
        posts: vec![new_post(&channel(), PostState::Pending), held],
        notes: vec!["the model's text was refused".to_owned()],
        refused: vec![refused("score"), refused("score"), refused("empty")],
        ..drafts(1, 1)
    };
    ledger.record_drafts(&drafts).await.expect("record");

    let record = &ledger.story(&story_id(1)).await.expect("read")[0];
    assert_eq!((record.written_at, &record.notes), (Some(drafts.at), &drafts.notes));
    assert_eq!(record.refused, drafts.refused);
    ledger.record_drafts(&drafts).await.expect("record again");
    let counts = ledger.refusals().await.expect("read");
    let counts: Vec<_> = counts.iter().map(|of| (of.writer.as_str(), of.code.as_str(), of.texts)).collect();
    assert_eq!(counts, [("model", "empty", 1), ("model", "score", 2)]);
    let posts = ledger.open_posts(&channel()).await.expect("read");
    let [post] = &posts[..] else { panic!("{posts:?}") };
    let new = &drafts.posts[0];
    assert_eq!((&post.story, post.revision, post.sequence), (&story_id(1), 1, record.sequence));
    assert_eq!((&post.sport, &post.game), (&sport(), &game(1)));
    assert_eq!((&post.channel, post.operation, post.state), (&new.channel, Operation::Create, new.state));
    assert_eq!((&post.text, &post.title, &post.author), (&new.text, &new.title, &new.author));
    assert_eq!(post.significance.to_bits(), story(1).significance.total.to_bits());
    assert_eq!((post.happened_at, post.send_before), (story(1).seen_at, new.send_before));
    assert_eq!((post.created_at, post.changed_at), (drafts.at, drafts.at));
    assert_eq!((post.attempt, post.in_doubt, post.not_before), (0, false, None));
    assert_eq!((&post.reason, &post.frozen, post.arm), (&None, &None, None));
    assert_eq!((&post.remote, &post.earlier), (&None, &None));
    let held = &ledger.open_posts(&other).await.expect("read")[0];
    assert_eq!((held.state, &held.title), (PostState::AwaitingApproval, &None));
    assert_ne!(held.id, post.id);
}

pub async fn recording_drafts_again_changes_nothing<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, sent()).await;
    let before = (steps.record(post).await, ledger.story(&story_id(1)).await);
    let other = Drafts { at: at(50), notes: vec!["again".to_owned()], ..drafts(1, 1) };
    assert_eq!(ledger.record_drafts(&other).await, Ok(()));
    assert_eq!((steps.record(post).await, ledger.story(&story_id(1)).await), before);
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
}

pub async fn drafts_of_a_story_nobody_recorded_are_refused<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let missing = |result| assert!(matches!(result, Err(LedgerError::NotFound { .. })), "{result:?}");
    missing(ledger.record_drafts(&drafts(1, 1)).await);
    steps.recorded(1, 1).await;
    missing(ledger.record_drafts(&drafts(1, 2)).await);
}

pub async fn drafts_that_cannot_be_are_refused_whole<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    let other = ChannelName("other".to_owned());
    let with = |last| {
        let posts = vec![new_post(&channel(), PostState::Pending), last];
        Drafts { posts, ..drafts(1, 1) }
    };
    for state in PostState::ALL {
        if !matches!(state, PostState::Pending | PostState::AwaitingApproval) {
            conflicts(&ledger.record_drafts(&with(new_post(&other, state))).await);
        }
    }
    conflicts(&ledger.record_drafts(&with(new_post(&channel(), PostState::Pending))).await);
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![story(1)]), "it is still to be written");

    let hidden = untold(story(2));
    ledger.record_poll(&poll(steps.epoch, 13, vec![hidden])).await.expect("record");
    conflicts(&ledger.record_drafts(&drafts(2, 1)).await);
}

pub async fn a_story_without_posts_is_written_all_the_same<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    let notes = vec!["no text passed the gate".to_owned()];
    let drafts = Drafts { posts: Vec::new(), notes: notes.clone(), ..drafts(1, 1) };
    ledger.record_drafts(&drafts).await.expect("record");
    assert_eq!(ledger.unwritten_stories(9).await, Ok(Vec::new()));
    assert_eq!(ledger.story(&story_id(1)).await.expect("read")[0].notes, notes);
}

pub async fn posts_are_offered_in_the_order_of_their_stories<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let poll = poll(steps.epoch, 12, vec![story(1), story(2), story(3)]);
    ledger.record_poll(&poll).await.expect("record");
    for number in [3, 1, 2] {
        ledger.record_drafts(&drafts(number, 1)).await.expect("record");
    }
    let posts = ledger.open_posts(&channel()).await.expect("read");
    let stories: Vec<_> = posts.iter().map(|post| post.story.clone()).collect();
    assert_eq!(stories, [story_id(1), story_id(2), story_id(3)]);
    assert_eq!(ledger.open_posts(&ChannelName("other".to_owned())).await, Ok(Vec::new()));
}
