//! What a feed says of a game, normalised: the same shape for every feed and every sport.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::contest::Contest;
use super::milestone::Leader;
use super::sport::SportKey;

/// Our id of a game, minted at first sight: `nba-20241022-atl-bos`, with `-2` for the second of a doubleheader.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct GameId(pub String);

impl fmt::Display for GameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id a feed gives a game. Two feeds' ids never mean the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeedGameId(pub String);

impl fmt::Display for FeedGameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every game of one sport as one poll saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The league.
    pub sport: SportKey,
    /// The feed that answered: `espn`, `replay`.
    pub feed: String,
    /// When the answer arrived.
    pub seen_at: Timestamp,
    /// The games, in the feed's order. A game that is absent is not a game that ended.
    pub games: Vec<Game>,
}

/// One game as a feed reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Game {
    /// The feed's id of the game.
    pub feed_id: FeedGameId,
    /// The scheduled start; `None` where the feed only holds a place for it.
    pub starts_at: Option<Timestamp>,
    /// The home side; at a neutral site, the side the feed names as home.
    pub home: Side,
    /// The away side.
    pub away: Side,
    /// Where the game stands.
    pub phase: Phase,
    /// The period of play, from 1; 0 before the start. Overtime periods count on: the NBA's first is 5.
    pub period: u8,
    /// The clock, where the sport and the feed have one.
    pub clock: Option<Clock>,
    /// Who is on base, in baseball, where the feed shows it.
    #[serde(default)]
    pub bases: Option<Bases>,
    /// Whether the site is neutral.
    pub neutral: bool,
    /// Home's chance to win as the feed itself states it, 0 to 1.
    pub home_win_probability: Option<f64>,
    /// Expected home margin before the game, from the board's odds: +3.5 when home is favoured by 3.5.
    pub expected_home_margin: Option<f64>,
    /// The scoring plays the board shows, oldest first: the last play of most sports, every goal in soccer.
    pub plays: Vec<Play>,
    /// The players' figures the board shows; a player it does not name may have more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<Leader>,
    /// What a contest of athletes has instead of scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contest: Option<Contest>,
    /// What the feed notes of the game: a final's name, a postponement's reason.
    pub note: Option<String>,
}

impl Game {
    /// The side of that name.
    pub fn side(&self, which: Which) -> &Side {
        match which {
            Which::Home => &self.home,
            Which::Away => &self.away,
        }
    }

    /// The score, where both sides have one.
    pub fn score(&self) -> Option<Score> {
        Some(Score { home: self.home.score?, away: self.away.score? })
    }
}

/// One of the two sides of a game, as a feed reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Who plays.
    pub team: Team,
    /// Points, goals or runs; `None` before the start or where the feed has none.
    pub score: Option<u32>,
    /// Goals of a penalty shoot-out, beside the score.
    pub shootout: Option<u32>,
    /// The score of each period so far.
    pub periods: Vec<u32>,
    /// The ranking of a college side, 1 to 25.
    pub rank: Option<u8>,
    /// Whether the feed names this side as the winner; `None` until it decides.
    pub winner: Option<bool>,
}

/// A team and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Team {
    /// The feed's id of the team.
    pub id: String,
    /// The full name: `Tampa Bay Buccaneers`.
    pub name: String,
    /// The name in short: `Buccaneers`.
    pub short_name: String,
    /// Where it is from: `Tampa Bay`.
    pub place: String,
    /// Its abbreviation: `TB`.
    pub code: String,
}

/// Home or away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The home side.
    Home,
    /// The away side.
    Away,
}

impl Which {
    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Self::Home => Self::Away,
            Self::Away => Self::Home,
        }
    }
}

/// Both sides' points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Score {
    /// Home's points.
    pub home: u32,
    /// Away's points.
    pub away: u32,
}

impl Score {
    /// The points of that side.
    pub fn of(self, which: Which) -> u32 {
        match which {
            Which::Home => self.home,
            Which::Away => self.away,
        }
    }

    /// Whether both sides have at least as much as in the other score.
    pub fn covers(self, other: Self) -> bool {
        self.home >= other.home && self.away >= other.away
    }

    /// Who leads; `None` when level.
    pub fn leader(self) -> Option<Which> {
        match self.home.cmp(&self.away) {
            std::cmp::Ordering::Greater => Some(Which::Home),
            std::cmp::Ordering::Less => Some(Which::Away),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Home's points less away's.
    pub fn home_margin(self) -> i64 {
        i64::from(self.home) - i64::from(self.away)
    }

    /// The distance between the sides.
    pub fn margin(self) -> u32 {
        self.home.abs_diff(self.away)
    }
}

/// Where a game stands. Driven by the feed's state and its word on completion; a status's name only tells the called-off
/// kinds apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not started.
    Scheduled,
    /// Being played.
    Live,
    /// Between two periods.
    Break,
    /// Level after extra time, being decided by penalties.
    Shootout,
    /// Over, with a result.
    Final,
    /// Held up, expected to go on the same day.
    Delayed,
    /// Called off before the start, to be played later.
    Postponed,
    /// Stopped after the start, to go on another day.
    Suspended,
    /// Called off for good.
    Cancelled,
    /// The feed said something we do not know; the last known phase stands.
    Unknown,
}

impl Phase {
    /// Whether play is under way, breaks included.
    pub fn in_play(self) -> bool {
        matches!(self, Self::Live | Self::Break | Self::Shootout)
    }
}

/// A game's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Time left in the period, in milliseconds (basketball, football, hockey).
    Left {
        /// Milliseconds.
        millis: u32,
    },
    /// The minute of the match and the added minute (soccer: 90+4).
    Minute {
        /// The minute, from 1.
        minute: u16,
        /// The minute of added time; 0 for none.
        added: u16,
    },
    /// Where in an inning (baseball).
    Inning {
        /// Which part.
        half: Half,
        /// Outs in this half.
        outs: Option<u8>,
    },
}

/// The parts of an inning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The away side bats.
    Top,
    /// Between the halves.
    Middle,
    /// The home side bats.
    Bottom,
    /// After the home side batted.
    End,
}

/// The innings in which that side's turn at bat is over.
pub fn innings_batted(side: Which, inning: u8, clock: Option<Clock>) -> u8 {
    let over = match clock {
        Some(Clock::Inning { half: Half::End, .. }) => true,
        Some(Clock::Inning { half: Half::Middle | Half::Bottom, .. }) => side == Which::Away,
        _ => false,
    };
    if over { inning } else { inning.saturating_sub(1) }
}

/// Which bases are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bases {
    /// First base.
    pub first: bool,
    /// Second base.
    pub second: bool,
    /// Third base.
    pub third: bool,
}

/// A scoring play, or another play of note, as a feed shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Play {
    /// The feed's id of the play.
    pub id: Option<String>,
    /// The side it belongs to: for an own goal, the side that profits.
    pub side: Option<Which>,
    /// Points it brought; 0 for none.
    pub points: u32,
    /// What kind of play.
    pub kind: PlayKind,
    /// The player, where the feed names exactly one.
    pub player: Option<String>,
    /// The match clock at the play.
    pub clock: Option<Clock>,
}

/// Kinds of play that detection or the texts tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlayKind {
    /// A goal from play.
    Goal,
    /// A goal against one's own side.
    OwnGoal,
    /// A penalty kick scored.
    PenaltyGoal,
    /// A penalty of a shoot-out.
    ShootoutGoal,
    /// A player sent off.
    RedCard,
    /// A penalty kick in play that missed the goal.
    MissedPenalty,
    /// A penalty kick in play that the goalkeeper saved.
    SavedPenalty,
    /// Any other play that scored.
    Score,
    /// A play that did not score.
    Other,
}
