//! `feed/live` of MLB's StatsAPI: every at-bat with its start, its end and the score after it.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Half, Phase, PlayKind, Score, Team};
use wirereport_actors::wire::sport::SportKey;

use super::timeline::{Fold, Script, Seen, Sight};
use super::{ConvertError, Source};
use crate::feeds::recording::format::TimeBase;

const SOURCE: Source = Source::MlbStatsApi;
/// From the last play to the final, for which no time is given.
const LAST_OUT: SignedDuration = SignedDuration::from_secs(15);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    game_pk: u64,
    game_data: GameData,
    live_data: LiveData,
}

#[derive(Deserialize)]
struct GameData {
    datetime: Datetime,
    status: Status,
    teams: Pair<TeamEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Datetime {
    date_time: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    coded_game_state: String,
}

#[derive(Deserialize)]
struct Pair<T> {
    home: T,
    away: T,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TeamEntry {
    id: u64,
    name: String,
    team_name: String,
    location_name: String,
    abbreviation: String,
}

#[derive(Deserialize)]
struct LiveData {
    plays: Plays,
    linescore: Linescore,
}

#[derive(Deserialize)]
struct Linescore {
    teams: Pair<Runs>,
}

#[derive(Deserialize)]
struct Runs {
    runs: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plays {
    all_plays: Vec<AtBat>,
}

#[derive(Deserialize)]
struct AtBat {
    result: AtBatResult,
    about: About,
    count: Count,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AtBatResult {
    home_score: u32,
    away_score: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    at_bat_index: u32,
    is_top_inning: bool,
    inning: u8,
    start_time: Timestamp,
    end_time: Timestamp,
}

#[derive(Deserialize)]
struct Count {
    outs: u8,
}

pub(super) fn script(value: Value) -> Result<Script, ConvertError> {
    let payload: Payload = super::shape(SOURCE, value)?;
    if !matches!(payload.game_data.status.coded_game_state.as_str(), "F" | "O") {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    let mut fold = Fold::default();
    let mut half_inning = None;
    for AtBat { result, about, count } in &payload.live_data.plays.all_plays {
        let (playing, over) =
            if about.is_top_inning { (Half::Top, Half::Middle) } else { (Half::Bottom, Half::End) };
        let seen = |at, half, outs| Seen {
            at,
            phase: Phase::Live,
            period: about.inning,
            clock: Some(Clock::Inning { half, outs }),
            id: Some(about.at_bat_index.to_string()),
            kind: PlayKind::Score,
        };
        if half_inning != Some((about.inning, about.is_top_inning)) {
            half_inning = Some((about.inning, about.is_top_inning));
            let score = fold.score;
            fold.see(seen(about.start_time, playing, Some(0)), score);
        }
        let score = Score { home: result.home_score, away: result.away_score };
        match count.outs {
            3.. => fold.see(seen(about.end_time, over, None), score),
            outs => fold.see(seen(about.end_time, playing, Some(outs)), score),
        }
    }
    let told = &payload.live_data.linescore.teams;
    super::agree(SOURCE, fold.score, Score { home: told.home.runs, away: told.away.runs })?;
    if let Some(last) = fold.sights.last().cloned() {
        fold.sights.push(Sight { at: last.at + LAST_OUT, phase: Phase::Final, ..last });
    }
    Ok(Script {
        sport: SportKey::new("mlb"),
        made_from: format!("MLB feed/live {}", payload.game_pk),
        clock: TimeBase::Real,
        feed_id: payload.game_pk.to_string(),
        starts_at: Some(payload.game_data.datetime.date_time),
        home: team(payload.game_data.teams.home),
        away: team(payload.game_data.teams.away),
        neutral: false,
        sights: fold.sights,
    })
}

fn team(entry: TeamEntry) -> Team {
    Team {
        id: entry.id.to_string(),
        name: entry.name,
        short_name: entry.team_name,
        place: entry.location_name,
        code: entry.abbreviation,
    }
}
