//! Writing a game down, turn by turn.

use jiff::{SignedDuration, Timestamp};

use super::game::Fixture;
use crate::wire::game::{Bases, Half, Phase, Play, Score, Which};
use crate::wire::sport::Regulation;

/// How the game stands from that time on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    pub(super) at: Timestamp,
    pub(super) phase: Phase,
    pub(super) period: u8,
    pub(super) score: Score,
    pub(super) shootout: Option<Score>,
    pub(super) stand: Stand,
    /// Who is on base, while a side is at bat.
    pub(super) bases: Option<Bases>,
    /// The goal this turn is, where boards list goals.
    pub(super) play: Option<Play>,
    /// The last goal is taken back.
    pub(super) took_back: bool,
}

impl Turn {
    pub(super) fn winner(&self) -> Option<Which> {
        self.score.leader().or_else(|| self.shootout.and_then(Score::leader))
    }
}

/// Where in its period the game is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stand {
    /// So many seconds of the period are played.
    Played(f64),
    /// In that half of the inning, with so many outs.
    Inning(Half, Option<u8>),
    /// There is no clock.
    Untimed,
}

/// A game as it is being played. Time is in seconds: `play` moves the game's clock and the one on the wall, `wait` only
/// the one on the wall.
pub(super) struct Script {
    now: Timestamp,
    turns: Vec<Turn>,
    regulation: Regulation,
    pub(super) period: u8,
    pub(super) score: Score,
    pub(super) shootout: Option<Score>,
    pub(super) stand: Stand,
    pub(super) bases: Option<Bases>,
    phase: Phase,
}

impl Script {
    pub(super) fn new(fixture: &Fixture) -> Self {
        Self {
            now: fixture.starts_at,
            turns: Vec::new(),
            regulation: fixture.sport.regulation,
            period: 0,
            score: Score::default(),
            shootout: None,
            stand: Stand::Untimed,
            bases: None,
            phase: Phase::Scheduled,
        }
    }

    pub(super) fn turns(self) -> Vec<Turn> {
        self.turns
    }

    /// Seconds played in this period.
    pub(super) fn played(&self) -> f64 {
        match self.stand {
            Stand::Played(seconds) => seconds,
            Stand::Inning(..) | Stand::Untimed => 0.0,
        }
    }

    /// The share of regulation that is played.
    pub(super) fn share_played(&self) -> f64 {
        let regulation = self.regulation;
        let before = f64::from(self.period.saturating_sub(1)) * f64::from(regulation.period_seconds);
        let whole = f64::from(regulation.periods) * f64::from(regulation.period_seconds);
        ((before + self.played()) / whole).min(1.0)
    }

    pub(super) fn is_overtime(&self) -> bool {
        self.period > self.regulation.periods
    }

    /// Keeps how the game stands from now on.
    pub(super) fn turn(&mut self) {
        self.push(None, false);
    }

    fn push(&mut self, play: Option<Play>, took_back: bool) {
        self.turns.push(Turn {
            at: self.now,
            phase: self.phase,
            period: self.period,
            score: self.score,
            shootout: self.shootout,
            stand: self.stand,
            bases: self.bases,
            play,
            took_back,
        });
    }

    pub(super) fn wait(&mut self, seconds: f64) {
        self.now += SignedDuration::from_millis((seconds * 1000.0) as i64);
    }

    /// So many seconds of play, each of which takes `stretch` on the wall.
    pub(super) fn play(&mut self, seconds: f64, stretch: f64) {
        self.stand = Stand::Played(self.played() + seconds);
        self.wait(seconds * stretch);
    }

    /// A stop in play, with the clock standing.
    pub(super) fn pause(&mut self, seconds: f64) {
        self.turn();
        self.wait(seconds);
        self.turn();
    }

    /// Begins the next period.
    pub(super) fn begin_period(&mut self, stand: Stand) {
        self.period += 1;
        self.stand = stand;
        self.phase = Phase::Live;
        self.turn();
    }

    /// Ends the period, with a break after it.
    pub(super) fn end_period(&mut self, seconds: f64) {
        self.phase = Phase::Break;
        self.turn();
        self.wait(seconds);
    }

    pub(super) fn begin_shootout(&mut self) {
        self.period += 1;
        self.stand = Stand::Untimed;
        self.phase = Phase::Shootout;
        self.shootout = Some(Score::default());
        self.turn();
    }

    pub(super) fn add(&mut self, side: Which, points: u32) {
        *of(&mut self.score, side) += points;
        self.turn();
    }

    pub(super) fn add_goal(&mut self, play: Play, side: Which) {
        *of(&mut self.score, side) += 1;
        self.push(Some(play), false);
    }

    /// Takes back what was scored last.
    pub(super) fn take_back(&mut self, side: Which, points: u32) {
        *of(&mut self.score, side) -= points;
        self.push(None, true);
    }

    pub(super) fn add_in_shootout(&mut self, side: Which) {
        *of(self.shootout.get_or_insert_default(), side) += 1;
        self.turn();
    }

    /// Held up for so many seconds, then on again.
    pub(super) fn hold_up(&mut self, seconds: f64) {
        let phase = std::mem::replace(&mut self.phase, Phase::Delayed);
        self.turn();
        self.wait(seconds);
        self.phase = phase;
        self.turn();
    }

    /// Called off an hour before its start.
    pub(super) fn call_off(&mut self) {
        self.wait(-3600.0);
        self.phase = Phase::Postponed;
        self.turn();
    }

    pub(super) fn end(&mut self) {
        self.phase = Phase::Final;
        self.turn();
    }
}

fn of(score: &mut Score, side: Which) -> &mut u32 {
    match side {
        Which::Home => &mut score.home,
        Which::Away => &mut score.away,
    }
}
