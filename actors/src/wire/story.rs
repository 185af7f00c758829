//! Stories: moments with the verdict on them.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::game::GameId;
use super::moment::MomentKind;
use super::news::Unfit;
use super::significance::Significance;
use super::sport::SportKey;

/// The id of a story, made of what it is about: `nba-20241022-atl-bos/lead_change/4/7` (game, kind, period, ordinal).
/// It does not depend on a feed's ids, so the same moment seen again is the same story.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct StoryId(pub String);

impl StoryId {
    /// The id of that moment of that game.
    pub fn of(game: &GameId, kind: MomentKind, period: u8, ordinal: u32) -> Self {
        Self(format!("{game}/{kind}/{period}/{ordinal}"))
    }

    /// Whether it was made for a moment of that kind; a correction keeps the id of what it corrects.
    pub fn is_of(&self, kind: MomentKind) -> bool {
        self.0.split('/').nth(1) == Some(kind.as_str())
    }
}

impl fmt::Display for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One revision of a story, as it is kept for ever: told, or not told with the reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Story {
    /// Its id.
    pub id: StoryId,
    /// 1 for the first telling; a correction is the next revision of the same story.
    pub revision: u32,
    /// The league.
    pub sport: SportKey,
    /// The game.
    pub game: GameId,
    /// What happened. A correction's revision keeps the id of the story it corrects and has the kind `correction`.
    pub kind: MomentKind,
    /// The last sight of the game without it.
    pub after: Timestamp,
    /// The first sight of it.
    pub seen_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it is too old to be told.
    pub stale_at: Timestamp,
    /// What may be said.
    pub facts: Facts,
    /// What it is worth.
    pub significance: Significance,
    /// Whether it is told.
    pub verdict: Verdict,
    /// How many stories of its kind were told of its game before it, so that each is worded in its own way.
    #[serde(default)]
    pub turn: u32,
}

/// Whether a story is told, and if not, why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It is told.
    Told,
    /// It is not.
    Untold {
        /// Why not.
        reason: Untold,
    },
}

/// Why a moment did not become a told story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Untold {
    /// Its significance is under the sport's threshold.
    BelowThreshold {
        /// The threshold it did not reach.
        threshold: f64,
    },
    /// The sport does not tell this kind.
    KindNotTold,
    /// It was too old when it was confirmed, after an outage for example.
    Stale {
        /// Its age in seconds.
        age_seconds: i64,
    },
    /// A correction of something that was never told.
    NothingToCorrect,
    /// Another moment of the same change says it better: a final that is also a lead change is told as the final.
    ToldOtherwise {
        /// The kind that is told instead.
        by: MomentKind,
    },
    /// A news item that is not quoted.
    Unfit {
        /// Why not.
        why: Unfit,
    },
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BelowThreshold { threshold } => {
                write!(f, "its significance is below the threshold {threshold}")
            }
            Self::KindNotTold => f.write_str("the sport's settings do not tell this kind"),
            Self::Stale { age_seconds } => write!(f, "it was {age_seconds} s old when it was confirmed"),
            Self::NothingToCorrect => f.write_str("what it corrects was never told"),
            Self::ToldOtherwise { by } => write!(f, "the same change is told as {by}"),
            Self::Unfit { why } => write!(f, "{why}"),
        }
    }
}
