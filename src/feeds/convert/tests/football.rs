//! NFL.com games.

use jiff::SignedDuration;
use serde_json::{Value, json};
use wirereport_actors::wire::game::Phase;

use super::super::Options;
use super::{START, last, made, scores, time};

fn nfl(plays: &[Value], scorings: &[Value], result: (u32, u32)) -> Value {
    let team = |name: &str, code: &str| json!({ "id": code, "fullName": name, "currentLogo": format!("https://example/logos/{code}") });
    json!({
        "id": "game", "homeTeam": team("New York Giants", "NYG"), "awayTeam": team("San Francisco 49ers", "SF"),
        "time": START,
        "summary": {
            "phase": "FINAL", "startTime": START,
            "homeTeam": { "score": { "total": result.0 } }, "awayTeam": { "score": { "total": result.1 } },
        },
        "driveChart": { "plays": plays, "scoringSummaries": scorings },
    })
}

fn down(id: u64, minute: i64, kind: &str) -> Value {
    let at = time(START) + SignedDuration::from_mins(minute);
    json!({ "playId": id, "clockTime": "10:00", "playStartTime": at, "playEndTime": null, "playType": kind,
            "quarter": 1 })
}

fn scoring(play: u64, pat: u64, kind: &str, (home, away): (u32, u32)) -> Value {
    json!({ "homeScore": home, "awayScore": away, "clockTime": "09:55", "scoreType": kind,
            "scoringPlayId": play, "patPlayId": pat })
}

#[test]
fn a_touchdown_and_its_try_are_seen_apart_whatever_the_try_brings() {
    let plays = [
        down(1, 0, "RUSH"),
        down(2, 1, "XP_KICK"),
        down(3, 5, "PASS"),
        down(4, 6, "XP_KICK"),
        down(5, 10, "PASS"),
        down(6, 11, "PASS"),
        down(7, 15, "PASS"),
        json!({ "playId": 8, "playType": "END_GAME", "quarter": 4 }),
    ];
    let scorings = [
        scoring(1, 2, "TOUCHDOWN", (7, 0)),
        scoring(3, 4, "TOUCHDOWN", (7, 6)),
        scoring(5, 6, "TOUCHDOWN", (15, 6)),
        scoring(7, 0, "SAFETY", (15, 8)),
    ];
    let recording = made(&nfl(&plays, &scorings, (15, 8)), &Options::default()).expect("it is whole");
    assert_eq!(scores(&recording), [(6, 0), (7, 0), (7, 6), (13, 6), (15, 6), (15, 8)]);
    let over = last(&recording);
    assert_eq!((over.phase, over.period, over.home.team.place.as_str()), (Phase::Final, 4, "New York"));
    assert_eq!(over.away.team.short_name, "49ers");
    let wrong = made(&nfl(&plays, &scorings, (15, 9)), &Options::default()).expect_err("the sum is wrong");
    assert_eq!(
        wrong.to_string(),
        "NFL.com game whose plays come to 15-8 (home first) and whose result is 15-9"
    );
}
