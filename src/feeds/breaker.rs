//! A circuit breaker: after so many failures in a row a host is left alone for a while, then asked once to see whether
//! it is back.
//!
//! It counts per host, over all leagues, because what it guards against befalls hosts: no connection, a refusal, a rate
//! limit. An answer that cannot be understood proves that the host is up and so closes the breaker; one league's broken
//! board is left to that sport's own back-off and darkens no other league.
//!
//! Pure: time is an argument.

use std::time::Duration;

use jiff::Timestamp;

/// The longest wait a host may ask for; beyond it, it is asked again all the same.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// When a breaker opens and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open before one probe is let through.
    pub open_for: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, open_for: Duration::from_secs(60) }
    }
}

/// The breaker of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    settings: BreakerSettings,
    failures: u32,
    shut_out: Option<ShutOut>,
}

/// While nothing may be asked. A probe shuts out others for a while, too, and not for ever: it may never report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ShutOut {
    since: Timestamp,
    span: Duration,
}

impl ShutOut {
    /// What is left of it. A clock that was set back ends it.
    fn left(&self, now: Timestamp) -> Option<Duration> {
        let passed = Duration::try_from(now.duration_since(self.since)).ok()?;
        self.span.checked_sub(passed).filter(|left| !left.is_zero())
    }
}

/// Why nothing may be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Failures in a row.
    pub failures: u32,
    /// How long until it is worth trying.
    pub retry_after: Duration,
}

impl Breaker {
    /// A closed breaker.
    pub fn new(settings: BreakerSettings) -> Self {
        Self { settings, failures: 0, shut_out: None }
    }

    /// Whether the host may be asked. Where the time is over, the one who asks is the probe and others wait.
    ///
    /// # Errors
    /// Says for how long it is not to be asked.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Open> {
        let Some(shut_out) = self.shut_out else { return Ok(()) };
        if let Some(retry_after) = shut_out.left(now) {
            return Err(Open { failures: self.failures, retry_after });
        }
        self.shut_out = Some(ShutOut { since: now, span: self.settings.open_for });
        Ok(())
    }

    /// The host answered.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.shut_out = None;
    }

    /// The host did not answer, or asked us to wait that long: then it is left alone from the first time on.
    pub fn failed(&mut self, now: Timestamp, asked_to_wait: Option<Duration>) {
        self.failures = self.failures.saturating_add(1);
        let tripped = (self.failures >= self.settings.failures.max(1)).then_some(self.settings.open_for);
        if let Some(span) = tripped.max(asked_to_wait.map(|wait| wait.min(LONGEST_WAIT))) {
            self.shut_out = Some(ShutOut { since: now, span });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    const SETTINGS: BreakerSettings = BreakerSettings { failures: 3, open_for: Duration::from_secs(60) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + seconds)
    }

    fn open(failures: u32, seconds: u64) -> Result<(), Open> {
        Err(Open { failures, retry_after: Duration::from_secs(seconds) })
    }

    fn after_failures(count: u32) -> Breaker {
        let mut breaker = Breaker::new(SETTINGS);
        for _ in 0..count {
            breaker.failed(at(0), None);
        }
        breaker
    }

    #[test]
    fn it_opens_after_so_many_failures_in_a_row() {
        assert_eq!(after_failures(2).admit(at(1)), Ok(()));
        assert_eq!(after_failures(3).admit(at(1)), open(3, 59));
    }

    #[test]
    fn a_success_starts_the_count_anew() {
        let mut breaker = after_failures(2);
        breaker.succeeded();
        breaker.failed(at(0), None);
        assert_eq!(breaker.admit(at(1)), Ok(()));
    }

    #[test]
    fn one_probe_is_let_through_when_the_time_is_over_and_others_wait() {
        let mut breaker = after_failures(3);
        assert_eq!(breaker.admit(at(60)), Ok(()));
        assert_eq!(breaker.admit(at(61)), open(3, 59));
    }

    #[test]
    fn a_probe_that_succeeds_closes_it() {
        let mut breaker = after_failures(3);
        breaker.admit(at(60)).unwrap();
        breaker.succeeded();
        assert_eq!(breaker, Breaker::new(SETTINGS));
    }

    #[test]
    fn a_probe_that_fails_opens_it_again() {
        let mut breaker = after_failures(3);
        breaker.admit(at(60)).unwrap();
        breaker.failed(at(65), None);
        assert_eq!(breaker.admit(at(66)), open(4, 59));
    }

    #[test]
    fn a_probe_that_never_reports_does_not_keep_it_open_for_ever() {
        let mut breaker = after_failures(3);
        breaker.admit(at(60)).unwrap();
        assert_eq!(breaker.admit(at(120)), Ok(()));
    }

    #[test]
    fn a_wait_the_host_asks_for_opens_it_at_once_and_is_bounded() {
        let mut breaker = Breaker::new(SETTINGS);
        breaker.failed(at(0), Some(Duration::from_secs(30)));
        assert_eq!(breaker.admit(at(10)), open(1, 20));
        breaker.failed(at(0), Some(Duration::MAX));
        assert_eq!(breaker.admit(at(0)), open(2, 3600));
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_prolong_it() {
        assert_eq!(after_failures(3).admit(at(-10)), Ok(()));
    }

    proptest! {
        #[test]
        fn it_never_shuts_out_for_longer_than_it_may(
            steps in prop::collection::vec((0u8..3, 0i64..200, prop::option::of(0u64..10_000)), 0..40),
        ) {
            let mut breaker = Breaker::new(SETTINGS);
            let mut now = 0;
            for (step, passed, wait) in steps {
                now += passed;
                match step {
                    0 => breaker.succeeded(),
                    1 => breaker.failed(at(now), wait.map(Duration::from_secs)),
                    _ => {
                        if let Err(open) = breaker.admit(at(now)) {
                            prop_assert!(open.retry_after <= LONGEST_WAIT && !open.retry_after.is_zero());
                            let then = now + i64::try_from(open.retry_after.as_secs()).unwrap();
                            prop_assert_eq!(breaker.clone().admit(at(then)), Ok(()));
                        }
                    }
                }
            }
        }
    }
}
