//! ESPN summaries of soccer matches: kick-offs, goals, cards and whistles, each with the time of day. The match clock
//! runs through between them, so the minutes are counted from each kick-off.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, Play, PlayKind, Score, Which};

use super::espn::{ClockEntry, Named, Summary, TeamRef};
use super::timeline::{Script, Sight};
use super::{ConvertError, Source};

const SOURCE: Source = Source::EspnSoccer;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyEvent {
    id: String,
    #[serde(rename = "type")]
    kind: Named,
    period: Period,
    clock: ClockEntry,
    #[serde(default)]
    scoring_play: bool,
    #[serde(default)]
    shootout: bool,
    team: Option<TeamRef>,
    wallclock: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Period {
    number: u8,
}

impl KeyEvent {
    /// What a board shows of it; nothing for a whistle, a substitution or a yellow card.
    fn kind(&self) -> Option<PlayKind> {
        let name = self.kind.kind.as_str();
        match () {
            () if self.shootout => self.scoring_play.then_some(PlayKind::ShootoutGoal),
            () if name.contains("own-goal") => Some(PlayKind::OwnGoal),
            () if name.contains("penalty") && self.scoring_play => Some(PlayKind::PenaltyGoal),
            () if self.scoring_play => Some(PlayKind::Goal),
            () if name.contains("red-card") => Some(PlayKind::RedCard),
            () => None,
        }
    }

    fn ends_period(&self) -> bool {
        self.kind.kind.starts_with("halftime")
            || (self.kind.kind.starts_with("end-") && self.kind.kind != "end-delay")
    }

    fn clock(&self) -> Option<Clock> {
        let (minute, added) = match self.clock.display.split_once('+') {
            Some((minute, added)) => (minute, added.trim_end_matches('\'').parse().ok()?),
            None => (self.clock.display.as_str(), 0),
        };
        Some(Clock::Minute { minute: minute.trim_end_matches('\'').parse().ok()?, added })
    }
}

pub(super) fn script(mut value: Value) -> Result<Script, ConvertError> {
    let summary = Summary::read(SOURCE, &value)?;
    let events = value.get_mut("keyEvents").map_or(Value::Null, Value::take);
    let mut events: Vec<KeyEvent> = super::shape(SOURCE, events)?;
    events.retain(|event| event.wallclock.is_some());
    let mut watch = Watch { summary: &summary, sights: Vec::new(), kicked_off: Timestamp::MIN };
    for (index, event) in events.iter().enumerate() {
        let Some(at) = event.wallclock else { continue };
        watch.minutes_until(at);
        watch.see(event, at, index + 1 == events.len());
    }
    let sights = watch.sights;
    let ended = sights.last().is_some_and(|sight| sight.phase == Phase::Final);
    if !ended {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    super::agree(SOURCE, sights.last().map_or_else(Score::default, |sight| sight.score), summary.score)?;
    if let Some(told) = summary.shootout {
        super::agree(SOURCE, sights.last().and_then(|sight| sight.shootout).unwrap_or_default(), told)?;
    }
    Ok(summary.script(sights))
}

struct Watch<'a> {
    summary: &'a Summary,
    sights: Vec<Sight>,
    kicked_off: Timestamp,
}

impl Watch<'_> {
    /// A sight for each minute of play up to `at`.
    fn minutes_until(&mut self, at: Timestamp) {
        let Some(last) = self.sights.last().cloned() else { return };
        if last.phase != Phase::Live {
            return;
        }
        let mut played = last.at.duration_since(self.kicked_off).as_mins() + 1;
        while let Ok(minute) = self.kicked_off.checked_add(SignedDuration::from_mins(played)) {
            if minute >= at {
                break;
            }
            let clock = minute_of(last.period, played);
            self.sights.push(Sight { at: minute, clock, ..last.clone() });
            played += 1;
        }
    }

    fn see(&mut self, event: &KeyEvent, at: Timestamp, is_last: bool) {
        let before = self.sights.last().cloned();
        let period = event.period.number;
        let starts = before.as_ref().is_none_or(|sight| sight.period < period);
        if starts {
            self.kicked_off = at;
        }
        let phase = match before.as_ref().map(|sight| sight.phase) {
            _ if is_last && (event.ends_period() || event.shootout) => Phase::Final,
            _ if event.shootout => Phase::Shootout,
            _ if event.ends_period() => Phase::Break,
            Some(phase) if !starts => phase,
            _ => Phase::Live,
        };
        let clock = if starts { minute_of(period, 0) } else { event.clock() };
        let mut sight = before.unwrap_or(Sight {
            at,
            phase,
            period,
            clock,
            score: Score::default(),
            shootout: None,
            plays: Vec::new(),
        });
        sight = Sight { at, phase, period, clock: clock.or(sight.clock), ..sight };
        if phase == Phase::Shootout {
            sight.shootout.get_or_insert_default();
        }
        if let Some(kind) = event.kind() {
            self.show(&mut sight, event, kind);
        }
        self.sights.push(sight);
    }

    fn show(&self, sight: &mut Sight, event: &KeyEvent, kind: PlayKind) {
        let side = event.team.as_ref().and_then(|team| match &team.id {
            id if *id == self.summary.home.id => Some(Which::Home),
            id if *id == self.summary.away.id => Some(Which::Away),
            _ => None,
        });
        let points = u32::from(event.scoring_play && !event.shootout);
        let tally = match event.shootout {
            true => sight.shootout.get_or_insert_default(),
            false => &mut sight.score,
        };
        match side {
            Some(Which::Home) if event.scoring_play => tally.home += 1,
            Some(Which::Away) if event.scoring_play => tally.away += 1,
            _ => {}
        }
        let id = Some(event.id.clone());
        sight.plays.push(Play { id, side, points, kind, player: None, clock: event.clock() });
    }
}

/// The match clock so many minutes after the kick-off of a period: two halves of 45 minutes, then two of 15.
pub(super) fn minute_of(period: u8, played: i64) -> Option<Clock> {
    let (before, length) = match period {
        1 => (0, 45),
        2 => (45, 45),
        3 => (90, 15),
        4 => (105, 15),
        _ => return None,
    };
    let played = u16::try_from(played).ok()?;
    let added = (played + 1).saturating_sub(length);
    Some(Clock::Minute { minute: before + (played + 1).min(length), added })
}
