//! The requests a feed may be asked, shared by the leagues that are read from it: the shell of
//! [`schedule::budget`](crate::wire::schedule::budget), where it is decided.

use std::time::Duration;

use jiff::Timestamp;

use super::world::Shared;
use crate::wire::detect::SportState;
use crate::wire::schedule::{self, budget::Allowance};
use crate::wire::sport::Sport;

/// One league's part in the budget of its feed.
pub(super) struct Budget<'a> {
    pub(super) shared: &'a Shared,
    pub(super) feed: &'a str,
    pub(super) allowance: Allowance,
}

impl<'a> Budget<'a> {
    /// The budget of a feed; `None` where it has none.
    pub(super) fn of(shared: &'a Shared, feed: &'a str) -> Option<Self> {
        let allowance = *shared.policy.borrow().allowances.get(feed)?;
        Some(Self { shared, feed, allowance })
    }

    /// Takes the requests of a poll out before they are made.
    ///
    /// # Errors
    /// There are not that many left: says for how long.
    pub(super) fn take(&self, requests: u32, now: Timestamp) -> Result<(), Duration> {
        let mut taken = Ok(());
        self.shared.purses.send_modify(|purses| {
            let purse = purses.entry(self.feed.to_owned()).or_default();
            taken = purse.take(self.allowance, requests, now);
        });
        taken
    }

    /// Says what the league expects, and when it is to look again.
    pub(super) fn next_poll(
        &self,
        state: &SportState,
        sport: &Sport,
        now: Timestamp,
        rng: &mut fastrand::Rng,
    ) -> Duration {
        self.shared.purses.send_modify(|purses| {
            purses.entry(self.feed.to_owned()).or_default().expect(state, sport, self.allowance, now);
        });
        let rules = self.shared.policy.borrow().rules(&sport.key);
        let purse = self.shared.purses.borrow().get(self.feed).cloned().unwrap_or_default();
        schedule::budget::next_poll(state, sport, &rules, (self.allowance, &purse), now, rng)
    }

    /// What is left, for `status`.
    pub(super) fn left(&self, now: Timestamp) -> String {
        let left = self.shared.purses.borrow().get(self.feed).map(|purse| purse.left(self.allowance, now));
        let Allowance { requests, window } = self.allowance;
        format!("waiting, {} of {requests} requests left this {}", left.unwrap_or(requests), window.as_str())
    }
}
