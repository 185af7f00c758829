//! Runs: one side alone scores for long.
//!
//! That nobody answered follows from two confirmed scores: the other side has now what it had then. So a run needs no play
//! and no sight of every score in between, and where its beginning was missed it was longer, never shorter. A run is told as
//! it passes its size, and again when as much has come on top as says something new.

use serde::{Deserialize, Serialize};

use super::state::GameState;
use crate::wire::game::{Score, Which};
use crate::wire::sport::{Discipline, Sport};

/// A run that was made a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunNoted {
    side: Which,
    /// What the side had then.
    reached: u32,
}

/// When a run is one.
struct Size {
    /// The points it is told at.
    first: u32,
    /// The points that must come on top before it is told again.
    more: u32,
    /// Whether the other side must have scored before it: else the score by itself says as much.
    after_an_answer: bool,
}

/// Basketball's 10-0 is what its reports call a run; three touchdowns in football, three goals in soccer and four in hockey
/// are as far as a game turns at one go. Six runs are more than an average side scores in a game of baseball (4.4).
fn size(discipline: Discipline) -> Size {
    let (first, more) = match discipline {
        Discipline::Basketball => (10, 6),
        Discipline::Football => (21, 14),
        Discipline::Baseball => (6, 4),
        Discipline::Hockey => (4, 2),
        _ => (3, 2),
    };
    Size { first, more, after_an_answer: discipline != Discipline::Basketball }
}

/// The stretch of play a period belongs to: basketball's runs end with the half and with every overtime, those of games in
/// which a score is rare go on to the end.
pub(super) fn stretch(sport: &Sport, period: u8) -> u8 {
    let regulation = sport.regulation.periods;
    match sport.discipline {
        Discipline::Basketball if period > regulation => period,
        Discipline::Basketball => u8::from(u16::from(period) * 2 > u16::from(regulation)),
        _ => 0,
    }
}

/// The one side that has gained since that score, and how much.
pub(super) fn gained(from: Score, now: Score) -> Option<(Which, u32)> {
    let gain = |which| now.of(which).saturating_sub(from.of(which));
    match (gain(Which::Home), gain(Which::Away)) {
        (points @ 1.., 0) if now.away == from.away => Some((Which::Home, points)),
        (0, points @ 1..) if now.home == from.home => Some((Which::Away, points)),
        _ => None,
    }
}

impl GameState {
    /// Whether the run that stands now has just passed a size that is told.
    pub(super) fn passes_a_run(&mut self, discipline: Discipline) -> bool {
        let Some((from, now)) = self.course.as_ref().map(|course| (course.run_from, course.score)) else {
            return false;
        };
        let Some((side, points)) = gained(from, now) else { return false };
        let size = size(discipline);
        let is_the_score = size.after_an_answer && from.of(side.other()) == 0;
        let noted = self.run_noted.filter(|noted| noted.side == side && from.of(side) < noted.reached);
        let grown = noted.is_none_or(|noted| now.of(side) >= noted.reached.saturating_add(size.more));
        if points < size.first || is_the_score || !grown {
            return false;
        }
        self.run_noted = Some(RunNoted { side, reached: now.of(side) });
        true
    }
}
