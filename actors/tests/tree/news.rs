//! News that meets no trouble.

use std::collections::BTreeMap;
use std::sync::Arc;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::channel::{Corrections, Idempotency};
use wirereport_actors::tree::Policy;
use wirereport_actors::wire::game::{Game, Phase};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::{ChannelName, Operation, PostState};
use wirereport_actors::wire::rules::{ChannelRules, Rules};
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::{Untold, Verdict};

use super::boards::{BoardFeed, before_the_start, harwick, ostrava};
use super::house::{House, blind, can, pass, restarted, told};

const GOAL: &str = "Harwick United 1, Melford United 0.";

#[tokio::test(start_paused = true)]
async fn a_told_story_travels_from_the_feeds_answer_to_every_channel_once() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let other = blind();
    let house = house.channel("other", &other);
    let tree = house.open().await;
    pass(30).await;
    assert_eq!(told(&wire), [""; 0], "the first sight of a game is no news");
    feed.show([harwick(1, 0)]);
    pass(3600).await;
    assert_eq!((told(&wire), told(&other)), (vec![GOAL.to_owned()], vec![GOAL.to_owned()]));
    assert_eq!((wire.requests().len(), other.requests().len()), (1, 1));
    assert_eq!(house.states().await, [PostState::Sent, PostState::Sent]);
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn news_leaves_in_the_very_moment_it_is_confirmed() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    let confirmed_at = house.stories().await[0].story.confirmed_at;
    assert_eq!(wire.journal()[0].at, confirmed_at);
}

#[tokio::test(start_paused = true)]
async fn the_final_of_a_leagues_last_game_is_told_as_soon_as_any_other_news() {
    let feed = Arc::new(BoardFeed::showing([harwick(2, 1)]));
    let (house, wire) = House::plain(&feed);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([Game { phase: Phase::Final, ..harwick(2, 1) }]);
    pass(25).await;
    assert_eq!(told(&wire), ["Harwick United 2, Melford United 1."]);
    assert_eq!(house.stories().await[0].story.kind, MomentKind::Final);
}

#[tokio::test(start_paused = true)]
async fn an_untold_story_is_recorded_and_goes_nowhere() {
    let feed = Arc::new(BoardFeed::showing([before_the_start(harwick(0, 0))]));
    let (house, wire) = House::plain(&feed);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(0, 0)]);
    pass(3600).await;
    let stories = house.stories().await;
    assert_eq!(stories.len(), 1);
    assert_eq!(stories[0].story.kind, MomentKind::Start);
    let reason = Untold::BelowThreshold { threshold: Rules::default().threshold };
    assert_eq!(stories[0].story.verdict, Verdict::Untold { reason });
    assert_eq!((wire.requests().len(), house.posts().await.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_a_channel_does_not_want_goes_to_the_others() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let finals = Arc::new(MemoryChannel::default());
    let house = house.channel("finals", &finals);
    let only = ChannelRules { kinds: [MomentKind::Final].into(), ..ChannelRules::default() };
    let channels = BTreeMap::from([(ChannelName("finals".to_owned()), only)]);
    house.policy.send_replace(Arc::new(Policy { channels, ..Policy::default() }));
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!((told(&wire), told(&finals)), (vec![GOAL.to_owned()], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_changed_policy_holds_from_the_next_poll_on() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let strict = Rules { threshold: 1.0, ..Rules::default() };
    let sports = BTreeMap::from([(SportKey::new("eng.1"), strict)]);
    house.policy.send_replace(Arc::new(Policy { sports, ..Policy::default() }));
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!(told(&wire), [""; 0]);
    house.policy.send_replace(Arc::default());
    feed.show([harwick(2, 0)]);
    pass(60).await;
    assert_eq!(told(&wire), ["Harwick United 2, Melford United 0."]);
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn a_correction_follows_only_where_the_story_was_told_and_as_the_channel_can() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let edits = can(Idempotency::Forever, false, Corrections::Edit);
    let replies = can(Idempotency::Forever, false, Corrections::Reply);
    let creates = can(Idempotency::Forever, false, Corrections::Create);
    let shy = Arc::new(MemoryChannel::default());
    let house = House::new()
        .sport("eng.1", &feed)
        .channel("edits", &edits)
        .channel("replies", &replies)
        .channel("creates", &creates)
        .channel("shy", &shy);
    let nothing = ChannelRules { min_significance: 1.0, ..ChannelRules::default() };
    let channels = BTreeMap::from([(ChannelName("shy".to_owned()), nothing)]);
    house.policy.send_replace(Arc::new(Policy { channels, ..Policy::default() }));
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    feed.show([harwick(0, 0)]);
    pass(300).await;
    for channel in [&edits, &replies, &creates] {
        assert_eq!(told(channel), [GOAL, "Harwick United 0, Melford United 0."]);
    }
    assert_eq!(shy.requests(), [""; 0], "what was never told there is not corrected there");
    let mut second: Vec<_> = house.posts().await.into_iter().filter(|post| post.revision == 2).collect();
    second.sort_by(|a, b| a.channel.cmp(&b.channel));
    let operations: Vec<Operation> = second.iter().map(|post| post.operation).collect();
    assert_eq!(operations, [Operation::Create, Operation::Edit, Operation::Reply]);
    assert!(second.iter().all(|post| post.earlier.as_ref().is_some_and(|earlier| earlier.remote.is_some())));
}

#[tokio::test(start_paused = true)]
async fn a_correction_of_a_correction_that_waits_still_corrects_what_was_told() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(2, 0)]);
    pass(60).await;
    house.publishing(true).await;
    feed.show([harwick(1, 0)]);
    pass(180).await;
    feed.show([harwick(0, 0)]);
    pass(180).await;
    house.publishing(false).await;
    tree.nudge();
    pass(60).await;
    assert_eq!(told(&wire), ["Harwick United 2, Melford United 0.", "Harwick United 0, Melford United 0."]);
    let posts = house.posts().await;
    let states: Vec<_> = posts.iter().map(|post| (post.revision, post.state)).collect();
    assert_eq!(states, [(1, PostState::Sent), (2, PostState::Superseded), (3, PostState::Sent)]);
    assert_eq!(posts[2].earlier.as_ref().unwrap().id, posts[0].id);
}

#[tokio::test(start_paused = true)]
async fn games_and_leagues_do_not_wait_for_each_other() {
    let england = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let spain = Arc::new(BoardFeed::showing([ostrava(0, 0)]));
    let (house, wire) = House::plain(&england);
    let house = house.sport("esp.1", &spain);
    let _tree = house.open().await;
    pass(30).await;
    england.show([harwick(1, 0)]);
    spain.show([ostrava(0, 1)]);
    pass(60).await;
    let mut texts = told(&wire);
    texts.sort();
    assert_eq!(texts, [GOAL, "Ostrava United 0, Trento United 1."]);
}

#[tokio::test(start_paused = true)]
async fn a_replay_is_over_when_every_recording_is_at_its_end() {
    let england = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let spain = Arc::new(BoardFeed::showing([ostrava(0, 0)]));
    let house = House::new().sport("eng.1", &england).sport("esp.1", &spain);
    let tree = house.open().await;
    england.end();
    pass(60).await;
    for _ in 0..3 {
        tree.root().restart("eng.1").await.unwrap();
        pass(60).await;
    }
    let patience = std::time::Duration::from_secs(60);
    let early = tokio::time::timeout(patience, tree.replayed()).await;
    assert!(early.is_err(), "one league that ends four times is no two leagues");
    let polls = england.polls();
    spain.end();
    tokio::time::timeout(patience, tree.replayed()).await.unwrap();
    pass(3600).await;
    assert_eq!(england.polls(), polls, "what is at its end is not asked again");
}
