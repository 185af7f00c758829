//! Opening the file: create it for the operator alone, check it, migrate it, set it up.
//!
//! A file of up to [`CHECKED_AT_OPEN`] is checked page by page, however the last close went: it costs milliseconds. A
//! greater one would delay the start, so it is only checked by [`SqliteLedger::check`](super::SqliteLedger::check), which
//! may run while the wire works; SQLite notices most damage by itself when it comes upon it.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use wirereport_actors::ports::ledger::LedgerError;

use super::schema::SCHEMA;
use super::trouble::Trouble;
use super::writer::LOG_AT_MOST;

/// Bytes up to which a file is checked before it is used.
const CHECKED_AT_OPEN: u64 = 8 << 20;
/// How long to wait for another process that writes: a standby, or a command.
const BUSY: Duration = Duration::from_secs(5);
/// Bytes of the write-ahead log that are kept for reuse after a checkpoint.
const LOG_KEPT: i64 = 16 << 20;
/// Statements kept prepared; more than the ledger has.
const STATEMENTS: usize = 64;

/// Opens the ledger for writing, creating it where there is none.
pub(super) fn for_writing(path: &Path) -> Result<Connection, LedgerError> {
    create(path)?;
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let small = path.metadata().is_ok_and(|file| file.len() <= CHECKED_AT_OPEN);
    if small {
        check(&conn, path)?;
    }
    if let Some(copy) = SCHEMA.migrate(&mut conn, path)? {
        tracing::info!(ledger = %path.display(), copy = %copy.display(), "the ledger was migrated; a copy was kept");
    }
    match set_up(&conn).map_err(|error| error.at(path))?.as_str() {
        "wal" => Ok(conn),
        mode => Err(LedgerError::Unavailable {
            detail: format!(
                "{} cannot be written as a ledger must (journal mode {mode}): make it writable, on a local file system",
                path.display()
            ),
        }),
    }
}

/// Opens a ledger that is there and that nobody else uses, to put it in order.
pub(super) fn alone(path: &Path) -> Result<Connection, LedgerError> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// Opens a ledger that is there, for reading only.
pub(super) fn for_reading(path: &Path) -> Result<Connection, LedgerError> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Looks at every page of the file.
pub(super) fn check(conn: &Connection, path: &Path) -> Result<(), LedgerError> {
    let found = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found.map_err(|error| Trouble::from(error).at(path))? {
        ok if ok == "ok" => Ok(()),
        detail => Err(LedgerError::Corrupt { path: path.display().to_string(), detail }),
    }
}

/// The directory of a file, created for its owner alone where there is none.
pub(super) fn directory(path: &Path) -> Result<&Path, LedgerError> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let created = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    created.map_err(|error| denied(dir, &error))?;
    Ok(dir)
}

/// Creates an empty file that only its owner may read, with its directory; a file that is there is left alone.
pub(super) fn create(path: &Path) -> Result<(), LedgerError> {
    directory(path)?;
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(denied(path, &error)),
        _ => Ok(()),
    }
}

fn denied(what: &Path, error: &std::io::Error) -> LedgerError {
    let what = what.display();
    LedgerError::Unavailable {
        detail: format!(
            "{what} cannot be created ({error}): make its directory writable, or name another state_dir"
        ),
    }
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, LedgerError> {
    let open = || {
        let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(BUSY)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        // Else a statement whose plan looked at a value, such as a LIMIT, is prepared anew at each use.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(conn)
    };
    open().map_err(|error: rusqlite::Error| Trouble::from(error).at(path))
}

/// Sets the connection up for writing; the journal mode it got.
fn set_up(conn: &Connection) -> Result<String, Trouble> {
    if conn.is_readonly("main")? {
        return Ok("read only".to_owned());
    }
    let mode = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // What would undo one change among those that are committed together is small, and is not worth a file.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
    conn.pragma_update(None, "wal_autocheckpoint", LOG_AT_MOST)?;
    Ok(mode)
}
