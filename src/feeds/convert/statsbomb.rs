//! A match of StatsBomb's open data: every touch of the ball with the match clock, and neither the date nor the league,
//! which have to be said. The side that is named first is taken for the host. Half-time is put at a quarter of an hour.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Phase, Play, PlayKind, Score, Team, Which};

use super::espn_soccer::minute_of;
use super::timeline::{Script, Sight};
use super::{ConvertError, Options, Source};
use crate::feeds::recording::format::TimeBase;

const SOURCE: Source = Source::StatsBomb;
const HALF_TIME: SignedDuration = SignedDuration::from_mins(15);
const SHORT_BREAK: SignedDuration = SignedDuration::from_mins(5);

#[derive(Deserialize)]
struct Event {
    id: String,
    index: u64,
    period: u8,
    /// Since the kick-off of the period: `00:18:21.121`.
    timestamp: String,
    #[serde(rename = "type")]
    kind: Named,
    team: TeamEntry,
    shot: Option<Shot>,
    foul_committed: Option<Foul>,
    bad_behaviour: Option<Foul>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize, Clone, PartialEq)]
struct TeamEntry {
    id: u64,
    name: String,
}

#[derive(Deserialize)]
struct Shot {
    outcome: Named,
    #[serde(rename = "type")]
    kind: Named,
}

#[derive(Deserialize)]
struct Foul {
    card: Option<Named>,
}

impl Event {
    /// What a board shows of it.
    fn shown(&self) -> Option<PlayKind> {
        if let Some(shot) = self.shot.as_ref().filter(|shot| shot.outcome.name == "Goal") {
            return Some(if shot.kind.name == "Penalty" { PlayKind::PenaltyGoal } else { PlayKind::Goal });
        }
        if self.kind.name == "Own Goal For" {
            return Some(PlayKind::OwnGoal);
        }
        let foul = self.foul_committed.as_ref().or(self.bad_behaviour.as_ref())?;
        let card = foul.card.as_ref()?;
        matches!(card.name.as_str(), "Red Card" | "Second Yellow").then_some(PlayKind::RedCard)
    }
}

pub(super) fn script(value: Value, options: &Options) -> Result<Script, ConvertError> {
    let mut events: Vec<Event> = super::shape(SOURCE, value)?;
    let wrong = |detail: String| ConvertError::Shape { source_name: SOURCE, detail };
    let starts_at = options.starts_at.ok_or(ConvertError::NeedsStart { source_name: SOURCE })?;
    let sport = options.league.clone().ok_or(ConvertError::NeedsLeague { source_name: SOURCE })?;
    let mut teams =
        events.iter().filter(|event| event.kind.name == "Starting XI").map(|event| event.team.clone());
    let (Some(home), Some(away)) = (teams.next(), teams.next()) else {
        return Err(wrong("no line-ups".to_owned()));
    };
    events.sort_by_key(|event| (event.period, event.index));
    let mut watch =
        Watch { sights: Vec::new(), kicked_off: starts_at, score: Score::default(), plays: Vec::new() };
    let last_period = events.iter().map(|event| event.period).max().unwrap_or_default();
    for event in &events {
        if event.period > 4 {
            return Err(wrong("a penalty shoot-out".to_owned()));
        }
        let into = since(&event.timestamp)
            .ok_or_else(|| wrong(format!("a time of `{}` in event {}", event.timestamp, event.index)))?;
        let side = if event.team == home { Which::Home } else { Which::Away };
        watch.see(event, into, side, last_period);
    }
    if watch.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    Ok(Script {
        sport,
        made_from: "StatsBomb events".to_owned(),
        clock: TimeBase::Stretched,
        feed_id: format!("statsbomb-{}-{}", home.id, away.id),
        starts_at: Some(starts_at),
        home: team(&home),
        away: team(&away),
        neutral: false,
        sights: watch.sights,
    })
}

struct Watch {
    sights: Vec<Sight>,
    kicked_off: Timestamp,
    score: Score,
    plays: Vec<Play>,
}

impl Watch {
    fn see(&mut self, event: &Event, into: SignedDuration, side: Which, last_period: u8) {
        if let Some(before) = self.sights.last().filter(|before| before.period < event.period) {
            let rest = if event.period == 2 { HALF_TIME } else { SHORT_BREAK };
            self.kicked_off = before.at + rest;
        }
        let clock = minute_of(event.period, into.as_mins());
        if let Some(kind) = event.shown() {
            let points = u32::from(kind != PlayKind::RedCard);
            match side {
                Which::Home => self.score.home += points,
                Which::Away => self.score.away += points,
            }
            let id = Some(event.id.clone());
            self.plays.push(Play { id, side: Some(side), points, kind, player: None, clock });
        }
        // The whistle is noted once for each side.
        let phase = match self.ended(event.period) {
            Some(phase) => phase,
            None if event.kind.name != "Half End" => Phase::Live,
            None if event.period == last_period => Phase::Final,
            None => Phase::Break,
        };
        self.sights.push(Sight {
            at: self.kicked_off + into,
            phase,
            period: event.period,
            clock,
            score: self.score,
            shootout: None,
            plays: self.plays.clone(),
        });
    }

    /// What that period ended as, if it has.
    fn ended(&self, period: u8) -> Option<Phase> {
        let last = self.sights.last().filter(|sight| sight.period == period && sight.phase != Phase::Live);
        last.map(|sight| sight.phase)
    }
}

fn since(timestamp: &str) -> Option<SignedDuration> {
    let mut parts = timestamp.split([':', '.']);
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    Some(SignedDuration::from_secs(hours * 3600 + minutes * 60 + seconds))
}

fn team(entry: &TeamEntry) -> Team {
    let code = entry.name.chars().filter(|c| c.is_alphabetic()).take(3).collect::<String>().to_uppercase();
    Team {
        id: entry.id.to_string(),
        name: entry.name.clone(),
        short_name: entry.name.clone(),
        place: entry.name.clone(),
        code,
    }
}
