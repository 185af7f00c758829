//! What Discord's answers mean.
//!
//! | answer | outcome |
//! |---|---|
//! | 200 with a message | sent, now or before |
//! | 2xx that cannot be read, 5xx | unknown: Discord had the request |
//! | 404 *Unknown Message* to a deletion | sent: it is gone |
//! | 404 *Unknown Message* to an edit, other 4xx, 3xx | refused |
//! | 401, 403 | halted: the token is revoked, or the bot may not write there |
//! | 404 | halted: the channel or the webhook is no more, and Discord wants to be asked no longer |
//! | 429 | not sent; `retry_after` is kept, in the body or else in the header |

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use wirereport_actors::ports::channel::Quota;
use wirereport_actors::wire::post::{Outcome, Remote};

use crate::channels::platform::{self, Answer, gone, needs_auth, rate_limited, words};

/// The code of *Unknown Message*.
const UNKNOWN_MESSAGE: u32 = 10_008;

/// A message, as far as it is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    #[serde(default)]
    pub(super) content: String,
}

#[derive(Deserialize, Default)]
struct Complaint {
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: u32,
    retry_after: Option<f64>,
}

fn complaint(answer: &Answer) -> Complaint {
    answer.json().unwrap_or_default()
}

pub(super) fn message(answer: &Answer) -> Option<Message> {
    answer.json().filter(|_| answer.is_success())
}

pub(super) fn messages(answer: &Answer) -> Option<Vec<Message>> {
    answer.json().filter(|_| answer.is_success())
}

pub(super) fn remote(message: &Message) -> Remote {
    Remote { id: message.id.clone(), url: None }
}

/// Whether the message that an answer is about is not there.
pub(super) fn is_gone(answer: &Answer) -> bool {
    answer.status == 404 && complaint(answer).code == UNKNOWN_MESSAGE
}

/// What an answer means that does not say that it is done.
pub(super) fn trouble(answer: &Answer, now: Timestamp) -> Outcome {
    match answer.status {
        401 => needs_auth(reason(answer, ": check the token, which may have been revoked"), now),
        404 if is_gone(answer) => Outcome::Refused { reason: reason(answer, "") },
        403 => needs_auth(reason(answer, ": let the bot see the channel and send messages there"), now),
        404 => gone(reason(answer, ": check the channel or the webhook, which may have been deleted"), now),
        429 => {
            let wait = complaint(answer).retry_after;
            let wait = wait.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            rate_limited(reason(answer, ""), wait.or_else(|| answer.retry_after(now)), now)
        }
        300..=499 => Outcome::Refused { reason: reason(answer, "") },
        _ => Outcome::Unknown { reason: reason(answer, "") },
    }
}

/// What the bucket of these requests stands at.
pub(super) fn quotas(answer: &Answer, now: Timestamp) -> Vec<Quota> {
    let seconds = answer.header("x-ratelimit-reset-after").and_then(|seconds| seconds.parse().ok());
    let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    wait.and_then(|wait| platform::quota(answer, "x-ratelimit", wait, now)).into_iter().collect()
}

pub(super) fn reason(answer: &Answer, advice: &str) -> String {
    let said = words(&complaint(answer).message);
    let said = if said.is_empty() { said } else { format!(" ({said})") };
    format!("Discord answered HTTP {}{said}{advice}", answer.status)
}
