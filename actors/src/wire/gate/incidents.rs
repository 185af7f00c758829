//! Sendings-off and missed penalties: words that only such a moment grants, and whose it was.
//!
//! Nothing but the moment's own player and side may stand beside those words: in a clause that speaks of an incident every
//! team is the side it befell, but for one after `against`. So a score line is told in a clause of its own.

use super::Rejection;
use super::milestones;
use super::token::{Piece, Token, Tokens};
use crate::wire::facts::Facts;
use crate::wire::game::{PlayKind, Which};

/// Whether the word at that place says of the incident what the facts hold. Elsewhere it is a claim like any other.
pub(super) fn is_said(clause: &[Piece], at: usize, facts: &Facts) -> bool {
    let Some(play) = facts.incident() else { return false };
    let word = |at: usize| clause.get(at).and_then(Piece::word);
    let before = at.checked_sub(1).and_then(word);
    match (play.kind, word(at).unwrap_or_default()) {
        (PlayKind::RedCard, "red") => word(at + 1) == Some("card"),
        (PlayKind::RedCard, "card") => before == Some("red"),
        (PlayKind::RedCard, "sent") => word(at + 1) == Some("off"),
        (PlayKind::MissedPenalty, "missed" | "misses") => true,
        (PlayKind::SavedPenalty, "saved") => true,
        (PlayKind::MissedPenalty | PlayKind::SavedPenalty, "penalty") => true,
        _ => false,
    }
}

/// Whether the clause is about the moment's incident.
pub(super) fn speaks_of_one(clause: &[Piece], facts: &Facts) -> bool {
    facts.incident().is_some()
        && (0..clause.len()).any(|at| clause[at].token == Token::Player || is_said(clause, at, facts))
}

/// Holds every clause that speaks of the incident, or of the milestone, against whose it was.
pub(super) fn check(tokens: &Tokens, facts: &Facts) -> Result<(), Rejection> {
    let of_player = facts.incident().and_then(|play| play.side).or(facts.milestone().map(|one| one.side));
    let Some(side) = of_player else { return Ok(()) };
    let of_one =
        |clause: &&Vec<Piece>| speaks_of_one(clause, facts) || milestones::speaks_of_one(clause, facts);
    for clause in tokens.clauses.iter().filter(of_one) {
        let stranger = (0..clause.len()).find(|at| is_stranger(clause, *at, side));
        if let Some(at) = stranger {
            return Err(Rejection::Relation { word: clause[at].text.clone() });
        }
    }
    Ok(())
}

/// Another team than the one it befell, or a word that denies it.
fn is_stranger(clause: &[Piece], at: usize, side: Which) -> bool {
    if clause[at].word() == Some("no") {
        return true;
    }
    let Token::Team(which) = clause[at].token else { return false };
    let link = clause[..at].iter().rev().find(|piece| piece.word() != Some("the"));
    let against = link.and_then(Piece::word) == Some("against");
    (which == side) == against
}
