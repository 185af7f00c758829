//! How long a board takes from its bytes to its verdicts: parsed, detected, weighed, selected.
//!
//! ```text
//! cargo run --release --example detection
//! ```
//!
//! The boards are invented, in the shape of ESPN's: sixteen live basketball games of some 300 KB, most of it what is never read,
//! as in a real answer. Every board differs from the one before in eight scores and sixteen clocks. One thread, no input and
//! no output while it is measured.

use std::time::Duration;

use anyhow::{Context, ensure};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::time::Instant;
use wirereport::feeds::espn::league::League;
use wirereport::feeds::espn::parse;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::Snapshot;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step;

const GAMES: usize = 16;
const BOARDS: usize = 300;
const BYTES: usize = 300_000;

fn main() -> anyhow::Result<()> {
    let sport = Sport::of("nba").context("the NBA is in the table")?;
    let league = League::of(&sport)?;
    let (rules, mut state) = (Rules::default(), SportState::default());
    let mut at: Timestamp = "2026-01-10T01:00:00Z".parse()?;
    let (mut times, mut moments, mut bytes) = (Vec::with_capacity(BOARDS), 0, 0);
    for poll in 0..BOARDS {
        let body = serde_json::to_vec(&board(poll))?;
        bytes = body.len();
        let begun = Instant::now();
        let board = parse::board(&body, &league)?;
        ensure!(board.games.len() == GAMES, "{} games of {GAMES} were read", board.games.len());
        let snapshot =
            Snapshot { sport: sport.key.clone(), feed: "espn".to_owned(), seen_at: at, games: board.games };
        moments += step(&mut state, &snapshot, &sport, &rules).stories.len();
        times.push(begun.elapsed());
        at += SignedDuration::from_secs(20);
    }
    times.sort_unstable();
    let at_share = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    println!("{BOARDS} boards of {GAMES} games and {} KB, {moments} moments", bytes / 1000);
    println!("p50 {}, p90 {}, p99 {}", millis(at_share(50)), millis(at_share(90)), millis(at_share(99)));
    Ok(())
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// The board of that poll. What is never read fills it up.
fn board(poll: usize) -> Value {
    let padding = "x".repeat(180);
    let unread: Vec<Value> = (0..BYTES / GAMES / 300)
        .map(|n| json!({"rel": ["desktop", "event"], "href": format!("https://example.org/{n}/{padding}"), "text": "Box", "isExternal": false}))
        .collect();
    let events: Vec<Value> = (0..GAMES).map(|game| event(game, poll, &unread)).collect();
    json!({"leagues": [{"id": "46", "slug": "nba"}], "events": events})
}

fn event(game: usize, poll: usize, unread: &[Value]) -> Value {
    let (period, left) = (1 + poll * 4 / BOARDS, 720 - (poll * 4 % BOARDS) * 720 / BOARDS);
    // Every other poll each game scores, now the one side, now the other.
    let scored = (poll + game) / 2;
    let side = |home: bool| {
        let code = format!("{}{:02}", if home { "H" } else { "A" }, game);
        let score = 2 * (scored / 2 + usize::from(home && scored % 2 == 1));
        json!({
            "id": format!("{}", 100 + 2 * game + usize::from(home)),
            "homeAway": if home { "home" } else { "away" },
            "score": score.to_string(),
            "team": {
                "id": format!("{}", 100 + 2 * game + usize::from(home)), "abbreviation": code,
                "location": format!("Town {code}"), "name": format!("Team{code}"),
                "displayName": format!("Town {code} Team{code}"), "shortDisplayName": format!("Team{code}"),
            },
        })
    };
    let status = json!({
        "clock": left, "displayClock": format!("{}:{:02}", left / 60, left % 60), "period": period,
        "type": {"id": "2", "name": "STATUS_IN_PROGRESS", "state": "in", "completed": false},
    });
    json!({
        "id": format!("{}", 401_000_000 + game), "date": "2026-01-10T00:30Z", "links": unread,
        "competitions": [{"id": format!("{}", 401_000_000 + game), "date": "2026-01-10T00:30Z",
            "neutralSite": false, "competitors": [side(true), side(false)], "status": status}],
        "status": status,
    })
}
