//! Contests: a gate of its own, narrower than that of games.
//!
//! Texts about results of athletes keep to a small vocabulary, whoever wrote them, and every word in it that claims
//! something is held against the result: who stands before `beat` and `won`, who behind, in what order a field is named,
//! what the sets were, by how many strokes.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::Rejection;
use super::lexicon::words;
use super::token::{Piece, Token, Tokens};
use crate::wire::contest::{Contest, Ending};
use crate::wire::facts::Facts;
use crate::wire::game::{Phase, Which};
use crate::wire::moment::MomentKind;

static VOCABULARY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "a after against ahead an and as at beat been by called correction even final finished for from has in is it \
        now of off on over par postponed cancelled canceled result retired set sets shot shots stroke strokes the to \
        under v walkover was were when who with won",
    )
});

/// Somebody who took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entrant {
    Side(Which),
    Place(usize),
}

struct Reading<'a> {
    clause: &'a [Piece],
    facts: &'a Facts,
    contest: &'a Contest,
}

/// Holds a text or a headline against the result.
pub(super) fn check(tokens: &Tokens, facts: &Facts, contest: &Contest) -> Result<(), Rejection> {
    for clause in &tokens.clauses {
        let reading = Reading { clause, facts, contest };
        reading.check_words()?;
        reading.check_order()?;
        reading.check_sets()?;
    }
    Ok(())
}

/// Who has to be named in a text: the winner and, of a match, the loser; of what is called off, both sides or the event.
pub(super) fn check_names(tokens: &Tokens, facts: &Facts, contest: &Contest) -> Result<(), Rejection> {
    let named = |token: &Token| tokens.pieces().any(|piece| piece.token == *token);
    let missing = |team: &str| Rejection::MissingTeam { team: team.to_owned() };
    if facts.discipline.is_field() {
        let result = facts.phase == Phase::Final;
        return match contest.standings.first() {
            Some(first) if result && !named(&Token::Entrant(0)) => Err(missing(&first.name)),
            _ if !result && !named(&Token::Event) => Err(missing(&contest.event)),
            _ => Ok(()),
        };
    }
    match [Which::Away, Which::Home].into_iter().find(|which| !named(&Token::Team(*which))) {
        Some(which) => Err(missing(&facts.team(which).name)),
        None => Ok(()),
    }
}

impl Reading<'_> {
    fn word(&self, at: usize) -> Option<&str> {
        self.clause.get(at).and_then(Piece::word)
    }

    fn entrant(&self, at: usize) -> Option<Entrant> {
        match self.clause.get(at)?.token {
            Token::Team(which) => Some(Entrant::Side(which)),
            Token::Entrant(place) => Some(Entrant::Place(place)),
            _ => None,
        }
    }

    fn before(&self, at: usize) -> Option<Entrant> {
        (0..at).rev().find_map(|at| self.entrant(at))
    }

    fn after(&self, at: usize) -> Option<Entrant> {
        (at..self.clause.len()).find_map(|at| self.entrant(at))
    }

    fn is_winner(&self, entrant: Option<Entrant>) -> bool {
        match entrant {
            Some(Entrant::Side(which)) => self.facts.winner() == Some(which),
            Some(Entrant::Place(place)) => place == 0 && self.facts.phase == Phase::Final,
            None => false,
        }
    }

    fn is_loser(&self, entrant: Option<Entrant>) -> bool {
        match entrant {
            Some(Entrant::Side(which)) => self.facts.winner() == Some(which.other()),
            _ => false,
        }
    }

    fn check_words(&self) -> Result<(), Rejection> {
        for (at, piece) in self.clause.iter().enumerate() {
            let text = || piece.text.clone();
            match &piece.token {
                Token::Word(word) => {
                    if !VOCABULARY.contains(word.as_str()) {
                        return Err(Rejection::UnknownWord { word: word.clone() });
                    }
                    if piece.text.starts_with(char::is_uppercase) && !piece.opens {
                        return Err(Rejection::UnknownName { token: text() });
                    }
                    if !self.holds(at, word) {
                        return Err(Rejection::Relation { word: text() });
                    }
                }
                Token::Number(n) if self.grants(at, *n) => {}
                Token::Pair(..) | Token::Team(_) | Token::Entrant(_) | Token::Event | Token::League => {}
                Token::Mark(',' | '(' | ')') => {}
                Token::Mark(character) => return Err(Rejection::Character { character: *character }),
                _ => return Err(Rejection::UnknownNumber { token: text() }),
            }
        }
        Ok(())
    }

    /// Whether what a word claims holds; most claim nothing.
    fn holds(&self, at: usize, word: &str) -> bool {
        let (kind, ending) = (self.facts.kind, self.contest.ending);
        match word {
            "beat" => {
                ending != Ending::Walkover && self.is_winner(self.before(at)) && self.is_loser(self.after(at))
            }
            "won" => {
                self.is_winner(self.before(at))
                    && self.after(at).is_none_or(|next| self.may_follow_the_winner(next))
            }
            "over" if self.word(at + 1) != Some("par") => {
                self.is_winner(self.before(at)) && self.is_loser(self.after(at))
            }
            "against" => self.is_loser(self.after(at)),
            "ahead" => self.is_winner(self.before(at)) && matches!(self.after(at), Some(Entrant::Place(1))),
            "retired" => ending == Ending::Retired && self.is_loser(self.before(at)),
            "walkover" => ending == Ending::Walkover,
            "even" => self.word(at + 1) == Some("par") && self.first_to_par() == Some(0),
            "final" | "result" | "finished" => self.facts.phase == Phase::Final,
            "correction" => kind == MomentKind::Correction,
            "postponed" => kind == MomentKind::Postponed,
            "cancelled" | "canceled" => kind == MomentKind::Cancelled,
            "called" => matches!(kind, MomentKind::Postponed | MomentKind::Cancelled),
            _ => true,
        }
    }

    fn may_follow_the_winner(&self, next: Entrant) -> bool {
        match next {
            Entrant::Side(_) => self.is_loser(Some(next)),
            Entrant::Place(place) => place == 1,
        }
    }

    fn first_to_par(&self) -> Option<i32> {
        self.contest.standings.first()?.to_par
    }

    /// `at 10 under par`, `four strokes ahead`, `in three sets`.
    fn grants(&self, at: usize, n: u32) -> bool {
        let par = |sign: i64| {
            let to_par = self.first_to_par().map(i64::from);
            n > 0 && self.word(at + 2) == Some("par") && to_par == Some(sign * i64::from(n))
        };
        match self.word(at + 1).unwrap_or_default() {
            "under" => par(-1),
            "over" => par(1),
            unit @ ("stroke" | "strokes" | "shot" | "shots") => {
                unit.ends_with('s') == (n != 1) && self.contest.strokes_ahead() == Some(n)
            }
            "sets" => {
                self.contest.ending == Ending::Played && u32::try_from(self.contest.sets.len()) == Ok(n)
            }
            _ => false,
        }
    }

    /// Whoever of a field is named stands in the order of the result, from the first on, none left out.
    fn check_order(&self) -> Result<(), Rejection> {
        let mut expected = 0;
        for (at, piece) in self.clause.iter().enumerate() {
            let Some(Entrant::Place(place)) = self.entrant(at) else { continue };
            if place != expected {
                return Err(Rejection::Relation { word: piece.text.clone() });
            }
            expected += 1;
        }
        Ok(())
    }

    /// Sets are told all of them, in their order, the winner's games first.
    fn check_sets(&self) -> Result<(), Rejection> {
        let told: Vec<(&Piece, (u32, u32))> = self
            .clause
            .iter()
            .filter_map(|piece| match piece.token {
                Token::Pair(first, second) => Some((piece, (first, second))),
                _ => None,
            })
            .collect();
        let Some((first, _)) = told.first() else { return Ok(()) };
        let true_sets = self.facts.winner().map(|winner| {
            let of = |set: &crate::wire::game::Score| (set.of(winner), set.of(winner.other()));
            self.contest.sets.iter().map(of).collect::<Vec<_>>()
        });
        let sets: Vec<(u32, u32)> = told.iter().map(|(_, set)| *set).collect();
        if true_sets.as_ref() == Some(&sets) {
            Ok(())
        } else {
            Err(Rejection::Score { token: first.text.clone() })
        }
    }
}
