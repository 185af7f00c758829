//! What the API shows of the wire besides stories and posts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wirereport_actors::wire::game::{Clock, GameId, Phase};
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::{ChannelName, PostState};
use wirereport_actors::wire::sport::SportKey;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins, to be sent back as `cursor`; `None` on the last one.
    pub next: Option<String>,
}

/// A whole list.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct List<T> {
    /// What is in it.
    pub items: Vec<T>,
}

/// The wire in a few figures.
#[derive(Debug, Clone, PartialEq, Default, JsonSchema, Serialize, Deserialize)]
pub struct Now {
    /// Posts that were sent in the last hour.
    pub posts_1h: u64,
    /// Posts that were sent in the last 24 hours.
    pub posts_24h: u64,
    /// Posts that failed in the last 24 hours.
    pub failures_24h: u64,
    /// Posts nobody can tell of.
    pub unknown: u64,
    /// What channels and writers cost today, in dollars.
    pub dollars_today: f64,
    /// How long after it was seen the last post's story was sent, in seconds; `None` before the first post.
    pub lag_seconds: Option<f64>,
    /// When each channel's last post was sent.
    pub last_posts: BTreeMap<ChannelName, Timestamp>,
}

/// How a sport is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SportStanding {
    /// It is polled.
    Ok,
    /// Its feed or the ledger does not answer as it should.
    Late,
    /// Its actor is not running.
    Down,
    /// The operator paused it.
    Paused,
    /// Another instance polls it.
    StandingBy,
}

/// A league that is followed.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct SportView {
    /// Our key of it.
    pub key: SportKey,
    /// What readers call it.
    pub name: String,
    /// How it is followed.
    pub state: SportStanding,
    /// Why, where it is not well.
    pub reason: Option<String>,
    /// The feed that answered last.
    pub feed: Option<String>,
    /// Its feeds, the preferred one first.
    pub feeds: Vec<String>,
    /// When that was.
    pub last_poll: Option<Timestamp>,
    /// When it is asked next, as far as that is known.
    pub next_poll: Option<Timestamp>,
    /// Games that are known.
    pub games: usize,
    /// Games that are being played.
    pub live: usize,
}

/// A side of a game.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct SideView {
    /// Its abbreviation.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its confirmed points; `None` where there are none yet.
    pub score: Option<u32>,
}

/// A game as it stands.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct GameView {
    /// Our id of it.
    pub id: GameId,
    /// The league.
    pub sport: SportKey,
    /// Away at home.
    pub name: String,
    /// Where it stands, as it is confirmed.
    pub status: Phase,
    /// When it begins, or began.
    pub starts_at: Option<Timestamp>,
    /// The away side.
    pub away: SideView,
    /// The home side.
    pub home: SideView,
    /// The confirmed period, from 1; 0 before the start.
    pub period: u8,
    /// The clock of the last sight.
    pub clock: Option<Clock>,
    /// Home's chance to win, 0 to 1; `None` where nothing is known of it.
    pub win_probability: Option<f64>,
    /// Seconds since 1970 and home's chance then, oldest first.
    pub history: Vec<(i64, f64)>,
    /// What was seen and waits to be confirmed, in words.
    pub waiting: Option<String>,
    /// Why nothing more is told of it.
    pub quarantine: Option<String>,
    /// When it was last seen.
    pub updated_at: Timestamp,
}

/// Which games to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GameQuery {
    /// Only this sport's.
    pub sport: Option<String>,
    /// Only those being played, or only the others; all of them where it is not said.
    pub live: Option<bool>,
}

/// A limit of how much is sent, and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct CapView {
    /// Over how long: `hour`, `day`, or the platform's name of it.
    pub window: String,
    /// How much was sent.
    pub used: u64,
    /// How much may be.
    pub limit: Option<u64>,
    /// When there is more again, where the platform says so.
    pub resets_at: Option<Timestamp>,
}

/// What may be spent.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct BudgetView {
    /// In a day, in dollars.
    pub per_day: Option<f64>,
    /// In a month, in dollars.
    pub per_month: Option<f64>,
}

/// A channel as it stands.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ChannelView {
    /// Its name.
    pub name: ChannelName,
    /// Its kind: `telegram`.
    pub kind: String,
    /// `open`, or what holds it: `stopped`, `paused`, `quiet`, `limited`, `rate_limited`, `needs_auth`, `out_of_credit`,
    /// `gone`.
    pub state: String,
    /// Why.
    pub why: Option<String>,
    /// Until when, where that is known.
    pub until: Option<Timestamp>,
    /// Its limits.
    pub caps: Vec<CapView>,
    /// What was spent today, in dollars.
    pub spent_today: f64,
    /// What was spent this month, in dollars.
    pub spent_month: f64,
    /// What may be.
    pub budget: BudgetView,
    /// When only what is important enough leaves, as it is set: `23:00-07:00`.
    pub quiet: Option<String>,
    /// Posts under way.
    pub in_flight: u64,
    /// Posts that are ready to leave.
    pub pending: u64,
    /// Posts in the other open states, and how many.
    pub open: BTreeMap<PostState, u64>,
    /// When its last post was sent.
    pub last_post: Option<Timestamp>,
    /// How it is let in, in words.
    pub let_in: String,
    /// When its access token ends, where that is known.
    pub token_expires_at: Option<Timestamp>,
}

/// One setting, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct SettingView {
    /// The whole key, or the name of a secret's variable.
    pub key: String,
    /// The value; `(secret)` of a secret.
    pub value: serde_json::Value,
    /// Where it stands.
    pub origin: String,
}

/// An amount in dollars.
pub(super) fn dollars(money: Money) -> f64 {
    // Millionths of a dollar stay exact up to billions of them.
    money.0 as f64 / 1e6
}
