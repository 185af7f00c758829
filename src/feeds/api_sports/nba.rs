//! API-NBA v2.
//!
//! The period is that of the line score. The product names one beside it, which the recorded live games contradict: the
//! first period, with points in four. Where it names a later one than has points, the game may be between the two, and
//! is left out until it is clear. Its word that a period is over is not used at all, since it stands beside running clocks.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Clock, FeedGameId, Game, Phase, Side};
use wirereport_actors::wire::sport::Sport;

use super::{envelope, teams};
use crate::feeds::daily::{Board, Skipped};
use crate::feeds::loose::{Loose, null_is_default};
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

/// The periods before overtime, and the seconds of one.
const REGULATION: u8 = 4;
const LONGEST_PERIOD: f64 = 720.0;

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    league: Loose<'a>,
    #[serde(borrow, default)]
    date: Dates<'a>,
    #[serde(borrow)]
    status: Status<'a>,
    #[serde(borrow, default)]
    periods: Periods<'a>,
    #[serde(borrow)]
    teams: Sides<Names<'a>>,
    #[serde(borrow)]
    scores: Sides<Points<'a>>,
}

#[derive(Deserialize, Default)]
struct Dates<'a> {
    #[serde(borrow, default)]
    start: Loose<'a>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    clock: Loose<'a>,
    #[serde(borrow, default)]
    halftime: Loose<'a>,
    #[serde(borrow, default)]
    short: Loose<'a>,
}

#[derive(Deserialize, Default)]
struct Periods<'a> {
    #[serde(borrow, default)]
    current: Loose<'a>,
}

#[derive(Deserialize)]
struct Sides<T> {
    home: T,
    visitors: T,
}

#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    nickname: Loose<'a>,
    #[serde(borrow, default)]
    code: Loose<'a>,
}

#[derive(Deserialize)]
struct Points<'a> {
    #[serde(borrow, default)]
    points: Loose<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    linescore: Vec<Loose<'a>>,
}

pub(super) fn board(body: &[u8], _: &Sport, day: Date) -> Result<Board, FeedError> {
    let entries = envelope::entries(body, day)?;
    // The other products' games have no visitors.
    let foreign = entries.iter().find(|raw| !raw.get().contains("\"visitors\""));
    if foreign.is_some() {
        return Err(FeedError::NotABoard { found: "games of another product".to_owned() });
    }
    Board::of(entries.into_iter().map(read))
}

fn read(raw: &RawValue) -> Result<Game, Skipped> {
    let entry: Entry<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Skipped { id: None, reason: clean(&error.to_string(), NOTE) })?;
    let id = entry.id.id().and_then(|id| cleaned(&id, NAME));
    game(&entry, id.as_deref()).map_err(|reason| Skipped { id, reason })
}

fn game(entry: &Entry<'_>, id: Option<&str>) -> Result<Game, String> {
    let id = id.ok_or("game without an id")?;
    if entry.league.text() != Some("standard") {
        return Err(format!(
            "a game of the league `{}`",
            clean(entry.league.text().unwrap_or_default(), NAME)
        ));
    }
    let status = entry.status.short.count().ok().flatten();
    let halftime = entry.status.halftime.flag() == Some(true);
    let phase = match status {
        Some(1) => Phase::Scheduled,
        Some(2) if halftime => Phase::Break,
        Some(2) => Phase::Live,
        Some(3) => Phase::Final,
        Some(4) => Phase::Postponed,
        Some(5) => Phase::Delayed,
        Some(6) => Phase::Cancelled,
        _ => return Err("a status that is not known".to_owned()),
    };
    let begun = phase.in_play() || phase == Phase::Final;
    let team = |names: &Names<'_>| teams::nba(&names.id, &names.name, &names.nickname, &names.code);
    let (home, away) = teams::two(team(&entry.teams.home)?, team(&entry.teams.visitors)?, true)?;
    let (home_points, home_periods) = points(&entry.scores.home, begun)?;
    let (away_points, away_periods) = points(&entry.scores.visitors, begun)?;
    let period = if begun { period(entry, phase, home_periods.len(), away_periods.len())? } else { 0 };
    let leads =
        |one: Option<u32>, other: Option<u32>| (phase == Phase::Final).then(|| Some(one? > other?)).flatten();
    let side =
        |team, score, periods, winner| Side { team, score, shootout: None, periods, rank: None, winner };
    Ok(Game {
        feed_id: FeedGameId(id.to_owned()),
        starts_at: entry.date.start.text().and_then(|start| start.parse().ok()),
        phase,
        period,
        clock: match phase {
            Phase::Break => Some(Clock::Left { millis: 0 }),
            Phase::Live => entry.status.clock.text().and_then(clock),
            _ => None,
        },
        neutral: false,
        home_win_probability: None,
        expected_home_margin: None,
        plays: Vec::new(),
        bases: None,
        leaders: Vec::new(),
        contest: None,
        note: None,
        home: side(home, home_points, home_periods, leads(home_points, away_points)),
        away: side(away, away_points, away_periods, leads(away_points, home_points)),
    })
}

/// The score, and that of each period with points; both only where they agree.
fn points(points: &Points<'_>, begun: bool) -> Result<(Option<u32>, Vec<u32>), String> {
    if !begun {
        return Ok((None, Vec::new()));
    }
    let unlike = |score: String| format!("score `{}`", clean(&score, NAME));
    let total = points.points.count().map_err(unlike)?;
    let periods: Vec<Option<u32>> =
        points.linescore.iter().map(|points| points.count().map_err(unlike)).collect::<Result<_, _>>()?;
    let played: Vec<u32> = periods.iter().map_while(|points| *points).collect();
    let gap = periods[played.len()..].iter().any(Option::is_some);
    let sum: u32 = played.iter().fold(0, |sum, points| sum.saturating_add(*points));
    if gap || (total.is_some_and(|total| total != sum) && !played.is_empty()) {
        return Err(format!("a line score of {sum} beside a score of {}", total.unwrap_or(0)));
    }
    Ok((total, played))
}

fn period(entry: &Entry<'_>, phase: Phase, home: usize, away: usize) -> Result<u8, String> {
    let named = entry.periods.current.count().ok().flatten().and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
    let scored = u8::try_from(home.max(away)).unwrap_or(u8::MAX);
    let known = match phase {
        Phase::Final => (scored >= REGULATION).then_some(scored),
        Phase::Break => (scored == 2).then_some(2),
        // No point yet in the first.
        _ if scored == 0 => (named <= 1).then_some(1),
        _ => (scored >= named).then_some(scored),
    };
    known.ok_or_else(|| format!("period {named} with points in {scored}"))
}

/// Reads `4:57`, `38.5` or `:38.5`.
fn clock(text: &str) -> Option<Clock> {
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", text));
    let minutes: u16 = if minutes.is_empty() { 0 } else { minutes.trim().parse().ok()? };
    let seconds: f64 = seconds.trim().parse().ok()?;
    let left = f64::from(minutes) * 60.0 + seconds;
    let sound = (0.0..60.0).contains(&seconds) && left <= LONGEST_PERIOD;
    sound.then(|| Clock::Left { millis: (left * 1000.0).round() as u32 })
}
