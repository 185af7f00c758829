//! Periods: their ends, and overtime.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moments::Change;
use super::state::{GameState, Sight};
use super::{FALL_LASTS, Poll};
use crate::wire::game::{Clock, Game, Half, Phase, Score};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;

/// A board in a later period than the confirmed one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PeriodCandidate {
    pub(super) sight: Sight,
    after: Timestamp,
    agreed: u32,
    /// The score at the end of the period before, where that is sure.
    ended_at: Option<Score>,
}

/// A board in an earlier period than the confirmed one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct PeriodBack {
    period: u8,
    since: Timestamp,
    agreed: u32,
}

impl PeriodCandidate {
    /// Whether a board bears it out. Where its own score was never there or is taken back by that board, it would never
    /// settle, and the board begins anew.
    fn agrees(&self, sight: &Sight) -> bool {
        let stands = match (self.sight.score, sight.score) {
            (Some(first), Some(board)) => board.covers(first),
            _ => true,
        };
        stands && sight.period >= self.sight.period
    }
}

impl GameState {
    /// Takes the period of a board in.
    pub(super) fn advance_period(&mut self, game: &Game, sight: &Sight, poll: &Poll) -> Option<Change> {
        if !sight.phase.in_play() || !sight.phase_known || !sight.sound {
            return None;
        }
        let after = std::mem::replace(&mut self.period_seen_at, sight.at);
        self.note_period_back(game.period, poll);
        match &mut self.period_candidate {
            _ if sight.period <= self.period => {
                self.period_candidate = None;
                return None;
            }
            Some(candidate) if candidate.agrees(sight) => candidate.agreed += 1,
            other => {
                let ended_at = score_at_end(&self.last, game, self.period);
                *other = Some(PeriodCandidate { sight: sight.clone(), after, agreed: 0, ended_at });
            }
        }
        let candidate = self.period_candidate.take()?;
        if candidate.agreed < poll.confirmations() || !self.has_settled(&candidate.sight) {
            self.period_candidate = Some(candidate);
            return None;
        }
        self.turn(candidate, poll)
    }

    fn turn(&mut self, candidate: PeriodCandidate, poll: &Poll) -> Option<Change> {
        let PeriodCandidate { mut sight, after, ended_at, .. } = candidate;
        let from = std::mem::replace(&mut self.period, sight.period);
        if is_overtime(poll, from, &sight) {
            self.periods_ended = self.periods_ended.max(from);
            return (!self.is_reopened()).then(|| self.plain_change(MomentKind::Overtime, sight, after));
        }
        let next = from.checked_add(1) == Some(sight.period);
        let stood = sight.score.is_some_and(|board| self.has_stood_at(board));
        match ended_at.filter(|_| next && stood) {
            Some(score) => {
                sight.phase = Phase::Break;
                sight.clock = (poll.sport.discipline == Discipline::Baseball)
                    .then_some(Clock::Inning { half: Half::End, outs: None });
                sight.period = from;
                let told = self.end_period(from, sight, after, poll)?;
                // A score that fell since is no part of it, nor is what it did to the course of the game.
                let mut change = self.change(told.kind, told.sight, told.after, score);
                change.before = Some(score);
                Some(change)
            }
            None => {
                self.periods_ended = self.periods_ended.max(self.period.saturating_sub(1));
                None
            }
        }
    }

    /// The end of a period before the last of regulation, told once. The last one's is told as the overtime or the final.
    pub(super) fn end_period(
        &mut self,
        period: u8,
        sight: Sight,
        after: Timestamp,
        poll: &Poll,
    ) -> Option<Change> {
        let told = period <= self.periods_ended;
        self.periods_ended = self.periods_ended.max(period);
        let inside = (1..poll.sport.regulation.periods).contains(&period);
        (!told && inside && !self.is_reopened())
            .then(|| self.plain_change(MomentKind::PeriodEnd, sight, after))
    }

    /// A period that goes back is believed once it lasts, and nothing is told of it.
    fn note_period_back(&mut self, period: u8, poll: &Poll) {
        if period >= self.period {
            self.period_back = None;
            return;
        }
        let back = self.period_back.filter(|back| back.period == period);
        let back = match back {
            Some(back) => PeriodBack { agreed: back.agreed + 1, ..back },
            None => PeriodBack { period, since: poll.now, agreed: 0 },
        };
        self.period_back = Some(back);
        if poll.has_lasted(back.since, back.agreed, FALL_LASTS) {
            self.period = period;
            self.period_back = None;
        }
    }
}

/// Baseball and soccer go into overtime once; the others once a period. A shoot-out is told by its phase.
fn is_overtime(poll: &Poll, from: u8, sight: &Sight) -> bool {
    let regulation = poll.sport.regulation.periods;
    let once = matches!(poll.sport.discipline, Discipline::Baseball | Discipline::Soccer);
    sight.period > regulation && sight.phase != Phase::Shootout && (from <= regulation || !once)
}

/// The score at the end of that period, from a board in it and one after it: where the feed's line score adds up, or the
/// score stood still.
fn score_at_end(inside: &Game, beyond: &Game, period: u8) -> Option<Score> {
    let now = beyond.score()?;
    let sum = |line: &[u32]| line.iter().copied().fold(0, u32::saturating_add);
    let (home, away) = (&beyond.home.periods, &beyond.away.periods);
    let complete = sum(home) == now.home && sum(away) == now.away;
    let last = inside.score().filter(|_| inside.period == period);
    let (home, away) = (home.get(..usize::from(period)), away.get(..usize::from(period)));
    match (home, away) {
        (Some(home), Some(away)) if complete => {
            let end = Score { home: sum(home), away: sum(away) };
            last.is_none_or(|last| end.covers(last)).then_some(end)
        }
        _ => last.filter(|last| *last == now),
    }
}
