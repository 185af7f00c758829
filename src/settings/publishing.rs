//! How much is sent on channels, when, and what it may cost. What stands in `[publishing]` holds for every channel; a
//! channel's own table overrides it.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use wirereport_actors::wire::pace::{Budget, Money, Pace, QuietHours};
use wirereport_actors::wire::rules::{ChannelRules, OnUnknown};

use super::duration;
use super::nearest::nearest;
use super::reader::{Refusal, Section};
use super::tree::{Node, Value};
use super::values::{self, Read};

/// How much is sent on a channel, when, and what it may cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishingSettings {
    /// What is done where nobody can tell what became of an attempt.
    pub on_unknown: WhenUnknown,
    /// How long after it was seen a story is told at the earliest.
    #[serde(with = "duration")]
    pub spoiler_delay: Duration,
    /// Whether missed finals are told together after an outage.
    pub digest: bool,
    /// The most posts in any hour; 0 for no limit.
    pub per_hour: u32,
    /// The most posts in any 24 hours; 0 for no limit.
    pub per_day: u32,
    /// The least time between two posts.
    #[serde(with = "duration")]
    pub spacing: Duration,
    /// When only what is important enough is told.
    pub quiet_hours: Quiet,
    /// The least significance that is told in quiet hours.
    pub quiet_bypass: f64,
    /// The zone of the quiet hours and of the budgets' days and months, by its IANA name.
    pub time_zone: Zone,
    /// What may be spent in a day; 0 for no limit.
    pub budget_per_day: Dollars,
    /// What may be spent in a month; 0 for no limit.
    pub budget_per_month: Dollars,
    /// What a post costs.
    pub price_per_post: Dollars,
    /// What a post with a URL in it costs.
    pub price_with_url: Dollars,
}

/// The platforms that bill posts: what one costs, and what one with a URL does, in millionths of a dollar. X's price list
/// of April 2026.
const PRICES: [(&str, Dollars, Dollars); 1] = [("x", Dollars(15_000), Dollars(200_000))];

impl Default for PublishingSettings {
    fn default() -> Self {
        Self {
            on_unknown: WhenUnknown(OnUnknown::Hold),
            spoiler_delay: Duration::ZERO,
            digest: false,
            per_hour: 0,
            per_day: 0,
            spacing: Duration::ZERO,
            quiet_hours: Quiet(None),
            quiet_bypass: 0.8,
            time_zone: Zone(TimeZone::UTC),
            budget_per_day: Dollars(0),
            budget_per_month: Dollars(0),
            price_per_post: Dollars(0),
            price_with_url: Dollars(0),
        }
    }
}

impl PublishingSettings {
    /// The defaults of a channel of that kind: these, and where no price is set, the platform's own.
    pub(super) fn for_kind(&self, kind: &str) -> Self {
        let priced = self.price_per_post.0 > 0 || self.price_with_url.0 > 0;
        match PRICES.iter().find(|(billed, ..)| *billed == kind && !priced) {
            Some((_, post, with_url)) => {
                Self { price_per_post: *post, price_with_url: *with_url, ..self.clone() }
            }
            None => self.clone(),
        }
    }

    /// Puts these into a channel's rules.
    pub fn applied_to(&self, rules: ChannelRules) -> ChannelRules {
        let limit = |count: u32| (count > 0).then_some(count);
        let money = |dollars: Dollars| (dollars.0 > 0).then_some(Money(dollars.0));
        let quiet = |(from, to)| QuietHours { from, to, bypass: self.quiet_bypass };
        ChannelRules {
            on_unknown: self.on_unknown.0,
            spoiler_delay: self.spoiler_delay,
            digest: self.digest,
            pace: Pace {
                per_hour: limit(self.per_hour),
                per_day: limit(self.per_day),
                spacing: self.spacing,
                quiet: self.quiet_hours.0.map(quiet),
                budget: Budget {
                    post: Money(self.price_per_post.0),
                    post_with_url: Money(self.price_with_url.0),
                    per_day: money(self.budget_per_day),
                    per_month: money(self.budget_per_month),
                },
                zone: self.time_zone.0.clone(),
            },
            ..rules
        }
    }
}

/// The choice about attempts nobody can tell of, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhenUnknown(pub OnUnknown);

impl Serialize for WhenUnknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self.0 {
            OnUnknown::Hold => "hold",
            OnUnknown::Resend => "resend",
        })
    }
}

/// Quiet hours as they are written: `23:00-07:00`, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet(pub Option<(Time, Time)>);

impl Serialize for Quiet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = self.0.map(|(from, to)| {
            format!("{:02}:{:02}-{:02}:{:02}", from.hour(), from.minute(), to.hour(), to.minute())
        });
        serializer.serialize_str(&written.unwrap_or_default())
    }
}

/// A time zone as it is written: `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(pub TimeZone);

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

/// An amount of dollars in millionths, written as a number of dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dollars(pub u64);

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let micros = u32::try_from(self.0 % 1_000_000).unwrap_or_default();
        let dollars = u32::try_from(self.0 / 1_000_000).unwrap_or(u32::MAX);
        serializer.serialize_f64(f64::from(dollars) + f64::from(micros) / 1e6)
    }
}

/// The keys of these settings, all of which a running wire takes over.
pub(super) const KEYS: [&str; 13] = [
    "on_unknown",
    "spoiler_delay",
    "digest",
    "per_hour",
    "per_day",
    "spacing",
    "quiet_hours",
    "quiet_bypass",
    "time_zone",
    "budget_per_day",
    "budget_per_month",
    "price_per_post",
    "price_with_url",
];

pub(super) fn read(section: &mut Section<'_>, default: &PublishingSettings) -> PublishingSettings {
    let up_to = |hours: u64| (Duration::ZERO, Duration::from_secs(hours * 3600));
    let on_unknown =
        values::one_of(&[("hold", WhenUnknown(OnUnknown::Hold)), ("resend", WhenUnknown(OnUnknown::Resend))]);
    PublishingSettings {
        on_unknown: section.take("on_unknown", on_unknown, default.on_unknown),
        spoiler_delay: section.duration("spoiler_delay", up_to(24), default.spoiler_delay),
        digest: section.take("digest", values::boolean, default.digest),
        per_hour: section.take("per_hour", values::count(0, 100_000), default.per_hour),
        per_day: section.take("per_day", values::count(0, 1_000_000), default.per_day),
        spacing: section.duration("spacing", up_to(24), default.spacing),
        quiet_hours: section.take("quiet_hours", quiet_hours, default.quiet_hours),
        quiet_bypass: section.take("quiet_bypass", values::fraction, default.quiet_bypass),
        time_zone: section.take("time_zone", time_zone, default.time_zone.clone()),
        budget_per_day: section.take("budget_per_day", dollars, default.budget_per_day),
        budget_per_month: section.take("budget_per_month", dollars, default.budget_per_month),
        price_per_post: section.take("price_per_post", dollars, default.price_per_post),
        price_with_url: section.take("price_with_url", dollars, default.price_with_url),
    }
}

fn quiet_hours(node: &Node) -> Read<Quiet> {
    let expected = "two times of the day such as \"23:00-07:00\", or \"\" for none";
    let Some(text) = values::optional_text(node)? else { return Ok(Quiet(None)) };
    let times = text.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
    match times {
        Some((from, to)) if from != to => Ok(Quiet(Some((from, to)))),
        _ => Err(vec![Refusal::of(node, expected)]),
    }
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn time_zone(node: &Node) -> Read<Zone> {
    let text = values::text(node)?;
    if let Ok(zone) = TimeZone::get(&text) {
        return Ok(Zone(zone));
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let hint = nearest(&text, names.iter().map(String::as_str));
    let hint = hint.map(|hint| format!(" (did you mean \"{hint}\"?)")).unwrap_or_default();
    Err(vec![Refusal::of(node, format!("the IANA name of a time zone such as \"Europe/Berlin\"{hint}"))])
}

pub(super) fn dollars(node: &Node) -> Read<Dollars> {
    let amount = match node.value {
        Value::Float(number) => number,
        Value::Integer(number) => i32::try_from(number).map_or(f64::NAN, f64::from),
        _ => f64::NAN,
    };
    if (0.0..=1e6).contains(&amount) {
        return Ok(Dollars(micros(amount)));
    }
    Err(vec![Refusal::of(node, "a number of dollars such as 2.50, from 0 to 1000000")])
}

/// Millionths of an amount that is at most a million.
fn micros(amount: f64) -> u64 {
    format!("{:.0}", amount * 1e6).parse().unwrap_or_default()
}
