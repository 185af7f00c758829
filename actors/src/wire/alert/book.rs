//! The book of alerts: what was told, and what waits to be.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AlertKind, AlertRules, Condition, passed};

const HOUR: Duration = Duration::from_secs(3600);
/// The longest a condition must be gone, however often it came back.
const LONGEST_CALM: Duration = HOUR;
/// How long it is remembered that a condition came back.
const REMEMBERED: Duration = Duration::from_secs(2 * 3600);
/// The waits between attempts to deliver a notice on one route: the first, doubled each time up to the last.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LAST_WAIT: Duration = Duration::from_secs(600);
/// Notices that wait; the oldest go before there are more.
const MOST_NOTICES: usize = 100;
/// How many that were given up are shown, and for how long.
const MOST_LOST: usize = 20;
const LOST_SHOWN: Duration = Duration::from_secs(7 * 24 * 3600);

/// A condition that holds, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alert {
    /// What is wrong.
    pub kind: AlertKind,
    /// Of what.
    pub subject: String,
    /// In one sentence, as it was last seen.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// When it was told; `None` while it has not held for long enough.
    pub raised_at: Option<Timestamp>,
    /// Since when it is gone; `None` while it holds.
    pub calm_since: Option<Timestamp>,
    /// When it was told that it is over.
    #[serde(default)]
    pub resolved_at: Option<Timestamp>,
    /// How often it was told, as far as that is remembered.
    #[serde(default)]
    pub times: u32,
}

impl Alert {
    /// Whether it was told and is not over.
    pub fn is_open(&self) -> bool {
        self.raised_at.is_some() && self.resolved_at.is_none()
    }

    fn is_of(&self, condition: &Condition) -> bool {
        self.kind == condition.kind && self.subject == condition.subject
    }

    /// How long it must be gone: longer the oftener it came back.
    fn calm_needed(&self, rules: &AlertRules) -> Duration {
        let doubled = 1 << self.times.saturating_sub(1).min(16);
        let once = rules.gone_for(self.kind);
        once.saturating_mul(doubled).min(LONGEST_CALM.max(once))
    }
}

/// Whether a notice says that something began, or that it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// It began.
    Raised,
    /// It is over.
    Resolved,
}

impl NoticeKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Resolved => "resolved",
        }
    }
}

/// Something that the operator is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Its number, by which a receiver knows a second delivery.
    pub id: u64,
    /// Whether it began or is over.
    pub notice: NoticeKind,
    /// What.
    pub kind: AlertKind,
    /// Of what.
    pub subject: String,
    /// In one sentence.
    pub detail: String,
    /// Since when it held.
    pub since: Timestamp,
    /// When this came to be said.
    pub at: Timestamp,
    /// The routes on which it is not yet delivered.
    pub left: BTreeMap<String, Delivery>,
}

/// How a notice stands on one route.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delivery {
    /// Attempts that failed.
    pub failures: u32,
    /// Not to be tried before.
    pub not_before: Option<Timestamp>,
    /// Why the last attempt failed.
    #[serde(default)]
    pub why: Option<String>,
}

/// A notice that was given up on a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lost {
    /// Whether it said that something began, or that it is over.
    pub notice: NoticeKind,
    /// What.
    pub kind: AlertKind,
    /// Of what.
    pub subject: String,
    /// The route.
    pub route: String,
    /// Why it was not delivered.
    pub why: String,
    /// When it was given up.
    pub at: Timestamp,
}

impl Lost {
    fn of(notice: &Notice, route: &str, why: String, at: Timestamp) -> Self {
        let Notice { notice, kind, subject, .. } = notice.clone();
        Self { notice, kind, subject, route: route.to_owned(), why, at }
    }
}

/// Why an attempt to deliver a notice came to nothing.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// In words, without secrets.
    pub why: &'a str,
    /// How long the other side asks to be left alone, if it does.
    pub wait: Option<Duration>,
    /// When.
    pub at: Timestamp,
}

/// Every alert, and the notices that wait to be delivered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AlertBook {
    /// The number of the last notice.
    #[serde(default)]
    pub last: u64,
    /// The alerts: those that hold, and for a while those that did.
    #[serde(default)]
    pub alerts: Vec<Alert>,
    /// The notices that wait, the oldest first.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// What was given up of late, the oldest first.
    #[serde(default)]
    pub lost: Vec<Lost>,
}

impl AlertBook {
    /// Whether one of that kind is open.
    pub fn open(&self, kind: AlertKind) -> bool {
        self.alerts.iter().any(|alert| alert.kind == kind && alert.is_open())
    }

    /// Takes in what is wrong now, and makes the notices that follow for these routes.
    pub fn look(
        &mut self,
        conditions: &[Condition],
        routes: &BTreeSet<String>,
        rules: &AlertRules,
        now: Timestamp,
    ) {
        for condition in conditions {
            self.holds(condition, now);
        }
        let mut notices = Vec::new();
        for alert in &mut self.alerts {
            if !conditions.iter().any(|condition| alert.is_of(condition)) {
                alert.calm_since.get_or_insert(now);
            }
            notices.extend(changed(alert, rules, now).map(|notice| (notice, alert.clone())));
        }
        for (notice, alert) in notices {
            self.say(notice, alert, routes, now);
        }
        self.alerts.retain(|alert| match (alert.resolved_at, alert.raised_at) {
            (Some(resolved), _) => passed(resolved, now) < REMEMBERED,
            (None, Some(_)) => true,
            // It never held for long enough.
            (None, None) => alert.calm_since.is_none(),
        });
        for notice in &mut self.notices {
            notice.left.retain(|route, _| routes.contains(route));
        }
        self.notices.retain(|notice| !notice.left.is_empty());
        let over = self.notices.len().saturating_sub(MOST_NOTICES);
        for notice in self.notices.drain(..over).collect::<Vec<_>>() {
            for (route, delivery) in &notice.left {
                let why = format!("more than {MOST_NOTICES} notices waited");
                let why = delivery.why.as_ref().map_or(why.clone(), |last| format!("{why}: {last}"));
                self.lost.push(Lost::of(&notice, route, why, now));
            }
        }
        self.lost.retain(|lost| passed(lost.at, now) < LOST_SHOWN);
        self.lost.drain(..self.lost.len().saturating_sub(MOST_LOST));
    }

    fn holds(&mut self, condition: &Condition, now: Timestamp) {
        let Some(alert) = self.alerts.iter_mut().find(|alert| alert.is_of(condition)) else {
            self.alerts.push(Alert {
                kind: condition.kind,
                subject: condition.subject.clone(),
                detail: condition.detail.clone(),
                since: now,
                raised_at: None,
                calm_since: None,
                resolved_at: None,
                times: 0,
            });
            return;
        };
        alert.detail.clone_from(&condition.detail);
        alert.calm_since = None;
        if alert.resolved_at.take().is_some() {
            (alert.since, alert.raised_at) = (now, None);
        }
    }

    fn say(&mut self, notice: NoticeKind, alert: Alert, routes: &BTreeSet<String>, now: Timestamp) {
        self.last += 1;
        self.notices.push(Notice {
            id: self.last,
            notice,
            kind: alert.kind,
            subject: alert.subject,
            detail: alert.detail,
            since: alert.since,
            at: now,
            left: routes.iter().map(|route| (route.clone(), Delivery::default())).collect(),
        });
    }

    /// The next notice of each route that may be delivered now. Only the oldest of a route may: nobody is to hear that
    /// something is over before he heard that it began.
    pub fn due(&self, now: Timestamp) -> BTreeMap<String, Notice> {
        let mut due = BTreeMap::new();
        let mut passed_over = BTreeSet::new();
        for notice in &self.notices {
            for (route, delivery) in &notice.left {
                if passed_over.insert(route.clone()) && delivery.not_before.is_none_or(|at| at <= now) {
                    due.insert(route.clone(), notice.clone());
                }
            }
        }
        due
    }

    /// When the next notice may be delivered that waits; `None` where none does.
    pub fn next_due(&self) -> Option<Timestamp> {
        let mut first: BTreeMap<&String, &Delivery> = BTreeMap::new();
        for (route, delivery) in self.notices.iter().flat_map(|notice| &notice.left) {
            first.entry(route).or_insert(delivery);
        }
        first.values().map(|delivery| delivery.not_before.unwrap_or(Timestamp::MIN)).min()
    }

    /// What waits may be delivered at once: the other side may be another one, or well again.
    pub fn try_again(&mut self) {
        for delivery in self.notices.iter_mut().flat_map(|notice| notice.left.values_mut()) {
            delivery.not_before = None;
        }
    }

    /// A notice was delivered on a route.
    pub fn told(&mut self, id: u64, route: &str) {
        self.end(id, route);
    }

    /// A notice was not delivered on a route, which asks to be left alone for so long, or not. What is given up for it: a
    /// notice that came to be longer ago than the rules have it tried.
    pub fn failed(
        &mut self,
        id: u64,
        route: &str,
        failure: &Failure<'_>,
        rules: &AlertRules,
    ) -> Option<Lost> {
        let Failure { why, wait, at: now } = *failure;
        let notice = self.notices.iter_mut().find(|notice| notice.id == id)?;
        let delivery = notice.left.get_mut(route)?;
        delivery.failures += 1;
        delivery.why = Some(why.to_owned());
        let own = FIRST_WAIT.saturating_mul(1 << (delivery.failures - 1).min(16)).min(LAST_WAIT);
        let wait = wait.map_or(own, |wait| wait.min(HOUR).max(own));
        delivery.not_before = Some(now.checked_add(wait).unwrap_or(Timestamp::MAX));
        if passed(notice.at, now) < rules.give_up_after {
            return None;
        }
        let lost = Lost::of(notice, route, why.to_owned(), now);
        self.lost.push(lost.clone());
        self.end(id, route);
        Some(lost)
    }

    fn end(&mut self, id: u64, route: &str) {
        for notice in self.notices.iter_mut().filter(|notice| notice.id == id) {
            notice.left.remove(route);
        }
        self.notices.retain(|notice| !notice.left.is_empty());
    }
}

/// What is to be said of an alert as it stands now.
fn changed(alert: &mut Alert, rules: &AlertRules, now: Timestamp) -> Option<NoticeKind> {
    match (alert.raised_at, alert.calm_since, alert.resolved_at) {
        (None, None, _) if passed(alert.since, now) >= rules.holds_for(alert.kind) => {
            alert.raised_at = Some(now);
            alert.times += 1;
            Some(NoticeKind::Raised)
        }
        (Some(_), Some(calm), None) if passed(calm, now) >= alert.calm_needed(rules) => {
            alert.resolved_at = Some(now);
            Some(NoticeKind::Resolved)
        }
        _ => None,
    }
}
