//! The course of a game, from its confirmed scores.

use serde::{Deserialize, Serialize};

use super::run::gained;
use super::state::GameState;
use crate::wire::game::{Score, Which};
use crate::wire::sport::Discipline;

/// The confirmed score and what led to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Course {
    pub(super) score: Score,
    /// Who led last, ties aside.
    pub(super) leader: Option<Which>,
    pub(super) lead_changes: u32,
    /// The most either side has trailed by.
    pub(super) largest_deficit: Score,
    /// A lead may have come and gone between two scores that were seen.
    pub(super) hidden: bool,
    /// The most either side has trailed by since the sides were level, in the stretch that this score ends or goes on with.
    #[serde(default)]
    pub(super) deficit: Score,
    /// The score since which one side alone has scored.
    #[serde(default)]
    pub(super) run_from: Score,
    /// The stretch of play the last score fell in.
    #[serde(default)]
    pub(super) stretch: u8,
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
            deficit: deficits(score),
            run_from: score,
            stretch: 0,
        }
    }
}

impl Course {
    /// Whether that side has just made good a deficit that is a comeback.
    pub(super) fn is_comeback(&self, side: Which, discipline: Discipline) -> bool {
        self.score.leader() != Some(side.other()) && self.deficit.of(side) >= comeback(discipline)
    }

    pub(super) fn go_on(&mut self, score: Score, stretch: u8) {
        self.run_from = match (gained(self.run_from, self.score), gained(self.score, score)) {
            _ if stretch != self.stretch => self.score,
            (_, None) => score,
            (Some((on_a_run, _)), Some((scorer, _))) if on_a_run == scorer => self.run_from,
            _ => self.score,
        };
        self.stretch = stretch;
        self.hidden |= may_hide_a_lead(self.leader, self.score, score);
        if let Some(leader) = score.leader() {
            if self.leader.is_some_and(|last| last != leader) {
                self.lead_changes += 1;
            }
            self.leader = Some(leader);
        }
        let now = deficits(score);
        let trailed = |which: Which| {
            let carried = self.score.leader() == Some(which.other());
            now.of(which).max(if carried { self.deficit.of(which) } else { 0 })
        };
        self.deficit = Score { home: trailed(Which::Home), away: trailed(Which::Away) };
        self.largest_deficit.home = self.largest_deficit.home.max(now.home);
        self.largest_deficit.away = self.largest_deficit.away.max(now.away);
        self.score = score;
    }
}

fn deficits(score: Score) -> Score {
    Score { home: score.away.saturating_sub(score.home), away: score.home.saturating_sub(score.away) }
}

/// The deficit that is a comeback to make good: 15 in basketball is that of published recap scripts; 14 in football are two
/// touchdowns, four runs the most one swing brings; three goals in hockey and two in soccer are seldom made good at all.
fn comeback(discipline: Discipline) -> u32 {
    match discipline {
        Discipline::Basketball => 15,
        Discipline::Football => 14,
        Discipline::Baseball => 4,
        Discipline::Hockey => 3,
        _ => 2,
    }
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
    pub(super) fn go_on(&mut self, score: Score, stretch: u8) {
        let Some(course) = &mut self.course else {
            self.course = Some(Course { stretch, ..Course::from(score) });
            return;
        };
        self.marks.push_back(Mark { score, before: *course });
        if self.marks.len() > MOST_MARKS {
            self.marks.pop_front();
        }
        course.go_on(score, stretch);
    }

    /// The course as it was at that score; `None` where it never stood, or long ago.
    pub(super) fn course_at(&self, score: Score) -> Option<&Course> {
        let earlier = self.marks.iter().map(|mark| &mark.before);
        earlier.chain(&self.course).rfind(|course| course.score == score)
    }

    /// Whether that was the confirmed score lately and has not been taken back.
    pub(super) fn has_stood_at(&self, score: Score) -> bool {
        self.score() == Some(score) || self.marks.iter().any(|mark| mark.before.score == score)
    }

    /// The score that stood before the confirmed one.
    pub(super) fn score_before(&self) -> Option<Score> {
        self.marks.back().map(|mark| mark.before.score)
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
            let stretch = self.course.as_ref().map_or(0, |course| course.stretch);
            self.go_on(score, stretch);
        }
    }
}
