//! The status, written out once for all who ask for it at the same time.
//!
//! It is asked for more than all else, by screens and by probes. What was written out is given out again for as long as
//! nothing was committed and no actor changed since, and for [`FRESH`] at most: ages in it are counted in seconds.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use super::problem::Problem;
use super::service::Service;
use crate::ledger::sqlite::Stats;
use crate::telemetry::Redactor;

/// How old it may be.
const FRESH: Duration = Duration::from_millis(250);

/// The status as it was last written out.
#[derive(Debug, Default)]
pub(super) struct Latest {
    written: RwLock<Option<Written>>,
    writing: Mutex<()>,
}

#[derive(Debug)]
struct Written {
    text: Bytes,
    at: Instant,
    commits: watch::Receiver<Stats>,
    tree: watch::Receiver<()>,
}

impl Written {
    fn is_fresh(&self) -> bool {
        // Whoever is gone changes nothing, and is shown as gone.
        let changed = self.commits.has_changed().unwrap_or(true) || self.tree.has_changed().unwrap_or(true);
        !changed && self.at.elapsed() < FRESH
    }
}

impl Latest {
    fn fresh(&self) -> Option<Bytes> {
        let written = self.written.read().unwrap_or_else(PoisonError::into_inner);
        written.as_ref().filter(|written| written.is_fresh()).map(|written| written.text.clone())
    }
}

impl Service {
    /// The status as JSON, without secrets.
    pub(super) async fn status_text(&self) -> Result<Bytes, Problem> {
        let tree = self.live()?.tree.root().table();
        if let Some(text) = self.latest.fresh() {
            return Ok(text);
        }
        let _turn = self.latest.writing.lock().await;
        if let Some(text) = self.latest.fresh() {
            return Ok(text);
        }
        // Whatever changes from here on is news to what is written out below.
        let (commits, tree, at) = (self.ledger.commits(), tree.changes(), Instant::now());
        let status = self.status().await?;
        let text = serde_json::to_string(&status).map_err(|error| {
            Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
        })?;
        let text = Bytes::from(Redactor::of_process().redact(&text).into_owned());
        let written = Written { text: text.clone(), at, commits, tree };
        *self.latest.written.write().unwrap_or_else(PoisonError::into_inner) = Some(written);
        Ok(text)
    }
}
