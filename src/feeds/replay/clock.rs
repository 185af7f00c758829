//! The time of day as a recording has it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use wirereport_actors::ports::clock::Clock;

use super::speed::Speed;

/// Recording time: it stands at the frame shown last and runs on from there at the replay's speed, never past the next
/// frame, since what has not been shown has not happened yet. After the last frame nothing holds it back.
#[derive(Debug)]
pub struct ReplayClock {
    speed: Speed,
    hand: Mutex<Hand>,
}

#[derive(Debug)]
struct Hand {
    shown: Timestamp,
    since: Instant,
    limit: Option<Timestamp>,
}

impl ReplayClock {
    /// A clock that stands at `start`, the time of the first frame to be shown, until that frame is.
    pub fn new(start: Timestamp, speed: Speed) -> Self {
        Self { speed, hand: Mutex::new(Hand { shown: start, since: Instant::now(), limit: Some(start) }) }
    }

    /// The speed.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// A frame of time `at` is shown now; the one after it is of time `following`. Showing the same frame again does not
    /// turn the clock back.
    pub(super) fn show(&self, at: Timestamp, following: Option<Timestamp>) {
        let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        if hand.shown == at && hand.limit == following {
            return;
        }
        *hand = Hand { shown: at, since: Instant::now(), limit: following };
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Timestamp {
        let hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = SignedDuration::try_from(self.speed.passes_in(hand.since.elapsed()));
        let now = hand.shown.saturating_add(passed.unwrap_or(SignedDuration::MAX)).unwrap_or(hand.shown);
        hand.limit.map_or(now, |limit| now.min(limit))
    }

    fn wait_for(&self, span: Duration) -> Duration {
        self.speed.wait_for(span)
    }
}
