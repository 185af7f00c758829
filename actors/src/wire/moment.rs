//! Moments: what changed between two snapshots and may be news.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::game::GameId;
use super::significance::Significance;
use super::sport::Discipline;
use super::story::StoryId;

/// The kinds of moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MomentKind {
    /// The game began.
    Start,
    /// A score that is news by itself: a goal, a touchdown, an inning of several runs.
    Score,
    /// The sides are level again.
    Tie,
    /// The lead went from one side to the other, or was taken from a tie.
    LeadChange,
    /// A side that had trailed by much has drawn level or taken the lead: told in place of the tie or the lead change.
    Comeback,
    /// One side alone has scored for long: told as it passes its size, and again when it has grown by a good deal.
    Run,
    /// A period ended.
    PeriodEnd,
    /// Regulation ended level and play goes on: overtime, extra innings, extra time, a shoot-out.
    Overtime,
    /// Close, with little time left; told once a game.
    CloseLate,
    /// The side that was clearly not expected to win leads late, or is likely to win; told once a game. The upset itself is
    /// told by the final.
    UpsetWatch,
    /// Out of reach, late; told once a game.
    Blowout,
    /// The side that leads has allowed nothing, late; told once a game.
    CleanSheet,
    /// A player was sent off.
    RedCard,
    /// A penalty kick in play was missed or saved.
    MissedPenalty,
    /// A player reached a round figure: 40 points, a hat-trick, 300 yards.
    Milestone,
    /// The game ended with a result.
    Final,
    /// Held up.
    Delayed,
    /// Called off before the start.
    Postponed,
    /// Stopped after the start, to go on another day.
    Suspended,
    /// Called off for good.
    Cancelled,
    /// Under way again after a delay or a suspension.
    Resumed,
    /// A score that had been seen was taken back, and it lasted.
    Correction,
    /// A publisher's feed has a headline on an injury or a transaction.
    News,
}

impl MomentKind {
    /// Every kind, in the order of a game.
    pub const ALL: [Self; 23] = [
        Self::Start,
        Self::Score,
        Self::Tie,
        Self::LeadChange,
        Self::Comeback,
        Self::Run,
        Self::PeriodEnd,
        Self::Overtime,
        Self::CloseLate,
        Self::UpsetWatch,
        Self::Blowout,
        Self::CleanSheet,
        Self::RedCard,
        Self::MissedPenalty,
        Self::Milestone,
        Self::Final,
        Self::Delayed,
        Self::Postponed,
        Self::Suspended,
        Self::Cancelled,
        Self::Resumed,
        Self::Correction,
        Self::News,
    ];

    /// Whether there are moments of this kind in that discipline.
    pub fn is_of(self, discipline: Discipline) -> bool {
        match self {
            Self::RedCard | Self::MissedPenalty => discipline == Discipline::Soccer,
            Self::Final | Self::Postponed | Self::Cancelled | Self::Correction | Self::News => true,
            _ => !discipline.is_contest(),
        }
    }

    /// The kind as it stands in settings, ids and template names: `lead_change`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Score => "score",
            Self::Tie => "tie",
            Self::LeadChange => "lead_change",
            Self::Comeback => "comeback",
            Self::Run => "run",
            Self::PeriodEnd => "period_end",
            Self::Overtime => "overtime",
            Self::CloseLate => "close_late",
            Self::UpsetWatch => "upset_watch",
            Self::Blowout => "blowout",
            Self::CleanSheet => "clean_sheet",
            Self::RedCard => "red_card",
            Self::MissedPenalty => "missed_penalty",
            Self::Milestone => "milestone",
            Self::Final => "final",
            Self::Delayed => "delayed",
            Self::Postponed => "postponed",
            Self::Suspended => "suspended",
            Self::Cancelled => "cancelled",
            Self::Resumed => "resumed",
            Self::Correction => "correction",
            Self::News => "news",
        }
    }
}

impl std::fmt::Display for MomentKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A confirmed change, with all that is needed to decide on it and to tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The game.
    pub game: GameId,
    /// What happened.
    pub kind: MomentKind,
    /// The period it belongs to.
    pub period: u8,
    /// Which of its kind it is in this game, from 1; fixed at confirmation and never reused.
    pub ordinal: u32,
    /// For a correction: the story that told what is now taken back, with the revision that told it.
    pub corrects: Option<(StoryId, u32)>,
    /// The last sight of the game without it: its age runs from here.
    pub after: Timestamp,
    /// The first sight of it.
    pub seen_at: Timestamp,
    /// When it counted as confirmed.
    pub confirmed_at: Timestamp,
    /// What may be said.
    pub facts: Facts,
    /// What it is worth.
    pub significance: Significance,
}
