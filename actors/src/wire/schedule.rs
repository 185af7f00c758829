//! When to look again: polls are spent where news is likely.
//!
//! A game under way is looked at as often as the feed's edge cache turns over (about 10 s at ESPN; faster brings the same
//! bytes), twice as often late in a close one, since the edge's own age is random. A start is awaited minute by minute.
//! What was seen and is not settled, a final above all, is looked at as often as a game under way.
//! When nothing is near, one look in ten minutes finds new games and changed times.
//!
//! An operator's [`shortest_poll`](Rules::shortest_poll) is a floor for all of these. One below the pace of a close finish
//! asks for more than the floor's lifting: a game under way is then looked at that often from its start to its end.
//!
//! Where a feed may be asked only so often, [`budget`] says how much longer the waits are.

use std::time::Duration;

use jiff::Timestamp;

use super::detect::{GameState, SportState};
use super::game::{Clock, Game, GameId, Phase};
use super::rules::Rules;
use super::sport::{Discipline, Sport};

pub mod budget;
mod news;
pub mod trial;

/// The wait when nothing is near; no wait is longer, but for jitter and an operator's own longer floor.
pub const SELDOM: Duration = Duration::from_secs(600);
/// The wait while a start is near or overdue, or a game is held up.
pub const NEAR: Duration = Duration::from_secs(60);
/// The wait while a game is under way.
pub const LIVE: Duration = Duration::from_secs(10);
/// The wait late in a close game.
pub const CLOSE: Duration = Duration::from_secs(5);
/// How much a wait is lengthened or shortened at random, so that many sports and many instances do not ask in step.
pub const JITTER: f64 = 0.1;

/// How long before a start it counts as near.
const LEAD_IN: Duration = Duration::from_secs(15 * 60);
/// How long after its start a game that has not begun, or is held up, is still expected.
const OVERDUE: Duration = Duration::from_secs(24 * 3600);
/// How long after its start a game under way is still believed to be.
const LONGEST_GAME: Duration = Duration::from_secs(48 * 3600);
/// The last so many seconds of regulation are late, as in the NBA's definition of the clutch.
const LATE_SECONDS: u32 = 300;
/// The last so many minutes of a soccer match are late.
const LATE_MINUTES: u32 = 10;

/// How long to wait until the next poll. Never shorter than the rules' shortest time between two polls.
pub fn next_poll(
    state: &SportState,
    sport: &Sport,
    rules: &Rules,
    now: Timestamp,
    rng: &mut fastrand::Rng,
) -> Duration {
    jittered(plain_wait(state, sport, rules, now), rules.shortest_poll, rng)
}

/// The wait without jitter.
fn plain_wait(state: &SportState, sport: &Sport, rules: &Rules, now: Timestamp) -> Duration {
    let wait = shortest_wait(last_sights(state), sport, now);
    let in_doubt = state.games.values().any(|game| is_in_doubt(game, now));
    quickened(if in_doubt { wait.min(LIVE) } else { wait }, rules.shortest_poll)
}

/// The wait while a game is under way, as an operator has it who asks for more than the edge cache's pace.
fn quickened(wait: Duration, shortest: Duration) -> Duration {
    if wait <= LIVE && shortest < CLOSE { wait.min(shortest) } else { wait }
}

/// The games that must not be lost when the feed's board turns to another day: those under way, those
/// whose start has passed and which are not over, and those of which something was seen that is not settled, a final for
/// one.
pub fn follow(state: &SportState, now: Timestamp) -> impl Iterator<Item = (&GameId, &GameState)> {
    state.games.iter().filter(move |(_, game)| is_followed(&game.last, now) || is_in_doubt(game, now))
}

/// How many games are under way.
pub fn live(state: &SportState, now: Timestamp) -> usize {
    let live = |game: &&GameState| game.last.phase.in_play() && is_believed(&game.last, now);
    state.games.values().filter(live).count()
}

/// Whether another sight would confirm or deny something that was seen.
fn is_in_doubt(game: &GameState, now: Timestamp) -> bool {
    game.is_unsettled() && is_believed(&game.last, now)
}

fn last_sights(state: &SportState) -> impl Iterator<Item = &Game> {
    state.games.values().map(|game| &game.last)
}

fn shortest_wait<'a>(games: impl Iterator<Item = &'a Game>, sport: &Sport, now: Timestamp) -> Duration {
    games.map(|game| wait_for(game, sport, now)).min().unwrap_or(SELDOM)
}

fn jittered(wait: Duration, shortest: Duration, rng: &mut fastrand::Rng) -> Duration {
    let factor = 1.0 + JITTER * (2.0 * rng.f64() - 1.0);
    wait.max(shortest).mul_f64(factor).max(shortest)
}

fn is_followed(game: &Game, now: Timestamp) -> bool {
    match game.phase {
        Phase::Live | Phase::Break | Phase::Shootout => is_believed(game, now),
        Phase::Scheduled | Phase::Delayed | Phase::Suspended | Phase::Unknown => is_overdue(game, now),
        Phase::Final | Phase::Postponed | Phase::Cancelled => false,
    }
}

fn wait_for(game: &Game, sport: &Sport, now: Timestamp) -> Duration {
    match game.phase {
        Phase::Live | Phase::Break | Phase::Shootout if !is_believed(game, now) => SELDOM,
        Phase::Live | Phase::Break | Phase::Shootout if is_close(game, sport) && is_late(game, sport) => {
            CLOSE
        }
        Phase::Live | Phase::Break | Phase::Shootout => LIVE,
        Phase::Delayed | Phase::Unknown if is_overdue(game, now) => NEAR,
        Phase::Scheduled | Phase::Delayed | Phase::Unknown => wait_for_start(game, now),
        Phase::Final | Phase::Postponed | Phase::Suspended | Phase::Cancelled => SELDOM,
    }
}

/// Before the lead-in a poll falls at its beginning at the latest, give or take the wait inside it; so the nearer the
/// start, the shorter the wait.
fn wait_for_start(game: &Game, now: Timestamp) -> Duration {
    let Some(starts_at) = game.starts_at else { return SELDOM };
    match Duration::try_from(starts_at.duration_since(now)) {
        Ok(ahead) => ahead.saturating_sub(LEAD_IN).clamp(NEAR, SELDOM),
        Err(_) if is_overdue(game, now) => NEAR,
        Err(_) => SELDOM,
    }
}

fn is_overdue(game: &Game, now: Timestamp) -> bool {
    since_start(game, now).is_some_and(|passed| passed <= OVERDUE)
}

fn is_believed(game: &Game, now: Timestamp) -> bool {
    since_start(game, now).is_none_or(|passed| passed <= LONGEST_GAME)
}

/// How long ago the start was; `None` before it and where it is not known.
fn since_start(game: &Game, now: Timestamp) -> Option<Duration> {
    Duration::try_from(now.duration_since(game.starts_at?)).ok()
}

/// Whether one or two scores could turn it.
fn is_close(game: &Game, sport: &Sport) -> bool {
    let within = match sport.discipline {
        Discipline::Basketball => 5,
        Discipline::Football => 8,
        Discipline::Baseball => 2,
        Discipline::Hockey | Discipline::Soccer => 1,
        Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf => return false,
    };
    game.score().is_some_and(|score| score.margin() <= within)
}

fn is_late(game: &Game, sport: &Sport) -> bool {
    let regulation = sport.regulation;
    if game.phase == Phase::Shootout || game.period > regulation.periods {
        return true;
    }
    if game.period < regulation.periods {
        return false;
    }
    match game.clock {
        Some(Clock::Left { millis }) => millis <= LATE_SECONDS * 1000,
        Some(Clock::Minute { minute, .. }) => {
            let length = u32::from(regulation.periods) * regulation.period_seconds / 60;
            u32::from(minute) + LATE_MINUTES >= length
        }
        Some(Clock::Inning { .. }) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests;
