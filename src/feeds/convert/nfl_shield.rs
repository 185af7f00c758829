//! A game of NFL.com's Shield API: its drive chart gives nearly every play a time of day, its scoring summaries the
//! score after each. A touchdown's summary includes the try, so the six points and the try are told apart by the plays
//! they name: readers saw them half a minute apart.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, PlayKind, Score, Team};
use wirereport_actors::wire::sport::SportKey;

use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Source};
use crate::feeds::recording::format::TimeBase;

const SOURCE: Source = Source::NflShield;
/// From the last play of a quarter to its end, for which no time is given.
const WHISTLE: SignedDuration = SignedDuration::from_secs(10);
const TOUCHDOWN: u32 = 6;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    id: String,
    home_team: TeamEntry,
    away_team: TeamEntry,
    time: Timestamp,
    #[serde(default)]
    neutral_site: bool,
    summary: Summary,
    drive_chart: DriveChart,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TeamEntry {
    id: String,
    full_name: String,
    current_logo: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    phase: String,
    start_time: Option<Timestamp>,
    home_team: TeamScore,
    away_team: TeamScore,
}

#[derive(Deserialize)]
struct TeamScore {
    score: Total,
}

#[derive(Deserialize)]
struct Total {
    total: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DriveChart {
    plays: Vec<PlayEntry>,
    scoring_summaries: Vec<Scoring>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlayEntry {
    play_id: u64,
    clock_time: Option<String>,
    #[serde(default)]
    play_deleted: bool,
    play_start_time: Option<Timestamp>,
    play_end_time: Option<Timestamp>,
    play_type: String,
    quarter: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scoring {
    away_score: u32,
    home_score: u32,
    clock_time: Option<String>,
    score_type: String,
    scoring_play_id: u64,
    #[serde(default)]
    pat_play_id: u64,
}

/// What a play brings: the score after it and the clock it was scored at.
struct Change<'a> {
    play: u64,
    score: Score,
    clock: Option<&'a str>,
}

pub(super) fn script(value: Value) -> Result<Script, ConvertError> {
    let payload: Payload = super::shape(SOURCE, value)?;
    if !payload.summary.phase.starts_with("FINAL") {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    let changes = changes(&payload.drive_chart.scoring_summaries);
    let mut fold = Fold::default();
    let mut opened = payload.summary.start_time.unwrap_or(payload.time);
    for play in payload.drive_chart.plays.iter().filter(|play| !play.play_deleted) {
        let change = changes.iter().find(|change| change.play == play.play_id);
        let score = change.map_or(fold.score, |change| change.score);
        let (phase, at) = match play.play_type.as_str() {
            "GAME_START" => continue,
            "END_QUARTER" => (Phase::Break, opened + WHISTLE),
            "END_GAME" => (Phase::Final, opened + WHISTLE),
            _ => (Phase::Live, time_of(play, change.is_some()).unwrap_or(opened)),
        };
        let clock = match (phase, change.and_then(|change| change.clock).or(play.clock_time.as_deref())) {
            (Phase::Live, Some(text)) => Some(clock(text)?),
            (Phase::Live, None) => fold.sights.last().and_then(|sight| sight.clock),
            _ => Some(Clock::Left { millis: 0 }),
        };
        let id = Some(play.play_id.to_string());
        opened = at;
        fold.see(Seen { at, phase, period: play.quarter, clock, id, kind: PlayKind::Score }, score);
    }
    let Summary { home_team, away_team, .. } = &payload.summary;
    super::agree(SOURCE, fold.score, Score { home: home_team.score.total, away: away_team.score.total })?;
    if fold.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    Ok(Script {
        sport: SportKey::new("nfl"),
        made_from: format!("NFL.com game {}", payload.id),
        clock: TimeBase::Real,
        starts_at: Some(payload.time),
        home: team(payload.home_team)?,
        away: team(payload.away_team)?,
        feed_id: payload.id,
        neutral: payload.neutral_site,
        sights: fold.sights,
    })
}

/// A play that scores is seen at its end, where that is known; any other at the snap.
fn time_of(play: &PlayEntry, scores: bool) -> Option<Timestamp> {
    play.play_end_time.filter(|_| scores).or(play.play_start_time)
}

fn changes(summaries: &[Scoring]) -> Vec<Change<'_>> {
    let mut changes = Vec::new();
    let mut before = Score::default();
    for summary in summaries {
        let after = Score { home: summary.home_score, away: summary.away_score };
        let clock = summary.clock_time.as_deref();
        let tried = summary.score_type == "TOUCHDOWN" && summary.pat_play_id != 0;
        let scored = if tried { touchdown(before, after) } else { after };
        changes.push(Change { play: summary.scoring_play_id, score: scored, clock });
        if tried {
            changes.push(Change { play: summary.pat_play_id, score: after, clock });
        }
        before = after;
    }
    changes
}

/// The score between a touchdown and its try.
fn touchdown(before: Score, after: Score) -> Score {
    if after.home >= before.home + TOUCHDOWN {
        Score { home: before.home + TOUCHDOWN, away: before.away }
    } else {
        Score { home: before.home, away: before.away + TOUCHDOWN }
    }
}

fn clock(text: &str) -> Result<Clock, ConvertError> {
    let read = text.split_once(':').and_then(|(minutes, seconds)| {
        let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
        Some(Clock::Left { millis: (minutes * 60 + seconds) * 1000 })
    });
    read.ok_or_else(|| ConvertError::Shape { source_name: SOURCE, detail: format!("a clock of `{text}`") })
}

/// A team by its full name and the code its logo's address ends in. Every club's own name is its last word.
fn team(entry: TeamEntry) -> Result<Team, ConvertError> {
    let wrong = |what: &str| ConvertError::Shape {
        source_name: SOURCE,
        detail: format!("no {what} for {}", entry.full_name),
    };
    let code = entry.current_logo.rsplit('/').next().filter(|code| (2..=3).contains(&code.len()));
    let code = code.ok_or_else(|| wrong("code"))?.to_owned();
    let (place, short_name) = entry.full_name.rsplit_once(' ').ok_or_else(|| wrong("place"))?;
    Ok(Team {
        place: place.to_owned(),
        short_name: short_name.to_owned(),
        id: entry.id,
        name: entry.full_name.clone(),
        code,
    })
}
