//! Numbers by the words around them.

use super::incidents;
use super::milestones;
use super::relations::{Claim, Relation, Subject};
use super::token::{Piece, Token};
use crate::wire::facts::Facts;
use crate::wire::game::{Clock, Half, Phase, Score, Which};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;
use crate::wire::wording::derived::Feat;
use crate::wire::wording::team::rank;
use crate::wire::wording::unit;

/// A clause with what is already known of it.
pub(super) struct Context<'a> {
    pub(super) clause: &'a [Piece],
    pub(super) relations: &'a [Relation],
    pub(super) facts: &'a Facts,
    /// The score the clause speaks of: the one now or, where it takes one back, that one.
    pub(super) basis: Score,
}

impl Context<'_> {
    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.clause.get(at).and_then(Piece::word)
    }

    fn word_before(&self, at: usize, steps: usize) -> Option<&str> {
        at.checked_sub(steps).and_then(|at| self.word(at))
    }

    fn last_relation(&self, at: usize) -> Option<&Relation> {
        self.relations.iter().rev().find(|relation| relation.at < at)
    }

    /// Whether the number at that place is one the facts hold in the meaning its neighbours give it.
    pub(super) fn grants(&self, at: usize) -> bool {
        match self.clause[at].token {
            Token::Number(n) => self.grants_number(at, n),
            Token::Ordinal(n) => self.grants_ordinal(at, n),
            Token::Clock(minutes, seconds) => {
                let left = self.seconds_left();
                seconds < 60 && left == minutes.checked_mul(60).map(|m| m + seconds) && self.may_tell_time(at)
            }
            Token::Tenths(tenths) => {
                let unit = matches!(self.word(at + 1), Some("second" | "seconds"));
                unit && self.tenths_left() == Some(tenths) && self.may_tell_time(at)
            }
            Token::Added(minute, added) => self.grants_minute(at, minute, added),
            Token::Rank(n) => match self.clause.get(at + 1).map(|piece| &piece.token) {
                Some(Token::Team(which)) => rank(self.facts, *which).is_some_and(|rank| u32::from(rank) == n),
                _ => false,
            },
            _ => true,
        }
    }

    fn grants_number(&self, at: usize, n: u32) -> bool {
        if milestones::speaks_of_one(self.clause, self.facts) {
            return milestones::grants_number(self.clause, at, n, self.facts);
        }
        if let Some(Token::Team(which)) = at.checked_sub(1).map(|at| &self.clause[at].token) {
            return self.facts.has_score() && self.basis.of(*which) == n;
        }
        let hyphen = matches!(self.clause.get(at + 1).map(|p| &p.token), Some(Token::Mark('-')));
        let unit_at = if hyphen { at + 2 } else { at + 1 };
        match self.word(unit_at).unwrap_or_default() {
            "second" | "seconds" => self.tenths_left() == n.checked_mul(10) && self.may_tell_time(at),
            "minute" | "minutes" => {
                let whole = self.seconds_left().filter(|left| *left >= 60) == n.checked_mul(60);
                whole && self.word(unit_at + 1) == Some("left") && self.may_tell_time(at)
            }
            "inning" | "innings" => self.grants_innings(at, n),
            "quarters" | "periods" => self.grants_periods(at, n),
            "overtime" | "overtimes" => {
                u32::from(self.facts.overtimes()) == n && self.facts.phase == Phase::Final
            }
            "lead" if matches!(self.word(unit_at + 1), Some("change" | "changes")) => {
                self.grants_lead_changes(n)
            }
            "score" => {
                let football = self.facts.discipline == Discipline::Football;
                hyphen && n == 1 && football && self.facts.is_close() && self.facts.score.margin() > 0
            }
            "out" | "outs" => self.outs() == Some(n),
            "unanswered" | "straight" | "consecutive" => {
                self.is_own_unit(self.word(unit_at + 1).unwrap_or_default()) && self.is_run(at, n)
            }
            word if is_unit(word) => self.is_own_unit(word) && self.grants_amount(at, unit_at, n),
            "down" | "up" | "ahead" | "behind" => self.grants_amount(at, at, n),
            _ if matches!(self.word_before(at, 1), Some("by" | "within" | "as" | "to" | "than")) => {
                self.grants_amount(at, at, n)
            }
            _ if self.word_before(at, 1) == Some("at") => self.is_level_at(at, n),
            _ => false,
        }
    }

    /// `12 unanswered points for the Giants`, `scored 12 unanswered points`: the gain of the side on a run.
    fn is_run(&self, at: usize, n: u32) -> bool {
        let beneficiary = self.clause[at..].iter().position(|p| matches!(p.word(), Some("for" | "by")));
        let whose = match beneficiary.and_then(|found| self.team_close_after(at + found + 1)) {
            Some(which) => Some(which),
            None => match self.last_relation(at).map(|relation| relation.subject) {
                Some(Subject::One(which)) => Some(which),
                _ => None,
            },
        };
        whose.is_some() && self.facts.run() == whose.map(|which| (which, n))
    }

    /// A run as a score, `a 12-0 run for the Celtics`; `None` where the figures at that place are no run.
    pub(super) fn grants_run_score(&self, at: usize) -> Option<bool> {
        let Token::Pair(gained, answered) = self.clause[at].token else { return None };
        (self.word(at + 1) == Some("run")).then(|| answered == 0 && self.is_run(at, gained))
    }

    /// The team right after that place, article and ranking aside.
    fn team_close_after(&self, at: usize) -> Option<Which> {
        let passes = |p: &&Piece| p.word() != Some("the") && !matches!(p.token, Token::Rank(_));
        match self.clause.get(at..)?.iter().find(passes)?.token {
            Token::Team(which) => Some(which),
            _ => None,
        }
    }

    fn is_own_unit(&self, word: &str) -> bool {
        word.strip_suffix('s').unwrap_or(word) == unit(self.facts)
    }

    /// `by 12 points`, `a two-goal lead`, `an 18-point deficit`, `scored four runs`, `one point in it`.
    fn grants_amount(&self, at: usize, unit_at: usize, n: u32) -> bool {
        match (self.word(unit_at + 1), self.word(unit_at + 2)) {
            (Some("lead" | "victory" | "win" | "game" | "match" | "finish"), _) => {
                return self.basis.margin() == n;
            }
            (Some("separate" | "separates" | "separated"), _) => return self.is_margin(n),
            (Some("in" | "between"), Some("it" | "them" | "the")) => return self.is_margin(n),
            (Some("apart"), _) => return self.is_margin(n),
            (Some("for"), _) => return self.is_scored_for(unit_at + 1, n),
            (Some("deficit"), _) => return self.is_deficit_of_anyone(n),
            _ => {}
        }
        let from_down = self.word_before(at, 1) == Some("from")
            && (self.word(at + 1) == Some("down") || self.word(unit_at + 1) == Some("down"));
        let place = |word: Option<&str>| matches!(word, Some("up" | "down" | "ahead" | "behind"));
        let as_many_as = self.word_before(at, 1) == Some("as") && self.word_before(at, 4) == Some("by");
        let before = self.word_before(at, 1);
        let by = matches!(before, Some("by" | "within" | "need" | "needs" | "to" | "down" | "up"))
            || as_many_as
            || place(self.word(at + 1))
            || place(self.word(unit_at + 1));
        // `18 down` may stand before its relation word.
        let beside = place(self.word(at + 1)) || place(self.word(unit_at + 1));
        let relation = self.relations.iter().find(|r| beside && r.at > at && r.at <= unit_at + 1);
        let Some(relation) = relation.or_else(|| self.last_relation(at)) else { return false };
        let Subject::One(subject) = relation.subject else { return false };
        match relation.claim {
            _ if from_down => self.is_deficit(subject, n),
            Claim::Leads if by && relation.past => {
                let lost = self.facts.winner() == Some(subject.other());
                (self.facts.winner() == Some(subject) && self.facts.largest_lead() == Some(n))
                    || (lost && self.facts.seen_from_start && self.is_deficit(subject.other(), n))
            }
            Claim::Leads | Claim::Wins(_) | Claim::TakesLead | Claim::Extends | Claim::Doubles if by => {
                self.basis.margin() == n && self.basis.leader() == Some(subject)
            }
            Claim::Trails | Claim::Cuts if by && !relation.past => {
                self.basis.margin() == n && self.basis.leader() == Some(subject.other())
            }
            Claim::Loses(_) if by => self.basis.margin() == n,
            Claim::Trails | Claim::ComesBack if by => self.is_deficit(subject, n),
            Claim::Scores if !by => self.is_points_of(subject, n),
            _ => false,
        }
    }

    /// `tied at 108`: what both sides have.
    fn is_level_at(&self, at: usize, n: u32) -> bool {
        let level = matches!(
            self.last_relation(at).map(|relation| relation.claim),
            Some(Claim::Level | Claim::PullsLevel | Claim::Draws)
        );
        let score = self.basis;
        level && self.facts.has_score() && score.home == n && score.away == n
    }

    /// `after three quarters`.
    fn grants_periods(&self, at: usize, n: u32) -> bool {
        let unit = self.word(at + 1).and_then(|word| word.strip_suffix('s'));
        unit == Some(crate::wire::wording::time::period_unit(self.facts))
            && matches!(self.word_before(at, 1), Some("after" | "through"))
            && u32::from(self.facts.period) == n
            && self.facts.overtimes() == 0
            && self.facts.is_between_periods()
    }

    fn is_margin(&self, n: u32) -> bool {
        self.facts.has_score() && n > 0 && self.basis.margin() == n
    }

    fn is_scored_for(&self, at: usize, n: u32) -> bool {
        self.clause.iter().skip(at).take(3).any(|piece| match piece.token {
            Token::Team(which) => self.is_points_of(which, n),
            _ => false,
        })
    }

    fn is_points_of(&self, side: Which, n: u32) -> bool {
        let goals_agree = match self.facts.feat() {
            Some(Feat::Goals(goals) | Feat::Runs(goals)) => goals == n,
            _ => true,
        };
        self.facts.sole_scorer() == Some(side) && self.facts.points() == n && goals_agree
    }

    fn is_deficit_of_anyone(&self, n: u32) -> bool {
        let ahead = self.facts.winner().or_else(|| self.facts.score.leader());
        ahead.is_some_and(|side| self.is_deficit(side, n))
    }

    /// What that side was behind by: since the sides were last level, where it came back; at the sight before, or at most in a game seen from its start.
    fn is_deficit(&self, side: Which, n: u32) -> bool {
        if let Some((subject, deficit)) = self.facts.came_back_from().filter(|_| self.is_comeback()) {
            return subject == side && deficit == n;
        }
        let at_most = self.facts.seen_from_start && self.facts.largest_deficit.of(side) == n;
        let before = self
            .facts
            .earlier_score()
            .is_some_and(|before| before.leader() == Some(side.other()) && before.margin() == n);
        n > 0 && (at_most || (before && !self.facts.seen_from_start))
    }

    fn is_comeback(&self) -> bool {
        self.facts.kind == MomentKind::Comeback
    }

    fn grants_lead_changes(&self, n: u32) -> bool {
        self.facts.seen_from_start && n > 0 && self.facts.lead_changes == n
    }

    fn grants_innings(&self, at: usize, n: u32) -> bool {
        let is_inning = self.facts.discipline == Discipline::Baseball && u32::from(self.facts.period) == n;
        match self.word_before(at, 1) {
            Some("after") => is_inning && self.facts.is_between_periods(),
            Some("through") => {
                let of_it =
                    ["allowed", "kept"].iter().any(|w| self.clause[..at].iter().any(|p| p.word() == Some(w)));
                of_it && self.facts.scoreless_innings().map(u32::from) == Some(n)
            }
            _ => is_inning && self.facts.phase == Phase::Final && self.facts.overtimes() > 0,
        }
    }

    fn grants_ordinal(&self, at: usize, n: u32) -> bool {
        let end = self.word_before(at, 3) == Some("end") && self.facts.discipline != Discipline::Baseball;
        let after =
            end || self.word_before(at, 1) == Some("after") || self.word_before(at, 2) == Some("after");
        match self.word(at + 1) {
            Some("minute") => self.grants_minute(at, n, 0),
            Some("lead") if self.word(at + 2) == Some("change") => self.grants_lead_changes(n),
            Some("overtime") => {
                let hockey = self.facts.discipline == Discipline::Hockey;
                !hockey && u32::from(self.facts.overtimes()) == n && self.may_tell_time(at)
            }
            Some(word @ ("quarter" | "half" | "period")) => {
                let unit = word == crate::wire::wording::time::period_unit(self.facts);
                let regular = self.facts.overtimes() == 0 && u32::from(self.facts.period) == n;
                unit && regular && (!after || self.facts.is_between_periods()) && self.may_tell_time(at)
            }
            _ => self.grants_inning(at, n, after),
        }
    }

    /// `in the ninth`, `in the ninth inning`, `in the top of the ninth`.
    fn grants_inning(&self, at: usize, n: u32, after: bool) -> bool {
        let named = self.facts.discipline == Discipline::Baseball
            && self.word_before(at, 1) == Some("the")
            && u32::from(self.facts.period) == n
            && (!after || self.facts.is_between_periods());
        let part = (self.word_before(at, 2) == Some("of")).then(|| self.word_before(at, 3)).flatten();
        let half = match self.facts.clock {
            Some(Clock::Inning { half, .. }) => Some(half),
            _ => None,
        };
        let in_part = match part {
            Some("top") => half == Some(Half::Top),
            Some("middle") => half == Some(Half::Middle),
            Some("bottom") => half == Some(Half::Bottom),
            Some("end") => half == Some(Half::End),
            _ => true,
        };
        named && in_part && self.may_tell_time(at)
    }

    fn grants_minute(&self, at: usize, minute: u32, added: u32) -> bool {
        let is = |clock: Option<Clock>| match clock {
            Some(Clock::Minute { minute: m, added: a }) => u32::from(m) == minute && u32::from(a) == added,
            _ => false,
        };
        match self.last_relation(at) {
            _ if incidents::speaks_of_one(self.clause, self.facts) => {
                is(self.facts.incident().and_then(|play| play.clock))
            }
            Some(relation) if relation.claim.is_event() => {
                is(self.facts.scoring_play().and_then(|play| play.clock))
            }
            Some(relation) if relation.past => false,
            _ => is(self.facts.clock),
        }
    }

    /// Whether a time at that place says where the game stands. When something happened between two sights,
    /// or was so before, the facts do not say.
    fn may_tell_time(&self, at: usize) -> bool {
        let Some(relation) = self.last_relation(at) else { return true };
        // `scored, and it is Celtics 117, Hawks 116 with 6.1 seconds left`
        let anew = (relation.at + 1..at).any(|at| match self.word(at) {
            Some("it's") => true,
            Some("it") => self.word(at + 1) == Some("is"),
            _ => false,
        });
        anew || (!relation.past && !relation.claim.is_event())
    }

    fn outs(&self) -> Option<u32> {
        match self.facts.clock {
            Some(Clock::Inning { outs, .. }) => outs.map(u32::from),
            _ => None,
        }
    }

    /// The seconds left, from a minute on, where a clock shows minutes and seconds.
    fn seconds_left(&self) -> Option<u32> {
        match self.facts.clock {
            Some(Clock::Left { millis }) if millis >= 60_000 => Some(millis / 1000),
            _ => None,
        }
    }

    /// The tenths of a second left, under a minute.
    fn tenths_left(&self) -> Option<u32> {
        match self.facts.clock {
            Some(Clock::Left { millis }) if (100..60_000).contains(&millis) => Some(millis / 100),
            _ => None,
        }
    }
}

fn is_unit(word: &str) -> bool {
    matches!(word, "point" | "points" | "goal" | "goals" | "run" | "runs")
}
