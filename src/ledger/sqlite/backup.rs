//! Copies of the ledger, and the way back from one.
//!
//! Between a backup and its return the world went on, so what it says of unfinished work is no longer sure. A restored
//! ledger therefore sends nothing by itself: publishing is stopped, so that what had not been sent is held until an
//! operator resumes (and expires meanwhile as it always would); what was armed is unknown; and the sports forget what they
//! saw, so that every game is a baseline again and no story's id comes twice. Every token of the API ends, since the backup
//! does not know which were revoked after it. A new epoch ends every earlier term.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use wirereport_actors::ports::ledger::{LedgerError, Settle, Switches};
use wirereport_actors::wire::post::{Epoch, Outcome, PostId};

use super::schema::SCHEMA;
use super::trouble::Trouble;
use super::{access, changes, open, posts, stories};
use crate::lease::lock;

/// What became of the unfinished work of a ledger that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Posts that wait, held until publishing is resumed.
    pub held: u64,
    /// Posts that were armed and now are unknown.
    pub unknown: u64,
    /// The epoch that was minted, greater than any before.
    pub epoch: Epoch,
    /// Where the ledger that stood there before was put, if there was one.
    pub set_aside: Option<PathBuf>,
}

/// Puts the backup `from` in the place of the ledger at `to`, which no process may be using. Blocks.
///
/// The ledger that stood there is set aside as `….before-restore`, replacing one that was set aside earlier.
///
/// # Errors
/// [`LedgerError::Unavailable`] while an instance holds the lease beside `to`; otherwise as for opening, where the path
/// says which of the two files is meant. The ledger at `to` is then as it was, or set aside where the last step failed.
pub fn restore(from: &Path, to: &Path, now: Timestamp) -> Result<Restored, LedgerError> {
    let _stays_free = keep_others_out(to)?;
    let made = beside(to, "restoring");
    remove(&made)?;
    copy(&checked(from)?, &made)?;
    let restored = hold_in(&made, newest_epoch(to), now).and_then(|restored| {
        let set_aside = set_aside(to)?;
        put_in_place(&made, to)?;
        Ok(Restored { set_aside, ..restored })
    });
    or_remove(restored, &made)
}

fn keep_others_out(to: &Path) -> Result<lock::Locked, LedgerError> {
    let dir = open::directory(to)?;
    let held = |detail: String| LedgerError::Unavailable { detail };
    match lock::lease(dir).map_err(|error| held(error.to_string()))? {
        Some(lock) => Ok(lock),
        None => Err(held(format!("wirereport runs on {}: stop it first", to.display()))),
    }
}

fn checked(from: &Path) -> Result<Connection, LedgerError> {
    let conn = open::for_reading(from)?;
    if SCHEMA.check(&conn, from)? == 0 {
        let (path, detail) = (from.display().to_string(), "it is empty".to_owned());
        return Err(LedgerError::Corrupt { path, detail });
    }
    open::check(&conn, from)?;
    Ok(conn)
}

/// The newest epoch of a ledger that may be damaged: one that cannot be read had none that anybody can still use.
fn newest_epoch(path: &Path) -> Epoch {
    let read = || stories::epoch_in_force(&open::for_reading(path).ok()?).ok()?;
    read().unwrap_or(Epoch(0))
}

fn hold_in(path: &Path, floor: Epoch, now: Timestamp) -> Result<Restored, LedgerError> {
    let mut conn = open::alone(path)?;
    SCHEMA.upgrade(&mut conn, path)?;
    let mut hold = || {
        let transaction = conn.transaction()?;
        let restored = hold(&transaction, floor, now)?;
        transaction.commit()?;
        Ok(restored)
    };
    hold().map_err(|trouble: Trouble| trouble.at(path))
}

fn hold(conn: &Connection, floor: Epoch, now: Timestamp) -> Result<Restored, Trouble> {
    let epoch = stories::mint_epoch_after(conn, floor, "restore", now)?;
    let armed = armed(conn)?;
    for (post, attempt) in &armed {
        let reason = "under way when the backup was made that was restored".to_owned();
        let (post, attempt, outcome) = (*post, *attempt, Outcome::Unknown { reason });
        let settle = Settle { post, attempt, epoch, outcome, counts: false, looked_up: false, at: now };
        posts::settle(conn, &settle)?;
    }
    let held = conn.execute(
        "UPDATE posts SET reason = 'held: a backup was restored in which it had not been sent; it may have been since' \
         WHERE state IN ('pending', 'awaiting_approval')",
        [],
    )?;
    let switches = stories::switches(conn)?;
    let stopped = switches.publishing_stopped.or(Some(now));
    stories::set_switches(conn, &Switches { publishing_stopped: stopped, ..switches })?;
    stories::forget_sights(conn)?;
    access::revoke_all(conn, now)?;
    access::be_another(conn)?;
    changes::begin_anew(conn)?;
    Ok(Restored { held: held as u64, unknown: armed.len() as u64, epoch, set_aside: None })
}

fn armed(conn: &Connection) -> Result<Vec<(PostId, u32)>, Trouble> {
    let mut statement = conn.prepare("SELECT id, attempt FROM posts WHERE state = 'armed' ORDER BY id")?;
    let armed = statement.query_map([], |row| Ok((PostId(row.get(0)?), row.get(1)?)))?;
    Ok(armed.collect::<Result<_, _>>()?)
}

fn set_aside(path: &Path) -> Result<Option<PathBuf>, LedgerError> {
    if !path.exists() {
        return Ok(None);
    }
    let aside = beside(path, "before-restore");
    // A sound ledger takes in its log here; a damaged one's log goes with it.
    if let Ok(conn) = open::alone(path) {
        let _ = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
    for end in ["-wal", "-shm", ""] {
        let (here, there) = (with_end(path, end), with_end(&aside, end));
        remove(&there)?;
        if here.exists() {
            fs::rename(&here, &there).map_err(|error| failed(&here, &error))?;
        }
    }
    Ok(Some(aside))
}

/// Copies what a connection sees into one file at `to`, which is there only once it is complete, checked and on the disk.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<(), LedgerError> {
    let made = beside(to, "partial");
    remove(&made)?;
    open::create(&made)?;
    let filled = fill(conn, &made).map_err(|trouble| trouble.at(&made));
    or_remove(filled.and_then(|()| put_in_place(&made, to)), &made)
}

/// Leaves nothing half made behind; what went wrong first is what is said.
fn or_remove<T>(result: Result<T, LedgerError>, made: &Path) -> Result<T, LedgerError> {
    if result.is_err() {
        let _ = remove(made);
    }
    result
}

fn fill(conn: &Connection, made: &Path) -> Result<(), Trouble> {
    let mut copy = Connection::open(made)?;
    let step = Backup::new(conn, &mut copy)?.step(-1)?;
    if step != StepResult::Done {
        let detail = format!("{}: the ledger is busy; try again", made.display());
        return Err(LedgerError::Unavailable { detail }.into());
    }
    // One file, and no log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(open::check(&copy, made)?)
}

fn put_in_place(made: &Path, to: &Path) -> Result<(), LedgerError> {
    let dir = open::directory(to)?;
    let put = || {
        File::open(made)?.sync_all()?;
        fs::rename(made, to)?;
        File::open(dir)?.sync_all()
    };
    put().map_err(|error| failed(to, &error))
}

fn remove(path: &Path) -> Result<(), LedgerError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> LedgerError {
    LedgerError::Unavailable { detail: format!("{} cannot be put in place: {error}", path.display()) }
}

/// The file of that ending beside a ledger: `ledger.sqlite.before-v2`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    with_end(path, &format!(".{ending}"))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
