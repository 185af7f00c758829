//! How much an operator lets a channel send: caps, spacing, quiet hours, and a budget in money.
//! What the platform allows it is [`traffic`](super::traffic); how often feeds are asked is no matter of a channel's.
//!
//! What left, and what it cost, is counted from the ledger ([`Usage`]), so a restart forgets nothing. Caps count over the
//! hour and the day that end now, as platforms do; budgets run over the days and months of the channel's time zone, as
//! invoices do.
//!
//! **What they do not hold back.** A post in doubt is counted already, and sending it again is no second post. A
//! correction takes back what readers believe, so it is counted but never waits for a limit of the operator's own.

use std::fmt;
use std::time::Duration;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use super::post::Post;
use super::traffic::Closed;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An amount of money in millionths of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Money(pub u64);

impl Money {
    fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Self::plus)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let fraction = format!("{micros:06}");
        let fraction = fraction.trim_end_matches('0');
        write!(f, "${dollars}.{fraction:0<2}")
    }
}

/// What an operator allows a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Posts in any hour; `None` for no limit.
    pub per_hour: Option<u32>,
    /// Posts in any 24 hours; `None` for no limit.
    pub per_day: Option<u32>,
    /// The least time between two posts.
    pub spacing: Duration,
    /// When nothing leaves that is not important enough.
    pub quiet: Option<QuietHours>,
    /// What posts cost, and what may be spent.
    pub budget: Budget,
    /// The zone of the quiet hours and of the budget's days and months.
    pub zone: TimeZone,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            per_hour: None,
            per_day: None,
            spacing: Duration::ZERO,
            quiet: None,
            budget: Budget::default(),
            zone: TimeZone::UTC,
        }
    }
}

/// A time of every day in which only what is important enough leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuietHours {
    /// When they begin.
    pub from: Time,
    /// When they end; on the next day where that is not after the beginning.
    pub to: Time,
    /// The least significance that leaves all the same, 0 to 1.
    pub bypass: f64,
}

/// What posts cost and what may be spent on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// The price of a post.
    pub post: Money,
    /// The price of a post with a URL in it.
    pub post_with_url: Money,
    /// What may be spent in a day; `None` for no limit.
    pub per_day: Option<Money>,
    /// What may be spent in a month; `None` for no limit.
    pub per_month: Option<Money>,
}

/// What left a channel, or may have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// When, in the last 24 hours, oldest first.
    pub departures: Vec<Timestamp>,
    /// What was spent today.
    pub today: Money,
    /// What was spent this month.
    pub this_month: Money,
}

impl Usage {
    /// Counts departures, which come oldest first.
    pub fn of(departures: &[(Timestamp, Money)], since: &Since) -> Self {
        let spent = |since| departures.iter().filter(|(at, _)| *at >= since).map(|(_, price)| *price).sum();
        Self {
            departures: departures.iter().map(|(at, _)| *at).filter(|at| *at >= since.departures).collect(),
            today: spent(since.today),
            this_month: spent(since.this_month),
        }
    }
}

/// From when a channel's usage is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The departures.
    pub departures: Timestamp,
    /// What was spent today.
    pub today: Timestamp,
    /// What was spent this month.
    pub this_month: Timestamp,
}

impl Pace {
    /// Whether anything is limited that has to be counted.
    pub fn counts(&self) -> bool {
        let Self { per_hour, per_day, spacing, budget, .. } = self;
        per_hour.is_some()
            || per_day.is_some()
            || !spacing.is_zero()
            || budget.per_day.is_some()
            || budget.per_month.is_some()
    }

    /// From when usage is counted.
    pub fn since(&self, now: Timestamp) -> Since {
        let local = now.to_zoned(self.zone.clone());
        Since {
            departures: before(now, DAY),
            today: start(local.start_of_day(), now),
            this_month: start(local.first_of_month().and_then(|day| day.start_of_day()), now),
        }
    }

    /// What a text costs there.
    pub fn price(&self, text: &str) -> Money {
        if holds_url(text) { self.budget.post_with_url } else { self.budget.post }
    }

    /// Why a post may not leave now by the quiet hours, and until when.
    pub fn quiet(&self, post: &Post, now: Timestamp) -> Option<Closed> {
        if is_exempt(post) { None } else { self.quiet_at(post.significance, now) }
    }

    /// Why what matters that much may not leave now by the quiet hours, and until when.
    pub fn quiet_at(&self, significance: f64, now: Timestamp) -> Option<Closed> {
        let quiet = self.quiet.filter(|quiet| significance < quiet.bypass)?;
        let until = quiet.until(&now.to_zoned(self.zone.clone()))?;
        Some(Closed { reason: "quiet hours".to_owned(), until })
    }
}

impl QuietHours {
    /// When the quiet hours end that `now` is in.
    fn until(&self, now: &Zoned) -> Option<Timestamp> {
        let time = now.time();
        let (since_from, before_to) = (time >= self.from, time < self.to);
        let (quiet, tomorrow) = if self.from < self.to {
            (since_from && before_to, false)
        } else {
            (since_from || before_to, since_from)
        };
        if !quiet {
            return None;
        }
        let day = if tomorrow { now.date().tomorrow().ok()? } else { now.date() };
        let ends = DateTime::from_parts(day, self.to);
        let zone = now.time_zone();
        let candidates =
            [zone.to_ambiguous_timestamp(ends).earlier(), zone.to_ambiguous_timestamp(ends).later()];
        // Where the clocks are turned back the hour before the end comes twice.
        candidates.into_iter().flatten().find(|end| *end > now.timestamp())
    }
}

/// What is left of a channel's allowance, as posts are let go one after the other.
#[derive(Debug, Clone)]
pub struct Allowance<'a> {
    pace: &'a Pace,
    usage: Usage,
    now: Timestamp,
}

impl<'a> Allowance<'a> {
    /// What is left after that usage.
    pub fn new(pace: &'a Pace, usage: &Usage, now: Timestamp) -> Self {
        Self { pace, usage: usage.clone(), now }
    }

    /// Why a post may not leave now: of several reasons the one that lasts longest.
    pub fn holds(&self, post: &Post) -> Option<Closed> {
        if is_exempt(post) {
            return None;
        }
        let reasons = [self.spaced(), self.hourly(), self.daily(), self.spent_today(post), self.spent(post)];
        reasons
            .into_iter()
            .flatten()
            .filter(|closed| closed.until > self.now)
            .max_by_key(|closed| closed.until)
    }

    /// Counts a post that is let go.
    pub fn take(&mut self, post: &Post) {
        if post.in_doubt {
            return;
        }
        let price = self.pace.price(&post.text);
        self.usage.departures.push(self.now);
        self.usage.today = self.usage.today.plus(price);
        self.usage.this_month = self.usage.this_month.plus(price);
    }

    fn spaced(&self) -> Option<Closed> {
        let last = self.usage.departures.last().filter(|_| !self.pace.spacing.is_zero())?;
        let until = last.checked_add(self.pace.spacing).unwrap_or(Timestamp::MAX);
        Some(Closed { reason: format!("posts are at least {:?} apart", self.pace.spacing), until })
    }

    fn hourly(&self) -> Option<Closed> {
        let cap = self.pace.per_hour?;
        Some(Closed { reason: format!("{cap} posts in an hour are enough"), until: self.room_at(cap, HOUR)? })
    }

    fn daily(&self) -> Option<Closed> {
        let cap = self.pace.per_day?;
        Some(Closed { reason: format!("{cap} posts in 24 hours are enough"), until: self.room_at(cap, DAY)? })
    }

    /// When fewer than `cap` posts left within the window that then ends.
    fn room_at(&self, cap: u32, window: SignedDuration) -> Option<Timestamp> {
        let departures = &self.usage.departures;
        let oldest = departures.len().checked_sub(usize::try_from(cap).unwrap_or(usize::MAX))?;
        // A cap of none lets nothing go; it is looked at again when the window is over.
        let freed = departures.get(oldest).copied().unwrap_or(self.now);
        Some(freed.checked_add(window).unwrap_or(Timestamp::MAX))
    }

    fn spent_today(&self, post: &Post) -> Option<Closed> {
        let budget = self.pace.budget.per_day?;
        let exceeded = self.usage.today.plus(self.pace.price(&post.text)) > budget;
        let tomorrow = |now: Zoned| now.tomorrow()?.start_of_day();
        exceeded.then(|| Closed {
            reason: format!("{} of the day's {budget} are spent", self.usage.today),
            until: start(tomorrow(self.local()), before(self.now, -DAY)),
        })
    }

    fn spent(&self, post: &Post) -> Option<Closed> {
        let budget = self.pace.budget.per_month?;
        let exceeded = self.usage.this_month.plus(self.pace.price(&post.text)) > budget;
        let next_month = |now: Zoned| now.first_of_month()?.checked_add(1.month())?.start_of_day();
        exceeded.then(|| Closed {
            reason: format!("{} of the month's {budget} are spent", self.usage.this_month),
            until: start(next_month(self.local()), before(self.now, -DAY)),
        })
    }

    fn local(&self) -> Zoned {
        self.now.to_zoned(self.pace.zone.clone())
    }
}

/// Whether an operator's own limits do not hold a post back.
fn is_exempt(post: &Post) -> bool {
    post.in_doubt || post.revision > 1
}

fn before(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_sub(span).unwrap_or(at)
}

fn start(of: Result<Zoned, jiff::Error>, otherwise: Timestamp) -> Timestamp {
    of.map_or(otherwise, |zoned| zoned.timestamp())
}

/// Whether platforms may take a part of a text for a link: an address with its scheme, or two words that only a dot joins.
/// It errs towards yes, which is the dearer price.
pub fn holds_url(text: &str) -> bool {
    let joined = |word: &str| {
        let mut parts = word.split('.').map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
        let mut last = parts.next().unwrap_or_default();
        parts.any(|part| {
            let before = std::mem::replace(&mut last, part);
            !before.is_empty() && part.chars().take_while(|c| c.is_alphabetic()).count() >= 2
        })
    };
    text.contains("://") || text.split_whitespace().any(joined)
}

#[cfg(test)]
mod tests;
