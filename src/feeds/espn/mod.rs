//! ESPN's public scoreboards: the default feed, keyless and undocumented.
//!
//! One request a poll brings every game of a league. The board is asked for without a date, since the feed then shows the
//! day that matters; it may turn to the next day while a game is still being played, or right after it ended, so games
//! that are followed and missing are looked for on the boards of their own US-Eastern days.
//!
//! What the feed is known to do wrong stays behind this module: scores of several types, times without seconds, states
//! that contradict each other, errors with status 200. What changes from poll to poll (scores that go back, games that
//! flicker) is for the rules to judge, and is passed on as it is.

mod contests;
mod event;
mod leaders;
pub mod league;
mod odds;
pub mod parse;
mod plays;
mod shape;
mod status;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use wirereport_actors::ports::feed::{Answer, Dated, Feed, FeedError, Followed, Next, PollRequest};
use wirereport_actors::wire::game::{Game, Snapshot};
use wirereport_actors::wire::sport::{Discipline, SportKey};

use self::league::League;
use self::parse::Board;
use super::breaker::{Breaker, BreakerSettings};
use super::transport::{Host, Transport, of_the_host};

/// Where ESPN's scoreboards are.
pub const BASE_URL: &str = "https://site.api.espn.com";

/// The feed's days, by the rule in force since 2007; spelt out so that it needs no time zone database.
const US_EASTERN: &str = "EST5EDT,M3.2.0,M11.1.0";

/// How many further days are asked for in one poll.
const DAYS_PER_POLL: usize = 3;

/// What a grouped board answers with when it has lost count: a `limit` that is not honoured brings exactly so many.
const SUSPECT_LENGTH: usize = 25;

/// How far the matches of a tournament are looked at, before and after.
const NEAR: SignedDuration = SignedDuration::from_hours(36);

/// How many warnings are remembered so as not to be repeated.
const WARNINGS: usize = 4096;

/// How ESPN is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EspnSettings {
    /// The scoreboards' address.
    pub base_url: String,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long a whole exchange may take.
    pub total: Duration,
    /// The most bytes of an answer, unpacked.
    pub body_cap: usize,
    /// When the host is left alone.
    pub breaker: BreakerSettings,
    /// The US-Eastern day whose board is asked for; `None` for the one the feed shows unasked.
    pub day: Option<Date>,
}

impl Default for EspnSettings {
    fn default() -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            body_cap: 8 * 1024 * 1024,
            breaker: BreakerSettings::default(),
            day: None,
        }
    }
}

/// The ESPN feed. One serves every league, so that its breaker sees the whole host.
#[derive(Debug)]
pub struct Espn {
    transport: Transport,
    eastern: TimeZone,
    day: Option<Date>,
    breaker: Mutex<Breaker>,
    warned: Mutex<BTreeSet<(SportKey, String)>>,
}

impl Espn {
    /// A feed that has asked nothing yet.
    ///
    /// # Errors
    /// [`FeedError::Misconfigured`] where the address is unusable or TLS cannot be set up.
    pub fn new(settings: &EspnSettings) -> Result<Self, FeedError> {
        let eastern = TimeZone::posix(US_EASTERN)
            .map_err(|error| FeedError::Misconfigured { detail: format!("the espn feed's days: {error}") })?;
        let host = Host {
            feed: "espn",
            base_url: &settings.base_url,
            usual: BASE_URL,
            connect: settings.connect,
            total: settings.total,
            body_cap: settings.body_cap,
            error_body: parse::error_body,
            headers: Vec::new(),
        };
        Ok(Self {
            transport: Transport::new(&host)?,
            eastern,
            day: settings.day,
            breaker: Mutex::new(Breaker::new(settings.breaker)),
            warned: Mutex::default(),
        })
    }

    /// One request, reported to the breaker.
    async fn ask(&self, league: &League, day: Option<Date>, now: Timestamp) -> Result<Board, FeedError> {
        let body = self.transport.get(&league.path(), &league.query(day), now).await;
        let board = body.and_then(|body| parse::board(&body, league));
        match board.as_ref().err().and_then(of_the_host) {
            Some(wait) => lock(&self.breaker).failed(now, wait),
            None => lock(&self.breaker).succeeded(),
        }
        board
    }

    /// The followed games that the board no longer shows, from the boards of their own days. A day that cannot be had
    /// leaves its games out, as if the feed had not shown them.
    async fn rolled_over(&self, league: &League, request: &PollRequest, shown: &[Game]) -> Vec<Game> {
        let missing: Vec<&Followed> =
            (request.follow.iter()).filter(|followed| !shown.iter().any(|game| followed.is(game))).collect();
        let mut found = Vec::new();
        for day in self.days_of(&missing, request.now) {
            match self.ask(league, Some(day), request.now).await {
                Ok(board) => {
                    self.warn(&request.sport.key, league, &board);
                    found.extend(
                        (board.games.into_iter())
                            .filter(|game| missing.iter().any(|followed| followed.is(game))),
                    );
                }
                Err(error) => {
                    tracing::warn!(
                        sport = %request.sport.key, %day, %error,
                        "followed games have left the board and their day's board cannot be had"
                    );
                    if of_the_host(&error).is_some() {
                        break;
                    }
                }
            }
        }
        found
    }

    fn days_of(&self, followed: &[&Followed], now: Timestamp) -> impl Iterator<Item = Date> + use<> {
        let days: BTreeSet<Date> = (followed.iter())
            .map(|followed| self.eastern.to_datetime(followed.starts_at.unwrap_or(now)).date())
            .collect();
        days.into_iter().rev().take(DAYS_PER_POLL)
    }

    /// Says once of each event that it was left out, and of each league that its board may be incomplete.
    fn warn(&self, sport: &SportKey, league: &League, board: &Board) {
        for warning in self.fresh_warnings(sport, league, board) {
            tracing::warn!(%sport, "{warning}");
        }
    }

    fn fresh_warnings(&self, sport: &SportKey, league: &League, board: &Board) -> Vec<String> {
        let left_out = board.skipped.iter().map(|skipped| {
            let id = skipped.id.as_deref().unwrap_or("without an id");
            (id.to_owned(), format!("event {id} is left out of the board: {}", skipped.reason.as_str()))
        });
        let lost_count = (league.grouped() && board.listed == SUSPECT_LENGTH).then(|| {
            let warning =
                format!("the board lists exactly {SUSPECT_LENGTH} events, so games may be missing from it");
            ("the board".to_owned(), warning)
        });
        let warnings = left_out.chain(lost_count);
        warnings.filter(|(what, _)| self.is_news(sport, what)).map(|(_, warning)| warning).collect()
    }

    fn is_news(&self, sport: &SportKey, what: &str) -> bool {
        let mut warned = lock(&self.warned);
        if warned.len() >= WARNINGS {
            warned.clear();
        }
        warned.insert((sport.clone(), what.to_owned()))
    }
}

#[async_trait]
impl Feed for Espn {
    fn name(&self) -> &str {
        "espn"
    }

    /// Twice what its requests may take, one after the other.
    fn answers_within(&self) -> Option<Duration> {
        let requests = u32::try_from(1 + DAYS_PER_POLL).unwrap_or(u32::MAX);
        Some(self.transport.total().saturating_mul(2 * requests))
    }

    fn requests(&self, request: &PollRequest) -> u32 {
        let today = self.eastern.to_datetime(request.now).date();
        let followed: Vec<&Followed> = request.follow.iter().collect();
        let other_days = self.days_of(&followed, request.now).filter(|day| *day != today).count();
        1 + u32::try_from(other_days).unwrap_or(0)
    }

    fn dated(&self) -> Option<Dated> {
        self.transport.dated()
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let league = League::of(&request.sport)?;
        lock(&self.breaker).admit(request.now).map_err(|open| FeedError::BreakerOpen {
            failures: open.failures,
            retry_after: open.retry_after,
        })?;
        let asked = Instant::now();
        let board = self.ask(&league, self.day, request.now).await?;
        self.warn(&request.sport.key, &league, &board);
        let mut games = board.games;
        games.retain(|game| is_near(game, request));
        games.extend(self.rolled_over(&league, request, &games).await);
        let took = SignedDuration::try_from(asked.elapsed()).unwrap_or_default();
        let seen_at = request.now.checked_add(took).unwrap_or(request.now);
        let snapshot =
            Snapshot { sport: request.sport.key.clone(), feed: self.name().to_owned(), seen_at, games };
        Ok(Answer { snapshot, news: None, cursor: None, next: Next::BySchedule })
    }
}

/// Whether a match of a tournament, whose board lists weeks of them, can be news by now. Everything else is.
fn is_near(game: &Game, request: &PollRequest) -> bool {
    let far = |start: Timestamp| start.duration_since(request.now).abs() > NEAR;
    let of_tournament = request.sport.discipline == Discipline::Tennis && !game.phase.in_play();
    let followed = request.follow.iter().any(|followed| followed.feed_id.as_ref() == Some(&game.feed_id));
    !of_tournament || followed || !game.starts_at.is_none_or(far)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
