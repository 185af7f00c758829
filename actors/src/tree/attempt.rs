//! One attempt at a post, from its arm to its settle, beside the channel's actor.
//!
//! What a channel does is foreign: it may panic or never answer. Either leaves the outcome unknown, and the rules of
//! [`outbox`] say what follows; the actor does not notice.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use tokio::time::Instant;

use super::task::guarded;
use super::world::World;
use crate::ports::Fault;
use crate::ports::channel::{Channel, Fence, Reconciled};
use crate::ports::ledger::{PostRecord, Settle};
use crate::wire::outbox::{self, Asking, Conclusion, Retry};
use crate::wire::post::{Arm, ChannelName, Epoch, Halted, Outcome, Post, PostId, Remote};

/// How long after its arm an attempt may begin. One that was held up longer, by a slow ledger or a process that stood
/// still, disarms itself: another epoch may already take it for over.
pub(super) const BEGIN_WITHIN: Duration = Duration::from_secs(5);

/// One attempt, from its arm to its settle.
pub(super) struct Attempt {
    pub(super) post: Post,
    /// When its arm began.
    pub(super) armed: Instant,
    pub(super) epoch: Epoch,
    pub(super) luck: f64,
    pub(super) retry: Retry,
    pub(super) channel: Arc<dyn Channel>,
    pub(super) world: Arc<World>,
}

impl Attempt {
    /// Sends, and settles what came of it.
    pub(super) async fn send(self) {
        let Some((frozen, arm)) = self.post.frozen.clone().zip(self.post.arm) else { return };
        let now = self.world.clock.now();
        let capabilities = self.channel.capabilities();
        let fence = self.fence(arm);
        let outcome = if !fence.holds() {
            Fence::fell(now)
        } else {
            let (channel, post) = (Arc::clone(&self.channel), self.post.clone());
            let sending = async move { channel.send(&post, &frozen, now, &fence).await };
            let sent = guarded(capabilities.attempt_within, sending).await;
            sent.unwrap_or_else(|broken| Outcome::Unknown { reason: broken.to_string() })
        };
        let now = self.world.clock.now();
        match outbox::after_attempt(outcome, &self.post, &capabilities, &self.retry, now, self.luck) {
            Conclusion::Settle(outcome) => self.settle(outcome, true, false).await,
            Conclusion::ReadBack { at } => self.read_back(at, true).await,
        }
    }

    /// Holds while the attempt may begin: others reckon that it ends by its arm's `settle_by`. Time is taken both by the
    /// clock, which goes on while the machine sleeps, and by the timer, which nobody sets back. A replay's clock may run
    /// much faster than the machine, on which the attempt is made.
    fn fence(&self, arm: Arm) -> Fence {
        let (world, armed) = (Arc::clone(&self.world), self.armed);
        let expires = (!self.post.in_doubt).then_some(self.post.send_before);
        Fence::new(move || {
            let now = world.clock.now();
            let passed = world.clock.wait_for(until(arm.at, now));
            let stale = expires.is_some_and(|expires| now > expires);
            let late = now > arm.send_before && passed > BEGIN_WITHIN;
            !stale && !late && armed.elapsed() <= BEGIN_WITHIN
        })
    }

    /// Asks the channel what became of the attempt, as often as the rule says. It `counts` against the post unless it ended
    /// with its sender.
    pub(super) async fn read_back(self, at: Timestamp, counts: bool) {
        let Some(frozen) = self.post.frozen.clone() else { return };
        let capabilities = self.channel.capabilities();
        let asking = Asking { since: at, counts };
        let mut at = at;
        loop {
            let clock = &self.world.clock;
            tokio::time::sleep(clock.wait_for(until(clock.now(), at))).await;
            let (channel, post, frozen) = (Arc::clone(&self.channel), self.post.clone(), frozen.clone());
            let now = clock.now();
            let answer = async move { channel.reconcile(&post, &frozen, now).await };
            let asked = guarded(capabilities.attempt_within, answer).await;
            let found = asked.unwrap_or_else(|broken| Reconciled::CannotTell { reason: broken.to_string() });
            let now = clock.now();
            match outbox::after_read_back(found, &self.post, asking, &capabilities, &self.retry, now) {
                Conclusion::Settle(outcome) => return self.settle(outcome, counts, true).await,
                Conclusion::ReadBack { at: again } => at = again,
            }
        }
    }

    /// Commits the outcome. This is the one place that retries it: while it is not committed the post stays armed, and
    /// nothing else may touch it.
    async fn settle(&self, outcome: Outcome, counts: bool, looked_up: bool) {
        log(&self.post.channel, self.post.id, self.post.attempt, &outcome);
        let (post, attempt, at) = (self.post.id, self.post.attempt, self.world.clock.now());
        let settle = Settle { post, attempt, epoch: self.epoch, outcome, counts, looked_up, at };
        let commit = || async { self.world.ledger.settle(&settle).await };
        let pace = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(5))
            .without_max_times();
        let settled = commit.retry(pace).when(|error| matches!(error.fault(), Fault::Transient { .. })).await;
        if let Err(error) = settled {
            tracing::warn!(actor = "channel", channel = %self.post.channel, %post, %error, "attempt not settled");
            if let Outcome::Sent { remote } = &settle.outcome {
                self.tell_double(remote).await;
            }
        }
        if let Outcome::Halted { .. } = settle.outcome {
            self.tell_halt(at).await;
        }
    }

    /// Tells of a halt that began at that time. One that goes on was told, and is shown by the status.
    async fn tell_halt(&self, at: Timestamp) {
        let channel = &self.post.channel;
        let Ok(Some(halted)) = self.world.ledger.halted(channel).await else { return };
        let Halted { halt, reason, since, retry_at } = halted;
        match since == at {
            true if halt.needs_operator() => {
                tracing::error!(actor = "channel", %channel, %halt, reason, %retry_at, "channel halted, needs the operator");
            }
            true => tracing::warn!(actor = "channel", %channel, %halt, reason, %retry_at, "channel halted"),
            false => {}
        }
    }

    /// Tells of a post that left too late: whoever took it for not sent has told it too.
    async fn tell_double(&self, here: &Remote) {
        let Ok(Some(PostRecord { post, .. })) = self.world.ledger.post(self.post.id).await else { return };
        let Some(there) = post.remote.filter(|there| there.id != here.id) else { return };
        let (channel, id) = (&self.post.channel, post.id);
        tracing::error!(
            actor = "channel", %channel, post = %id, remote = there.id, double = here.id,
            "the post stands on the channel twice: delete the double there"
        );
    }
}

pub(super) fn log(channel: &ChannelName, post: PostId, attempt: u32, outcome: &Outcome) {
    match outcome {
        Outcome::Sent { remote } => {
            tracing::info!(actor = "channel", %channel, %post, attempt, remote = remote.id, "post sent");
        }
        Outcome::NotSent { reason, .. } => {
            tracing::warn!(actor = "channel", %channel, %post, attempt, reason, "post not sent, to be tried again");
        }
        Outcome::Halted { halt, reason, retry_at } => {
            tracing::debug!(actor = "channel", %channel, %post, attempt, %halt, reason, %retry_at, "post waits for its channel");
        }
        Outcome::Again { reason, .. } => {
            tracing::warn!(actor = "channel", %channel, %post, attempt, reason, "post in doubt, to be sent again");
        }
        Outcome::Refused { reason } => {
            tracing::error!(actor = "channel", %channel, %post, attempt, reason, "post given up");
        }
        Outcome::Unknown { reason } => {
            tracing::error!(actor = "channel", %channel, %post, attempt, reason, "post of unknown outcome");
        }
    }
}

pub(super) fn after(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

pub(super) fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}
