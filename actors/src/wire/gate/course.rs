//! Words that say how a game went: an upset, a clean sheet, a close game, a score that decided it.

use super::token::{Piece, Token};
use crate::wire::facts::Facts;
use crate::wire::game::{Phase, Which};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;
use crate::wire::wording::derived::Feat;
use crate::wire::wording::margin::Victory;
use crate::wire::wording::unit;

/// Whether the facts grant the word at that place; `None` for a word that is none of these.
pub(super) fn grants(clause: &[Piece], at: usize, facts: &Facts) -> Option<bool> {
    let word = word(clause, at)?;
    let next = self::word(clause, at + 1);
    let before = at.checked_sub(1).and_then(|at| self::word(clause, at));
    Some(match word {
        "unanswered" => facts.run().is_some(),
        "straight" | "consecutive" => {
            let counted = next.and_then(|word| word.strip_suffix('s')) == Some(unit(facts));
            counted && facts.run().is_some()
        }
        "change" if !counted(clause, at) && matches!(before, Some("lead")) => {
            let then = facts.earlier_score().map(|score| score.leader());
            facts.score.leader().is_some() && then.is_some_and(|then| then != facts.score.leader())
        }
        "many" | "much" => {
            let as_before = at.checked_sub(1).and_then(|at| self::word(clause, at)) == Some("as");
            (as_before && next == Some("as")) || (word == "much" && next == Some("for"))
        }
        "only" => matches!(clause.get(at + 1).map(|piece| &piece.token), Some(Token::Number(_))),
        "nothing" if matches!(next, Some("between" | "separates" | "separated" | "to")) => {
            facts.has_score() && facts.score.leader().is_none()
        }
        word if NARROW.contains(&word) => facts.has_score() && is_by(facts, Victory::Narrow),
        "past" if at.checked_sub(1).and_then(|at| self::word(clause, at)).is_some_and(is_narrow_move) => {
            is_by(facts, Victory::Narrow)
        }
        "pulled" | "pulls" | "pull" if next == Some("out") => is_by(facts, Victory::Narrow),
        word if ROUT.contains(&word) => is_by(facts, Victory::Rout),
        "run" | "ran" | "runs" if next == Some("away") => is_by(facts, Victory::Rout),
        "blew" | "blows" => next == Some("out") && is_by(facts, Victory::Rout),
        "shut" | "shuts" => next == Some("out") && is_shutout(facts),
        "blanked" | "blank" | "blanks" | "shutout" => is_shutout(facts),
        "clean" => next == Some("sheet") && clean_sheet(clause, at, facts),
        "sheet" => true,
        "without" => next == Some("conceding") && clean_sheet(clause, at, facts),
        "conceding" => true,
        "scoreboard" => true,
        "upset" if next == Some("watch") => facts.kind == MomentKind::UpsetWatch,
        "upset" => facts.is_upset(),
        "watch" => at.checked_sub(1).and_then(|at| self::word(clause, at)) == Some("upset"),
        "underdog" | "underdogs" => {
            facts.course.underdog.is_some() && nearest_team(clause, at) == facts.course.underdog
        }
        "allowed" | "conceded" => next == Some("no") && allowed_nothing(clause, at, facts),
        "keeping" | "keep" | "keeps" => is_shutout(facts) && facts.winner() == clause.iter().find_map(team),
        "kept" if is_shutout(facts) => facts.winner() == team_before(clause, at),
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
            let over = is_shutout(facts) && team_before(clause, at).map(Which::other) == facts.winner();
            facts.has_score() && (level || over || (conceded_none && facts.subject().is_some()))
        }
        "close" if matches!(next, Some("game" | "match")) => {
            facts.is_close() || is_by(facts, Victory::Narrow)
        }
        "decided" if next == Some("it") => facts.phase == Phase::Final && facts.decider().is_some(),
        _ => return None,
    })
}

fn word(clause: &[Piece], at: usize) -> Option<&str> {
    clause.get(at).and_then(Piece::word)
}

/// Words that say a game is, or was, won by little.
const NARROW: [&str; 9] =
    ["narrow", "narrowly", "tight", "eked", "nail-biter", "squeaker", "survived", "survives", "survive"];

/// Words that say it was won by much.
const ROUT: [&str; 33] = [
    "cruised",
    "cruise",
    "cruises",
    "rolled",
    "rolls",
    "coasted",
    "romped",
    "breezed",
    "eased",
    "crushed",
    "crush",
    "crushes",
    "hammered",
    "hammer",
    "trounced",
    "thumped",
    "overwhelmed",
    "overpowered",
    "demolished",
    "dominated",
    "lopsided",
    "one-sided",
    "commanding",
    "comfortable",
    "comfortably",
    "easy",
    "easily",
    "convincing",
    "rout",
    "blowout",
    "resounding",
    "emphatic",
    "soundly",
];

/// `nine lead changes`, `the ninth lead change`.
fn counted(clause: &[Piece], at: usize) -> bool {
    at.checked_sub(2).is_some_and(|at| matches!(clause[at].token, Token::Number(_) | Token::Ordinal(_)))
}

fn is_narrow_move(word: &str) -> bool {
    matches!(word, "squeezed" | "slipped" | "scraped" | "squeaked" | "sneaked" | "squeezes" | "slips")
}

fn is_by(facts: &Facts, victory: Victory) -> bool {
    facts.has_score() && facts.score.leader().is_some() && facts.victory() == victory
}

/// Whether the game is over and its loser scored nothing.
fn is_shutout(facts: &Facts) -> bool {
    facts.winner().is_some_and(|winner| facts.has_score() && facts.score.of(winner.other()) == 0)
        && facts.score.leader().is_some()
}

/// `keeping a clean sheet`, of whom the clause is about, or whoever stands before `who`.
fn clean_sheet(clause: &[Piece], at: usize, facts: &Facts) -> bool {
    let of_whom = match clause[..at].iter().rposition(|piece| piece.word() == Some("who")) {
        Some(who) => team_before(clause, who),
        None => clause.iter().find_map(team),
    };
    is_shutout(facts) && of_whom.is_some() && facts.winner() == of_whom
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
