//! Reading a clause: every score bound to a team, every relation held against the score it speaks of.

use super::Rejection;
use super::lexicon::RETRACTIONS;
use super::numbers::Context;
use super::relations::{self, Claim, Relation, Subject};
use super::token::{Piece, Token, Tokens};
use super::verbs;
use crate::wire::facts::Facts;
use crate::wire::game::{Score, Which};
use crate::wire::sport::Discipline;

pub(super) fn check(tokens: &Tokens, facts: &Facts) -> Result<(), Rejection> {
    let mut leader_told = false;
    for clause in &tokens.clauses {
        let found = relations::find(clause, facts);
        let basis = basis(clause, facts)?;
        let reading = Reading { context: Context { clause, relations: &found, facts, basis }, leader_told };
        reading.check_relations()?;
        reading.check_numbers()?;
        reading.check_places()?;
        leader_told |= basis == facts.score && found.iter().any(|relation| relation.claim.tells_who_leads());
    }
    Ok(())
}

/// The score a clause speaks of: where it takes something back, what was said wrongly.
fn basis(clause: &[Piece], facts: &Facts) -> Result<Score, Rejection> {
    let retraction = clause.iter().find(|piece| piece.word().is_some_and(|w| RETRACTIONS.contains(&w)));
    match (retraction, facts.retracted) {
        (None, _) => Ok(facts.score),
        (Some(_), Some(retracted)) => Ok(retracted),
        (Some(piece), None) => Err(Rejection::Relation { word: piece.text.clone() }),
    }
}

const SHOOTOUT: [&str; 3] = ["penalties", "shootout", "shoot-out"];

struct Reading<'a> {
    context: Context<'a>,
    /// Whether an earlier clause says who leads, so that a score by itself is read by it.
    leader_told: bool,
}

impl Reading<'_> {
    fn clause(&self) -> &[Piece] {
        self.context.clause
    }

    fn facts(&self) -> &Facts {
        self.context.facts
    }

    fn is_retraction(&self) -> bool {
        self.context.basis != self.facts().score
    }

    /// Every relation holds: of the score that is said with it or, without one, of the score it speaks of by
    /// its tense.
    fn check_relations(&self) -> Result<(), Rejection> {
        for relation in self.context.relations {
            let refused = || Rejection::Relation { word: self.clause()[relation.at].text.clone() };
            if self.is_passive_or_reversed(relation) {
                return Err(refused());
            }
            let pair = self.pairs().find(|at| self.governor(*at).is_some_and(|g| g.at == relation.at));
            let granted = match pair {
                Some(at) => self.denoted(at, relation).is_some_and(|score| self.holds(relation, score)),
                None => {
                    self.default_scores(relation).into_iter().any(|score| self.holds(relation, score))
                        || self.trailed_at_most(relation)
                }
            };
            if !granted {
                return Err(if pair.is_some() { self.score_rejection(pair) } else { refused() });
            }
        }
        Ok(())
    }

    fn holds(&self, relation: &Relation, score: Score) -> bool {
        let state_only = matches!(relation.claim, Claim::Leads | Claim::Trails | Claim::Level);
        if self.is_retraction() && !state_only {
            return false;
        }
        relations::is_granted(relation, score, self.facts())
    }

    /// `after trailing by 18`: behind at some time of a game that was seen from its start.
    fn trailed_at_most(&self, relation: &Relation) -> bool {
        let Subject::One(subject) = relation.subject else { return false };
        let past = relation.past && !self.is_retraction();
        match relation.claim {
            Claim::Trails if past => relations::came_back(self.facts(), subject),
            Claim::Leads if past => relations::came_back(self.facts(), subject.other()),
            _ => false,
        }
    }

    fn score_rejection(&self, at: Option<usize>) -> Rejection {
        let token = at.map(|at| self.clause()[at].text.clone()).unwrap_or_default();
        Rejection::Score { token }
    }

    /// `were beaten`, `led by the Hawks`, or a team against itself.
    fn is_passive_or_reversed(&self, relation: &Relation) -> bool {
        let at = relation.at;
        let before = at.checked_sub(1).and_then(|at| self.context.word(at));
        let phrase = matches!(self.context.word(at), Some("too" | "past" | "winner" | "winners"));
        let passive = matches!(relation.claim, Claim::Wins(_) | Claim::HoldsOff | Claim::Scores)
            && !phrase
            && before.is_some_and(verbs::is_being);
        let none = before == Some("no");
        let agent = (self.context.word(at + 1) == Some("by")).then(|| self.team_after(at + 2)).flatten();
        let by = match (relation.claim, relation.subject) {
            (Claim::Loses(_), Subject::One(loser)) => agent == Some(loser),
            (claim, _) if claim.is_symmetric() => false,
            _ => agent.is_some(),
        };
        let object = self.team_after(at + 1);
        let itself = matches!((relation.subject, object), (Subject::One(s), Some(o)) if s == o);
        let noun = ["goal", "touchdown", "run", "field", "victory", "win"];
        let is_verb = !self.context.word(at).is_some_and(|word| noun.contains(&word))
            && !relations::is_noun(self.clause(), at);
        passive || none || by || (itself && is_verb)
    }

    /// The team that stands at that place, articles and rankings aside.
    fn team_after(&self, at: usize) -> Option<Which> {
        let skipped = |p: &&Piece| {
            matches!(p.word(), Some("the" | "to" | "of" | "with" | "off" | "against"))
                || matches!(p.token, Token::Rank(_))
        };
        match self.clause().get(at..)?.iter().find(|p| !skipped(p))?.token {
            Token::Team(which) => Some(which),
            _ => None,
        }
    }

    fn team_before(&self, at: usize) -> Option<Which> {
        match self.clause()[..at].last()?.token {
            Token::Team(which) => Some(which),
            _ => None,
        }
    }

    fn pairs(&self) -> impl Iterator<Item = usize> {
        (0..self.clause().len()).filter(|at| matches!(self.clause()[*at].token, Token::Pair(..)))
    }

    /// The scores a relation without figures may speak of.
    fn default_scores(&self, relation: &Relation) -> Vec<Score> {
        let earlier = self.facts().earlier_score();
        match (relation.past && !self.is_retraction(), earlier) {
            (true, Some(earlier)) if relation.claim.is_of_a_state() => {
                vec![earlier, self.context.basis]
            }
            _ if matches!(relation.claim, Claim::Wins(_) | Claim::Loses(_)) && self.names_shootout() => {
                self.facts().shootout.into_iter().collect()
            }
            _ => vec![self.context.basis],
        }
    }

    /// Whether the clause says that it went to a shoot-out that the score does not hold, so that a win is
    /// that one.
    fn names_shootout(&self) -> bool {
        let apart = self.facts().discipline == Discipline::Soccer || self.facts().score.leader().is_none();
        apart && self.clause().iter().filter_map(Piece::word).any(|w| SHOOTOUT.contains(&w))
    }

    /// The relation a score belongs to: the word right after it (`a 1-1 draw`), else the last before it.
    fn governor(&self, at: usize) -> Option<&Relation> {
        if self.is_flanked(at).is_some() || self.context.grants_run_score(at).is_some() {
            return None;
        }
        let after = self.context.relations.iter().find(|relation| relation.at == at + 1);
        let before = || self.context.relations.iter().rev().find(|relation| relation.at < at);
        // `The final score was 117-116 as the Celtics beat the Hawks.`
        let result =
            || self.context.relations.iter().find(|relation| matches!(relation.claim, Claim::Wins(_)));
        after.or_else(before).or_else(result)
    }

    /// `Arsenal 2-1 Chelsea`: the teams on either side of a score.
    fn is_flanked(&self, at: usize) -> Option<(Which, Which)> {
        let (left, right) = (self.team_before(at)?, self.team_beside(at + 1)?);
        (left != right).then_some((left, right))
    }

    fn team_beside(&self, at: usize) -> Option<Which> {
        match self.clause().get(at)?.token {
            Token::Team(which) => Some(which),
            _ => None,
        }
    }

    /// Which of the facts' scores the figures at that place are, said with that relation.
    fn denoted(&self, at: usize, relation: &Relation) -> Option<Score> {
        let Token::Pair(first, second) = self.clause()[at].token else { return None };
        let spelled = |score: &Score| {
            (score.home.max(score.away), score.home.min(score.away)) == (first, second)
                && self.facts().has_score()
        };
        if self.is_shootout(at) {
            let shootout = self.facts().shootout?;
            return Some(shootout).filter(|score| {
                spelled(score) && matches!(relation.claim, Claim::Wins(None) | Claim::Loses(None))
            });
        }
        let may_be_past = relation.past && relation.claim.is_of_a_state() && !self.is_retraction();
        let earlier = self.facts().earlier_score().filter(|_| may_be_past);
        [Some(self.context.basis), earlier].into_iter().flatten().find(spelled)
    }

    /// `4-2 on penalties`. In hockey a shootout adds a goal to the score, and its own score is not said.
    fn is_shootout(&self, at: usize) -> bool {
        if self.facts().discipline != Discipline::Soccer {
            return false;
        }
        let before = self.clause()[at.saturating_sub(2)..at].iter();
        let close = self.clause().iter().skip(at + 1).take(3).chain(before);
        close.filter_map(Piece::word).any(|w| SHOOTOUT.contains(&w))
    }

    fn check_numbers(&self) -> Result<(), Rejection> {
        for (at, piece) in self.clause().iter().enumerate() {
            let Token::Pair(first, second) = piece.token else {
                if self.context.grants(at) {
                    continue;
                }
                return Err(Rejection::UnknownNumber { token: piece.text.clone() });
            };
            match self.context.grants_run_score(at) {
                Some(true) => continue,
                Some(false) => return Err(self.score_rejection(Some(at))),
                None => {}
            }
            let fine = match (self.is_flanked(at), self.governor(at)) {
                (Some((left, right)), _) => self.is_line(left, first, right, second),
                (None, Some(relation)) => self.denoted(at, relation).is_some(),
                (None, None) => self.is_free_score(at, first, second),
            };
            if !fine {
                return Err(self.score_rejection(Some(at)));
            }
        }
        Ok(())
    }

    fn is_line(&self, left: Which, first: u32, right: Which, second: u32) -> bool {
        let score = self.context.basis;
        self.facts().has_score() && score.of(left) == first && score.of(right) == second
    }

    /// A score without a relation is said of nobody, so it must be level, or say whose it is: `2-1 to
    /// Arsenal`.
    fn is_free_score(&self, at: usize, first: u32, second: u32) -> bool {
        let score = self.context.basis;
        let figures = (score.home.max(score.away), score.home.min(score.away)) == (first, second);
        let whose = matches!(self.context.word(at + 1), Some("to" | "for"))
            .then(|| self.team_after(at + 2))
            .flatten();
        let named = self.clause().iter().any(|piece| matches!(piece.token, Token::Team(_)));
        let clear = score.leader() == whose || (self.leader_told && !named);
        self.facts().has_score() && figures && clear
    }

    /// `TEAM at TEAM` is away at home; `scored for TEAM` and `against TEAM` fit who scored.
    fn check_places(&self) -> Result<(), Rejection> {
        for (at, piece) in self.clause().iter().enumerate() {
            let fine = match piece.word() {
                Some("at") => self.is_rightly_at(at),
                // A team's town after `in` says where they play, which the facts do not hold; a game may
                // stand there.
                Some("in") => {
                    self.team_beside(at + 1).is_none()
                        || matches!(self.context.word(at + 2), Some("at" | "v"))
                }
                Some("for" | "against") => self.is_rightly_scored(at),
                Some("double") => self.facts().overtimes() == 2 && self.is_final_overtime(at),
                Some("triple") => self.facts().overtimes() == 3 && self.is_final_overtime(at),
                _ => true,
            };
            if !fine {
                return Err(Rejection::Relation { word: piece.text.clone() });
            }
        }
        Ok(())
    }

    fn is_final_overtime(&self, at: usize) -> bool {
        let hockey = self.facts().discipline == Discipline::Hockey;
        !hockey && matches!(self.context.word(at + 1), Some("overtime" | "ot"))
    }

    fn is_rightly_at(&self, at: usize) -> bool {
        match (self.team_before(at), self.team_after(at + 1)) {
            (_, None) => true,
            (Some(guest), Some(host)) => !self.facts().neutral && guest == Which::Away && host == Which::Home,
            (None, Some(_)) => false,
        }
    }

    fn is_rightly_scored(&self, at: usize) -> bool {
        let scored = self.context.relations.iter().rev().find(|r| r.at < at);
        let (Some(team), Some(relation)) = (self.team_after(at + 1), scored) else { return true };
        let scorer = match relations::on_a_run(self.facts()) {
            Some(side) => Some(side),
            None => self.facts().sole_scorer(),
        };
        match (relation.claim, self.context.word(at)) {
            (Claim::Scores | Claim::PullsLevel, Some("for")) => scorer == Some(team),
            (Claim::Scores | Claim::PullsLevel, _) => scorer == Some(team.other()),
            _ => true,
        }
    }
}
