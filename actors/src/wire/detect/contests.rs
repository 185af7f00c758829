//! Contests: only results, and what is called off, each once.
//!
//! A result is confirmed by as many further boards that show the same winner, the same sets, the same first three; a result
//! that is put right afterwards must last like a fall of the score, and corrects what was told. What a first board shows
//! as decided is no news. A board that calls a contest over and names no winner says nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moments::Change;
use super::state::{GameState, Sight};
use super::{FALL_LASTS, Poll};
use crate::wire::contest::Contest;
use crate::wire::game::{Game, GameId, Phase, Score};
use crate::wire::moment::{Moment, MomentKind};

/// What is known of a contest's end.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Ended {
    /// The confirmed result.
    result: Option<Contest>,
    open: Option<Candidate>,
}

/// A board that says that it is over, or off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Candidate {
    sight: Sight,
    start: Option<Timestamp>,
    contest: Contest,
    after: Timestamp,
    agreed: u32,
}

impl Ended {
    /// What a first board shows.
    pub(super) fn baseline(game: &Game) -> Self {
        Self { result: decided(game).cloned(), open: None }
    }

    /// Whether another sight would confirm or deny something.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

impl Candidate {
    fn agrees(&self, other: &Self) -> bool {
        self.sight.phase == other.sight.phase
            && if self.sight.phase == Phase::Final {
                self.contest.agrees(&other.contest)
            } else {
                self.start == other.start
            }
    }
}

fn decided(game: &Game) -> Option<&Contest> {
    game.contest.as_ref().filter(|contest| game.phase == Phase::Final && contest.is_decided())
}

impl GameState {
    pub(super) fn judge_contest(&mut self, id: &GameId, game: &Game, poll: &Poll) -> Vec<Moment> {
        let Some(contest) = game.contest.clone().filter(|_| game.phase != Phase::Unknown) else {
            return Vec::new();
        };
        let mut ended = self.contest.take().unwrap_or_else(|| Ended::baseline(game));
        let over = ended.result.is_some();
        if !over {
            self.phase = game.phase;
        }
        let news = match game.phase {
            Phase::Final => {
                decided(game).is_some() && !ended.result.as_ref().is_some_and(|r| r.agrees(&contest))
            }
            Phase::Postponed | Phase::Cancelled => {
                !over && self.called_off != Some((game.phase, game.starts_at))
            }
            _ => false,
        };
        let mut candidate = Candidate {
            sight: self.sight(game, poll.now),
            start: game.starts_at,
            contest,
            after: self.seen_at,
            agreed: 0,
        };
        if let Some(open) = ended.open.take_if(|open| news && open.agrees(&candidate)) {
            candidate = Candidate { agreed: open.agreed + 1, ..open };
        }
        ended.open = news.then_some(candidate);
        let sure = |open: &mut Candidate| match over {
            true => poll.has_lasted(open.sight.at, open.agreed, FALL_LASTS),
            false => open.agreed >= poll.confirmations(),
        };
        let change = ended.open.take_if(sure).map(|candidate| self.end_contest(&mut ended, candidate));
        self.contest = Some(ended);
        change.into_iter().map(|change| self.moment(id, game, change, poll)).collect()
    }

    fn end_contest(&mut self, ended: &mut Ended, candidate: Candidate) -> Change {
        let Candidate { sight, start, contest, after, .. } = candidate;
        let kind = match sight.phase {
            Phase::Postponed => MomentKind::Postponed,
            Phase::Cancelled => MomentKind::Cancelled,
            _ if ended.result.is_some() => MomentKind::Correction,
            _ => MomentKind::Final,
        };
        if sight.phase == Phase::Final {
            ended.result = Some(contest.clone());
        } else {
            self.called_off = Some((sight.phase, start));
        }
        let mut change = self.change(kind, sight, after, Score::default());
        change.contest = Some(contest);
        change
    }
}
