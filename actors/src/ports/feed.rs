//! The port for scores.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Fault;
use crate::wire::detect::{GameState, SportState, start_together, team_code};
use crate::wire::game::{FeedGameId, Game, GameId, Snapshot};
use crate::wire::news::Page;
use crate::wire::quota::{Limit, QuotaPace};
use crate::wire::schedule;
use crate::wire::sport::Sport;

/// Where scores come from.
#[async_trait]
pub trait Feed: Send + Sync {
    /// The feed's name, as game ids are mapped under it: `espn`.
    fn name(&self) -> &str;

    /// How long a poll may take before it is abandoned as [`FeedError::TimedOut`]. A guard against an answer that never
    /// comes, so well above what the feed allows itself; `None` where waiting is part of the answer, as in a replay that
    /// waits for what came before.
    fn answers_within(&self) -> Option<Duration> {
        Some(Duration::from_secs(60))
    }

    /// How many requests to the host a poll takes at most, counted where there is a budget of them.
    fn requests(&self, _request: &PollRequest) -> u32 {
        1
    }

    /// How long each request for that sport must last if the feed's own limit is to hold out; `None` where it has none, or
    /// has not named it yet.
    fn pace(&self, _sport: &Sport, _now: Timestamp) -> Option<QuotaPace> {
        None
    }

    /// By what time the host dated its last answer; `None` where it has answered nothing yet, or does not say.
    fn dated(&self) -> Option<Dated> {
        None
    }

    /// Asks once. One call is one attempt: the caller decides when to ask again.
    ///
    /// # Errors
    /// Says why there is no answer. An answer that cannot be read is an error, never an empty board.
    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError>;
}

/// When an answer came, by two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// By the host's, to the second.
    pub theirs: Timestamp,
    /// By ours.
    pub ours: Timestamp,
}

/// What a sport actor asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct PollRequest {
    /// The league.
    pub sport: Sport,
    /// The time of asking.
    pub now: Timestamp,
    /// Games that are not over and must not be lost when the board rolls over to another day.
    pub follow: Vec<Followed>,
    /// How far an earlier run of a replay came.
    pub cursor: Option<u64>,
}

impl PollRequest {
    /// What is asked of that feed, as things stand.
    pub fn new(sport: &Sport, feed: &str, state: &SportState, now: Timestamp) -> Self {
        let followed = |(id, game): (&GameId, &GameState)| Followed {
            feed_id: state.known_as(id, feed).cloned(),
            starts_at: game.last.starts_at,
            teams: [&game.last.home.team, &game.last.away.team].map(team_code),
        };
        let follow = schedule::follow(state, now).map(followed).collect();
        Self { sport: sport.clone(), now, follow, cursor: state.cursor }
    }
}

/// A game to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The feed's id; `None` where only another feed has shown the game so far.
    pub feed_id: Option<FeedGameId>,
    /// Its scheduled start.
    pub starts_at: Option<Timestamp>,
    /// Who plays, by our codes: home, away.
    pub teams: [String; 2],
}

impl Followed {
    /// Whether that is the game.
    pub fn is(&self, game: &Game) -> bool {
        match &self.feed_id {
            Some(id) => *id == game.feed_id,
            None => {
                self.teams == [team_code(&game.home.team), team_code(&game.away.team)]
                    && start_together(self.starts_at, game.starts_at)
            }
        }
    }
}

/// What a feed answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The games.
    pub snapshot: Snapshot,
    /// Of a feed of news, its items; there are no games then.
    pub news: Option<Page>,
    /// How far a replay has come; `None` for live feeds.
    pub cursor: Option<u64>,
    /// When to ask again.
    pub next: Next,
}

/// When to ask a feed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// As the schedule says.
    BySchedule,
    /// After this time on the tree's clock: a replay's next frame.
    After(Duration),
    /// Never: a replay is at its end.
    Ended,
}

/// Why a feed gave no snapshot.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum FeedError {
    /// No connection, or it broke.
    #[error("connect to {host}: {detail}")]
    Unreachable {
        /// The host.
        host: String,
        /// What the client said, without URLs.
        detail: String,
    },
    /// No answer in time.
    #[error("no answer within {limit:?}")]
    TimedOut {
        /// The limit.
        limit: Duration,
    },
    /// The feed refuses us (401, 403).
    #[error("refused with HTTP {status}; check the User-Agent and this address's standing with the feed")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The feed asks us to slow down (429).
    #[error("rate limited with HTTP 429")]
    RateLimited {
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The requests that the feed allows are spent.
    #[error("the requests of this {limit} are spent; asked again in {}", in_words(*retry_after))]
    OutOfRequests {
        /// Of which span.
        limit: Limit,
        /// How long until there are new ones.
        retry_after: Duration,
    },
    /// Any other status that is not success.
    #[error("answered HTTP {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The body is larger than the cap.
    #[error("answer larger than {limit} bytes")]
    TooLarge {
        /// The cap in bytes.
        limit: u64,
    },
    /// The body ends before its JSON does.
    #[error("answer cut short at byte {at}")]
    Truncated {
        /// Bytes that arrived.
        at: usize,
    },
    /// The body is not JSON, or not of the feed's shape.
    #[error("answer not understood: {detail}")]
    Malformed {
        /// What is wrong and where.
        detail: String,
    },
    /// The body is JSON, but no board of the league that was asked for: a game summary, a golf leader board, another
    /// league.
    #[error("answered {found}, not the league's board")]
    NotABoard {
        /// What it is, as far as it can be told.
        found: String,
    },
    /// The body is the feed's own error in place of a board.
    #[error("answered error {code}: {message}")]
    ErrorBody {
        /// The feed's code.
        code: i64,
        /// The feed's message; empty where there was none.
        message: String,
    },
    /// The breaker is open: too many failures in a row, so nothing was asked.
    #[error("not asked, after {failures} failures in a row")]
    BreakerOpen {
        /// Failures in a row.
        failures: u32,
        /// How long until it is tried again.
        retry_after: Duration,
    },
    /// This feed does not carry the league, or is set up wrongly.
    #[error("{detail}")]
    Misconfigured {
        /// What to change.
        detail: String,
    },
}

/// `5 h 59 min`, `40 s`.
fn in_words(span: Duration) -> String {
    let seconds = span.as_secs_f64().ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

impl FeedError {
    /// What kind of trouble it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::RateLimited { retry_after } => Fault::Transient { retry_after: *retry_after },
            Self::BreakerOpen { retry_after, .. } | Self::OutOfRequests { retry_after, .. } => {
                Fault::Transient { retry_after: Some(*retry_after) }
            }
            Self::Misconfigured { .. } => Fault::Misconfigured,
            _ => Fault::PASSING,
        }
    }
}
