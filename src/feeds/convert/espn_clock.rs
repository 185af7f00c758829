//! ESPN summaries of games by the clock: basketball, football, hockey. Every play has the score, the game clock and the
//! time of day. A score that one play takes back is kept as it was seen.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, PlayKind, Score};
use wirereport_actors::wire::sport::{Discipline, Sport};

use super::espn::{ClockEntry, Named, Summary};
use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Source};

const SOURCE: Source = Source::EspnClock;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlayEntry {
    id: String,
    #[serde(rename = "type")]
    kind: Named,
    away_score: u32,
    home_score: u32,
    period: Period,
    clock: ClockEntry,
    wallclock: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Period {
    number: u8,
}

pub(super) fn script(value: Value) -> Result<Script, ConvertError> {
    let summary = Summary::read(SOURCE, &value)?;
    let wrong = |detail: String| ConvertError::Shape { source_name: SOURCE, detail };
    let sport = Sport::of(&summary.league).ok_or_else(|| wrong(format!("league `{}`", summary.league)))?;
    let plays: Vec<PlayEntry> = super::shape(SOURCE, plays(value))?;
    let mut fold = Fold::default();
    for (index, play) in plays.iter().enumerate() {
        let Some(at) = play.wallclock else { continue };
        let period = play.period.number;
        if sport.discipline == Discipline::Hockey && period > 4 && !summary.postseason {
            return Err(wrong("a shoot-out, which it does not count goal by goal".to_owned()));
        }
        let millis = left(&sport, &summary, play)
            .ok_or_else(|| wrong(format!("a clock of `{}` in play {}", play.clock.display, play.id)))?;
        let phase = match play.kind.text.starts_with("End") || play.kind.text.ends_with("End") {
            true if index + 1 == plays.len() => Phase::Final,
            true => Phase::Break,
            false => Phase::Live,
        };
        let kind = if sport.discipline == Discipline::Hockey { PlayKind::Goal } else { PlayKind::Score };
        let clock = Some(Clock::Left { millis });
        let score = Score { home: play.home_score, away: play.away_score };
        fold.see(Seen { at, phase, period, clock, id: Some(play.id.clone()), kind }, score);
    }
    super::agree(SOURCE, fold.score, summary.score)?;
    if fold.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    Ok(summary.script(fold.sights))
}

/// Football keeps its plays by drive.
fn plays(mut value: Value) -> Value {
    let Some(Value::Array(drives)) = value.pointer_mut("/drives/previous").map(Value::take) else {
        return value.get_mut("plays").map_or(Value::Null, Value::take);
    };
    let of_drive = |mut drive: Value| match drive.get_mut("plays").map(Value::take) {
        Some(Value::Array(plays)) => plays,
        _ => Vec::new(),
    };
    Value::Array(drives.into_iter().flat_map(of_drive).collect())
}

/// Milliseconds left. Hockey's clock runs up in these plays; the last minute of a basketball quarter is in tenths.
fn left(sport: &Sport, summary: &Summary, play: &PlayEntry) -> Option<u32> {
    let display = play.clock.display.as_str();
    let (minutes, seconds) = display.split_once(':').unwrap_or(("0", display));
    let (whole, tenths) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let (minutes, whole, tenths): (u32, u32, u32) =
        (minutes.parse().ok()?, whole.parse().ok()?, tenths.parse().ok()?);
    let shown = (minutes * 60 + whole) * 1000 + tenths * 100;
    if sport.discipline != Discipline::Hockey {
        return Some(shown);
    }
    let overtime = play.period.number > sport.regulation.periods && !summary.postseason;
    let length = if overtime { sport.regulation.overtime_seconds } else { sport.regulation.period_seconds };
    Some((length * 1000).saturating_sub(shown))
}
