//! How late the wire would have been: a night whose truth is known, played through [`step`](crate::wire::step()) with polls
//! placed one way or another.
//!
//! Lateness is counted of told moments only, from the second in which the board that tells the truth first shows one, to the
//! poll that first saw it and to the poll that confirmed it. Feeds answer at once here and always truly: what is measured
//! is the placing of polls and nothing else.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::budget::{self, Allowance, Purse};
use crate::wire::detect::{SportState, close_and_late};
use crate::wire::game::{FeedGameId, Game, Phase, Snapshot};
use crate::wire::moment::MomentKind;
use crate::wire::rules::Rules;
use crate::wire::sport::{Sport, SportKey};
use crate::wire::step;
use crate::wire::story::{Story, Verdict};

/// How polls are placed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Placing {
    /// Each league at a fixed interval.
    Every(Duration),
    /// As [`schedule::next_poll`](super::next_poll) says, without a budget.
    BySchedule,
    /// Within a budget that the leagues share.
    Within(Allowance),
}

/// A night of several leagues, of which the truth is known.
pub struct Evening<'a> {
    /// The leagues.
    pub sports: &'a [Sport],
    /// From when to when it is watched.
    pub span: (Timestamp, Timestamp),
    /// The board that tells the truth at a time.
    pub board: &'a dyn Fn(&SportKey, Timestamp) -> Snapshot,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Requests made.
    pub requests: usize,
    /// The told moments.
    pub told: Vec<Late>,
}

/// How late a told moment was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// Its kind.
    pub kind: MomentKind,
    /// From the truth to the first sight.
    pub seen: Duration,
    /// From the truth to the confirmation, when it is told.
    pub confirmed: Duration,
}

impl Outcome {
    /// The mean of a lateness, in seconds; 0 where nothing is told.
    pub fn mean(&self, of: fn(&Late) -> Duration) -> f64 {
        let sum: f64 = self.told.iter().map(|late| of(late).as_secs_f64()).sum();
        sum / self.told.len().max(1) as f64
    }

    /// The lateness that 95 of 100 told moments do not exceed, in seconds; 0 where nothing is told.
    pub fn p95(&self, of: fn(&Late) -> Duration) -> f64 {
        let mut all: Vec<Duration> = self.told.iter().map(of).collect();
        all.sort_unstable();
        let place = (all.len() * 95).div_ceil(100).saturating_sub(1);
        all.get(place).map_or(0.0, Duration::as_secs_f64)
    }

    /// Takes the moments and requests of another night in.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.told.extend(other.told);
    }
}

impl Evening<'_> {
    /// The interval at which as many requests are made.
    pub fn interval_of(&self, requests: usize) -> Duration {
        let seconds = self.span.1.duration_since(self.span.0).as_secs_f64() * self.sports.len() as f64;
        Duration::from_secs_f64(seconds / requests.max(1) as f64)
    }

    /// Plays the night, with polls placed that way.
    pub fn play(&self, placing: Placing, rules: &Rules, seed: u64) -> Outcome {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut states = vec![SportState::default(); self.sports.len()];
        let mut purse = Purse::default();
        let mut outcome = Outcome::default();
        let mut due: BinaryHeap<Reverse<(Timestamp, usize)>> = (0..self.sports.len())
            .map(|sport| Reverse((self.span.0 + SignedDuration::from_millis(rng.i64(0..10_000)), sport)))
            .collect();
        while let Some(Reverse((now, at))) = due.pop().filter(|Reverse((now, _))| *now < self.span.1) {
            let (sport, state) = (&self.sports[at], &mut states[at]);
            let refused = match placing {
                Placing::Within(allowance) => purse.take(allowance, 1, now).err(),
                Placing::Every(_) | Placing::BySchedule => None,
            };
            let wait = refused.unwrap_or_else(|| {
                outcome.requests += 1;
                let stories = step(state, &(self.board)(&sport.key, now), sport, rules).stories;
                let told = stories.iter().filter(|story| story.verdict == Verdict::Told);
                outcome.told.extend(told.map(|story| self.lateness(story, state)));
                match placing {
                    Placing::Every(interval) => interval,
                    Placing::BySchedule => super::next_poll(state, sport, rules, now, &mut rng),
                    Placing::Within(allowance) => {
                        purse.expect(state, sport, allowance, now);
                        budget::next_poll(state, sport, rules, (allowance, &purse), now, &mut rng)
                    }
                }
            });
            due.push(Reverse((now + wait.max(Duration::from_millis(1)), at)));
        }
        outcome
    }

    fn lateness(&self, story: &Story, state: &SportState) -> Late {
        let feed_id = state.games.get(&story.game).map(|game| &game.last.feed_id);
        let truth = feed_id.map_or(story.seen_at, |feed_id| self.truth_of(story, feed_id));
        let late = |at: Timestamp| Duration::try_from(at.duration_since(truth)).unwrap_or_default();
        Late { kind: story.kind, seen: late(story.seen_at), confirmed: late(story.confirmed_at) }
    }

    /// The second after the last sight without it in which the truth first shows it.
    fn truth_of(&self, story: &Story, feed_id: &FeedGameId) -> Timestamp {
        let mut at = story.after;
        while at < story.seen_at {
            let board = (self.board)(&story.sport, at);
            let shows = |game: &Game| game.feed_id == *feed_id && shows(story, game);
            if at > story.after && board.games.iter().any(shows) {
                return at;
            }
            at += SignedDuration::from_secs(1);
        }
        story.seen_at
    }
}

/// Whether a true board shows what is told.
fn shows(story: &Story, game: &Game) -> bool {
    let facts = &story.facts;
    let beyond = game.period > facts.period;
    match story.kind {
        MomentKind::Score
        | MomentKind::Tie
        | MomentKind::LeadChange
        | MomentKind::Comeback
        | MomentKind::Run => game.score() == Some(facts.score),
        MomentKind::Start | MomentKind::Resumed => game.phase.in_play(),
        MomentKind::PeriodEnd => beyond || matches!(game.phase, Phase::Break | Phase::Final),
        MomentKind::Overtime => game.period > facts.regulation_periods || game.phase == Phase::Shootout,
        MomentKind::CloseLate => {
            Sport::of(story.sport.as_str()).is_some_and(|sport| close_and_late(&sport, game, game.score()))
        }
        _ => game.phase == facts.phase && (game.score() == Some(facts.score) || game.score().is_none()),
    }
}

#[cfg(test)]
mod tests;
