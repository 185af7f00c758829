//! When a feed's own figure may be believed.
//!
//! ESPN states a chance with the last play it shows. It is the better figure, for it knows who has the ball, but it is left
//! standing: between possessions, while the clock runs, or when only the score is brought up to date. Boards do not say
//! which play a figure is of, so it is judged by what has changed since it was first seen:
//!
//! - another figure than the last one belongs to a play that is seen now, and is fresh; unless the score rose with it for
//!   one side alone and the figure went the other way: then it is still of a play before the score;
//! - the same figure is fresh while the score is the one it came with and no more than [`STANDS_FOR`] of regulation was
//!   played since.
//!
//! Without a fresh figure the wire's own model stands.

use serde::{Deserialize, Serialize};

use crate::wire::game::Score;

/// The share of regulation that a figure outlives: 36 s of football, 29 s of basketball, a third of a half-inning.
pub const STANDS_FOR: f64 = 0.01;

/// A feed's figure as it was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Home's chance to win, 0 to 1.
    pub home: f64,
    /// The score it came with.
    pub score: Option<Score>,
    /// The share of regulation that was played.
    pub played: f64,
    /// Whether it is still to be believed.
    pub fresh: bool,
}

impl Figure {
    /// The figure of the next board; `before` is that of the last one.
    pub fn next(before: Option<Self>, home: Option<f64>, score: Option<Score>, played: f64) -> Option<Self> {
        let home = home.filter(|p| (0.0..=1.0).contains(p))?;
        let new = Self { home, score, played, fresh: true };
        let Some(before) = before else { return Some(new) };
        if before.home.to_bits() != home.to_bits() {
            return Some(Self { fresh: !before.is_contradicted_by(&new), ..new });
        }
        let stands = before.score == score && (0.0..=STANDS_FOR).contains(&(played - before.played));
        Some(Self { fresh: before.fresh && stands, ..before })
    }

    /// The figure, if it is to be believed.
    pub fn believed(self) -> Option<f64> {
        self.fresh.then_some(self.home)
    }

    fn is_contradicted_by(&self, next: &Self) -> bool {
        let (Some(was), Some(is)) = (self.score, next.score) else { return false };
        let rose = |of: u32, to: u32| to > of;
        match (rose(was.home, is.home), rose(was.away, is.away)) {
            (true, false) => next.home < self.home,
            (false, true) => next.home > self.home,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORE: Score = Score { home: 90, away: 88 };

    fn first() -> Option<Figure> {
        Figure::next(None, Some(0.6), Some(SCORE), 0.9)
    }

    fn next(home: f64, score: Score, played: f64) -> Option<f64> {
        Figure::next(first(), Some(home), Some(score), played)?.believed()
    }

    #[test]
    fn another_figure_is_of_a_play_seen_now() {
        assert_eq!(next(0.61, SCORE, 0.95), Some(0.61));
    }

    #[test]
    fn the_same_figure_stands_for_a_while_and_no_longer() {
        assert_eq!(next(0.6, SCORE, 0.905), Some(0.6));
        assert_eq!(next(0.6, SCORE, 0.92), None);
    }

    #[test]
    fn a_figure_left_standing_while_the_score_moved_on_is_not_believed_and_stays_so() {
        let scored = Score { home: 92, ..SCORE };
        let stale = Figure::next(first(), Some(0.6), Some(scored), 0.9);
        assert_eq!(stale.and_then(Figure::believed), None);
        assert_eq!(Figure::next(stale, Some(0.6), Some(SCORE), 0.9).and_then(Figure::believed), None);
        assert_eq!(Figure::next(stale, Some(0.7), Some(scored), 0.9).and_then(Figure::believed), Some(0.7));
    }

    #[test]
    fn a_figure_that_moves_against_the_only_side_that_scored_is_of_a_play_before() {
        let scored = Score { home: 92, ..SCORE };
        assert_eq!(next(0.58, scored, 0.9), None);
        assert_eq!(next(0.7, scored, 0.9), Some(0.7));
        assert_eq!(next(0.58, Score { home: 92, away: 91 }, 0.9), Some(0.58));
    }

    #[test]
    fn no_figure_and_one_that_is_no_chance_are_none() {
        assert_eq!(Figure::next(first(), None, Some(SCORE), 0.9), None);
        assert_eq!(Figure::next(None, Some(60.0), Some(SCORE), 0.9), None);
        assert_eq!(Figure::next(None, Some(f64::NAN), Some(SCORE), 0.9), None);
    }
}
