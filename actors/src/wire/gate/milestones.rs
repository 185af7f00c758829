//! Milestones: whose figures they are and what they count.
//!
//! As with incidents, nobody but the player and his side may stand in a clause that names him; every number there is one of
//! his figures, said with the unit it counts.

use super::token::{Piece, Token};
use crate::wire::facts::Facts;
use crate::wire::milestone::Stat;

/// Whether the clause is about the moment's milestone.
pub(super) fn speaks_of_one(clause: &[Piece], facts: &Facts) -> bool {
    facts.milestone().is_some() && clause.iter().any(|piece| piece.token == Token::Player)
}

/// Whether the word at that place says of the milestone what the facts hold.
pub(super) fn is_said(clause: &[Piece], at: usize, facts: &Facts) -> bool {
    let Some(milestone) = facts.milestone().filter(|_| speaks_of_one(clause, facts)) else { return false };
    match clause[at].word().unwrap_or_default() {
        "triple-double" => milestone.stat == Stat::TripleDouble,
        "hat-trick" => milestone.stats.get(&Stat::Goals) == Some(&3),
        word => milestone.stats.keys().any(|stat| {
            let (one, several) = stat.unit();
            let at_unit = |unit: &str| {
                unit.split(' ').position(|part| part == word).is_some_and(|place| {
                    at.checked_sub(place).is_some_and(|start| counts(clause, start, unit))
                })
            };
            at_unit(one) || at_unit(several)
        }),
    }
}

/// Whether these are that stat's words, after a number.
fn counts(clause: &[Piece], start: usize, unit: &str) -> bool {
    let counted = start.checked_sub(1).is_some_and(|at| matches!(clause[at].token, Token::Number(_)));
    counted && is_unit(clause, start, unit)
}

fn is_unit(clause: &[Piece], start: usize, unit: &str) -> bool {
    unit.split(' ').enumerate().all(|(at, word)| clause.get(start + at).and_then(Piece::word) == Some(word))
}

/// Whether the number at that place is a figure of the player, by the words after it.
pub(super) fn grants_number(clause: &[Piece], at: usize, n: u32, facts: &Facts) -> bool {
    let Some(milestone) = facts.milestone() else { return false };
    milestone.stats.iter().any(|(stat, figure)| {
        let (one, several) = stat.unit();
        *figure == n && is_unit(clause, at + 1, if n == 1 { one } else { several })
    })
}
