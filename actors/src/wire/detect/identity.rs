//! Whose game it is: our ids, and the feeds' ids they stand for.

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Poll;
use super::state::SportState;
use crate::wire::game::{FeedGameId, Game, GameId, Phase, Team};

/// How long a game that is seen no more stays in the state. One that is over stays as long as it is on the board, or it
/// would be taken for a new one.
const KEPT: SignedDuration = SignedDuration::from_hours(3 * 24);

/// How long a suspended game stays: baseball takes them up again weeks later.
const SUSPENDED_KEPT: SignedDuration = SignedDuration::from_hours(60 * 24);

/// How far two feeds' starts of one game may be apart. The games of a doubleheader are further.
const SAME_START: SignedDuration = SignedDuration::from_mins(90);

/// What a feed's id of a game stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedGame {
    /// Our id.
    pub game: GameId,
    /// The feed's id of the home team.
    pub home: String,
    /// The feed's id of the away team.
    pub away: String,
}

impl SportState {
    /// What a feed calls one of our games; `None` where it has not shown it yet.
    pub fn known_as(&self, game: &GameId, feed: &str) -> Option<&FeedGameId> {
        self.feed_ids.get(feed)?.iter().find(|(_, entry)| entry.game == *game).map(|(id, _)| id)
    }
}

/// Our id of a feed's game: the one it has, that of the same game as another feed has it, or a new one.
pub(super) fn resolve(state: &mut SportState, game: &Game, poll: &Poll) -> GameId {
    let ids = state.feed_ids.entry(poll.feed.to_owned()).or_default();
    if let Some(known) = ids.get_mut(&game.feed_id) {
        let id = known.game.clone();
        check_teams(state, game, &id, poll);
        return id;
    }
    let known = known_elsewhere(state, game, poll).or_else(|| half_known_elsewhere(state, game, poll));
    let id = known.unwrap_or_else(|| free(state, &base(game, poll)));
    let entry =
        FeedGame { game: id.clone(), home: game.home.team.id.clone(), away: game.away.team.id.clone() };
    state.feed_ids.entry(poll.feed.to_owned()).or_default().insert(game.feed_id.clone(), entry);
    id
}

/// A place held for a team may be filled before the start; any other change of teams makes the game another one, which
/// nobody can tell apart from the first by this id.
fn check_teams(state: &mut SportState, game: &Game, id: &GameId, poll: &Poll) {
    let Some(entry) = state.feed_ids.get_mut(poll.feed).and_then(|ids| ids.get_mut(&game.feed_id)) else {
        return;
    };
    let (home, away) = (&game.home.team.id, &game.away.team.id);
    if entry.home == *home && entry.away == *away {
        return;
    }
    let Some(known) = state.games.get_mut(id) else { return };
    let may_change = |was: &str, now: &str| was == now || (is_placeholder(was) && !known.started);
    if may_change(&entry.home, home) && may_change(&entry.away, away) {
        home.clone_into(&mut entry.home);
        away.clone_into(&mut entry.away);
    } else if known.quarantine.is_none() {
        known.quarantine = Some(format!(
            "{} changed its teams from {} and {} to {away} and {home} under the id {}",
            poll.feed, entry.away, entry.home, game.feed_id
        ));
    }
}

fn is_placeholder(team: &str) -> bool {
    team.is_empty() || team == "0" || team.starts_with('-') || team.eq_ignore_ascii_case("tbd")
}

/// Our id of a game that another feed shows, if it is one of ours. Nothing is remembered of it.
pub(super) fn known(state: &SportState, game: &Game, poll: &Poll) -> Option<GameId> {
    match state.feed_ids.get(poll.feed).and_then(|ids| ids.get(&game.feed_id)) {
        Some(entry) if entry.home == game.home.team.id && entry.away == game.away.team.id => {
            Some(entry.game.clone())
        }
        Some(_) => None,
        None => known_elsewhere(state, game, poll).or_else(|| half_known_elsewhere(state, game, poll)),
    }
}

fn known_elsewhere(state: &SportState, game: &Game, poll: &Poll) -> Option<GameId> {
    let base = base(game, poll);
    let ours = state.feed_ids.get(poll.feed);
    let taken = |id: &GameId| ours.is_some_and(|ids| ids.values().any(|entry| entry.game == *id));
    numbered(&base).take_while(|id| state.games.contains_key(id)).find(|id| {
        !taken(id)
            && state.games.get(id).is_some_and(|known| start_together(known.last.starts_at, game.starts_at))
    })
}

/// The one game of another feed at that time in which one of the sides is the same, by its code: a side plays one game at a
/// time, so the other side is the same too, under another code.
fn half_known_elsewhere(state: &SportState, game: &Game, poll: &Poll) -> Option<GameId> {
    game.starts_at?;
    let ours = state.feed_ids.get(poll.feed);
    let taken = |id: &GameId| ours.is_some_and(|ids| ids.values().any(|entry| entry.game == *id));
    let same = |one: &Team, other: &Team| team_code(one) == team_code(other);
    let mut found = state.games.iter().filter(|(id, known)| {
        known.feed != poll.feed
            && (same(&known.last.home.team, &game.home.team) || same(&known.last.away.team, &game.away.team))
            && start_together(known.last.starts_at, game.starts_at)
            && !taken(id)
    });
    let (id, _) = found.next()?;
    found.next().is_none().then(|| id.clone())
}

/// Whether these can be one game's starts as two feeds have them. A feed that only holds a place for the start says nothing.
pub fn start_together(one: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.duration_since(other).abs() <= SAME_START,
        (None, None) => true,
        _ => false,
    }
}

fn free(state: &SportState, base: &str) -> GameId {
    let taken = |id: &GameId| {
        state.games.contains_key(id)
            || state.feed_ids.values().any(|ids| ids.values().any(|entry| entry.game == *id))
    };
    numbered(base).find(|id| !taken(id)).unwrap_or_else(|| GameId(base.to_owned()))
}

/// The ids of one pair's games on one day: `base`, `base-2`, `base-3`, …
fn numbered(base: &str) -> impl Iterator<Item = GameId> {
    std::iter::once(GameId(base.to_owned())).chain((2u32..).map(move |n| GameId(format!("{base}-{n}"))))
}

fn base(game: &Game, poll: &Poll) -> String {
    let day = game
        .starts_at
        .map_or_else(|| "tbd".to_owned(), |start| eastern_date(start).strftime("%Y%m%d").to_string());
    let (away, home) = (team_code(&game.away.team), team_code(&game.home.team));
    format!("{}-{day}-{away}-{home}", plain(poll.sport.key.as_str()))
}

/// The code by which a team is known across feeds.
pub fn team_code(team: &Team) -> String {
    let names = [&team.code, &team.short_name, &team.id];
    names.iter().map(|name| plain(name)).find(|name| !name.is_empty()).unwrap_or_else(|| "tbd".to_owned())
}

/// In lower case, with only letters, digits, dots and single dashes.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() || c == '.' {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// The day in New York, by which American leagues and their feeds date a game. Daylight time by the rule in force since
/// 2007 (second Sunday of March, first of November, at two in the morning), so that no time zone database is needed.
pub fn eastern_date(at: Timestamp) -> Date {
    let standard = Offset::constant(-5).to_datetime(at);
    let sunday = |month: i8, nth: i8| {
        Date::new(standard.year(), month, 1)
            .and_then(|first| first.nth_weekday_of_month(nth, Weekday::Sunday))
    };
    let daylight = match (sunday(3, 2), sunday(11, 1)) {
        (Ok(begins), Ok(ends)) => standard >= begins.at(2, 0, 0, 0) && standard < ends.at(1, 0, 0, 0),
        _ => false,
    };
    if daylight { Offset::constant(-4).to_datetime(at).date() } else { standard.date() }
}

/// Lets go of games that have not been seen for long, and of the ids that stood for them.
pub(super) fn forget_old(state: &mut SportState, now: Timestamp) {
    let gone: Vec<GameId> = state
        .games
        .iter()
        .filter(|(_, known)| {
            let kept = if known.phase == Phase::Suspended { SUSPENDED_KEPT } else { KEPT };
            now.duration_since(known.seen_at) > kept
        })
        .map(|(id, _)| id.clone())
        .collect();
    if gone.is_empty() {
        return;
    }
    for id in &gone {
        state.games.remove(id);
    }
    for ids in state.feed_ids.values_mut() {
        ids.retain(|_, entry| !gone.contains(&entry.game));
    }
    state.feed_ids.retain(|_, ids| !ids.is_empty());
    let games = &state.games;
    state.ratings.keep_taken(|id| games.contains_key(id));
}
