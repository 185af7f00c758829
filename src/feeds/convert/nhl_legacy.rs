//! `feed/live` of the NHL's old StatsAPI: every event with the game clock and the time of day. The goals of a shoot-out
//! are not in its score, which stays level; they are counted beside it.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, Play, PlayKind, Score, Team, Which};
use wirereport_actors::wire::sport::SportKey;

use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Source};
use crate::feeds::recording::format::TimeBase;

const SOURCE: Source = Source::NhlLegacy;

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
    teams: Pair<TeamEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Datetime {
    date_time: Timestamp,
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
    tri_code: String,
}

#[derive(Deserialize)]
struct LiveData {
    plays: Plays,
    linescore: Linescore,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plays {
    all_plays: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Linescore {
    #[serde(default)]
    has_shootout: bool,
    shootout_info: Option<Pair<Tally>>,
}

#[derive(Deserialize)]
struct Tally {
    scores: u32,
}

#[derive(Deserialize)]
struct Event {
    result: EventResult,
    about: About,
    team: Option<EventTeam>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventResult {
    event_type_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    event_id: u64,
    period: u8,
    period_type: String,
    period_time_remaining: String,
    date_time: Timestamp,
    goals: Pair<u32>,
}

#[derive(Deserialize)]
struct EventTeam {
    id: u64,
}

pub(super) fn script(value: Value) -> Result<Script, ConvertError> {
    let payload: Payload = super::shape(SOURCE, value)?;
    let teams = payload.game_data.teams;
    let mut fold = Fold::default();
    let mut shootout: Option<Score> = None;
    let mut phase = Phase::Scheduled;
    for event in &payload.live_data.plays.all_plays {
        let decider = event.about.period_type == "SHOOTOUT";
        phase = match event.result.event_type_id.as_str() {
            "PERIOD_START" if decider => Phase::Shootout,
            "PERIOD_START" => Phase::Live,
            "PERIOD_END" if decider => Phase::Shootout,
            "PERIOD_END" => Phase::Break,
            "GAME_END" => Phase::Final,
            _ => phase,
        };
        // A break belongs to the period that ended, also when the next one is announced.
        if phase == Phase::Scheduled || event.result.event_type_id == "PERIOD_READY" {
            continue;
        }
        let score = Score { home: event.about.goals.home, away: event.about.goals.away };
        fold.see(seen(event, phase)?, score);
        if phase == Phase::Shootout {
            shootout.get_or_insert_default();
        }
        let Some(sight) = fold.sights.last_mut() else { continue };
        if let Some(tally) = shootout.as_mut() {
            sight.clock = None;
            sight.plays.clear();
            if event.result.event_type_id == "GOAL" {
                let side = side_of(event, &teams);
                tally_goal(tally, side);
                sight.plays.push(shootout_goal(event, side));
            }
            sight.shootout = Some(*tally);
        }
    }
    let Linescore { has_shootout, shootout_info } = payload.live_data.linescore;
    if let Some(told) = shootout_info.filter(|_| has_shootout) {
        let told = Score { home: told.home.scores, away: told.away.scores };
        super::agree(SOURCE, shootout.unwrap_or_default(), told)?;
    }
    if fold.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    Ok(Script {
        sport: SportKey::new("nhl"),
        made_from: format!("NHL feed/live {}", payload.game_pk),
        clock: TimeBase::Real,
        feed_id: payload.game_pk.to_string(),
        starts_at: Some(payload.game_data.datetime.date_time),
        home: team(teams.home),
        away: team(teams.away),
        neutral: false,
        sights: fold.sights,
    })
}

fn seen(event: &Event, phase: Phase) -> Result<Seen, ConvertError> {
    let text = &event.about.period_time_remaining;
    let left = text.split_once(':').and_then(|(minutes, seconds)| {
        let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
        Some((minutes * 60 + seconds) * 1000)
    });
    let millis = left.ok_or_else(|| ConvertError::Shape {
        source_name: SOURCE,
        detail: format!("a clock of `{text}` in event {}", event.about.event_id),
    })?;
    Ok(Seen {
        at: event.about.date_time,
        phase,
        period: event.about.period,
        clock: Some(Clock::Left { millis }),
        id: Some(event.about.event_id.to_string()),
        kind: PlayKind::Goal,
    })
}

fn side_of(event: &Event, teams: &Pair<TeamEntry>) -> Option<Which> {
    match event.team.as_ref().map(|team| team.id)? {
        id if id == teams.home.id => Some(Which::Home),
        id if id == teams.away.id => Some(Which::Away),
        _ => None,
    }
}

fn tally_goal(tally: &mut Score, side: Option<Which>) {
    match side {
        Some(Which::Home) => tally.home += 1,
        Some(Which::Away) => tally.away += 1,
        None => {}
    }
}

fn shootout_goal(event: &Event, side: Option<Which>) -> Play {
    let id = Some(event.about.event_id.to_string());
    Play { id, side, points: 0, kind: PlayKind::ShootoutGoal, player: None, clock: None }
}

fn team(entry: TeamEntry) -> Team {
    Team {
        id: entry.id.to_string(),
        name: entry.name,
        short_name: entry.team_name,
        place: entry.location_name,
        code: entry.tri_code,
    }
}
