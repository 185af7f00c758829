//! A body becomes the day's board, or a named error: never an empty board for want of understanding.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{FeedGameId, Game, Phase, Side};

use super::plays::{self, Goal};
use super::status::{self, GameClock, Period};
use super::teams::{self, Entrant};
use crate::feeds::daily::{Board, Skipped, unreadable};
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(borrow, default)]
    current_date: Loose<'a>,
    #[serde(borrow)]
    games: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    status: Loose<'a>,
    #[serde(borrow, default)]
    title: Loose<'a>,
    #[serde(borrow, default)]
    message: Loose<'a>,
    #[serde(borrow, default)]
    error: Loose<'a>,
    next_start_date: Option<IgnoredAny>,
    plays: Option<IgnoredAny>,
    live_data: Option<IgnoredAny>,
    dates: Option<IgnoredAny>,
    events: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    game_type: Loose<'a>,
    #[serde(borrow, default, rename = "startTimeUTC")]
    start_time: Loose<'a>,
    #[serde(borrow, default)]
    game_state: Loose<'a>,
    #[serde(borrow, default)]
    game_schedule_state: Loose<'a>,
    #[serde(borrow, default)]
    neutral_site: Loose<'a>,
    #[serde(borrow)]
    home_team: Option<Entrant<'a>>,
    #[serde(borrow)]
    away_team: Option<Entrant<'a>>,
    #[serde(borrow)]
    clock: Option<&'a RawValue>,
    #[serde(borrow, default)]
    period: Loose<'a>,
    #[serde(borrow)]
    period_descriptor: Option<&'a RawValue>,
    #[serde(borrow)]
    game_outcome: Option<&'a RawValue>,
    #[serde(borrow)]
    goals: Option<&'a RawValue>,
    #[serde(borrow)]
    special_event: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    #[serde(borrow, default)]
    last_period_type: Loose<'a>,
}

#[derive(Deserialize)]
struct SpecialEvent<'a> {
    #[serde(borrow, default)]
    name: teams::Wording<'a>,
}

/// Reads a body as the scores of that day.
///
/// # Errors
/// [`FeedError::Truncated`], [`FeedError::Malformed`], [`FeedError::ErrorBody`] or [`FeedError::NotABoard`].
pub fn board(body: &[u8], day: Date) -> Result<Board, FeedError> {
    let page: Page<'_> = serde_json::from_slice(body).map_err(|error| unreadable(body, &error))?;
    if let Some(error) = error_of(&page) {
        return Err(error);
    }
    let not_a_board = |found: String| Err(FeedError::NotABoard { found });
    let Some(games) = page.games else {
        let found = match () {
            () if page.plays.is_some() => "a game's plays",
            () if page.next_start_date.is_some() => "a week's schedule",
            () if page.live_data.is_some() => "a game's live feed",
            () if page.dates.is_some() => "a schedule of dates",
            () if page.events.is_some() => "a board of events",
            () => "JSON without games",
        };
        return not_a_board(found.to_owned());
    };
    match page.current_date.text() {
        Some(date) if date == day.to_string() => Board::of(games.into_iter().map(read)),
        Some(date) => not_a_board(format!("the scores of {}", clean(date, NAME))),
        None => not_a_board("games of no day".to_owned()),
    }
}

/// The feed's own error, where a body is one: `{"status":404,"title":"Not Found"}` or `{"message":"…"}`.
pub fn error_body(body: &[u8]) -> Option<FeedError> {
    serde_json::from_slice(body).ok().as_ref().and_then(error_of)
}

fn error_of(page: &Page<'_>) -> Option<FeedError> {
    let message = [&page.message, &page.title, &page.error].into_iter().find_map(Loose::text);
    if page.games.is_some() || (message.is_none() && page.status.number().is_none()) {
        return None;
    }
    let code = page.status.number().unwrap_or(0.0) as i64;
    Some(FeedError::ErrorBody { code, message: clean(message.unwrap_or_default(), NOTE) })
}

fn read(raw: &RawValue) -> Result<Game, Skipped> {
    let entry: Entry<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Skipped { id: None, reason: clean(&error.to_string(), NOTE) })?;
    let id = entry.id.id().and_then(|id| cleaned(&id, NAME));
    game(&entry, id.as_deref()).map_err(|reason| Skipped { id, reason })
}

fn game(entry: &Entry<'_>, id: Option<&str>) -> Result<Game, String> {
    let id = id.ok_or("game without an id")?;
    let state = entry.game_state.text().ok_or("game without a state")?;
    let (home_team, away_team) = match (&entry.home_team, &entry.away_team) {
        (Some(home), Some(away)) => (home, away),
        _ => return Err("game without two sides".to_owned()),
    };
    let period: Period<'_> = decoration(entry.period_descriptor).unwrap_or_default();
    let outcome: Outcome<'_> = decoration(entry.game_outcome).unwrap_or_default();
    let shootout = period.is_shootout() || outcome.last_period_type.text() == Some("SO");
    let game_clock: GameClock<'_> = decoration(entry.clock).unwrap_or_default();
    let schedule = entry.game_schedule_state.text();
    let phase = status::phase(Some(state), schedule, &game_clock, shootout);
    let begun = matches!(state, "LIVE" | "CRIT" | "OVER" | "OFF" | "FINAL");

    let mut home = side(home_team, begun)?;
    let mut away = side(away_team, begun)?;
    if home.team.id == away.team.id {
        return Err("the same team on both sides".to_owned());
    }
    if shootout {
        level(&mut home, &mut away, phase)?;
    }
    let phase = decided(phase, &mut home, &mut away);
    let plain = entry.period.count().ok().flatten().and_then(|n| u8::try_from(n).ok());
    let number = period.number().or(plain).filter(|_| begun).unwrap_or(0);
    let goals: Vec<Goal<'_>> = decoration(entry.goals).filter(|_| begun).unwrap_or_default();
    let (home_code, away_code) = (home_team.abbrev.text(), away_team.abbrev.text());
    let score = (home.score, away.score);
    (home.periods, away.periods) = plays::periods(&goals, home_code, away_code, number, score);
    let game_type = entry.game_type.count().ok().flatten();
    Ok(Game {
        feed_id: FeedGameId(id.to_owned()),
        starts_at: entry.start_time.text().filter(|_| schedule != Some("TBD")).and_then(|at| at.parse().ok()),
        phase,
        period: number,
        clock: if begun { status::clock(&game_clock, phase) } else { None },
        neutral: entry.neutral_site.flag() == Some(true),
        bases: None,
        home_win_probability: None,
        expected_home_margin: None,
        contest: None,
        leaders: Vec::new(),
        plays: plays::plays(&goals, home_code, away_code, game_type),
        note: decoration::<SpecialEvent<'_>>(entry.special_event)
            .and_then(|event| cleaned(event.name.usual.text()?, NOTE)),
        home,
        away,
    })
}

fn side(entrant: &Entrant<'_>, begun: bool) -> Result<Side, String> {
    let score = entrant.score.count().map_err(|score| format!("score `{}`", clean(&score, NAME)))?;
    Ok(Side {
        team: teams::team(entrant)?,
        score: score.filter(|_| begun),
        shootout: None,
        periods: Vec::new(),
        rank: None,
        winner: None,
    })
}

/// Moves the goal that is credited for winning a shoot-out from the score beside it. While the shoot-out goes on, the
/// score is level all the same, and nothing stands beside it.
fn level(home: &mut Side, away: &mut Side, phase: Phase) -> Result<(), String> {
    let (Some(of_home), Some(of_away)) = (home.score, away.score) else { return Ok(()) };
    if of_home.abs_diff(of_away) > 1 {
        return Err(format!("a shoot-out with a score of {of_home}-{of_away}"));
    }
    let before = of_home.min(of_away);
    (home.score, away.score) = (Some(before), Some(before));
    if phase == Phase::Final && of_home != of_away {
        (home.shootout, away.shootout) = (Some(of_home - before), Some(of_away - before));
    }
    Ok(())
}

/// Names the winner of a final. One that has none is no final.
fn decided(phase: Phase, home: &mut Side, away: &mut Side) -> Phase {
    if phase != Phase::Final {
        return phase;
    }
    let total = |side: &Side| Some((side.score?, side.shootout.unwrap_or(0)));
    match (total(home), total(away)) {
        (Some(of_home), Some(of_away)) if of_home != of_away => {
            (home.winner, away.winner) = (Some(of_home > of_away), Some(of_away > of_home));
            Phase::Final
        }
        _ => Phase::Unknown,
    }
}
