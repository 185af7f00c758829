//! Feeds of news: RSS 2.0 and Atom.
//!
//! A page is asked for with what its host said of the last one (`ETag`, `Last-Modified`), so that a page that has not
//! changed costs next to nothing; the items that were read from it are then shown again, for the poll they came with may
//! never have been committed. It is asked for as often as the settings say and never within its own `ttl`.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::header::{ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use uuid::Uuid;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, Next, PollRequest};
use wirereport_actors::wire::game::Snapshot;
use wirereport_actors::wire::news::Page;

use super::breaker::{Breaker, BreakerSettings};
use super::transport::{Host, Transport, of_the_host};

pub mod parse;

#[cfg(test)]
mod tests;

use parse::Document;

/// How a feed of news is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct NewsSettings {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Whose it is, as readers know them.
    pub source: String,
    /// What each item is worth, 0 to 1.
    pub worth: f64,
    /// How often it is asked.
    pub every: Duration,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long a whole exchange may take.
    pub total: Duration,
    /// The most bytes of an answer, unpacked.
    pub body_cap: usize,
    /// When the host is left alone.
    pub breaker: BreakerSettings,
}

impl NewsSettings {
    /// The usual limits.
    pub fn at(name: impl Into<String>, url: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            source: source.into(),
            worth: wirereport_actors::wire::news::USUAL_WORTH,
            every: Duration::from_secs(1800),
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            body_cap: 2 << 20,
            breaker: BreakerSettings::default(),
        }
    }
}

/// A feed of news.
#[derive(Debug)]
pub struct News {
    name: String,
    settings: NewsSettings,
    transport: Transport,
    breaker: Mutex<Breaker>,
    last: Mutex<Option<Last>>,
}

/// The last page that was read, and what its host said of it.
#[derive(Debug, Clone)]
struct Last {
    validators: HeaderMap,
    document: Document,
}

const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8";

impl News {
    /// A feed that has asked nothing yet.
    ///
    /// # Errors
    /// [`FeedError::Misconfigured`] where the address is unusable or TLS cannot be set up.
    pub fn new(settings: NewsSettings) -> Result<Self, FeedError> {
        let transport = Transport::page(&Host {
            feed: "news",
            base_url: &settings.url,
            usual: "https://www.example.org/rss",
            connect: settings.connect,
            total: settings.total,
            body_cap: settings.body_cap,
            error_body: |_| None,
            headers: Vec::new(),
        })?;
        Ok(Self {
            name: format!("news-{}", settings.name),
            transport,
            breaker: Mutex::new(Breaker::new(settings.breaker)),
            last: Mutex::default(),
            settings,
        })
    }

    /// The page as it is now.
    async fn read(&self, now: Timestamp) -> Result<Document, FeedError> {
        let last = lock(&self.last).clone();
        let asked = last.as_ref().map(|last| last.validators.clone()).unwrap_or_default();
        let mut validators = HeaderMap::new();
        let note = |head: &HeaderMap| validators = validators_of(head);
        match (self.transport.changed(ACCEPT, asked, now, note).await?, last) {
            (Some(body), _) => {
                let document = parse::document(&body)?;
                *lock(&self.last) = Some(Last { validators, document: document.clone() });
                Ok(document)
            }
            (None, Some(last)) => Ok(last.document),
            // It was not asked whether it had changed.
            (None, None) => Err(FeedError::Status { status: 304 }),
        }
    }
}

#[async_trait]
impl Feed for News {
    fn name(&self) -> &str {
        &self.name
    }

    fn answers_within(&self) -> Option<Duration> {
        Some(self.transport.total().saturating_mul(2))
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let now = request.now;
        lock(&self.breaker).admit(now).map_err(|open| FeedError::BreakerOpen {
            failures: open.failures,
            retry_after: open.retry_after,
        })?;
        let read = self.read(now).await;
        match read.as_ref().err().and_then(of_the_host) {
            Some(wait) => lock(&self.breaker).failed(now, wait),
            None => lock(&self.breaker).succeeded(),
        }
        let Document { items, ttl } = read?;
        let settings = &self.settings;
        let page = Page {
            feed: settings.name.clone(),
            address: Uuid::new_v5(&Uuid::NAMESPACE_URL, settings.url.as_bytes()).to_string(),
            source: settings.source.clone(),
            worth: settings.worth,
            items,
        };
        let sport = request.sport.key.clone();
        let snapshot = Snapshot { sport, feed: self.name.clone(), seen_at: now, games: Vec::new() };
        let next = Next::After(ttl.unwrap_or_default().max(settings.every));
        Ok(Answer { snapshot, news: Some(page), cursor: None, next })
    }
}

/// What is to be said of a page when it is asked for again.
fn validators_of(head: &HeaderMap) -> HeaderMap {
    let said = |from: HeaderName, to: HeaderName| Some((to, head.get(from)?.clone()));
    [said(ETAG, IF_NONE_MATCH), said(LAST_MODIFIED, IF_MODIFIED_SINCE)].into_iter().flatten().collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
