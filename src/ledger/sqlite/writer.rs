//! The one thread that writes. It takes whatever waits, and what comes meanwhile, and commits it together: one fsync for
//! all of them. While much comes it waits a moment for what is on its way, since a page that many have changed is written
//! once for all of them; a piece of work that comes alone is committed at once.
//!
//! One that fails undoes nothing of the others, and nobody is answered before the commit. Since few fail, it is only then
//! that all are undone and run again, each in a savepoint of its own. Some errors (a full disk) make SQLite undo the whole
//! transaction even so; then each is run in a transaction of its own. So work may be run several times, which is why it is
//! `Fn` and touches nothing but the connection.
//!
//! The log is moved into the file in a pause, when nobody waits: within a commit it would cost a post two fsyncs more and
//! the writing of a thousand pages. Where no pause comes, SQLite does it within a commit after all, before the log has
//! outgrown [`LOG_AT_MOST`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::Instant;
use wirereport_actors::ports::ledger::LedgerError;

use super::open_posts::Marks;
use super::trouble::Trouble;

/// Pieces of work that may wait before those who bring more have to.
const WAITING: usize = 1_024;
/// Pieces of work in one commit, at most.
const GROUP: usize = 256;
/// Pieces of work in a commit from which on the next one waits for more to come.
const BUSY: usize = 4;
/// How long a commit waits for more, at most, from its beginning.
const GATHERED_FOR: Duration = Duration::from_millis(6);
/// How long nothing comes before it is not waited for.
const NEAR: Duration = Duration::from_micros(150);
/// How long nothing comes before it counts as a pause: longer than a story takes from one of its commits to the next.
const PAUSE: Duration = Duration::from_millis(50);
/// Pages of the log that are worth moving in a pause.
const LOG_WORTH_MOVING: i64 = 1_000;
/// Pages of the log after which it is moved within a commit.
pub(super) const LOG_AT_MOST: i64 = 4_000;

/// What the writer has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Transactions committed; each costs one fsync.
    pub commits: u64,
    /// Pieces of work committed in them.
    pub operations: u64,
    /// The most pieces of work in one commit.
    pub largest_group: u64,
    /// The time all commits took, from the first statement to the return of the fsync.
    pub commit_time: Duration,
    /// What of it passed in writing the log and its fsync, checkpoints included.
    pub sync_time: Duration,
    /// The time the slowest took.
    pub slowest_commit: Duration,
}

/// The way to the thread, which ends with it.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<Sender<Queued>>,
    /// What bounds the queue.
    places: Arc<Semaphore>,
    thread: Option<JoinHandle<()>>,
    stats: watch::Sender<Stats>,
    path: PathBuf,
}

impl Writer {
    pub(super) fn start(conn: Connection, path: &Path, marks: Marks) -> Result<Self, LedgerError> {
        marks.follow(&conn).map_err(|error| Trouble::from(error).at(path))?;
        let (sender, receiver) = channel();
        let places = Arc::new(Semaphore::new(WAITING));
        let stats = watch::Sender::new(Stats::default());
        let thread = Thread { conn, path: path.to_owned(), marks, stats: stats.clone() };
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || thread.serve(&receiver))
            .map_err(|error| unavailable(path, &error.to_string()))?;
        Ok(Self { queue: Some(sender), places, thread: Some(thread), stats, path: path.to_owned() })
    }

    /// Commits a piece of work and gives its result.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> Result<T, Trouble> + Send + 'static,
    {
        let gone = || unavailable(&self.path, "its writer has ended; restart wirereport");
        let (reply, result) = oneshot::channel();
        let job: Box<dyn Job> = Box::new(Work { work, result: None, reply });
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| gone())?;
        queue.send(Queued { job, _place: place }).map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }

    pub(super) fn stats(&self) -> Stats {
        *self.stats.borrow()
    }

    pub(super) fn commits(&self) -> watch::Receiver<Stats> {
        self.stats.subscribe()
    }

    /// Lets the thread finish what waits, and waits for that.
    pub(super) fn end(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            // It has answered its callers already; how it ended changes nothing.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.end();
    }
}

/// A piece of work in its place in the queue.
struct Queued {
    job: Box<dyn Job>,
    _place: OwnedSemaphorePermit,
}

/// A piece of work with the way to answer for it.
trait Job: Send {
    /// Does the work; whether it succeeded.
    fn run(&mut self, conn: &Connection, path: &Path) -> bool;
    /// Takes back a success that was not committed.
    fn undone(&mut self, error: &LedgerError);
    /// Tells whoever waits.
    fn answer(self: Box<Self>);
}

struct Work<T, W> {
    work: W,
    result: Option<Result<T, LedgerError>>,
    reply: oneshot::Sender<Result<T, LedgerError>>,
}

impl<T, W> Job for Work<T, W>
where
    T: Send,
    W: Fn(&Connection) -> Result<T, Trouble> + Send,
{
    fn run(&mut self, conn: &Connection, path: &Path) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)));
        let result = match result {
            Ok(result) => result.map_err(|trouble| trouble.at(path)),
            Err(_) => Err(unavailable(path, "a transaction panicked")),
        };
        self.result.insert(result).is_ok()
    }

    fn undone(&mut self, error: &LedgerError) {
        if !matches!(self.result, Some(Err(_))) {
            self.result = Some(Err(error.clone()));
        }
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            // Who no longer waits does not want to know.
            let _ = self.reply.send(result);
        }
    }
}

/// How the pieces of work of a group are kept from undoing each other.
enum Apart<'a> {
    /// Not at all, with what else comes.
    Together(Gathering<'a>),
    /// Each has a savepoint.
    Savepoints,
}

/// What a group that was committed came to.
struct Committed {
    operations: u64,
    sync: Duration,
}

struct Thread {
    conn: Connection,
    path: PathBuf,
    marks: Marks,
    stats: watch::Sender<Stats>,
}

impl Thread {
    fn serve(self, queue: &Receiver<Queued>) {
        let mut busy = false;
        while let Some(first) = self.next(queue) {
            let mut group = vec![first.job];
            group.extend(queue.try_iter().take(GROUP - 1).map(|queued| queued.job));
            let gathering = Gathering { queue, begun: Instant::now(), busy };
            self.commit(&mut group, &Apart::Together(gathering));
            busy = group.len() >= BUSY;
            self.marks.ended();
            group.into_iter().for_each(Job::answer);
        }
    }

    /// Waits for work; `None` when there will be none any more.
    fn next(&self, queue: &Receiver<Queued>) -> Option<Queued> {
        match queue.recv_timeout(PAUSE) {
            Ok(queued) => return Some(queued),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(error) = self.move_log() {
            tracing::debug!(path = %self.path.display(), %error, "the ledger's log was not moved in a pause");
        }
        queue.recv().ok()
    }

    fn move_log(&self) -> rusqlite::Result<()> {
        let ask = "PRAGMA wal_checkpoint(NOOP)";
        let waiting: i64 = self
            .conn
            .prepare_cached(ask)?
            .query_row([], |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))?;
        if waiting < LOG_WORTH_MOVING {
            return Ok(());
        }
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
    }

    fn commit(&self, group: &mut Vec<Box<dyn Job>>, apart: &Apart<'_>) {
        let started = Instant::now();
        match (self.attempt(group, apart), apart) {
            (Ok(Some(committed)), _) => self.count(&committed, started.elapsed()),
            (Ok(None), _) if group.len() == 1 => {}
            (Ok(None), Apart::Together(_)) => self.commit(group, &Apart::Savepoints),
            (Ok(None), Apart::Savepoints) => {
                for job in std::mem::take(group) {
                    let mut alone = vec![job];
                    self.commit(&mut alone, &Apart::Savepoints);
                    group.append(&mut alone);
                }
            }
            (Err(error), _) => {
                self.abandon();
                let error = Trouble::from(error).at(&self.path);
                group.iter_mut().for_each(|job| job.undone(&error));
            }
        }
    }

    /// `None` where one piece of work failed and all of them are undone.
    fn attempt(
        &self,
        group: &mut Vec<Box<dyn Job>>,
        apart: &Apart<'_>,
    ) -> rusqlite::Result<Option<Committed>> {
        let conn = &self.conn;
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut operations = 0;
        for at in 0..GROUP {
            if at == group.len() {
                let Some(more) = apart.more() else { break };
                group.push(more);
            }
            let done = match apart {
                Apart::Together(_) => group[at].run(conn, &self.path),
                Apart::Savepoints => self.run_apart(&mut *group[at])?,
            };
            if done {
                operations += 1;
            } else if conn.is_autocommit() {
                return Ok(None);
            } else if matches!(apart, Apart::Together(_)) {
                conn.prepare_cached("ROLLBACK")?.execute([])?;
                return Ok(None);
            }
        }
        let statements_done = Instant::now();
        conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(Some(Committed { operations, sync: statements_done.elapsed() }))
    }

    /// Runs a piece of work so that nothing of it is left where it fails; whether it did not.
    fn run_apart(&self, job: &mut dyn Job) -> rusqlite::Result<bool> {
        let conn = &self.conn;
        conn.prepare_cached("SAVEPOINT work")?.execute([])?;
        let done = job.run(conn, &self.path);
        if !done && !conn.is_autocommit() {
            conn.prepare_cached("ROLLBACK TO work")?.execute([])?;
        }
        if !conn.is_autocommit() {
            conn.prepare_cached("RELEASE work")?.execute([])?;
        }
        Ok(done)
    }

    fn abandon(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(path = %self.path.display(), %error, "the ledger's transaction cannot be rolled back");
        }
    }

    fn count(&self, &Committed { operations, sync }: &Committed, took: Duration) {
        if operations == 0 {
            return;
        }
        self.stats.send_modify(|stats| {
            stats.commits += 1;
            stats.operations += operations;
            stats.largest_group = stats.largest_group.max(operations);
            stats.commit_time += took;
            stats.sync_time += sync;
            stats.slowest_commit = stats.slowest_commit.max(took);
        });
    }
}

/// What comes while a group is under way.
struct Gathering<'a> {
    queue: &'a Receiver<Queued>,
    begun: Instant,
    busy: bool,
}

impl Apart<'_> {
    fn more(&self) -> Option<Box<dyn Job>> {
        match self {
            Self::Together(gathering) => gathering.next(),
            Self::Savepoints => None,
        }
    }
}

impl Gathering<'_> {
    /// What is there, or, while much is going on, what is on its way.
    fn next(&self) -> Option<Box<dyn Job>> {
        let waits = || self.busy && self.begun.elapsed() < GATHERED_FOR;
        let queued = match self.queue.try_recv() {
            Err(TryRecvError::Empty) if waits() => self.queue.recv_timeout(NEAR).ok(),
            queued => queued.ok(),
        };
        queued.map(|queued| queued.job)
    }
}

fn unavailable(path: &Path, what: &str) -> LedgerError {
    LedgerError::Unavailable { detail: format!("{}: {what}", path.display()) }
}
