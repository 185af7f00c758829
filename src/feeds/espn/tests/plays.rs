//! The plays a board shows, and the feed's own win probability.

use wirereport_actors::wire::game::{Bases, Clock, Play, PlayKind, Which};

use super::*;

fn last_play(key: &str, uid: &str, play: &Value) -> Game {
    let event = changed(live(), "/uid", uid);
    game_of(key, changed(event, "/competitions/0/situation", json!({ "lastPlay": play })))
}

fn nfl(play: &Value) -> Game {
    last_play("nfl", "s:20~l:28~e:1", play)
}

#[test]
fn the_last_play_is_kept_where_it_scored() {
    let play = json!({ "id": "40177", "text": "A. Kicker 30 Yd Field Goal", "scoreValue": 3, "team": { "id": "27" },
                       "athletesInvolved": [{ "displayName": "A. Kicker" }] });
    let expected = Play {
        id: Some("40177".into()),
        side: Some(Which::Home),
        points: 3,
        kind: PlayKind::Score,
        player: Some("A. Kicker".into()),
        clock: None,
    };
    assert_eq!(nfl(&play).plays, [expected]);
}

#[test]
fn a_play_that_brought_nothing_is_not_kept() {
    assert!(nfl(&json!({ "id": "1", "text": "Official Timeout", "scoreValue": 0 })).plays.is_empty());
    assert!(nfl(&json!({ "id": "1", "text": "Kickoff" })).plays.is_empty());
    assert!(nfl(&json!("Kickoff")).plays.is_empty());
}

#[test]
fn a_missed_shot_that_carries_the_value_it_would_have_had_is_not_kept() {
    let shot = |text: &str, extra: Value| {
        let mut play = json!({ "id": "1", "text": text, "scoreValue": 3, "team": { "id": "27" } });
        play["scoringPlay"] = extra;
        last_play("ncaam", "s:40~l:41~e:1", &play).plays.len()
    };
    assert_eq!(shot("A. Guard missed Three Point Jumper.", Value::Null), 0);
    assert_eq!(shot("A. Guard made Three Point Jumper.", Value::Null), 1);
    assert_eq!(shot("A. Guard made Three Point Jumper.", json!(false)), 0);
}

#[test]
fn a_player_is_named_only_where_there_is_exactly_one() {
    let player = |athletes: Value| {
        let play = json!({ "id": "1", "text": "goal", "scoreValue": 1, "athletesInvolved": athletes });
        nfl(&play).plays[0].player.clone()
    };
    assert_eq!(player(json!([{ "displayName": "One" }])), Some("One".into()));
    assert_eq!(player(json!([{ "displayName": "One" }, { "displayName": "Two" }])), None);
    assert_eq!(player(json!([])), None);
    assert_eq!(player(Value::Null), None);
}

#[test]
fn the_feeds_win_probability_is_taken_while_a_game_is_under_way() {
    let with = |event: Value, chance: Value| {
        let situation = json!({ "lastPlay": { "probability": { "homeWinPercentage": chance } } });
        game_of("nfl", changed(event, "/competitions/0/situation", situation)).home_win_probability
    };
    assert_eq!(with(live(), json!(0.7571)), Some(0.7571));
    assert_eq!(with(live(), json!(75.71)), None);
    assert_eq!(with(live(), Value::Null), None);
    assert_eq!(with(with_status(status("3", "STATUS_FINAL", "post", true, "Final")), json!(1.0)), None);
}

#[test]
fn who_is_on_base_is_taken_where_the_feed_says_it_of_all_three() {
    let bases = |situation: Value| {
        let status = status("2", "STATUS_IN_PROGRESS", "in", false, "Top 5th");
        let event = changed(with_status(status), "/uid", "s:1~l:10~e:1");
        game_of("mlb", changed(event, "/competitions/0/situation", situation)).bases
    };
    let corners = Some(Bases { first: true, second: false, third: true });
    assert_eq!(bases(json!({ "onFirst": true, "onSecond": false, "onThird": true })), corners);
    assert_eq!(
        bases(json!({ "onFirst": false, "onSecond": false, "onThird": false })),
        Some(Bases::default())
    );
    assert_eq!(bases(json!({ "onFirst": true })), None);
    assert_eq!(bases(Value::Null), None);
}

fn detail(clock: &str, team: &str, scorer: (&str, &str), flags: &[&str]) -> Value {
    let mut detail = json!({
        "clock": { "value": 0.0, "displayValue": clock }, "team": { "id": team }, "scoreValue": 1, "scoringPlay": true,
        "redCard": false, "penaltyKick": false, "ownGoal": false, "shootout": false,
        "athletesInvolved": [{ "displayName": scorer.0, "team": { "id": scorer.1 } }],
    });
    for flag in flags {
        detail[*flag] = json!(true);
    }
    detail
}

fn plays_of(details: Value) -> Vec<Play> {
    game_of("usa.1", changed(soccer(), "/competitions/0/details", details)).plays
}

#[test]
fn the_goals_of_a_match_are_listed_oldest_first() {
    let plays = plays_of(json!([
        detail("90'+2'", "18", ("Late", "18"), &[]),
        detail("47'", "27", ("Early", "27"), &["penaltyKick"]),
        detail("90'", "27", ("Middle", "27"), &[]),
    ]));
    let told: Vec<_> = plays
        .iter()
        .map(|play| (play.player.as_deref().unwrap(), play.kind, play.side, play.points))
        .collect();
    assert_eq!(
        told,
        [
            ("Early", PlayKind::PenaltyGoal, Some(Which::Home), 1),
            ("Middle", PlayKind::Goal, Some(Which::Home), 1),
            ("Late", PlayKind::Goal, Some(Which::Away), 1),
        ]
    );
    assert_eq!(plays[2].clock, Some(Clock::Minute { minute: 90, added: 2 }));
}

#[test]
fn an_own_goal_profits_the_scorers_opponents() {
    let own = |team: &str, scorer: (&str, &str)| plays_of(json!([detail("47'", team, scorer, &["ownGoal"])]));
    // The feed names the side that profits; were it to name the scorer's, the scorer would still tell.
    for team in ["27", "18"] {
        let plays = own(team, ("Unlucky", "18"));
        assert_eq!((plays[0].kind, plays[0].side), (PlayKind::OwnGoal, Some(Which::Home)), "{team}");
    }
    assert_eq!(own("27", ("Unlucky", "unknown"))[0].side, Some(Which::Home));
}

#[test]
fn shootout_goals_bring_no_points_and_come_last() {
    let plays = plays_of(json!([
        detail("120'", "18", ("Kicker", "18"), &["shootout", "penaltyKick"]),
        detail("118'", "27", ("Scorer", "27"), &[]),
    ]));
    let told: Vec<_> = plays.iter().map(|play| (play.kind, play.points)).collect();
    assert_eq!(told, [(PlayKind::Goal, 1), (PlayKind::ShootoutGoal, 0)]);
}

#[test]
fn a_sending_off_is_kept_and_a_caution_is_not() {
    let mut red = detail("49'", "18", ("Sent Off", "18"), &["redCard"]);
    let mut yellow = detail("50'", "18", ("Cautioned", "18"), &["yellowCard"]);
    for card in [&mut red, &mut yellow] {
        card["scoringPlay"] = json!(false);
        card["scoreValue"] = json!(0);
    }
    let plays = plays_of(json!([red, yellow]));
    assert_eq!(plays.len(), 1);
    assert_eq!((plays[0].kind, plays[0].side, plays[0].points), (PlayKind::RedCard, Some(Which::Away), 0));
}

#[test]
fn a_penalty_that_was_missed_in_play_is_kept_by_its_name_and_none_of_a_shootout() {
    let missed = |name: &str, flags: &[&str]| {
        let mut detail = detail("70'", "18", ("Taker", "18"), flags);
        detail["type"] = json!({ "id": "114", "text": name });
        detail["scoringPlay"] = json!(false);
        detail["scoreValue"] = json!(0);
        detail
    };
    let plays = plays_of(json!([
        missed("Penalty - Saved", &["penaltyKick"]),
        missed("Penalty - Missed", &[]),
        missed("Penalty - Saved", &["shootout"]),
        missed("Penalty - Won", &["penaltyKick"]),
        missed("Substitution", &[]),
    ]));
    let told: Vec<_> = plays.iter().map(|play| (play.kind, play.side, play.points)).collect();
    let away = Some(Which::Away);
    assert_eq!(told, [(PlayKind::SavedPenalty, away, 0), (PlayKind::MissedPenalty, away, 0)]);
}

#[test]
fn one_detail_that_cannot_be_read_costs_itself_alone() {
    assert_eq!(plays_of(json!(["?", detail("47'", "27", ("Scorer", "27"), &[])])).len(), 1);
}
