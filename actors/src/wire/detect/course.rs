//! The course of a game, from its confirmed scores.

use serde::{Deserialize, Serialize};

use super::state::GameState;
use crate::wire::game::{Score, Which};

/// The confirmed score and what led to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Course {
    pub(super) score: Score,
    /// Who led last, ties aside.
    pub(super) leader: Option<Which>,
    pub(super) lead_changes: u32,
    /// The most either side has trailed by.
    pub(super) largest_deficit: Score,
    /// A lead may have come and gone between two scores that were seen.
    pub(super) hidden: bool,
}

/// The course as it was before a score, to go back to when that is taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    score: Score,
    before: Course,
}

const MOST_MARKS: usize = 24;

impl From<Score> for Course {
    fn from(score: Score) -> Self {
        Self {
            score,
            leader: score.leader(),
            lead_changes: 0,
            largest_deficit: deficits(score),
            hidden: false,
        }
    }
}

impl Course {
    pub(super) fn go_on(&mut self, score: Score) {
        self.hidden |= may_hide_a_lead(self.leader, self.score, score);
        if let Some(leader) = score.leader() {
            if self.leader.is_some_and(|last| last != leader) {
                self.lead_changes += 1;
            }
            self.leader = Some(leader);
        }
        let now = deficits(score);
        self.largest_deficit.home = self.largest_deficit.home.max(now.home);
        self.largest_deficit.away = self.largest_deficit.away.max(now.away);
        self.score = score;
    }
}

fn deficits(score: Score) -> Score {
    Score { home: score.away.saturating_sub(score.home), away: score.home.saturating_sub(score.away) }
}

/// Whether both sides scored, and in some order of it the lead went where the two scores alone do not show it.
fn may_hide_a_lead(last: Option<Which>, from: Score, to: Score) -> bool {
    if to.home <= from.home || to.away <= from.away {
        return false;
    }
    match (to.home > from.away, to.away > from.home) {
        (true, true) => true,
        (true, false) => to.leader().is_none() && last != Some(Which::Home),
        (false, true) => to.leader().is_none() && last != Some(Which::Away),
        (false, false) => false,
    }
}

impl GameState {
    /// Takes a confirmed rise into the course.
    pub(super) fn go_on(&mut self, score: Score) {
        let Some(course) = &mut self.course else {
            self.course = Some(Course::from(score));
            return;
        };
        self.marks.push_back(Mark { score, before: *course });
        if self.marks.len() > MOST_MARKS {
            self.marks.pop_front();
        }
        course.go_on(score);
    }

    /// Whether that was the confirmed score lately and has not been taken back.
    pub(super) fn has_stood_at(&self, score: Score) -> bool {
        self.score() == Some(score) || self.marks.iter().any(|mark| mark.before.score == score)
    }

    /// Of a game that is over, only the last scores may still be taken back.
    pub(super) fn shorten(&mut self) {
        self.plays.clear();
        self.marks.drain(..self.marks.len().saturating_sub(4));
    }

    /// Takes a confirmed fall into the course: back to before the first score that it contradicts, and on from there.
    pub(super) fn go_back(&mut self, score: Score) {
        let first = self.marks.iter().position(|mark| !score.covers(mark.score));
        match first.and_then(|at| self.marks.drain(at..).next()) {
            Some(mark) => self.course = Some(mark.before),
            None => {
                self.course = Some(Course::from(score));
                self.sure = false;
            }
        }
        if self.score() != Some(score) {
            self.go_on(score);
        }
    }
}
