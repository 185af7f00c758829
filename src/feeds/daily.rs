//! Feeds whose boards are asked for by day: what they have in common.
//!
//! One request a poll brings every game of the day. Games that are followed and not on it (those of last night that go
//! on past midnight, above all) are looked for on the boards of their own days; where nothing is missing, nothing more is
//! asked.
//!
//! A feed that says how many requests are left is kept to it: a request that would be one too many is not made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use wirereport_actors::ports::feed::{Answer, Dated, FeedError, Followed, Next, PollRequest};
use wirereport_actors::wire::game::{Game, Snapshot};
use wirereport_actors::wire::quota::{Limit, Quota, QuotaPace, Reading, Spent};
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::breaker::{Breaker, BreakerSettings};
use super::text::{NOTE, clean};
use super::transport::{Host, Transport, of_the_host};

/// How many further days are asked for in one poll.
const DAYS_PER_POLL: usize = 3;

/// A sport that has not asked for so long shares no more in what is left.
const STILL_ASKING: SignedDuration = SignedDuration::from_hours(1);

/// How many warnings are remembered so as not to be repeated.
const WARNINGS: usize = 4096;

/// What a body says.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The games, in the feed's order, each id once.
    pub games: Vec<Game>,
    /// The entries that gave no game.
    pub skipped: Vec<Skipped>,
}

/// An entry that gave no game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The feed's id of the game, where it has one.
    pub id: Option<String>,
    /// Why, in one clause.
    pub reason: String,
}

impl Board {
    /// The board of these entries.
    ///
    /// # Errors
    /// [`FeedError::Malformed`] where there are entries and none can be read.
    pub(super) fn of(entries: impl IntoIterator<Item = Result<Game, Skipped>>) -> Result<Self, FeedError> {
        let mut board = Self { games: Vec::new(), skipped: Vec::new() };
        for entry in entries {
            match entry {
                Ok(game) if board.games.iter().any(|known| known.feed_id == game.feed_id) => {}
                Ok(game) => board.games.push(game),
                Err(skipped) => board.skipped.push(skipped),
            }
        }
        match board.skipped.first() {
            Some(first) if board.games.is_empty() => Err(FeedError::Malformed {
                detail: format!(
                    "none of {} games can be read; game {}: {}",
                    board.skipped.len(),
                    first.id.as_deref().unwrap_or("without an id"),
                    first.reason
                ),
            }),
            _ => Ok(board),
        }
    }
}

/// What is wrong with a body that is no JSON of the expected shape.
pub(super) fn unreadable(body: &[u8], error: &serde_json::Error) -> FeedError {
    if error.is_eof() {
        FeedError::Truncated { at: body.len() }
    } else {
        FeedError::Malformed { detail: clean(&error.to_string(), NOTE) }
    }
}

/// How a feed is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailySettings {
    /// Where its pages begin.
    pub base_url: String,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long a whole exchange may take.
    pub total: Duration,
    /// The most bytes of an answer, unpacked.
    pub body_cap: usize,
    /// When the host is left alone.
    pub breaker: BreakerSettings,
    /// What every request says beside the page.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl DailySettings {
    /// The usual limits, at that address.
    pub fn at(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            body_cap: 8 * 1024 * 1024,
            breaker: BreakerSettings::default(),
            headers: Vec::new(),
        }
    }
}

/// What is one feed's own.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: &'static str,
    /// What it carries, for messages.
    pub(super) carried: &'static str,
    pub(super) carries: fn(&Sport) -> bool,
    pub(super) usual_url: &'static str,
    /// The day of a time, as its boards are dated.
    pub(super) day: fn(Timestamp) -> Date,
    pub(super) path: fn(Date) -> String,
    pub(super) query: fn(&Sport, Date) -> Vec<(&'static str, String)>,
    pub(super) board: fn(&[u8], &Sport, Date) -> Result<Board, FeedError>,
    pub(super) error_body: fn(&[u8]) -> Option<FeedError>,
    /// What an answer's head says of the requests that are left.
    pub(super) left: fn(&HeaderMap) -> Reading,
}

/// A feed that is asked by day.
#[derive(Debug)]
pub(super) struct Daily {
    source: &'static Source,
    transport: Transport,
    breaker: Mutex<Breaker>,
    quota: Mutex<Quota>,
    /// When each sport last asked: those that do share what is left.
    askers: Mutex<BTreeMap<SportKey, Timestamp>>,
    warned: Mutex<BTreeSet<(SportKey, String)>>,
}

impl Daily {
    pub(super) fn new(source: &'static Source, settings: &DailySettings) -> Result<Self, FeedError> {
        let host = Host {
            feed: source.name,
            base_url: &settings.base_url,
            usual: source.usual_url,
            connect: settings.connect,
            total: settings.total,
            body_cap: settings.body_cap,
            error_body: source.error_body,
            headers: settings.headers.clone(),
        };
        Ok(Self {
            source,
            transport: Transport::new(&host)?,
            breaker: Mutex::new(Breaker::new(settings.breaker)),
            quota: Mutex::default(),
            askers: Mutex::default(),
            warned: Mutex::default(),
        })
    }

    pub(super) fn dated(&self) -> Option<Dated> {
        self.transport.dated()
    }

    /// Asks for a page that costs no request, unless the host is to be left alone.
    pub(super) async fn free_page(&self, path: &str, now: Timestamp) -> Result<Vec<u8>, FeedError> {
        self.admit(now)?;
        self.transport.get(path, &[], now).await
    }

    fn admit(&self, now: Timestamp) -> Result<(), FeedError> {
        lock(&self.breaker)
            .admit(now)
            .map_err(|open| FeedError::BreakerOpen { failures: open.failures, retry_after: open.retry_after })
    }

    /// Twice what its requests may take, one after the other.
    pub(super) fn answers_within(&self) -> Duration {
        let requests = u32::try_from(1 + DAYS_PER_POLL).unwrap_or(u32::MAX);
        self.transport.total().saturating_mul(2 * requests)
    }

    /// Today's board, and one for each other day of a game that is followed.
    pub(super) fn requests(&self, request: &PollRequest) -> u32 {
        let today = (self.source.day)(request.now);
        let starts = request.follow.iter().filter_map(|followed| followed.starts_at);
        let days: BTreeSet<Date> = starts.map(self.source.day).filter(|day| *day != today).collect();
        1 + u32::try_from(days.len().min(DAYS_PER_POLL)).unwrap_or(0)
    }

    pub(super) async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        if !(self.source.carries)(&request.sport) {
            return Err(FeedError::Misconfigured {
                detail: format!(
                    "the {} feed does not carry `{}`; it carries {}",
                    self.source.name, request.sport.key, self.source.carried
                ),
            });
        }
        lock(&self.askers).insert(request.sport.key.clone(), request.now);
        self.admit(request.now)?;
        let asked = Instant::now();
        let today = (self.source.day)(request.now);
        let mut games = self.ask(&request.sport, today, request.now).await?;
        games.extend(self.of_other_days(today, request, &games).await);
        let took = SignedDuration::try_from(asked.elapsed()).unwrap_or_default();
        let seen_at = request.now.checked_add(took).unwrap_or(request.now);
        let snapshot =
            Snapshot { sport: request.sport.key.clone(), feed: self.source.name.to_owned(), seen_at, games };
        Ok(Answer { snapshot, news: None, cursor: None, next: Next::BySchedule })
    }

    /// How long each request for one sport must last, if what is left is to last and the others have their share.
    pub(super) fn pace(&self, now: Timestamp) -> Option<QuotaPace> {
        let mut askers = lock(&self.askers);
        askers.retain(|_, asked| now.duration_since(*asked) <= STILL_ASKING);
        let sharing = u32::try_from(askers.len()).unwrap_or(u32::MAX).max(1);
        lock(&self.quota).pace(now).map(|pace| pace.shared_by(sharing))
    }

    /// One request, reported to the breaker, if one is left.
    async fn ask(&self, sport: &Sport, day: Date, now: Timestamp) -> Result<Vec<Game>, FeedError> {
        let Source { path, query, board, left, .. } = self.source;
        lock(&self.quota).spend(now).map_err(out_of_requests)?;
        let note = |head: &HeaderMap| lock(&self.quota).note(left(head), now);
        let body = self.transport.exchange(&path(day), &query(sport, day), now, note).await;
        let board = body.and_then(|body| board(&body, sport, day)).map_err(|error| self.limited(error, now));
        match board.as_ref().err().and_then(of_the_host) {
            Some(wait) => lock(&self.breaker).failed(now, wait),
            None => lock(&self.breaker).succeeded(),
        }
        let Board { games, skipped } = board?;
        for skipped in skipped {
            self.warn_once(&sport.key, &skipped);
        }
        Ok(games)
    }

    /// A refusal for want of requests, with the time until there are new ones.
    fn limited(&self, error: FeedError, now: Timestamp) -> FeedError {
        let mut quota = lock(&self.quota);
        match error {
            FeedError::OutOfRequests { limit, .. } => out_of_requests(quota.ran_out(limit, now)),
            // A host that names its limits says here which of them it was.
            FeedError::RateLimited { retry_after: None } if quota.is_known() => {
                match quota.clone().spend(now) {
                    Err(spent) => out_of_requests(spent),
                    Ok(()) => out_of_requests(quota.ran_out(Limit::Minute, now)),
                }
            }
            error => error,
        }
    }

    /// The followed games that today's board does not show. A day that cannot be had leaves its games out, as if the feed
    /// had not shown them.
    async fn of_other_days(&self, today: Date, request: &PollRequest, shown: &[Game]) -> Vec<Game> {
        let missing: Vec<&Followed> =
            (request.follow.iter()).filter(|followed| !shown.iter().any(|game| followed.is(game))).collect();
        let days: BTreeSet<Date> = (missing.iter())
            .filter_map(|followed| followed.starts_at)
            .map(self.source.day)
            .filter(|day| *day != today)
            .collect();
        let mut found: Vec<Game> = Vec::new();
        for day in days.into_iter().rev().take(DAYS_PER_POLL) {
            match self.ask(&request.sport, day, request.now).await {
                Ok(games) => found.extend(
                    games.into_iter().filter(|game| missing.iter().any(|followed| followed.is(game))),
                ),
                Err(error) => {
                    tracing::warn!(
                        sport = %request.sport.key, %day, %error,
                        "followed games are of another day, and its board cannot be had"
                    );
                    let spent = matches!(error, FeedError::OutOfRequests { .. });
                    if spent || of_the_host(&error).is_some() {
                        break;
                    }
                }
            }
        }
        found
    }

    /// Says once of each game that it was left out.
    fn warn_once(&self, sport: &SportKey, skipped: &Skipped) {
        let id = skipped.id.as_deref().unwrap_or("without an id");
        let mut warned = lock(&self.warned);
        if warned.len() >= WARNINGS {
            warned.clear();
        }
        if warned.insert((sport.clone(), id.to_owned())) {
            tracing::warn!(%sport, "game {id} is left out of the board: {}", skipped.reason);
        }
    }
}

fn out_of_requests(spent: Spent) -> FeedError {
    FeedError::OutOfRequests { limit: spent.limit, retry_after: spent.retry_after }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
