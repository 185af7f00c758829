//! How to find out about an attempt that nobody here is making any more, and for how long a second one is harmless.

use jiff::Timestamp;

use super::super::capability::{Capabilities, Corrections, Idempotency};
use super::super::post::{Arm, Operation, Post, PostState};
use super::super::rules::OnUnknown;
use super::{Term, after};

/// How to find out about an attempt that was found armed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciliation {
    /// Send the same bytes under the same key again.
    Resend,
    /// Look it up.
    ReadBack,
    /// Nobody can tell.
    Hold {
        /// Why, in one clause.
        reason: String,
    },
    /// Its owner may still be at it, or the look-up would be too early.
    Wait {
        /// When to decide.
        until: Timestamp,
    },
}

/// How to find out about an attempt of an armed post that this life does not have under way.
pub fn reconcile_step(
    post: &Post,
    capabilities: &Capabilities,
    on_unknown: OnUnknown,
    term: Term,
    now: Timestamp,
) -> Reconciliation {
    let Some(arm) = post.arm else {
        return Reconciliation::Hold {
            reason: "it was found armed without a record of its attempt".to_owned(),
        };
    };
    let owner_gone = arm.epoch == term.epoch || (term.earlier_dead && arm.epoch < term.epoch);
    let arrived_by =
        if owner_gone { arrived_by(&arm, term.since.max(arm.at), capabilities) } else { arm.settle_by };
    let visible_at = after(arrived_by, capabilities.read_back_lag);
    if !owner_gone && now < visible_at {
        return Reconciliation::Wait { until: visible_at };
    }
    if may_resend(post, capabilities, OnUnknown::Hold, now) {
        return Reconciliation::Resend;
    }
    if !capabilities.reads_back && on_unknown == OnUnknown::Resend {
        return Reconciliation::Resend;
    }
    if !capabilities.reads_back {
        let reason = "it was found armed, may be on the channel, and the channel cannot be asked".to_owned();
        return Reconciliation::Hold { reason };
    }
    if now < visible_at { Reconciliation::Wait { until: visible_at } } else { Reconciliation::ReadBack }
}

/// By when an attempt has arrived, or never will, whose sender ended at `ended` at the latest. What left in the sender's
/// last moment goes on without it, for as long as an attempt may take.
fn arrived_by(arm: &Arm, ended: Timestamp, capabilities: &Capabilities) -> Timestamp {
    arm.settle_by.min(after(ended, capabilities.attempt_within))
}

/// Whether an attempt begun at `at` is harmless although an earlier one may have arrived, or is taken for harmless.
pub(super) fn may_resend(
    post: &Post,
    capabilities: &Capabilities,
    on_unknown: OnUnknown,
    at: Timestamp,
) -> bool {
    match resend_until(post, capabilities, on_unknown) {
        Harmless::Always => true,
        Harmless::Until(end) => at < end,
        Harmless::Never => false,
    }
}

/// Until when a second sending is harmless.
pub(super) enum Harmless {
    Always,
    Until(Timestamp),
    Never,
}

pub(super) fn resend_until(post: &Post, capabilities: &Capabilities, on_unknown: OnUnknown) -> Harmless {
    if on_unknown == OnUnknown::Resend || changes_what_stands(post, capabilities) {
        return Harmless::Always;
    }
    let Some(arm) = post.arm else { return Harmless::Never };
    let first = if post.attempt > 1 { post.created_at } else { arm.at };
    match capabilities.idempotency {
        Idempotency::Forever => Harmless::Always,
        Idempotency::For(window) => {
            Harmless::Until(after(first, window.saturating_sub(capabilities.attempt_within)))
        }
        Idempotency::None => Harmless::Never,
    }
}

/// Whether a post changes or removes what stands on the channel, which comes to the same however often it is done: no
/// later change is under way before this one is settled.
fn changes_what_stands(post: &Post, capabilities: &Capabilities) -> bool {
    let told = post.earlier.as_ref().is_some_and(|earlier| earlier.remote.is_some());
    let changes = matches!(post.operation, Operation::Edit | Operation::Delete);
    told && changes && capabilities.corrections == Corrections::Edit
}

/// When a post in doubt is to be looked up that may not be sent again: `None` where it may, or cannot be asked about.
pub(super) fn look_up_at(
    post: &Post,
    capabilities: &Capabilities,
    on_unknown: OnUnknown,
    now: Timestamp,
) -> Option<Timestamp> {
    let in_doubt = post.in_doubt && post.state == PostState::Pending;
    let asked = in_doubt && capabilities.reads_back && !may_resend(post, capabilities, on_unknown, now);
    // It went back to pending when its last attempt was over, or was found to be.
    let over = post.changed_at;
    let arrived_by = post.arm.map_or(over, |arm| over.max(arrived_by(&arm, over, capabilities)));
    asked.then(|| after(arrived_by, capabilities.read_back_lag))
}
