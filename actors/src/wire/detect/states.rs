//! States of a game that are news once: an upset in the making, a game out of reach, a side that has allowed nothing, close
//! and late.
//!
//! A state is no change: it is told the first time a board shows it and further boards agree, and where the first sight of a
//! game shows it, never. A board that does not show it drops the candidate; once told, it is over with the game.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Poll;
use super::moments::Change;
use super::state::{GameState, Sight, UNKNOWN_MOMENTS};
use crate::wire::game::{Clock, Game, Phase, Score, Which, innings_batted};
use crate::wire::moment::MomentKind;
use crate::wire::sport::{Discipline, Sport};
use crate::wire::win_probability::{self, Situation};

/// A board that shows a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StateCandidate {
    pub(super) kind: MomentKind,
    sight: Sight,
    after: Timestamp,
    agreed: u32,
}

const STATES: [MomentKind; 4] =
    [MomentKind::UpsetWatch, MomentKind::Blowout, MomentKind::CleanSheet, MomentKind::CloseLate];

impl GameState {
    pub(super) fn advance_states(&mut self, game: &Game, sight: &Sight, poll: &Poll) -> Vec<Change> {
        let Some(board) = sight.score.filter(|_| sight.phase_known && sight.sound) else {
            return Vec::new();
        };
        let showing: Vec<MomentKind> = STATES
            .into_iter()
            .filter(|kind| !self.is_past(*kind) && self.is_shown(*kind, game, sight, board, poll))
            .collect();
        self.state_candidates.retain(|candidate| showing.contains(&candidate.kind));
        for kind in showing {
            match self.state_candidates.iter_mut().find(|candidate| candidate.kind == kind) {
                Some(candidate) => candidate.agreed += 1,
                None => {
                    let (sight, after) = (sight.clone(), self.seen_at);
                    self.state_candidates.push(StateCandidate { kind, sight, after, agreed: 0 });
                }
            }
        }
        let candidates = std::mem::take(&mut self.state_candidates);
        let (due, open) = candidates.into_iter().partition(|candidate| self.is_due(candidate, poll));
        self.state_candidates = open;
        let due: Vec<StateCandidate> = due;
        due.into_iter().map(|due| self.plain_change(due.kind, due.sight, due.after)).collect()
    }

    /// Whether enough boards agree, and the score that will be told with the state is one that shows it.
    fn is_due(&self, candidate: &StateCandidate, poll: &Poll) -> bool {
        let told = self.plain_change(candidate.kind, candidate.sight.clone(), candidate.after).score;
        candidate.agreed >= poll.confirmations() && self.has_settled(&candidate.sight) && {
            let sight = &candidate.sight;
            self.holds(candidate.kind, &sight.situation(told), sight.home_win_probability, poll.sport)
        }
    }

    fn is_shown(&self, kind: MomentKind, game: &Game, sight: &Sight, board: Score, poll: &Poll) -> bool {
        self.phase == Phase::Live
            && !self.is_reopened()
            && game.period == sight.period
            && self.holds(kind, &sight.situation(board), sight.home_win_probability, poll.sport)
    }

    /// Whether the game was first seen in that state, or it is told: then its ordinal says so.
    fn is_past(&self, kind: MomentKind) -> bool {
        let moments = self.ordinals.get(&kind).copied().unwrap_or_default() % UNKNOWN_MOMENTS;
        moments > 0 || self.states_past.contains(&kind)
    }

    /// What a game is first seen in is not told.
    pub(super) fn pass_over_states(&mut self, sport: &Sport) {
        let Some(score) = self.last.score() else { return };
        let feed = self.last.home_win_probability;
        let situation = self.sight(&self.last, self.seen_at).situation(score);
        let past = STATES.into_iter().filter(|kind| self.holds(*kind, &situation, feed, sport));
        self.states_past = past.collect();
    }

    /// `feed` is home's chance as the board has it.
    fn holds(&self, kind: MomentKind, now: &Situation, feed: Option<f64>, sport: &Sport) -> bool {
        now.phase == Phase::Live
            && match kind {
                MomentKind::UpsetWatch => is_late(sport, now) && self.underdog_may_win(now, feed, sport),
                MomentKind::Blowout => {
                    is_late(sport, now) && now.score.margin() >= out_of_reach(sport.discipline)
                }
                MomentKind::CleanSheet => has_allowed_nothing(sport, now),
                MomentKind::CloseLate => is_close_and_late(sport, now),
                _ => false,
            }
    }

    /// Whether the underdog leads or, by the feed, is more likely to win than not.
    fn underdog_may_win(&self, now: &Situation, feed: Option<f64>, sport: &Sport) -> bool {
        let Some(underdog) = self.underdog(sport) else { return false };
        let favored = feed.map(|home| if home > 0.5 { Which::Home } else { Which::Away });
        now.score.leader() == Some(underdog) || favored == Some(underdog)
    }

    /// The side that was clearly not expected to win, where the odds before the game said what to expect: the usual home
    /// advantage makes nobody an underdog.
    pub(super) fn underdog(&self, sport: &Sport) -> Option<Which> {
        self.odds.filter(|_| self.met_before_start)?;
        let before = Situation {
            score: Score::default(),
            shootout: None,
            phase: Phase::Scheduled,
            period: 0,
            clock: None,
            bases: None,
        };
        match win_probability::home_wins(sport, &before, self.expected) {
            home if home <= UNDERDOG => Some(Which::Home),
            home if home >= 1.0 - UNDERDOG => Some(Which::Away),
            _ => None,
        }
    }
}

/// The greatest chance before the game of a side whose win is an upset, a draw counted as half. Between 0.3 and 0.7 a game
/// is usually called competitive; under it the surprisal of a win is above 1.7 bits.
const UNDERDOG: f64 = 0.3;

/// The last quarter of regulation, by the clock or by turns at bat, and all that follows.
fn is_late(sport: &Sport, now: &Situation) -> bool {
    win_probability::share_played(sport, now) >= 0.75
}

/// The margin that is called a blow-out: 20 in basketball, 21 in football and 8 in baseball are those of published scripts
/// for game ratings and recaps (18 to 20, 21, 8); five goals in hockey and four in soccer are what is reported as a rout.
fn out_of_reach(discipline: Discipline) -> u32 {
    match discipline {
        Discipline::Basketball => 20,
        Discipline::Football => 21,
        Discipline::Baseball => 8,
        Discipline::Hockey => 5,
        _ => 4,
    }
}

/// Whether the side that leads has allowed nothing, so late that it is worth saying: for ten minutes to go in hockey and
/// football, in soccer from the 75th minute, in baseball through seven innings of nine.
fn has_allowed_nothing(sport: &Sport, now: &Situation) -> bool {
    let Some(leader) = now.score.leader() else { return false };
    let last_period = now.period >= sport.regulation.periods;
    let late = match (sport.discipline, now.clock) {
        (Discipline::Basketball, _) => false,
        (Discipline::Baseball, clock) => {
            let least = sport.regulation.periods.saturating_sub(2).max(1);
            innings_batted(leader.other(), now.period, clock) >= least
        }
        (_, Some(Clock::Left { millis })) => last_period && millis <= 10 * 60_000,
        (_, Some(Clock::Minute { minute, .. })) => minute >= 75,
        _ => false,
    };
    late && now.score.of(leader.other()) == 0
}

/// Whether a board is close and late with that score.
pub(in crate::wire) fn close_and_late(sport: &Sport, game: &Game, score: Option<Score>) -> bool {
    let Some(score) = score.filter(|_| game.phase == Phase::Live) else { return false };
    let (phase, period, clock) = (game.phase, game.period, game.clock);
    is_close_and_late(sport, &Situation { score, shootout: None, phase, period, clock, bases: None })
}

/// The NBA's definition of the clutch, the last five minutes within five points, and its like: one score in football, one
/// goal or run elsewhere.
pub(in crate::wire) fn is_close_and_late(sport: &Sport, now: &Situation) -> bool {
    let margin = sport.discipline.close_margin();
    let last_period = now.period >= sport.regulation.periods;
    let late = match now.clock {
        Some(Clock::Left { millis }) => last_period && millis <= 5 * 60_000,
        Some(Clock::Minute { minute, .. }) => minute >= 85,
        _ => sport.discipline == Discipline::Baseball && last_period,
    };
    late && now.score.margin() <= margin
}
