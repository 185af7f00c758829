//! Sources that know the game clock only: the NHL's api-web and StatsBomb.

use jiff::SignedDuration;
use serde_json::{Value, json};
use wirereport_actors::wire::game::{Phase, PlayKind};
use wirereport_actors::wire::sport::SportKey;

use super::super::{ConvertError, Options, Source};
use super::{START, games, last, made, polls, scores, time};

fn event(order: u64, period: u8, left: &str, kind: &str, score: Option<(u32, u32)>) -> Value {
    let kind_of_period = if period > 4 { "SO" } else { "REG" };
    json!({
        "eventId": order, "sortOrder": order, "timeRemaining": left, "typeDescKey": kind,
        "periodDescriptor": { "number": period, "periodType": kind_of_period },
        "details": { "homeScore": score.map(|s| s.0), "awayScore": score.map(|s| s.1) },
    })
}

fn hockey(mut events: Vec<Value>, score: (u32, u32)) -> Value {
    // The order of the list is not the order of the game.
    events.reverse();
    let team = |id: u64, code: &str, score: u32| json!({ "id": id, "abbrev": code, "score": score, "commonName": { "default": code }, "placeName": { "default": "Town" } });
    json!({ "id": 7, "gameType": 2, "startTimeUTC": START, "plays": events,
            "homeTeam": team(1, "HOM", score.0), "awayTeam": team(2, "AWY", score.1) })
}

#[test]
fn a_game_of_the_nhl_is_stretched_over_its_intermissions_into_overtime() {
    let events = vec![
        event(1, 1, "20:00", "period-start", None),
        event(2, 1, "10:00", "goal", Some((1, 0))),
        event(3, 1, "00:00", "period-end", None),
        event(4, 2, "20:00", "period-start", None),
        event(5, 2, "00:00", "period-end", None),
        event(6, 3, "20:00", "period-start", None),
        event(7, 3, "00:01", "goal", Some((1, 1))),
        event(8, 3, "00:00", "period-end", None),
        event(9, 4, "05:00", "period-start", None),
        event(10, 4, "02:00", "goal", Some((1, 2))),
        event(11, 4, "02:00", "game-end", None),
    ];
    let recording = made(&hockey(events, (1, 2)), &Options::default()).expect("it is whole");
    assert_eq!(scores(&recording), [(0, 0), (1, 0), (1, 1), (1, 2)]);
    let at = |phase, period| {
        let polls = polls(&recording);
        let stood = polls.iter().find(|poll| (poll.games[0].phase, poll.games[0].period) == (phase, period));
        stood.map(|poll| poll.seen_at.duration_since(time(START)).as_mins())
    };
    assert_eq!([at(Phase::Live, 1), at(Phase::Break, 1), at(Phase::Live, 2)], [Some(0), Some(38), Some(56)]);
    assert_eq!(at(Phase::Live, 4), Some(151), "and a minute and a half before overtime");
    assert_eq!(last(&recording).away.winner, Some(true));
    let shootout = hockey(vec![event(1, 5, "00:00", "goal", None)], (0, 0));
    let error = made(&shootout, &Options::default()).expect_err("its goals are not counted");
    assert!(error.to_string().starts_with("NHL play-by-play with a shoot-out"), "{error}");
}

#[test]
fn a_match_of_statsbomb_needs_a_date_and_a_league_and_shows_goals_and_red_cards() {
    let touch = |index: u64, period: u8, time: &str, kind: &str, team: u64, more: Value| {
        let mut event = json!({ "id": index.to_string(), "index": index, "period": period, "timestamp": time,
            "type": { "name": kind }, "team": { "id": team, "name": format!("Club {team}") } });
        for (key, value) in more.as_object().into_iter().flatten() {
            event[key] = value.clone();
        }
        event
    };
    let shot = |how: &str| json!({ "shot": { "outcome": { "name": "Goal" }, "type": { "name": how } } });
    let red = json!({ "foul_committed": { "card": { "name": "Second Yellow" } } });
    let none = || json!({});
    let events = json!([
        touch(1, 1, "00:00:00.000", "Starting XI", 1, none()),
        touch(2, 1, "00:00:00.000", "Starting XI", 2, none()),
        touch(3, 1, "00:00:00.000", "Half Start", 1, none()),
        touch(4, 1, "00:18:21.121", "Shot", 2, shot("Open Play")),
        touch(5, 1, "00:46:10.000", "Half End", 1, none()),
        touch(6, 1, "00:46:10.000", "Half End", 2, none()),
        touch(7, 2, "00:00:00.000", "Half Start", 1, none()),
        touch(8, 2, "00:10:00.000", "Shot", 1, shot("Penalty")),
        touch(9, 2, "00:20:00.000", "Foul Committed", 2, red),
        touch(10, 2, "00:48:00.000", "Half End", 1, none()),
        touch(11, 2, "00:48:00.000", "Half End", 2, none()),
    ]);
    let undated = made(&events, &Options::default()).expect_err("there is no date");
    assert_eq!(undated, ConvertError::NeedsStart { source_name: Source::StatsBomb });
    let dated = Options { starts_at: Some(time(START)), league: None };
    let nowhere = made(&events, &dated).expect_err("there is no league");
    assert_eq!(nowhere.to_string(), "StatsBomb match names no league; say which, such as esp.1");
    let options = Options { league: Some(SportKey::new("esp.1")), ..dated };
    let recording = made(&events, &options).expect("it is whole");
    assert_eq!(scores(&recording), [(0, 0), (0, 1), (1, 1)]);
    let kinds: Vec<PlayKind> = last(&recording).plays.iter().map(|play| play.kind).collect();
    assert_eq!(kinds, [PlayKind::Goal, PlayKind::PenaltyGoal, PlayKind::RedCard]);
    let mut phases: Vec<Phase> = games(&recording).iter().map(|game| game.phase).collect();
    phases.dedup();
    assert_eq!(phases, [Phase::Scheduled, Phase::Live, Phase::Break, Phase::Live, Phase::Final]);
    let ends =
        polls(&recording).iter().find(|poll| poll.games[0].phase == Phase::Final).map(|poll| poll.seen_at);
    let length = SignedDuration::from_mins(46 + 15 + 48) + SignedDuration::from_secs(10);
    assert_eq!(ends.map(|end| end.duration_since(time(START))), Some(length));
}
