//! A channel with the points of an attempt before it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::channel::{Capabilities, Channel, Fence, Quota, Reconciled, RenderError};
use wirereport_actors::wire::post::{Frozen, Outcome, Post};

use super::{Crash, Point};

pub(super) struct CrashingChannel {
    pub(super) channel: Arc<dyn Channel>,
    pub(super) crash: Crash,
}

#[async_trait]
impl Channel for CrashingChannel {
    fn capabilities(&self) -> Capabilities {
        self.channel.capabilities()
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        self.channel.render(post)
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        self.crash.reach(Point::Sending);
        let outcome = self.channel.send(post, frozen, now, fence).await;
        self.crash.reach(Point::Answered);
        outcome
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        self.crash.reach(Point::LookingUp);
        let found = self.channel.reconcile(post, frozen, now).await;
        self.crash.reach(Point::LookedUp);
        found
    }

    fn quotas(&self) -> Vec<Quota> {
        self.channel.quotas()
    }
}
