//! Posts: one story revision bound for one channel, and the states of its life.
//!
//! `pending → armed → sent`, or `unknown`, `failed`, `expired`, `discarded`, `superseded`; `awaiting_approval` before
//! `pending` where the operator wants it. *Armed* is on disk with the exact bytes before the first byte leaves.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::game::GameId;
use super::pace::Money;
use super::sport::SportKey;
use super::story::StoryId;

/// A post's number in the ledger, as operators name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct PostId(pub i64);

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A channel's name in the settings: `feed`, `newsroom-webhook`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ChannelName(pub String);

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A leadership term. The ledger mints them, each greater than all before; whoever arms or settles names his.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Epoch(pub u64);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a post does on its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A new post.
    Create,
    /// A change of the earlier revision's post.
    Edit,
    /// An answer to the earlier revision's post.
    Reply,
    /// Removal of the earlier revision's post.
    Delete,
}

/// Where a post is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// Waits for an editor.
    AwaitingApproval,
    /// Ready to leave.
    Pending,
    /// Committed with its exact bytes; it may have left.
    Armed,
    /// On the channel.
    Sent,
    /// It may or may not be on the channel, and nobody can tell but an operator.
    Unknown,
    /// Refused for good, or out of attempts.
    Failed,
    /// Too old, or overtaken by a later story of its game.
    Expired,
    /// Dropped by an operator.
    Discarded,
    /// Overtaken by a newer revision of its story.
    Superseded,
}

impl PostState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::AwaitingApproval,
        Self::Pending,
        Self::Armed,
        Self::Sent,
        Self::Unknown,
        Self::Failed,
        Self::Expired,
        Self::Discarded,
        Self::Superseded,
    ];

    /// The states of open posts: of them something may still become.
    pub const OPEN: [Self; 4] = [Self::AwaitingApproval, Self::Pending, Self::Armed, Self::Unknown];

    /// The state as it is written everywhere: `awaiting_approval`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingApproval => "awaiting_approval",
            Self::Pending => "pending",
            Self::Armed => "armed",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Discarded => "discarded",
            Self::Superseded => "superseded",
        }
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::AwaitingApproval | Self::Pending | Self::Armed)
    }
}

impl fmt::Display for PostState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A post as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Post {
    /// Its number.
    pub id: PostId,
    /// The story it tells.
    pub story: StoryId,
    /// The revision of the story.
    pub revision: u32,
    /// Where the story stands among all stories, in the order they were recorded; orders the posts of one game.
    pub sequence: i64,
    /// The league.
    pub sport: SportKey,
    /// The game.
    pub game: GameId,
    /// Where it goes.
    pub channel: ChannelName,
    /// What it does there.
    pub operation: Operation,
    /// Where it is in its life.
    pub state: PostState,
    /// The checked text.
    pub text: String,
    /// A headline, for channels that show one.
    pub title: Option<String>,
    /// Who wrote it: `template:lead_change/2`.
    pub author: String,
    /// The story's significance, 0 to 1.
    pub significance: f64,
    /// When the story was first seen, for channels that date their items.
    pub happened_at: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// After this it is too old to leave.
    pub send_before: Timestamp,
    /// Attempts begun so far.
    pub attempt: u32,
    /// Attempts that count against it: those that came to nothing by themselves, and not those that ended with their
    /// sender or with the channel as a whole.
    #[serde(default)]
    pub failures: u32,
    /// Whether an earlier attempt may be on the channel: set by [`Outcome::Again`], and never cleared by a later attempt
    /// that surely failed. A post in doubt does not expire; it is sent again under its key, or becomes unknown.
    pub in_doubt: bool,
    /// Not to be tried again before.
    pub not_before: Option<Timestamp>,
    /// Why it is where it is, in one clause.
    pub reason: Option<String>,
    /// The bytes of the attempt, once it was armed.
    pub frozen: Option<Frozen>,
    /// The arm of the last attempt.
    pub arm: Option<Arm>,
    /// What the channel calls it, once sent.
    pub remote: Option<Remote>,
    /// For a revision: what the channel calls the earlier revision's post, once that was sent.
    pub earlier: Option<Earlier>,
}

/// The earlier revision's post on the same channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Earlier {
    /// Its number.
    pub id: PostId,
    /// Its state.
    pub state: PostState,
    /// What the channel calls it.
    pub remote: Option<Remote>,
}

/// The exact bytes of an attempt and the keys that make a second sending of them harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Frozen {
    /// The body, the same on every attempt.
    pub body: String,
    /// The idempotency or record key, the same on every attempt.
    pub key: String,
}

/// The permission to make one attempt, committed before its first byte leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Arm {
    /// The term of the instance that armed.
    pub epoch: Epoch,
    /// When.
    pub at: Timestamp,
    /// A sender later than this disarms itself.
    pub send_before: Timestamp,
    /// Another epoch reconciles only after this, unless the owner is proven dead.
    pub settle_by: Timestamp,
    /// What the post costs if it arrives.
    #[serde(default)]
    pub price: Money,
}

/// What a channel calls a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Remote {
    /// The channel's id of it.
    pub id: String,
    /// Where a reader finds it.
    pub url: Option<String>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It is on the channel.
    Sent {
        /// What the channel calls it.
        remote: Remote,
    },
    /// It surely is not; it may be tried again.
    NotSent {
        /// Why, in one clause.
        reason: String,
        /// When to try again.
        retry_at: Timestamp,
    },
    /// It surely is not, and nothing else would be: the channel as a whole takes nothing for now. The post waits, and the
    /// attempt does not count against it.
    Halted {
        /// What stops the channel.
        halt: Halt,
        /// Why, in one clause.
        reason: String,
        /// When to try again, where the platform says so; else the time of the attempt.
        retry_at: Timestamp,
    },
    /// It surely is not, and trying again is of no use.
    Refused {
        /// Why, in one clause.
        reason: String,
    },
    /// Nobody can tell, but a second sending of the same bytes and key is harmless: it goes back to pending, in doubt.
    Again {
        /// Why, in one clause.
        reason: String,
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Nobody can tell.
    Unknown {
        /// Why, in one clause.
        reason: String,
    },
}

/// What stops a channel as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Halt {
    /// The platform has had enough requests for now.
    RateLimited,
    /// The account is not let in, or may not write there, and only an operator can change that.
    NeedsAuth,
    /// The account has no credit left, and only an operator can add some.
    OutOfCredit,
    /// The place that posts are sent to is no more, or asks for no more posts; only an operator can say where else.
    Gone,
}

impl Halt {
    /// Whether it lasts until an operator has done something.
    pub fn needs_operator(self) -> bool {
        matches!(self, Self::NeedsAuth | Self::OutOfCredit | Self::Gone)
    }

    /// The halt as it is written everywhere: `needs_auth`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::NeedsAuth => "needs_auth",
            Self::OutOfCredit => "out_of_credit",
            Self::Gone => "gone",
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A channel that was halted, until an attempt on it succeeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Halted {
    /// What stopped it.
    pub halt: Halt,
    /// Why, in one clause.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// When it is tried again, with one post.
    pub retry_at: Timestamp,
}

/// How a post that never left ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Too old, or overtaken.
    Expired,
    /// A newer revision stands in its place.
    Superseded,
    /// It cannot be put into the channel's form, or has used up its attempts.
    Failed,
    /// It is in doubt, and the time in which a second sending is harmless is over.
    Unknown,
}

/// What a newer revision does about the earlier revision's post on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// Nothing was told there, so nothing follows.
    Nothing,
    /// The earlier post has not left: it is superseded, and nothing follows.
    SupersedeEarlier,
    /// The earlier post was told or may have been: a post follows, and waits until that is known.
    Follow,
}

/// Decides what a newer revision does, by the state of the earlier revision's post on that channel.
pub fn follow_up(earlier: Option<PostState>) -> FollowUp {
    match earlier {
        Some(PostState::AwaitingApproval | PostState::Pending) => FollowUp::SupersedeEarlier,
        Some(PostState::Sent | PostState::Armed | PostState::Unknown) => FollowUp::Follow,
        Some(PostState::Failed | PostState::Expired | PostState::Discarded | PostState::Superseded)
        | None => FollowUp::Nothing,
    }
}
