//! Recordings from play-by-plays: one file a source.
//!
//! A source is somebody else's account of a finished game. Only its facts are taken over: who played, and when the
//! score, the clock and the state of the game changed. Its words are not.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::error::Category;

use wirereport_actors::wire::sport::SportKey;

use super::recording::Recording;

mod espn;
mod espn_clock;
mod espn_mlb;
mod espn_soccer;
mod mlb_statsapi;
mod nba_cdn;
mod nba_stats;
mod nba_teams;
mod nfl_shield;
mod nhl_legacy;
mod nhl_web;
mod statsbomb;
#[cfg(test)]
mod tests;
mod timeline;

/// Where a play-by-play is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `playbyplayv3` of stats.nba.com. It holds no date: see [`Options::starts_at`].
    NbaStats,
    /// `playbyplay` of cdn.nba.com.
    NbaCdn,
    /// A game of NFL.com's Shield API.
    NflShield,
    /// `feed/live` of MLB's StatsAPI.
    MlbStatsApi,
    /// `feed/live` of the NHL's StatsAPI, closed in 2023.
    NhlLegacy,
    /// `gamecenter/…/play-by-play` of the NHL's api-web.
    NhlWeb,
    /// A match of StatsBomb's open data. It holds no date and no league: see [`Options`].
    StatsBomb,
    /// A summary of ESPN with a play-by-play by the game clock: basketball, football, hockey.
    EspnClock,
    /// A summary of ESPN of a baseball game.
    EspnMlb,
    /// A summary of ESPN of a soccer match.
    EspnSoccer,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NbaStats => "NBA stats play-by-play",
            Self::NbaCdn => "NBA live play-by-play",
            Self::NflShield => "NFL.com game",
            Self::MlbStatsApi => "MLB live feed",
            Self::NhlLegacy => "NHL live feed",
            Self::NhlWeb => "NHL play-by-play",
            Self::StatsBomb => "StatsBomb match",
            Self::EspnClock | Self::EspnMlb | Self::EspnSoccer => "ESPN summary",
        })
    }
}

/// What a source may leave open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The scheduled start, for a source that does not say. A source that does is believed before this.
    pub starts_at: Option<Timestamp>,
    /// The league, for a source that does not say.
    pub league: Option<SportKey>,
}

/// Why there is no recording of a file.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum ConvertError {
    /// Not JSON at all, or cut short.
    #[error("not JSON at line {line} column {column} ({what}); fetch the file again")]
    NotJson {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
        /// Whether it ends too early or is wrong in the middle.
        what: &'static str,
    },
    /// JSON, but no play-by-play that is known here.
    #[error(
        "no play-by-play known here; known are an NBA `playbyplay`, an NFL.com game, an MLB or NHL `feed/live`, an \
         NHL play-by-play, a StatsBomb match and an ESPN summary"
    )]
    UnknownSource,
    /// A known play-by-play with something missing or of another shape.
    #[error("{source_name} with {detail}; convert a whole, untouched file")]
    Shape {
        /// What the file is.
        source_name: Source,
        /// What is wrong with it.
        detail: String,
    },
    /// The source holds no date.
    #[error("{source_name} holds no date; say when the game was to start, such as 2024-11-13T00:00:00Z")]
    NeedsStart {
        /// What the file is.
        source_name: Source,
    },
    /// The source names no league.
    #[error("{source_name} names no league; say which, such as esp.1")]
    NeedsLeague {
        /// What the file is.
        source_name: Source,
    },
    /// The game is not over in the file.
    #[error("{source_name} of a game that is not over; convert it when it is")]
    Unfinished {
        /// What the file is.
        source_name: Source,
    },
    /// The plays do not come to the score the source gives.
    #[error("{source_name} whose plays come to {home}-{away} (home first) and whose result is {told}")]
    Inconsistent {
        /// What the file is.
        source_name: Source,
        /// Home's points by the plays.
        home: u32,
        /// Away's points by the plays.
        away: u32,
        /// The result the source gives, home first.
        told: String,
    },
}

/// Says which source a file is of.
///
/// # Errors
/// Where it is not JSON, or no play-by-play known here.
pub fn detect(bytes: &[u8]) -> Result<Source, ConvertError> {
    source_of(&parse(bytes)?).ok_or(ConvertError::UnknownSource)
}

/// Makes a recording of a finished game's play-by-play. `name` stands in for the stem of its file.
///
/// # Errors
/// Says what the file lacks.
pub fn convert(bytes: &[u8], name: &str, options: &Options) -> Result<Recording, ConvertError> {
    let value = parse(bytes)?;
    let source = source_of(&value).ok_or(ConvertError::UnknownSource)?;
    let script = match source {
        Source::NbaStats => nba_stats::script(value, options)?,
        Source::NbaCdn => nba_cdn::script(value, options)?,
        Source::NflShield => nfl_shield::script(value)?,
        Source::MlbStatsApi => mlb_statsapi::script(value)?,
        Source::NhlLegacy => nhl_legacy::script(value)?,
        Source::NhlWeb => nhl_web::script(value)?,
        Source::StatsBomb => statsbomb::script(value, options)?,
        Source::EspnClock => espn_clock::script(value)?,
        Source::EspnMlb => espn_mlb::script(value)?,
        Source::EspnSoccer => espn_soccer::script(value)?,
    };
    script.record(name).ok_or(ConvertError::Shape { source_name: source, detail: "no plays".to_owned() })
}

fn parse(bytes: &[u8]) -> Result<Value, ConvertError> {
    serde_json::from_slice(bytes).map_err(|error| ConvertError::NotJson {
        line: error.line(),
        column: error.column(),
        what: if error.classify() == Category::Eof { "it ends too early" } else { "it is malformed there" },
    })
}

fn source_of(value: &Value) -> Option<Source> {
    let has = |pointer: &str| value.pointer(pointer).is_some();
    if has("/driveChart/plays") && has("/homeTeam") {
        return Some(Source::NflShield);
    }
    if let Some(action) = value.pointer("/game/actions/0") {
        return Some(if action.get("timeActual").is_some() { Source::NbaCdn } else { Source::NbaStats });
    }
    if let Some(play) = value.pointer("/liveData/plays/allPlays/0/about") {
        return Some(if play.get("periodType").is_some() { Source::NhlLegacy } else { Source::MlbStatsApi });
    }
    if value.pointer("/plays/0/typeDescKey").is_some() && has("/homeTeam") {
        return Some(Source::NhlWeb);
    }
    if value.pointer("/0/type/name").is_some_and(|name| name == "Starting XI") {
        return Some(Source::StatsBomb);
    }
    let competition = value.pointer("/header/competitions/0")?;
    competition.get("competitors")?;
    if has("/keyEvents") {
        return Some(Source::EspnSoccer);
    }
    if has("/atBats") || value.pointer("/header/league/slug").is_some_and(|slug| slug == "mlb") {
        return Some(Source::EspnMlb);
    }
    (has("/drives/previous") || has("/plays")).then_some(Source::EspnClock)
}

/// Reads a source's shape.
fn shape<T: serde::de::DeserializeOwned>(source_name: Source, value: Value) -> Result<T, ConvertError> {
    serde_json::from_value(value)
        .map_err(|error| ConvertError::Shape { source_name, detail: error.to_string() })
}

/// Compares what the plays came to with what the source says.
fn agree(
    source_name: Source,
    plays: wirereport_actors::wire::game::Score,
    told: wirereport_actors::wire::game::Score,
) -> Result<(), ConvertError> {
    if plays == told {
        return Ok(());
    }
    let told = format!("{}-{}", told.home, told.away);
    Err(ConvertError::Inconsistent { source_name, home: plays.home, away: plays.away, told })
}
