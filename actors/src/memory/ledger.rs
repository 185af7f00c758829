//! The ledger in memory: every rule of the durable one, without the disk.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

use super::lease::Held;
use super::records::Records;
use crate::ports::ledger::{
    Backlog, Drafts, End, Ledger, LedgerError, PollRecord, PostFilter, PostRecord, Refusals, Settle,
    StoryFilter, StoryRecord, Switches,
};
use crate::wire::alert::AlertBook;
use crate::wire::detect::SportState;
use crate::wire::digest::Digest;
use crate::wire::expense::{Capped, Expenses, Periods, Reservation, ReservationId, Tokens};
use crate::wire::life;
use crate::wire::pace::{Money, Since, Usage};
use crate::wire::post::{Arm, ChannelName, Epoch, Frozen, Halted, Post, PostId, Remote};
use crate::wire::sport::SportKey;
use crate::wire::story::{Story, StoryId};

/// The ledger in memory. Shared behind an `Arc`, it outlives a tree as a file outlives a process.
///
/// Tests make it fail ([`MemoryLedger::fail_next`]), panic ([`MemoryLedger::panic_next`]), hang ([`MemoryLedger::hold`])
/// and answer late ([`MemoryLedger::answer_next_arm_after`]).
#[derive(Debug)]
pub struct MemoryLedger {
    records: Mutex<Records>,
    lease: Mutex<Option<Held>>,
    script: Mutex<VecDeque<Reply>>,
    late: Mutex<Option<Duration>>,
    held: watch::Sender<usize>,
}

impl MemoryLedger {
    /// An empty ledger.
    pub fn new() -> Self {
        Self {
            records: Mutex::default(),
            lease: Mutex::default(),
            script: Mutex::default(),
            late: Mutex::default(),
            held: watch::Sender::new(0),
        }
    }

    /// Makes the next `calls` calls, of whatever kind, fail with that error and change nothing.
    ///
    /// What is set later comes after what was set before, here and in [`Self::panic_next`] and [`Self::let_pass`].
    pub fn fail_next(&self, calls: usize, error: &LedgerError) {
        lock(&self.script).extend(std::iter::repeat_n(Reply::Fail(error.clone()), calls));
    }

    /// Makes the next `calls` calls, of whatever kind, panic, without a word on the standard error, and change
    /// nothing.
    pub fn panic_next(&self, calls: usize) {
        lock(&self.script).extend(std::iter::repeat_n(Reply::Panic, calls));
    }

    /// Lets the next `calls` calls happen.
    pub fn let_pass(&self, calls: usize) {
        lock(&self.script).extend(std::iter::repeat_n(Reply::Pass, calls));
    }

    /// Forgets all that was set to come.
    pub fn behave(&self) {
        lock(&self.script).clear();
    }

    /// Makes the next arm happen at once and be answered only after that time.
    pub fn answer_next_arm_after(&self, wait: Duration) {
        *lock(&self.late) = Some(wait);
    }

    /// Makes every call wait, before it does anything, until the hold is dropped.
    #[must_use]
    pub fn hold(&self) -> Hold<'_> {
        self.held.send_modify(|holds| *holds += 1);
        Hold { held: &self.held }
    }

    pub(super) fn with_lease<T>(&self, look: impl FnOnce(&mut Option<Held>) -> T) -> T {
        look(&mut lock(&self.lease))
    }

    async fn records(&self) -> Result<MutexGuard<'_, Records>, LedgerError> {
        // The sender lives in `self`, so the wait can only end by the count.
        let _ = self.held.subscribe().wait_for(|holds| *holds == 0).await;
        let reply = lock(&self.script).pop_front();
        match reply {
            Some(Reply::Fail(error)) => Err(error),
            Some(Reply::Panic) => resume_unwind(Box::new("the script says so")),
            Some(Reply::Pass) | None => Ok(lock(&self.records)),
        }
    }
}

impl Default for MemoryLedger {
    fn default() -> Self {
        Self::new()
    }
}

/// How a call is met.
#[derive(Debug, Clone)]
enum Reply {
    Pass,
    Fail(LedgerError),
    Panic,
}

/// While it lives, every call to the ledger waits.
#[derive(Debug)]
pub struct Hold<'a> {
    held: &'a watch::Sender<usize>,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.held.send_modify(|holds| *holds -= 1);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn mint_epoch(&self, holder: &str, _now: Timestamp) -> Result<Epoch, LedgerError> {
        Ok(self.records().await?.mint_epoch(holder))
    }

    async fn current_epoch(&self) -> Result<Option<(Epoch, String)>, LedgerError> {
        Ok(self.records().await?.epoch.clone())
    }

    async fn load_sport(&self, sport: &SportKey) -> Result<Option<SportState>, LedgerError> {
        Ok(self.records().await?.sports.get(sport).cloned())
    }

    async fn record_poll(&self, poll: &PollRecord) -> Result<(), LedgerError> {
        self.records().await?.record_poll(poll)
    }

    async fn unwritten_stories(&self, limit: usize) -> Result<Vec<Story>, LedgerError> {
        Ok(self.records().await?.unwritten().take(limit).map(|record| record.story.clone()).collect())
    }

    async fn record_drafts(&self, drafts: &Drafts) -> Result<(), LedgerError> {
        self.records().await?.record_drafts(drafts)
    }

    async fn record_digest(&self, digest: &Digest, at: Timestamp) -> Result<(), LedgerError> {
        self.records().await?.record_digest(digest, at)
    }

    async fn open_posts(&self, channel: &ChannelName) -> Result<Vec<Arc<Post>>, LedgerError> {
        Ok(self.records().await?.open_posts(channel).into_iter().map(Arc::new).collect())
    }

    async fn arm(&self, post: PostId, frozen: &Frozen, arm: &Arm) -> Result<Post, LedgerError> {
        let armed = self.records().await?.arm(post, frozen, arm);
        let late = lock(&self.late).take();
        if let Some(wait) = late {
            tokio::time::sleep(wait).await;
        }
        armed
    }

    async fn settle(&self, settle: &Settle) -> Result<Post, LedgerError> {
        self.records().await?.settle(settle)
    }

    async fn halted(&self, channel: &ChannelName) -> Result<Option<Halted>, LedgerError> {
        Ok(self.records().await?.halted.get(channel).cloned())
    }

    async fn usage(&self, channel: &ChannelName, since: &Since) -> Result<Usage, LedgerError> {
        Ok(self.records().await?.usage(channel, since))
    }

    async fn end_post(
        &self,
        post: PostId,
        end: End,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut records = self.records().await?;
        records.change(post, now, |post, _, _| life::end(post, end, reason, now)).map(drop)
    }

    async fn retry_post(
        &self,
        post: PostId,
        send_before: Timestamp,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        let mut records = self.records().await?;
        records.change(post, now, |post, posts, latest| life::retry(post, send_before, posts, latest, now))
    }

    async fn approve_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError> {
        self.records().await?.change(post, now, |post, _, _| life::approve(post, now))
    }

    async fn edit_post(
        &self,
        post: PostId,
        text: &str,
        author: &str,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.records().await?.change(post, now, |post, _, _| life::edit(post, text, author, now))
    }

    async fn reject_post(&self, post: PostId, reason: &str, now: Timestamp) -> Result<Post, LedgerError> {
        self.records().await?.change(post, now, |post, _, _| life::reject(post, reason, now))
    }

    async fn discard_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError> {
        self.records().await?.change(post, now, |post, _, _| life::discard(post, now))
    }

    async fn resolve_post(
        &self,
        post: PostId,
        remote: Option<Remote>,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.records().await?.change(post, now, |post, _, _| life::resolve(post, remote, now))
    }

    async fn try_again(&self, channel: Option<&ChannelName>, now: Timestamp) -> Result<(), LedgerError> {
        let mut records = self.records().await?;
        let meant =
            records.halted.iter_mut().filter(|(name, _)| channel.is_none_or(|channel| channel == *name));
        meant.for_each(|(_, halted)| life::try_again(halted, now));
        Ok(())
    }

    async fn switches(&self) -> Result<Switches, LedgerError> {
        Ok(self.records().await?.switches.clone())
    }

    async fn set_switches(&self, switches: &Switches) -> Result<(), LedgerError> {
        self.records().await?.switches = switches.clone();
        Ok(())
    }

    async fn alerts(&self) -> Result<AlertBook, LedgerError> {
        Ok(self.records().await?.alerts.clone())
    }

    async fn set_alerts(&self, epoch: Epoch, book: &AlertBook) -> Result<(), LedgerError> {
        self.records().await?.set_alerts(epoch, book)
    }

    async fn posts(&self, filter: &PostFilter) -> Result<Vec<Post>, LedgerError> {
        Ok(self.records().await?.posts(filter))
    }

    async fn post(&self, post: PostId) -> Result<Option<PostRecord>, LedgerError> {
        Ok(self.records().await?.post(post))
    }

    async fn stories(&self, filter: &StoryFilter) -> Result<Vec<StoryRecord>, LedgerError> {
        Ok(self.records().await?.stories(filter))
    }

    async fn story(&self, story: &StoryId) -> Result<Vec<StoryRecord>, LedgerError> {
        Ok(self.records().await?.story(story))
    }

    async fn backlog(&self) -> Result<Backlog, LedgerError> {
        Ok(self.records().await?.backlog())
    }

    async fn refusals(&self) -> Result<Vec<Refusals>, LedgerError> {
        Ok(self.records().await?.refusals())
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<Result<ReservationId, Capped>, LedgerError> {
        Ok(self.records().await?.reserve(reservation))
    }

    async fn settle_expense(
        &self,
        reservation: ReservationId,
        tokens: Tokens,
        money: Money,
    ) -> Result<(), LedgerError> {
        self.records().await?.settle_expense(reservation, tokens, money);
        Ok(())
    }

    async fn expenses(&self, payee: &str, periods: &Periods) -> Result<Expenses, LedgerError> {
        Ok(self.records().await?.expenses(payee, periods))
    }

    async fn prune(&self, before: Timestamp) -> Result<u64, LedgerError> {
        Ok(self.records().await?.prune(before))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    async fn fresh() -> (MemoryLedger, ()) {
        (MemoryLedger::new(), ())
    }

    crate::ledger_conformance!(fresh);

    #[tokio::test]
    async fn it_fails_as_often_as_it_is_told_to_and_then_works_again() {
        let ledger = MemoryLedger::new();
        let full = LedgerError::Full { path: "nowhere".to_owned() };
        ledger.fail_next(2, &full);
        assert_eq!(ledger.mint_epoch("a", Timestamp::UNIX_EPOCH).await, Err(full.clone()));
        assert_eq!(ledger.current_epoch().await, Err(full));
        assert_eq!(ledger.current_epoch().await, Ok(None), "a call that failed left nothing behind");
    }

    #[tokio::test(start_paused = true)]
    async fn while_it_is_held_a_call_waits_and_goes_on_afterwards() {
        let ledger = Arc::new(MemoryLedger::new());
        let hold = ledger.hold();
        let patience = std::time::Duration::from_secs(3600);
        let waited = tokio::time::timeout(patience, ledger.mint_epoch("a", Timestamp::UNIX_EPOCH)).await;
        assert!(waited.is_err());
        drop(hold);
        assert_eq!(ledger.mint_epoch("a", Timestamp::UNIX_EPOCH).await, Ok(Epoch(1)));
    }
}
