//! What the operator is told of without asking, and when: once when it begins, once when it is over.
//!
//! [`conditions`] says what is wrong in a [`Sight`] of the wire. The [`AlertBook`] makes alerts of that, with hysteresis: a
//! condition must hold for a while before it is told, and be gone for a while before that is told, and the longer the
//! oftener it came back. The book stands in the ledger, so neither a restart nor another leader tells anything twice, and
//! a notice that could not be delivered is delivered later. It is delivered at least once on each route, in order; how long
//! is tried is limited, what was given up is kept to be shown, and a notice that cannot be delivered is no condition itself.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::post::{ChannelName, Halted, PostId};
use super::room::{Fullness, Room};
use super::sport::SportKey;

mod book;
mod rules;

pub use book::{Alert, AlertBook, Delivery, Failure, Lost, Notice, NoticeKind};
pub use rules::AlertRules;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// How many posts of one channel are told of at a time.
const UNKNOWN_AT_ONCE: usize = 3;

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A channel waits for an operator: its account is not let in, has no credit, or is no more.
    ChannelHalted,
    /// A feed's host has failed so often that it is left alone.
    FeedBreakerOpen,
    /// A writer has failed so often that it is left alone.
    WriterLeftAlone,
    /// Of a post nobody can tell whether it arrived.
    UnknownPost,
    /// An actor is started again and again.
    RestartStorm,
    /// Nothing is seen of games that are under way.
    FeedSilent,
    /// The disk is nearly full.
    DiskNearlyFull,
    /// Posts are due, nothing holds them, and they do not leave.
    PublishingSilent,
}

impl AlertKind {
    /// The kind as it is written everywhere: `channel_halted`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChannelHalted => "channel_halted",
            Self::FeedBreakerOpen => "feed_breaker_open",
            Self::WriterLeftAlone => "writer_left_alone",
            Self::UnknownPost => "unknown_post",
            Self::RestartStorm => "restart_storm",
            Self::FeedSilent => "feed_silent",
            Self::DiskNearlyFull => "disk_nearly_full",
            Self::PublishingSilent => "publishing_silent",
        }
    }
}

impl fmt::Display for AlertKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What.
    pub kind: AlertKind,
    /// Of what: a channel, a feed, a post.
    pub subject: String,
    /// In one sentence, with what to do.
    pub detail: String,
}

/// The wire at one moment, as far as it can be wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sight {
    /// The channels that are halted.
    pub halted: Vec<(ChannelName, Halted)>,
    /// The feeds whose breaker is open, with the failures in a row.
    pub breakers: BTreeMap<String, u32>,
    /// The writers that are left alone, with why.
    pub writers: Vec<(String, String)>,
    /// The posts of which nobody can tell, the oldest first.
    pub unknown: Vec<(PostId, ChannelName)>,
    /// The actors that were restarted lately, by path, with how often.
    pub restarts: Vec<(String, usize)>,
    /// What is seen of the games under way.
    pub sports: BTreeMap<SportKey, Watched>,
    /// What is free on the disk of the ledger; `None` where nobody can tell.
    pub room: Option<Room>,
    /// What is due and held by nothing.
    pub due: Vec<Due>,
}

/// What is seen of a sport's games.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// How many are under way.
    pub live: usize,
    /// When a feed last answered.
    pub answered_at: Timestamp,
    /// When it is asked next.
    pub next_at: Timestamp,
}

/// Work that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Whose: a channel's name, `generator`.
    pub whose: String,
    /// How much.
    pub count: usize,
    /// Since when.
    pub since: Timestamp,
}

/// Everything that is wrong in a sight.
pub fn conditions(sight: &Sight, book: &AlertBook, rules: &AlertRules, now: Timestamp) -> Vec<Condition> {
    let found = |kind: AlertKind, subject: &dyn fmt::Display, detail: String| Condition {
        kind,
        subject: subject.to_string(),
        detail,
    };
    let mut all = Vec::new();
    for (channel, halted) in sight.halted.iter().filter(|(_, halted)| halted.halt.needs_operator()) {
        let detail = format!(
            "channel {channel} waits for you ({}): {}; then `wirereport reload`, or `wirereport actor resume publisher/{channel}`",
            halted.halt, halted.reason
        );
        all.push(found(AlertKind::ChannelHalted, channel, detail));
    }
    for (feed, failures) in &sight.breakers {
        let detail = format!(
            "feed {feed} is left alone after {failures} failures in a row; it is tried again by itself"
        );
        all.push(found(AlertKind::FeedBreakerOpen, feed, detail));
    }
    for (writer, reason) in &sight.writers {
        let detail = format!("writer {writer} is left alone: {reason}; the templates speak meanwhile");
        all.push(found(AlertKind::WriterLeftAlone, writer, detail));
    }
    let mut told: BTreeMap<&ChannelName, usize> = BTreeMap::new();
    for (post, channel) in &sight.unknown {
        let count = told.entry(channel).or_default();
        *count += 1;
        if *count <= UNKNOWN_AT_ONCE {
            let detail = format!(
                "nobody can tell whether post {post} arrived on {channel}: look there, then `wirereport posts resolve {post}`"
            );
            all.push(found(AlertKind::UnknownPost, post, detail));
        }
    }
    let storm = usize::try_from(rules.restarts).unwrap_or(usize::MAX);
    for (actor, restarts) in sight.restarts.iter().filter(|(_, restarts)| *restarts >= storm) {
        let detail = format!("actor {actor} was restarted {restarts} times in a short while: see the log");
        all.push(found(AlertKind::RestartStorm, actor, detail));
    }
    for (sport, watched) in sight.sports.iter().filter(|(_, watched)| is_silent(watched, rules, now)) {
        let games = if watched.live == 1 { "1 game".to_owned() } else { format!("{} games", watched.live) };
        let detail = format!(
            "{sport} has {games} under way, and its feed has shown nothing since {}: `wirereport status` says why",
            watched.answered_at.strftime("%H:%M:%SZ")
        );
        all.push(found(AlertKind::FeedSilent, sport, detail));
    }
    if let Some(detail) = sight.room.and_then(|room| tight(room, book)) {
        all.push(found(AlertKind::DiskNearlyFull, &"state directory", detail));
    }
    for due in sight.due.iter().filter(|due| passed(due.since, now) >= rules.silent_after) {
        let detail = format!(
            "{} due for {} since {} did not leave, and nothing holds it: see `wirereport status` and the log",
            due.count,
            due.whose,
            due.since.strftime("%H:%M:%SZ")
        );
        all.push(found(AlertKind::PublishingSilent, &due.whose, detail));
    }
    all
}

fn passed(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since)).unwrap_or_default()
}

fn is_silent(watched: &Watched, rules: &AlertRules, now: Timestamp) -> bool {
    watched.live > 0
        && passed(watched.answered_at, now) >= rules.silent_after
        && passed(watched.next_at, now) >= rules.late()
}

fn tight(room: Room, book: &AlertBook) -> Option<String> {
    let told = book.open(AlertKind::DiskNearlyFull);
    let fullness = if told { room.fullness_again() } else { room.fullness() };
    let megabytes = room.bytes >> 20;
    match fullness {
        Fullness::Roomy => None,
        Fullness::Tight => {
            Some(format!("the disk of the ledger is nearly full, {megabytes} MiB are left: free some space"))
        }
        Fullness::Full => Some(format!(
            "the disk of the ledger is full, {megabytes} MiB are left, and nothing is told that cannot be written down: free some space"
        )),
    }
}

#[cfg(test)]
mod tests;
