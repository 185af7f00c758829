//! Feeds that fail: a state of their sport, and nobody else's business.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::supervision::ExitKind;
use wirereport_actors::tree::{Policy, Tree};
use wirereport_actors::wire::game::{Game, Phase};
use wirereport_actors::wire::post::PostState;
use wirereport_actors::wire::schedule::budget::{Allowance, Window};

use super::boards::{BoardFeed, Mood, before_the_start, harwick, ostrava};
use super::house::{House, actor, is_running, pass, restarted, told, trouble};

fn down() -> Mood {
    Mood::Fails(FeedError::Status { status: 502 })
}

/// Two leagues, of which the first is about to have trouble.
async fn two_leagues() -> (House, Tree, [Arc<BoardFeed>; 2], Arc<MemoryChannel>) {
    let ill = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let well = Arc::new(BoardFeed::showing([ostrava(0, 0)]));
    let (house, wire) = House::plain(&ill);
    let house = house.sport("esp.1", &well);
    let tree = house.open().await;
    pass(30).await;
    (house, tree, [ill, well], wire)
}

#[tokio::test(start_paused = true)]
async fn a_sport_whose_feed_fails_is_degraded_and_backs_off_by_itself() {
    let (_house, tree, [ill, well], _) = two_leagues().await;
    let polls = ill.polls();
    ill.be(down());
    pass(15).await;
    assert_eq!(trouble(&tree, "sports/eng.1").unwrap(), "board: answered HTTP 502");
    let next = actor(&tree, "sports/eng.1").next.unwrap();
    assert!(next <= Duration::from_secs(20), "{next:?}");
    pass(2400).await;
    let pauses = &ill.pauses()[polls..];
    assert!(pauses.len() >= 10);
    for (pause, wanted) in pauses.iter().zip([10, 20, 40, 80, 160, 300, 300, 300, 300, 300]) {
        assert!((wanted * 8 / 10..=wanted).contains(pause), "{pauses:?}");
    }
    assert_eq!(trouble(&tree, "sports/esp.1"), None);
    assert!(well.polls() > 200, "its sibling is polled on");
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_asks_to_be_left_alone_is() {
    let (_house, tree, [ill, _], _) = two_leagues().await;
    ill.be(Mood::Fails(FeedError::RateLimited { retry_after: Some(Duration::from_secs(900)) }));
    pass(15).await;
    let polls = ill.polls();
    pass(880).await;
    assert_eq!(ill.polls(), polls);
    ill.show([harwick(0, 0)]);
    pass(30).await;
    assert!(ill.polls() > polls);
    assert_eq!(trouble(&tree, "sports/eng.1"), None);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_leadership_does_not_shorten_a_back_off() {
    let (house, tree, [ill, _], _) = two_leagues().await;
    ill.be(Mood::Fails(FeedError::RateLimited { retry_after: Some(Duration::from_secs(900)) }));
    pass(15).await;
    let polls = ill.polls();
    for _ in 0..5 {
        house.lease.fail_with(Some(away()));
        pass(20).await;
        assert_eq!(tree.leadership(), None);
        house.lease.fail_with(None);
        pass(20).await;
        assert!(tree.leadership().is_some());
    }
    assert_eq!(ill.polls(), polls);
}

fn away() -> wirereport_actors::ports::lease::LeaseError {
    wirereport_actors::ports::lease::LeaseError::Unavailable { detail: "away".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_comes_back_is_followed_as_before_and_its_news_told() {
    let (house, tree, [ill, _], wire) = two_leagues().await;
    ill.be(down());
    pass(60).await;
    ill.show([harwick(1, 0)]);
    pass(120).await;
    assert_eq!(told(&wire), ["Harwick United 1, Melford United 0."]);
    assert_eq!((trouble(&tree, "sports/eng.1"), restarted(&tree)), (None, vec![]));
    assert_eq!(house.states().await, [PostState::Sent]);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_does_not_know_its_league_is_asked_seldom() {
    let (_house, tree, [ill, _], _) = two_leagues().await;
    ill.be(Mood::Fails(FeedError::Misconfigured { detail: "no such league".to_owned() }));
    pass(15).await;
    let polls = ill.polls();
    pass(3600).await;
    assert_eq!(ill.polls(), polls + 12);
    assert_eq!(trouble(&tree, "sports/eng.1").unwrap(), "board: no such league");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_answers_nonsense_for_an_hour_crashes_nothing_and_posts_nothing() {
    let (house, tree, [ill, _], wire) = two_leagues().await;
    ill.show([harwick(3, 2)]);
    pass(60).await;
    let before = told(&wire);
    let without_scores = |game: Game| Game {
        home: wirereport_actors::wire::game::Side { score: None, ..game.home },
        away: wirereport_actors::wire::game::Side { score: None, ..game.away },
        ..game
    };
    let unknown = Game { phase: Phase::Unknown, period: 0, clock: None, ..without_scores(harwick(0, 0)) };
    let malformed = FeedError::Malformed { detail: "<html>".to_owned() };
    for _ in 0..10 {
        ill.be(Mood::Fails(malformed.clone()));
        pass(60).await;
        assert!(trouble(&tree, "sports/eng.1").unwrap().contains("<html>"));
        for board in [
            vec![],
            vec![before_the_start(harwick(0, 0))],
            vec![without_scores(harwick(0, 0))],
            vec![unknown.clone()],
            vec![harwick(0, 0), harwick(9, 9)],
        ] {
            ill.show(board);
            pass(60).await;
        }
        ill.show([harwick(3, 2)]);
        pass(30).await;
    }
    ill.show([harwick(4, 2)]);
    pass(60).await;
    assert_eq!(before, ["Harwick United 3, Melford United 2."]);
    assert_eq!(told(&wire), [before[0].as_str(), "Harwick United 4, Melford United 2."]);
    assert_eq!(restarted(&tree), []);
    assert!(house.stories().await.iter().all(|record| record.story.facts.score.home >= 3));
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_never_answers_is_given_up_on_and_asked_again() {
    let (_house, tree, [ill, well], wire) = two_leagues().await;
    ill.be(Mood::Hangs);
    pass(15).await;
    assert_eq!(actor(&tree, "sports/eng.1").doing.as_deref(), Some("polling"));
    pass(65).await;
    assert_eq!(trouble(&tree, "sports/eng.1").unwrap(), "board: no answer within 60s");
    well.show([ostrava(1, 0)]);
    pass(600).await;
    assert_eq!(told(&wire), ["Ostrava United 1, Trento United 0."]);
    assert_eq!(restarted(&tree), [], "waiting for an answer is no hang of the actor's");
    ill.show([harwick(1, 0)]);
    pass(600).await;
    ill.show([harwick(2, 0)]);
    pass(60).await;
    assert_eq!(told(&wire).last().unwrap(), "Harwick United 2, Melford United 0.");
    assert_eq!(trouble(&tree, "sports/eng.1"), None);
}

#[tokio::test(start_paused = true)]
async fn a_sport_that_waits_for_its_feed_can_be_paused_and_stopped_at_once() {
    let (_house, tree, [ill, _], _) = two_leagues().await;
    ill.be(Mood::Hangs);
    pass(20).await;
    tree.root().pause("sports/eng.1").await.unwrap();
    pass(1).await;
    assert_eq!(actor(&tree, "sports/eng.1").phase, wirereport_actors::supervision::Phase::Paused);
    tree.root().resume("sports/eng.1").await.unwrap();
    pass(20).await;
    assert!(is_running(&tree, "sports/eng.1"));
    let begun = tokio::time::Instant::now();
    tree.root().stop(Duration::from_secs(60)).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_panics_restarts_its_sport_and_nothing_else_and_the_news_is_told_once() {
    let (house, tree, [ill, _], wire) = two_leagues().await;
    ill.be(Mood::Panics);
    pass(20).await;
    let sport = actor(&tree, "sports/eng.1");
    let exit = sport.last_exit.unwrap();
    assert_eq!((exit.kind, exit.text.as_str()), (ExitKind::Failed, "poll panicked: the board fell down"));
    ill.show([harwick(1, 0)]);
    pass(120).await;
    assert_eq!(told(&wire), ["Harwick United 1, Melford United 0."]);
    assert_eq!(house.states().await, [PostState::Sent]);
    let paths: Vec<String> = restarted(&tree).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["sports/eng.1"]);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_panics_for_hours_keeps_nobody_else_from_working() {
    let (_house, tree, [ill, well], wire) = two_leagues().await;
    ill.be(Mood::Panics);
    pass(3600).await;
    well.show([ostrava(1, 0)]);
    pass(60).await;
    assert_eq!(told(&wire), ["Ostrava United 1, Trento United 0."]);
    let paths: Vec<String> = restarted(&tree).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["sports/eng.1"]);
    assert!(ill.pauses().iter().rev().take(40).all(|pause| *pause >= 45), "it is left alone ever longer");
}

#[tokio::test(start_paused = true)]
async fn two_leagues_of_one_feed_make_no_more_requests_than_its_budget_and_status_says_what_is_left() {
    let (house, _) = House::plain(&Arc::new(BoardFeed::showing([harwick(0, 0)])));
    let feeds =
        [Arc::new(BoardFeed::showing([harwick(0, 0)])), Arc::new(BoardFeed::showing([ostrava(0, 0)]))];
    let house = House { sports: Vec::new(), ..house }.sport("eng.1", &feeds[0]).sport("esp.1", &feeds[1]);
    let allowances = [("board".to_owned(), Allowance { requests: 30, window: Window::Hour })].into();
    house.policy.send_replace(Arc::new(Policy { allowances, ..Policy::default() }));
    let tree = house.open().await;
    let polls = || feeds.iter().map(|feed| feed.polls()).sum::<usize>();
    pass(1800).await;
    let (asked, says) = (polls(), actor(&tree, "sports/eng.1").doing.unwrap());
    assert!((10..=30).contains(&asked), "{asked} requests in half an hour");
    let left: usize = says.strip_prefix("waiting, ").unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(
        says.ends_with(" of 30 requests left this hour") && left <= 30 - asked + 5,
        "{says}, {asked} asked"
    );
    pass(1800).await;
    assert!(polls() <= 60, "{} requests over the turn of an hour", polls());
    assert!(feeds.iter().all(|feed| feed.polls() >= 5), "both are asked");
}
