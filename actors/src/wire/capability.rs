//! What a channel can do, as data: the rules of publishing decide by it and never by a channel's name.

use std::time::Duration;

use jiff::Timestamp;

pub use super::fit::{LengthUnit, Limits};
use super::post::Remote;

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
    /// How long after an attempt has arrived a look-up may still miss it.
    pub read_back_lag: Duration,
    /// Attempts that may be under way at once, in order per game.
    pub in_flight: usize,
    /// How a correction is made.
    pub corrections: Corrections,
    /// How long one attempt may take before its outcome counts as unknown.
    pub attempt_within: Duration,
}

/// What a platform last said of one of its rate limits. A feed's are a [`Quota`](super::quota::Quota) of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// What it limits, for people: `app-limit-24hour`.
    pub name: String,
    /// Requests in one of its windows, where the platform says so.
    pub limit: Option<u64>,
    /// Requests that are left in the window under way.
    pub remaining: u64,
    /// When the window ends and the next one begins, on the tree's clock.
    pub resets_at: Timestamp,
}

/// How a channel corrects what it told.
///
/// Deleting the wrong post and telling the right one anew is none of them: readers would not learn what was wrong, and
/// the two steps are two attempts, between which a death leaves nothing there, or both. Where a platform cannot edit
/// (Bluesky), a correction is a reply.
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
