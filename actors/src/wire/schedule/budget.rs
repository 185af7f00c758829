//! A budget of requests: polls are spent where news is likely, and no more of them than the feed's host is to bear.
//! The operator sets it; what a host itself allows, and says with its answers, is [`quota`](crate::wire::quota).
//!
//! **The rule.** News that comes at a rate `λ` and is looked for at a rate `f` waits `1/2f` on average. Of all ways to spend so many
//! requests the one with the least waiting gives each source `f ∝ √λ` (Sia, Cho and Cho, *Efficient Monitoring Algorithm for Fast
//! News Alerts*, IEEE TKDE 19(7), 2007); what holds between sources holds between one hour's minutes too. So a league is
//! asked every `1/(c·√λ)`, where `c` is what is left of the budget over the sum of `√λ` that is still ahead, over all leagues
//! that share it and to the end of the window: what a quiet hour saves is there for a close finish.
//!
//! **Something seen and not settled** is no rate: it waits for certain. It is looked at again at the schedule's own pace where it
//! is worth more than what a usual wait would bring.
//!
//! **Bounds.** A budget never quickens: no wait is shorter than without one. No sleep lasts past the next known start, so that
//! the game is met before it begins. A new window begins with at most [`CARRIED`] of the old one's allowance beside its own, and a
//! window of a day, which is a host's hard limit, with none.
//!
//! **Shares.** The leagues of one feed share its [`Purse`]: a watched value in which each puts what it expects, and from which each
//! takes a request before it asks. Shares alone would do for the waits; the count is in one place because a limit that is
//! to hold must be counted where it cannot be counted twice. Nothing is decided there for anybody else: a league that
//! crashed or hangs holds nobody up, and what it expected fades with the window.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::news::{self, Ahead};
use super::{jittered, plain_wait};
use crate::wire::detect::SportState;
use crate::wire::game::Phase;
use crate::wire::rules::Rules;
use crate::wire::sport::{Sport, SportKey};

/// The most of an hour's allowance that is carried over into the next, as a share of it.
pub const CARRIED: f64 = 0.25;
/// Requests that go into settling what was seen, for each moment that is told.
const SETTLING: f64 = 2.0;
/// The least share of what is left that is not kept for settling.
const LEAST_FREE: f64 = 0.4;
/// How far ahead is looked at least, so that the end of a window is no occasion to spend.
const LEAST_AHEAD: SignedDuration = SignedDuration::from_mins(15);
/// No sleep is longer.
const LONGEST: Duration = Duration::from_secs(4 * 3600);
/// How long before a known start a sleep ends at the latest.
const BEFORE_START: Duration = Duration::from_secs(60);

/// How many requests may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests in one window, over all leagues of the feed; at least one.
    pub requests: u32,
    /// How long a window is.
    pub window: Window,
}

/// The windows in which requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Hours by the clock.
    Hour,
    /// Days, as UTC has them.
    Day,
}

impl Window {
    fn span(self) -> SignedDuration {
        match self {
            Self::Hour => SignedDuration::from_hours(1),
            Self::Day => SignedDuration::from_hours(24),
        }
    }

    /// The word for it: `hour`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

/// What the leagues that share an allowance know of each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Purse {
    /// The start of the window, in seconds.
    window: i64,
    left: f64,
    outlooks: BTreeMap<SportKey, Outlook>,
}

/// What a league expected, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outlook {
    at: Timestamp,
    ahead: Ahead,
}

impl Purse {
    /// Takes that many requests out before they are made.
    ///
    /// # Errors
    /// There are not that many left: says for how long.
    pub fn take(&mut self, allowance: Allowance, requests: u32, now: Timestamp) -> Result<(), Duration> {
        self.turn(allowance, now);
        let requests = requests.min(allowance.requests);
        if self.left < f64::from(requests) {
            return Err(Duration::try_from(rest(allowance, now)).unwrap_or_default());
        }
        self.left -= f64::from(requests);
        Ok(())
    }

    /// What is left in this window.
    pub fn left(&self, allowance: Allowance, now: Timestamp) -> u32 {
        let mut purse = self.clone();
        purse.turn(allowance, now);
        purse.left as u32
    }

    /// Keeps what a league expects of the time ahead.
    pub fn expect(&mut self, state: &SportState, sport: &Sport, allowance: Allowance, now: Timestamp) {
        let ahead = news::ahead(state, sport, now, ahead(allowance, now));
        self.outlooks.insert(sport.key.clone(), Outlook { at: now, ahead });
    }

    fn turn(&mut self, allowance: Allowance, now: Timestamp) {
        let span = allowance.window.span();
        let window = now.as_second().div_euclid(span.as_secs());
        if window == self.window {
            return;
        }
        let carried = match allowance.window {
            Window::Hour if window == self.window + 1 => {
                self.left.min(CARRIED * f64::from(allowance.requests))
            }
            Window::Hour | Window::Day => 0.0,
        };
        self.window = window;
        self.left = f64::from(allowance.requests) + carried.max(0.0);
    }

    /// What all leagues expect from now on. What one of them expected a while ago has faded since.
    fn outlook(&self, allowance: Allowance, now: Timestamp) -> Ahead {
        let share = |outlook: &Outlook| {
            let whole = ahead(allowance, outlook.at).as_secs_f64();
            (1.0 - now.duration_since(outlook.at).as_secs_f64() / whole).clamp(0.0, 1.0)
        };
        self.outlooks.values().fold(Ahead::default(), |sum, outlook| sum.plus(outlook.ahead, share(outlook)))
    }
}

/// How long to wait until the next poll within a budget. The league's own expectation is in the purse.
pub fn next_poll(
    state: &SportState,
    sport: &Sport,
    rules: &Rules,
    (allowance, purse): (Allowance, &Purse),
    now: Timestamp,
    rng: &mut fastrand::Rng,
) -> Duration {
    let usual = plain_wait(state, sport, rules, now);
    let rate = news::rate(state, sport, now);
    let planned = planned(allowance, purse, rate, now);
    let expected = rate * planned.as_secs_f64() / 3600.0;
    let wait = if news::unsettled(state, sport, now) > expected { usual } else { planned.max(usual) };
    jittered(wait.min(until_start(state, now).max(usual)), rules.shortest_poll, rng)
}

/// The wait by the rule.
fn planned(allowance: Allowance, purse: &Purse, rate: f64, now: Timestamp) -> Duration {
    let beyond = ahead(allowance, now) - rest(allowance, now);
    let beyond = f64::from(allowance.requests) * beyond.div_duration_f64(allowance.window.span());
    let left = f64::from(purse.left(allowance, now)) + beyond;
    let outlook = purse.outlook(allowance, now);
    let left = (left - SETTLING * outlook.news).max(LEAST_FREE * left);
    let hours = outlook.roots / (left * rate.sqrt());
    Duration::try_from_secs_f64(hours * 3600.0).unwrap_or(LONGEST).min(LONGEST)
}

/// How long it is to shortly before the next known start.
fn until_start(state: &SportState, now: Timestamp) -> Duration {
    let waiting = super::last_sights(state).filter(|game| game.phase == Phase::Scheduled);
    let ahead = waiting.filter_map(|game| Duration::try_from(game.starts_at?.duration_since(now)).ok());
    ahead.filter_map(|ahead| ahead.checked_sub(BEFORE_START)).min().unwrap_or(LONGEST)
}

/// What is left of the window.
fn rest(allowance: Allowance, now: Timestamp) -> SignedDuration {
    let span = allowance.window.span().as_secs();
    SignedDuration::from_secs(span - now.as_second().rem_euclid(span))
}

/// How far ahead is looked.
fn ahead(allowance: Allowance, now: Timestamp) -> SignedDuration {
    rest(allowance, now).max(LEAST_AHEAD)
}

#[cfg(test)]
mod tests;
