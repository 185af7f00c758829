//! Scores: rises are confirmed by agreement, falls by lasting.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moments::Change;
use super::plays::explain;
use super::run::stretch;
use super::state::{GameState, Sight};
use super::{FALL_LASTS, Poll, RESET_LASTS};
use crate::wire::game::{Phase, Play, Score, Which};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;

/// A board above the confirmed score, or above the rise before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rise {
    from: Score,
    pub(super) score: Score,
    sight: Sight,
    after: Timestamp,
    agreed: u32,
    explained: bool,
    play: Option<Play>,
}

/// A board that takes back what was confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Fall {
    pub(super) score: Score,
    sight: Sight,
    after: Timestamp,
    agreed: u32,
    /// The further boards that showed this very score.
    #[serde(default)]
    stood: u32,
}

impl Rise {
    fn look_for_plays(&mut self, fresh: &[Play]) {
        if !self.explained && explain(fresh, self.from, self.score) {
            self.explained = true;
            self.play = match fresh {
                [play] => Some(play.clone()),
                _ => None,
            };
        }
    }
}

impl GameState {
    /// Takes the score of a board in; yields what it confirms.
    pub(super) fn advance_score(&mut self, sight: &Sight, fresh: &[Play], poll: &Poll) -> Vec<Change> {
        let Some(board) = sight.score.filter(|_| bears_a_score(sight.phase)) else {
            return Vec::new();
        };
        let Some(held) = self.score() else {
            self.go_on(board, stretch(poll.sport, sight.period));
            self.score_seen_at = sight.at;
            return Vec::new();
        };
        if self.behind && !board.covers(held) {
            return Vec::new();
        }
        self.behind = false;
        let changes = if self.phase == Phase::Final {
            self.advance_end(board, held, sight, poll)
        } else if board.covers(held) {
            self.fall = None;
            self.advance_rises(board, held, sight, fresh, poll)
        } else {
            self.rises.clear();
            self.advance_fall(board, held, sight, poll)
        };
        self.score_seen_at = sight.at;
        changes
    }

    fn advance_rises(
        &mut self,
        board: Score,
        held: Score,
        sight: &Sight,
        fresh: &[Play],
        poll: &Poll,
    ) -> Vec<Change> {
        self.rises.retain(|rise| board.covers(rise.score));
        for rise in &mut self.rises {
            rise.agreed += 1;
        }
        let top = self.rises.last().map_or(held, |rise| rise.score);
        if board != top {
            self.rises.push(Rise {
                from: top,
                score: board,
                sight: sight.clone(),
                after: self.score_seen_at,
                agreed: 0,
                explained: false,
                play: None,
            });
        }
        if let Some(rise) = self.rises.last_mut() {
            rise.look_for_plays(fresh);
        }
        let sure = |rise: &Rise| rise.explained || rise.agreed >= poll.confirmations();
        let confirmed = self.rises.iter().rposition(sure).map_or(0, |last| last + 1);
        let confirmed: Vec<Rise> = self.rises.drain(..confirmed).collect();
        confirmed.into_iter().flat_map(|rise| self.confirm_rise(&rise, poll)).collect()
    }

    /// A rise is one of score, tie and lead change, and may carry a run past its size.
    fn confirm_rise(&mut self, rise: &Rise, poll: &Poll) -> Vec<Change> {
        let before = rise.from;
        self.go_on(rise.score, stretch(poll.sport, rise.sight.period));
        if self.is_reopened() {
            return Vec::new();
        }
        let kind = self.kind_of_rise(before, rise.score, poll.sport.discipline);
        let run = self.passes_a_run(poll.sport.discipline).then_some(MomentKind::Run);
        let change = |kind| {
            let mut change = self.change(kind, rise.sight.clone(), rise.after, rise.score);
            change.before = Some(before);
            change.play = rise.play.clone();
            change
        };
        std::iter::once(kind).chain(run).map(change).collect()
    }

    fn kind_of_rise(&self, before: Score, now: Score, discipline: Discipline) -> MomentKind {
        let (was, is) = (before.leader(), now.leader());
        let is_comeback = |side: Which| self.course.as_ref().is_some_and(|c| c.is_comeback(side, discipline));
        match was.filter(|_| was != is) {
            Some(leader) if is_comeback(leader.other()) => MomentKind::Comeback,
            _ if is.is_none() => MomentKind::Tie,
            _ if was != is => MomentKind::LeadChange,
            _ => MomentKind::Score,
        }
    }

    fn advance_fall(&mut self, board: Score, held: Score, sight: &Sight, poll: &Poll) -> Vec<Change> {
        let is_over = sight.phase == Phase::Final;
        let lost =
            (held.home - board.home.min(held.home)).saturating_add(held.away - board.away.min(held.away));
        let is_empty = board == Score::default();
        let is_reset = is_empty && lost > most_at_once(poll.sport.discipline);
        if !(sight.phase.in_play() || is_over) || (is_over && is_reset) {
            return Vec::new();
        }
        // A board that lost the game agrees with itself alone: after it, any other board would seem to have scored since.
        let lost_all = held.home.saturating_add(held.away) > most_at_once(poll.sport.discipline);
        let agreed = self.note_fall(board, sight, |fall| match fall.score {
            Score { home: 0, away: 0 } if lost_all => is_empty,
            score => board.covers(score),
        });
        let span = if is_reset || (is_over && is_empty) { RESET_LASTS } else { FALL_LASTS };
        let Some(fall) = self.fall.take_if(|fall| poll.has_lasted(fall.sight.at, agreed, span)) else {
            return Vec::new();
        };
        if fall.stood == 0 {
            // All were below the mark and no two the same: which score is right nobody can tell yet.
            self.fall = Some(Fall { score: board, sight: sight.clone(), agreed: 0, ..fall });
            return Vec::new();
        }
        let fallen = fall.score;
        let mut changes: Vec<Change> = self.confirm_fall(fall, held).into_iter().collect();
        if board != fallen {
            changes.extend(self.advance_rises(board, fallen, sight, &[], poll));
        }
        changes
    }

    /// A final board may be put right, up or down, and stays final.
    fn advance_end(&mut self, board: Score, held: Score, sight: &Sight, poll: &Poll) -> Vec<Change> {
        self.rises.clear();
        if board == held {
            self.fall = None;
            return Vec::new();
        }
        if sight.phase != Phase::Final || board == Score::default() {
            return Vec::new();
        }
        let agreed = self.note_fall(board, sight, |fall| board == fall.score);
        let lasting = self.fall.take_if(|fall| poll.has_lasted(fall.sight.at, agreed, FALL_LASTS));
        lasting.and_then(|fall| self.confirm_fall(fall, held)).into_iter().collect()
    }

    /// Keeps the fall that is under way if the board agrees with it, else opens one. Says how many boards have agreed.
    fn note_fall(&mut self, board: Score, sight: &Sight, agrees: impl Fn(&Fall) -> bool) -> u32 {
        if let Some(fall) = self.fall.as_mut().filter(|fall| agrees(fall)) {
            fall.agreed += 1;
            fall.stood += u32::from(fall.score == board);
            return fall.agreed;
        }
        let after = self.score_seen_at;
        self.fall = Some(Fall { score: board, sight: sight.clone(), after, agreed: 0, stood: 0 });
        0
    }

    fn confirm_fall(&mut self, fall: Fall, held: Score) -> Option<Change> {
        self.go_back(fall.score);
        if self.is_reopened() {
            return None;
        }
        if self.phase == Phase::Final {
            self.ended = Some(fall.score);
        }
        let mut change = self.change(MomentKind::Correction, fall.sight, fall.after, fall.score);
        change.before = Some(held);
        change.retracted = Some(held);
        Some(change)
    }
}

/// A scheduled or called-off board shows no score, whatever figures stand on it.
fn bears_a_score(phase: Phase) -> bool {
    phase.in_play() || matches!(phase, Phase::Final | Phase::Delayed | Phase::Suspended)
}

/// The most points one score brings.
fn most_at_once(discipline: Discipline) -> u32 {
    match discipline {
        Discipline::Basketball | Discipline::Baseball => 4,
        Discipline::Football => 8,
        _ => 1,
    }
}
