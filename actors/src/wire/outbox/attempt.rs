//! What becomes of a post whose attempt or look-up ended.

use std::time::Duration;

use jiff::Timestamp;

use super::super::capability::{Capabilities, Reconciled};
use super::super::post::{Arm, Halt, Outcome, Post};
use super::super::rules::OnUnknown;
use super::after;
use super::reconcile::may_resend;

/// How often an attempt is looked up at most after it must have ended.
const LOOK_UPS: u32 = 24;

/// How long after a halt that only an operator can end the channel is tried again all the same.
const HALTED_FOR: Duration = Duration::from_secs(15 * 60);

/// The same where the channel asked to be left alone.
const GONE_FOR: Duration = Duration::from_secs(24 * 3600);

/// How often and how long a post is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all.
    pub attempts: u32,
    /// The wait after the first attempt; it doubles with each.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
    /// What is done where nobody can tell what became of an attempt.
    pub on_unknown: OnUnknown,
    /// For how long a channel that cannot be asked is asked again before an attempt counts as unknown.
    pub read_back_for: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 30,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(5 * 60),
            on_unknown: OnUnknown::Hold,
            read_back_for: Duration::from_secs(2 * 60),
        }
    }
}

impl Retry {
    /// Whether a post has failed as often as it may.
    fn is_spent(&self, failures: u32) -> bool {
        failures >= self.attempts
    }

    /// The wait after that many failures: exponential, of which one half is fixed and the other drawn (*equal jitter*, Brooker,
    /// "Exponential Backoff And Jitter", 2015). `jitter` is from 0 to 1.
    pub(super) fn wait(&self, failures: u32, jitter: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let full = self.base.saturating_mul(1 << doublings).min(self.cap);
        full.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
    }
}

/// What to do about a post whose attempt or look-up ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// Commit this.
    Settle(Outcome),
    /// Keep it armed and under way, and look it up at that time.
    ReadBack {
        /// When.
        at: Timestamp,
    },
}

/// Says what becomes of an armed post after an attempt that ended as `outcome`; `jitter` is from 0 to 1.
///
/// A post in doubt is never said to be surely absent because a later attempt failed.
pub fn after_attempt(
    outcome: Outcome,
    post: &Post,
    capabilities: &Capabilities,
    retry: &Retry,
    now: Timestamp,
    jitter: f64,
) -> Conclusion {
    let failures = post.failures + 1;
    let exhausted = retry.is_spent(failures);
    let backed_off = after(now, retry.wait(failures, jitter));
    match outcome {
        Outcome::Sent { .. } => Conclusion::Settle(outcome),
        Outcome::NotSent { reason, .. } if exhausted => surely_not(post, spent(&reason, failures)),
        Outcome::NotSent { reason, retry_at } => {
            let retry_at = if retry_at > now { retry_at } else { backed_off };
            Conclusion::Settle(Outcome::NotSent { reason, retry_at })
        }
        Outcome::Halted { halt, reason, retry_at } => {
            let earliest = match halt {
                Halt::RateLimited => backed_off,
                Halt::NeedsAuth | Halt::OutOfCredit => after(now, HALTED_FOR),
                Halt::Gone => after(now, GONE_FOR),
            };
            let retry_at = if retry_at > now { retry_at } else { earliest };
            Conclusion::Settle(Outcome::Halted { halt, reason, retry_at })
        }
        Outcome::Refused { reason } => surely_not(post, reason),
        Outcome::Again { reason, .. } | Outcome::Unknown { reason } => {
            if !exhausted && may_resend(post, capabilities, OnUnknown::Hold, backed_off) {
                return Conclusion::Settle(Outcome::Again { reason, retry_at: backed_off });
            }
            if capabilities.reads_back {
                let over = over_at(post, capabilities, now);
                return Conclusion::ReadBack { at: after(over, capabilities.read_back_lag) };
            }
            nobody_can_tell(reason, failures, retry, backed_off)
        }
    }
}

/// When an attempt is over that ended just now. One that took all its time may have left late in it, and is under way
/// until others may take it for over.
fn over_at(post: &Post, capabilities: &Capabilities, now: Timestamp) -> Timestamp {
    let timed_out = |arm: &Arm| now >= after(arm.at, capabilities.attempt_within);
    post.arm.filter(timed_out).map_or(now, |arm| now.max(arm.settle_by))
}

/// A look-up of an attempt, which may take several questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// When the first question was due.
    pub since: Timestamp,
    /// Whether the attempt counts against the post.
    pub counts: bool,
}

/// Says what becomes of a post after it was looked up.
pub fn after_read_back(
    found: Reconciled,
    post: &Post,
    asking: Asking,
    capabilities: &Capabilities,
    retry: &Retry,
    now: Timestamp,
) -> Conclusion {
    let failures = post.failures + u32::from(asking.counts);
    match found {
        Reconciled::Found(remote) => Conclusion::Settle(Outcome::Sent { remote }),
        Reconciled::Absent => {
            let reason = "the channel was asked and does not have it".to_owned();
            Conclusion::Settle(if retry.is_spent(failures) {
                Outcome::Refused { reason: spent(&reason, failures) }
            } else {
                Outcome::NotSent { reason, retry_at: now }
            })
        }
        Reconciled::CannotTell { reason } => {
            let armed_until = post.arm.map_or(asking.since, |arm| arm.settle_by.max(asking.since));
            let again_at = after(now, capabilities.read_back_lag.max(retry.read_back_for / LOOK_UPS));
            if again_at <= after(armed_until, retry.read_back_for) {
                return Conclusion::ReadBack { at: again_at };
            }
            nobody_can_tell(reason, failures, retry, after(now, retry.wait(failures, 1.0)))
        }
    }
}

/// What becomes of an attempt that cannot be found out about: the operator's choice.
fn nobody_can_tell(reason: String, failures: u32, retry: &Retry, retry_at: Timestamp) -> Conclusion {
    let exhausted = retry.is_spent(failures);
    Conclusion::Settle(match retry.on_unknown {
        OnUnknown::Resend if !exhausted => Outcome::Again { reason, retry_at },
        _ if exhausted => Outcome::Unknown { reason: spent(&reason, failures) },
        _ => Outcome::Unknown { reason },
    })
}

fn surely_not(post: &Post, reason: String) -> Conclusion {
    Conclusion::Settle(if post.in_doubt {
        Outcome::Unknown { reason: format!("{reason}; an earlier attempt may be on the channel") }
    } else {
        Outcome::Refused { reason }
    })
}

fn spent(reason: &str, failures: u32) -> String {
    format!("{reason}, after {failures} attempts")
}
