//! Several feeds of one sport: another takes over, and news stays what it was.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::tree::Tree;
use wirereport_actors::wire::game::{FeedGameId, Game};

use super::boards::{BoardFeed, Mood, harwick};
use super::house::{House, actor, pass, restarted, told, trouble};

fn down() -> Mood {
    Mood::Fails(FeedError::Status { status: 502 })
}

/// The same game as another feed has it: under ids of its own.
fn elsewhere(game: Game) -> Game {
    let mut game = Game { feed_id: FeedGameId("77".to_owned()), ..game };
    (game.home.team.id, game.away.team.id) = ("1001".to_owned(), "1002".to_owned());
    game
}

async fn two_feeds(score: (u32, u32)) -> (House, Tree, [Arc<BoardFeed>; 2], Arc<MemoryChannel>) {
    let feeds = [
        Arc::new(BoardFeed::called("first", [harwick(score.0, score.1)])),
        Arc::new(BoardFeed::called("second", [elsewhere(harwick(score.0, score.1))])),
    ];
    let wire = Arc::new(MemoryChannel::default());
    let house = House::new().sport_of("eng.1", &feeds).channel("wire", &wire);
    let tree = house.open().await;
    pass(30).await;
    (house, tree, feeds, wire)
}

#[tokio::test(start_paused = true)]
async fn while_the_first_feed_is_well_no_other_is_asked() {
    let (_house, tree, [first, second], _) = two_feeds((0, 0)).await;
    pass(600).await;
    assert!(first.polls() > 50);
    assert_eq!((second.polls(), trouble(&tree, "sports/eng.1")), (0, None));
    assert_eq!(actor(&tree, "sports/eng.1").doing.unwrap(), "reading first");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_fails_twice_is_left_and_the_status_says_for_which_and_why() {
    let (_house, tree, [first, second], _) = two_feeds((0, 0)).await;
    first.be(down());
    pass(40).await;
    assert!(second.polls() > 0);
    let reason = "reading second; first failed 2 times in a row: answered HTTP 502";
    assert_eq!(trouble(&tree, "sports/eng.1").unwrap(), reason);
    assert_eq!(actor(&tree, "sports/eng.1").doing.unwrap(), "reading second");
    let polls = second.polls();
    pass(600).await;
    assert!(second.polls() > polls + 50, "it is polled as the first one was");
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn over_a_change_of_feed_and_back_each_score_is_told_once_and_none_is_taken_back() {
    let (house, tree, [first, second], wire) = two_feeds((0, 0)).await;
    first.show([harwick(1, 0)]);
    pass(30).await;
    first.be(down());
    // The other feed is behind, then catches up, then is ahead.
    pass(120).await;
    second.show([elsewhere(harwick(1, 0))]);
    pass(30).await;
    second.show([elsewhere(harwick(1, 1))]);
    pass(30).await;
    // The first comes back behind the second, and goes on.
    first.show([harwick(1, 0)]);
    pass(600).await;
    assert_eq!(trouble(&tree, "sports/eng.1"), None, "it is read again");
    first.show([harwick(1, 1)]);
    pass(60).await;
    first.show([harwick(2, 1)]);
    pass(30).await;
    assert_eq!(
        told(&wire),
        [
            "Harwick United 1, Melford United 0.",
            "Harwick United 1, Melford United 1.",
            "Harwick United 2, Melford United 1.",
        ]
    );
    let games: std::collections::BTreeSet<String> =
        house.stories().await.iter().map(|record| record.story.game.to_string()).collect();
    assert_eq!(games.len(), 1, "{games:?}");
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_flickers_does_not_make_the_sport_flicker() {
    let (_house, _tree, [first, second], wire) = two_feeds((0, 0)).await;
    first.be(down());
    pass(60).await;
    let polls = second.polls();
    for _ in 0..10 {
        first.show([harwick(0, 0)]);
        pass(70).await;
        first.be(down());
        pass(70).await;
    }
    assert!(second.polls() > polls + 100, "it is read all the while");
    assert_eq!(told(&wire), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_a_feed_shows_while_it_is_being_watched_is_no_news() {
    let (_house, _tree, [first, second], wire) = two_feeds((0, 0)).await;
    first.be(down());
    pass(60).await;
    first.show([harwick(5, 0)]);
    pass(70).await;
    first.be(down());
    pass(120).await;
    second.show([elsewhere(harwick(0, 1))]);
    pass(30).await;
    assert_eq!(told(&wire), ["Harwick United 0, Melford United 1."]);
}

#[tokio::test(start_paused = true)]
async fn a_feed_whose_requests_are_spent_is_left_at_once_and_not_asked_until_they_are_there_again() {
    let (_house, tree, [first, second], _) = two_feeds((0, 0)).await;
    first.be(Mood::Fails(FeedError::RateLimited { retry_after: Some(Duration::from_secs(3600)) }));
    pass(15).await;
    let polls = first.polls();
    assert!(second.polls() > 0);
    pass(3500).await;
    assert_eq!(first.polls(), polls);
    first.show([harwick(0, 0)]);
    pass(300).await;
    assert_eq!(trouble(&tree, "sports/eng.1"), None);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_hangs_while_it_is_watched_holds_nothing_up() {
    let (_house, tree, [first, second], wire) = two_feeds((0, 0)).await;
    first.be(down());
    pass(60).await;
    first.be(Mood::Hangs);
    pass(30).await;
    second.show([elsewhere(harwick(0, 1))]);
    pass(30).await;
    assert_eq!(told(&wire), ["Harwick United 0, Melford United 1."]);
    pass(600).await;
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn where_every_feed_fails_the_sport_is_degraded_and_backs_off() {
    let (_house, tree, [first, second], _) = two_feeds((0, 0)).await;
    first.be(down());
    second.be(down());
    pass(1200).await;
    assert!(trouble(&tree, "sports/eng.1").unwrap().contains("answered HTTP 502"));
    let polls = first.polls() + second.polls();
    pass(3000).await;
    let more = first.polls() + second.polls() - polls;
    assert!((15..=40).contains(&more), "{more} requests in 50 minutes");
    second.show([elsewhere(harwick(0, 0))]);
    pass(700).await;
    assert_eq!(actor(&tree, "sports/eng.1").doing.unwrap(), "reading second");
    assert_eq!(restarted(&tree), []);
}
