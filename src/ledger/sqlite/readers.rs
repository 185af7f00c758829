//! Connections that read: beside the writer, never behind it. Each read sees one committed state as a whole.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;
use wirereport_actors::ports::ledger::LedgerError;

use super::open;
use super::trouble::Trouble;

/// Reads that may be under way at once.
const AT_ONCE: usize = 4;

/// A few connections, opened when they are first needed.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Semaphore,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Arc::default(), turns: Semaphore::new(AT_ONCE) }
    }

    /// Reads on a thread where that may block.
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Trouble> + Send + 'static,
    {
        let ended = |detail: String| LedgerError::Unavailable { detail };
        let _turn = self.turns.acquire().await.map_err(|error| ended(error.to_string()))?;
        let (path, idle) = (self.path.clone(), self.idle.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let conn = kept.map_or_else(|| open::for_reading(&path), Ok)?;
            let result = snapshot(&conn, work).map_err(|trouble| trouble.at(&path))?;
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            Ok(result)
        });
        reading.await.map_err(|error| ended(format!("a read did not end: {error}")))?
    }
}

/// Its statements are kept prepared, since reads are short. Where the work fails the transaction stays open, and ends with
/// the connection, which is not used again.
fn snapshot<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let result = work(conn)?;
    conn.prepare_cached("COMMIT")?.execute([])?;
    Ok(result)
}
