//! A sport as the operator follows it: one league, with the shape its games have.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Our name of a league, as it stands in the settings: `nba`, `nfl`, `eng.1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct SportKey(String);

impl SportKey {
    /// Takes a key as it is written in the settings.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The family of rules a league plays by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// Four quarters or two halves, a clock that runs down.
    Basketball,
    /// American football.
    Football,
    /// Nine innings, no clock.
    Baseball,
    /// Three periods, a clock that runs down.
    Hockey,
    /// Two halves, a clock that runs up.
    Soccer,
    /// Matches of two players or two pairs, in sets.
    Tennis,
    /// Bouts of two fighters.
    Mma,
    /// Races.
    Racing,
    /// Tournaments by strokes.
    Golf,
}

impl Discipline {
    /// Whether athletes compete in it and not teams, so that only results are told.
    pub fn is_contest(self) -> bool {
        matches!(self, Self::Tennis | Self::Mma) || self.is_field()
    }

    /// Whether a contest has a field and not two sides.
    pub fn is_field(self) -> bool {
        matches!(self, Self::Racing | Self::Golf)
    }
}

impl Discipline {
    /// The margin of a close game: five points in basketball, as the NBA defines the clutch, one score in football, one goal
    /// or run elsewhere.
    pub fn close_margin(self) -> u32 {
        match self {
            Self::Basketball => 5,
            Self::Football => 8,
            _ => 1,
        }
    }
}

/// How long a game lasts when nothing is level at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regulation {
    /// Periods of regulation: quarters, halves, thirds or innings.
    pub periods: u8,
    /// Seconds of one period; 0 where there is no clock.
    pub period_seconds: u32,
    /// Seconds of one overtime period; 0 where there is none by the clock.
    pub overtime_seconds: u32,
}

/// One league the operator follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sport {
    /// Our key of the league.
    pub key: SportKey,
    /// What readers call it: `NBA`, `Premier League`.
    pub name: String,
    /// The rules it plays by.
    pub discipline: Discipline,
    /// How long its games last.
    pub regulation: Regulation,
}

const fn clock(periods: u8, period_minutes: u32, overtime_minutes: u32) -> Regulation {
    Regulation { periods, period_seconds: period_minutes * 60, overtime_seconds: overtime_minutes * 60 }
}

/// Contests of athletes have no periods that are told.
const CONTEST: Regulation = Regulation { periods: 1, period_seconds: 0, overtime_seconds: 0 };
const SOCCER: Regulation = clock(2, 45, 15);

const LEAGUES: &[(&str, &str, Discipline, Regulation)] = &[
    ("nba", "NBA", Discipline::Basketball, clock(4, 12, 5)),
    ("wnba", "WNBA", Discipline::Basketball, clock(4, 10, 5)),
    ("ncaam", "men's college basketball", Discipline::Basketball, clock(2, 20, 5)),
    ("ncaaw", "women's college basketball", Discipline::Basketball, clock(4, 10, 5)),
    ("nfl", "NFL", Discipline::Football, clock(4, 15, 10)),
    ("ncaaf", "college football", Discipline::Football, clock(4, 15, 0)),
    ("mlb", "MLB", Discipline::Baseball, clock(9, 0, 0)),
    ("nhl", "NHL", Discipline::Hockey, clock(3, 20, 5)),
    ("atp", "ATP", Discipline::Tennis, CONTEST),
    ("wta", "WTA", Discipline::Tennis, CONTEST),
    ("ufc", "UFC", Discipline::Mma, CONTEST),
    ("f1", "Formula 1", Discipline::Racing, CONTEST),
    ("pga", "PGA Tour", Discipline::Golf, CONTEST),
    ("lpga", "LPGA Tour", Discipline::Golf, CONTEST),
    ("eng.1", "Premier League", Discipline::Soccer, SOCCER),
    ("eng.2", "EFL Championship", Discipline::Soccer, SOCCER),
    ("eng.fa", "FA Cup", Discipline::Soccer, SOCCER),
    ("esp.1", "LaLiga", Discipline::Soccer, SOCCER),
    ("ger.1", "Bundesliga", Discipline::Soccer, SOCCER),
    ("ita.1", "Serie A", Discipline::Soccer, SOCCER),
    ("fra.1", "Ligue 1", Discipline::Soccer, SOCCER),
    ("ned.1", "Eredivisie", Discipline::Soccer, SOCCER),
    ("por.1", "Primeira Liga", Discipline::Soccer, SOCCER),
    ("sco.1", "Scottish Premiership", Discipline::Soccer, SOCCER),
    ("usa.1", "MLS", Discipline::Soccer, SOCCER),
    ("usa.nwsl", "NWSL", Discipline::Soccer, SOCCER),
    ("mex.1", "Liga MX", Discipline::Soccer, SOCCER),
    ("uefa.champions", "Champions League", Discipline::Soccer, SOCCER),
    ("uefa.europa", "Europa League", Discipline::Soccer, SOCCER),
    ("uefa.euro", "Euro", Discipline::Soccer, SOCCER),
    ("fifa.world", "World Cup", Discipline::Soccer, SOCCER),
    ("fifa.wwc", "Women's World Cup", Discipline::Soccer, SOCCER),
];

impl Sport {
    /// The league of that key, or `None` for a key that is neither in the table nor a soccer slug such as `eng.1`
    /// (two lower-case parts or more, joined by dots).
    pub fn of(key: &str) -> Option<Self> {
        let known = LEAGUES.iter().find(|(known, ..)| *known == key);
        if let Some((key, name, discipline, regulation)) = known {
            return Some(Self {
                key: SportKey::new(*key),
                name: (*name).to_owned(),
                discipline: *discipline,
                regulation: *regulation,
            });
        }
        is_soccer_slug(key).then(|| Self {
            key: SportKey::new(key),
            name: key.to_owned(),
            discipline: Discipline::Soccer,
            regulation: SOCCER,
        })
    }

    /// Every key of the built-in table, for messages and completions.
    pub fn known_keys() -> impl Iterator<Item = &'static str> {
        LEAGUES.iter().map(|(key, ..)| *key)
    }
}

fn is_soccer_slug(key: &str) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    parts.len() >= 2
        && parts.iter().all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
}
