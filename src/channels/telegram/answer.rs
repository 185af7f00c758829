//! What Telegram's answers mean. The HTTP status is the answer's `error_code`.
//!
//! | answer | outcome |
//! |---|---|
//! | `ok` with a message | sent |
//! | `ok` that cannot be read, 5xx | unknown: Telegram had the request |
//! | 400 *message is not modified*, *message to delete not found* | sent: it is as it should be |
//! | 400 *chat not found*, *need administrator rights*, 403 | halted: the bot is not let in there |
//! | 400 *upgraded to a supergroup* | halted: the chat is another one now |
//! | 401, 404 | halted: the token is revoked or wrong |
//! | 429 | not sent; `retry_after` is kept, in the body or else in the header |
//! | other 4xx, 3xx | refused |

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use wirereport_actors::wire::post::Outcome;

use crate::channels::platform::{Answer, gone, needs_auth, rate_limited, words};

/// What Telegram says, with 400, of a chat in which the bot may not write.
const NOT_LET_IN: [&str; 3] = ["chat not found", "need administrator rights", "CHAT_WRITE_FORBIDDEN"];

#[derive(Deserialize)]
struct Said<T> {
    ok: bool,
    result: Option<T>,
}

#[derive(Deserialize)]
struct Message {
    message_id: i64,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize, Default)]
struct Complaint {
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// What a look at a message showed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// One with that text; `copy` is the forwarded one.
    Message { text: String, copy: i64 },
    /// None has that id.
    Nothing,
    /// Telegram does not say.
    CannotTell { reason: String },
}

fn message(answer: &Answer) -> Option<Message> {
    let said: Said<Message> = answer.json().filter(|_| answer.is_success())?;
    said.result.filter(|_| said.ok)
}

/// The id of the message that was sent.
pub(super) fn message_id(answer: &Answer) -> Option<i64> {
    Some(message(answer)?.message_id)
}

/// Whether an edit or a deletion is done, now or before.
pub(super) fn is_done(answer: &Answer) -> bool {
    if answer.is_success() {
        return answer.json::<Said<serde_json::Value>>().is_some_and(|said| said.ok);
    }
    let said = complaint(answer).description;
    answer.status == 400
        && (said.contains("message is not modified") || said.contains("message to delete not found"))
}

/// What a forwarded message says.
pub(super) fn looked(answer: &Answer) -> Looked {
    if let Some(message) = message(answer) {
        return Looked::Message { text: message.text, copy: message.message_id };
    }
    if answer.status == 400 && complaint(answer).description.contains("message to forward not found") {
        return Looked::Nothing;
    }
    Looked::CannotTell { reason: reason(answer, "") }
}

/// What an answer means that does not say that it is done.
pub(super) fn trouble(answer: &Answer, now: Timestamp) -> Outcome {
    let Complaint { description, parameters } = complaint(answer);
    match answer.status {
        401 | 404 => needs_auth(reason(answer, ": check the bot's token, which may have been revoked"), now),
        403 => needs_auth(reason(answer, ": let the bot write there"), now),
        400 if parameters.migrate_to_chat_id.is_some() => {
            let id = parameters.migrate_to_chat_id.unwrap_or_default();
            gone(reason(answer, &format!(": set chat = \"{id}\"")), now)
        }
        400 if NOT_LET_IN.iter().any(|said| description.contains(said)) => {
            needs_auth(reason(answer, ": check chat, and that the bot is an administrator there"), now)
        }
        429 => {
            let wait = parameters.retry_after.map(Duration::from_secs).or_else(|| answer.retry_after(now));
            rate_limited(reason(answer, ""), wait, now)
        }
        300..=499 => Outcome::Refused { reason: reason(answer, "") },
        _ => Outcome::Unknown { reason: reason(answer, "") },
    }
}

fn complaint(answer: &Answer) -> Complaint {
    answer.json().unwrap_or_default()
}

fn reason(answer: &Answer, advice: &str) -> String {
    let said = words(&complaint(answer).description);
    let said = if said.is_empty() { said } else { format!(" ({said})") };
    format!("Telegram answered HTTP {}{said}{advice}", answer.status)
}
