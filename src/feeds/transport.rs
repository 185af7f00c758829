//! The way to a feed's host, the same for every feed. One attempt is one request; what comes of it is a body or a named
//! error, which never shows a URL.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, AGE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use tokio::time::Instant;
use wirereport_actors::ports::feed::{Dated, FeedError};

use crate::http;

/// How much of a refusal's body is read, to find the feed's own words in it.
const REFUSAL_CAP: usize = 64 * 1024;

/// How a host is asked.
#[derive(Debug)]
pub(super) struct Host<'a> {
    /// The feed's name, for messages.
    pub(super) feed: &'static str,
    /// Where its pages begin.
    pub(super) base_url: &'a str,
    /// Where they begin when nothing is set, for messages.
    pub(super) usual: &'static str,
    pub(super) connect: Duration,
    pub(super) total: Duration,
    pub(super) body_cap: usize,
    /// Finds the feed's own error in a body.
    pub(super) error_body: fn(&[u8]) -> Option<FeedError>,
    /// What every request says beside the page: a key, marked as sensitive, for one.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// The way to one host.
#[derive(Debug)]
pub(super) struct Transport {
    client: Client,
    base: Url,
    host: String,
    connect: Duration,
    total: Duration,
    body_cap: usize,
    error_body: fn(&[u8]) -> Option<FeedError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    dated: Mutex<Option<Dated>>,
}

impl Transport {
    pub(super) fn new(host: &Host<'_>) -> Result<Self, FeedError> {
        Self::at(host, base_of(host)?)
    }

    /// The way to a single page, whose address may hold a query.
    pub(super) fn page(host: &Host<'_>) -> Result<Self, FeedError> {
        Self::at(host, address_of(host)?)
    }

    fn at(host: &Host<'_>, base: Url) -> Result<Self, FeedError> {
        let client = http::client(host.connect, host.total).map_err(|error| FeedError::Misconfigured {
            detail: format!("the {} feed cannot set up TLS: {}", host.feed, http::describe(error)),
        })?;
        Ok(Self {
            client,
            host: base.host_str().unwrap_or_default().to_owned(),
            base,
            connect: host.connect,
            total: host.total,
            body_cap: host.body_cap,
            error_body: host.error_body,
            headers: host.headers.clone(),
            dated: Mutex::default(),
        })
    }

    /// How long a whole exchange may take.
    pub(super) fn total(&self) -> Duration {
        self.total
    }

    /// By what time the host dated its last answer.
    pub(super) fn dated(&self) -> Option<Dated> {
        *self.dated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_date(&self, headers: &HeaderMap, ours: Timestamp) {
        if let Some(theirs) = date(headers) {
            *self.dated.lock().unwrap_or_else(PoisonError::into_inner) = Some(Dated { theirs, ours });
        }
    }

    /// Asks for a page. `now` is for a `Retry-After` that names a time of day.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Vec<u8>, FeedError> {
        self.exchange(path, query, now, |_| {}).await
    }

    /// As [`Self::get`]; shows the answer's head before its status and its body are judged.
    pub(super) async fn exchange(
        &self,
        path: &str,
        query: &[(&str, String)],
        now: Timestamp,
        head: impl FnOnce(&HeaderMap) + Send,
    ) -> Result<Vec<u8>, FeedError> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{path}", self.base.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.client.get(url).header(ACCEPT, "application/json");
        let request =
            self.headers.iter().fold(request, |request, (name, value)| request.header(name, value.clone()));
        let asked = Instant::now();
        let response = request.send().await.map_err(|error| self.unanswered(error))?;
        self.note_date(response.headers(), now.checked_add(asked.elapsed()).unwrap_or(now));
        head(response.headers());
        self.judge(response, now).await
    }

    /// Asks for the page itself, if it is not as `validators` say; `None` where it still is.
    pub(super) async fn changed(
        &self,
        accept: &'static str,
        validators: HeaderMap,
        now: Timestamp,
        head: impl FnOnce(&HeaderMap) + Send,
    ) -> Result<Option<Vec<u8>>, FeedError> {
        let request = self.client.get(self.base.clone()).headers(validators).header(ACCEPT, accept);
        let response = request.send().await.map_err(|error| self.unanswered(error))?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        head(response.headers());
        self.judge(response, now).await.map(Some)
    }

    async fn judge(&self, response: Response, now: Timestamp) -> Result<Vec<u8>, FeedError> {
        match response.status() {
            status if status.is_success() => self.body(response, self.body_cap).await,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(FeedError::Refused { status: response.status().as_u16() })
            }
            StatusCode::TOO_MANY_REQUESTS => {
                Err(FeedError::RateLimited { retry_after: retry_after(response.headers(), now) })
            }
            status => {
                let words = self.body(response, REFUSAL_CAP).await.ok();
                let said =
                    words.filter(|_| status.is_client_error()).and_then(|body| (self.error_body)(&body));
                Err(said.unwrap_or(FeedError::Status { status: status.as_u16() }))
            }
        }
    }

    /// The body, uncompressed, up to the cap. It is counted as it is unpacked, so a small answer cannot unpack into a
    /// large one.
    async fn body(&self, mut response: Response, cap: usize) -> Result<Vec<u8>, FeedError> {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > cap => {
                    return Err(FeedError::TooLarge { limit: cap as u64 });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body),
                Err(error) if error.is_timeout() => return Err(FeedError::TimedOut { limit: self.total }),
                Err(_) => return Err(FeedError::Truncated { at: body.len() }),
            }
        }
    }

    fn unanswered(&self, error: reqwest::Error) -> FeedError {
        match (error.is_timeout(), error.is_connect()) {
            (true, true) => FeedError::TimedOut { limit: self.connect },
            (true, false) => FeedError::TimedOut { limit: self.total },
            _ => FeedError::Unreachable { host: self.host.clone(), detail: http::describe(error) },
        }
    }
}

/// Whether an error is the host's, and the wait it asks for. An answer that cannot be understood is the league's.
pub(super) fn of_the_host(error: &FeedError) -> Option<Option<Duration>> {
    match error {
        FeedError::RateLimited { retry_after } => Some(*retry_after),
        FeedError::Unreachable { .. } | FeedError::TimedOut { .. } | FeedError::Refused { .. } => Some(None),
        FeedError::Status { status } if *status >= 500 => Some(None),
        _ => None,
    }
}

fn base_of(host: &Host<'_>) -> Result<Url, FeedError> {
    let url = address_of(host)?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(unusable(host, "must not hold a user, a query or a fragment"));
    }
    Ok(url)
}

fn address_of(host: &Host<'_>) -> Result<Url, FeedError> {
    let url = Url::parse(host.base_url).map_err(|error| unusable(host, &format!("is no URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(unusable(host, "is not an http or https address"));
    }
    Ok(url)
}

fn unusable(host: &Host<'_>, why: &str) -> FeedError {
    FeedError::Misconfigured {
        detail: format!("the {} feed's base_url {why}; set it to one such as {}", host.feed, host.usual),
    }
}

/// The wait that is asked for, in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// When an answer was given. A cache in between passes on the date of what it keeps, and says how old that is.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let date = jiff::fmt::rfc2822::parse(text(DATE)?).ok()?.timestamp();
    let age = text(AGE).and_then(|age| age.parse().ok()).map(Duration::from_secs).unwrap_or_default();
    date.checked_add(age).ok()
}
