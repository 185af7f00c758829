//! Phases: where the game stands, and what its turns are worth telling.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moments::Change;
use super::second::Word;
use super::state::{GameState, Sight};
use super::{FALL_LASTS, Poll, RESET_LASTS};
use crate::wire::game::{Clock, Game, Half, Phase, Which};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;

/// A board in another phase than the confirmed one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PhaseCandidate {
    pub(super) sight: Sight,
    after: Timestamp,
    agreed: u32,
}

impl PhaseCandidate {
    fn agrees(&self, sight: &Sight) -> bool {
        let same_result = self.sight.score == sight.score && self.sight.shootout == sight.shootout;
        match sight.phase {
            phase if phase != self.sight.phase => false,
            // The break of another period is another break.
            Phase::Break => same_result && self.sight.period == sight.period,
            Phase::Final => same_result,
            _ => true,
        }
    }
}

impl GameState {
    /// Takes the phase of a board in. A score that was confirmed on the same board proves that play has begun.
    pub(super) fn advance_phase(
        &mut self,
        game: &Game,
        sight: &Sight,
        scored: bool,
        poll: &Poll,
    ) -> Option<Change> {
        let seen = sight.phase;
        // What ends is told with its score, so a board without one does not end it.
        let ends = matches!(seen, Phase::Break | Phase::Shootout | Phase::Final);
        if !sight.phase_known || (ends && sight.score.is_none()) {
            return None;
        }
        let after = std::mem::replace(&mut self.phase_seen_at, sight.at);
        let in_game = is_in_game(seen);
        // An edge that lags behind is in the break before this period, not in the one after it.
        let of_an_earlier_period = seen == Phase::Break && (1..self.period).contains(&game.period);
        if in_game && !sight.sound {
            // Its score may be old, or was taken back just now; that the game is held up is not borne out either way.
            self.phase_candidate.take_if(|candidate| !is_in_game(candidate.sight.phase));
            return None;
        }
        if (seen == Phase::Scheduled && self.started) || of_an_earlier_period {
            return None;
        }
        if self.phase == Phase::Unknown {
            self.adopt(seen, sight);
        }
        if seen == self.phase {
            self.phase_candidate = None;
            return None;
        }
        match &mut self.phase_candidate {
            Some(candidate) if candidate.agrees(sight) => candidate.agreed += 1,
            other => *other = Some(PhaseCandidate { sight: sight.clone(), after, agreed: 0 }),
        }
        let candidate = self.phase_candidate.take()?;
        if self.is_confirmed(&candidate, game, scored, poll) {
            self.enter(candidate, game, poll)
        } else {
            self.phase_candidate = Some(candidate);
            None
        }
    }

    /// A final that was seen and is not confirmed.
    pub(super) fn final_candidate(&self) -> Option<&Sight> {
        let candidate = self.phase_candidate.as_ref()?;
        (candidate.sight.phase == Phase::Final).then_some(&candidate.sight)
    }

    /// The first phase that is known of a game met without one is its baseline.
    fn adopt(&mut self, seen: Phase, sight: &Sight) {
        self.phase = seen;
        self.started |= seen.in_play() || seen == Phase::Final;
        self.ended = if seen == Phase::Final { sight.score } else { None };
    }

    fn is_confirmed(&self, candidate: &PhaseCandidate, game: &Game, scored: bool, poll: &Poll) -> bool {
        let PhaseCandidate { sight, agreed, .. } = candidate;
        let has_lasted = |span| poll.has_lasted(sight.at, *agreed, span);
        let (doubt, word) = match sight.phase {
            Phase::Final => (doubt(game, sight, poll), self.word(sight, poll)),
            _ => (Doubt::None, Word::Nothing),
        };
        let seconded = word == Word::Agrees && poll.rules.cross_check.is_some();
        let agreed = match doubt {
            Doubt::Certain => false,
            Doubt::Some => has_lasted(RESET_LASTS),
            Doubt::None if self.phase == Phase::Final => has_lasted(FALL_LASTS),
            Doubt::None => {
                *agreed >= self.boards_wanted(sight, poll)
                    || seconded
                    || (scored && sight.phase == Phase::Live && !self.started)
            }
        };
        agreed
            && match sight.phase {
                Phase::Final => {
                    self.has_waited(sight, word, poll)
                        && self.score() == sight.score
                        && self.rises.is_empty()
                        && self.fall.is_none()
                }
                Phase::Break | Phase::Shootout => self.has_settled(sight),
                _ => true,
            }
    }

    /// How many further boards must agree. An edge that lags behind shows a game that is held up as still being played, and
    /// one that goes on as still being held up.
    fn boards_wanted(&self, sight: &Sight, poll: &Poll) -> u32 {
        let goes_on = self.held_up.is_some() && sight.phase.in_play();
        let went_on = self.ordinals.contains_key(&MomentKind::Resumed);
        let is_held_up_again = went_on && matches!(sight.phase, Phase::Delayed | Phase::Suspended);
        poll.confirmations().max(if goes_on || is_held_up_again { 2 } else { 0 })
    }

    fn enter(&mut self, candidate: PhaseCandidate, game: &Game, poll: &Poll) -> Option<Change> {
        let PhaseCandidate { sight, after, .. } = candidate;
        let was_started = self.started;
        self.phase = sight.phase;
        self.started |= sight.phase.in_play() || matches!(sight.phase, Phase::Final | Phase::Suspended);
        match sight.phase {
            Phase::Live => self.go_live(sight, after, was_started),
            Phase::Break => {
                let ended = sight.period;
                let whole = poll.sport.discipline != Discipline::Baseball
                    || matches!(sight.clock, Some(Clock::Inning { half: Half::End, .. }));
                if whole { self.end_period(ended, sight, after, poll) } else { None }
            }
            Phase::Shootout => self.begin_shootout(sight, after),
            Phase::Final => self.end(sight, after),
            Phase::Delayed | Phase::Suspended => self.hold_up(sight, after),
            Phase::Postponed | Phase::Cancelled => self.call_off(sight, after, game.starts_at),
            Phase::Scheduled | Phase::Unknown => None,
        }
    }

    fn go_live(&mut self, sight: Sight, after: Timestamp, was_started: bool) -> Option<Change> {
        if self.is_reopened() {
            return None;
        }
        let held_up = self.held_up.take();
        self.called_off = None;
        let kind = match (was_started, held_up) {
            (true, Some(_)) => MomentKind::Resumed,
            (false, _) if sight.period <= 1 => MomentKind::Start,
            _ => return None,
        };
        Some(self.plain_change(kind, sight, after))
    }

    fn begin_shootout(&mut self, sight: Sight, after: Timestamp) -> Option<Change> {
        if self.is_reopened() || std::mem::replace(&mut self.shootout_told, true) {
            return None;
        }
        Some(self.plain_change(MomentKind::Overtime, sight, after))
    }

    /// A final knows the score before the last one, which may be the score that decided it.
    fn end(&mut self, sight: Sight, after: Timestamp) -> Option<Change> {
        let score = self.score()?;
        self.shorten();
        match self.ended.replace(score) {
            None => {
                let mut change = self.plain_change(MomentKind::Final, sight, after);
                change.before = self.score_before().or(change.before);
                Some(change)
            }
            Some(told) if told == score => None,
            Some(told) => {
                let mut change = self.plain_change(MomentKind::Correction, sight, after);
                change.before = Some(told);
                change.retracted = Some(told);
                Some(change)
            }
        }
    }

    /// Told once until the game goes on. A game held up after a final was not over.
    fn hold_up(&mut self, sight: Sight, after: Timestamp) -> Option<Change> {
        self.ended = None;
        let kind = if sight.phase == Phase::Suspended { MomentKind::Suspended } else { MomentKind::Delayed };
        let told = self.held_up.replace(sight.phase);
        (told != Some(sight.phase)).then(|| self.plain_change(kind, sight, after))
    }

    /// Told once for every date.
    fn call_off(&mut self, sight: Sight, after: Timestamp, start: Option<Timestamp>) -> Option<Change> {
        let kind =
            if sight.phase == Phase::Postponed { MomentKind::Postponed } else { MomentKind::Cancelled };
        self.held_up = None;
        let told = self.called_off.replace((sight.phase, start));
        (told != Some((sight.phase, start))).then(|| self.plain_change(kind, sight, after))
    }
}

/// Whether a game in that phase is being played or was.
fn is_in_game(phase: Phase) -> bool {
    phase.in_play() || phase == Phase::Final
}

/// How far a final board contradicts itself.
enum Doubt {
    None,
    Some,
    Certain,
}

/// A final is doubtful where it is level in a sport without ties, or in regulation of football, and where the named winner
/// is behind: then its score is not the last. Baseball's exhibitions and hockey's shoot-outs may still stand level.
fn doubt(game: &Game, sight: &Sight, poll: &Poll) -> Doubt {
    let leader = sight
        .score
        .and_then(|score| score.leader())
        .or_else(|| sight.shootout.and_then(|shootout| shootout.leader()));
    let Some(leader) = leader else {
        return match poll.sport.discipline {
            Discipline::Basketball => Doubt::Certain,
            Discipline::Baseball | Discipline::Hockey => Doubt::Some,
            Discipline::Football if sight.period <= poll.sport.regulation.periods => Doubt::Some,
            _ => Doubt::None,
        };
    };
    let names = |which: Which| game.side(which).winner == Some(true);
    if names(leader.other()) && !names(leader) { Doubt::Some } else { Doubt::None }
}
