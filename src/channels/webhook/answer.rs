//! What a receiver's answer means.
//!
//! | answer | outcome |
//! |---|---|
//! | 2xx | sent |
//! | 3xx | refused: a redirect is not followed, since nobody configured where it leads |
//! | 401, 403, 404, 407 | not sent, tried again after a minute: the operator or a deployment can mend it while the post is fresh |
//! | 408, 409 | unknown: the request arrived in part, or an earlier one with this id is being worked on |
//! | 410 | refused: the endpoint is gone |
//! | 425, 429 | not sent; `Retry-After` is kept |
//! | other 4xx | refused: the same bytes will not do better |
//! | 503 with `Retry-After` | not sent until then |
//! | other 5xx, 1xx | unknown: the receiver had the request |
//! | no connection, no name, no TLS | not sent: no byte of the post has left |
//! | time-out or reset after that | unknown |

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use wirereport_actors::wire::post::{Outcome, Remote};

use crate::channels::platform::{after, retry_after};

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
    match code {
        200..=299 => Outcome::Sent { remote },
        300..=399 => Outcome::Refused { reason: reason(", a redirect: configure the URL it leads to") },
        401 | 403 | 407 => Outcome::NotSent {
            reason: reason(": check that both sides have the same secret and the right time"),
            retry_at: retry_after.unwrap_or(after(now, UNTIL_MENDED)),
        },
        404 => Outcome::NotSent {
            reason: reason(": check the webhook's path"),
            retry_at: retry_after.unwrap_or(after(now, UNTIL_MENDED)),
        },
        408 | 409 => Outcome::Unknown { reason: reason("") },
        410 => Outcome::Refused { reason: reason(": the endpoint is gone for good") },
        425 | 429 => Outcome::NotSent { reason: reason(""), retry_at: retry_after.unwrap_or(now) },
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
                Outcome::Halted { .. } => "halted".to_owned(),
                Outcome::Unknown { .. } => "unknown".to_owned(),
            }
        };
        let table = [
            200, 202, 204, 301, 308, 400, 401, 403, 404, 405, 408, 409, 410, 413, 422, 425, 429, 500, 502,
            503, 504,
        ];
        let lines: Vec<String> = table.iter().map(|code| format!("{code} {}", kind(*code, None))).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        200 sent
        202 sent
        204 sent
        301 refused
        308 refused
        400 refused
        401 not sent, again at 60
        403 not sent, again at 60
        404 not sent, again at 60
        405 refused
        408 unknown
        409 unknown
        410 refused
        413 refused
        422 refused
        425 not sent, again at 0
        429 not sent, again at 0
        500 unknown
        502 unknown
        503 unknown
        504 unknown
        ");
        assert_eq!(kind(429, Some("7")), "not sent, again at 7");
        assert_eq!(kind(503, Some("7")), "not sent, again at 7");
        assert_eq!(kind(401, Some("300")), "not sent, again at 300");
        assert_eq!(kind(500, Some("7")), "unknown");
        let dated = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(kind(429, Some(dated)), "not sent, again at 77", "a date is turned into the tree's time");
    }
}
