//! ESPN summaries of baseball games. Only starts and ends of half-innings and results of at-bats have a time of day, and
//! only those are taken: on the pitches in between, the running score is filled in afterwards and jumps back and forth,
//! which nobody saw.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Half, Phase, PlayKind, Score};

use super::espn::Summary;
use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Source};

const SOURCE: Source = Source::EspnMlb;
/// From the last play to the final, for which no time is given.
const LAST_OUT: SignedDuration = SignedDuration::from_secs(15);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlayEntry {
    id: String,
    away_score: u32,
    home_score: u32,
    period: Inning,
    #[serde(default)]
    outs: u8,
    wallclock: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Inning {
    #[serde(rename = "type")]
    half: String,
    number: u8,
}

pub(super) fn script(mut value: Value) -> Result<Script, ConvertError> {
    let summary = Summary::read(SOURCE, &value)?;
    let plays: Vec<PlayEntry> =
        super::shape(SOURCE, value.get_mut("plays").map_or(Value::Null, Value::take))?;
    let mut fold = Fold::default();
    for play in &plays {
        let Some(at) = play.wallclock else { continue };
        let half = half(&play.period.half).ok_or_else(|| ConvertError::Shape {
            source_name: SOURCE,
            detail: format!("half-inning `{}` in play {}", play.period.half, play.id),
        })?;
        let outs = matches!(half, Half::Top | Half::Bottom).then_some(play.outs);
        let seen = Seen {
            at,
            phase: Phase::Live,
            period: play.period.number,
            clock: Some(Clock::Inning { half, outs }),
            id: Some(play.id.clone()),
            kind: PlayKind::Score,
        };
        fold.see(seen, Score { home: play.home_score, away: play.away_score });
    }
    super::agree(SOURCE, fold.score, summary.score)?;
    if let Some(last) = fold.sights.last().cloned() {
        let at = last.at + LAST_OUT;
        fold.sights.push(super::timeline::Sight { at, phase: Phase::Final, ..last });
    }
    Ok(summary.script(fold.sights))
}

fn half(name: &str) -> Option<Half> {
    match name {
        "Top" => Some(Half::Top),
        "Mid" | "Middle" => Some(Half::Middle),
        "Bottom" => Some(Half::Bottom),
        "End" => Some(Half::End),
        _ => None,
    }
}
