//! A feed of many edges: it mostly tells the truth, sometimes an old one, sometimes nothing, and sometimes it breaks.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, Next, PollRequest};
use wirereport_actors::wire::game::{FeedGameId, Game, Phase, Score, Snapshot};

use super::truth::{EVENING, Fixture, after};

pub(crate) struct FlakyFeed {
    fixtures: Arc<Vec<Fixture>>,
    state: Mutex<State>,
}

struct State {
    rng: fastrand::Rng,
    calm: bool,
    /// Stretches in which nothing is answered, or an edge shows one old board.
    outages: Vec<(Timestamp, Timestamp)>,
    frozen: Vec<(Timestamp, Timestamp)>,
    shown: Vec<Shown>,
}

/// What a poll was shown of one game.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) game: FeedGameId,
    pub(crate) at: Timestamp,
    pub(crate) score: Option<Score>,
}

/// What an edge is up to.
enum Whim {
    Truth,
    Old(u64),
    Empty,
    Reset,
    NoScores,
    Fails(FeedError),
    Panics,
    Hangs,
}

impl FlakyFeed {
    pub(crate) fn new(fixtures: Arc<Vec<Fixture>>, mut rng: fastrand::Rng) -> Self {
        let mut stretches = |count: usize, longest: u64| -> Vec<(Timestamp, Timestamp)> {
            let count = rng.usize(0..=count);
            let mut stretch = || {
                let at = after(EVENING, rng.u64(60..2000));
                (at, after(at, rng.u64(20..longest)))
            };
            (0..count).map(|_| stretch()).collect()
        };
        let (outages, frozen) = (stretches(2, 200), stretches(2, 120));
        let state = State { rng, calm: true, outages, frozen, shown: Vec::new() };
        Self { fixtures, state: Mutex::new(state) }
    }

    /// From now on it does not always tell the truth.
    pub(crate) fn grow_flaky(&self) {
        self.state().calm = false;
    }

    /// From now on it tells the truth.
    pub(crate) fn calm_down(&self) {
        self.state().calm = true;
    }

    pub(crate) fn shown(&self) -> Vec<Shown> {
        self.state().shown.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn whim(&mut self, now: Timestamp) -> Whim {
        if self.calm {
            return Whim::Truth;
        }
        let within = |stretches: &[(Timestamp, Timestamp)]| {
            stretches.iter().find(|(from, to)| *from <= now && now < *to).copied()
        };
        if within(&self.outages).is_some() {
            return Whim::Fails(FeedError::Status { status: 503 });
        }
        if let Some((since, _)) = within(&self.frozen) {
            return Whim::Old(u64::try_from(now.duration_since(since).as_secs()).unwrap_or(0));
        }
        match self.rng.u32(0..1000) {
            0..30 => Whim::Fails(FeedError::TimedOut { limit: Duration::from_secs(10) }),
            30..40 => Whim::Fails(FeedError::Malformed { detail: "<html>".to_owned() }),
            40..50 => Whim::Fails(FeedError::RateLimited { retry_after: Some(Duration::from_secs(20)) }),
            50..120 => Whim::Old(self.rng.u64(1..60)),
            120..150 => Whim::Empty,
            150..165 => Whim::Reset,
            165..180 => Whim::NoScores,
            180..190 => Whim::Panics,
            190..195 => Whim::Hangs,
            _ => Whim::Truth,
        }
    }
}

fn without_scores(mut game: Game) -> Game {
    game.home.score = None;
    game.away.score = None;
    game
}

fn reset(mut game: Game) -> Game {
    if game.phase == Phase::Live {
        game.home.score = Some(0);
        game.away.score = Some(0);
    }
    game
}

#[async_trait]
impl Feed for FlakyFeed {
    fn name(&self) -> &str {
        "flaky"
    }

    fn answers_within(&self) -> Option<Duration> {
        Some(Duration::from_secs(20))
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let whim = self.state().whim(request.now);
        let ours = self.fixtures.iter().filter(|fixture| fixture.sport.key == request.sport.key);
        let now = request.now;
        let games: Vec<Game> = match whim {
            Whim::Truth => ours.map(|fixture| fixture.at(now)).collect(),
            Whim::Old(seconds) => {
                let then = now.checked_sub(Duration::from_secs(seconds)).unwrap();
                ours.map(|fixture| fixture.at(then)).collect()
            }
            Whim::Empty => Vec::new(),
            Whim::Reset => ours.map(|fixture| reset(fixture.at(now))).collect(),
            Whim::NoScores => ours.map(|fixture| without_scores(fixture.at(now))).collect(),
            Whim::Fails(error) => return Err(error),
            Whim::Panics => resume_unwind(Box::new("the edge fell off")),
            Whim::Hangs => pending().await,
        };
        let shown =
            games.iter().map(|game| Shown { game: game.feed_id.clone(), at: now, score: game.score() });
        self.state().shown.extend(shown);
        let snapshot =
            Snapshot { sport: request.sport.key.clone(), feed: "flaky".to_owned(), seen_at: now, games };
        Ok(Answer { snapshot, news: None, cursor: None, next: Next::BySchedule })
    }
}
