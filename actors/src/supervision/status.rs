//! What is known of every child, kept by the supervisors themselves.
//!
//! Reading it asks no actor, so a hung child cannot hang `status`. The price is a lock that supervisors,
//! children and readers share. A mutex is right for it: it guards a few words, is never held across an await,
//! is taken by a parent before its children and never the other way, and what it guards is only looked at;
//! nobody decides by it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use super::exit::{Exit, ExitKind};
use super::pulse::Pulse;
use super::spec::{Start, SupervisorSpec};

/// Where a child is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ActorPhase"))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Its start function is running.
    Starting,
    /// It is up.
    Running,
    /// It waits before its next start.
    BackingOff,
    /// It is down and waits for its turn to start.
    Restarting,
    /// The operator stopped it; nothing but the operator starts it again.
    Paused,
    /// It is being stopped.
    Stopping,
    /// It ended normally and is left alone, or its supervisor is down.
    Stopped,
    /// It ended abnormally and is left alone, or made its supervisor give up.
    Failed,
}

/// What a child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChildKind {
    /// An actor that does something.
    Worker,
    /// A supervisor.
    Supervisor,
}

/// How a running child finds itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// All is well.
    #[default]
    Ok,
    /// It is up, but something it needs is not.
    Degraded {
        /// What is wrong.
        reason: String,
    },
}

/// How a child's last incarnation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LastExit {
    /// How long ago; seconds in JSON.
    #[serde(with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub ago: Duration,
    /// In what way.
    pub kind: ExitKind,
    /// In words: the error's or the panic's own where there was one.
    pub text: String,
}

/// One child at the time of the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChildStatus {
    /// Its name, unique among its siblings.
    pub name: String,
    /// What it is.
    pub kind: ChildKind,
    /// Where it is in its life.
    pub phase: Phase,
    /// How long it has been there; seconds in JSON.
    #[serde(with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub since: Duration,
    /// Times it was started again, for whatever reason, since the tree was started.
    pub restarts: u64,
    /// How much of its supervisor's current allowance of restarts is its doing.
    pub restarts_in_window: usize,
    /// How its last incarnation ended, if one has.
    pub last_exit: Option<LastExit>,
    /// Time since its last beat while it runs; seconds in JSON.
    #[serde(with = "seconds::optional")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub pulse_age: Option<Duration>,
    /// How it finds itself.
    pub health: Health,
    /// What it says it is doing.
    pub doing: Option<String>,
    /// Time until its next start if it backs off, else until what it expects to do next; seconds in JSON.
    #[serde(with = "seconds::optional")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub next: Option<Duration>,
    /// A supervisor's own children, in the order of their start.
    pub children: Vec<ChildStatus>,
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(duration.as_secs_f64())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }

    pub(super) mod optional {
        use super::{Deserialize, Deserializer, Duration, Serializer};

        pub(in super::super) fn serialize<S: Serializer>(
            duration: &Option<Duration>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match duration {
                Some(duration) => serializer.serialize_some(&duration.as_secs_f64()),
                None => serializer.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Duration>, D::Error> {
            Option::<f64>::deserialize(deserializer)?
                .map(|seconds| Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom))
                .transpose()
        }
    }
}

/// The status of a supervisor's children, and of theirs. Clones share it.
#[derive(Clone, Debug)]
pub struct StatusTable {
    rows: Arc<Mutex<Vec<Row>>>,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct Row {
    name: String,
    phase: Phase,
    since: Instant,
    started: bool,
    restarts: u64,
    charged: VecDeque<Instant>,
    window: Duration,
    last_exit: Option<(Instant, Exit)>,
    next_start: Option<Instant>,
    pulse: Option<Pulse>,
    report: Arc<Mutex<Report>>,
    children: Option<StatusTable>,
}

#[derive(Debug, Default)]
struct Report {
    health: Health,
    doing: Option<String>,
    next: Option<Instant>,
}

impl StatusTable {
    pub(super) fn new(spec: &SupervisorSpec) -> Self {
        Self::with(spec, &watch::Sender::new(()))
    }

    fn with(spec: &SupervisorSpec, changed: &watch::Sender<()>) -> Self {
        let row = |child: &super::ChildSpec| Row {
            name: child.name.clone(),
            phase: Phase::Stopped,
            since: Instant::now(),
            started: false,
            restarts: 0,
            charged: VecDeque::new(),
            window: spec.intensity.within,
            last_exit: None,
            next_start: None,
            pulse: None,
            report: Arc::default(),
            children: match &child.start {
                Start::Worker(_) => None,
                Start::Supervisor(spec) => Some(Self::with(spec, changed)),
            },
        };
        Self { rows: Arc::new(Mutex::new(spec.children.iter().map(row).collect())), changed: changed.clone() }
    }

    /// Every child as it stands now, in the order of starts.
    pub fn snapshot(&self) -> Vec<ChildStatus> {
        lock(&self.rows).iter().map(|row| row.status(Instant::now())).collect()
    }

    /// Changes with every change of a snapshot but the ages in it.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Waits until a snapshot satisfies `wanted`, and returns it.
    pub async fn wait_until(&self, mut wanted: impl FnMut(&[ChildStatus]) -> bool) -> Vec<ChildStatus> {
        let mut changes = self.changed.subscribe();
        loop {
            let snapshot = self.snapshot();
            if wanted(&snapshot) || changes.changed().await.is_err() {
                return snapshot;
            }
        }
    }

    /// Enters the start of a new incarnation, and gives it a report of its own: one that was abandoned
    /// half-dead must not write over its successor's.
    pub(super) fn starting(&self, child: usize, pulse: &Pulse) -> Reporter {
        let report = Arc::new(Mutex::new(Report::default()));
        self.update(child, |row| {
            row.enter(Phase::Starting);
            row.restarts += u64::from(row.started);
            row.started = true;
            row.pulse = Some(pulse.clone());
            row.report = Arc::clone(&report);
        });
        Reporter { report, changed: self.changed.clone() }
    }

    pub(super) fn enter(&self, child: usize, phase: Phase) {
        self.update(child, |row| row.enter(phase));
    }

    pub(super) fn backing_off(&self, child: usize, until: Instant) {
        self.update(child, |row| {
            row.enter(Phase::BackingOff);
            row.next_start = Some(until);
        });
    }

    pub(super) fn charge_restart(&self, child: usize) {
        self.update(child, |row| {
            row.charged.retain(|at| at.elapsed() < row.window);
            row.charged.push_back(Instant::now());
        });
    }

    /// Enters an incarnation's end. What it said of itself goes with it, and so does everything below it.
    pub(super) fn ended(&self, child: usize, exit: &Exit) {
        self.update(child, |row| row.end(exit));
    }

    /// Enters that a child's supervisor is down. What ended for good, or is paused, keeps its phase.
    pub(super) fn retire(&self, child: usize) {
        self.update(child, Row::retire);
    }

    pub(super) fn children(&self, child: usize) -> Option<Self> {
        lock(&self.rows)[child].children.clone()
    }

    fn update(&self, child: usize, change: impl FnOnce(&mut Row)) {
        change(&mut lock(&self.rows)[child]);
        self.changed.send_replace(());
    }
}

impl Row {
    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
        self.next_start = None;
    }

    fn end(&mut self, exit: &Exit) {
        self.last_exit = Some((Instant::now(), exit.clone()));
        self.pulse = None;
        self.report = Arc::default();
        if let Some(children) = &self.children {
            lock(&children.rows).iter_mut().for_each(Row::retire);
        }
    }

    /// An incarnation that is still shown has not been reported gone: its supervisor was killed, and it with
    /// it.
    fn retire(&mut self) {
        if self.pulse.is_some() {
            self.end(&Exit::Killed);
        }
        if !matches!(self.phase, Phase::Stopped | Phase::Failed | Phase::Paused) {
            self.enter(Phase::Stopped);
        }
    }

    fn status(&self, now: Instant) -> ChildStatus {
        let report = lock(&self.report);
        let until = |at: Instant| at.saturating_duration_since(now);
        ChildStatus {
            name: self.name.clone(),
            kind: if self.children.is_some() { ChildKind::Supervisor } else { ChildKind::Worker },
            phase: self.phase,
            since: now.saturating_duration_since(self.since),
            restarts: self.restarts,
            restarts_in_window: self
                .charged
                .iter()
                .filter(|at| now.duration_since(**at) < self.window)
                .count(),
            last_exit: self.last_exit.as_ref().map(|(at, exit)| LastExit {
                ago: now.saturating_duration_since(*at),
                kind: exit.kind(),
                text: exit.to_string(),
            }),
            pulse_age: self.pulse.as_ref().map(Pulse::age),
            health: report.health.clone(),
            doing: report.doing.clone(),
            next: self.next_start.or(report.next).map(until),
            children: self.children.as_ref().map(StatusTable::snapshot).unwrap_or_default(),
        }
    }
}

/// Where an incarnation tells how it is and what it does. Clones write to the same report.
#[derive(Clone, Debug)]
pub struct Reporter {
    report: Arc<Mutex<Report>>,
    changed: watch::Sender<()>,
}

impl Default for Reporter {
    /// A reporter that nobody reads, for an actor started without a supervisor.
    fn default() -> Self {
        Self { report: Arc::default(), changed: watch::Sender::new(()) }
    }
}

impl Reporter {
    /// All is well.
    pub fn ok(&self) {
        self.update(|report| report.health = Health::Ok);
    }

    /// The actor is up, but something it needs is not.
    pub fn degraded(&self, reason: impl Into<String>) {
        self.update(|report| report.health = Health::Degraded { reason: reason.into() });
    }

    /// What the actor is doing, in a few words.
    pub fn doing(&self, text: impl Into<String>) {
        self.update(|report| report.doing = Some(text.into()));
    }

    /// The actor has nothing to do until something wakes it.
    pub fn idle(&self) {
        self.update(|report| report.doing = None);
    }

    /// In how long the actor expects to do something next.
    pub fn next_in(&self, delay: Duration) {
        self.update(|report| report.next = Some(Instant::now() + delay));
    }

    fn update(&self, change: impl FnOnce(&mut Report)) {
        change(&mut lock(&self.report));
        self.changed.send_replace(());
    }
}

/// A panic under the lock leaves at worst one stale field, which is no reason to stop showing the others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
