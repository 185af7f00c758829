//! What to do about an exit: pure, so that it is tested without a runtime.
//!
//! Time and luck come in as arguments. [`judge`] decides about one exit; [`steps`] decides what a supervisor
//! may do next about all of its children, and so holds the three strategies.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::exit::Exit;

/// Which exits of a child call for a restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restart {
    /// Every exit.
    #[default]
    Permanent,
    /// Abnormal exits only.
    Transient,
    /// None. A temporary child that is stopped for a sibling's sake is not started again either.
    Temporary,
}

impl Restart {
    /// Whether a child of this type is started again after `exit`.
    pub fn applies_to(self, exit: &Exit) -> bool {
        match self {
            Self::Permanent => true,
            Self::Transient => !exit.is_normal(),
            Self::Temporary => false,
        }
    }
}

/// Which children share the fate of one that is restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The child alone.
    OneForOne,
    /// All children.
    OneForAll,
    /// The child and those that were started after it.
    RestForOne,
}

impl Strategy {
    /// The children that are stopped and started again with the `failed` one of `count`, itself included.
    pub fn affected(self, failed: usize, count: usize) -> Range<usize> {
        match self {
            Self::OneForOne => failed..failed + 1,
            Self::OneForAll => 0..count,
            Self::RestForOne => failed..count,
        }
    }
}

/// How many restarts a supervisor may make before it gives up: `restarts` in any stretch of `within`.
///
/// The one after that escalates. All children of a supervisor draw on the same allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intensity {
    /// Restarts that are allowed in one window; zero escalates the first failure.
    pub restarts: u32,
    /// The window's length.
    pub within: Duration,
}

/// The restarts of the last [`Intensity::within`].
#[derive(Clone, Debug)]
pub(super) struct Window {
    intensity: Intensity,
    restarts: VecDeque<Instant>,
}

impl Window {
    /// An empty window.
    pub(super) fn new(intensity: Intensity) -> Self {
        Self { intensity, restarts: VecDeque::new() }
    }

    /// OTP's `add_restart`: enters a restart at `now`, or refuses it because the allowance is spent.
    ///
    /// A restart leaves the window once it is as old as the window is long. `now` must not go backwards.
    pub(super) fn add_restart(&mut self, now: Instant) -> bool {
        while self.restarts.front().is_some_and(|&at| now.duration_since(at) >= self.intensity.within) {
            self.restarts.pop_front();
        }
        let allowed = self.restarts.len() < self.intensity.restarts as usize;
        if allowed {
            self.restarts.push_back(now);
        }
        allowed
    }
}

/// How long a child waits before it is started again: `initial`, doubled with each failure in a row, up to
/// `max`.
///
/// OTP has none and restarts at once, which turns one resource that is not yet released into a melt-down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backoff {
    /// The wait after the first failure.
    pub initial: Duration,
    /// The longest wait.
    pub max: Duration,
    /// How much of the wait is left to chance, from 0 (none) to 1 (all of it). It only ever shortens a wait.
    pub jitter: f64,
    /// A child that has run for this long has recovered: its next failure counts as its first.
    pub reset_after: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            initial: Duration::from_millis(250),
            max: Duration::from_secs(60),
            jitter: 0.25,
            reset_after: Duration::from_secs(120),
        }
    }
}

impl Backoff {
    /// No wait at all: for children whose failure has nothing to do with the outside world.
    pub const NONE: Self =
        Self { initial: Duration::ZERO, max: Duration::ZERO, jitter: 0.0, reset_after: Duration::ZERO };

    /// The wait after `failures` failures in a row (at least one), before chance is applied.
    pub fn base(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1);
        let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
        self.initial.saturating_mul(factor).min(self.max)
    }

    /// The wait after `failures` failures in a row, shortened by `luck`, which is drawn from 0 to 1.
    pub fn wait(&self, failures: u32, luck: f64) -> Duration {
        let kept = 1.0 - self.jitter.clamp(0.0, 1.0) * luck.clamp(0.0, 1.0);
        self.base(failures).mul_f64(kept)
    }
}

/// An exit to be judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    /// The child's restart type.
    pub(super) restart: Restart,
    /// The child's back-off.
    pub(super) backoff: &'a Backoff,
    /// How it ended.
    pub(super) exit: &'a Exit,
    /// How long the incarnation ran: zero for one that did not start.
    pub(super) ran: Duration,
    /// Failures in a row before this one.
    pub(super) failures: u32,
}

/// What is to be done about an exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Start the child again.
    Restart {
        /// The wait before that.
        after: Duration,
        /// Failures in a row, this one included.
        failures: u32,
    },
    /// Leave it be.
    Leave,
    /// Give up: the allowance of restarts is spent.
    Escalate,
}

/// OTP's `do_restart`: decides about one exit at `now`, entering a restart it grants in `window`.
pub(super) fn judge(case: Case<'_>, window: &mut Window, now: Instant, luck: f64) -> Decision {
    if !case.restart.applies_to(case.exit) {
        return Decision::Leave;
    }
    if !window.add_restart(now) {
        return Decision::Escalate;
    }
    let recovered = case.ran >= case.backoff.reset_after;
    let failures = if recovered { 1 } else { case.failures.saturating_add(1) };
    Decision::Restart { after: case.backoff.wait(failures, luck), failures }
}

/// Where a child stands, as far as the order of stops and starts cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It runs, or is at rest: nothing is to be done about it.
    Settled,
    /// It runs and is to be stopped.
    Doomed,
    /// It is being stopped.
    Stopping,
    /// It waits for its back-off to end.
    BackingOff,
    /// It is to be started.
    Due,
    /// It is being started.
    Starting,
}

/// One thing that a supervisor may do now; the number is the child's place in the order of starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Stop this child.
    Stop(usize),
    /// Start this child.
    Start(usize),
}

/// What may be done now, given where each child stands.
///
/// Under one_for_one the children are strangers and nobody waits. Otherwise it is one at a time: first the
/// doomed are stopped, the last started first; then back-offs are waited out, under one_for_all everybody's;
/// then the due are started in order. So a child never meets an old incarnation of a sibling, nor its name
/// still taken.
pub(super) fn steps(strategy: Strategy, standings: &[Standing]) -> Vec<Step> {
    if strategy == Strategy::OneForOne {
        return standings.iter().enumerate().filter_map(|(child, &standing)| step(child, standing)).collect();
    }
    let any = |wanted| standings.contains(&wanted);
    let next = if any(Standing::Stopping) {
        None
    } else if any(Standing::Doomed) {
        standings.iter().rposition(|&standing| standing == Standing::Doomed)
    } else if strategy == Strategy::OneForAll && any(Standing::BackingOff) {
        None
    } else {
        standings.iter().position(|&standing| standing != Standing::Settled)
    };
    next.and_then(|child| step(child, standings[child])).into_iter().collect()
}

fn step(child: usize, standing: Standing) -> Option<Step> {
    match standing {
        Standing::Doomed => Some(Step::Stop(child)),
        Standing::Due => Some(Step::Start(child)),
        _ => None,
    }
}
