//! What the tests of live runs have in common: settings, and hand-written boards.

use serde_json::{Value, json};
use wirereport::clock::SystemClock;
use wirereport_actors::ports::clock::Clock;

use crate::wire;

/// Settings of a live run that tells everything: these leagues, from that scoreboard, to that webhook and to feed files.
pub(crate) fn settings(leagues: &[&str], scoreboard: &str, hook: &str) -> String {
    let leagues: Vec<String> = leagues.iter().map(|league| format!("\"{league}\"")).collect();
    format!(
        "[sports]\nfollow = [{}]\nthreshold = 0\nconfirmations = 1\nshortest_poll = \"250 ms\"\n\
         [feeds.espn]\nbase_url = \"{scoreboard}\"\n[channels.feed]\nitems = 1000\n[channels.terminal]\nenabled = false\n{}",
        leagues.join(", "),
        wire::hook(hook)
    )
}

/// A basketball game of a hand-written board, which began an hour ago.
#[derive(Debug, Clone)]
pub(crate) struct Game {
    id: &'static str,
    away: &'static str,
    home: &'static str,
    /// The away side's first.
    pub(crate) score: (u32, u32),
    status: (&'static str, &'static str),
    period: u8,
    clock: (f64, &'static str),
}

impl Game {
    /// In the first quarter, with nothing scored.
    pub(crate) fn new(id: &'static str, away: &'static str, home: &'static str) -> Self {
        let status = ("STATUS_IN_PROGRESS", "in");
        Self { id, away, home, score: (0, 0), status, period: 1, clock: (360.0, "6:00") }
    }

    pub(crate) fn with(self, away: u32, home: u32) -> Self {
        Self { score: (away, home), ..self }
    }

    pub(crate) fn late(self) -> Self {
        Self { period: 4, clock: (120.0, "2:00"), ..self }
    }

    pub(crate) fn over(self) -> Self {
        Self { status: ("STATUS_FINAL", "post"), period: 4, clock: (0.0, "0:00"), ..self }
    }

    fn event(&self, start: &str) -> Value {
        let (away, home) = self.score;
        let over = self.status.1 == "post";
        let side = |which: &str, code: &str, score: u32, wins: bool| {
            json!({ "id": code, "homeAway": which, "score": score.to_string(), "winner": over && wins,
                    "team": { "id": code, "displayName": format!("{code} Team"), "shortDisplayName": format!("{code}s"),
                              "abbreviation": code } })
        };
        json!({
            "id": self.id, "uid": format!("s:40~l:46~e:{}", self.id), "date": start,
            "competitions": [{
                "date": start,
                "competitors": [side("home", self.home, home, home > away), side("away", self.away, away, away > home)],
                "status": { "clock": self.clock.0, "displayClock": self.clock.1, "period": self.period,
                            "type": { "name": self.status.0, "state": self.status.1, "completed": over } },
            }],
        })
    }
}

/// The boards of one evening.
pub(crate) struct Evening {
    start: String,
}

impl Evening {
    /// One whose games began an hour ago.
    pub(crate) fn new() -> Self {
        let start = SystemClock.now() - std::time::Duration::from_secs(3600);
        Self { start: start.strftime("%Y-%m-%dT%H:%MZ").to_string() }
    }

    /// The NBA's board with these games.
    pub(crate) fn board(&self, games: &[Game]) -> Value {
        let events: Vec<Value> = games.iter().map(|game| game.event(&self.start)).collect();
        json!({ "leagues": [{ "slug": "nba" }], "events": events })
    }
}
