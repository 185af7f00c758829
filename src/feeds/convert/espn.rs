//! What every summary of ESPN has in common: its header.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use wirereport_actors::wire::game::{Score, Team};
use wirereport_actors::wire::sport::SportKey;

use super::timeline::{Script, Sight};
use super::{ConvertError, Source};
use crate::feeds::recording::format::TimeBase;

#[derive(Deserialize)]
pub(super) struct Header {
    id: String,
    competitions: Vec<Competition>,
    league: League,
    #[serde(default)]
    pub(super) season: Season,
}

#[derive(Deserialize, Default)]
pub(super) struct Season {
    /// 3 after the season proper.
    #[serde(default, rename = "type")]
    pub(super) kind: u32,
}

#[derive(Deserialize)]
struct League {
    slug: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Competition {
    #[serde(deserialize_with = "minute")]
    date: Timestamp,
    #[serde(default)]
    neutral_site: bool,
    competitors: Vec<Competitor>,
    status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Competitor {
    home_away: String,
    team: TeamEntry,
    score: Option<String>,
    shootout_score: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TeamEntry {
    id: String,
    display_name: String,
    short_display_name: Option<String>,
    name: Option<String>,
    location: String,
    abbreviation: String,
}

#[derive(Deserialize)]
struct Status {
    #[serde(rename = "type")]
    kind: StatusType,
}

#[derive(Deserialize)]
struct StatusType {
    completed: bool,
}

/// A header that was checked: two sides, over, with a result.
pub(super) struct Summary {
    pub(super) id: String,
    pub(super) league: String,
    pub(super) postseason: bool,
    pub(super) starts_at: Timestamp,
    neutral: bool,
    pub(super) home: Team,
    pub(super) away: Team,
    pub(super) score: Score,
    pub(super) shootout: Option<Score>,
}

impl Summary {
    pub(super) fn read(source_name: Source, value: &Value) -> Result<Self, ConvertError> {
        let header = value.get("header").cloned().unwrap_or(Value::Null);
        let header: Header = super::shape(source_name, header)?;
        let wrong = |what: &str| ConvertError::Shape { source_name, detail: format!("no {what}") };
        let postseason = header.season.kind == 3;
        let competition = header.competitions.into_iter().next().ok_or_else(|| wrong("competition"))?;
        if !competition.status.kind.completed {
            return Err(ConvertError::Unfinished { source_name });
        }
        let mut sides = competition.competitors.into_iter();
        let (Some(one), Some(other)) = (sides.next(), sides.next()) else {
            return Err(wrong("two sides"));
        };
        let (home, away) = if one.home_away == "home" { (one, other) } else { (other, one) };
        let points = |side: &Competitor| side.score.as_deref().and_then(|score| score.parse().ok());
        let score = points(&home).zip(points(&away)).ok_or_else(|| wrong("result"))?;
        let shootout = home.shootout_score.zip(away.shootout_score);
        let pair = |(home, away)| Score { home, away };
        Ok(Self {
            id: header.id,
            league: header.league.slug,
            postseason,
            starts_at: competition.date,
            neutral: competition.neutral_site,
            home: team(home.team),
            away: team(away.team),
            score: pair(score),
            shootout: shootout.map(pair),
        })
    }

    pub(super) fn script(self, sights: Vec<Sight>) -> Script {
        Script {
            sport: SportKey::new(self.league),
            made_from: format!("ESPN summary {}", self.id),
            clock: TimeBase::Real,
            feed_id: self.id,
            starts_at: Some(self.starts_at),
            home: self.home,
            away: self.away,
            neutral: self.neutral,
            sights,
        }
    }
}

fn team(entry: TeamEntry) -> Team {
    let short_name = entry.short_display_name.or(entry.name);
    Team {
        id: entry.id,
        short_name: short_name.unwrap_or_else(|| entry.display_name.clone()),
        name: entry.display_name,
        place: entry.location,
        code: entry.abbreviation,
    }
}

/// `2023-07-19T16:35Z`: to the minute.
fn minute<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    pub(super) text: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

#[derive(Deserialize)]
pub(super) struct ClockEntry {
    #[serde(rename = "displayValue")]
    pub(super) display: String,
}

#[derive(Deserialize)]
pub(super) struct TeamRef {
    pub(super) id: String,
}
