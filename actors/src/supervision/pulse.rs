//! A child's sign of life.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// A sign of life, shared between an actor that beats it and a supervisor that reads it.
///
/// An actor whose spec sets a pulse limit must beat oftener than that even when it has nothing to do, for
/// instance each time its timer wakes it. The supervisor reads the pulse without asking the actor, so a hung
/// one cannot hide.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Beats>);

#[derive(Debug)]
struct Beats {
    born: Instant,
    /// The last beat, in nanoseconds since `born`; ahead of the present while a hold lasts.
    last: AtomicU64,
}

impl Default for Pulse {
    fn default() -> Self {
        Self::new()
    }
}

impl Pulse {
    /// A pulse whose first beat is now.
    pub fn new() -> Self {
        Self(Arc::new(Beats { born: Instant::now(), last: AtomicU64::new(0) }))
    }

    /// Shows that the actor is alive; ends a [`hold`](Self::hold).
    pub fn beat(&self) {
        self.beat_at(Instant::now());
    }

    /// Announces work that lasts up to `expected` without a beat: the pulse counts as beating until then.
    pub fn hold(&self, expected: Duration) {
        self.beat_at(Instant::now() + expected);
    }

    /// The time since the last beat; zero during a hold.
    pub fn age(&self) -> Duration {
        let last = Duration::from_nanos(self.0.last.load(Ordering::Relaxed));
        self.0.born.elapsed().saturating_sub(last)
    }

    /// Takes back up to `stall` of the age, for a stretch in which nothing in the process could run.
    pub(super) fn forgive(&self, stall: Duration) {
        self.0.last.fetch_add(nanos(stall.min(self.age())), Ordering::Relaxed);
    }

    fn beat_at(&self, at: Instant) {
        self.0.last.store(nanos(at.duration_since(self.0.born)), Ordering::Relaxed);
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
