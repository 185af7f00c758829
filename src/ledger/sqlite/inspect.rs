//! A look at a ledger from outside: for whoever asks how it is, beside the service or without one. Nothing is created,
//! migrated or written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::Serialize;
use wirereport_actors::ports::ledger::LedgerError;
use wirereport_actors::wire::post::{ChannelName, Halted};

use super::rows::Json;
use super::schema::SCHEMA;
use super::trouble::Trouble;
use super::{SqliteLedger, open};

/// How a ledger is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// The version of its schema.
    pub version: usize,
    /// The version that this program writes.
    pub known: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of its write-ahead log.
    pub log_bytes: u64,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Posts by state.
    pub posts: BTreeMap<String, u64>,
    /// Channels that are halted.
    pub halted: Vec<(ChannelName, Halted)>,
}

impl SqliteLedger {
    /// Looks at every page of the ledger at `path`, and at what is in it. Blocks, for seconds where it is large.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] for a file that is damaged or no ledger, [`LedgerError::NewerSchema`] for one of a later
    /// version, [`LedgerError::Unavailable`] where it cannot be read.
    pub fn inspect(path: &Path) -> Result<Inspection, LedgerError> {
        let conn = open::for_reading(path)?;
        open::check(&conn, path)?;
        let version = SCHEMA.check(&conn, path)?;
        inspection(&conn, path, version).map_err(|trouble| trouble.at(path))
    }
}

fn inspection(conn: &Connection, path: &Path, version: usize) -> Result<Inspection, Trouble> {
    let size = |path: &Path| path.metadata().map(|file| file.len()).unwrap_or_default();
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let tables =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut statement = conn.prepare(tables)?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut rows = BTreeMap::new();
    for name in names {
        let count = conn.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
        rows.insert(name, count);
    }
    let has = |table: &str| rows.contains_key(table);
    let posts = if has("posts") {
        let mut statement = conn.prepare("SELECT state, count(*) FROM posts GROUP BY state")?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
    } else {
        BTreeMap::new()
    };
    let halted = if has("channels") {
        let mut statement = conn.prepare("SELECT channel, halted FROM channels WHERE halted IS NOT NULL")?;
        let halted = statement
            .query_map([], |row| Ok((ChannelName(row.get(0)?), row.get::<_, Json<Halted>>(1)?.0)))?;
        halted.collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    Ok(Inspection {
        version,
        known: SCHEMA.known(),
        bytes: size(path),
        log_bytes: size(&PathBuf::from(log)),
        rows,
        posts,
        halted,
    })
}
