//! The port for the durable record of everything: the single source of truth.
//!
//! Its methods are transactions named after what they mean. Each is all or nothing and durable when it returns.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::alert::AlertBook;
use crate::wire::brief::Refused;
use crate::wire::detect::SportState;
use crate::wire::digest::Digest;
use crate::wire::expense::{Capped, Expenses, Periods, Reservation, ReservationId, Tokens};
use crate::wire::game::{Game, GameId};
use crate::wire::pace::{Money, Since, Usage};
use crate::wire::post::{Arm, ChannelName, Epoch, Frozen, Halted, Outcome, Post, PostId, PostState, Remote};
use crate::wire::sport::SportKey;
use crate::wire::story::{Story, StoryId};

pub use crate::wire::life::{NewPost, Settle};
pub use crate::wire::post::End;
pub use error::LedgerError;

mod error;

/// The durable record.
#[async_trait]
pub trait Ledger: Send + Sync {
    // Leadership

    /// Mints the next epoch for `holder`; every earlier one is over from then on.
    async fn mint_epoch(&self, holder: &str, now: Timestamp) -> Result<Epoch, LedgerError>;

    /// The epoch in force and who holds it; `None` before the first.
    async fn current_epoch(&self) -> Result<Option<(Epoch, String)>, LedgerError>;

    // Sports

    /// The rule state of a sport as the last poll left it.
    async fn load_sport(&self, sport: &SportKey) -> Result<Option<SportState>, LedgerError>;

    /// Commits a poll: the sport's rule state, what was observed, and the stories that came of it.
    /// A story revision that is already there is left as it is. A newer revision supersedes the waiting posts of the
    /// earlier ones here and now, so that nothing leaves that is known to be wrong.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] where `epoch` is over.
    async fn record_poll(&self, poll: &PollRecord) -> Result<(), LedgerError>;

    // Generator

    /// Told stories without drafts, oldest first.
    async fn unwritten_stories(&self, limit: usize) -> Result<Vec<Story>, LedgerError>;

    /// Commits what the generator made of a story, together with all its posts, and marks the story as written.
    /// For a revision after the first, [`life::draft`](crate::wire::life::draft) decides per channel whether a post
    /// follows; where none does, the story's notes say why. Recording the same story revision twice changes nothing.
    async fn record_drafts(&self, drafts: &Drafts) -> Result<(), LedgerError>;

    /// Commits a digest: its story, written, and its post. Recording it twice changes nothing.
    async fn record_digest(&self, digest: &Digest, at: Timestamp) -> Result<(), LedgerError>;

    // Publisher

    /// The posts of a channel that are awaiting approval, pending, armed or unknown, in the order of their stories.
    async fn open_posts(&self, channel: &ChannelName) -> Result<Vec<Arc<Post>>, LedgerError>;

    /// Arms a pending post: from here on it may have left. Counts the attempt and freezes the bytes: a post that has
    /// frozen bytes keeps them.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] where the epoch is over, [`LedgerError::Conflict`] where the post is not pending or
    /// publishing is stopped.
    async fn arm(&self, post: PostId, frozen: &Frozen, arm: &Arm) -> Result<Post, LedgerError>;

    /// Commits what became of an attempt. It must name the attempt that is under way.
    ///
    /// # Errors
    /// [`LedgerError::Conflict`] where the post is not armed with that attempt; [`LedgerError::Fenced`] where the epoch
    /// is over, unless it is the one that armed and it knows: see [`life`](crate::wire::life).
    async fn settle(&self, settle: &Settle) -> Result<Post, LedgerError>;

    /// The halt of a channel, until an attempt on it succeeds. It is set and ended by [`Ledger::settle`].
    async fn halted(&self, channel: &ChannelName) -> Result<Option<Halted>, LedgerError>;

    /// What left a channel, or may have: posts that are sent, armed, unknown or in doubt, each once, by their last arm.
    async fn usage(&self, channel: &ChannelName, since: &Since) -> Result<Usage, LedgerError>;

    /// Ends a post that is pending or awaiting approval, with the reason.
    async fn end_post(&self, post: PostId, end: End, reason: &str, now: Timestamp)
    -> Result<(), LedgerError>;

    // Operators

    /// Puts a failed, expired, unknown or discarded post back to pending, with `send_before` as its new limit.
    async fn retry_post(
        &self,
        post: PostId,
        send_before: Timestamp,
        now: Timestamp,
    ) -> Result<Post, LedgerError>;

    /// Puts a post that awaits approval to pending.
    async fn approve_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError>;

    /// Gives a post that awaits approval another text, by that author.
    async fn edit_post(
        &self,
        post: PostId,
        text: &str,
        author: &str,
        now: Timestamp,
    ) -> Result<Post, LedgerError>;

    /// Drops a post that awaits approval, with the reason.
    async fn reject_post(&self, post: PostId, reason: &str, now: Timestamp) -> Result<Post, LedgerError>;

    /// Drops a post that has surely not left.
    async fn discard_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError>;

    /// Says what became of an unknown post: sent (as what), or not sent (back to pending).
    async fn resolve_post(
        &self,
        post: PostId,
        remote: Option<Remote>,
        now: Timestamp,
    ) -> Result<Post, LedgerError>;

    /// Has a channel tried again now that waits for an operator; every one where none is named.
    async fn try_again(&self, channel: Option<&ChannelName>, now: Timestamp) -> Result<(), LedgerError>;

    /// Whether publishing is stopped everywhere, and the actors an operator has paused.
    async fn switches(&self) -> Result<Switches, LedgerError>;

    /// Replaces the switches.
    async fn set_switches(&self, switches: &Switches) -> Result<(), LedgerError>;

    /// What the operator was told of without asking, and what waits to be told.
    async fn alerts(&self) -> Result<AlertBook, LedgerError>;

    /// Replaces the book of alerts.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] where the epoch is over.
    async fn set_alerts(&self, epoch: Epoch, book: &AlertBook) -> Result<(), LedgerError>;

    // Reading

    /// Posts, newest first.
    async fn posts(&self, filter: &PostFilter) -> Result<Vec<Post>, LedgerError>;

    /// One post with its attempts.
    async fn post(&self, post: PostId) -> Result<Option<PostRecord>, LedgerError>;

    /// Stories, newest first.
    async fn stories(&self, filter: &StoryFilter) -> Result<Vec<StoryRecord>, LedgerError>;

    /// Every revision of one story, first to last.
    async fn story(&self, story: &StoryId) -> Result<Vec<StoryRecord>, LedgerError>;

    /// Work that is not finished, for the replay's pace and for `status`.
    async fn backlog(&self) -> Result<Backlog, LedgerError>;

    /// How many texts were refused so far, by who wrote them and why. Pruning takes nothing off.
    async fn refusals(&self) -> Result<Vec<Refusals>, LedgerError>;

    // Expenses

    /// Sets money aside for a call of a paid writer, unless all that it can cost would exceed a cap; what is set aside counts
    /// as spent. The inner error names the cap.
    async fn reserve(&self, reservation: &Reservation) -> Result<Result<ReservationId, Capped>, LedgerError>;

    /// Puts right what was set aside: what the call really took. It is done once; what is not there is left.
    async fn settle_expense(
        &self,
        reservation: ReservationId,
        tokens: Tokens,
        money: Money,
    ) -> Result<(), LedgerError>;

    /// What was spent on a payee, with what is set aside.
    async fn expenses(&self, payee: &str, periods: &Periods) -> Result<Expenses, LedgerError>;

    // Upkeep

    /// Drops history that ended before that time: snapshots, and stories with all their revisions, posts and attempts
    /// once each revision is written or not told and no post is open (awaiting approval, pending, armed, unknown). Expenses
    /// stay for [`KEPT`](crate::wire::expense::KEPT) longer, since months are counted from them.
    /// Returns how many rows went.
    async fn prune(&self, before: Timestamp) -> Result<u64, LedgerError>;
}

/// One poll, to be committed.
#[derive(Debug, Clone, PartialEq)]
pub struct PollRecord {
    /// The league.
    pub sport: SportKey,
    /// The feed that answered.
    pub feed: String,
    /// When it answered.
    pub seen_at: Timestamp,
    /// The term under which it was polled.
    pub epoch: Epoch,
    /// The rule state after the poll.
    pub state: SportState,
    /// The games that differ from their last recorded sight.
    pub observed: Vec<(GameId, Game)>,
    /// The stories that came of it, told and untold, in order.
    pub stories: Vec<Story>,
}

/// What the generator made of one story.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafts {
    /// The story.
    pub story: StoryId,
    /// Its revision.
    pub revision: u32,
    /// One post per channel that tells it.
    pub posts: Vec<NewPost>,
    /// Who did not write it and why, for `explain`.
    pub notes: Vec<String>,
    /// The texts that were refused.
    pub refused: Vec<Refused>,
    /// When.
    pub at: Timestamp,
}

/// What an operator has switched off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Switches {
    /// Since when publishing is stopped on every channel; `None` while it is not.
    pub publishing_stopped: Option<Timestamp>,
    /// Actors that are paused, by name.
    pub paused: Vec<String>,
}

/// Which posts to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostFilter {
    /// Only this state.
    pub state: Option<PostState>,
    /// Only this channel.
    pub channel: Option<ChannelName>,
    /// Only this story.
    pub story: Option<StoryId>,
    /// Only this game.
    pub game: Option<GameId>,
    /// Only posts with a smaller number: the next page.
    pub before: Option<PostId>,
    /// At most so many.
    pub limit: usize,
}

/// Which stories to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryFilter {
    /// Only this sport.
    pub sport: Option<SportKey>,
    /// Only this game.
    pub game: Option<GameId>,
    /// Only told ones, or only untold ones.
    pub told: Option<bool>,
    /// Only stories with a smaller sequence: the next page.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// A post with its attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostRecord {
    /// The post.
    pub post: Post,
    /// Its attempts, first to last.
    pub attempts: Vec<Attempt>,
}

/// One attempt to publish.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// The term under which it was armed.
    pub epoch: Epoch,
    /// When it was armed.
    pub armed_at: Timestamp,
    /// What became of it and when; `None` while it is under way.
    pub settled: Option<(Timestamp, Outcome)>,
}

/// A story as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoryRecord {
    /// Its place in the order of recording.
    pub sequence: i64,
    /// The story.
    pub story: Story,
    /// When its drafts were recorded; `None` while it is unwritten or if it is not told.
    pub written_at: Option<Timestamp>,
    /// Who did not write it and why.
    pub notes: Vec<String>,
    /// The texts that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// How many texts of one writer were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// The writer: `template`.
    pub writer: String,
    /// The class of the refusal: `unknown_number`.
    pub code: String,
    /// How many texts.
    pub texts: u64,
}

/// Work that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Backlog {
    /// Told stories without drafts.
    pub unwritten: u64,
    /// Posts awaiting approval.
    pub awaiting_approval: u64,
    /// Posts that are ready to leave.
    pub pending: u64,
    /// Posts under way.
    pub armed: u64,
    /// Posts nobody can tell of.
    pub unknown: u64,
}

impl Backlog {
    /// Whether anything will still happen by itself.
    pub fn is_unfinished(&self) -> bool {
        self.unwritten + self.pending + self.armed > 0
    }
}
