//! Relation words: what they claim, of whom, and whether the facts grant it.

use super::course;
use super::subjects::subject_of;
use super::token::{Piece, Token};
use super::verbs::{self, Sense};
use crate::wire::facts::Facts;
use crate::wire::game::{Phase, PlayKind, Score, Which};
use crate::wire::moment::MomentKind;
use crate::wire::wording::derived::Feat;
use crate::wire::wording::margin::Victory;

/// What a relation word claims of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// The subject is ahead.
    Leads,
    /// The subject went ahead and was not before.
    TakesLead,
    /// The subject is behind.
    Trails,
    /// The subject won; with the margin the word claims.
    Wins(Option<Victory>),
    /// The subject lost; by the margin the word claims.
    Loses(Option<Victory>),
    /// The sides are level.
    Level,
    /// The game ended level.
    Draws,
    /// The subject drew level.
    PullsLevel,
    /// The subject alone scored.
    Scores,
    /// The subject was behind before.
    ComesBack,
    /// The subject kept a lead and won narrowly.
    HoldsOff,
    /// The subject scored and leads.
    GoesUp,
    /// The subject went ahead of a side it was level with.
    BreaksTie,
    /// The subject scored and still trails.
    Cuts,
    /// The subject scored and led before.
    Extends,
    /// The subject's lead is twice what it was.
    Doubles,
    /// The words claim something the gate cannot read.
    Unreadable,
}

impl Claim {
    /// Whether it says that something happened, and so when, if a time follows.
    pub(super) fn is_event(self) -> bool {
        use Claim::{BreaksTie, ComesBack, Cuts, Doubles, Extends, GoesUp, PullsLevel, Scores, TakesLead};
        matches!(
            self,
            TakesLead | PullsLevel | Scores | ComesBack | GoesUp | BreaksTie | Cuts | Extends | Doubles
        )
    }

    /// Whether it may be said of the score before as well: where the game stood, and not what came of it.
    pub(super) fn is_of_a_state(self) -> bool {
        matches!(self, Self::Leads | Self::Trails | Self::Level | Self::ComesBack)
    }

    /// Whether it says who is ahead, or won.
    pub(super) fn tells_who_leads(self) -> bool {
        use Claim::{BreaksTie, Cuts, Doubles, Extends, GoesUp, Leads, TakesLead, Trails};
        let leads = matches!(self, Leads | TakesLead | GoesUp | BreaksTie | Extends | Doubles);
        leads || matches!(self, Trails | Cuts | Self::Wins(_) | Self::Loses(_))
    }

    /// Whether it says the same of both sides.
    pub(super) fn is_symmetric(self) -> bool {
        matches!(self, Self::Level | Self::Draws)
    }
}

/// Whom a relation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    One(Which),
    Both,
    Nobody,
}

/// A relation word in its clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relation {
    pub(super) at: usize,
    pub(super) claim: Claim,
    pub(super) subject: Subject,
    /// Whether it speaks of the score before as well as of the score now.
    pub(super) past: bool,
}

/// The relations of a clause, in order.
pub(super) fn find(clause: &[Piece], facts: &Facts) -> Vec<Relation> {
    (0..clause.len())
        .filter_map(|at| {
            let claim = claim_at(clause, at, facts)?;
            let subject = subject_of(clause, at, facts);
            Some(Relation { at, claim, subject, past: is_past(clause, at) })
        })
        .collect()
}

pub(super) fn word(clause: &[Piece], at: usize) -> Option<&str> {
    clause.get(at).and_then(Piece::word)
}

fn word_before(clause: &[Piece], at: usize, steps: usize) -> Option<&str> {
    at.checked_sub(steps).and_then(|at| word(clause, at))
}

const TAKING: [&str; 18] = [
    "take", "takes", "took", "taken", "taking", "go", "goes", "went", "gone", "going", "moved", "moves",
    "grab", "grabs", "grabbed", "seized", "edged", "jumped",
];
const PULLING: [&str; 12] =
    ["pull", "pulls", "pulled", "drew", "draw", "draws", "drawn", "brought", "bring", "came", "come", "put"];

const UP_AFTER: [&str; 8] = ["is", "are", "go", "goes", "went", "now", "was", "were"];

fn claim_at(clause: &[Piece], at: usize, facts: &Facts) -> Option<Claim> {
    match verbs::sense(clause, at, facts) {
        Some(Sense::Claims(claim)) => return Some(claim),
        Some(Sense::Nothing) => return None,
        None => {}
    }
    let next = word(clause, at + 1);
    let before = word_before(clause, at, 1);
    let beside_figures = is_figures(clause, at + 1)
        || at.checked_sub(1).is_some_and(|at| is_figures(clause, at))
        || next == Some("by");
    Some(match word(clause, at)? {
        "lead" if is_noun(clause, at) => lead_noun(clause, at)?,
        "lead" | "leads" | "leading" | "led" => Claim::Leads,
        "ahead" => ahead(clause, at),
        "front" if before == Some("in") => ahead(clause, at),
        "up" if beside_figures || before.is_some_and(|w| UP_AFTER.contains(&w)) => Claim::Leads,
        "top" if before == Some("on") => Claim::Leads,
        "top" | "tops" | "topped" if next != Some("of") => Claim::Wins(None),
        "trail" | "trails" | "trailing" | "trailed" | "chasing" => Claim::Trails,
        "behind" if before == Some("from") => Claim::ComesBack,
        "behind" => Claim::Trails,
        "down" if is_from_down(clause, at) => Claim::ComesBack,
        "down" | "downs" | "downed" if follows_team(clause, at) => Claim::Wins(None),
        "down" => Claim::Trails,
        "taken" if next == Some("back") && facts.annulled().is_some() => return None,
        "take" | "takes" | "took" | "taken" | "taking" if !is_of_the_lead(clause, at) => Claim::Unreadable,
        "deficit" => Claim::ComesBack,
        "beat" | "beats" | "defeated" | "defeats" | "win" | "wins" | "won" | "winning" | "victory" => {
            Claim::Wins(None)
        }
        "over" if matches!(before, Some("lead" | "win" | "victory")) => return None,
        "over" | "past" if follows_team(clause, at) => Claim::Wins(None),
        "upset" if follows_team(clause, at) => Claim::Wins(None),
        verb if Victory::claimed_by(verb).is_some() => Claim::Wins(Victory::claimed_by(verb)),
        "lose" | "loses" | "lost" | "losing" | "defeat" | "loss" => Claim::Loses(None),
        "hold" | "holds" | "held" | "holding" if next == Some("off") => Claim::HoldsOff,
        "hold" | "holds" | "held" | "holding" if next != Some("up") && !is_of_the_lead(clause, at) => {
            Claim::Unreadable
        }
        "tie" | "tied" | "ties" | "tying" => tied(clause, at, facts),
        "equalise" | "equalize" | "equalised" | "equalized" | "equalises" | "equalizes" | "equaliser"
        | "equalizer" | "levelled" | "leveled" => Claim::PullsLevel,
        "level" if before.is_some_and(|w| PULLING.contains(&w)) => Claim::PullsLevel,
        "level" | "square" | "even" => Claim::Level,
        "drew" | "draw" | "draws" | "drawn" if next != Some("level") => Claim::Draws,
        "scored" | "scores" | "scoring" | "struck" | "netted" | "nets" | "added" | "adds" | "converted" => {
            Claim::Scores
        }
        "back"
            if before.is_some_and(|w| {
                ["came", "come", "comes", "coming", "fought", "battled", "stormed"].contains(&w)
            }) =>
        {
            Claim::ComesBack
        }
        "rally" | "rallied" | "rallies" | "comeback" | "overcame" | "overcome" | "erased" | "erase"
        | "erases" => Claim::ComesBack,
        "score" if follows_name(clause, at) => Claim::Scores,
        "goal" | "goals" | "touchdown" | "touchdowns" | "run" | "runs" | "point" | "points" | "field" => {
            scoring_noun(clause, at, facts)?
        }
        _ => return None,
    })
}

fn is_figures(clause: &[Piece], at: usize) -> bool {
    matches!(clause.get(at).map(|p| &p.token), Some(Token::Pair(..) | Token::Number(_)))
}

fn follows_team(clause: &[Piece], at: usize) -> bool {
    let next = clause[at + 1..].iter().find(|p| !matches!(p.word(), Some("the")) && !is_rank(p));
    matches!(next.map(|p| &p.token), Some(Token::Team(_)))
}

fn follows_name(clause: &[Piece], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| &clause[at].token);
    matches!(before, Some(Token::Team(_) | Token::Player))
}

/// `took the lead`, `hold a 2-1 lead`.
fn is_of_the_lead(clause: &[Piece], at: usize) -> bool {
    clause.iter().skip(at + 1).take(6).any(|piece| piece.word() == Some("lead"))
}

pub(super) fn is_rank(piece: &Piece) -> bool {
    matches!(piece.token, Token::Rank(_))
}

/// `came back from 18 down`, `from 18 points down`.
fn is_from_down(clause: &[Piece], at: usize) -> bool {
    (2..=3).any(|steps| word_before(clause, at, steps) == Some("from"))
}

/// Whether `lead` at that place is a noun.
pub(super) fn is_noun(clause: &[Piece], at: usize) -> bool {
    let article = matches!(word_before(clause, at, 1), Some("the" | "a" | "an" | "its" | "their"));
    let unit = matches!(word_before(clause, at, 1), Some("point" | "goal" | "run"));
    let pair = at.checked_sub(1).is_some_and(|at| matches!(clause[at].token, Token::Pair(..)));
    let change = matches!(word(clause, at + 1), Some("change" | "changes"));
    article || unit || pair || change
}

fn lead_noun(clause: &[Piece], at: usize) -> Option<Claim> {
    if matches!(word(clause, at + 1), Some("change" | "changes")) {
        return None;
    }
    let verb = clause[at.saturating_sub(7)..at].iter().rev().find_map(|piece| match piece.word()? {
        w if TAKING.contains(&w) => Some(Claim::TakesLead),
        "has" | "have" | "had" | "hold" | "holds" | "held" | "gave" | "give" | "gives" | "with" | "for" => {
            Some(Claim::Leads)
        }
        "lost" | "lose" | "loses" | "up" | "away" => Some(Claim::Unreadable),
        _ => None,
    });
    Some(verb.unwrap_or(Claim::Unreadable))
}

fn ahead(clause: &[Piece], at: usize) -> Claim {
    let moved = clause[at.saturating_sub(4)..at]
        .iter()
        .filter_map(Piece::word)
        .any(|w| TAKING.contains(&w) || ["put", "puts", "pulled", "pull", "push", "pushed"].contains(&w));
    if moved { Claim::TakesLead } else { Claim::Leads }
}

/// `the Celtics tied it` claims who scored; `the sides are tied` and `a tie` do not. At the end, only a game that is tied
/// claims that: the Celtics may have tied the Hawks.
fn tied(clause: &[Piece], at: usize, facts: &Facts) -> Claim {
    let the_game = match word(clause, at + 1) {
        Some("the") => matches!(word(clause, at + 2), Some("game" | "match" | "score")),
        next => next == Some("it"),
    };
    if facts.phase == Phase::Final && !the_game {
        return Claim::Level;
    }
    let before = at.checked_sub(1).map(|at| &clause[at]);
    let active = match before.map(|piece| &piece.token) {
        Some(Token::Team(_) | Token::Player) => true,
        Some(Token::Word(w)) => matches!(w.as_str(), "have" | "has" | "to" | "who" | "had"),
        _ => false,
    };
    if active { Claim::PullsLevel } else { Claim::Level }
}

/// `a touchdown`, `a goal`: what was scored, where the word does not belong to a number that is read by
/// itself.
fn scoring_noun(clause: &[Piece], at: usize, facts: &Facts) -> Option<Claim> {
    let counted = at
        .checked_sub(1)
        .is_some_and(|at| matches!(clause[at].token, Token::Number(_) | Token::Pair(..) | Token::Mark('-')))
        || word_before(clause, at, 1) == Some("unanswered");
    if counted || course::is_nothing(clause, at) {
        return None;
    }
    if course::is_taken_back(clause, at) {
        let field_goal = word_before(clause, at, 1) == Some("field");
        let held = field_goal || course::was_taken_back(clause, at, facts);
        return if held { None } else { Some(Claim::Unreadable) };
    }
    let feat = facts.feat();
    let own_goal = facts.scoring_play().is_some_and(|play| play.kind == PlayKind::OwnGoal);
    let granted = match word(clause, at)? {
        // `Three home runs` are a player's figures; `home` stands nowhere else.
        "run" | "runs" if word_before(clause, at, 1) == Some("home") => return None,
        "goal" if word_before(clause, at, 1) == Some("field") => return None,
        "goal" if word_before(clause, at, 1) == Some("own") => own_goal,
        "goal" => feat == Some(Feat::Goals(1)),
        "touchdown" => feat == Some(Feat::Touchdown),
        "field" => word(clause, at + 1) == Some("goal") && feat == Some(Feat::FieldGoal),
        "run" => feat == Some(Feat::Runs(1)),
        _ => false,
    };
    Some(if granted { Claim::Scores } else { Claim::Unreadable })
}

fn is_past(clause: &[Piece], at: usize) -> bool {
    let past_form = matches!(word(clause, at), Some("led" | "trailed" | "deficit"));
    let marks = |at: usize| match word(clause, at) {
        Some("after" | "having" | "had" | "was" | "were" | "broke" | "broken" | "breaking" | "once") => true,
        Some("from") => word(clause, at + 1) != Some("behind"),
        _ => false,
    };
    let marked = (at.saturating_sub(5)..at)
        .rev()
        .take_while(|at| !matches!(clause[*at].token, Token::Team(_) | Token::Player | Token::Mark(',')))
        .any(marks);
    // `Down two points, the Celtics came back.`
    let fronted = at == 0 && clause.iter().any(|piece| piece.token == Token::Mark(','));
    past_form || marked || fronted
}

/// Whether the facts grant the claim, said of this score.
pub(super) fn is_granted(relation: &Relation, score: Score, facts: &Facts) -> bool {
    let leader = score.leader();
    if relation.claim.is_symmetric() {
        let over = relation.claim != Claim::Draws || facts.phase == Phase::Final;
        return over && leader.is_none() && facts.has_score();
    }
    let subject = match relation.subject {
        Subject::One(subject) => subject,
        // `An own goal: Arsenal 1-0 Chelsea` says what was scored, and the score says by whom.
        Subject::Nobody => return relation.claim == Claim::Scores && facts.sole_scorer().is_some(),
        Subject::Both => return false,
    };
    let is_now = score == facts.score;
    match relation.claim {
        Claim::Leads => facts.has_score() && leader == Some(subject),
        Claim::Trails => facts.has_score() && leader == Some(subject.other()),
        Claim::TakesLead => {
            let before = facts.earlier_score();
            is_now && leader == Some(subject) && before.is_some_and(|b| b.leader() != Some(subject))
        }
        Claim::Wins(how) => {
            let clear = how.is_none_or(|how| how == facts.victory() && facts.score.leader() == Some(subject));
            facts.winner() == Some(subject) && leader == Some(subject) && clear
        }
        Claim::Loses(how) => {
            let clear = how.is_none_or(|how| how == facts.victory() && facts.score.leader() != Some(subject));
            facts.winner() == Some(subject.other()) && leader != Some(subject) && clear
        }
        Claim::PullsLevel => {
            let behind = facts.earlier_score().and_then(Score::leader) == Some(subject.other());
            facts.score.leader().is_none() && facts.sole_scorer() == Some(subject) && behind
        }
        Claim::Scores => facts.sole_scorer() == Some(subject) || on_a_run(facts) == Some(subject),
        Claim::ComesBack => came_back(facts, subject),
        Claim::HoldsOff => {
            let led = facts.earlier_score().and_then(Score::leader) == Some(subject);
            facts.winner() == Some(subject) && led && facts.victory() == Victory::Narrow
        }
        Claim::GoesUp => facts.sole_scorer() == Some(subject) && is_now && leader == Some(subject),
        Claim::BreaksTie => {
            let level = facts.earlier_score().is_some_and(|before| before.leader().is_none());
            level && facts.score.leader() == Some(subject)
        }
        Claim::Cuts => facts.sole_scorer() == Some(subject) && facts.score.leader() == Some(subject.other()),
        Claim::Extends => extends(facts, subject),
        Claim::Doubles => {
            let before = facts.earlier_score().map(Score::margin);
            extends(facts, subject) && before.map(|margin| 2 * margin) == Some(facts.score.margin())
        }
        Claim::Level | Claim::Draws | Claim::Unreadable => false,
    }
}

/// The side whose run the moment is: it scored for sure, in several goes perhaps.
pub(super) fn on_a_run(facts: &Facts) -> Option<Which> {
    facts.subject().filter(|_| facts.kind == MomentKind::Run)
}

fn extends(facts: &Facts, subject: Which) -> bool {
    let led = facts.earlier_score().and_then(Score::leader) == Some(subject);
    led && facts.sole_scorer() == Some(subject) && facts.score.leader() == Some(subject)
}

pub(super) fn came_back(facts: &Facts, subject: Which) -> bool {
    let was_behind = facts.earlier_score().and_then(Score::leader) == Some(subject.other())
        || (facts.seen_from_start && facts.largest_deficit.of(subject) > 0);
    let is_not_now = match facts.winner() {
        Some(winner) => winner == subject,
        None => facts.score.leader() != Some(subject.other()),
    };
    facts.has_score() && was_behind && is_not_now
}
