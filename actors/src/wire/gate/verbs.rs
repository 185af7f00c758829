//! Turns of phrase: verbs that say with a second word who won, lost, drew or came closer.
//!
//! What a word by itself claims stands in [`super::relations`]; here are those whose meaning hangs on their company. How
//! clear a win must be for a word to be true is said by [`super::course`] alone.

use super::relations::Claim;
use super::token::{Piece, Token};
use crate::wire::facts::Facts;
use crate::wire::sport::Discipline;
use crate::wire::wording::derived::Feat;
use crate::wire::wording::margin::Victory;

/// What a word is in its company.
pub(super) enum Sense {
    /// It claims that.
    Claims(Claim),
    /// It claims nothing by itself.
    Nothing,
}

use Sense::{Claims, Nothing};

const BEING: [&str; 10] = ["is", "are", "was", "were", "be", "been", "being", "get", "got", "gets"];

/// Words that bring a lead closer, or further away.
pub(super) const CUTTING: [&str; 8] =
    ["cut", "cuts", "trimmed", "trims", "reduced", "reduces", "narrowed", "narrows"];
const EXTENDING: [&str; 10] = [
    "extended",
    "extend",
    "extends",
    "stretched",
    "stretch",
    "stretches",
    "padded",
    "built",
    "increased",
    "added",
];

/// Words that bring a side closer.
const CLOSING: [&str; 6] = ["pulled", "pull", "moved", "drawn", "drew", "came"];

/// The sense of the word at that place; `None` where it has none but its own.
pub(super) fn sense(clause: &[Piece], at: usize, facts: &Facts) -> Option<Sense> {
    let word = word(clause, at)?;
    let next = self::word(clause, at + 1);
    let before = at.checked_sub(1).and_then(|at| self::word(clause, at));
    if let Some(sense) = participle(clause, at, word, before) {
        return Some(sense);
    }
    Some(match word {
        "better" if before == Some("the") && next == Some("of") => Claims(Claim::Wins(None)),
        "saw" | "sees" | "see" if next == Some("off") => Claims(Claim::Wins(None)),
        "prevailed" | "prevails" | "prevail" | "triumphed" | "triumph" | "triumphs" | "winner"
        | "winners" => Claims(Claim::Wins(None)),
        "bested" | "beating" | "defeating" => Claims(Claim::Wins(None)),
        "too" if matches!(next, Some("good" | "strong" | "much")) => Claims(Claim::Wins(None)),
        "overcame" | "overcome" | "overcomes" if follows_team(clause, at) => Claims(Claim::Wins(None)),
        "survived" | "survives" | "survive" => Claims(Claim::Wins(Some(Victory::Narrow))),
        "outlasted" | "outlasts" | "outlast" => Claims(Claim::Wins(None)),
        "blew" | "blows" if next == Some("out") => Claims(Claim::Wins(Some(Victory::Rout))),
        "ran" | "run" | "runs" if next == Some("away") => Claims(Claim::Wins(Some(Victory::Rout))),
        "blanked" | "blank" | "blanks" => Claims(Claim::Wins(None)),
        "shut" | "shuts" if next == Some("out") => Claims(Claim::Wins(None)),
        "take" | "takes" | "took" | "taken" | "taking" => taking(clause, at)?,
        "fell" | "fall" | "falls" | "fallen" if next == Some("behind") => Nothing,
        "fell" | "fall" | "falls" | "fallen" => Claims(Claim::Loses(None)),
        "slipped" | "slips" | "slip" if next != Some("past") => Claims(Claim::Loses(None)),
        "short" if before == Some("up") => Claims(Claim::Loses(None)),
        "hold" | "holds" | "held" if next == Some("on") => Claims(Claim::HoldsOff),
        "hung" | "hang" | "hangs" if next == Some("on") => Claims(Claim::HoldsOff),
        "held" if next == Some("to") && before.is_some_and(is_being) => Claims(Claim::Draws),
        "shared" | "share" | "shares" => Claims(Claim::Draws),
        "knotted" | "deadlocked" | "deadlock" => Claims(Claim::Level),
        "evened" | "evens" => Claims(Claim::PullsLevel),
        "even" if before.is_some_and(|w| w.starts_with("pull") || w == "drew") => Claims(Claim::PullsLevel),
        "edge" | "edges" | "edged" if next == Some("ahead") => Nothing,
        "net" if before == Some("the") && is_goal(facts) => Claims(Claim::Scores),
        "net" => Claims(Claim::Unreadable),
        "put" | "puts" if next == Some("up") => Claims(Claim::Scores),
        "up" if matches!(before, Some("put" | "puts")) => Nothing,
        "up" if before_any(clause, at, 2, &["go", "goes", "went", "gone"]) => Claims(Claim::GoesUp),
        "top" if before == Some("on") && before_any(clause, at, 2, &["out"]) => Claims(Claim::Wins(None)),
        "terms" if before_any(clause, at, 3, &["back"]) => Claims(Claim::PullsLevel),
        "level" if before_any(clause, at, 5, &["need", "needs"]) => Nothing,
        "broke" | "breaks" | "broken" | "breaking" if follows_any(clause, at, &["tie", "deadlock"]) => {
            Claims(Claim::BreaksTie)
        }
        "played" | "settled" if follows_any(clause, at, &["draw", "tie"]) => Claims(Claim::Draws),
        "zone" if before == Some("end") && facts.feat() == Some(Feat::Touchdown) => Claims(Claim::Scores),
        "zone" => Claims(Claim::Unreadable),
        "within" if is_amount(clause, at + 1) && before.is_some_and(|w| CLOSING.contains(&w)) => {
            Claims(Claim::Cuts)
        }
        "within" if is_amount(clause, at + 1) => Claims(Claim::Trails),
        "need" | "needs" if is_amount(clause, at + 1) => Claims(Claim::Trails),
        "around" if before_any(clause, at, 2, &["turned", "turn", "turns"]) => Claims(Claim::ComesBack),
        "wiped" | "wipes" | "wipe" | "overturned" | "overturns" => Claims(Claim::ComesBack),
        "deficit" if before_any(clause, at, 4, &CUTTING) => Nothing,
        "ahead" if matches!(before, Some("further" | "farther")) => Claims(Claim::Extends),
        word if CUTTING.contains(&word) => Claims(Claim::Cuts),
        "doubled" | "doubles" => Claims(Claim::Doubles),
        word if EXTENDING.contains(&word) && says_lead(clause, at) => Claims(Claim::Extends),
        "lead" if before_any(clause, at, 4, &CUTTING) => Claims(Claim::Leads),
        "lead"
            if before_any(clause, at, 4, &EXTENDING)
                || before_any(clause, at, 2, &["doubled", "doubles"]) =>
        {
            Nothing
        }
        _ => return None,
    })
}

/// `were beaten`: the subject lost; `have beaten`: it won.
fn participle(clause: &[Piece], at: usize, word: &str, before: Option<&str>) -> Option<Sense> {
    let how = match word {
        "beaten" | "defeated" | "topped" | "downed" | "bested" | "outlasted" | "blanked" => None,
        "shut" if self::word(clause, at + 1) == Some("out") => None,
        verb => Some(Victory::claimed_by(verb)?),
    };
    let two_before = at.checked_sub(2).and_then(|at| self::word(clause, at));
    let passive = before.is_some_and(is_being)
        || (matches!(before, Some("narrowly" | "soundly" | "comfortably"))
            && two_before.is_some_and(is_being));
    match before {
        _ if passive => Some(Claims(Claim::Loses(how))),
        Some("have" | "has" | "had") => Some(Claims(Claim::Wins(how))),
        _ if word == "beaten" => Some(Claims(Claim::Unreadable)),
        _ => None,
    }
}

/// `took care of the Hawks`, `took a 3-2 win`, `took down the Hawks`; of a lead that is taken, nothing here.
fn taking(clause: &[Piece], at: usize) -> Option<Sense> {
    let next = word(clause, at + 1);
    let of_a_win =
        clause.iter().skip(at + 1).take(5).any(|piece| matches!(piece.word(), Some("win" | "victory")));
    match next {
        Some("care") if word(clause, at + 2) == Some("of") => Some(Claims(Claim::Wins(None))),
        Some("down") => Some(Nothing),
        Some("overtime" | "extra") => Some(Nothing),
        _ if of_a_win => Some(Nothing),
        _ => None,
    }
}

pub(super) fn is_being(word: &str) -> bool {
    BEING.contains(&word)
}

/// Whether one of those words stands at most so many places before.
pub(super) fn before_any(clause: &[Piece], at: usize, steps: usize, words: &[&str]) -> bool {
    clause[at.saturating_sub(steps)..at].iter().filter_map(Piece::word).any(|word| words.contains(&word))
}

fn is_goal(facts: &Facts) -> bool {
    matches!(facts.discipline, Discipline::Soccer | Discipline::Hockey)
}

/// Whether one of those words stands at most six places behind.
fn follows_any(clause: &[Piece], at: usize, words: &[&str]) -> bool {
    clause.iter().skip(at + 1).take(6).filter_map(Piece::word).any(|word| words.contains(&word))
}

fn says_lead(clause: &[Piece], at: usize) -> bool {
    clause.iter().skip(at + 1).take(4).any(|piece| piece.word() == Some("lead"))
}

fn is_amount(clause: &[Piece], at: usize) -> bool {
    matches!(clause.get(at).map(|piece| &piece.token), Some(Token::Number(_)))
}

fn word(clause: &[Piece], at: usize) -> Option<&str> {
    clause.get(at).and_then(Piece::word)
}

fn follows_team(clause: &[Piece], at: usize) -> bool {
    let passes = |piece: &&Piece| piece.word() != Some("the") && !matches!(piece.token, Token::Rank(_));
    matches!(clause[at + 1..].iter().find(passes).map(|piece| &piece.token), Some(Token::Team(_)))
}
