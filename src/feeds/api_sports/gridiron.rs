//! API-AMERICAN-FOOTBALL v1: the NFL.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Clock, FeedGameId, Game, Phase, Side};
use wirereport_actors::wire::sport::Sport;

use super::{envelope, teams};
use crate::feeds::daily::{Board, Skipped};
use crate::feeds::loose::Loose;
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

/// The product's number of the NFL.
const NFL: u32 = 1;
const QUARTER: u32 = 900;

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    game: About<'a>,
    #[serde(borrow)]
    league: League<'a>,
    #[serde(borrow)]
    teams: Sides<Names<'a>>,
    #[serde(borrow)]
    scores: Sides<Points<'a>>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    date: Dates<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Deserialize, Default)]
struct Dates<'a> {
    #[serde(borrow, default)]
    timestamp: Loose<'a>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    short: Loose<'a>,
    #[serde(borrow, default)]
    timer: Loose<'a>,
}

#[derive(Deserialize)]
struct League<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
}

#[derive(Deserialize)]
struct Sides<T> {
    home: T,
    away: T,
}

#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
}

#[derive(Deserialize)]
struct Points<'a> {
    #[serde(borrow, default)]
    quarter_1: Loose<'a>,
    #[serde(borrow, default)]
    quarter_2: Loose<'a>,
    #[serde(borrow, default)]
    quarter_3: Loose<'a>,
    #[serde(borrow, default)]
    quarter_4: Loose<'a>,
    #[serde(borrow, default)]
    overtime: Loose<'a>,
    #[serde(borrow, default)]
    total: Loose<'a>,
}

/// What is asked for: the NFL's games of a day. Its season is called by the year it begins in.
pub(super) fn query(_: &Sport, day: Date) -> Vec<(&'static str, String)> {
    let season = if day.month() < 7 { day.year() - 1 } else { day.year() };
    vec![("league", NFL.to_string()), ("season", season.to_string()), ("date", day.to_string())]
}

pub(super) fn board(body: &[u8], _: &Sport, day: Date) -> Result<Board, FeedError> {
    let entries = envelope::entries(body, day)?;
    if entries.iter().any(|raw| !raw.get().contains("\"quarter_1\"") || !raw.get().contains("\"game\"")) {
        return Err(FeedError::NotABoard { found: "games of another product".to_owned() });
    }
    // Games of other leagues, should they come, are no news of this one.
    Board::of(entries.into_iter().filter_map(|raw| read(raw).transpose()))
}

fn read(raw: &RawValue) -> Result<Option<Game>, Skipped> {
    let entry: Entry<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Skipped { id: None, reason: clean(&error.to_string(), NOTE) })?;
    if entry.league.id.count() != Ok(Some(NFL)) {
        return Ok(None);
    }
    let id = entry.game.id.id().and_then(|id| cleaned(&id, NAME));
    game(&entry, id.as_deref()).map(Some).map_err(|reason| Skipped { id, reason })
}

fn game(entry: &Entry<'_>, id: Option<&str>) -> Result<Game, String> {
    let id = id.ok_or("game without an id")?;
    if entry.league.name.text() != Some("NFL") {
        return Err(format!("a game of `{}`", clean(entry.league.name.text().unwrap_or_default(), NAME)));
    }
    let short = entry.game.status.short.text().unwrap_or_default();
    let overtime =
        [&entry.scores.home, &entry.scores.away].iter().any(|side| side.overtime.count() != Ok(None));
    let (phase, period) = match short {
        "NS" => (Phase::Scheduled, 0),
        "Q1" => (Phase::Live, 1),
        "Q2" => (Phase::Live, 2),
        "HT" => (Phase::Break, 2),
        "Q3" => (Phase::Live, 3),
        "Q4" => (Phase::Live, 4),
        "OT" => (Phase::Live, 5),
        "FT" | "AOT" => (Phase::Final, if overtime || short == "AOT" { 5 } else { 4 }),
        "PST" => (Phase::Postponed, 0),
        "CANC" => (Phase::Cancelled, 0),
        other => return Err(format!("a status that is not known, `{}`", clean(other, NAME))),
    };
    let team = |names: &Names<'_>| teams::nfl(&names.id, &names.name);
    let (home, away) = teams::two(team(&entry.teams.home)?, team(&entry.teams.away)?, true)?;
    let (home_points, home_quarters) = points(&entry.scores.home, period)?;
    let (away_points, away_quarters) = points(&entry.scores.away, period)?;
    let leads =
        |one: Option<u32>, other: Option<u32>| (phase == Phase::Final).then(|| Some(one? > other?)).flatten();
    let side =
        |team, score, periods, winner| Side { team, score, shootout: None, periods, rank: None, winner };
    Ok(Game {
        feed_id: FeedGameId(id.to_owned()),
        starts_at: starts_at(&entry.game.date.timestamp),
        phase,
        period,
        clock: match phase {
            Phase::Break => Some(Clock::Left { millis: 0 }),
            Phase::Live => entry.game.status.timer.text().and_then(clock),
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
        home: side(home, home_points, home_quarters, leads(home_points, away_points)),
        away: side(away, away_points, away_quarters, leads(away_points, home_points)),
    })
}

fn starts_at(timestamp: &Loose<'_>) -> Option<Timestamp> {
    Timestamp::from_second(i64::from(timestamp.count().ok().flatten()?)).ok()
}

/// The score, and that of each quarter so far where they add up to it.
fn points(points: &Points<'_>, period: u8) -> Result<(Option<u32>, Vec<u32>), String> {
    let count =
        |points: &Loose<'_>| points.count().map_err(|score| format!("score `{}`", clean(&score, NAME)));
    let total = count(&points.total)?;
    let quarters =
        [&points.quarter_1, &points.quarter_2, &points.quarter_3, &points.quarter_4, &points.overtime];
    let quarters: Vec<Option<u32>> = quarters.into_iter().map(count).collect::<Result<_, _>>()?;
    if period == 0 {
        return Ok((None, Vec::new()));
    }
    let so_far = &quarters[..usize::from(period).min(quarters.len())];
    let played: Option<Vec<u32>> = so_far.iter().copied().collect();
    let later = quarters[so_far.len()..].iter().any(Option::is_some);
    let played = played.filter(|played| !later && total == Some(played.iter().sum()));
    Ok((total, played.unwrap_or_default()))
}

/// Reads `12:34`.
fn clock(text: &str) -> Option<Clock> {
    let (minutes, seconds) = text.split_once(':')?;
    let (minutes, seconds): (u32, u32) = (minutes.trim().parse().ok()?, seconds.trim().parse().ok()?);
    let left = minutes.checked_mul(60)?.checked_add(seconds)?;
    (seconds < 60 && left <= QUARTER).then_some(Clock::Left { millis: left * 1000 })
}
