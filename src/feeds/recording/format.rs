//! The lines of a recording, version 1.
//!
//! A recording is UTF-8 text, one JSON object a line, named `.jsonl`. The first line is the [`Header`]; every further
//! line is a [`Frame`]: one poll, with only what changed since the poll before. A frame in which nothing changed is its
//! time alone. Keys are short because there are thousands of frames; unknown keys are refused, since a reader that
//! skips what it does not know would show another game than the one that was recorded.
//!
//! What stays away is unchanged, `null` is none. A side's pair is `[home, away]`. `tests/recordings/README.md` shows
//! the same for people.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use wirereport_actors::wire::contest::Contest;
use wirereport_actors::wire::game::{Bases, Clock, Half, Phase, Play, PlayKind, Team, Which};
use wirereport_actors::wire::milestone::Leader;
use wirereport_actors::wire::sport::SportKey;

/// What the first line calls itself.
pub const NAME: &str = "wirereport-recording";

/// The version written, and the only one read.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`NAME`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The league.
    pub sport: SportKey,
    /// What it shows, for people: `Atlanta Hawks at Boston Celtics`.
    pub title: String,
    /// Where its facts are from: a feed, or a play-by-play that was converted.
    pub made_from: String,
    /// Whether its times are the real ones.
    pub clock: TimeBase,
    /// Teams, by a key of this file: the code, with a number where two share one.
    #[serde(default)]
    pub teams: BTreeMap<String, Team>,
    /// Games, in the order by which frames number them from 0.
    #[serde(default)]
    pub games: Vec<GameLine>,
}

/// Where a recording's times come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeBase {
    /// The wall clock of the game.
    Real,
    /// The game clock, stretched to the wall clock between the few times that are known.
    Stretched,
}

/// A game as it is declared, in the header or in the first frame that shows it. Declared again under the same id, it
/// keeps its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GameLine {
    /// The feed's id.
    pub id: String,
    /// The home team's key.
    pub home: String,
    /// The away team's key.
    pub away: String,
    /// The scheduled start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// Whether the site is neutral.
    #[serde(default, skip_serializing_if = "is_default")]
    pub neutral: bool,
}

/// One poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// When the answer arrived.
    pub t: Timestamp,
    /// Teams that were not declared before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub teams: BTreeMap<String, Team>,
    /// Games that were not declared before, or have another team, start or site now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub games: Vec<GameLine>,
    /// The numbers of the games on the board in its order, where that changed. The board starts empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<Vec<usize>>,
    /// What changed, game by game.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub d: Vec<Delta>,
}

/// What changed in one game. A game starts as scheduled, in period 0, with nothing known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// The game's number; left out for 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub g: usize,
    /// Phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<Phase>,
    /// Number of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u8>,
    /// Clock.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub c: Option<Option<ClockText>>,
    /// Score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s: Option<[Option<u32>; 2]>,
    /// Shoot-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub so: Option<[Option<u32>; 2]>,
    /// Score of each period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<[Vec<u32>; 2]>,
    /// Rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r: Option<[Option<u8>; 2]>,
    /// Winner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub w: Option<[Option<bool>; 2]>,
    /// Bases that are taken: `""`, `"1"`, `"13"`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub b: Option<Option<BasesText>>,
    /// Home's chance to win, to four decimals.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub x: Option<Option<f64>>,
    /// Expected home margin, to four decimals.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub m: Option<Option<f64>>,
    /// The plays the board shows, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pl: Option<Vec<PlayLine>>,
    /// The players' figures the board shows, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l: Option<Vec<Leader>>,
    /// What a contest of athletes has instead of scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<Contest>,
    /// Note.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub o: Option<Option<String>>,
}

impl Delta {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self { g: self.g, ..Self::default() }
    }
}

/// A play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayLine {
    /// The feed's id of the play.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    i: Option<String>,
    /// Its side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<Which>,
    /// Points; left out for 0.
    #[serde(default, skip_serializing_if = "is_default")]
    p: u32,
    /// Kind.
    k: PlayKind,
    /// The player.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<String>,
    /// Clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c: Option<ClockText>,
}

impl From<&Play> for PlayLine {
    fn from(play: &Play) -> Self {
        Self {
            i: play.id.clone(),
            s: play.side,
            p: play.points,
            k: play.kind,
            b: play.player.clone(),
            c: play.clock.map(ClockText),
        }
    }
}

impl From<&PlayLine> for Play {
    fn from(line: &PlayLine) -> Self {
        Self {
            id: line.i.clone(),
            side: line.s,
            points: line.p,
            kind: line.k,
            player: line.b.clone(),
            clock: line.c.map(|clock| clock.0),
        }
    }
}

/// A clock as it is written: milliseconds left as a number; `"45"` or `"45+4"` for a minute; `"top"`, or `"top 2"` with
/// two outs, for an inning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockText(pub Clock);

const HALVES: [(Half, &str); 4] =
    [(Half::Top, "top"), (Half::Middle, "mid"), (Half::Bottom, "bot"), (Half::End, "end")];

impl fmt::Display for ClockText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Clock::Left { millis } => write!(f, "{millis}"),
            Clock::Minute { minute, added: 0 } => write!(f, "{minute}"),
            Clock::Minute { minute, added } => write!(f, "{minute}+{added}"),
            Clock::Inning { half, outs } => {
                let name = HALVES.iter().find(|(known, _)| *known == half).map_or("", |(_, name)| name);
                match outs {
                    Some(outs) => write!(f, "{name} {outs}"),
                    None => f.write_str(name),
                }
            }
        }
    }
}

impl FromStr for ClockText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "`{text}` is not a clock: expected milliseconds as a number, \"45+4\", \"top\" or \"bot 2\""
            )
        };
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            let (minute, added) = text.split_once('+').unwrap_or((text, "0"));
            let minute = minute.parse().map_err(|_| wrong())?;
            let added = added.parse().map_err(|_| wrong())?;
            return Ok(Self(Clock::Minute { minute, added }));
        }
        let (name, outs) = match text.split_once(' ') {
            Some((name, outs)) => (name, Some(outs.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let half =
            HALVES.iter().find(|(_, known)| *known == name).map(|(half, _)| *half).ok_or_else(wrong)?;
        Ok(Self(Clock::Inning { half, outs }))
    }
}

impl Serialize for ClockText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Clock::Left { millis } => serializer.serialize_u32(millis),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for ClockText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ClockVisitor)
    }
}

struct ClockVisitor;

impl de::Visitor<'_> for ClockVisitor {
    type Value = ClockText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a clock: milliseconds left, \"45+4\", \"top\" or \"bot 2\"")
    }

    fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Self::Value, E> {
        let millis = u32::try_from(millis).map_err(|_| E::custom(format!("a clock of {millis} ms")))?;
        Ok(ClockText(Clock::Left { millis }))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map_err(E::custom)
    }
}

/// Bases as they are written: the numbers of those that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasesText(pub Bases);

impl Serialize for BasesText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Bases { first, second, third } = self.0;
        let taken = [(first, '1'), (second, '2'), (third, '3')];
        serializer.collect_str(&taken.iter().filter(|(on, _)| *on).map(|(_, base)| *base).collect::<String>())
    }
}

impl<'de> Deserialize<'de> for BasesText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !["", "1", "2", "3", "12", "13", "23", "123"].contains(&text.as_str()) {
            return Err(de::Error::custom(format!(
                "`{text}` is no set of bases: expected \"\", \"1\" or \"13\""
            )));
        }
        let on = |base| text.contains(base);
        Ok(Self(Bases { first: on('1'), second: on('2'), third: on('3') }))
    }
}

/// Tells a key that is `null` from one that stays away.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
