//! A feed in memory: sixteen games under way, of which some change the lead in each answer.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use async_trait::async_trait;
use wirereport::ledger::SqliteLedger;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, Next, PollRequest};
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::wire::game::{Clock, FeedGameId, Game, Phase, Side, Snapshot, Team};

use super::meter::Meter;

/// Games on the board.
pub(super) const GAMES: usize = 16;

/// The board. It answers once everything told before has arrived and is settled, so that each answer meets a quiet wire.
pub(super) struct Board {
    meter: Arc<Meter>,
    ledger: Arc<SqliteLedger>,
    polls: usize,
    at_once: usize,
    rest: Duration,
    played: Mutex<Played>,
}

struct Played {
    polls: usize,
    changes: usize,
    games: Vec<Game>,
}

impl Board {
    pub(super) fn new(
        meter: Arc<Meter>,
        ledger: Arc<SqliteLedger>,
        polls: usize,
        at_once: usize,
        rest: Duration,
    ) -> Self {
        let games = (0..GAMES).map(game).collect();
        let played = Mutex::new(Played { polls: 0, changes: 0, games });
        Self { meter, ledger, polls, at_once, rest, played }
    }

    async fn quiet(&self) {
        self.meter.all_arrived().await;
        let mut commits = self.ledger.commits();
        while !self.ledger.backlog().await.is_ok_and(|backlog| !backlog.is_unfinished()) {
            if commits.changed().await.is_err() {
                return;
            }
        }
    }
}

#[async_trait]
impl Feed for Board {
    fn name(&self) -> &str {
        "board"
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        self.quiet().await;
        if !self.rest.is_zero() {
            tokio::time::sleep(self.rest).await;
        }
        let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        // The first answer is the baseline, the last shows nothing new.
        let changes = if (1..=self.polls).contains(&played.polls) { self.at_once } else { 0 };
        for _ in 0..changes {
            played.change_a_lead();
        }
        let next = if played.polls > self.polls { Next::Ended } else { Next::After(Duration::ZERO) };
        played.polls += 1;
        let snapshot = Snapshot {
            sport: request.sport.key.clone(),
            feed: self.name().to_owned(),
            seen_at: request.now,
            games: played.games.clone(),
        };
        self.meter.answered(changes);
        Ok(Answer { snapshot, news: None, cursor: None, next })
    }
}

impl Played {
    /// The side that trails in the next game goes ahead by one.
    fn change_a_lead(&mut self) {
        let count = self.games.len();
        let game = &mut self.games[self.changes % count];
        let (home, away) = (game.home.score.unwrap_or(0), game.away.score.unwrap_or(0));
        if home > away {
            game.away.score = Some(home + 1);
        } else {
            game.home.score = Some(away + 1);
        }
        self.changes += 1;
    }
}

fn game(number: usize) -> Game {
    Game {
        feed_id: FeedGameId(format!("{}", 401_000_000 + number)),
        starts_at: None,
        home: side(number, "Harbour", "Herons", 'H', 41),
        away: side(number, "Mill", "Millers", 'M', 40),
        phase: Phase::Live,
        period: 2,
        clock: Some(Clock::Left { millis: 400_000 }),
        neutral: false,
        bases: None,
        home_win_probability: None,
        expected_home_margin: Some(1.5),
        contest: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        note: None,
    }
}

fn side(number: usize, place: &str, short_name: &str, code: char, score: u32) -> Side {
    // A team's name holds no digits.
    let letter = char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    let place = format!("{letter}{}", place.to_lowercase());
    Side {
        team: Team {
            id: format!("{code}{number}"),
            name: format!("{place} {short_name}"),
            short_name: short_name.to_owned(),
            place,
            code: format!("{letter}{code}"),
        },
        score: Some(score),
        shootout: None,
        periods: vec![score - 20],
        rank: None,
        winner: None,
    }
}
