//! Close and late: said once a game.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Poll;
use super::moments::Change;
use super::state::{GameState, Sight};
use crate::wire::game::{Clock, Game, Phase, Score};
use crate::wire::moment::MomentKind;
use crate::wire::sport::{Discipline, Sport};

/// A board that is close and late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CloseCandidate {
    sight: Sight,
    after: Timestamp,
    agreed: u32,
}

impl GameState {
    pub(super) fn advance_close(&mut self, game: &Game, sight: &Sight, poll: &Poll) -> Option<Change> {
        if self.close_told || !sight.phase_known || !sight.sound || sight.score.is_none() {
            return None;
        }
        if !self.is_close_here(game, sight, poll.sport) {
            self.close_candidate = None;
            return None;
        }
        match &mut self.close_candidate {
            Some(candidate) => candidate.agreed += 1,
            None => {
                self.close_candidate =
                    Some(CloseCandidate { sight: sight.clone(), after: self.seen_at, agreed: 0 });
            }
        }
        let candidate = self.close_candidate.take()?;
        if candidate.agreed < poll.confirmations() || !self.has_settled(&candidate.sight) {
            self.close_candidate = Some(candidate);
            return None;
        }
        self.close_told = true;
        Some(self.plain_change(MomentKind::CloseLate, candidate.sight, candidate.after))
    }

    fn is_close_here(&self, game: &Game, sight: &Sight, sport: &Sport) -> bool {
        self.phase == Phase::Live
            && !self.is_reopened()
            && game.period == sight.period
            && close_and_late(sport, game, sight.score)
    }
}

/// The NBA's definition of the clutch, the last five minutes within five points, and its like: one score in football, one
/// goal or run elsewhere.
pub(in crate::wire) fn close_and_late(sport: &Sport, game: &Game, score: Option<Score>) -> bool {
    let Some(score) = score else { return false };
    if game.phase != Phase::Live {
        return false;
    }
    let margin = match sport.discipline {
        Discipline::Basketball => 5,
        Discipline::Football => 8,
        Discipline::Baseball | Discipline::Hockey | Discipline::Soccer => 1,
    };
    let last_period = game.period >= sport.regulation.periods;
    let late = match game.clock {
        Some(Clock::Left { millis }) => last_period && millis <= 5 * 60_000,
        Some(Clock::Minute { minute, .. }) => minute >= 85,
        _ => sport.discipline == Discipline::Baseball && last_period,
    };
    late && score.margin() <= margin
}
