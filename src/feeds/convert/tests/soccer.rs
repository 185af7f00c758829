//! ESPN summaries of soccer matches.

use jiff::SignedDuration;
use serde_json::{Value, json};
use wirereport_actors::wire::game::{Phase, PlayKind, Which};

use super::super::Options;
use super::{START, games, last, made, polls, scores, time};

fn soccer(
    events: &[(i64, u8, &str, &str, Option<&str>)],
    result: (&str, &str),
    pens: Option<(u32, u32)>,
) -> Value {
    let events: Vec<Value> = events
        .iter()
        .map(|(minute, period, kind, clock, team)| {
            let scores = kind.contains("goal") || kind.contains("scored");
            let shootout = *period == 5;
            let at = time(START) + SignedDuration::from_mins(*minute);
            let mut event = json!({ "id": minute.to_string(), "type": { "type": kind }, "period": { "number": period },
                "clock": { "displayValue": clock }, "scoringPlay": scores, "shootout": shootout, "wallclock": at });
            if let Some(team) = team {
                event["team"] = json!({ "id": team });
            }
            event
        })
        .collect();
    let side = |at: &str, id: &str, name: &str, score: &str, pens: Option<u32>| {
        json!({ "homeAway": at, "score": score, "shootoutScore": pens, "team": {
            "id": id, "displayName": name, "location": name, "abbreviation": name } })
    };
    let home = side("home", "1", "HOM", result.0, pens.map(|pens| pens.0));
    let away = side("away", "2", "AWY", result.1, pens.map(|pens| pens.1));
    json!({ "keyEvents": events, "header": { "id": "7", "league": { "slug": "fifa.world" }, "competitions": [{
        "date": "2024-01-01T20:00Z", "competitors": [away, home], "status": { "type": { "completed": true } } }] } })
}

#[test]
fn a_final_that_goes_to_penalties_keeps_its_score_and_counts_them_beside_it() {
    let events = [
        (0, 1, "kickoff", "", None),
        (10, 1, "goal", "11'", Some("1")),
        (46, 1, "halftime", "45'+1'", None),
        (61, 2, "start-2nd-half", "45'", None),
        (70, 2, "own-goal", "54'", Some("2")),
        (80, 2, "red-card", "64'", Some("2")),
        (108, 2, "end-regular-time", "90'+3'", None),
        (113, 3, "start-extra-time", "90'", None),
        (128, 3, "halftime-extra-time", "105'", None),
        (130, 4, "start-2nd-half-extra-time", "105'", None),
        (146, 4, "end-extra-time", "120'", None),
        (150, 5, "penalty---scored", "120'", Some("1")),
        (151, 5, "penalty---missed", "120'", Some("2")),
        (152, 5, "penalty---scored", "120'", Some("1")),
        (153, 5, "end-shootout", "120'", None),
    ];
    let recording =
        made(&soccer(&events, ("1", "1"), Some((2, 0))), &Options::default()).expect("it is whole");
    let over = last(&recording);
    assert_eq!(scores(&recording), [(0, 0), (1, 0), (1, 1)]);
    assert_eq!((over.home.shootout, over.away.shootout), (Some(2), Some(0)));
    assert_eq!((over.phase, over.home.winner), (Phase::Final, Some(true)));
    let kinds: Vec<PlayKind> = over.plays.iter().map(|play| play.kind).collect();
    use PlayKind::{Goal, OwnGoal, RedCard, ShootoutGoal};
    assert_eq!(kinds, [Goal, OwnGoal, RedCard, ShootoutGoal, ShootoutGoal]);
    assert_eq!(over.plays[1].side, Some(Which::Away), "the side that profits");
    let mut phases: Vec<Phase> = games(&recording).iter().map(|game| game.phase).collect();
    phases.dedup();
    assert_eq!(phases.iter().filter(|phase| **phase == Phase::Break).count(), 4);
    let shot_out = games(&recording).iter().filter(|game| game.phase == Phase::Shootout).count();
    assert!(shot_out > 2, "the penalties are watched");
}

#[test]
fn the_match_clock_runs_through_from_each_kick_off() {
    let events = [
        (0, 1, "kickoff", "", None),
        (47, 1, "halftime", "45'+2'", None),
        (62, 2, "start-2nd-half", "45'", None),
        (109, 2, "end-regular-time", "90'+2'", None),
    ];
    let recording = made(&soccer(&events, ("0", "0"), None), &Options::default()).expect("it is whole");
    let clock = |minute: i64| {
        let at = time(START) + SignedDuration::from_mins(minute) + SignedDuration::from_secs(30);
        let polls = polls(&recording);
        let poll = polls.iter().rev().find(|poll| poll.seen_at <= at).expect("it is watched");
        serde_json::to_value(poll.games[0].clock.map(crate::feeds::recording::format::ClockText))
            .expect("a clock is JSON")
    };
    assert_eq!([clock(0), clock(1), clock(44)], ["1", "2", "45"]);
    assert_eq!([clock(46), clock(50)], ["45+2", "45+2"]);
    assert_eq!([clock(62), clock(65), clock(107)], ["46", "49", "90+1"]);
    let over = last(&recording);
    assert_eq!((over.home.winner, over.away.winner), (Some(false), Some(false)), "nobody won");
}
