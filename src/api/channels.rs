//! The channels as they stand, and the wire in a few figures.

use jiff::{SignedDuration, Timestamp};
use wirereport_actors::ports::ledger::{Ledger, Switches};
use wirereport_actors::wire::pace::{Money, Usage};
use wirereport_actors::wire::post::{ChannelName, Halted, PostState};
use wirereport_actors::wire::rules::ChannelRules;
use wirereport_actors::wire::traffic::Traffic;

use super::let_in::let_in;
use super::problem::Problem;
use super::service::{Running, Service};
use super::types::WriterStatus;
use super::views::{BudgetView, CapView, ChannelView, Now, SettingView, dollars};
use crate::ledger::changes::{Standing, Standings};
use crate::settings::{ChannelKind, Leaf, PublishingSettings};

impl Service {
    pub(super) async fn channels(&self) -> Result<Vec<ChannelView>, Problem> {
        let running = self.live()?;
        let names: Vec<ChannelName> = running.tree.channels().cloned().collect();
        let now = self.clock.now();
        let switches = self.ledger.switches().await?;
        let mut standings = self.ledger.standings(&names, now).await?;
        let policy = running.policy.borrow().clone();
        let mut channels = Vec::new();
        for name in names {
            let rules = policy.channel(&name);
            let traffic = Traffic {
                halted: self.ledger.halted(&name).await?,
                quotas: running.tree.quotas(&name),
                usage: self.ledger.usage(&name, &rules.pace.since(now)).await?,
            };
            let held = held(&name, &switches, &traffic, &rules, now);
            let standing = standings.remove(&name).unwrap_or_default();
            channels.push(shown(name, held, &traffic, &rules, standing, running, now));
        }
        Ok(channels)
    }

    /// The wire in a few figures.
    pub(super) async fn now(&self, running: &Running, writers: &[WriterStatus]) -> Result<Now, Problem> {
        let names: Vec<ChannelName> = running.tree.channels().cloned().collect();
        let now = self.clock.now();
        let standings = self.ledger.standings(&names, now).await?;
        let policy = running.policy.borrow().clone();
        let mut spent: Money = writers
            .iter()
            .filter_map(|writer| writer.spending.as_ref())
            .map(|spending| spending.expenses.today.money)
            .sum();
        for name in &names {
            let pace = policy.channel(name).pace;
            if pace.budget.post.0 > 0 || pace.budget.post_with_url.0 > 0 {
                let usage = self.ledger.usage(name, &pace.since(now)).await?;
                spent = [spent, usage.today].into_iter().sum();
            }
        }
        Ok(figures(&standings, spent))
    }

    /// Every setting in force with its place, and every secret by its name.
    pub(super) fn settings(&self) -> Result<Vec<SettingView>, Problem> {
        let loaded = self.live()?.settings.borrow().clone();
        let leaf = |leaf: &Leaf| SettingView {
            key: leaf.key.clone(),
            value: serde_json::from_str(&leaf.value).unwrap_or_default(),
            origin: leaf.origin.to_string(),
        };
        let mut settings: Vec<SettingView> = loaded.origins.iter().map(leaf).collect();
        for (name, channel) in &loaded.settings.channels {
            settings.extend(channel.kind.secrets().iter().map(|secret| SettingView {
                key: secret.variable.to_owned(),
                value: "(secret)".into(),
                origin: format!("named by channels.{name}.{}", secret.key),
            }));
        }
        Ok(settings)
    }
}

fn figures(standings: &Standings, spent: Money) -> Now {
    let sum = |of: fn(&Standing) -> u64| standings.values().map(of).sum();
    let last = standings.values().filter_map(|standing| standing.last_sent).max_by_key(|(at, _)| *at);
    let last_posts =
        standings.iter().filter_map(|(name, standing)| Some((name.clone(), standing.last_sent?.0)));
    Now {
        posts_1h: sum(|standing| standing.sent_1h),
        posts_24h: sum(|standing| standing.sent_24h),
        failures_24h: sum(|standing| standing.failed_24h),
        unknown: sum(|standing| standing.open.get(&PostState::Unknown).copied().unwrap_or_default()),
        dollars_today: dollars(spent),
        lag_seconds: last.map(|(_, lag)| lag.as_secs_f64().max(0.0)),
        last_posts: last_posts.collect(),
    }
}

/// What holds a channel, if anything does.
struct Held {
    state: String,
    why: Option<String>,
    until: Option<Timestamp>,
}

fn held(
    name: &ChannelName,
    switches: &Switches,
    traffic: &Traffic,
    rules: &ChannelRules,
    now: Timestamp,
) -> Held {
    let held = |state: &str, why: String, until| Held { state: state.to_owned(), why: Some(why), until };
    let path = format!("publisher/{name}");
    if let Some(since) = switches.publishing_stopped {
        return held("stopped", format!("publishing is stopped since {since}"), None);
    }
    if switches.paused.iter().any(|paused| *paused == path || paused == "publisher") {
        return held("paused", "an operator paused it".to_owned(), None);
    }
    if let Some(Halted { halt, reason, since, retry_at }) = &traffic.halted {
        return held(halt.as_str(), format!("since {since}: {reason}"), Some(*retry_at));
    }
    if let Some(closed) = traffic.closed(now) {
        return held("limited", closed.reason, Some(closed.until));
    }
    if let Some(closed) = rules.pace.quiet_at(0.0, now) {
        return held("quiet", closed.reason, Some(closed.until));
    }
    Held { state: "open".to_owned(), why: None, until: None }
}

fn shown(
    name: ChannelName,
    held: Held,
    traffic: &Traffic,
    rules: &ChannelRules,
    mut standing: Standing,
    running: &Running,
    now: Timestamp,
) -> ChannelView {
    let loaded = running.settings.borrow().clone();
    let settings = loaded.settings.channels.get(&name);
    let kind = settings.map(|settings| &settings.kind);
    let (let_in, token_expires_at) =
        kind.map_or_else(Default::default, |kind| let_in(&name, kind, &running.logins, now));
    let mut take = |state| standing.open.remove(&state).unwrap_or_default();
    let (in_flight, pending) = (take(PostState::Armed), take(PostState::Pending));
    let budget = &rules.pace.budget;
    ChannelView {
        kind: kind.map_or("", ChannelKind::as_str).to_owned(),
        state: held.state,
        why: held.why,
        until: held.until,
        caps: caps(traffic, rules, now),
        spent_today: dollars(traffic.usage.today),
        spent_month: dollars(traffic.usage.this_month),
        budget: BudgetView { per_day: budget.per_day.map(dollars), per_month: budget.per_month.map(dollars) },
        quiet: settings.and_then(|settings| quiet(&settings.publishing)),
        in_flight,
        pending,
        open: standing.open,
        last_post: standing.last_sent.map(|(at, _)| at),
        let_in,
        token_expires_at,
        name,
    }
}

fn quiet(settings: &PublishingSettings) -> Option<String> {
    let written = serde_json::to_value(settings.quiet_hours).ok()?;
    written.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What left in the last hour and day beside what may, and the platform's own limits.
fn caps(traffic: &Traffic, rules: &ChannelRules, now: Timestamp) -> Vec<CapView> {
    let Usage { departures, .. } = &traffic.usage;
    let own = |window: &str, hours: i64, limit: Option<u32>| {
        let since = now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
        CapView {
            window: window.to_owned(),
            used: departures.iter().filter(|at| **at >= since).count() as u64,
            limit: limit.map(u64::from),
            resets_at: None,
        }
    };
    let own = [own("hour", 1, rules.pace.per_hour), own("day", 24, rules.pace.per_day)];
    let platform = traffic.quotas.iter().filter(|quota| quota.resets_at > now).map(|quota| CapView {
        window: quota.name.clone(),
        used: quota.limit.unwrap_or_default().saturating_sub(quota.remaining),
        limit: quota.limit,
        resets_at: Some(quota.resets_at),
    });
    own.into_iter().chain(platform).collect()
}
