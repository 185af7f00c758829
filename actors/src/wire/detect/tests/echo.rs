//! No echo and no flap: what a feed repeats, forgets and renames.

use super::*;
use crate::wire::moment::MomentKind;

#[test]
fn a_moments_identity_does_not_depend_on_what_a_feed_calls_game_team_and_play() {
    let told = |rename: &str| {
        let mut desk = Desk::unseen("eng.1", 1);
        desk.game.feed_id = FeedGameId(format!("{rename}-game"));
        desk.game.home.team.id = format!("{rename}-home");
        desk.game.away.team.id = format!("{rename}-away");
        desk.again();
        desk.game.phase = Phase::Live;
        desk.game.period = 1;
        let mut stories = desk.score(0, 0);
        stories.extend(desk.times(2));
        desk.game.plays.push(goal(&format!("{rename}-goal"), Which::Home));
        stories.extend(desk.score(1, 0));
        stories.into_iter().map(|story| story.id.0).collect::<Vec<_>>()
    };
    assert_eq!(told("one"), told("another"));
    assert_eq!(told("one").last().unwrap(), "eng.1-20241022-atl-bos/lead_change/1/1");
}

#[test]
fn two_edges_answering_in_turn_give_at_most_one_post() {
    for confirmations in [0, 1, 2] {
        let mut desk = Desk::live("eng.1", confirmations);
        desk.score(1, 0);
        desk.times(3);
        desk.score(2, 0);
        desk.times(3);
        let mut stories = Vec::new();
        for _ in 0..30 {
            stories.extend(desk.score(2, 1));
            stories.extend(desk.score(2, 0));
        }
        assert!(stories.len() <= 1, "{confirmations}: {:?}", short(&stories));
    }
}

#[test]
fn a_game_that_vanishes_and_comes_back_is_told_on_and_nothing_twice() {
    let mut desk = Desk::live("nhl", 1);
    desk.score(1, 0);
    assert_eq!(short(&desk.times(2)), ["lead_change 1-0"]);
    for _ in 0..5 {
        assert!(desk.boards(Vec::new()).stories.is_empty());
        assert!(desk.boards(vec![game("2", "DEN", "LAL")]).stories.is_empty());
    }
    assert!(desk.times(3).is_empty());
    desk.score(1, 1);
    assert_eq!(short(&desk.times(2)), ["tie 1-1"]);
}

#[test]
fn a_board_that_rolls_over_to_the_next_day_ends_nothing_and_begins_the_days_games() {
    let mut desk = Desk::live("nba", 1);
    desk.score(50, 40);
    desk.times(2);
    let mut tomorrow = game("9", "ATL", "BOS");
    tomorrow.starts_at = "2024-10-23T23:30:00Z".parse().ok();
    for _ in 0..5 {
        assert!(desk.boards(vec![tomorrow.clone()]).stories.is_empty());
    }
    tomorrow.phase = Phase::Live;
    tomorrow.period = 1;
    set_score(&mut tomorrow, 0, 0);
    let mut stories = desk.boards(vec![tomorrow.clone()]).stories;
    stories.extend(desk.boards(vec![tomorrow]).stories);
    assert_eq!(short(&stories), ["start 0-0"]);
    assert_eq!(stories[0].game.0, "nba-20241023-atl-bos");
}

#[test]
fn nil_nil_after_an_error_and_the_score_again_are_nothing() {
    for sport in ["nba", "nfl", "mlb", "nhl"] {
        let mut desk = Desk::live(sport, 0);
        desk.score(0, 12);
        desk.times(2);
        desk.boards(Vec::new());
        desk.score(0, 0);
        let mut stories = desk.times(6);
        stories.extend(desk.score(0, 12));
        stories.extend(desk.times(3));
        assert!(stories.is_empty(), "{sport}: {:?}", short(&stories));
    }
}

#[test]
fn the_games_of_a_doubleheader_are_told_apart() {
    let mut desk = Desk::unseen("mlb", 0);
    let mut second = game("2", "ATL", "BOS");
    second.starts_at = "2024-10-23T03:30:00Z".parse().ok();
    let mut first = desk.game.clone();
    desk.boards(vec![first.clone(), second.clone()]);
    first.phase = Phase::Live;
    first.period = 1;
    set_score(&mut first, 1, 0);
    let one = desk.boards(vec![first.clone(), second.clone()]).stories;
    first.phase = Phase::Final;
    second.phase = Phase::Live;
    second.period = 1;
    set_score(&mut second, 1, 0);
    let two = desk.boards(vec![second, first]).stories;
    let ids: Vec<&str> = one.iter().chain(&two).map(|story| story.game.0.as_str()).collect();
    assert!(ids.contains(&"mlb-20241022-atl-bos") && ids.contains(&"mlb-20241022-atl-bos-2"), "{ids:?}");
    assert!(one.iter().all(|story| story.game.0 == "mlb-20241022-atl-bos"));
}

#[test]
fn a_game_suspended_and_resumed_next_day_goes_on_where_it_stood() {
    let mut desk = Desk::live("mlb", 1);
    desk.game.period = 5;
    desk.score(2, 1);
    desk.times(3);
    desk.phase(Phase::Suspended);
    desk.times(3);
    desk.wait(20 * 3600);
    assert!(desk.times(2).is_empty(), "it stands as it stood");
    desk.phase(Phase::Live);
    assert_eq!(short(&desk.times(3)), ["resumed 2-1"]);
    desk.score(2, 2);
    assert_eq!(short(&desk.times(2)), ["tie 2-2"]);
    desk.game.period = 9;
    desk.score(3, 2);
    desk.times(3);
    desk.phase(Phase::Final);
    let end = desk.times(3);
    assert_eq!(short(&end), ["final 3-2"]);
    assert_eq!(end[0].kind, MomentKind::Final);
    assert!(!end[0].facts.seen_from_start, "a night lies between");
}
