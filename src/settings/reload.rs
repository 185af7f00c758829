//! What a reload changes: what a running wire takes over at once, and what needs a restart.

use serde::Serialize;
use serde_json::Value;

use wirereport_actors::wire::post::ChannelName;

use super::publishing;
use super::tree::join;
use super::{ChannelSettings, Settings};

/// What differs between two settings, by key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ReloadDiff {
    /// Taken over at once.
    pub changed_live: Vec<String>,
    /// Left as it was until the next start.
    pub needs_restart: Vec<String>,
}

impl ReloadDiff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.changed_live.is_empty() && self.needs_restart.is_empty()
    }
}

/// Compares the settings a wire runs with to new ones.
///
/// Live are what is told of a league and how often it is asked, how many requests a feed may be asked, what is told on
/// a channel, in which tone and how much of it, which account of its kind a channel is, which variable holds a feed's key,
/// what an editor sees first, how the operator is told and heard, how long history is kept, and the level of the log. A league or a channel that comes or goes needs a restart, and so does a
/// channel's language.
pub fn reload_diff(old: &Settings, new: &Settings) -> ReloadDiff {
    let mut diff = ReloadDiff::default();
    let renewable = |name: &str| {
        let of = |settings: &Settings| settings.channels.get(&ChannelName(name.to_owned())).cloned();
        of(old).zip(of(new)).is_some_and(|(old, new)| is_renewable(&old, &new))
    };
    compare(&plain(old), &plain(new), &renewable, &mut Vec::new(), &mut diff);
    diff
}

/// Whether a channel's adapter can be made anew while the wire runs: it is of the same kind, and of none that keeps files.
fn is_renewable(old: &ChannelSettings, new: &ChannelSettings) -> bool {
    old.kind.as_str() == new.kind.as_str() && !old.kind.is_local()
}

impl Settings {
    /// These settings with the live parts of `new`: what a running wire has after a reload.
    pub fn with_live_parts_of(&self, new: &Self) -> Self {
        let mut settings = self.clone();
        settings.history = new.history;
        settings.approval.clone_from(&new.approval);
        settings.alerts.clone_from(&new.alerts);
        settings.log.level.clone_from(&new.log.level);
        for (key, sport) in &mut settings.sports {
            if let Some(new) = new.sports.get(key) {
                *sport = super::SportSettings { feed: sport.feed.clone(), ..new.clone() };
            }
        }
        settings.feeds = settings.feeds.with_live_parts_of(&new.feeds);
        for (name, channel) in &mut settings.channels {
            if let Some(new) = new.channels.get(name) {
                channel.filter = new.filter.clone();
                channel.publishing = new.publishing.clone();
                let language = channel.voice.language.clone();
                channel.voice = super::VoiceSettings { language, ..new.voice.clone() };
                if is_renewable(channel, new) {
                    channel.kind = new.kind.clone();
                }
            }
        }
        settings
    }
}

fn plain(settings: &Settings) -> Value {
    serde_json::to_value(settings).unwrap_or_default()
}

fn compare(
    old: &Value,
    new: &Value,
    renewable: &dyn Fn(&str) -> bool,
    path: &mut Vec<String>,
    diff: &mut ReloadDiff,
) {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        if old != new {
            note(path, renewable, diff);
        }
        return;
    };
    let added = new.keys().filter(|key| !old.contains_key(*key));
    for key in old.keys().chain(added) {
        path.push(key.clone());
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => compare(old, new, renewable, path, diff),
            _ => note(path, renewable, diff),
        }
        path.pop();
    }
}

/// A channel's language is not: the templates that write in it are read when the wire starts.
fn is_live(name: &str, key: &str, renewable: &dyn Fn(&str) -> bool) -> bool {
    publishing::KEYS.contains(&key) || (renewable(name) && key != "language")
}

fn note(path: &[String], renewable: &dyn Fn(&str) -> bool, diff: &mut ReloadDiff) {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    let live = matches!(
        parts.as_slice(),
        ["history"]
            | ["approval", ..]
            | ["alerts", ..]
            | ["log", "level"]
            | ["sports", _, "kinds" | "threshold" | "posts_per_game" | "posts_per_day" | "rivalries"]
            | ["sports", _, "confirmations" | "shortest_poll" | "cross_check"]
            | ["feeds", _, "requests_per_hour" | "requests_per_day" | "secret_env"]
            | ["sports", _, "milestones", _]
            | ["sports", _, "stale_after", ..]
            | ["channels", _, "sports" | "teams" | "kinds" | "min_significance" | "tone" | "emoji"]
            | ["channels", _, "hashtags", _]
    ) || matches!(parts.as_slice(), ["channels", name, key] if is_live(name, key, renewable));
    let key = parts.iter().fold(String::new(), |path, part| join(&path, part));
    if live { diff.changed_live.push(key) } else { diff.needs_restart.push(key) }
}
