//! The measuring: when the feed answered, when each request arrived, and what the ledger's disk took between.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use wirereport::ledger::SqliteLedger;
use wirereport::ledger::sqlite::Stats;

/// Collects one run's times.
pub(super) struct Meter {
    ledger: Arc<SqliteLedger>,
    taken: Mutex<Taken>,
    /// Requests that are still to come.
    due: watch::Sender<usize>,
}

#[derive(Default)]
struct Taken {
    /// When the feed last answered, and what the ledger had done by then.
    answered: Option<(Instant, Stats)>,
    samples: Vec<Sample>,
    first: Option<(Instant, Stats)>,
    last: Option<(Instant, Stats)>,
}

/// One request.
#[derive(Clone, Copy)]
struct Sample {
    total: Duration,
    /// Log writes and fsyncs within it.
    sync: Duration,
    /// Whole transactions within it: the statements, too.
    commits: Duration,
}

impl Meter {
    pub(super) fn new(ledger: Arc<SqliteLedger>) -> Self {
        Self { ledger, taken: Mutex::default(), due: watch::Sender::new(0) }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The feed's answer returns now, with so many moments.
    pub(super) fn answered(&self, moments: usize) {
        self.due.send_replace(moments);
        let mut taken = self.taken();
        let now = (Instant::now(), self.ledger.stats());
        taken.answered = Some(now);
        match taken.first {
            None if moments > 0 => taken.first = Some(now),
            _ => taken.last = Some(now),
        }
    }

    /// A request arrives now.
    pub(super) fn arrived(&self) {
        let (now, stats) = (Instant::now(), self.ledger.stats());
        let mut taken = self.taken();
        if let Some((at, before)) = taken.answered {
            taken.samples.push(Sample {
                total: now - at,
                sync: stats.sync_time - before.sync_time,
                commits: stats.commit_time - before.commit_time,
            });
        }
        drop(taken);
        self.due.send_modify(|due| *due = due.saturating_sub(1));
    }

    pub(super) fn arrivals(&self) -> usize {
        self.taken().samples.len()
    }

    /// Waits until every request of the last answer has arrived.
    pub(super) async fn all_arrived(&self) {
        // The sender is ours and cannot be gone.
        let _ = self.due.subscribe().wait_for(|due| *due == 0).await;
    }

    /// A table of what was measured.
    pub(super) fn report(&self, at_once: usize) -> String {
        let taken = self.taken();
        let mut text = format!("{:<38}{:>9}{:>9}{:>9}{:>9}\n", "milliseconds", "p50", "p90", "p99", "max");
        let mut row = |name: &str, of: fn(&Sample) -> Duration| {
            let mut values: Vec<Duration> = taken.samples.iter().map(of).collect();
            values.sort_unstable();
            let cells = [50, 90, 99, 100].map(|percent| milliseconds(nearest_rank(&values, percent)));
            let [p50, p90, p99, max] = cells;
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name:<38}{p50:>9}{p90:>9}{p99:>9}{max:>9}");
        };
        row("answer to request", |sample| sample.total);
        row("  in log writes and fsyncs", |sample| sample.sync);
        row("  beyond them", |sample| sample.total.saturating_sub(sample.sync));
        row("  of that, in the transactions", |sample| sample.commits.saturating_sub(sample.sync));
        if let (Some(first), Some(last)) = (taken.first, taken.last) {
            let posts = taken.samples.len();
            let (took, commits) = (last.0 - first.0, last.1.commits - first.1.commits);
            let sync = (last.1.sync_time - first.1.sync_time) / u32::try_from(commits.max(1)).unwrap_or(1);
            let _ = writeln!(
                text,
                "{:.0} posts/s with {at_once} at once; {:.2} commits a post, {} ms of log and fsync each",
                ratio(posts, took.as_secs_f64()),
                ratio(usize::try_from(commits).unwrap_or(usize::MAX), ratio(posts, 1.0)),
                milliseconds(sync),
            );
        }
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
fn ratio(count: usize, by: f64) -> f64 {
    count as f64 / by
}

fn milliseconds(span: Duration) -> String {
    format!("{:.2}", span.as_secs_f64() * 1000.0)
}

/// The least of the sorted values that so many per cent of them do not exceed.
fn nearest_rank(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}
