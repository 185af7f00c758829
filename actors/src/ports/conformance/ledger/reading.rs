//! Filters, pages, counts and pruning.

use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{Backlog, Drafts, Ledger, PostFilter, StoryFilter};
use crate::wire::game::GameId;
use crate::wire::post::{ChannelName, PostState};
use crate::wire::sport::SportKey;
use crate::wire::story::Story;

fn other() -> ChannelName {
    ChannelName("other".to_owned())
}

async fn three_stories_on_two_channels<L: Ledger>(steps: &Steps<'_, L>) {
    for number in 1..=3 {
        steps.recorded(number, 1).await;
        let posts = [channel(), other()].map(|channel| new_post(&channel, PostState::Pending)).to_vec();
        let drafts = Drafts { posts, ..drafts(number, 1) };
        steps.ledger.record_drafts(&drafts).await.expect("record");
    }
}

pub async fn posts_are_read_newest_first_filtered_and_by_pages<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    three_stories_on_two_channels(&steps).await;
    let read = async |filter: PostFilter| ledger.posts(&filter).await.expect("read");
    let all = read(PostFilter { limit: 99, ..PostFilter::default() }).await;
    assert_eq!(all.len(), 6);
    assert!(all.is_sorted_by(|newer, older| newer.id > older.id));
    assert_eq!(all[0].story, story_id(3));

    steps.attempted(all[0].id, sent()).await;
    let sent = read(PostFilter { state: Some(PostState::Sent), limit: 99, ..Default::default() }).await;
    assert_eq!(sent.iter().map(|post| post.id).collect::<Vec<_>>(), [all[0].id]);
    let ours = read(PostFilter { channel: Some(other()), limit: 99, ..Default::default() }).await;
    assert!(ours.len() == 3 && ours.iter().all(|post| post.channel == other()));
    let one = read(PostFilter { story: Some(story_id(2)), limit: 99, ..Default::default() }).await;
    assert!(one.len() == 2 && one.iter().all(|post| post.story == story_id(2)));
    let game = |game| PostFilter { game: Some(game), limit: 99, ..Default::default() };
    assert_eq!(read(game(all[0].game.clone())).await.len(), 6);
    assert_eq!(read(game(GameId("another".to_owned()))).await, Vec::new());
    let both = PostFilter {
        story: Some(story_id(2)),
        channel: Some(other()),
        state: Some(PostState::Pending),
        limit: 99,
        ..Default::default()
    };
    assert_eq!(read(both).await.len(), 1);

    let first = read(PostFilter { limit: 4, ..Default::default() }).await;
    let last = first.last().map(|post| post.id);
    let second = read(PostFilter { before: last, limit: 4, ..Default::default() }).await;
    assert_eq!((first.len(), second.len()), (4, 2));
    let ids = |posts: &[crate::wire::post::Post]| posts.iter().map(|post| post.id).collect::<Vec<_>>();
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&all));
    assert_eq!(read(PostFilter::default()).await, Vec::new(), "at most none");
}

pub async fn stories_are_read_newest_first_filtered_and_by_pages<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let elsewhere = Story { sport: SportKey::new("nhl"), game: GameId("nhl-1".to_owned()), ..story(4) };
    let poll = poll(steps.epoch, 12, vec![story(1), untold(story(2)), story(3), elsewhere]);
    ledger.record_poll(&poll).await.expect("record");
    let read = async |filter: StoryFilter| {
        let records = ledger.stories(&filter).await.expect("read");
        records.into_iter().map(|record| record.story).collect::<Vec<_>>()
    };
    let all = StoryFilter { limit: 99, ..StoryFilter::default() };
    let newest_first: Vec<Story> = poll.stories.iter().rev().cloned().collect();
    assert_eq!(read(all.clone()).await, newest_first);
    assert_eq!(read(StoryFilter { sport: Some(SportKey::new("nhl")), ..all.clone() }).await.len(), 1);
    assert_eq!(read(StoryFilter { game: Some(game(1)), ..all.clone() }).await.len(), 3);
    assert_eq!(read(StoryFilter { told: Some(false), ..all.clone() }).await, [untold(story(2))]);
    assert_eq!(read(StoryFilter { told: Some(true), ..all.clone() }).await.len(), 3);
    let page = ledger.stories(&StoryFilter { limit: 2, ..all.clone() }).await.expect("read");
    assert_eq!(page.len(), 2);
    let rest = StoryFilter { before: Some(page[1].sequence), ..all };
    assert_eq!(read(rest).await, newest_first[2..]);
}

pub async fn a_story_is_read_with_all_its_revisions<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    for (number, revision) in [(1, 1), (2, 1), (1, 2), (1, 3)] {
        steps.recorded(number, revision).await;
    }
    let records = ledger.story(&story_id(1)).await.expect("read");
    let stories: Vec<Story> = records.into_iter().map(|record| record.story).collect();
    assert_eq!(stories, [revision(1, 1), revision(1, 2), revision(1, 3)]);
}

pub async fn the_backlog_counts_what_is_not_finished<L: Ledger>(ledger: &L) {
    assert_eq!(ledger.backlog().await, Ok(Backlog::default()));
    let steps = Steps::begin(ledger).await;
    three_stories_on_two_channels(&steps).await;
    let posts = ledger.open_posts(&channel()).await.expect("read");
    steps.armed(posts[0].id).await;
    steps.attempted(posts[1].id, unknown()).await;
    steps.attempted(posts[2].id, sent()).await;
    steps.recorded(4, 1).await;
    steps.recorded(5, 1).await;
    let mut held = drafts(5, 1);
    held.posts[0].state = PostState::AwaitingApproval;
    ledger.record_drafts(&held).await.expect("record");
    let expected = Backlog { unwritten: 1, awaiting_approval: 1, pending: 3, armed: 1, unknown: 1 };
    assert_eq!(ledger.backlog().await, Ok(expected));
}

pub async fn pruning_drops_what_ended_and_keeps_what_is_open<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let mut posts = Vec::new();
    for number in 1..=6 {
        posts.push(steps.told(number, 1).await.expect("a post").id);
    }
    steps.attempted(posts[0], sent()).await;
    steps.attempted(posts[1], unknown()).await;
    steps.armed(posts[2]).await;
    ledger.discard_post(posts[3], at(40)).await.expect("discard");
    steps.attempted(posts[4], sent()).await;
    steps.told(5, 2).await.expect("a follower of the fifth");
    let silent = poll(steps.epoch, 16, vec![untold(story(7))]);
    ledger.record_poll(&silent).await.expect("record");

    // Eight snapshots; the stories 1, 4 and 7; the posts of 1 and 4; the attempt of 1.
    assert_eq!(ledger.prune(at(1_000)).await, Ok(8 + 3 + 2 + 1));
    for (index, kept) in [false, true, true, false, true, true].into_iter().enumerate() {
        let record = ledger.post(posts[index]).await.expect("read");
        assert_eq!(record.is_some(), kept, "post {}", index + 1);
        let number = u32::try_from(index).expect("small") + 1;
        let story = ledger.story(&story_id(number)).await.expect("read");
        assert_eq!(!story.is_empty(), kept, "story {number}");
    }
    assert_eq!(steps.record(posts[4]).await.attempts.len(), 1, "an earlier post keeps its attempts");
    assert_eq!(ledger.story(&story_id(7)).await, Ok(Vec::new()));
    assert_eq!(ledger.load_sport(&sport()).await.map(|state| state.is_some()), Ok(true));
    assert_eq!(ledger.prune(at(1_000)).await, Ok(0));
}

pub async fn pruning_keeps_what_is_younger_or_unwritten<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    steps.attempted(post, sent()).await;
    steps.recorded(2, 1).await;
    assert_eq!(ledger.prune(at(15)).await, Ok(0), "what is as old as the limit stays");
    assert_eq!(ledger.prune(at(31)).await, Ok(2), "the snapshots go; the post changed later");
    assert_eq!(steps.state(post).await, PostState::Sent);
    assert_eq!(ledger.prune(at(1_000)).await, Ok(3));
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![story(2)]));
}

pub async fn what_was_pruned_gives_its_numbers_to_nobody<L: Ledger>(ledger: &L) {
    let (steps, post) = Steps::begin_with_a_post(ledger).await;
    let place = steps.post(post).await.sequence;
    steps.attempted(post, sent()).await;
    ledger.prune(at(1_000)).await.expect("prune");
    let next = steps.told(2, 1).await.expect("a post");
    assert!(next.id > post && next.sequence > place);
}
