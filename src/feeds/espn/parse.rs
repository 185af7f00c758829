//! A body becomes a board, or a named error: never an empty board for want of understanding.
//!
//! Three pages carry boards and are read alike: the scoreboard (`events`), the CDN's page (`content.sbData.events`) and
//! the header board (`sports[].leagues[].events`). An event that cannot be read is left out and reported; the board is
//! lost only where none can be.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::Game;

use super::league::League;
use super::{contests, event};
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

/// What a body says.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The games, in the feed's order, each id once.
    pub games: Vec<Game>,
    /// The events that gave no game.
    pub skipped: Vec<Skipped>,
    /// How many events the body lists.
    pub listed: usize,
}

/// An event that gave no game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The feed's id of the event, where it has one.
    pub id: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Why an event gave no game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is no game of two teams of the league's sport; holds what it is.
    Foreign(String),
    /// It should be one, but cannot be read; holds what is wrong.
    Unreadable(String),
}

impl Reason {
    /// The reason in one clause.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Foreign(what) | Self::Unreadable(what) => what,
        }
    }
}

#[derive(Deserialize, Default)]
struct Page<'a> {
    #[serde(borrow)]
    events: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    leagues: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<Content<'a>>,
    #[serde(borrow)]
    sports: Option<Vec<HeaderSport<'a>>>,
    #[serde(borrow, default)]
    code: Loose<'a>,
    #[serde(borrow, default)]
    message: Loose<'a>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    boxscore: Option<IgnoredAny>,
    articles: Option<IgnoredAny>,
    injuries: Option<IgnoredAny>,
    items: Option<IgnoredAny>,
    #[serde(rename = "$ref")]
    reference: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, rename = "sbData")]
    board: Option<Embedded<'a>>,
}

#[derive(Deserialize)]
struct Embedded<'a> {
    #[serde(borrow)]
    events: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    leagues: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct HeaderSport<'a> {
    #[serde(borrow)]
    leagues: Option<Vec<HeaderLeague<'a>>>,
}

#[derive(Deserialize)]
struct HeaderLeague<'a> {
    #[serde(borrow, default)]
    slug: Loose<'a>,
    #[serde(borrow)]
    events: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct LeagueTag<'a> {
    #[serde(borrow, default)]
    slug: Loose<'a>,
}

#[derive(Deserialize)]
struct ErrorObject<'a> {
    #[serde(borrow, default)]
    code: Loose<'a>,
    #[serde(borrow, default)]
    message: Loose<'a>,
}

/// Reads a body as the board of a league.
///
/// # Errors
/// [`FeedError::Truncated`], [`FeedError::Malformed`], [`FeedError::ErrorBody`] or [`FeedError::NotABoard`].
pub fn board(body: &[u8], league: &League) -> Result<Board, FeedError> {
    let page = page(body)?;
    if let Some(events) = page.events {
        return of_league(page.leagues, league).and_then(|()| read(&events, league));
    }
    if let Some(error) = error_of(&page) {
        return Err(error);
    }
    if let Some(Embedded { events: Some(events), leagues }) = page.content.and_then(|content| content.board) {
        return of_league(leagues, league).and_then(|()| read(&events, league));
    }
    if let Some(sports) = page.sports {
        return match header_events(sports, league) {
            Some(events) => read(&events, league),
            None => Err(not_a_board("a header board without the league")),
        };
    }
    Err(not_a_board(match () {
        () if page.boxscore.is_some() => "a game summary",
        () if page.articles.is_some() => "a list of news",
        () if page.injuries.is_some() => "a list of injuries",
        () if page.items.is_some() || page.reference.is_some() => "a resource of the core API",
        () => "JSON without events",
    }))
}

/// The feed's own error, where a body is one.
pub fn error_body(body: &[u8]) -> Option<FeedError> {
    page(body).ok().filter(|page| page.events.is_none()).as_ref().and_then(error_of)
}

fn page(body: &[u8]) -> Result<Page<'_>, FeedError> {
    serde_json::from_slice(body).map_err(|error| {
        if error.is_eof() {
            FeedError::Truncated { at: body.len() }
        } else {
            FeedError::Malformed { detail: clean(&error.to_string(), NOTE) }
        }
    })
}

fn not_a_board(found: impl Into<String>) -> FeedError {
    FeedError::NotABoard { found: found.into() }
}

/// Three shapes: `{"code":404}`, `{"code":400,"message":"…"}` and `{"error":{"code":404,"message":"…"}}`.
fn error_of(page: &Page<'_>) -> Option<FeedError> {
    let inner: Option<ErrorObject<'_>> = decoration(page.error);
    let (code, message) = match &inner {
        Some(error) => (&error.code, &error.message),
        None => (&page.code, &page.message),
    };
    if inner.is_none() && page.error.is_none() && code.number().is_none() {
        return None;
    }
    let code = code.number().unwrap_or(0.0) as i64;
    Some(FeedError::ErrorBody { code, message: clean(message.text().unwrap_or_default(), NOTE) })
}

/// Refuses another league's board. Pages that do not name their league are taken at their word.
fn of_league(leagues: Option<&RawValue>, league: &League) -> Result<(), FeedError> {
    let tags: Vec<LeagueTag<'_>> = decoration(leagues).unwrap_or_default();
    match tags.first().and_then(|tag| cleaned(tag.slug.text()?, NAME)) {
        Some(slug) if slug != league.slug() => Err(not_a_board(format!("the board of {slug}"))),
        _ => Ok(()),
    }
}

fn header_events<'a>(sports: Vec<HeaderSport<'a>>, league: &League) -> Option<Vec<&'a RawValue>> {
    sports
        .into_iter()
        .flat_map(|sport| sport.leagues.unwrap_or_default())
        .find(|found| found.slug.text() == Some(league.slug()))?
        .events
}

fn read(events: &[&RawValue], league: &League) -> Result<Board, FeedError> {
    let mut board =
        Board { games: Vec::with_capacity(events.len()), skipped: Vec::new(), listed: events.len() };
    let mut seen = BTreeSet::new();
    for raw in events {
        let read = match league.discipline().is_contest() {
            true => contests::read(raw, league),
            false => vec![event::read(raw, league)],
        };
        for game in read {
            match game {
                Ok(game) if !seen.insert(game.feed_id.clone()) => {}
                Ok(game) => board.games.push(game),
                Err(refused) => board.skipped.push(Skipped { id: refused.id, reason: refused.reason }),
            }
        }
    }
    if board.games.is_empty() && !board.skipped.is_empty() {
        return Err(none_of(&board.skipped));
    }
    Ok(board)
}

fn none_of(skipped: &[Skipped]) -> FeedError {
    let unreadable = skipped.iter().find(|skipped| matches!(skipped.reason, Reason::Unreadable(_)));
    match unreadable {
        Some(first) => FeedError::Malformed {
            detail: format!(
                "none of {} events can be read; event {}: {}",
                skipped.len(),
                first.id.as_deref().unwrap_or("without an id"),
                first.reason.as_str()
            ),
        },
        None => not_a_board(skipped.first().map_or("nothing", |first| first.reason.as_str())),
    }
}
