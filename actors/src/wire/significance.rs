//! What a moment is worth, from 0 to 1, with the reasons kept.
//!
//! The ingredients are published ones; the weights are ours, chosen on complete games so that a sport's default tells a
//! handful of posts a game (counted in `actors/tests/whole_games.rs`):
//!
//! - `kind`: what the kind is worth by itself. A goal, a touchdown, three runs are news whenever they fall; a basket never
//!   is. A final, an overtime and a game called off are told by any usual threshold; a start is not, unless the feed notes
//!   something of the game or both sides are ranked.
//! - `swing`: how far home's chance to win moved, since the score before or since readers last heard of the game, whichever
//!   is more. So a run of baskets is told once it has turned the game, and not once a basket.
//! - `leverage`: what the next score would move (after Tango's leverage index), times how late it is, squared.
//! - `closeness`: for what is told late in a game, how near its outcome is to a coin flip, times how late it is, squared.
//! - `comeback` and `upset`: for a final, how unlikely its outcome was at the worst, and before the start.
//! - `ceiling`: what takes the sum back to 1.

use serde::{Deserialize, Serialize};

use super::moment::MomentKind;
use super::sport::Discipline;

/// A moment's worth and where it comes from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Significance {
    /// 0 to 1: the sum of the parts, held to that range.
    pub total: f64,
    /// The parts.
    pub parts: Vec<Part>,
}

/// One ingredient of a significance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What was looked at: `swing`, `leverage`, `lateness`, `kind`.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// How much it added to the total.
    pub contribution: f64,
}

/// What is measured of a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// What happened.
    pub kind: MomentKind,
    /// The rules the league plays by.
    pub discipline: Discipline,
    /// The most points one side brought; 0 where nobody scored.
    pub points: u32,
    /// How far home's chance to win moved, 0 to 1: since the score before, or since readers last heard of the game.
    pub swing: f64,
    /// How far one more score would move it, 0 to ½.
    pub leverage: f64,
    /// The share of regulation that is played, 0 to 1.
    pub played: f64,
    /// Home's chance to win, 0 to 1.
    pub home_chance: f64,
    /// For a final: the winner's least chance on the way; ½ where nobody won.
    pub least_chance: f64,
    /// For a final: the winner's chance before the start; ½ where nobody won.
    pub chance_before: f64,
    /// For the end of a period: whether half of regulation is over with it.
    pub half_time: bool,
    /// Whether the feed notes something of the game, or both sides are ranked.
    pub noted: bool,
}

/// Weighs a moment.
pub fn of(measures: &Measures) -> Significance {
    let m = measures;
    let late = m.played.clamp(0.0, 1.0).powi(2);
    let even = 1.0 - (2.0 * m.home_chance - 1.0).abs();
    let kind = kind_weight(m);
    let mut parts = vec![part("kind", kind, 1.0)];
    match m.kind {
        MomentKind::Score
        | MomentKind::Tie
        | MomentKind::LeadChange
        | MomentKind::Comeback
        | MomentKind::Run
        | MomentKind::Overtime => {
            parts.push(part("swing", m.swing, swing_weight(m)));
            parts.push(part("leverage", m.leverage * late, 0.35));
        }
        MomentKind::PeriodEnd | MomentKind::CloseLate | MomentKind::UpsetWatch => {
            parts.push(part("swing", m.swing, 0.4));
            parts.push(part("closeness", even * m.played.clamp(0.0, 1.0), 0.3));
        }
        MomentKind::Final => {
            parts.push(part("swing", m.swing, 0.2));
            parts.push(part("comeback", (0.5 - m.least_chance).max(0.0) * 2.0, 0.25));
            parts.push(part("upset", (0.5 - m.chance_before).max(0.0) * 2.0, 0.2));
        }
        _ => {}
    }
    if m.noted {
        parts.push(part("noted", 1.0, 0.1));
    }
    sum(parts)
}

fn kind_weight(m: &Measures) -> f64 {
    match m.kind {
        MomentKind::Start => 0.2,
        MomentKind::Score => score_weight(m),
        MomentKind::Tie => score_weight(m) + 0.04,
        MomentKind::LeadChange => score_weight(m) + 0.06,
        MomentKind::Run => score_weight(m) + 0.15,
        MomentKind::PeriodEnd if m.discipline == Discipline::Baseball => 0.0,
        MomentKind::PeriodEnd if m.half_time => 0.25,
        MomentKind::PeriodEnd => 0.15,
        MomentKind::CloseLate => 0.25,
        MomentKind::Comeback => score_weight(m) + 0.25,
        MomentKind::UpsetWatch => 0.35,
        MomentKind::Blowout => 0.32,
        MomentKind::CleanSheet => clean_sheet_weight(m.discipline),
        MomentKind::RedCard => 0.42,
        MomentKind::MissedPenalty => 0.36,
        MomentKind::Milestone => 0.4,
        MomentKind::Delayed | MomentKind::Resumed => 0.4,
        MomentKind::Overtime | MomentKind::Final => 0.5,
        MomentKind::Postponed | MomentKind::Suspended | MomentKind::Cancelled => 0.55,
        MomentKind::Correction => 0.7,
    }
}

/// What a clean sheet so late is worth goes by how rare it is: in soccer every other leader has one.
fn clean_sheet_weight(discipline: Discipline) -> f64 {
    match discipline {
        Discipline::Baseball | Discipline::Football => 0.32,
        Discipline::Hockey | Discipline::Basketball => 0.25,
        _ => 0.2,
    }
}

fn score_weight(m: &Measures) -> f64 {
    match (m.discipline, m.points) {
        (_, 0) => 0.0,
        (Discipline::Soccer | Discipline::Hockey, _) => 0.34,
        (Discipline::Football, 6..) => 0.32,
        (Discipline::Football, 3) => 0.15,
        (Discipline::Football, _) => 0.02,
        (Discipline::Baseball, 3..) => 0.34,
        (Discipline::Baseball, 2) => 0.24,
        (Discipline::Baseball, _) => 0.14,
        _ => 0.0,
    }
}

fn swing_weight(m: &Measures) -> f64 {
    match (m.discipline, m.kind) {
        (Discipline::Basketball, MomentKind::Score) => 0.9,
        (Discipline::Basketball, _) => 1.1,
        (Discipline::Baseball, _) => 1.2,
        _ => 0.8,
    }
}

/// Weighs the result of a contest of athletes, which has no course: what its round and its event are worth.
pub fn of_contest(worth: f64) -> Significance {
    sum(vec![part("kind", worth, 1.0)])
}

fn part(name: &str, value: f64, weight: f64) -> Part {
    let value = if value.is_finite() { value } else { 0.0 };
    Part { name: name.to_owned(), value, contribution: value * weight }
}

fn sum(mut parts: Vec<Part>) -> Significance {
    let total: f64 = parts.iter().map(|part| part.contribution).sum();
    if total > 1.0 {
        parts.push(Part { name: "ceiling".to_owned(), value: 1.0, contribution: 1.0 - total });
    }
    Significance { total: total.clamp(0.0, 1.0), parts }
}

#[cfg(test)]
mod tests;
