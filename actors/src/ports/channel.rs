//! The port for the places readers are.

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

    /// Makes one attempt: one request, no retries, no redirects. `now` is for what the platform wants dated.
    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Outcome;

    /// Finds out what became of an attempt whose outcome is not known.
    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled;

    /// What the platform's own rate limits stand at, as its last answer said. While one of them is used up nothing
    /// leaves until it resets.
    fn quotas(&self) -> Vec<Quota> {
        Vec::new()
    }
}

/// Why a post cannot be put into a channel's form.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error("render for the channel: {detail}")]
pub struct RenderError {
    /// What is wrong.
    pub detail: String,
}
