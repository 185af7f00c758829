//! A ledger with the points of its transactions before it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::ledger::{
    Backlog, Drafts, End, Ledger, LedgerError, PollRecord, PostFilter, PostRecord, Refusals, Settle,
    StoryFilter, StoryRecord, Switches,
};
use wirereport_actors::wire::alert::AlertBook;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::digest::Digest;
use wirereport_actors::wire::expense::{Capped, Expenses, Periods, Reservation, ReservationId, Tokens};
use wirereport_actors::wire::pace::{Money, Since, Usage};
use wirereport_actors::wire::post::{Arm, ChannelName, Epoch, Frozen, Halted, Post, PostId, Remote};
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::{Story, StoryId};

use super::{Crash, Point};

pub(super) struct CrashingLedger {
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) crash: Crash,
}

impl CrashingLedger {
    /// A transaction between two points.
    async fn between<T>(&self, before: Point, after: Point, transaction: impl Future<Output = T>) -> T {
        self.crash.reach(before);
        let result = transaction.await;
        self.crash.reach(after);
        result
    }
}

#[async_trait]
impl Ledger for CrashingLedger {
    async fn record_poll(&self, poll: &PollRecord) -> Result<(), LedgerError> {
        if poll.stories.is_empty() {
            return self.ledger.record_poll(poll).await;
        }
        self.between(Point::Recording, Point::Recorded, self.ledger.record_poll(poll)).await
    }

    async fn record_drafts(&self, drafts: &Drafts) -> Result<(), LedgerError> {
        self.between(Point::Drafting, Point::Drafted, self.ledger.record_drafts(drafts)).await
    }

    async fn arm(&self, post: PostId, frozen: &Frozen, arm: &Arm) -> Result<Post, LedgerError> {
        self.between(Point::Arming, Point::Armed, self.ledger.arm(post, frozen, arm)).await
    }

    async fn settle(&self, settle: &Settle) -> Result<Post, LedgerError> {
        self.between(Point::Settling, Point::Settled, self.ledger.settle(settle)).await
    }

    async fn mint_epoch(&self, holder: &str, now: Timestamp) -> Result<Epoch, LedgerError> {
        self.ledger.mint_epoch(holder, now).await
    }

    async fn current_epoch(&self) -> Result<Option<(Epoch, String)>, LedgerError> {
        self.ledger.current_epoch().await
    }

    async fn load_sport(&self, sport: &SportKey) -> Result<Option<SportState>, LedgerError> {
        self.ledger.load_sport(sport).await
    }

    async fn unwritten_stories(&self, limit: usize) -> Result<Vec<Story>, LedgerError> {
        self.ledger.unwritten_stories(limit).await
    }

    async fn record_digest(&self, digest: &Digest, at: Timestamp) -> Result<(), LedgerError> {
        self.ledger.record_digest(digest, at).await
    }

    async fn open_posts(&self, channel: &ChannelName) -> Result<Vec<Arc<Post>>, LedgerError> {
        self.ledger.open_posts(channel).await
    }

    async fn halted(&self, channel: &ChannelName) -> Result<Option<Halted>, LedgerError> {
        self.ledger.halted(channel).await
    }

    async fn usage(&self, channel: &ChannelName, since: &Since) -> Result<Usage, LedgerError> {
        self.ledger.usage(channel, since).await
    }

    async fn end_post(&self, post: PostId, end: End, why: &str, now: Timestamp) -> Result<(), LedgerError> {
        self.ledger.end_post(post, end, why, now).await
    }

    async fn retry_post(
        &self,
        post: PostId,
        send_before: Timestamp,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.ledger.retry_post(post, send_before, now).await
    }

    async fn approve_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError> {
        self.ledger.approve_post(post, now).await
    }

    async fn edit_post(
        &self,
        post: PostId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.ledger.edit_post(post, text, by, now).await
    }

    async fn reject_post(&self, post: PostId, reason: &str, now: Timestamp) -> Result<Post, LedgerError> {
        self.ledger.reject_post(post, reason, now).await
    }

    async fn discard_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError> {
        self.ledger.discard_post(post, now).await
    }

    async fn resolve_post(
        &self,
        post: PostId,
        remote: Option<Remote>,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.ledger.resolve_post(post, remote, now).await
    }

    async fn try_again(&self, channel: Option<&ChannelName>, now: Timestamp) -> Result<(), LedgerError> {
        self.ledger.try_again(channel, now).await
    }

    async fn switches(&self) -> Result<Switches, LedgerError> {
        self.ledger.switches().await
    }

    async fn set_switches(&self, switches: &Switches) -> Result<(), LedgerError> {
        self.ledger.set_switches(switches).await
    }

    async fn alerts(&self) -> Result<AlertBook, LedgerError> {
        self.ledger.alerts().await
    }

    async fn set_alerts(&self, epoch: Epoch, book: &AlertBook) -> Result<(), LedgerError> {
        self.ledger.set_alerts(epoch, book).await
    }

    async fn posts(&self, filter: &PostFilter) -> Result<Vec<Post>, LedgerError> {
        self.ledger.posts(filter).await
    }

    async fn post(&self, post: PostId) -> Result<Option<PostRecord>, LedgerError> {
        self.ledger.post(post).await
    }

    async fn stories(&self, filter: &StoryFilter) -> Result<Vec<StoryRecord>, LedgerError> {
        self.ledger.stories(filter).await
    }

    async fn story(&self, story: &StoryId) -> Result<Vec<StoryRecord>, LedgerError> {
        self.ledger.story(story).await
    }

    async fn backlog(&self) -> Result<Backlog, LedgerError> {
        self.ledger.backlog().await
    }

    async fn refusals(&self) -> Result<Vec<Refusals>, LedgerError> {
        self.ledger.refusals().await
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<Result<ReservationId, Capped>, LedgerError> {
        self.ledger.reserve(reservation).await
    }

    async fn settle_expense(
        &self,
        reservation: ReservationId,
        tokens: Tokens,
        money: Money,
    ) -> Result<(), LedgerError> {
        self.ledger.settle_expense(reservation, tokens, money).await
    }

    async fn expenses(&self, payee: &str, periods: &Periods) -> Result<Expenses, LedgerError> {
        self.ledger.expenses(payee, periods).await
    }

    async fn prune(&self, before: Timestamp) -> Result<u64, LedgerError> {
        self.ledger.prune(before).await
    }
}
