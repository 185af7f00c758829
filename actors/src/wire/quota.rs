//! A feed's own limits: how many requests may still be spent, today and in this minute.
//!
//! A feed that sells its answers says with each of them what is left. A request that would be one too many is not made:
//! it would be refused all the same, and some hosts count refusals. What the feed does not say is not limited.
//! An operator's own limit of requests is another thing, planned ahead of time: [`budget`](super::schedule::budget).
//!
//! **Pace.** What is left of the day, divided evenly over the rest of it, is the *pace*. [`paced`] lengthens the schedule's
//! waits by it: a wait that the schedule makes short, late in a close game, may use up to [`EAGER`] times its share; one
//! that it makes long leaves the share to others. The pace is reckoned anew with every answer, so what was spent early is
//! saved later. The fewer are left the less of them may be spent early ([`FEW`]), so that the last request is never spent
//! long before the day is over.
//!
//! Pure: time is an argument.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::schedule::LIVE;

/// How many times its even share a request may cost when news is near.
pub const EAGER: f64 = 4.0;
/// The least share of an even one that a request without news costs.
pub const IDLE: f64 = 0.25;
/// With so many requests left a wait may use twice its share, with twice as many three times, up to [`EAGER`]; the last one
/// little more than its own.
pub const FEW: f64 = 8.0;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: i64 = 86_400;

/// What a feed said with an answer of what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Requests that are left of the day's.
    pub day: Option<u32>,
    /// How long until the day's are there again; else at midnight UTC.
    pub day_resets_in: Option<Duration>,
    /// Requests that are left of the minute's.
    pub minute: Option<u32>,
}

/// Which of a feed's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Requests a day.
    Day,
    /// Requests a minute.
    Minute,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "day",
            Self::Minute => "minute",
        })
    }
}

/// Nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Of which limit.
    pub limit: Limit,
    /// How long until there is.
    pub retry_after: Duration,
}

/// The waits with which a feed's requests last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaPace {
    /// At which what is left, evenly spent, lasts until there is more.
    pub even: Duration,
    /// The shortest, for when news is near.
    pub shortest: Duration,
}

impl QuotaPace {
    /// Where so many spend what is left.
    #[must_use]
    pub fn shared_by(self, many: u32) -> Self {
        Self { even: self.even.saturating_mul(many), shortest: self.shortest.saturating_mul(many) }
    }
}

/// What is left at one feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quota {
    day: Option<Window>,
    minute: Option<Window>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    left: u32,
    resets_at: Timestamp,
}

impl Quota {
    /// Takes one request out of what is left.
    ///
    /// # Errors
    /// Where nothing is, with the time until there is.
    pub fn spend(&mut self, now: Timestamp) -> Result<(), Spent> {
        for window in [&mut self.day, &mut self.minute] {
            *window = window.filter(|window| window.resets_at > now);
        }
        for (limit, window) in [(Limit::Day, self.day), (Limit::Minute, self.minute)] {
            if let Some(Window { left: 0, resets_at }) = window {
                return Err(Spent { limit, retry_after: until(resets_at, now) });
            }
        }
        for window in [&mut self.day, &mut self.minute].into_iter().flatten() {
            window.left -= 1;
        }
        Ok(())
    }

    /// Takes in what the feed said. It knows better than our own count, except of the requests still under way.
    pub fn note(&mut self, reading: Reading, now: Timestamp) {
        if let Some(left) = reading.day {
            let resets_at = match reading.day_resets_in {
                Some(span) => now.checked_add(span).unwrap_or(Timestamp::MAX),
                None => next_midnight(now),
            };
            self.day = Some(Window { left, resets_at });
        }
        if let Some(left) = reading.minute {
            // When the feed's minute began is not said; ours may end later than it, never earlier.
            let resets_at = now.checked_add(MINUTE).unwrap_or(Timestamp::MAX);
            self.minute = Some(Window { left, resets_at });
        }
    }

    /// The feed refused a request for want of them.
    pub fn ran_out(&mut self, limit: Limit, now: Timestamp) -> Spent {
        let known = match limit {
            Limit::Day => self.day,
            Limit::Minute => self.minute,
        };
        let usual = match limit {
            Limit::Day => next_midnight(now),
            Limit::Minute => now.checked_add(MINUTE).unwrap_or(Timestamp::MAX),
        };
        let resets_at = known.map(|window| window.resets_at).filter(|at| *at > now).unwrap_or(usual);
        let window = Some(Window { left: 0, resets_at });
        match limit {
            Limit::Day => self.day = window,
            Limit::Minute => self.minute = window,
        }
        Spent { limit, retry_after: until(resets_at, now) }
    }

    /// Whether the feed has said anything of limits.
    pub fn is_known(&self) -> bool {
        self.day.is_some() || self.minute.is_some()
    }

    /// The waits with which what is left lasts until there is more; `None` where the feed has said nothing.
    pub fn pace(&self, now: Timestamp) -> Option<QuotaPace> {
        let pace = |window: Window| {
            let even = until(window.resets_at, now) / window.left.max(1);
            let eager = (1.0 + f64::from(window.left) / FEW).min(EAGER);
            QuotaPace { even, shortest: even.div_f64(eager) }
        };
        let windows = [self.day, self.minute].into_iter().flatten();
        windows.filter(|window| window.resets_at > now).map(pace).reduce(|one, other| QuotaPace {
            even: one.even.max(other.even),
            shortest: one.shortest.max(other.shortest),
        })
    }
}

/// The schedule's wait, lengthened so that a feed's requests last. At the wait of a game under way it is the pace itself.
pub fn paced(wait: Duration, pace: QuotaPace) -> Duration {
    let share = (wait.as_secs_f64() / LIVE.as_secs_f64()).min(1.0 / IDLE);
    wait.max(pace.even.mul_f64(share)).max(pace.shortest)
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

fn next_midnight(now: Timestamp) -> Timestamp {
    let today = now.as_second().div_euclid(DAY);
    Timestamp::from_second((today + 1) * DAY).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::schedule::{CLOSE, SELDOM};

    fn at(time: &str) -> Timestamp {
        format!("2026-01-10T{time}Z").parse().unwrap()
    }

    fn left(day: Option<u32>, minute: Option<u32>) -> Quota {
        let mut quota = Quota::default();
        quota.note(Reading { day, minute, day_resets_in: None }, at("18:00:00"));
        quota
    }

    fn spent(limit: Limit, seconds: u64) -> Result<(), Spent> {
        Err(Spent { limit, retry_after: Duration::from_secs(seconds) })
    }

    #[test]
    fn what_the_feed_does_not_say_is_not_limited() {
        let mut quota = Quota::default();
        assert!((0..10_000).all(|_| quota.spend(at("18:00:00")).is_ok()));
        assert_eq!(quota.pace(at("18:00:00")), None);
    }

    #[test]
    fn a_spent_day_ends_at_midnight_utc_or_when_the_feed_says() {
        let mut quota = left(Some(1), None);
        assert_eq!(quota.spend(at("18:00:01")), Ok(()));
        assert_eq!(quota.spend(at("18:00:02")), spent(Limit::Day, 6 * 3600 - 2));
        assert_eq!(quota.spend(at("23:59:59")), spent(Limit::Day, 1));
        assert_eq!(quota.spend("2026-01-11T00:00:00Z".parse().unwrap()), Ok(()));
        let resets = Reading { day: Some(0), day_resets_in: Some(Duration::from_secs(60)), minute: None };
        quota.note(resets, at("18:00:00"));
        assert_eq!(quota.spend(at("18:00:30")), spent(Limit::Day, 30));
        assert_eq!(quota.spend(at("18:01:00")), Ok(()));
    }

    #[test]
    fn a_spent_minute_is_over_after_one() {
        let mut quota = left(Some(50), Some(2));
        assert_eq!(quota.spend(at("18:00:01")), Ok(()));
        assert_eq!(quota.spend(at("18:00:01")), Ok(()));
        assert_eq!(quota.spend(at("18:00:10")), spent(Limit::Minute, 50));
        assert_eq!(quota.spend(at("18:01:00")), Ok(()));
    }

    #[test]
    fn the_feeds_word_that_nothing_is_left_is_believed_without_figures() {
        let mut quota = Quota::default();
        let day = Spent { limit: Limit::Day, retry_after: Duration::from_secs(6 * 3600) };
        assert_eq!(quota.ran_out(Limit::Day, at("18:00:00")), day);
        assert_eq!(quota.spend(at("18:00:00")), Err(day));
        assert_eq!(quota.ran_out(Limit::Minute, at("18:00:00")).retry_after, Duration::from_secs(60));
    }

    #[test]
    fn the_pace_makes_what_is_left_last() {
        let six_hours = Duration::from_secs(6 * 3600);
        let even = |day, minute| left(day, minute).pace(at("18:00:00")).map(|pace| pace.even);
        assert_eq!(even(Some(100), None), Some(six_hours / 100));
        assert_eq!(even(Some(0), None), Some(six_hours));
        assert_eq!(even(Some(100_000), Some(30)), Some(Duration::from_secs(2)));
    }

    #[test]
    fn late_in_a_close_game_more_is_spent_and_when_nothing_is_on_less() {
        let with = |left| Window {
            left,
            resets_at: at("18:00:00") + SignedDuration::from_secs(100 * i64::from(left)),
        };
        let pace = |left| Quota { day: Some(with(left)), minute: None }.pace(at("18:00:00")).unwrap();
        let even = Duration::from_secs(100);
        assert_eq!(paced(LIVE, pace(100)), even);
        assert_eq!(paced(CLOSE, pace(100)), even / 2);
        assert_eq!(paced(Duration::from_secs(1), pace(100)), even / 4);
        assert_eq!(paced(Duration::from_secs(1), pace(8)), even / 2, "of the last ones less is spent early");
        let far = QuotaPace { even: 2 * even, shortest: even / 2 };
        assert_eq!(paced(SELDOM, far), 8 * even);
        let soon = QuotaPace { even: Duration::from_secs(1), shortest: Duration::from_millis(250) };
        assert_eq!(paced(LIVE, soon), LIVE, "a pace never shortens a wait");
    }

    proptest! {
        /// Whatever the schedule wants, a free plan's day is not over long before its end.
        #[test]
        fn a_days_requests_last_the_day(waits in prop::collection::vec(1u64..600, 1..40), day in 20u32..400) {
            let midnight = at("00:00:00");
            let mut quota = Quota::default();
            quota.note(Reading { day: Some(day), ..Reading::default() }, midnight);
            let (mut now, mut waits) = (midnight, waits.into_iter().cycle());
            while now < at("20:00:00") {
                prop_assert_eq!(quota.spend(now), Ok(()), "spent at {}", now);
                let wait = Duration::from_secs(waits.next().unwrap());
                let wait = paced(wait, quota.pace(now).unwrap());
                now += SignedDuration::try_from(wait).unwrap();
            }
        }
    }
}
