//! What the clients of the platforms have in common: one attempt is one request, and what it means when no answer comes.
//!
//! Where no connection came about, no byte of the post has left: *not sent*, and so where its body was not handed over
//! ([`departure`](super::departure)). Once it was, silence leaves the outcome open: *unknown*. An answer is read whole before it is judged, so one that breaks off is no answer. What a
//! status means is each platform's own affair and stands in its own table.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Url};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wirereport_actors::ports::channel::{Fence, Halt, Quota};
use wirereport_actors::wire::post::{Outcome, Post, Remote};

use super::departure::Departure;

/// How long to wait for a connection.
pub(super) const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Under which the keys of posts are made; it must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x7d1c_a52e_90b4_5f3d_b6e1_08f4_c27a_9d53);

/// The largest answer that is read.
const LARGEST: usize = 4 << 20;

/// A platform that asks for more is asked again after this.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Why an account cannot be used as it is set up.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum AccountError {
    /// The address is none, or of a scheme that is not HTTP.
    #[error("the address of {what} is not an https URL ({detail}): write it as https://host")]
    Address {
        /// Whose address.
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// Plain HTTP to another machine.
    #[error("the address of {what} sends posts and secrets unencrypted to {host}: use https")]
    Unencrypted {
        /// Whose address.
        what: &'static str,
        /// The host.
        host: String,
    },
    /// A secret is of another form.
    #[error("the secret of {what} {detail}")]
    Secret {
        /// Whose secret.
        what: &'static str,
        /// What is wrong with it, and how it should look. Never the secret.
        detail: &'static str,
    },
    /// No client.
    #[error("set up the HTTP client: {detail}")]
    Client {
        /// What the library says.
        detail: String,
    },
}

/// The client of an account, one attempt of which may take that long.
pub(crate) fn client(attempt_within: Duration) -> Result<reqwest::Client, AccountError> {
    crate::http::client(CONNECT_WITHIN.min(attempt_within), attempt_within)
        .map_err(|error| AccountError::Client { detail: crate::http::describe(error) })
}

/// The address of a platform, which `https` keeps from everybody on the way; this machine needs none. Paths are put
/// after it, so it ends in a slash.
pub(crate) fn address(what: &'static str, text: &str) -> Result<Url, AccountError> {
    let text = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    let wrong = |detail: String| AccountError::Address { what, detail };
    let url = Url::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let Some(host) = url.host_str() else { return Err(wrong("it names no host".to_owned())) };
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine(host) => Ok(url),
        "http" => Err(AccountError::Unencrypted { what, host: host.to_owned() }),
        other => Err(wrong(format!("its scheme is {other}"))),
    }
}

/// Whether secrets may be sent to that address.
pub(crate) fn check_address(text: &str) -> bool {
    address("it", text).is_ok()
}

pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// A platform's answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as that, where it is.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.body).ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    /// `Retry-After`, from now. `today` is the real time, which dates are by.
    pub(crate) fn retry_after(&self, today: Timestamp) -> Option<Duration> {
        retry_after(&self.headers, today)
    }
}

/// No answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Silence {
    /// No byte of the request has left.
    NothingLeft(String),
    /// It may have arrived.
    Open(String),
}

impl Silence {
    pub(super) fn outcome(self, now: Timestamp) -> Outcome {
        match self {
            Self::NothingLeft(reason) => Outcome::NotSent { reason, retry_at: now },
            Self::Open(reason) => Outcome::Unknown { reason },
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::NothingLeft(reason) | Self::Open(reason)) = self;
        f.write_str(reason)
    }
}

impl From<reqwest::Error> for Silence {
    fn from(error: reqwest::Error) -> Self {
        let nothing_left = error.is_connect() || error.is_builder();
        let reason = crate::http::describe(error);
        if nothing_left { Self::NothingLeft(reason) } else { Self::Open(reason) }
    }
}

/// Makes one request.
pub(crate) async fn exchange(request: RequestBuilder) -> Result<Answer, Silence> {
    let mut response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return Err(Silence::Open(format!("HTTP {status} with an answer larger than {LARGEST} bytes")));
        }
    }
    Ok(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

/// Makes one request that tells readers something: with that body, which is JSON, unless the fence falls before it leaves.
pub(super) async fn tell(request: RequestBuilder, body: String, fence: &Fence) -> Result<Answer, Silence> {
    let (departure, body) = Departure::of(body, fence);
    let request = request.header(CONTENT_TYPE, "application/json").body(body);
    exchange(request).await.map_err(|silence| departure.judge(silence))
}

/// Makes one request that takes something back from readers, which comes to the same however often it is done.
pub(super) async fn take_back(request: RequestBuilder, fence: &Fence) -> Result<Answer, Silence> {
    if !fence.holds() {
        return Err(Silence::NothingLeft("it was too late to send it".to_owned()));
    }
    exchange(request).await
}

/// A request with that body, which is JSON.
pub(crate) fn json(request: RequestBuilder, body: String) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/json").body(body)
}

/// What tells a post from every other one, the same on every attempt.
pub(super) fn digest(post: &Post) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{}/{}/{}", post.channel, post.story, post.revision).as_bytes())
}

pub(super) fn sent(id: impl Into<String>, url: Option<String>) -> Outcome {
    Outcome::Sent { remote: Remote { id: id.into(), url } }
}

/// The account is not let in: only the operator can mend that, and nothing else would leave.
pub(super) fn needs_auth(reason: String, now: Timestamp) -> Outcome {
    Outcome::Halted { halt: Halt::NeedsAuth, reason, retry_at: now }
}

/// The account's money or allowance is used up: only the operator can mend that, and nothing else would leave.
pub(super) fn out_of_credit(reason: String, now: Timestamp) -> Outcome {
    Outcome::Halted { halt: Halt::OutOfCredit, reason, retry_at: now }
}

/// The place that posts are sent to is no more: only the operator can say where else, and nothing else would leave.
pub(super) fn gone(reason: String, now: Timestamp) -> Outcome {
    Outcome::Halted { halt: Halt::Gone, reason, retry_at: now }
}

/// The platform has had enough requests for now, and wants to be left alone for so long.
pub(super) fn rate_limited(reason: String, wait: Option<Duration>, now: Timestamp) -> Outcome {
    let wait = wait.unwrap_or_default().min(LONGEST_WAIT);
    Outcome::Halted { halt: Halt::RateLimited, reason, retry_at: after(now, wait) }
}

/// It was not the post's turn yet, and may be soon.
pub(super) fn not_yet(reason: String, now: Timestamp) -> Outcome {
    Outcome::NotSent { reason, retry_at: now }
}

/// What the platform's own rate limits stand at, as its last answer to a writing request said.
#[derive(Debug, Default)]
pub(super) struct Quotas(Mutex<Vec<Quota>>);

impl Quotas {
    /// Keeps what an answer says, where it says something.
    pub(super) fn note(&self, quotas: Vec<Quota>) {
        if !quotas.is_empty() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = quotas;
        }
    }

    pub(super) fn current(&self) -> Vec<Quota> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A limit whose figures stand in the headers `PREFIX-limit` and `PREFIX-remaining`, and which resets after so long.
pub(super) fn quota(answer: &Answer, prefix: &str, resets_in: Duration, now: Timestamp) -> Option<Quota> {
    let number = |name: &str| answer.header(&format!("{prefix}-{name}")).and_then(|value| value.parse().ok());
    let name = prefix.trim_start_matches("x-").to_owned();
    Some(Quota {
        name,
        limit: number("limit"),
        remaining: number("remaining")?,
        resets_at: after(now, resets_in),
    })
}

/// A platform's own words as they may stand in a reason: one line, not too long.
pub(crate) fn words(text: &str) -> String {
    const LONGEST: usize = 160;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

pub(super) fn after(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// How long from `today` until that Unix second, of which platforms give fractions.
pub(super) fn until_second(second: f64, today: Timestamp) -> Duration {
    let wait = second - today.as_millisecond() as f64 / 1000.0;
    Duration::try_from_secs_f64(wait.max(0.0)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

/// `Retry-After` by RFC 9110 §10.2.3, seconds or a date; platforms also give fractions of seconds.
pub(super) fn retry_after(headers: &HeaderMap, today: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST_WAIT),
        Err(_) => {
            let until = DateTimeParser::new().parse_timestamp(value).ok()?;
            Duration::try_from(until.duration_since(today)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn asked_for(value: &str, today: Timestamp) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        retry_after(&headers, today).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms_and_held_to_a_day() {
        let today = at(784_111_700);
        assert_eq!(asked_for("120", today), Some(120));
        assert_eq!(asked_for("64.57", today), Some(64));
        assert_eq!(asked_for("Sun, 06 Nov 1994 08:49:37 GMT", today), Some(77));
        assert_eq!(asked_for("Sun, 06 Nov 1994 08:00:00 GMT", today), Some(0));
        assert_eq!(asked_for("99999999999999", today), Some(86_400));
        assert_eq!(asked_for("-5", today), Some(0));
        assert_eq!(asked_for("NaN", today), Some(0));
        assert_eq!(asked_for("soon", today), None);
    }

    #[test]
    fn an_address_is_https_except_on_this_machine() {
        for good in
            ["https://api.example.org", "https://example.org/path/", "http://127.0.0.1:80", "http://[::1]"]
        {
            assert!(address("X", good).unwrap().as_str().ends_with('/'), "{good}");
        }
        let told = |text: &str| address("X", text).unwrap_err().to_string();
        insta::assert_snapshot!(
            [told("http://example.org"), told("example.org"), told("ftp://example.org")].join("\n"), @r"
        the address of X sends posts and secrets unencrypted to example.org: use https
        the address of X is not an https URL (relative URL without a base): write it as https://host
        the address of X is not an https URL (its scheme is ftp): write it as https://host
        "
        );
    }

    #[test]
    fn a_platforms_words_become_one_short_line() {
        assert_eq!(words("<html>\n  <b>Over\u{7} capacity</b>\n"), "<html> <b>Over capacity</b>");
        assert_eq!(words(&"é".repeat(500)).chars().count(), 161);
    }
}
