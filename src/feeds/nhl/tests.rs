use serde_json::{Value, json};
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Clock, Game, Phase, PlayKind, Score, Which};

use super::parse::board;

const DAY: jiff::civil::Date = jiff::civil::date(2026, 1, 10);

/// Kings at Devils, 1-2 in the third period.
fn game() -> Value {
    let goal = |period: u8, time: &str, team: &str| {
        json!({ "period": period, "periodDescriptor": { "number": period, "periodType": "REG" },
                "timeInPeriod": time, "teamAbbrev": team,
                "firstName": { "default": "Ada" }, "lastName": { "default": "Berg" } })
    };
    json!({
        "id": 2025020001, "gameType": 2, "startTimeUTC": "2026-01-11T00:00:00Z", "neutralSite": false,
        "gameState": "LIVE", "gameScheduleState": "OK",
        "homeTeam": { "id": 1, "name": { "default": "Devils" }, "abbrev": "NJD", "score": 2 },
        "awayTeam": { "id": 26, "name": { "default": "Kings" }, "abbrev": "LAK", "score": 1 },
        "clock": { "timeRemaining": "04:30", "secondsRemaining": 270, "running": true, "inIntermission": false },
        "period": 3, "periodDescriptor": { "number": 3, "periodType": "REG" },
        "goals": [goal(1, "08:46", "NJD"), goal(1, "19:59", "LAK"), goal(3, "00:30", "NJD")],
    })
}

fn with(values: &Value) -> Value {
    let mut game = game();
    for (key, value) in values.as_object().unwrap() {
        game[key] = value.clone();
    }
    game
}

/// A game in its shoot-out, with that state and score.
fn shootout(state: &str, home: u32, away: u32) -> Value {
    let mut game = with(&json!({ "gameState": state, "period": 5, "goals": [],
        "periodDescriptor": { "number": 5, "periodType": "SO" },
        "clock": { "secondsRemaining": 0, "inIntermission": false } }));
    game["homeTeam"]["score"] = home.into();
    game["awayTeam"]["score"] = away.into();
    game
}

fn page(games: &[Value]) -> Vec<u8> {
    json!({ "currentDate": "2026-01-10", "games": games }).to_string().into_bytes()
}

fn read(game: &Value) -> Game {
    let mut board = board(&page(std::slice::from_ref(game)), DAY).unwrap();
    board.games.pop().unwrap()
}

#[test]
fn a_game_under_way_is_read_with_clock_and_goals() {
    let game = read(&game());
    assert_eq!((game.phase, game.period, game.score()), (Phase::Live, 3, Some(Score { home: 2, away: 1 })));
    assert_eq!(game.clock, Some(Clock::Left { millis: 270_000 }));
    assert_eq!((game.home.periods, game.away.periods), (vec![1, 0, 1], vec![1, 0, 0]));
    let first = &game.plays[0];
    assert_eq!((first.side, first.points, first.kind), (Some(Which::Home), 1, PlayKind::Goal));
    assert_eq!((first.id.as_deref(), first.player.as_deref()), (Some("1-08:46"), Some("Ada Berg")));
    assert_eq!(first.clock, Some(Clock::Left { millis: (1200 - 526) * 1000 }));
}

#[test]
fn teams_have_the_codes_and_places_of_the_other_feeds() {
    let game = read(&game());
    let team =
        |team: &wirereport_actors::wire::game::Team| [&team.code, &team.place, &team.name].map(String::clone);
    assert_eq!(team(&game.home.team), ["NJ", "New Jersey", "New Jersey Devils"]);
    assert_eq!(team(&game.away.team), ["LA", "Los Angeles", "Los Angeles Kings"]);
    for (theirs, ours) in [("TBL", "TB"), ("SJS", "SJ"), ("UTA", "UTAH"), ("MTL", "MTL")] {
        let mut game = self::game();
        game["homeTeam"]["abbrev"] = theirs.into();
        assert_eq!(read(&game).home.team.code, ours);
    }
    let mut utah = self::game();
    utah["homeTeam"] = json!({ "id": 59, "name": { "default": "Utah Hockey Club" }, "abbrev": "UTA" });
    assert_eq!(read(&utah).home.team.name, "Utah Hockey Club");
}

#[test]
fn a_team_that_is_not_on_the_list_is_called_what_the_feed_calls_it() {
    let mut game = game();
    game["homeTeam"] = json!({ "id": 7461, "abbrev": "FIN", "name": { "default": "Finland" } });
    let team = read(&game).home.team;
    assert_eq!((team.code.as_str(), team.name.as_str(), team.place.as_str()), ("FIN", "Finland", "Finland"));
}

#[test]
fn the_phase_is_that_of_the_games_state_and_the_schedules() {
    for (state, schedule, phase) in [
        ("FUT", "OK", Phase::Scheduled),
        ("PRE", "OK", Phase::Scheduled),
        ("FUT", "TBD", Phase::Scheduled),
        ("LIVE", "OK", Phase::Live),
        ("CRIT", "OK", Phase::Live),
        ("OVER", "OK", Phase::Live),
        ("OFF", "OK", Phase::Final),
        ("FINAL", "OK", Phase::Final),
        ("FUT", "CNCL", Phase::Cancelled),
        ("FUT", "PPD", Phase::Postponed),
        ("PRE", "PPD", Phase::Postponed),
        ("LIVE", "SUSP", Phase::Suspended),
        ("OFF", "CNCL", Phase::Unknown),
        ("LIVE", "PPD", Phase::Unknown),
        ("HALF", "OK", Phase::Unknown),
        ("FUT", "NEW", Phase::Unknown),
    ] {
        let game = read(&with(&json!({ "gameState": state, "gameScheduleState": schedule })));
        assert_eq!(game.phase, phase, "{state} {schedule}");
    }
}

#[test]
fn nothing_is_read_of_a_game_that_has_not_begun() {
    let game = read(&with(&json!({ "gameState": "PRE", "gameScheduleState": "TBD" })));
    assert_eq!((game.score(), game.period, game.clock, game.starts_at), (None, 0, None, None));
    assert_eq!((game.plays, game.home.periods), (Vec::new(), Vec::new()));
}

#[test]
fn an_intermissions_countdown_is_no_periods_clock() {
    let game = read(&with(&json!({ "clock": { "secondsRemaining": 900, "inIntermission": true } })));
    assert_eq!((game.phase, game.clock), (Phase::Break, Some(Clock::Left { millis: 0 })));
}

#[test]
fn overtime_is_five_minutes_before_the_play_offs_and_twenty_in_them() {
    let of = |game_type: u8| {
        let goal = json!({ "periodDescriptor": { "number": 4, "periodType": "OT" }, "timeInPeriod": "03:53",
                           "teamAbbrev": { "default": "NJD" } });
        let game = read(&with(&json!({ "gameType": game_type, "goals": [goal] })));
        (game.plays[0].side, game.plays[0].clock)
    };
    assert_eq!(of(2), (Some(Which::Home), Some(Clock::Left { millis: 67_000 })));
    assert_eq!(of(3), (Some(Which::Home), Some(Clock::Left { millis: 967_000 })));
    assert_eq!(of(19), (Some(Which::Home), None));
}

#[test]
fn the_goal_credited_for_a_shoot_out_stands_beside_a_level_score() {
    for state in ["OFF", "FINAL"] {
        let game = read(&shootout(state, 2, 3));
        assert_eq!((game.phase, game.period), (Phase::Final, 5));
        assert_eq!(game.score(), Some(Score { home: 2, away: 2 }));
        assert_eq!((game.home.shootout, game.away.shootout), (Some(0), Some(1)));
        assert_eq!((game.home.winner, game.away.winner), (Some(false), Some(true)));
    }
}

#[test]
fn while_a_shoot_out_goes_on_nobody_has_won_it() {
    for (state, home, away) in [("LIVE", 2, 2), ("CRIT", 2, 2), ("CRIT", 3, 2), ("OVER", 3, 2)] {
        let game = read(&shootout(state, home, away));
        assert_eq!((game.phase, game.score()), (Phase::Shootout, Some(Score { home: 2, away: 2 })));
        assert_eq!((game.home.shootout, game.away.shootout, game.clock), (None, None, None));
        assert_eq!((game.home.winner, game.away.winner), (None, None));
    }
}

#[test]
fn a_goal_of_a_shoot_out_is_no_goal_from_play() {
    let mut game = shootout("OFF", 1, 0);
    game["goals"] = json!([{ "periodDescriptor": { "number": 5, "periodType": "SO" }, "timeInPeriod": "00:00",
                             "teamAbbrev": "NJD" }]);
    let game = read(&game);
    assert_eq!(game.plays, []);
    assert_eq!((game.home.periods, game.away.periods), (vec![0; 5], vec![0; 5]));
}

#[test]
fn a_shoot_out_with_an_impossible_score_is_left_out() {
    let board = board(&page(&[shootout("OFF", 4, 2), game()]), DAY);
    // Both have one id here, so the second is what remains.
    let board = board.unwrap();
    assert_eq!((board.games.len(), board.skipped[0].reason.as_str()), (1, "a shoot-out with a score of 4-2"));
}

#[test]
fn a_final_that_stands_level_or_has_no_score_is_none() {
    assert_eq!(read(&shootout("OFF", 2, 2)).phase, Phase::Unknown);
    let mut game = with(&json!({ "gameState": "OFF" }));
    game["homeTeam"]["score"] = 1.into();
    assert_eq!(read(&game).phase, Phase::Unknown);
    game["homeTeam"]["score"] = Value::Null;
    assert_eq!(read(&game).phase, Phase::Unknown);
}

#[test]
fn goals_that_do_not_add_up_to_the_score_give_no_periods() {
    let mut game = game();
    game["homeTeam"]["score"] = 3.into();
    let game = read(&game);
    assert_eq!((game.home.periods, game.home.score), (Vec::new(), Some(3)));
}

#[test]
fn another_day_is_no_answer_and_a_day_without_games_is_empty() {
    assert_eq!(board(&page(&[]), DAY).unwrap().games, []);
    let found = "the scores of 2026-01-10".to_owned();
    assert_eq!(board(&page(&[game()]), DAY.tomorrow().unwrap()), Err(FeedError::NotABoard { found }));
    let found = "games of no day".to_owned();
    assert_eq!(board(br#"{"games":[]}"#, DAY), Err(FeedError::NotABoard { found }));
}

#[test]
fn the_feeds_own_errors_are_told_apart_from_boards() {
    let error = board(br#"{"type":"x","title":"Not Found","status":404}"#, DAY);
    assert_eq!(error, Err(FeedError::ErrorBody { code: 404, message: "Not Found".into() }));
    assert_eq!(board(br#"{"games":[{"#, DAY), Err(FeedError::Truncated { at: 11 }));
    assert!(matches!(board(b"<html>", DAY), Err(FeedError::Malformed { .. })));
}
