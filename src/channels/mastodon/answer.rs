//! What a Mastodon server's answers mean.
//!
//! | answer | outcome |
//! |---|---|
//! | 200 with a status | sent, now or before |
//! | 200 that cannot be read, 5xx | unknown: the server had the request; the post is looked for, then sent under its key |
//! | 401, 403 | halted: the token is revoked, or lacks a scope |
//! | 404 to a deletion | sent: it is gone |
//! | 429 | not sent until `X-RateLimit-Reset`, which is a date by ISO 8601 |
//! | 422, other 4xx, 3xx | refused |

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use wirereport_actors::ports::channel::Quota;
use wirereport_actors::wire::post::{Outcome, Remote};

use crate::channels::platform::{self, Answer, needs_auth, rate_limited, words};

/// A status, as far as it is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) id: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    pub(super) content: String,
    #[serde(default)]
    pub(super) created_at: Option<Timestamp>,
}

impl Status {
    pub(super) fn remote(&self) -> Remote {
        Remote { id: self.id.clone(), url: self.url.clone() }
    }
}

pub(super) fn status(answer: &Answer) -> Option<Status> {
    answer.json().filter(|_| answer.is_success())
}

pub(super) fn statuses(answer: &Answer) -> Option<Vec<Status>> {
    answer.json().filter(|_| answer.is_success())
}

/// The id of an account.
pub(super) fn id(answer: &Answer) -> Option<String> {
    status(answer).map(|account| account.id)
}

/// How long a status may be.
pub(super) fn max_characters(answer: &Answer) -> Option<usize> {
    let instance: serde_json::Value = answer.json().filter(|_| answer.is_success())?;
    let max = instance["configuration"]["statuses"]["max_characters"].as_u64()?;
    usize::try_from(max).ok().filter(|max| *max > 0)
}

/// What an answer means that does not say that it is done.
pub(super) fn trouble(answer: &Answer, now: Timestamp, today: Timestamp) -> Outcome {
    match answer.status {
        401 | 403 => {
            let advice =
                ": check the access token, which needs write:statuses, read:statuses and read:accounts";
            needs_auth(reason(answer, advice), now)
        }
        429 => rate_limited(reason(answer, ""), wait(answer, today), now),
        300..=499 => Outcome::Refused { reason: reason(answer, "") },
        _ => Outcome::Unknown { reason: reason(answer, "") },
    }
}

/// How long a server wants to be left alone. Its reset is by the real time.
fn wait(answer: &Answer, today: Timestamp) -> Option<Duration> {
    let reset: Option<Timestamp> = answer.header("x-ratelimit-reset").and_then(|reset| reset.parse().ok());
    let until = |reset: Timestamp| Duration::try_from(reset.duration_since(today)).unwrap_or_default();
    reset.map(until).or_else(|| answer.retry_after(today))
}

/// What the account's allowance stands at.
pub(super) fn quotas(answer: &Answer, now: Timestamp, today: Timestamp) -> Vec<Quota> {
    let quota = wait(answer, today).and_then(|wait| platform::quota(answer, "x-ratelimit", wait, now));
    quota.into_iter().collect()
}

pub(super) fn reason(answer: &Answer, advice: &str) -> String {
    #[derive(Deserialize)]
    struct Complaint {
        error: String,
    }
    let said = answer.json::<Complaint>().map(|complaint| format!(" ({})", words(&complaint.error)));
    format!("the server answered HTTP {}{}{advice}", answer.status, said.unwrap_or_default())
}
