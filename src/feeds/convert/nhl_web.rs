//! `gamecenter/…/play-by-play` of the NHL's api-web: every event with the game clock and none with the time of day. The
//! clock is stretched at the pace of a usual game: a period in 38 minutes, with 18 minutes between two of them.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, PlayKind, Score, Team};
use wirereport_actors::wire::sport::SportKey;

use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Source};
use crate::feeds::recording::format::TimeBase;

const SOURCE: Source = Source::NhlWeb;
/// Seconds of wall clock for one second of play.
const PACE: f64 = 1.9;
const INTERMISSION: SignedDuration = SignedDuration::from_mins(18);
/// Before overtime the ice is not done anew.
const SHORT_BREAK: SignedDuration = SignedDuration::from_secs(90);
const PERIOD_SECONDS: u32 = 1200;
const OVERTIME_SECONDS: u32 = 300;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    id: u64,
    game_type: u8,
    #[serde(rename = "startTimeUTC")]
    starts_at: Timestamp,
    home_team: TeamEntry,
    away_team: TeamEntry,
    plays: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TeamEntry {
    id: u64,
    common_name: Named,
    place_name: Named,
    abbrev: String,
    score: u32,
}

#[derive(Deserialize)]
struct Named {
    default: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_id: u64,
    sort_order: u64,
    period_descriptor: Period,
    time_remaining: String,
    type_desc_key: String,
    #[serde(default)]
    details: Details,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Period {
    number: u8,
    period_type: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Details {
    home_score: Option<u32>,
    away_score: Option<u32>,
}

pub(super) fn script(value: Value) -> Result<Script, ConvertError> {
    let mut payload: Payload = super::shape(SOURCE, value)?;
    payload.plays.sort_by_key(|event| event.sort_order);
    let wrong = |detail: String| ConvertError::Shape { source_name: SOURCE, detail };
    let regular_season = payload.game_type == 2;
    let mut fold = Fold::default();
    let (mut number, mut opened) = (1, payload.starts_at);
    for event in &payload.plays {
        let period = event.period_descriptor.number;
        if event.period_descriptor.period_type == "SO" {
            return Err(wrong("a shoot-out, which it does not count goal by goal".to_owned()));
        }
        let short = regular_season && period > 3;
        if period > number {
            let rest = if short { SHORT_BREAK } else { INTERMISSION };
            opened = fold.last_at().unwrap_or(opened) + rest;
            number = period;
        }
        let left = seconds(&event.time_remaining).ok_or_else(|| {
            wrong(format!("a clock of `{}` in event {}", event.time_remaining, event.event_id))
        })?;
        let length = if short { OVERTIME_SECONDS } else { PERIOD_SECONDS };
        let played = SignedDuration::from_secs(i64::from(length.saturating_sub(left)));
        let phase = match event.type_desc_key.as_str() {
            "period-end" => Phase::Break,
            "game-end" => Phase::Final,
            _ => Phase::Live,
        };
        let score = event.details.home_score.zip(event.details.away_score);
        let score = score.map_or(fold.score, |(home, away)| Score { home, away });
        let seen = Seen {
            at: opened + played.mul_f64(PACE),
            phase,
            period,
            clock: Some(Clock::Left { millis: left * 1000 }),
            id: Some(event.event_id.to_string()),
            kind: PlayKind::Goal,
        };
        fold.see(seen, score);
    }
    if fold.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    let told = Score { home: payload.home_team.score, away: payload.away_team.score };
    super::agree(SOURCE, fold.score, told)?;
    Ok(Script {
        sport: SportKey::new("nhl"),
        made_from: format!("NHL play-by-play {}", payload.id),
        clock: TimeBase::Stretched,
        feed_id: payload.id.to_string(),
        starts_at: Some(payload.starts_at),
        home: team(payload.home_team),
        away: team(payload.away_team),
        neutral: false,
        sights: fold.sights,
    })
}

fn seconds(clock: &str) -> Option<u32> {
    let (minutes, seconds) = clock.split_once(':')?;
    Some(minutes.parse::<u32>().ok()? * 60 + seconds.parse::<u32>().ok()?)
}

fn team(entry: TeamEntry) -> Team {
    let (place, short_name) = (entry.place_name.default, entry.common_name.default);
    Team {
        id: entry.id.to_string(),
        name: format!("{place} {short_name}"),
        short_name,
        place,
        code: entry.abbrev,
    }
}
