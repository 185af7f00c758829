//! Hand-written boards, and how the feed is asked.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use wirereport::feeds::espn::{Espn, EspnSettings};
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, PollRequest};
use wirereport_actors::wire::sport::Sport;

/// A basketball game under way.
pub(super) fn event(id: &str, home: u32, away: u32) -> Value {
    let side = |home_away: &str, id: &str, score: u32| {
        json!({ "id": id, "homeAway": home_away, "score": score.to_string(),
                "team": { "id": id, "displayName": format!("Team {id}"), "abbreviation": format!("T{id}") } })
    };
    json!({
        "id": id, "uid": format!("s:40~l:46~e:{id}"),
        "competitions": [{
            "date": "2025-12-08T00:30Z",
            "competitors": [side("home", "1", home), side("away", "2", away)],
            "status": { "clock": 680.0, "displayClock": "11:20", "period": 4,
                        "type": { "name": "STATUS_IN_PROGRESS", "state": "in", "completed": false } },
        }],
    })
}

pub(super) fn board(slug: &str, events: &[Value]) -> Value {
    json!({ "leagues": [{ "slug": slug }], "events": events })
}

pub(super) fn settings(url: &str) -> EspnSettings {
    EspnSettings { base_url: url.to_owned(), ..EspnSettings::default() }
}

pub(super) fn now() -> Timestamp {
    "2025-12-08T03:00:00Z".parse().unwrap()
}

pub(super) fn request(key: &str, now: Timestamp) -> PollRequest {
    PollRequest { sport: Sport::of(key).unwrap(), now, follow: Vec::new(), cursor: None }
}

pub(super) async fn poll(espn: &Espn) -> Result<Answer, FeedError> {
    poll_at(espn, now()).await
}

pub(super) async fn poll_at(espn: &Espn, now: Timestamp) -> Result<Answer, FeedError> {
    espn.poll(&request("nba", now)).await
}

/// Longer than any test; for what must not be cut off by time.
pub(super) const AGES: Duration = Duration::from_secs(600);
