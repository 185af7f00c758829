//! A night in Boston, as the scoreboard shows it, and settings that tell all of it at once.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use wirereport::clock::SystemClock;
use wirereport_actors::ports::clock::Clock;

use crate::scoreboard::{Answer, Scoreboard};

pub(crate) const NBA: &str = "basketball/nba";

/// The signing secret of the newsroom: `whsec_` and the bytes 0 to 31.
pub(crate) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A board that shows Boston against Atlanta late in the fourth quarter, begun an hour ago.
pub(crate) fn board(home: u32, away: u32) -> Value {
    let start: Timestamp = SystemClock.now() - Duration::from_secs(3600);
    let side = |home_away: &str, id: &str, place: &str, name: &str, code: &str, score: u32| {
        json!({
            "id": id, "homeAway": home_away, "score": score.to_string(),
            "team": { "id": id, "location": place, "name": name, "shortDisplayName": name,
                      "displayName": format!("{place} {name}"), "abbreviation": code },
        })
    };
    json!({
        "leagues": [{ "slug": "nba" }],
        "events": [{
            "id": "401", "uid": "s:40~l:46~e:401",
            "competitions": [{
                "date": start.strftime("%Y-%m-%dT%H:%MZ").to_string(),
                "competitors": [
                    side("home", "2", "Boston", "Celtics", "BOS", home),
                    side("away", "1", "Atlanta", "Hawks", "ATL", away),
                ],
                "status": { "clock": 61.0, "displayClock": "1:01", "period": 4,
                            "type": { "name": "STATUS_IN_PROGRESS", "state": "in", "completed": false } },
            }],
        }],
    })
}

/// A scoreboard on which the lead changes with every step.
pub(crate) async fn night() -> Scoreboard {
    let scoreboard = Scoreboard::start().await;
    let scores = [(98, 96), (98, 99), (101, 99), (101, 102), (104, 102), (104, 105)];
    scoreboard.play(NBA, scores.map(|(home, away)| Answer::board(&board(home, away))));
    scoreboard
}

/// Settings that follow the NBA there and tell every change at first sight, on the channel `feed` alone.
pub(crate) fn telling(scoreboard: &Scoreboard) -> String {
    format!(
        "[sports]\nfollow = [\"nba\"]\nthreshold = 0.0\nconfirmations = 0\nshortest_poll = \"250 ms\"\n\
         [feeds.espn]\nbase_url = \"{}\"\n[channels.terminal]\nenabled = false\n",
        scoreboard.url()
    )
}

/// A webhook channel called `newsroom`, whose secret is in `NEWSROOM_SECRET`.
pub(crate) fn newsroom(url: &str) -> String {
    webhook("newsroom", url)
}

/// A webhook channel of that name.
pub(crate) fn webhook(name: &str, url: &str) -> String {
    format!(
        "[channels.{name}]\nkind = \"webhook\"\nurl = \"{url}\"\nsecret_env = \"NEWSROOM_SECRET\"\n\
         allow_http = true\nidempotency_window = \"never\"\ntimeout = \"60 s\"\n"
    )
}
