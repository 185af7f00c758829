//! Words that say how a game went: an upset, a clean sheet, a close game, a score that decided it.

use super::token::{Piece, Token};
use crate::wire::facts::Facts;
use crate::wire::game::{Phase, Which};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;
use crate::wire::wording::derived::Feat;
use crate::wire::wording::unit;

/// Whether the facts grant the word at that place; `None` for a word that is none of these.
pub(super) fn grants(clause: &[Piece], at: usize, facts: &Facts) -> Option<bool> {
    let word = word(clause, at)?;
    let next = self::word(clause, at + 1);
    Some(match word {
        "unanswered" => facts.run().is_some(),
        "upset" if next == Some("watch") => facts.kind == MomentKind::UpsetWatch,
        "upset" => facts.is_upset(),
        "watch" => at.checked_sub(1).and_then(|at| self::word(clause, at)) == Some("upset"),
        "underdog" | "underdogs" => {
            facts.course.underdog.is_some() && nearest_team(clause, at) == facts.course.underdog
        }
        "allowed" | "conceded" => next == Some("no") && allowed_nothing(clause, at, facts),
        "kept" => {
            let scoreless = clause
                .iter()
                .skip(at + 1)
                .any(|piece| matches!(piece.word(), Some("scoreless" | "goalless")));
            scoreless && of_the_clean_sheet(facts, team_before(clause, at))
        }
        "scoreless" | "goalless" => {
            let level = facts.score.home == 0 && facts.score.away == 0;
            let kept = clause[..at].iter().any(|piece| piece.word() == Some("kept"));
            let conceded_none = kept && team_before(clause, at).map(Which::other) == facts.subject();
            facts.has_score() && (level || (conceded_none && facts.subject().is_some()))
        }
        "close" if matches!(next, Some("game" | "match")) => facts.is_close(),
        "decided" if next == Some("it") => facts.phase == Phase::Final && facts.decider().is_some(),
        _ => return None,
    })
}

fn word(clause: &[Piece], at: usize) -> Option<&str> {
    clause.get(at).and_then(Piece::word)
}

fn team_before(clause: &[Piece], at: usize) -> Option<Which> {
    clause[..at].iter().rev().find_map(team)
}

fn nearest_team(clause: &[Piece], at: usize) -> Option<Which> {
    team_before(clause, at).or_else(|| clause[at..].iter().find_map(team))
}

fn team(piece: &Piece) -> Option<Which> {
    match piece.token {
        Token::Team(which) => Some(which),
        _ => None,
    }
}

fn of_the_clean_sheet(facts: &Facts, side: Option<Which>) -> bool {
    facts.kind == MomentKind::CleanSheet && side.is_some() && facts.subject() == side
}

/// `have allowed no runs`: said of the side that has not, in its own unit.
fn allowed_nothing(clause: &[Piece], at: usize, facts: &Facts) -> bool {
    let counted = word(clause, at + 2).is_some_and(|word| word.strip_suffix('s') == Some(unit(facts)));
    counted && of_the_clean_sheet(facts, team_before(clause, at))
}

/// Whether the noun at that place is what nobody scored: `allowed no runs`.
pub(super) fn is_nothing(clause: &[Piece], at: usize) -> bool {
    at >= 2
        && word(clause, at - 1) == Some("no")
        && matches!(word(clause, at - 2), Some("allowed" | "conceded"))
}

/// Whether the clause says that the noun at that place was taken back.
pub(super) fn is_taken_back(clause: &[Piece], at: usize) -> bool {
    (at + 1..clause.len()).any(|at| word(clause, at) == Some("taken") && word(clause, at + 1) == Some("back"))
}

/// `a goal for Arsenal was taken back`: the facts hold that one such score of that side was.
pub(super) fn was_taken_back(clause: &[Piece], at: usize, facts: &Facts) -> bool {
    let Some((side, feat)) = facts.annulled() else { return false };
    let noun = match feat {
        Feat::Touchdown => word(clause, at) == Some("touchdown"),
        Feat::FieldGoal => word(clause, at) == Some("field"),
        Feat::Goals(1) => facts.discipline != Discipline::Football && word(clause, at) == Some("goal"),
        _ => false,
    };
    let after = clause.iter().skip(at + 1).find_map(team);
    noun && after == Some(side)
}
