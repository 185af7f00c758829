//! A body becomes the day's board, or a named error: never an empty board for want of understanding.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{FeedGameId, Game, Phase, Side};

use super::status::{self, Inning, Status};
use super::teams::{self, Names};
use crate::feeds::daily::{Board, Skipped, unreadable};
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(borrow)]
    dates: Option<Vec<Day<'a>>>,
    #[serde(borrow, default)]
    copyright: Loose<'a>,
    #[serde(borrow, default)]
    message_number: Loose<'a>,
    #[serde(borrow, default)]
    message: Loose<'a>,
    live_data: Option<IgnoredAny>,
    all_plays: Option<IgnoredAny>,
    innings: Option<IgnoredAny>,
    events: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Day<'a> {
    #[serde(borrow, default)]
    date: Loose<'a>,
    #[serde(borrow)]
    games: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow, default)]
    game_pk: Loose<'a>,
    #[serde(borrow, default)]
    game_date: Loose<'a>,
    #[serde(borrow)]
    status: Option<Status<'a>>,
    #[serde(borrow)]
    teams: Option<Teams<'a>>,
    #[serde(borrow)]
    linescore: Option<&'a RawValue>,
    #[serde(borrow, default)]
    description: Loose<'a>,
}

#[derive(Deserialize)]
struct Teams<'a> {
    #[serde(borrow)]
    home: Entrant<'a>,
    #[serde(borrow)]
    away: Entrant<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entrant<'a> {
    #[serde(borrow, default)]
    team: Names<'a>,
    #[serde(borrow, default)]
    score: Loose<'a>,
    #[serde(borrow, default)]
    is_winner: Loose<'a>,
}

#[derive(Deserialize, Default)]
struct Linescore<'a> {
    #[serde(borrow, default)]
    innings: Vec<Frame<'a>>,
    #[serde(borrow, default)]
    teams: Frame<'a>,
}

/// Both sides' runs, of one inning or of all.
#[derive(Deserialize, Default)]
struct Frame<'a> {
    #[serde(borrow, default)]
    home: Line<'a>,
    #[serde(borrow, default)]
    away: Line<'a>,
}

#[derive(Deserialize, Default)]
struct Line<'a> {
    #[serde(borrow, default)]
    runs: Loose<'a>,
}

impl Line<'_> {
    fn runs(&self) -> Option<u32> {
        self.runs.count().ok().flatten()
    }
}

/// Reads a body as the schedule of that day.
///
/// # Errors
/// [`FeedError::Truncated`], [`FeedError::Malformed`], [`FeedError::ErrorBody`] or [`FeedError::NotABoard`].
pub fn board(body: &[u8], day: Date) -> Result<Board, FeedError> {
    let page: Page<'_> = serde_json::from_slice(body).map_err(|error| unreadable(body, &error))?;
    if let Some(error) = error_of(&page) {
        return Err(error);
    }
    let not_a_board = |found: String| Err(FeedError::NotABoard { found });
    let Some(days) = page.dates else {
        let found = match () {
            () if page.live_data.is_some() => "a game's live feed",
            () if page.all_plays.is_some() => "a game's plays",
            () if page.innings.is_some() => "a game's line score",
            () if page.events.is_some() => "a board of events",
            () => "JSON without dates",
        };
        return not_a_board(found.to_owned());
    };
    // The NHL's old API was built alike.
    if page.copyright.text().is_some_and(|note| note.contains("NHL")) {
        return not_a_board("the schedule of the NHL".to_owned());
    }
    let other = days.iter().find(|other| other.date.text() != Some(day.to_string().as_str()));
    if let Some(other) = other {
        let date = other.date.text().and_then(|date| cleaned(date, NAME));
        return not_a_board(format!("the schedule of {}", date.as_deref().unwrap_or("no day")));
    }
    Board::of(days.iter().flat_map(|day| &day.games).map(|raw| read(raw)))
}

/// The feed's own error, where a body is one: `{"messageNumber":10,"message":"Object not found"}`.
pub fn error_body(body: &[u8]) -> Option<FeedError> {
    serde_json::from_slice(body).ok().as_ref().and_then(error_of)
}

fn error_of(page: &Page<'_>) -> Option<FeedError> {
    if page.dates.is_some() {
        return None;
    }
    let code = page.message_number.number()? as i64;
    Some(FeedError::ErrorBody { code, message: clean(page.message.text().unwrap_or_default(), NOTE) })
}

fn read(raw: &RawValue) -> Result<Game, Skipped> {
    let entry: Entry<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Skipped { id: None, reason: clean(&error.to_string(), NOTE) })?;
    let id = entry.game_pk.id().and_then(|id| cleaned(&id, NAME));
    game(&entry, id.as_deref()).map_err(|reason| Skipped { id, reason })
}

fn game(entry: &Entry<'_>, id: Option<&str>) -> Result<Game, String> {
    let id = id.ok_or("game without an id")?;
    let status = entry.status.as_ref().ok_or("game without a status")?;
    let teams = entry.teams.as_ref().ok_or("game without teams")?;
    let inning: Inning<'_> = decoration(entry.linescore).unwrap_or_default();
    let linescore: Linescore<'_> = decoration(entry.linescore).unwrap_or_default();

    let phase = status::phase(status);
    let number = status::number(&inning);
    let begun = status::begun(phase, status, number);
    let home_innings = linescore.innings.iter().map(|frame| &frame.home);
    let away_innings = linescore.innings.iter().map(|frame| &frame.away);
    let home = side(&teams.home, &linescore.teams.home, home_innings, phase, begun)?;
    let away = side(&teams.away, &linescore.teams.away, away_innings, phase, begun)?;
    if home.team.id == away.team.id {
        return Err("the same team on both sides".to_owned());
    }
    let under_way = begun && phase != Phase::Final;
    Ok(Game {
        feed_id: FeedGameId(id.to_owned()),
        starts_at: starts_at(entry, status),
        phase,
        period: if begun { number } else { 0 },
        clock: under_way.then(|| status::clock(&inning)).flatten(),
        neutral: false,
        bases: under_way.then(|| status::bases(&inning)).flatten(),
        home_win_probability: None,
        expected_home_margin: None,
        contest: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        note: note(entry, status, phase),
        home,
        away,
    })
}

fn side<'a, 'b: 'a>(
    entrant: &Entrant<'_>,
    total: &Line<'_>,
    innings: impl Iterator<Item = &'a Line<'b>>,
    phase: Phase,
    begun: bool,
) -> Result<Side, String> {
    let told = entrant.score.count().map_err(|score| format!("score `{}`", clean(&score, NAME)))?;
    Ok(Side {
        team: teams::team(&entrant.team)?,
        score: score(told, total.runs(), phase).filter(|_| begun),
        shootout: None,
        periods: if begun { innings.map_while(Line::runs).collect() } else { Vec::new() },
        rank: None,
        winner: entrant.is_winner.flag().filter(|_| phase == Phase::Final),
    })
}

/// The line score's runs. Without a line score there is a score only once the game is over: before that the feed writes
/// 0 for what it does not know. Where the two contradict each other neither is believed.
fn score(told: Option<u32>, runs: Option<u32>, phase: Phase) -> Option<u32> {
    match (told, runs) {
        (Some(told), Some(runs)) => (told == runs).then_some(runs),
        (None, Some(runs)) => Some(runs),
        (told, None) => told.filter(|_| phase == Phase::Final),
    }
}

/// The scheduled start; `None` where the feed only holds a place for it, with a time that means nothing.
fn starts_at(entry: &Entry<'_>, status: &Status<'_>) -> Option<jiff::Timestamp> {
    if status.start_is_open.flag() == Some(true) {
        return None;
    }
    entry.game_date.text()?.parse().ok()
}

fn note(entry: &Entry<'_>, status: &Status<'_>, phase: Phase) -> Option<String> {
    let held_up = matches!(phase, Phase::Delayed | Phase::Postponed | Phase::Suspended | Phase::Cancelled);
    let reason = status::reason(status).filter(|_| held_up);
    reason.or_else(|| entry.description.text()).and_then(|note| cleaned(note, NOTE))
}
