//! Several feeds of one sport: another takes over, and news stays what it was.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::tree::{Policy, Tree};
use wirereport_actors::wire::game::{FeedGameId, Game, Phase};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::story::Verdict;

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

/// Two feeds of which the second is asked for its word on finals, with a match at 1-0.
async fn checked() -> (House, Tree, [Arc<BoardFeed>; 2], Arc<MemoryChannel>) {
    let feeds = [
        Arc::new(BoardFeed::called("first", [harwick(0, 0)])),
        Arc::new(BoardFeed::called("second", [elsewhere(harwick(1, 0))])),
    ];
    let wire = Arc::new(MemoryChannel::default());
    let house = House::new().sport_of("eng.1", &feeds).channel("wire", &wire);
    check(&house, Some(Duration::from_secs(60)));
    let tree = house.open().await;
    pass(30).await;
    feeds[0].show([harwick(1, 0)]);
    pass(60).await;
    (house, tree, feeds, wire)
}

fn check(house: &House, limit: Option<Duration>) {
    let key = Sport::of("eng.1").unwrap().key;
    house.policy.send_modify(|policy| {
        let rules = Rules { cross_check: limit, ..Rules::default() };
        let sports = [(key, rules)].into();
        *policy = Arc::new(Policy { sports, ..Policy::clone(policy) });
    });
}

fn over(game: Game) -> Game {
    Game { phase: Phase::Final, period: 2, clock: None, ..game }
}

async fn finals(house: &House) -> usize {
    let stories = house.stories().await;
    let told = stories.iter().filter(|record| record.story.verdict == Verdict::Told);
    told.filter(|record| record.story.kind == MomentKind::Final).count()
}

#[tokio::test(start_paused = true)]
async fn a_final_on_which_two_feeds_agree_is_told_without_delay() {
    let (house, tree, [first, second], _) = checked().await;
    assert_eq!(second.polls(), 0, "it is asked for finals alone");
    second.show([over(elsewhere(harwick(1, 0)))]);
    first.show([over(harwick(1, 0))]);
    pass(25).await;
    assert_eq!((finals(&house).await, trouble(&tree, "sports/eng.1")), (1, None));
    let asked = second.polls();
    assert!((1..=3).contains(&asked), "{asked}");
    pass(600).await;
    assert_eq!((finals(&house).await, second.polls()), (1, asked));
}

#[tokio::test(start_paused = true)]
async fn a_final_that_the_other_feed_contradicts_is_held_and_shown_until_they_agree() {
    let (house, tree, [first, second], _) = checked().await;
    second.show([over(elsewhere(harwick(1, 1)))]);
    first.show([over(harwick(1, 0))]);
    pass(300).await;
    assert_eq!(finals(&house).await, 0);
    let reason = trouble(&tree, "sports/eng.1").unwrap();
    assert!(reason.contains("is held: first has it at 1-0, second has the game final at 1-1"), "{reason}");
    second.show([over(elsewhere(harwick(1, 0)))]);
    pass(30).await;
    assert_eq!((finals(&house).await, trouble(&tree, "sports/eng.1")), (1, None));
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn a_held_final_is_told_when_the_operator_turns_the_check_off() {
    let (house, _tree, [first, second], _) = checked().await;
    second.show([over(elsewhere(harwick(1, 1)))]);
    first.show([over(harwick(1, 0))]);
    pass(300).await;
    assert_eq!(finals(&house).await, 0);
    check(&house, None);
    pass(30).await;
    assert_eq!(finals(&house).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_feed_that_fails_or_hangs_holds_a_final_for_the_limit_alone() {
    for mood in [down(), Mood::Hangs] {
        let (house, tree, [first, second], _) = checked().await;
        second.be(mood);
        first.show([over(harwick(1, 0))]);
        pass(40).await;
        assert_eq!(finals(&house).await, 0);
        pass(60).await;
        assert_eq!((finals(&house).await, restarted(&tree)), (1, vec![]));
    }
}
