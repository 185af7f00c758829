//! Whose a relation is: the side that stands before the word, or behind it after `for`.

use super::relations::{Subject, is_rank, word};
use super::token::{Piece, Token};
use crate::wire::facts::Facts;
use crate::wire::game::Which;

/// Words between a subject and its verb that do not change whose verb it is.
const TRANSPARENT: [&str; 38] = [
    "a", "again", "also", "an", "are", "been", "brought", "came", "come", "gave", "go", "goes", "gone",
    "had", "has", "have", "held", "hold", "holds", "in", "is", "just", "moved", "now", "out", "pull",
    "pulled", "still", "take", "taken", "takes", "the", "then", "took", "was", "went", "were", "who",
];

pub(super) fn subject_of(clause: &[Piece], at: usize, facts: &Facts) -> Subject {
    if let Some(side) = beneficiary(clause, at) {
        return Subject::One(side);
    }
    for back in (0..at).rev() {
        match &clause[back].token {
            Token::Team(_) | Token::Player => return side_of(clause, back, facts),
            Token::Word(w) if TRANSPARENT.contains(&w.as_str()) => {}
            Token::Mark(',') if word(clause, back + 1) == Some("who") => {}
            Token::Number(_) | Token::Pair(..) | Token::Mark('-') => {}
            Token::Word(w)
                if matches!(w.as_str(), "point" | "goal" | "run" | "points" | "goals" | "runs") => {}
            _ => break,
        }
    }
    let is_name = |at: &usize| matches!(clause[*at].token, Token::Team(_) | Token::Player);
    let before = (0..at).find(is_name);
    let first =
        before.or_else(|| after_comma(clause, at).and_then(|from| (from..clause.len()).find(is_name)));
    first.map_or(Subject::Nobody, |first| side_of(clause, first, facts))
}

/// Where the main clause begins whose subject a participle in front shares: `After trailing 116-114, the Celtics lead`.
fn after_comma(clause: &[Piece], at: usize) -> Option<usize> {
    let fronted = matches!(word(clause, at), Some("trailing" | "down" | "leading" | "behind"))
        && matches!(word(clause, 0), Some("after" | "trailing" | "down" | "leading" | "from" | "once"));
    let comma = clause.iter().skip(at).position(|piece| piece.token == Token::Mark(','))?;
    let named_between = clause[at..at + comma].iter().any(|piece| matches!(piece.token, Token::Team(_)));
    (fronted && !named_between).then_some(at + comma + 1)
}

/// `a touchdown for the Giants`, `victory to the Giants`: whose it is stands after the noun.
fn beneficiary(clause: &[Piece], at: usize) -> Option<Which> {
    const NOUNS: [&str; 13] = [
        "goal",
        "touchdown",
        "run",
        "field",
        "equaliser",
        "equalizer",
        "victory",
        "win",
        "lead",
        "defeat",
        "loss",
        "comeback",
        "rally",
    ];
    word(clause, at).filter(|noun| NOUNS.contains(noun))?;
    let after = &clause[at + 1..];
    let skipped = after.iter().take_while(|piece| piece.word() == Some("goal")).count();
    let mut rest = after[skipped..].iter();
    rest.next().and_then(Piece::word).filter(|link| matches!(*link, "for" | "to"))?;
    match rest.find(|piece| piece.word() != Some("the") && !is_rank(piece))?.token {
        Token::Team(which) => Some(which),
        _ => None,
    }
}

/// The side of a name; both where another team is joined to it by `and`.
fn side_of(clause: &[Piece], at: usize, facts: &Facts) -> Subject {
    let Token::Team(which) = clause[at].token else {
        return facts.sole_scorer().map_or(Subject::Nobody, Subject::One);
    };
    let passes = |p: &&Piece| !matches!(p.word(), Some("the")) && !is_rank(p);
    let mut before = clause[..at].iter().rev().filter(passes);
    let mut after = clause[at + 1..].iter().filter(passes);
    let joined = |link: Option<&Piece>, other: Option<&Piece>| {
        link.and_then(Piece::word) == Some("and")
            && matches!(other.map(|p| &p.token), Some(Token::Team(other)) if *other != which)
    };
    if joined(before.next(), before.next()) || joined(after.next(), after.next()) {
        Subject::Both
    } else {
        Subject::One(which)
    }
}
