//! The score and how the sides stand by it.

use super::{in_order, ranked_phrase, team};
use crate::wire::facts::Facts;
use crate::wire::game::{Score, Which};
use crate::wire::sport::Discipline;

/// A score with the leader's points first: `117-116`.
pub fn leader_first(score: Score) -> String {
    format!("{}-{}", score.home.max(score.away), score.home.min(score.away))
}

/// The score as a line: `Celtics 117, Hawks 116`, leader first and, when level, away first; in soccer
/// `Arsenal 2-1 Chelsea`, home first.
pub(super) fn line(facts: &Facts, score: Score) -> String {
    let name = |which| team::called(facts, which);
    if facts.discipline == Discipline::Soccer {
        return format!("{} {}-{} {}", name(Which::Home), score.home, score.away, name(Which::Away));
    }
    let first = score.leader().unwrap_or(Which::Away);
    let second = first.other();
    format!("{} {}, {} {}", name(first), score.of(first), name(second), score.of(second))
}

/// The score after `it is`: `Celtics 117, Hawks 116`, `16-16 between the 49ers and the Chiefs`.
pub(super) fn tally(facts: &Facts, score: Score) -> String {
    if score.leader().is_some() {
        return line(facts, score);
    }
    let [first, second] = in_order(facts).map(|which| ranked_phrase(facts, which));
    format!("{} between {first} and {second}", leader_first(score))
}

pub(super) fn standing(facts: &Facts, score: Score) -> String {
    match score.leader() {
        Some(leader) => {
            let verb = if team::is_plural(facts, leader) { "lead" } else { "leads" };
            let (ahead, behind) = (ranked_phrase(facts, leader), ranked_phrase(facts, leader.other()));
            format!("{ahead} {verb} {behind} {}", leader_first(score))
        }
        None => format!(
            "{} and {} are {}",
            ranked_phrase(facts, in_order(facts)[0]),
            ranked_phrase(facts, in_order(facts)[1]),
            tied(facts, score)
        ),
    }
}

/// How a side stands: `lead the Hawks 117-116`, `trails No. 5 Duke 80-71`, `are level with Arsenal at 2-2`.
pub(super) fn stands(facts: &Facts, side: Which, score: Score) -> String {
    let other = ranked_phrase(facts, side.other());
    let plural = team::is_plural(facts, side);
    match score.leader() {
        Some(leader) => {
            let verb = if leader == side { "lead" } else { "trail" };
            format!("{verb}{} {other} {}", if plural { "" } else { "s" }, leader_first(score))
        }
        None => {
            let word = if facts.discipline == Discipline::Soccer { "level" } else { "tied" };
            format!("{} {word} with {other} at {}", if plural { "are" } else { "is" }, leader_first(score))
        }
    }
}

pub(super) fn standing_with(facts: &Facts, score: Score) -> String {
    match score.leader() {
        Some(leader) => format!("with {} leading {}", ranked_phrase(facts, leader), leader_first(score)),
        None => format!("with the score {}", tied(facts, score)),
    }
}

pub(super) fn tied(facts: &Facts, score: Score) -> String {
    let word = if facts.discipline == Discipline::Soccer { "level at" } else { "tied" };
    format!("{word} {}", leader_first(score))
}
