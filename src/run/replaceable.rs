//! A channel whose adapter is replaced while the wire runs: with a renewed secret, or with other settings.
//!
//! An attempt that is under way comes to its end with the adapter it began with. Adapters are made before any of them is
//! put in place, so settings that cannot work leave all as they were.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::channel::{Capabilities, Channel, Fence, Quota, Reconciled, RenderError};
use wirereport_actors::wire::post::{Frozen, Outcome, Post};

/// A channel, whichever adapter it has now.
pub(super) struct Replaceable(RwLock<Arc<dyn Channel>>);

impl Replaceable {
    /// A channel that begins with that adapter.
    pub(super) fn of(adapter: Arc<dyn Channel>) -> Arc<Self> {
        Arc::new(Self(RwLock::new(adapter)))
    }

    /// Has everything from now on done by that adapter.
    pub(super) fn replace(&self, adapter: Arc<dyn Channel>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = adapter;
    }

    fn current(&self) -> Arc<dyn Channel> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Channel for Replaceable {
    fn capabilities(&self) -> Capabilities {
        self.current().capabilities()
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        self.current().render(post)
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        self.current().send(post, frozen, now, fence).await
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        self.current().reconcile(post, frozen, now).await
    }

    fn quotas(&self) -> Vec<Quota> {
        self.current().quotas()
    }
}
