//! Games that left the board when it turned to another day.

use wirereport::feeds::espn::Espn;
use wirereport_actors::ports::feed::{Feed, Followed};
use wirereport_actors::wire::game::FeedGameId;

use super::events::{board, event, now, poll, request, settings};
use super::scoreboard::{Answer, Scoreboard};

fn followed(id: &str, starts_at: Option<&str>) -> Followed {
    Followed {
        feed_id: Some(FeedGameId(id.to_owned())),
        starts_at: starts_at.map(|starts_at| starts_at.parse().unwrap()),
        teams: ["", ""].map(str::to_owned),
    }
}

/// Polls with these games followed; the ids that come back, and the days that were asked for.
async fn poll_following(host: &Scoreboard, follow: Vec<Followed>) -> (Vec<String>, Vec<Option<String>>) {
    let espn = Espn::new(&settings(host.url())).unwrap();
    let request = wirereport_actors::ports::feed::PollRequest { follow, ..request("nba", now()) };
    let games = espn.poll(&request).await.unwrap().snapshot.games;
    let days = host.requests().iter().map(|request| request.query.get("dates").cloned()).collect();
    (games.into_iter().map(|game| game.feed_id.0).collect(), days)
}

async fn host() -> Scoreboard {
    let host = Scoreboard::start().await;
    host.play("basketball/nba", [Answer::board(&board("nba", &[event("9", 0, 0)]))]);
    host
}

#[tokio::test]
async fn a_followed_game_that_is_missing_is_found_on_the_board_of_its_own_us_eastern_day() {
    let host = host().await;
    let day = board("nba", &[event("7", 99, 98), event("8", 80, 70)]);
    host.play_day("basketball/nba", "20251207", [Answer::board(&day)]);
    let (games, days) = poll_following(&host, vec![followed("7", Some("2025-12-08T00:30:00Z"))]).await;
    assert_eq!(games, ["9", "7"]);
    assert_eq!(days, [None, Some("20251207".to_owned())]);
}

#[tokio::test]
async fn the_us_eastern_day_turns_at_its_own_midnight_in_summer_and_in_winter() {
    for (start, day) in [
        ("2025-12-08T04:59:00Z", "20251207"),
        ("2025-12-08T05:00:00Z", "20251208"),
        ("2025-07-08T03:59:00Z", "20250707"),
        ("2025-07-08T04:00:00Z", "20250708"),
    ] {
        let (_, days) = poll_following(&host().await, vec![followed("7", Some(start))]).await;
        assert_eq!(days, [None, Some(day.to_owned())], "{start}");
    }
}

#[tokio::test]
async fn each_day_is_asked_for_once_and_no_more_than_three() {
    let follow = ["04", "05", "06", "07", "07"];
    let follow = follow.iter().enumerate();
    let follow = follow.map(|(n, day)| followed(&format!("1{n}"), Some(&format!("2025-12-{day}T20:00:00Z"))));
    let (_, days) = poll_following(&host().await, follow.collect()).await;
    let days: Vec<_> = days.into_iter().flatten().collect();
    assert_eq!(days, ["20251207", "20251206", "20251205"]);
}

#[tokio::test]
async fn a_game_without_a_start_is_looked_for_today() {
    let (_, days) = poll_following(&host().await, vec![followed("7", None)]).await;
    assert_eq!(days, [None, Some("20251207".to_owned())]);
}

#[tokio::test]
async fn no_day_is_asked_for_while_every_followed_game_is_on_the_board() {
    let (games, days) =
        poll_following(&host().await, vec![followed("9", Some("2025-12-08T00:30:00Z"))]).await;
    assert_eq!((games, days), (vec!["9".to_owned()], vec![None]));
}

#[tokio::test]
async fn a_day_that_cannot_be_had_costs_its_own_games_alone() {
    let host = host().await;
    host.play_day("basketball/nba", "20251207", [Answer::status(500)]);
    let (games, _) = poll_following(&host, vec![followed("7", Some("2025-12-08T00:30:00Z"))]).await;
    assert_eq!(games, ["9"]);
}

#[tokio::test]
async fn a_day_that_is_set_is_asked_for_in_place_of_the_board_shown_unasked() {
    let host = host().await;
    host.play_day("basketball/nba", "20250605", [Answer::board(&board("nba", &[event("5", 1, 2)]))]);
    let day = Some("2025-06-05".parse().unwrap());
    let espn = Espn::new(&wirereport::feeds::espn::EspnSettings { day, ..settings(host.url()) }).unwrap();
    let games = poll(&espn).await.unwrap().snapshot.games;
    assert_eq!(games[0].feed_id.0, "5");
}

#[tokio::test]
async fn no_further_day_is_asked_for_once_the_host_has_failed() {
    let host = host().await;
    host.play_day("basketball/nba", "20251207", [Answer::status(429)]);
    let follow =
        vec![followed("7", Some("2025-12-08T00:30:00Z")), followed("6", Some("2025-12-06T20:00:00Z"))];
    let (games, days) = poll_following(&host, follow).await;
    assert_eq!((games, days), (vec!["9".to_owned()], vec![None, Some("20251207".to_owned())]));
}
