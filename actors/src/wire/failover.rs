//! Which of a sport's feeds is asked: failover by health, with hysteresis.
//!
//! The feeds stand in the operator's order. One of them is *in use*: what it shows is the sport. When it has failed
//! [`FAILURES`] times in a row, or says itself that it will not answer for [`LONG`], the next one takes over that is not
//! known to be ailing too; where all of them ail, the one that may be asked soonest.
//!
//! Whatever stands before the feed in use is tried beside it, and what such a *probe* shows is not news. It is taken back
//! once it has answered [`RECOVERED`] probes in a row, [`PROBE_EVERY`] apart: a feed that flickers does not make the sport
//! flicker. One that fails once between two answers is not left at all.
//!
//! Pure: time is an argument. Nothing of it is kept over a restart, after which the first feed has its chance again.

use std::time::Duration;

use jiff::Timestamp;

/// Failures in a row after which a feed is left.
pub const FAILURES: u32 = 2;
/// A feed that says it will not answer for so long is left at once.
pub const LONG: Duration = Duration::from_secs(60);
/// Answered probes in a row after which a feed is taken back.
pub const RECOVERED: u32 = 3;
/// How long a probe follows on an answered one.
pub const PROBE_EVERY: Duration = Duration::from_secs(60);

/// What is known of a sport's feeds, in the operator's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Failover {
    records: Vec<Record>,
    using: usize,
}

/// What is known of one feed.
#[derive(Debug, Clone, PartialEq, Default)]
struct Record {
    /// Failures in a row.
    failures: u32,
    /// What the last of them was.
    error: Option<String>,
    /// Answers in a row while it was not in use.
    answers: u32,
    /// It is not to be asked before.
    not_before: Option<Timestamp>,
}

impl Record {
    fn may_be_asked(&self, now: Timestamp) -> bool {
        self.not_before.is_none_or(|until| until <= now)
    }
}

impl Failover {
    /// So many feeds of which nothing is known yet; the first is in use.
    pub fn new(feeds: usize) -> Self {
        Self { records: vec![Record::default(); feeds.max(1)], using: 0 }
    }

    /// The feed in use.
    pub fn using(&self) -> usize {
        self.using
    }

    /// Failures in a row of that feed.
    pub fn failures(&self, feed: usize) -> u32 {
        self.records.get(feed).map_or(0, |record| record.failures)
    }

    /// The first feed before the one in use that is due to be tried.
    pub fn probe(&self, now: Timestamp) -> Option<usize> {
        (0..self.using).find(|feed| self.records[*feed].may_be_asked(now))
    }

    /// The first feed beside the one in use that is well enough to be asked for its word.
    pub fn witness(&self, now: Timestamp) -> Option<usize> {
        let well = |feed: &usize| {
            let record = &self.records[*feed];
            *feed != self.using && (record.failures == 0 || record.may_be_asked(now))
        };
        (0..self.records.len()).find(well)
    }

    /// A feed answered. Gives whether another one is in use now.
    pub fn answered(&mut self, feed: usize, now: Timestamp) -> bool {
        let Some(record) = self.records.get_mut(feed) else { return false };
        record.failures = 0;
        if feed == self.using {
            *record = Record::default();
            return false;
        }
        // A witness is also asked between two probes, which says nothing of how long the feed has been well.
        if record.may_be_asked(now) {
            record.answers = record.answers.saturating_add(1);
            record.not_before = now.checked_add(PROBE_EVERY).ok();
        }
        let recovered = feed < self.using && record.answers >= RECOVERED;
        if recovered {
            self.use_now(feed);
        }
        recovered
    }

    /// A feed failed, and is to be left alone for `wait`. Gives whether another one is in use now.
    pub fn failed(&mut self, feed: usize, error: impl Into<String>, wait: Duration, now: Timestamp) -> bool {
        let Some(record) = self.records.get_mut(feed) else { return false };
        record.failures = record.failures.saturating_add(1);
        record.error = Some(error.into());
        record.answers = 0;
        record.not_before = Some(now.checked_add(wait).unwrap_or(Timestamp::MAX));
        let lasting = record.failures >= FAILURES || wait >= LONG;
        if feed != self.using || !lasting {
            return false;
        }
        let next = self.next(now);
        let another = next != self.using;
        self.use_now(next);
        another
    }

    /// How long the feed in use is still to be left alone.
    pub fn wait(&self, now: Timestamp) -> Duration {
        let until = self.records[self.using].not_before;
        until.and_then(|until| Duration::try_from(until.duration_since(now)).ok()).unwrap_or_default()
    }

    /// The feeds before the one in use, each with why it is not: how often it failed in a row (0 where it answers
    /// again), and its last error.
    pub fn passed_over(&self) -> impl Iterator<Item = (usize, u32, &str)> {
        let records = self.records.iter().take(self.using).enumerate();
        records.map(|(feed, record)| (feed, record.failures, record.error.as_deref().unwrap_or_default()))
    }

    /// The first that may be asked now, else the one that may be asked soonest.
    fn next(&self, now: Timestamp) -> usize {
        let feeds = 0..self.records.len();
        let may = feeds.clone().find(|feed| *feed != self.using && self.records[*feed].may_be_asked(now));
        may.or_else(|| feeds.min_by_key(|feed| self.records[*feed].not_before)).unwrap_or(self.using)
    }

    fn use_now(&mut self, feed: usize) {
        self.using = feed;
        let record = &mut self.records[feed];
        record.answers = 0;
        if record.failures == 0 {
            *record = Record::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    const BACK_OFF: Duration = Duration::from_secs(10);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + seconds)
    }

    /// Two feeds, of which the first has failed as often as it takes, the last time at 10 s.
    fn left() -> Failover {
        let mut feeds = Failover::new(2);
        assert!(!feeds.failed(0, "down", BACK_OFF, at(0)));
        assert!(feeds.failed(0, "down", BACK_OFF, at(10)));
        feeds
    }

    #[test]
    fn one_failure_leaves_no_feed_and_two_in_a_row_do() {
        let mut feeds = Failover::new(2);
        feeds.failed(0, "down", BACK_OFF, at(0));
        feeds.answered(0, at(10));
        feeds.failed(0, "down", BACK_OFF, at(20));
        assert_eq!((feeds.using(), feeds.wait(at(21))), (0, Duration::from_secs(9)));
        assert_eq!(left().using(), 1);
        assert_eq!(left().wait(at(10)), Duration::ZERO, "the other one is asked at once");
    }

    #[test]
    fn a_feed_that_will_not_answer_for_long_is_left_at_once() {
        let mut feeds = Failover::new(3);
        assert!(feeds.failed(0, "its day's requests are spent", Duration::from_secs(3600), at(0)));
        assert_eq!(feeds.using(), 1);
        assert!(feeds.failed(1, "refused", LONG, at(5)));
        assert_eq!(feeds.using(), 2);
    }

    #[test]
    fn one_feed_alone_is_asked_whatever_it_does() {
        let mut feeds = Failover::new(1);
        for second in 0..5 {
            assert!(!feeds.failed(0, "down", Duration::from_secs(300), at(second)));
        }
        assert_eq!((feeds.using(), feeds.failures(0), feeds.probe(at(999))), (0, 5, None));
        assert_eq!((feeds.witness(at(999)), feeds.wait(at(4))), (None, Duration::from_secs(300)));
    }

    #[test]
    fn where_every_feed_ails_the_one_that_may_be_asked_soonest_is() {
        let mut feeds = left();
        feeds.failed(1, "down", BACK_OFF, at(11));
        feeds.failed(1, "down", Duration::from_secs(40), at(21));
        assert_eq!((feeds.using(), feeds.wait(at(21))), (0, Duration::ZERO));
        feeds.failed(0, "down", Duration::from_secs(300), at(21));
        assert_eq!((feeds.using(), feeds.wait(at(21))), (1, Duration::from_secs(40)));
    }

    #[test]
    fn a_feed_that_was_left_is_taken_back_after_answers_in_a_row_and_not_before() {
        let mut feeds = left();
        assert_eq!(feeds.probe(at(19)), None, "it is left alone as long as it asked for");
        assert_eq!(feeds.probe(at(20)), Some(0));
        assert!(!feeds.answered(0, at(20)));
        assert_eq!(feeds.probe(at(79)), None);
        assert!(!feeds.answered(0, at(80)));
        feeds.failed(0, "down", BACK_OFF, at(140));
        for second in [150, 210] {
            assert!(!feeds.answered(0, at(second)), "the failure began the count anew");
        }
        assert!(feeds.answered(0, at(270)));
        assert_eq!((feeds.using(), feeds.probe(at(999)), feeds.wait(at(270))), (0, None, Duration::ZERO));
    }

    #[test]
    fn a_witnesss_answers_between_probes_do_not_count() {
        let mut feeds = left();
        for second in 20..79 {
            assert!(!feeds.answered(0, at(second)));
        }
        assert_eq!(feeds.using(), 1);
    }

    #[test]
    fn a_witness_is_another_feed_that_is_well() {
        let mut feeds = Failover::new(3);
        assert_eq!(feeds.witness(at(0)), Some(1));
        feeds.failed(1, "down", BACK_OFF, at(0));
        assert_eq!((feeds.witness(at(1)), feeds.witness(at(10))), (Some(2), Some(1)));
        assert_eq!(left().witness(at(11)), None);
    }

    #[test]
    fn what_was_passed_over_is_told_with_the_reason() {
        let mut feeds = left();
        assert_eq!(feeds.passed_over().collect::<Vec<_>>(), [(0, 2, "down")]);
        feeds.answered(0, at(20));
        assert_eq!(feeds.passed_over().collect::<Vec<_>>(), [(0, 0, "down")]);
    }

    proptest! {
        /// Whatever happens: the first feed is back within a few probes of being well for good, and two changes of feed
        /// have a reason each.
        #[test]
        fn a_feed_that_is_well_again_is_always_taken_back(
            trouble in prop::collection::vec((0usize..3, any::<bool>(), 1i64..100, 1u64..400), 0..60),
        ) {
            let mut feeds = Failover::new(3);
            let mut now = 0;
            for (feed, fails, passed, wait) in trouble {
                now += passed;
                let before = feeds.using();
                let changed = if fails {
                    feeds.failed(feed, "down", Duration::from_secs(wait), at(now))
                } else {
                    feeds.answered(feed, at(now))
                };
                prop_assert_eq!(changed, before != feeds.using());
                prop_assert!(!changed || (fails && feed == before) || (!fails && feed < before));
                prop_assert!(feeds.probe(at(now)).is_none_or(|probe| probe < feeds.using()));
            }
            for _ in 0..200 {
                now += 10;
                let using = feeds.using();
                if feeds.wait(at(now)).is_zero() {
                    feeds.answered(using, at(now));
                }
                if let Some(probe) = feeds.probe(at(now)) {
                    feeds.answered(probe, at(now));
                }
            }
            prop_assert_eq!(feeds.using(), 0);
        }
    }
}
