//! The time of day as a recording has it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use wirereport_actors::ports::clock::Clock;

use super::speed::Speed;

/// Recording time: it stands at the frame shown last and runs on from there at the replay's speed, never past the next
/// frame, since what has not been shown has not happened yet. After the last frame nothing holds it back.
///
/// A receiver that is away comes back in its own time, whatever speed the replay has. While one is waited for the game
/// stands still and this clock [runs on](Self::run_on) in real time; the next frame turns it back to where the game stands.
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
    pace: Speed,
}

/// As time really passes.
const REAL: Speed = Speed::Times(1.0);

impl ReplayClock {
    /// A clock that stands at `start`, the time of the first frame to be shown, until that frame is.
    pub fn new(start: Timestamp, speed: Speed) -> Self {
        let hand = Hand { shown: start, since: Instant::now(), limit: Some(start), pace: speed };
        Self { speed, hand: Mutex::new(hand) }
    }

    /// The speed.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// A frame of time `at` is shown now; the one after it is of time `following`. Showing the same frame again does not
    /// turn the clock back.
    pub(super) fn show(&self, at: Timestamp, following: Option<Timestamp>) {
        let mut hand = self.hand();
        if hand.shown == at && hand.limit == following && hand.pace == self.speed {
            return;
        }
        *hand = Hand { shown: at, since: Instant::now(), limit: following, pace: self.speed };
    }

    /// Runs on from where it stands as time really passes, past the next frame too, until a frame is shown.
    pub fn run_on(&self) {
        let mut hand = self.hand();
        if hand.limit.is_some() || hand.pace != REAL {
            *hand = Hand { shown: hand.now(), since: Instant::now(), limit: None, pace: REAL };
        }
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hand {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.pace.passes_in(self.since.elapsed()));
        let now = self.shown.saturating_add(passed.unwrap_or(SignedDuration::MAX)).unwrap_or(self.shown);
        self.limit.map_or(now, |limit| now.min(limit))
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Timestamp {
        self.hand().now()
    }

    /// While the clock runs on a wait is as long as it really is: whoever looks something up again and again does not do so
    /// without a pause.
    fn wait_for(&self, span: Duration) -> Duration {
        self.hand().pace.wait_for(span)
    }
}
