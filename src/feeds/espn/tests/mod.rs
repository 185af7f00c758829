//! What the feed does wrong, one quirk a test, on hand-written events in its shapes.

mod contests;
mod leaders;
mod odds;
mod pages;
mod plays;
mod sides;
mod status;
mod warnings;

use serde_json::{Value, json};
use wirereport_actors::wire::game::{Game, Phase};
use wirereport_actors::wire::sport::Sport;

use super::league::League;
use super::parse::{self, Board};

fn league(key: &str) -> League {
    League::of(&Sport::of(key).unwrap()).unwrap()
}

fn side(home_away: &str, id: &str, code: &str, score: impl Into<Value>) -> Value {
    json!({
        "id": id, "homeAway": home_away, "score": score.into(),
        "team": { "id": id, "abbreviation": code, "displayName": format!("{code} Club"), "shortDisplayName": code,
                  "location": format!("{code} Town"), "name": code },
    })
}

fn status(id: &str, name: &str, state: &str, completed: bool, detail: &str) -> Value {
    json!({
        "clock": 0.0, "displayClock": "0:00", "period": 0,
        "type": { "id": id, "name": name, "state": state, "completed": completed, "detail": detail },
    })
}

/// A game under way, New Orleans at Tampa Bay, 7-10.
fn live() -> Value {
    let mut status = status("2", "STATUS_IN_PROGRESS", "in", false, "9:11 - 2nd Quarter");
    status["clock"] = json!(551.0);
    status["displayClock"] = json!("9:11");
    status["period"] = json!(2);
    json!({
        "id": "401772792", "uid": "s:20~l:28~e:401772792", "date": "2025-12-07T18:00Z",
        "competitions": [{
            "date": "2025-12-07T18:00Z", "timeValid": true, "neutralSite": false,
            "competitors": [side("home", "27", "TB", "10"), side("away", "18", "NO", "7")],
            "status": status,
        }],
    })
}

/// The same, before the start or after the end.
fn with_status(status: Value) -> Value {
    changed(live(), "/competitions/0/status", status)
}

/// A match under way, in minute 58.
fn soccer() -> Value {
    let mut status = status("26", "STATUS_SECOND_HALF", "in", false, "58'");
    status["clock"] = json!(3480.0);
    status["displayClock"] = json!("58'");
    status["period"] = json!(2);
    changed(with_status(status), "/uid", json!("s:600~l:770~e:401772792"))
}

fn changed(mut event: Value, pointer: &str, value: impl Into<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.into(),
        parent => parent[key] = value.into(),
    }
    event
}

fn board_of(key: &str, events: &[Value]) -> Board {
    let body = json!({ "events": events }).to_string();
    parse::board(body.as_bytes(), &league(key)).unwrap()
}

fn game_of(key: &str, event: Value) -> Game {
    let board = board_of(key, &[event]);
    assert_eq!(board.skipped, []);
    board.games.into_iter().next().unwrap()
}

fn phase_of(key: &str, event: Value) -> Phase {
    game_of(key, event).phase
}
