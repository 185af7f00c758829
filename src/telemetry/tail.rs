//! The log as it is written, for whoever watches the running service. Without a watcher it costs nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use wirereport_actors::ports::clock::Clock;

use crate::clock::SystemClock;

/// Lines that a watcher may be behind.
const BEHIND: usize = 256;

static LINES: LazyLock<broadcast::Sender<Arc<LogLine>>> = LazyLock::new(|| broadcast::channel(BEHIND).0);

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
    /// Where in the program.
    pub target: String,
    /// What it says.
    pub message: String,
    /// What stands beside it.
    pub fields: BTreeMap<String, String>,
}

/// The lines of this process from now on. They are not redacted.
pub fn tail() -> broadcast::Receiver<Arc<LogLine>> {
    LINES.subscribe()
}

/// Hands on what is logged.
pub(super) struct Tail;

impl<S: Subscriber> Layer<S> for Tail {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if LINES.receiver_count() == 0 {
            return;
        }
        let metadata = event.metadata();
        let mut line = LogLine {
            at: SystemClock.now(),
            level: metadata.level().as_str().to_ascii_lowercase(),
            target: metadata.target().to_owned(),
            message: String::new(),
            fields: BTreeMap::new(),
        };
        event.record(&mut Fields(&mut line));
        // The last watcher may just have gone.
        let _ = LINES.send(Arc::new(line));
    }
}

struct Fields<'a>(&'a mut LogLine);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.0.message),
            name => {
                self.0.fields.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
