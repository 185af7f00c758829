use super::*;
use crate::wire::detect::eastern_date;
use crate::wire::elo::MEAN;
use crate::wire::game::GameId;

fn ids(desk: &Desk) -> Vec<String> {
    desk.state.games.keys().map(|id| id.0.clone()).collect()
}

#[test]
fn a_game_is_named_after_its_league_day_and_teams() {
    let desk = Desk::new("nba", 1);
    assert_eq!(ids(&desk), ["nba-20241022-atl-bos"]);
    let mut odd = Desk::unseen("eng.1", 1);
    odd.game.starts_at = None;
    odd.game.home.team.code = "A&M / Ä".to_owned();
    odd.again();
    assert_eq!(ids(&odd), ["eng.1-tbd-atl-a-m"]);
}

#[test]
fn a_game_whose_sights_are_forgotten_is_a_baseline_and_no_story_of_it_has_an_id_again() {
    let mut desk = Desk::live("nhl", 0);
    let told = desk.score(1, 0);
    desk.score(2, 0);
    let written = serde_json::to_string(&desk.state).unwrap();
    desk.state = serde_json::from_str(&written).unwrap();
    desk.state.forget_sights();
    assert!(desk.score(3, 1).is_empty(), "what was scored meanwhile is part of the baseline");
    let next = desk.score(4, 1);
    assert_eq!(ids(&desk), ["nhl-20241022-atl-bos"]);
    assert_eq!((told.len(), next.len()), (1, 1));
    assert_eq!(next[0].id.0, "nhl-20241022-atl-bos/score/1/1002");
}

#[test]
fn the_day_is_new_yorks_in_summer_and_in_winter() {
    let day = |at: &str| eastern_date(at.parse().unwrap()).to_string();
    assert_eq!(day("2024-07-05T03:59:59Z"), "2024-07-04");
    assert_eq!(day("2024-07-05T04:00:00Z"), "2024-07-05");
    assert_eq!(day("2024-12-05T04:59:59Z"), "2024-12-04");
    assert_eq!(day("2024-12-05T05:00:00Z"), "2024-12-05");
    assert_eq!(day("2025-03-10T03:59:59Z"), "2025-03-09", "the evening after the clocks went forward");
    assert_eq!(day("2025-03-10T04:00:00Z"), "2025-03-10");
    assert_eq!(day("2025-11-03T04:59:59Z"), "2025-11-02", "the evening after they went back");
}

#[test]
fn the_second_game_of_a_pair_and_day_has_a_number() {
    let mut desk = Desk::unseen("mlb", 0);
    let first = game("1", "CIN", "CHC");
    let mut second = game("2", "CIN", "CHC");
    second.starts_at = "2024-10-23T01:30:00Z".parse().ok();
    desk.boards(vec![first.clone(), second.clone()]);
    desk.boards(vec![second.clone(), first]);
    assert_eq!(ids(&desk), ["mlb-20241022-cin-chc", "mlb-20241022-cin-chc-2"]);
    second.phase = Phase::Live;
    second.period = 1;
    let stories = desk.boards(vec![second]).stories;
    assert_eq!(stories[0].game, GameId("mlb-20241022-cin-chc-2".to_owned()));
}

#[test]
fn another_feeds_id_is_another_id_but_the_same_game_is_the_same_game() {
    let mut desk = Desk::live("nba", 0);
    desk.score(2, 0);
    desk.feed = "stats";
    let mut same = desk.game.clone();
    same.feed_id = FeedGameId("77".to_owned());
    same.home.team.id = "9".to_owned();
    let mut other = game("1", "DEN", "LAL");
    other.phase = Phase::Live;
    set_score(&mut other, 50, 40);
    assert!(desk.boards(vec![same.clone(), other]).stories.is_empty());
    assert_eq!(ids(&desk), ["nba-20241022-atl-bos", "nba-20241022-den-lal"]);
    set_score(&mut same, 2, 3);
    let stories = desk.boards(vec![same]).stories;
    assert_eq!(short(&stories), ["lead_change 2-3"]);
    assert_eq!(stories[0].game.0, "nba-20241022-atl-bos");
}

#[test]
fn a_game_whose_teams_change_is_quarantined() {
    let mut desk = Desk::live("nba", 0);
    desk.game.home.team = team("NYK");
    assert!(desk.score(50, 40).is_empty());
    desk.game.home.team = team("BOS");
    assert!(desk.score(60, 40).is_empty(), "for good");
    desk.phase(Phase::Final);
    assert!(desk.times(5).is_empty());
    let known = desk.state.games.values().next().unwrap();
    assert!(known.quarantine.as_ref().is_some_and(|reason| reason.contains("id-NYK")));
    assert_eq!(known.last.phase, Phase::Final, "it is still watched");
}

#[test]
fn a_place_held_for_a_team_may_be_filled_before_the_start() {
    let mut desk = Desk::unseen("nba", 0);
    desk.game.home.team.id = "-1".to_owned();
    desk.again();
    desk.game.home.team = team("NYK");
    desk.game.period = 1;
    desk.again();
    assert_eq!(short(&desk.phase(Phase::Live)), ["start 0-0"]);
}

#[test]
fn games_long_unseen_leave_and_those_on_the_board_stay() {
    let mut desk = Desk::live("nba", 0);
    desk.phase(Phase::Final);
    let other = game("2", "DEN", "LAL");
    desk.boards(vec![desk.game.clone(), other]);
    for _ in 0..4 {
        desk.wait(24 * 3600);
        desk.again();
    }
    assert_eq!(ids(&desk), ["nba-20241022-atl-bos"]);
    assert_eq!(desk.state.feed_ids["espn"].len(), 1);
}

#[test]
fn only_games_that_differ_are_observed() {
    let mut desk = Desk::unseen("nba", 0);
    assert_eq!(desk.boards(vec![desk.game.clone()]).observed.len(), 1);
    assert!(desk.boards(vec![desk.game.clone()]).observed.is_empty());
    desk.game.phase = Phase::Unknown;
    assert!(desk.boards(vec![desk.game.clone()]).observed.is_empty(), "it says nothing");
    desk.game.note = Some("Game 1".to_owned());
    let observed = desk.boards(vec![desk.game.clone()]).observed;
    assert_eq!(observed[0].1.phase, Phase::Scheduled);
}

#[test]
fn a_board_of_another_league_changes_nothing() {
    let mut desk = Desk::live("nba", 0);
    let before = desk.state.clone();
    desk.sport.key = crate::wire::sport::SportKey::new("wnba");
    let snapshot = Snapshot {
        sport: crate::wire::sport::SportKey::new("nba"),
        feed: "espn".to_owned(),
        seen_at: desk.now,
        games: vec![game("3", "AAA", "BBB")],
    };
    assert_eq!(step(&mut desk.state, &snapshot, &desk.sport, &desk.rules), Step::default());
    assert_eq!(desk.state, before);
}

#[test]
fn a_game_that_stands_on_the_board_twice_is_taken_once() {
    let mut desk = Desk::live("nba", 0);
    let mut twin = desk.game.clone();
    set_score(&mut twin, 9, 9);
    assert!(desk.boards(vec![desk.game.clone(), twin]).stories.is_empty());
}

#[test]
fn a_final_is_rated_once_and_again_when_it_is_put_right() {
    let mut desk = Desk::live("nba", 1);
    desk.score(100, 90);
    desk.times(2);
    desk.phase(Phase::Final);
    let rating = |desk: &Desk| desk.state.ratings.elo(&desk.game.home.team);
    assert_eq!(rating(&desk), MEAN, "seen once is not confirmed");
    desk.again();
    let won = rating(&desk);
    assert!(won > MEAN);
    desk.times(5);
    assert_eq!(rating(&desk), won);
    desk.score(89, 90);
    desk.times(6);
    assert!(rating(&desk) < MEAN, "the other side won after all");
}
