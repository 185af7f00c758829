//! The port for the places readers are.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use crate::wire::capability::{
    Capabilities, Corrections, Idempotency, LengthUnit, Limits, Quota, Reconciled,
};
pub use crate::wire::post::Halt;
use crate::wire::post::{Frozen, Outcome, Post};

/// One account on one platform.
#[async_trait]
pub trait Channel: Send + Sync {
    /// What the channel can do.
    fn capabilities(&self) -> Capabilities;

    /// Freezes a post's checked text into the exact bytes and keys of its attempts. Pure: the same post gives the same
    /// bytes.
    ///
    /// # Errors
    /// Says why the post cannot be put into the channel's form.
    fn render(&self, post: &Post) -> Result<Frozen, RenderError>;

    /// Makes one attempt: one request, no retries, no redirects. `now` is for what the platform wants dated. `fence` is
    /// asked as late as can be, right before the bytes leave; once it has fallen nothing leaves any more.
    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome;

    /// Finds out what became of an attempt whose outcome is not known.
    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled;

    /// What the platform's own rate limits stand at, as its last answer said. While one of them is used up nothing
    /// leaves until it resets.
    fn quotas(&self) -> Vec<Quota> {
        Vec::new()
    }
}

/// What stands between an attempt and the wire: it holds while the attempt may begin, and nobody takes it for over.
///
/// A connection takes its time to come about, and a process may stand still at any step of it. So whoever sends does not
/// ask once at the beginning, but where the bytes leave.
#[derive(Clone)]
pub struct Fence(Arc<dyn Fn() -> bool + Send + Sync>);

impl Fence {
    /// A fence that holds while `holds` says so.
    pub fn new(holds: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(holds))
    }

    /// One that holds for ever, for attempts that nobody else could take over.
    pub fn of_nobody_else() -> Self {
        Self::new(|| true)
    }

    /// What an attempt came to that it stopped.
    pub fn fell(now: Timestamp) -> Outcome {
        Outcome::NotSent { reason: "it was too late to begin the attempt".to_owned(), retry_at: now }
    }

    /// Whether bytes may leave now.
    pub fn holds(&self) -> bool {
        (self.0)()
    }
}

impl fmt::Debug for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fence").field(&self.holds()).finish()
    }
}

/// Why a post cannot be put into a channel's form.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error("render for the channel: {detail}")]
pub struct RenderError {
    /// What is wrong.
    pub detail: String,
}
