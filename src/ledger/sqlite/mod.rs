//! The ledger in one SQLite file: WAL, `synchronous=FULL`, one writer thread with group commit, readers beside
//! it. The rules are [`life`]'s; here they are only given their rows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::watch;
use wirereport_actors::ports::ledger::{
    Backlog, Drafts, End, Ledger, LedgerError, PollRecord, PostFilter, PostRecord, Refusals, Settle,
    StoryFilter, StoryRecord, Switches,
};
use wirereport_actors::wire::alert::AlertBook;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::digest::Digest;
use wirereport_actors::wire::expense::{Capped, Expenses, Periods, Reservation, ReservationId, Tokens};
use wirereport_actors::wire::life;
use wirereport_actors::wire::pace::{Money, Since, Usage};
use wirereport_actors::wire::post::{Arm, ChannelName, Epoch, Frozen, Halted, Post, PostId, Remote};
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::{Story, StoryId};

mod access;
mod backup;
mod changes;
mod channels;
mod expenses;
mod inspect;
mod open;
mod open_posts;
mod posts;
mod readers;
mod reading;
mod rows;
mod schema;
mod stories;
mod trouble;
mod upkeep;
mod writer;

pub use backup::{Restored, restore};
pub use inspect::Inspection;
pub use writer::Stats;

use open_posts::{Marks, OpenPosts};
use readers::Readers;
use stories::PollRows;
use trouble::Trouble;
use writer::Writer;

/// Stories of one portion of pruning.
const PRUNED_AT_ONCE: usize = 200;

/// The ledger in a file. Dropping it finishes what waits and closes the file.
#[derive(Debug)]
pub struct SqliteLedger {
    path: PathBuf,
    // The last connection to close tidies the file up, and only the writer's can: it goes last.
    readers: Readers,
    open_posts: OpenPosts,
    writer: Writer,
}

impl SqliteLedger {
    /// Opens the ledger at `path`, or creates it there with its directory. Blocks for a few milliseconds; longer where
    /// it has to be migrated, before which a copy is kept beside it.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] for a file that is damaged or no ledger, [`LedgerError::NewerSchema`] for one of a later
    /// version, [`LedgerError::Unavailable`] where it cannot be created or written, [`LedgerError::Full`] where there is
    /// no room for it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, LedgerError> {
        let path = path.into();
        let marks = Marks::default();
        let writer = Writer::start(open::for_writing(&path)?, &path, marks.clone())?;
        Ok(Self { readers: Readers::new(&path), open_posts: OpenPosts::new(marks), writer, path })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the writer has done since the ledger was opened.
    pub fn stats(&self) -> Stats {
        self.writer.stats()
    }

    /// What the writer has done, changing with every commit: for whoever waits for something to be done.
    pub fn commits(&self) -> watch::Receiver<Stats> {
        self.writer.commits()
    }

    /// Looks at every page of the file, beside the wire's work.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] with the first damage that was found.
    pub async fn check(&self) -> Result<(), LedgerError> {
        let path = self.path.clone();
        self.read(move |conn| Ok(open::check(conn, &path)?)).await
    }

    /// Copies the ledger to `to` as one file, as it is at this moment, beside the wire's work. A file that is there is
    /// replaced once the copy is complete and checked.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`] or [`LedgerError::Full`] where `to` cannot be written, or is the ledger itself.
    pub async fn backup_to(&self, to: impl Into<PathBuf>) -> Result<(), LedgerError> {
        let to = to.into();
        if to.canonicalize().is_ok_and(|to| self.path.canonicalize().is_ok_and(|ours| ours == to)) {
            let detail = format!("{} is the ledger itself: name another file", to.display());
            return Err(LedgerError::Unavailable { detail });
        }
        self.read(move |conn| Ok(backup::copy(conn, &to)?)).await
    }

    async fn write<T, W>(&self, work: W) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> Result<T, Trouble> + Send + 'static,
    {
        self.writer.write(work).await
    }

    async fn read<T, W>(&self, work: W) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Trouble> + Send + 'static,
    {
        self.readers.read(work).await
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn mint_epoch(&self, holder: &str, now: Timestamp) -> Result<Epoch, LedgerError> {
        let holder = holder.to_owned();
        self.write(move |conn| stories::mint_epoch(conn, &holder, now)).await
    }

    async fn current_epoch(&self) -> Result<Option<(Epoch, String)>, LedgerError> {
        self.read(stories::current_epoch).await
    }

    async fn load_sport(&self, sport: &SportKey) -> Result<Option<SportState>, LedgerError> {
        let sport = sport.clone();
        self.read(move |conn| stories::load_sport(conn, &sport)).await
    }

    async fn record_poll(&self, poll: &PollRecord) -> Result<(), LedgerError> {
        let rows = PollRows::of(poll).map_err(|trouble| trouble.at(&self.path))?;
        self.write(move |conn| stories::record_poll(conn, &rows)).await
    }

    async fn unwritten_stories(&self, limit: usize) -> Result<Vec<Story>, LedgerError> {
        self.read(move |conn| stories::unwritten(conn, limit)).await
    }

    async fn record_drafts(&self, drafts: &Drafts) -> Result<(), LedgerError> {
        let drafts = drafts.clone();
        self.write(move |conn| stories::record_drafts(conn, &drafts)).await
    }

    async fn record_digest(&self, digest: &Digest, at: Timestamp) -> Result<(), LedgerError> {
        let digest = digest.clone();
        self.write(move |conn| stories::record_digest(conn, &digest, at)).await
    }

    async fn open_posts(&self, channel: &ChannelName) -> Result<Vec<Arc<Post>>, LedgerError> {
        let (open_posts, channel) = (self.open_posts.clone(), channel.clone());
        self.read(move |conn| open_posts.of(conn, &channel)).await
    }

    async fn arm(&self, post: PostId, frozen: &Frozen, arm: &Arm) -> Result<Post, LedgerError> {
        let (frozen, arm) = (frozen.clone(), *arm);
        self.write(move |conn| posts::arm(conn, post, &frozen, &arm)).await
    }

    async fn settle(&self, settle: &Settle) -> Result<Post, LedgerError> {
        let settle = settle.clone();
        self.write(move |conn| posts::settle(conn, &settle)).await
    }

    async fn halted(&self, channel: &ChannelName) -> Result<Option<Halted>, LedgerError> {
        let channel = channel.clone();
        self.read(move |conn| channels::halted(conn, &channel)).await
    }

    async fn usage(&self, channel: &ChannelName, since: &Since) -> Result<Usage, LedgerError> {
        let (channel, since) = (channel.clone(), *since);
        self.read(move |conn| reading::usage(conn, &channel, &since)).await
    }

    async fn end_post(
        &self,
        post: PostId,
        end: End,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let reason = reason.to_owned();
        let ended = self.write(move |conn| {
            posts::change(conn, post, now, |post, _, _| life::end(post, end, &reason, now))
        });
        ended.await.map(drop)
    }

    async fn retry_post(
        &self,
        post: PostId,
        send_before: Timestamp,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.write(move |conn| {
            posts::change(conn, post, now, |post, posts, latest| {
                life::retry(post, send_before, posts, latest, now)
            })
        })
        .await
    }

    async fn approve_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError> {
        self.write(move |conn| posts::change(conn, post, now, |post, _, _| life::approve(post, now))).await
    }

    async fn edit_post(
        &self,
        post: PostId,
        text: &str,
        author: &str,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        let (text, author) = (text.to_owned(), author.to_owned());
        self.write(move |conn| posts::edit(conn, post, &text, &author, now)).await
    }

    async fn reject_post(&self, post: PostId, reason: &str, now: Timestamp) -> Result<Post, LedgerError> {
        let reason = reason.to_owned();
        self.write(move |conn| posts::change(conn, post, now, |post, _, _| life::reject(post, &reason, now)))
            .await
    }

    async fn discard_post(&self, post: PostId, now: Timestamp) -> Result<Post, LedgerError> {
        self.write(move |conn| posts::change(conn, post, now, |post, _, _| life::discard(post, now))).await
    }

    async fn resolve_post(
        &self,
        post: PostId,
        remote: Option<Remote>,
        now: Timestamp,
    ) -> Result<Post, LedgerError> {
        self.write(move |conn| {
            posts::change(conn, post, now, |post, _, _| life::resolve(post, remote.clone(), now))
        })
        .await
    }

    async fn try_again(&self, channel: Option<&ChannelName>, now: Timestamp) -> Result<(), LedgerError> {
        let channel = channel.cloned();
        self.write(move |conn| channels::try_again(conn, channel.as_ref(), now)).await
    }

    async fn switches(&self) -> Result<Switches, LedgerError> {
        self.read(stories::switches).await
    }

    async fn set_switches(&self, switches: &Switches) -> Result<(), LedgerError> {
        let switches = switches.clone();
        self.write(move |conn| stories::set_switches(conn, &switches)).await
    }

    async fn alerts(&self) -> Result<AlertBook, LedgerError> {
        self.read(stories::alerts).await
    }

    async fn set_alerts(&self, epoch: Epoch, book: &AlertBook) -> Result<(), LedgerError> {
        let book = book.clone();
        self.write(move |conn| stories::set_alerts(conn, epoch, &book)).await
    }

    async fn posts(&self, filter: &PostFilter) -> Result<Vec<Post>, LedgerError> {
        let filter = filter.clone();
        self.read(move |conn| reading::posts(conn, &filter)).await
    }

    async fn post(&self, post: PostId) -> Result<Option<PostRecord>, LedgerError> {
        self.read(move |conn| reading::post(conn, post)).await
    }

    async fn stories(&self, filter: &StoryFilter) -> Result<Vec<StoryRecord>, LedgerError> {
        let filter = filter.clone();
        self.read(move |conn| reading::stories(conn, &filter)).await
    }

    async fn story(&self, story: &StoryId) -> Result<Vec<StoryRecord>, LedgerError> {
        let story = story.clone();
        self.read(move |conn| reading::story(conn, &story)).await
    }

    async fn backlog(&self) -> Result<Backlog, LedgerError> {
        self.read(reading::backlog).await
    }

    async fn refusals(&self) -> Result<Vec<Refusals>, LedgerError> {
        self.read(reading::refusals).await
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<Result<ReservationId, Capped>, LedgerError> {
        let reservation = reservation.clone();
        self.write(move |conn| expenses::reserve(conn, &reservation)).await
    }

    async fn settle_expense(
        &self,
        reservation: ReservationId,
        tokens: Tokens,
        money: Money,
    ) -> Result<(), LedgerError> {
        self.write(move |conn| expenses::settle(conn, reservation, tokens, money)).await
    }

    async fn expenses(&self, payee: &str, periods: &Periods) -> Result<Expenses, LedgerError> {
        let (payee, periods) = (payee.to_owned(), *periods);
        self.read(move |conn| expenses::expenses(conn, &payee, &periods)).await
    }

    /// Prunes in portions, each a transaction of its own.
    async fn prune(&self, before: Timestamp) -> Result<u64, LedgerError> {
        let mut rows = 0;
        loop {
            let gone = self.write(move |conn| upkeep::prune_observations(conn, before)).await?;
            rows += gone as u64;
            if gone < upkeep::PORTION {
                break;
            }
        }
        self.write(move |conn| expenses::prune(conn, before)).await?;
        self.write(move |conn| changes::prune(conn, before)).await?;
        let ended = self.read(move |conn| upkeep::ended_stories(conn, before)).await?;
        for portion in ended.chunks(PRUNED_AT_ONCE) {
            let portion = portion.to_vec();
            let gone = self.write(move |conn| upkeep::prune_stories(conn, &portion, before)).await?;
            rows += gone as u64;
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
