//! Who plays, and the score.

use super::*;

#[test]
fn home_and_away_are_told_by_name_and_not_by_place() {
    let mut event = live();
    event["competitions"][0]["competitors"].as_array_mut().unwrap().reverse();
    let game = game_of("nfl", event);
    assert_eq!((game.home.team.code.as_str(), game.away.team.code.as_str()), ("TB", "NO"));
    assert_eq!(game.score().map(|score| (score.home, score.away)), Some((10, 7)));
}

fn home_score(score: Value) -> Option<u32> {
    game_of("nfl", changed(live(), "/competitions/0/competitors/0/score", score)).home.score
}

#[test]
fn a_score_is_a_string_a_number_or_an_object() {
    for score in [json!("10"), json!(10), json!({ "value": 10.0, "displayValue": "10" })] {
        assert_eq!(home_score(score.clone()), Some(10), "{score}");
    }
}

#[test]
fn a_score_that_is_missing_is_not_nought() {
    for score in [Value::Null, json!("")] {
        assert_eq!(home_score(score.clone()), None, "{score}");
    }
}

#[test]
fn an_event_whose_score_is_no_number_is_left_out() {
    let odd = changed(live(), "/competitions/0/competitors/0/score", "155/6");
    let other = changed(live(), "/id", "401772793");
    let board = board_of("nfl", &[odd, other]);
    assert_eq!(board.games.len(), 1);
    assert_eq!(board.skipped[0].id.as_deref(), Some("401772792"));
    assert_eq!(board.skipped[0].reason, parse::Reason::Unreadable("score `155/6`".into()));
}

#[test]
fn the_periods_are_put_in_order_or_left_out_together() {
    let periods = |lines: Value| {
        game_of("nfl", changed(live(), "/competitions/0/competitors/0/linescores", lines)).home.periods
    };
    let line = |period: u8, value: Value| json!({ "value": value, "period": period });
    assert_eq!(periods(json!([line(2, json!(3.0)), line(1, json!(7.0))])), [7, 3]);
    assert_eq!(periods(json!([{ "value": 7.0 }, { "value": 3.0 }])), [7, 3]);
    assert!(periods(json!([line(1, json!(7.0)), line(2, json!("x"))])).is_empty());
    assert!(periods(Value::Null).is_empty());
    assert!(periods(json!("7-3")).is_empty());
}

#[test]
fn a_rank_of_99_is_none() {
    let rank = |rank: Value| {
        game_of("nfl", changed(live(), "/competitions/0/competitors/0/curatedRank", rank)).home.rank
    };
    assert_eq!(rank(json!({ "current": 12 })), Some(12));
    for none in [json!({ "current": 99 }), json!({ "current": 0 }), json!({}), Value::Null] {
        assert_eq!(rank(none.clone()), None, "{none}");
    }
}

#[test]
fn a_winner_is_believed_only_of_a_final() {
    let winner = |event: Value, flag: Value| {
        game_of("nfl", changed(event, "/competitions/0/competitors/0/winner", flag)).home.winner
    };
    let over = with_status(status("3", "STATUS_FINAL", "post", true, "Final"));
    assert_eq!(winner(over.clone(), json!(true)), Some(true));
    assert_eq!(winner(over.clone(), json!("false")), Some(false));
    assert_eq!(winner(over, Value::Null), None);
    assert_eq!(winner(live(), json!(false)), None);
}

#[test]
fn shootout_goals_stand_beside_the_score() {
    let with = |event: Value, home: Value, away: Value| {
        let event = changed(event, "/competitions/0/competitors/0/shootoutScore", home);
        let game = game_of("fifa.world", changed(event, "/competitions/0/competitors/1/shootoutScore", away));
        (game.home.score, game.home.shootout, game.away.shootout)
    };
    let over = changed(
        soccer(),
        "/competitions/0/status",
        status("47", "STATUS_FINAL_PEN", "post", true, "FT-Pens"),
    );
    assert_eq!(with(over.clone(), json!(4), json!(2)), (Some(10), Some(4), Some(2)));
    assert_eq!(with(over, json!(0), json!(0)), (Some(10), None, None));
    assert_eq!(with(soccer(), json!(0), json!(0)), (Some(10), None, None));
    let running = changed(soccer(), "/competitions/0/status/period", 5);
    assert_eq!(with(running, json!(1), json!(0)), (Some(10), Some(1), Some(0)));
}

#[test]
fn names_the_feed_leaves_out_are_taken_from_those_it_gives() {
    let event = changed(
        live(),
        "/competitions/0/competitors/0/team",
        json!({ "id": "131246", "displayName": "TEAM CLARK", "abbreviation": "CLA" }),
    );
    let team = game_of("nfl", event).home.team;
    assert_eq!((team.name.as_str(), team.short_name.as_str()), ("TEAM CLARK", "TEAM CLARK"));
    assert_eq!((team.place.as_str(), team.code.as_str()), ("TEAM CLARK", "CLA"));
}

#[test]
fn names_are_made_safe_to_print() {
    let long = "x".repeat(300);
    let event =
        changed(live(), "/competitions/0/competitors/0/team/displayName", "Tampa\u{202e} \n Bay\u{200b}");
    let event = changed(event, "/competitions/0/competitors/0/team/location", long);
    let event = changed(event, "/competitions/0/notes", json!([{ "headline": " Bowl\u{7} \t Game " }]));
    let game = game_of("nfl", event);
    assert_eq!(game.home.team.name, "Tampa Bay");
    assert_eq!(game.home.team.place, format!("{}…", "x".repeat(59)));
    assert_eq!(game.note.as_deref(), Some("Bowl Game"));
}

#[test]
fn a_side_still_to_be_found_is_kept_under_the_feeds_own_word_for_it() {
    let scheduled = with_status(status("1", "STATUS_SCHEDULED", "pre", false, "TBD"));
    let unknown = json!({ "id": "-2", "homeAway": "home", "score": "0", "team": { "id": "-2" } });
    let event = changed(scheduled, "/competitions/0/competitors/0", unknown.clone());
    let game = game_of("nfl", changed(event, "/competitions/0/timeValid", false));
    assert_eq!((game.home.team.id.as_str(), game.home.team.name.as_str()), ("-2", "TBD"));
    assert_eq!(game.starts_at, None);

    let under_way = changed(live(), "/competitions/0/competitors/0", unknown);
    assert_eq!(board_of("nfl", &[under_way, changed(live(), "/id", "2")]).games.len(), 1);
}

#[test]
fn a_start_is_read_with_and_without_seconds() {
    let start = |date: &str| game_of("nfl", changed(live(), "/competitions/0/date", date)).starts_at;
    let expected = Some("2025-12-01T01:20:00Z".parse().unwrap());
    for date in
        ["2025-12-01T01:20Z", "2025-12-01T01:20:00Z", "2025-12-01T01:20:00+00:00", "2025-11-30T20:20-05:00"]
    {
        assert_eq!(start(date), expected, "{date}");
    }
    let fallback = changed(live(), "/date", "2025-12-01T01:20Z");
    assert_eq!(game_of("nfl", changed(fallback, "/competitions/0/date", "soon")).starts_at, expected);
}

#[test]
fn a_neutral_site_is_noted() {
    assert!(!game_of("nfl", live()).neutral);
    assert!(game_of("nfl", changed(live(), "/competitions/0/neutralSite", true)).neutral);
}

#[test]
fn an_event_without_two_opposed_sides_invents_none() {
    let both_home = changed(live(), "/competitions/0/competitors/1/homeAway", "home");
    let against_itself = changed(live(), "/competitions/0/competitors/1/team/id", "27");
    let nameless = changed(live(), "/competitions/0/competitors/1/team", json!({ "id": "18" }));
    let good = changed(live(), "/id", "2");
    let board = board_of("nfl", &[both_home, against_itself, nameless, good]);
    assert_eq!((board.games.len(), board.skipped.len()), (1, 3));
}

#[test]
fn the_goal_that_hockey_credits_for_a_shoot_out_stands_beside_a_level_score() {
    let hockey = |state: &str, completed: bool, detail: &str, home: &str, away: &str| {
        let name = if completed { "STATUS_FINAL" } else { "STATUS_IN_PROGRESS" };
        let event = changed(live(), "/uid", "s:70~l:90~e:1");
        let event = changed(event, "/competitions/0/status", status("3", name, state, completed, detail));
        let event = changed(event, "/competitions/0/competitors/0/score", home);
        game_of("nhl", changed(event, "/competitions/0/competitors/1/score", away))
    };
    let result = |game: &wirereport_actors::wire::game::Game| {
        (game.score().map(|score| (score.home, score.away)), game.home.shootout, game.away.shootout)
    };
    let over = hockey("post", true, "Final/SO", "2", "3");
    assert_eq!((over.phase, result(&over)), (Phase::Final, (Some((2, 2)), Some(0), Some(1))));
    let running = hockey("in", false, "SO", "2", "2");
    assert_eq!((running.phase, result(&running)), (Phase::Shootout, (Some((2, 2)), None, None)));
    assert_eq!(result(&hockey("in", false, "SO", "3", "2")), (Some((2, 2)), None, None));
    assert_eq!(result(&hockey("post", true, "Final/OT", "2", "3")), (Some((2, 3)), None, None));
    assert_eq!(result(&hockey("post", true, "Final/SO", "5", "2")), (Some((5, 2)), None, None));
}
