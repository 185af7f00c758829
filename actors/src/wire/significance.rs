//! What a moment is worth, from 0 to 1, with the reasons kept.
//!
//! The ingredients are published ones; the weights are ours. They are chosen so that the parts may be compared: a tenth is
//! what a swing of a tenth of the chance to win is worth, or about two bits of surprise. What is told is not decided
//! here but by a sport's [threshold](super::threshold), which follows from how many posts a game should have.
//!
//! | part | what is measured | source | why that weight |
//! |---|---|---|---|
//! | `kind` | what the kind is worth by itself | ours | goals, touchdowns and three runs are news whenever they fall, a basket never is; a final, an overtime and a game called off are told at any threshold that follows from a target |
//! | `swing` | how far home's chance moved, since the score before or since readers last heard of the game, whichever is more | win probability added, Lindsey 1963 | near 1: the measure of all others. A run of baskets is told once it has turned the game, and not once a basket |
//! | `leverage` | what the next score would move, times the share played to the fourth: nearly nothing before the last quarter | Tango's leverage index | less than the swing: that it may turn again is less than that it has turned; more for a close finish, which is nothing else |
//! | `closeness` | how near the outcome is to a coin flip, times how late it is | Inpredictable's tension | decides which period ends are told |
//! | `surprisal` | −log₂ of the chance, before the start, of how a game ended | Shannon 1948 | 0.07 a bit: a favourite's win adds nothing to speak of, one in eight a fifth |
//! | `comeback` | how unlikely the winner was at its worst, 1 − 2p | win probability | a quarter for a game that was lost |
//! | `excitement` | Σ of all swings of the game | Game Excitement Index, Benz | 0.03 each, up to five |
//! | `stakes` | play-offs and finals by the feed's note, ranked sides, rivalries of the settings: see [`stakes`] | ours | a quarter more of everything, so that what is nothing stays nothing; the start of a game of note is told for it alone |
//! | `novelty` | what was told of the like in the last minutes, less as the chance moved since | ours | takes back from swing, leverage and closeness, never from a goal |
//! | `ceiling` | | | takes the sum back to 1 |

use serde::{Deserialize, Serialize};

use super::moment::MomentKind;
use super::sport::Discipline;

pub mod stakes;

/// A moment's worth and where it comes from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Significance {
    /// 0 to 1: exactly the sum of the parts, in their order.
    pub total: f64,
    /// The parts.
    pub parts: Vec<Part>,
}

/// One ingredient of a significance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Part {
    /// What was looked at: `swing`, `leverage`, `kind`.
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
    /// How far it moved since readers last heard of the game, 0 to 1.
    pub moved: f64,
    /// How far one more score would move it, 0 to ½.
    pub leverage: f64,
    /// The share of regulation that is played, 0 to 1.
    pub played: f64,
    /// Home's chance to win, 0 to 1.
    pub home_chance: f64,
    /// For a final: the winner's least chance on the way; ½ where nobody won.
    pub least_chance: f64,
    /// For a final: the chance, before the start, that it would end so.
    pub chance_before: f64,
    /// For a final: the sum of all swings of the game.
    pub excitement: f64,
    /// For the end of a period: whether half of regulation is over with it.
    pub half_time: bool,
    /// What hangs on the game, 0 to 1.
    pub stakes: f64,
    /// How much was told of the like lately: 1 for one story just now, less the longer it is ago.
    pub repeats: f64,
}

/// The swing since readers last heard of the game that makes a repeat as good as new.
const NEWS: f64 = 0.35;

/// Weighs a moment.
pub fn of(measures: &Measures) -> Significance {
    let m = measures;
    let late = m.played.clamp(0.0, 1.0).powi(4);
    let mut parts = Parts::default();
    parts.add("kind", kind_weight(m), 1.0);
    match m.kind {
        MomentKind::Score
        | MomentKind::Tie
        | MomentKind::LeadChange
        | MomentKind::Comeback
        | MomentKind::Run
        | MomentKind::Overtime => {
            parts.add("swing", m.swing, swing_weight(m));
            parts.add("leverage", m.leverage * late, 0.85);
        }
        MomentKind::CloseLate => parts.add("leverage", m.leverage * late, 1.65),
        MomentKind::PeriodEnd | MomentKind::UpsetWatch => {
            let even = 1.0 - (2.0 * m.home_chance - 1.0).abs();
            parts.add("swing", m.swing, 0.4);
            parts.add("closeness", even * m.played.clamp(0.0, 1.0), 0.3);
        }
        MomentKind::Final => {
            parts.add("swing", m.swing, 0.2);
            parts.add("surprisal", surprisal(m.chance_before), 0.07);
            parts.add("comeback", (0.5 - m.least_chance).max(0.0) * 2.0, 0.25);
            parts.add("excitement", m.excitement.clamp(0.0, 5.0), 0.03);
        }
        _ => {}
    }
    parts.fade(m);
    parts.raise(m);
    parts.sum()
}

/// The parts as they come together.
#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn add(&mut self, name: &str, value: f64, weight: f64) {
        let value = if value.is_finite() { value } else { 0.0 };
        self.0.push(Part { name: name.to_owned(), value, contribution: value * weight });
    }

    fn total(&self) -> f64 {
        self.0.iter().map(|part| part.contribution).sum()
    }

    /// What has been told of the like lately is worth less again, unless the chance moved since.
    fn fade(&mut self, m: &Measures) {
        let repeats = m.repeats.max(0.0);
        let old = (1.0 - m.moved / NEWS).clamp(0.0, 1.0) * repeats / (1.0 + repeats);
        if old > 0.0 && m.kind != MomentKind::Final {
            let beside_its_kind = self.total() - self.0.first().map_or(0.0, |kind| kind.contribution);
            self.add("novelty", -old, beside_its_kind);
        }
    }

    fn raise(&mut self, m: &Measures) {
        let stakes = m.stakes.clamp(0.0, 1.0);
        if stakes > 0.0 {
            let weight = if m.kind == MomentKind::Start { 0.3 } else { 0.25 * self.total() };
            self.add("stakes", stakes, weight);
        }
    }

    fn sum(mut self) -> Significance {
        let total = self.total();
        if total > 1.0 {
            self.0.push(Part { name: "ceiling".to_owned(), value: 1.0, contribution: 1.0 - total });
        }
        Significance { total: self.total(), parts: self.0 }
    }
}

/// How many bits the news is worth that something of this chance has happened; six at most.
fn surprisal(chance: f64) -> f64 {
    -chance.clamp(1.0 / 64.0, 1.0).log2()
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
        MomentKind::CloseLate => 0.1,
        MomentKind::Comeback => score_weight(m) + 0.25,
        MomentKind::UpsetWatch => 0.35,
        MomentKind::Blowout => 0.32,
        MomentKind::CleanSheet => clean_sheet_weight(m.discipline),
        MomentKind::RedCard => 0.5,
        MomentKind::MissedPenalty => 0.42,
        MomentKind::Milestone => 0.5,
        MomentKind::Delayed | MomentKind::Resumed => 0.4,
        MomentKind::Overtime | MomentKind::Final => 0.5,
        MomentKind::Postponed | MomentKind::Suspended | MomentKind::Cancelled => 0.55,
        MomentKind::Correction => 0.7,
        MomentKind::News => super::news::USUAL_WORTH,
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

/// Weighs what has no course: the result of a contest of athletes by what its round and its event are worth, an item of
/// news by its feed.
pub fn of_worth(worth: f64) -> Significance {
    let mut parts = Parts::default();
    parts.add("kind", worth, 1.0);
    parts.sum()
}

#[cfg(test)]
mod tests;
