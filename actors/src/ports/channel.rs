//! The port for the places readers are.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::wire::post::{Frozen, Outcome, Post, Remote};

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
}

/// What the platform says of an attempt whose outcome was not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciled {
    /// It is there.
    Found(Remote),
    /// It surely is not there.
    Absent,
    /// The platform cannot be asked, or not now.
    CannotTell {
        /// Why, in one clause.
        reason: String,
    },
}

/// What a channel can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// How long a text may be.
    pub limits: Limits,
    /// For how long a second sending of the same bytes and key is harmless.
    pub idempotency: Idempotency,
    /// Whether an attempt can be looked up afterwards.
    pub reads_back: bool,
    /// How long after an attempt a look-up may still miss it.
    pub read_back_lag: Duration,
    /// Attempts that may be under way at once, in order per game.
    pub in_flight: usize,
    /// How a correction is made.
    pub corrections: Corrections,
    /// How long one attempt may take before its outcome counts as unknown.
    pub attempt_within: Duration,
}

/// How a channel corrects what it told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrections {
    /// The earlier post is changed.
    Edit,
    /// An answer to the earlier post.
    Reply,
    /// A new post.
    Create,
}

/// For how long a second sending of the same bytes and key is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// Always.
    Forever,
    /// For this long after the first attempt.
    For(Duration),
    /// Never.
    None,
}

/// How long a text may be on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most units.
    pub max: usize,
    /// What is counted.
    pub unit: LengthUnit,
}

/// What a channel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Extended grapheme clusters.
    Graphemes,
    /// Unicode scalar values.
    Chars,
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units.
    Utf16,
}

/// Why a post cannot be put into a channel's form.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error("render for the channel: {detail}")]
pub struct RenderError {
    /// What is wrong.
    pub detail: String,
}
