//! Words by themselves: names that are none of ours, claims that cannot be checked, and the stage a game is
//! at.

use super::course;
use super::incidents;
use super::lexicon::{ABBREVIATIONS, REASONS, RETRACTIONS, is_forbidden, is_known};
use super::milestones;
use super::token::{Piece, Token, Tokens};
use super::{Rejection, Vocabulary};
use crate::wire::facts::Facts;
use crate::wire::game::{Clock, Phase};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;
use crate::wire::wording::time::has_expired;

pub(super) fn check(tokens: &Tokens, facts: &Facts, vocabulary: Vocabulary) -> Result<(), Rejection> {
    for clause in &tokens.clauses {
        for (at, piece) in clause.iter().enumerate() {
            match &piece.token {
                Token::Word(word) => {
                    check_spelling(piece, word, vocabulary)?;
                    check_claim(clause, at, word, facts)?;
                }
                Token::Mark(mark) => check_mark(clause, at, *mark)?,
                _ => {}
            }
        }
    }
    Ok(())
}

fn check_spelling(piece: &Piece, word: &str, vocabulary: Vocabulary) -> Result<(), Rejection> {
    let text = piece.text.as_str();
    let capital = text.starts_with(char::is_uppercase);
    let known = is_known(word) || is_forbidden(word);
    if capital && !ABBREVIATIONS.contains(&text) && !(piece.opens && known) {
        return Err(Rejection::UnknownName { token: text.to_owned() });
    }
    // The gate reads English; a letter from elsewhere may look like one it knows.
    if let Some(character) = text.chars().find(|c| c.is_alphabetic() && !c.is_ascii()) {
        return Err(Rejection::Character { character });
    }
    if vocabulary == Vocabulary::House && !known {
        return Err(Rejection::UnknownWord { word: word.to_owned() });
    }
    Ok(())
}

/// `#` only before a name; the marks of figures only inside them.
fn check_mark(clause: &[Piece], at: usize, mark: char) -> Result<(), Rejection> {
    let next = clause.get(at + 1).map(|piece| &piece.token);
    let named = matches!(next, Some(Token::Team(_) | Token::League | Token::Player));
    match mark {
        '#' if named => Ok(()),
        ',' | '(' | ')' | '-' | '–' => Ok(()),
        character => Err(Rejection::Character { character }),
    }
}

fn check_claim(clause: &[Piece], at: usize, word: &str, facts: &Facts) -> Result<(), Rejection> {
    let reason_follows =
        clause.iter().skip(at + 1).take(3).any(|p| p.word().is_some_and(|w| REASONS.contains(&w)));
    if word == "because" && facts.cause().is_some() && reason_follows {
        return Ok(());
    }
    if incidents::is_said(clause, at, facts) || milestones::is_said(clause, at, facts) {
        return Ok(());
    }
    if let Some(granted) = course::grants(clause, at, facts) {
        return match granted {
            true => Ok(()),
            false if is_forbidden(word) => Err(Rejection::Forbidden { word: word.to_owned() }),
            false => Err(Rejection::Relation { word: word.to_owned() }),
        };
    }
    if is_forbidden(word) {
        return Err(Rejection::Forbidden { word: word.to_owned() });
    }
    let next = clause.get(at + 1);
    if is_granted(word, next.and_then(Piece::word), facts) && is_granted_here(clause, at, word, facts) {
        Ok(())
    } else {
        Err(Rejection::Relation { word: word.to_owned() })
    }
}

/// Words that say something of the stage of the game only in some company.
fn is_granted_here(clause: &[Piece], at: usize, word: &str, facts: &Facts) -> bool {
    let before = at.checked_sub(1).map(|at| &clause[at]);
    let next = clause.get(at + 1);
    match word {
        "over" => {
            let of_someone = matches!(next.map(|p| &p.token), Some(Token::Team(_) | Token::Rank(_)))
                || next.and_then(Piece::word) == Some("the");
            of_someone || facts.phase == Phase::Final
        }
        "time" if before.and_then(Piece::word) == Some("no") => has_expired(facts),
        "another" => next.and_then(Piece::word) == Some("overtime") && facts.overtimes() > 0,
        "half" => matches!(before.map(|p| &p.token), Some(Token::Ordinal(_))) || facts.is_half_time(),
        _ => true,
    }
}

/// Whether the facts grant what a word says of the stage of the game; words that say nothing of it are
/// granted.
fn is_granted(word: &str, next: Option<&str>, facts: &Facts) -> bool {
    use MomentKind as Kind;
    let (kind, phase) = (facts.kind, facts.phase);
    match word {
        "postponed" => kind == Kind::Postponed || phase == Phase::Postponed,
        "suspended" => kind == Kind::Suspended || phase == Phase::Suspended,
        "cancelled" | "canceled" => kind == Kind::Cancelled || phase == Phase::Cancelled,
        "called" if next == Some("off") => {
            matches!(kind, Kind::Cancelled | Kind::Postponed)
        }
        "delayed" | "delay" | "paused" | "halted" => kind == Kind::Delayed || phase == Phase::Delayed,
        "stopped" => matches!(kind, Kind::Delayed | Kind::Suspended),
        "resumed" | "resumes" | "resume" | "again" => kind == Kind::Resumed,
        "underway" => matches!(kind, Kind::Start | Kind::Resumed) || phase.in_play(),
        "under" => next == Some("way") && (matches!(kind, Kind::Start | Kind::Resumed) || phase.in_play()),
        "kicked" if next != Some("off") => true,
        "kick-off" | "kicked" | "tipped" | "faced" | "started" | "began" | "begun" | "starts" => {
            kind == Kind::Start
        }
        "final" | "ft" | "full-time" | "finished" | "finishes" => phase == Phase::Final,
        "full" => next == Some("time") && phase == Phase::Final,
        "ended" | "ends" | "done" | "complete" | "completed" | "concluded" | "decided" => {
            phase == Phase::Final
        }
        "break" => facts.is_between_periods(),
        "halftime" | "half-time" | "ht" => facts.is_half_time(),
        "overtime" | "overtimes" | "ot" => goes_beyond(facts, [Discipline::Soccer, Discipline::Baseball]),
        "extra" => match next {
            Some("innings") => facts.discipline == Discipline::Baseball && goes_beyond(facts, []),
            Some("time") => facts.discipline == Discipline::Soccer && goes_beyond(facts, []),
            _ => false,
        },
        "regulation" => goes_beyond(facts, []),
        "normal" => next == Some("time") && facts.is_after_normal_time(),
        "stoppage" => is_added_time(facts),
        "penalties" | "shootout" | "shoot-out" => facts.shootout.is_some() || phase == Phase::Shootout,
        "penalty" => match next {
            Some("shoot-out" | "shootout") => true,
            _ => {
                facts.scoring_play().is_some_and(|play| play.kind == crate::wire::game::PlayKind::PenaltyGoal)
            }
        },
        "interval" => facts.is_half_time(),
        "nothing" => next == Some("in") && facts.has_score() && facts.score.leader().is_none(),
        "correction" | "corrected" | "corrects" | "correct" => kind == Kind::Correction,
        _ if RETRACTIONS.contains(&word) => kind == Kind::Correction,
        _ if REASONS.contains(&word) => facts.cause().is_some_and(|cause| cause.ends_with(word)),
        _ => true,
    }
}

fn goes_beyond<const N: usize>(facts: &Facts, except: [Discipline; N]) -> bool {
    !except.contains(&facts.discipline)
        && (facts.overtimes() > 0 || facts.kind == MomentKind::Overtime || facts.phase == Phase::Shootout)
}

fn is_added_time(facts: &Facts) -> bool {
    let added = |clock: Option<Clock>| matches!(clock, Some(Clock::Minute { added: 1.., .. }));
    let play = facts.scoring_play().or(facts.incident());
    added(facts.clock) || added(play.and_then(|play| play.clock))
}
