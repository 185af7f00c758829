//! A clock that runs with tokio's, so that a paused test has a time of day that moves.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::ports::clock::Clock;

/// A time of day that passes as tokio's time does.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock {
    base: Timestamp,
    started: Instant,
}

impl TokioClock {
    /// A clock that shows `base` now.
    pub fn starting_at(base: Timestamp) -> Self {
        Self { base, started: Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        self.base.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_moves_with_the_paused_time_and_only_with_it() {
        let base = Timestamp::from_second(1_700_000_000).unwrap();
        let clock = TokioClock::starting_at(base);
        assert_eq!(clock.now(), base);
        tokio::time::advance(Duration::from_millis(1_500)).await;
        assert_eq!(clock.now(), base + SignedDuration::from_millis(1_500));
    }
}
