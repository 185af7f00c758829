//! When the service is left alone, for how long, and why.
//!
//! What only the operator can mend (a key that is refused, a quota that is spent) opens the breaker at once, and so does a
//! wait the service asks for; of other failures it takes several in a row. When the time is over one story is let through
//! to see whether it is well again, and the next wait is longer where it is not.
//!
//! Pure: time is an argument.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;

/// Failures in a row that open it.
const FAILURES: u32 = 3;
/// How long it stays open at first.
const FIRST: Duration = Duration::from_secs(30);
/// How long it stays open at most, and the longest wait the service may ask for.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The breaker of one service.
#[derive(Debug)]
pub(super) struct Breaker {
    waits: ExponentialBackoff,
    failures: u32,
    open: Option<Open>,
}

/// Why nothing is asked now, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) reason: String,
    pub(super) until: Timestamp,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { waits: waits(), failures: 0, open: None }
    }
}

fn waits() -> ExponentialBackoff {
    ExponentialBuilder::default().with_min_delay(FIRST).with_max_delay(LONGEST).without_max_times().build()
}

impl Breaker {
    /// Whether the service may be asked. Where the time is over, the one who asks is the probe and others wait.
    pub(super) fn admit(&mut self, now: Timestamp) -> Result<(), Open> {
        match &mut self.open {
            Some(open) if now < open.until => Err(open.clone()),
            Some(open) => {
                // A probe may never report, so it shuts others out for a while only.
                open.until = later(now, FIRST);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Why it is open, if it is.
    pub(super) fn open(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    /// The service answered with a text.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// It failed, which may pass.
    pub(super) fn failed(&mut self, reason: &str, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES || self.open.is_some() {
            self.shut(reason, now);
        }
    }

    /// It failed in a way that does not pass by itself.
    pub(super) fn shut(&mut self, reason: &str, now: Timestamp) {
        let wait = self.waits.next().unwrap_or(LONGEST);
        self.open = Some(Open { reason: reason.to_owned(), until: later(now, wait) });
    }

    /// It must not be asked before that time, however long it is until then.
    pub(super) fn shut_until(&mut self, reason: &str, until: Timestamp) {
        self.open = Some(Open { reason: reason.to_owned(), until });
    }

    /// It asks to be left alone for that long.
    pub(super) fn wait(&mut self, reason: &str, now: Timestamp, wait: Duration) {
        self.open = Some(Open { reason: reason.to_owned(), until: later(now, wait.min(LONGEST)) });
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn left(breaker: &mut Breaker, second: i64) -> Option<i64> {
        breaker.admit(at(second)).err().map(|open| open.until.as_second() - 1_000_000 - second)
    }

    #[test]
    fn it_opens_at_once_for_what_does_not_pass_and_waits_longer_each_time() {
        let mut breaker = Breaker::default();
        breaker.shut("no key", at(0));
        assert_eq!(left(&mut breaker, 0), Some(30));
        assert_eq!(left(&mut breaker, 30), None, "one probe");
        assert_eq!(left(&mut breaker, 31), Some(29), "others wait for it");
        breaker.failed("no key", at(40));
        assert_eq!(left(&mut breaker, 40), Some(60));
        for _ in 0..9 {
            breaker.shut("no key", at(100));
        }
        assert_eq!(left(&mut breaker, 100), Some(900));
        breaker.succeeded();
        assert_eq!((left(&mut breaker, 101), breaker.open()), (None, None));
    }

    #[test]
    fn it_takes_several_passing_failures_in_a_row_to_open_it() {
        let mut breaker = Breaker::default();
        breaker.failed("500", at(0));
        breaker.failed("500", at(1));
        assert_eq!(left(&mut breaker, 1), None);
        breaker.failed("500", at(2));
        assert_eq!(left(&mut breaker, 2), Some(30));
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept_and_bounded() {
        let mut breaker = Breaker::default();
        breaker.wait("slow down", at(0), Duration::from_secs(7));
        assert_eq!(left(&mut breaker, 0), Some(7));
        assert_eq!(left(&mut breaker, 7), None);
        breaker.wait("slow down", at(10), Duration::from_secs(86_400));
        assert_eq!(left(&mut breaker, 10), Some(900));
    }
}
