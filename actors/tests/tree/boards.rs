//! A feed whose board the test sets, and games to put on it.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, Next, PollRequest};
use wirereport_actors::wire::game::{Clock, FeedGameId, Game, Phase, Side, Snapshot, Team};

/// How the feed meets a poll.
#[derive(Debug, Clone)]
pub(crate) enum Mood {
    Answers,
    Fails(FeedError),
    Panics,
    Hangs,
}

/// A feed that shows what it is told to until it is told otherwise.
#[derive(Debug)]
pub(crate) struct BoardFeed {
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    games: Vec<Game>,
    next: Next,
    polls: Vec<Timestamp>,
}

impl BoardFeed {
    pub(crate) fn showing(games: impl IntoIterator<Item = Game>) -> Self {
        Self::called("board", games)
    }

    /// One of several feeds.
    pub(crate) fn called(name: &'static str, games: impl IntoIterator<Item = Game>) -> Self {
        let games = games.into_iter().collect();
        let state = State { mood: Mood::Answers, games, next: Next::BySchedule, polls: Vec::new() };
        Self { name, state: Mutex::new(state) }
    }

    /// From now on it shows these, and does so gladly.
    pub(crate) fn show(&self, games: impl IntoIterator<Item = Game>) {
        self.state().games = games.into_iter().collect();
        self.be(Mood::Answers);
    }

    pub(crate) fn be(&self, mood: Mood) {
        self.state().mood = mood;
    }

    pub(crate) fn end(&self) {
        self.state().next = Next::Ended;
    }

    pub(crate) fn polls(&self) -> usize {
        self.state().polls.len()
    }

    /// The seconds between its polls, rounded.
    pub(crate) fn pauses(&self) -> Vec<u64> {
        let polls = self.state().polls.clone();
        let pause = |pair: &[Timestamp]| pair[1].duration_since(pair[0]).as_secs_f64().round() as u64;
        polls.windows(2).map(pause).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Feed for BoardFeed {
    fn name(&self) -> &str {
        self.name
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let (mood, games, next) = {
            let mut state = self.state();
            state.polls.push(request.now);
            (state.mood.clone(), state.games.clone(), state.next)
        };
        match mood {
            Mood::Answers => {}
            Mood::Fails(error) => return Err(error),
            Mood::Panics => resume_unwind(Box::new("the board fell down")),
            Mood::Hangs => pending().await,
        }
        let snapshot = Snapshot {
            sport: request.sport.key.clone(),
            feed: self.name.to_owned(),
            seen_at: request.now,
            games,
        };
        Ok(Answer { snapshot, news: None, cursor: None, next })
    }
}

fn team(name: &str) -> Team {
    Team {
        id: name.to_lowercase(),
        name: format!("{name} United"),
        short_name: name.to_owned(),
        place: name.to_owned(),
        code: name[..3].to_uppercase(),
    }
}

/// A soccer match under way in its first half.
pub(crate) fn soccer(home: (&str, u32), away: (&str, u32)) -> Game {
    let side = |(name, score): (&str, u32)| Side {
        team: team(name),
        score: Some(score),
        shootout: None,
        periods: Vec::new(),
        rank: None,
        winner: None,
    };
    Game {
        feed_id: FeedGameId(format!("{}-{}", home.0, away.0)),
        starts_at: None,
        home: side(home),
        away: side(away),
        phase: Phase::Live,
        period: 1,
        clock: Some(Clock::Minute { minute: 20, added: 0 }),
        neutral: false,
        bases: None,
        home_win_probability: None,
        expected_home_margin: None,
        contest: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        note: None,
    }
}

/// Harwick against Melford at that score.
pub(crate) fn harwick(home: u32, away: u32) -> Game {
    soccer(("Harwick", home), ("Melford", away))
}

/// Ostrava against Trento at that score.
pub(crate) fn ostrava(home: u32, away: u32) -> Game {
    soccer(("Ostrava", home), ("Trento", away))
}

/// The same game, before its start.
pub(crate) fn before_the_start(game: Game) -> Game {
    Game { phase: Phase::Scheduled, period: 0, clock: None, starts_at: Some(super::house::EVENING), ..game }
}
