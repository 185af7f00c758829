//! What a receiver's answer means.
//!
//! | answer | outcome |
//! |---|---|
//! | 2xx | sent |
//! | 3xx | refused: a redirect is not followed, since nobody configured where it leads |
//! | 401, 403, 407 | halted as *needs_auth*: both sides do not agree on who is let in |
//! | 402 | halted as *out_of_credit* |
//! | 404 | halted as *gone*, tried again after a minute: a deployment or the operator can mend it |
//! | 410 | halted as *gone*: by Standard Webhooks the receiver wants no more requests |
//! | 408, 409 | unknown: the request arrived in part, or an earlier one with this id is being worked on |
//! | 425 | not sent; `Retry-After` is kept |
//! | 429 | halted as *rate_limited*; `Retry-After` is kept |
//! | other 4xx | refused: the same bytes will not do better |
//! | 503 with `Retry-After` | not sent until then |
//! | other 5xx, 1xx | unknown: the receiver had the request |
//! | no connection, no name, no TLS | not sent: no byte of the post has left |
//! | time-out or reset after that | unknown |

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use wirereport_actors::wire::post::{Halt, Outcome, Remote};

use crate::channels::platform::{after, retry_after};

/// A path that leads nowhere is tried again after this.
const UNTIL_MENDED: Duration = Duration::from_secs(60);

/// `now` is the tree's time, `today` the real one, which the receiver's dates are by.
pub(super) fn outcome(
    status: StatusCode,
    headers: &HeaderMap,
    remote: Remote,
    now: Timestamp,
    today: Timestamp,
) -> Outcome {
    let code = status.as_u16();
    let reason = |advice: &str| format!("the receiver answered HTTP {code}{advice}");
    let retry_after = retry_after(headers, today).map(|wait| after(now, wait));
    let halted = |halt, reason, again: Option<Timestamp>| Outcome::Halted {
        halt,
        reason,
        retry_at: again.unwrap_or(now),
    };
    match code {
        200..=299 => Outcome::Sent { remote },
        300..=399 => Outcome::Refused { reason: reason(", a redirect: configure the URL it leads to") },
        401 | 403 | 407 => {
            let advice = ": check that both sides have the same secret and the right time";
            halted(Halt::NeedsAuth, reason(advice), retry_after)
        }
        402 => halted(Halt::OutOfCredit, reason(": see to the receiver's account"), retry_after),
        404 => {
            let again = retry_after.unwrap_or(after(now, UNTIL_MENDED));
            halted(Halt::Gone, reason(": check the webhook's path"), Some(again))
        }
        408 | 409 => Outcome::Unknown { reason: reason("") },
        410 => {
            let advice = ", which asks for no more posts: set another url, or `enabled = false`";
            halted(Halt::Gone, reason(advice), None)
        }
        425 => Outcome::NotSent { reason: reason(""), retry_at: retry_after.unwrap_or(now) },
        429 => halted(Halt::RateLimited, reason(""), retry_after),
        400..=499 => Outcome::Refused { reason: reason("") },
        503 if retry_after.is_some() => {
            Outcome::NotSent { reason: reason(""), retry_at: retry_after.unwrap_or(now) }
        }
        _ => Outcome::Unknown { reason: reason("") },
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::RETRY_AFTER;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn every_status_has_the_outcome_of_the_table() {
        let kind = |code, retry_after: Option<&str>| {
            let value = retry_after.map(|value| (RETRY_AFTER, value.parse().unwrap()));
            let remote = Remote { id: "msg_1".to_owned(), url: None };
            let status = StatusCode::from_u16(code).unwrap();
            match outcome(status, &HeaderMap::from_iter(value), remote, at(0), at(784_111_700)) {
                Outcome::Sent { .. } => "sent".to_owned(),
                Outcome::NotSent { retry_at, .. } => format!("not sent, again at {}", retry_at.as_second()),
                Outcome::Refused { .. } => "refused".to_owned(),
                Outcome::Again { .. } => "again".to_owned(),
                Outcome::Halted { halt, retry_at, .. } => {
                    format!("{halt}, again at {}", retry_at.as_second())
                }
                Outcome::Unknown { .. } => "unknown".to_owned(),
            }
        };
        let table = [
            200, 202, 204, 301, 308, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 422, 425, 429,
            500, 502, 503, 504,
        ];
        let lines: Vec<String> = table.iter().map(|code| format!("{code} {}", kind(*code, None))).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        200 sent
        202 sent
        204 sent
        301 refused
        308 refused
        400 refused
        401 needs_auth, again at 0
        402 out_of_credit, again at 0
        403 needs_auth, again at 0
        404 gone, again at 60
        405 refused
        407 needs_auth, again at 0
        408 unknown
        409 unknown
        410 gone, again at 0
        413 refused
        422 refused
        425 not sent, again at 0
        429 rate_limited, again at 0
        500 unknown
        502 unknown
        503 unknown
        504 unknown
        ");
        assert_eq!(kind(429, Some("7")), "rate_limited, again at 7");
        assert_eq!(kind(503, Some("7")), "not sent, again at 7");
        assert_eq!(kind(401, Some("300")), "needs_auth, again at 300");
        assert_eq!(kind(500, Some("7")), "unknown");
        let dated = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(
            kind(429, Some(dated)),
            "rate_limited, again at 77",
            "a date is turned into the tree's time"
        );
    }
}
