//! What a PDS's answers mean.
//!
//! | answer | outcome |
//! |---|---|
//! | 200 with `uri` and `cid` | sent, now or before |
//! | 200 that cannot be read, 5xx | unknown: the PDS had the request; it is sent again under its key |
//! | 400 *ExpiredToken*, *InvalidToken* | not sent: the session is renewed before the next attempt |
//! | 400 *AccountTakedown*, *AccountDeactivated*, 401, 403 | halted: the account is not let in |
//! | 400 *InvalidSwap* | refused: another record has the key |
//! | 429 | not sent until `RateLimit-Reset` |
//! | other 4xx, 3xx | refused |

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use wirereport_actors::ports::channel::Quota;
use wirereport_actors::wire::post::Outcome;

use super::record::StrongRef;
use crate::channels::platform::{self, Answer, needs_auth, not_yet, rate_limited, until_second, words};

/// What a write costs at most.
const POINTS: u64 = 2;

#[derive(Deserialize, Default)]
struct Complaint {
    #[serde(default)]
    error: String,
    #[serde(default)]
    message: String,
}

fn complaint(answer: &Answer) -> Complaint {
    answer.json().unwrap_or_default()
}

/// The record that is there.
pub(super) fn written(answer: &Answer) -> Option<StrongRef> {
    answer.json().filter(|_| answer.is_success())
}

/// Whether a record that was asked for is not there.
pub(super) fn is_absent(answer: &Answer) -> bool {
    answer.status == 400 && complaint(answer).error == "RecordNotFound"
}

/// Whether the session is to be renewed.
pub(super) fn is_of_an_old_session(answer: &Answer) -> bool {
    let error = complaint(answer).error;
    answer.status == 401 || (answer.status == 400 && (error == "ExpiredToken" || error == "InvalidToken"))
}

/// How long a PDS wants to be left alone. Its reset is a Unix second, so it is by the real time.
pub(super) fn wait(answer: &Answer, today: Timestamp) -> Option<Duration> {
    let reset = answer.header("ratelimit-reset").and_then(|reset| reset.parse().ok());
    reset.map(|second| until_second(second, today)).or_else(|| answer.retry_after(today))
}

/// What the account's allowance stands at. It is counted in points, of which a write costs two at most.
pub(super) fn quotas(answer: &Answer, now: Timestamp, today: Timestamp) -> Vec<Quota> {
    let points = wait(answer, today).and_then(|wait| platform::quota(answer, "ratelimit", wait, now));
    let writes = |points: Quota| Quota {
        limit: points.limit.map(|limit| limit / POINTS),
        remaining: points.remaining / POINTS,
        ..points
    };
    points.map(writes).into_iter().collect()
}

/// What an answer means that does not say that it is done.
pub(super) fn trouble(answer: &Answer, now: Timestamp, today: Timestamp) -> Outcome {
    let error = complaint(answer).error;
    match (answer.status, error.as_str()) {
        (400, "ExpiredToken" | "InvalidToken") => not_yet(reason(answer, ": the session is renewed"), now),
        (400, "AccountTakedown" | "AccountDeactivated") | (401 | 403, _) => {
            needs_auth(reason(answer, ": check the account and its app password"), now)
        }
        (400, "InvalidSwap") => Outcome::Refused { reason: reason(answer, ": another record has the key") },
        (429, _) => rate_limited(reason(answer, ""), wait(answer, today), now),
        (300..=499, _) => Outcome::Refused { reason: reason(answer, "") },
        _ => Outcome::Unknown { reason: reason(answer, "") },
    }
}

pub(super) fn reason(answer: &Answer, advice: &str) -> String {
    let Complaint { error, message } = complaint(answer);
    let said = match (error.is_empty(), message.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!(" ({})", words(&error)),
        (false, false) => format!(" ({}: {})", words(&error), words(&message)),
    };
    format!("Bluesky answered HTTP {}{said}{advice}", answer.status)
}
