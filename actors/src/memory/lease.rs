//! A lease in memory: several instances over one [`MemoryLedger`].

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::ledger::MemoryLedger;
use crate::ports::lease::{Claim, Lease, LeaseError};
use crate::ports::ledger::Ledger;
use crate::wire::post::Epoch;

/// One instance's view of the lease; instances over the same ledger compete.
///
/// A lease runs out at the end of its `ttl`. A holder that let it run out has lost it, even where nobody took it: any
/// doubt ends a term.
#[derive(Debug)]
pub struct MemoryLease {
    ledger: Arc<MemoryLedger>,
    holder: String,
    proves_death: bool,
    failing: Mutex<Option<LeaseError>>,
}

/// The lease as it stands; kept with the ledger, as a row of it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    epoch: Epoch,
    holder: String,
    until: Timestamp,
}

impl MemoryLease {
    /// The view of the instance called `holder`.
    pub fn new(ledger: Arc<MemoryLedger>, holder: impl Into<String>) -> Self {
        Self { ledger, holder: holder.into(), proves_death: false, failing: Mutex::new(None) }
    }

    /// Makes every grant say that the earlier holders are dead, as an OS lock would prove it.
    #[must_use]
    pub fn proving_death(mut self) -> Self {
        self.proves_death = true;
        self
    }

    /// Makes every call fail with that error, until told otherwise with `None`.
    pub fn fail_with(&self, error: Option<LeaseError>) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    fn check(&self) -> Result<(), LeaseError> {
        match &*self.failing.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Lease for MemoryLease {
    async fn acquire(&self, now: Timestamp, ttl: Duration) -> Result<Claim, LeaseError> {
        self.check()?;
        let reserved = self.ledger.with_lease(|row| match row {
            Some(held) if held.until > now && held.holder != self.holder => Err(held.holder.clone()),
            row => {
                let reserved = Held { epoch: Epoch(0), holder: self.holder.clone(), until: end(now, ttl) };
                Ok(row.replace(reserved))
            }
        });
        let before = match reserved {
            Ok(before) => before,
            Err(by) => return Ok(Claim::Held { by }),
        };
        match self.ledger.mint_epoch(&self.holder, now).await {
            Ok(epoch) => {
                self.ledger.with_lease(|row| row.iter_mut().for_each(|held| held.epoch = epoch));
                Ok(Claim::Granted { epoch, earlier_holders_dead: self.proves_death })
            }
            Err(error) => {
                self.ledger.with_lease(|row| *row = before);
                Err(error.into())
            }
        }
    }

    async fn renew(&self, epoch: Epoch, now: Timestamp, ttl: Duration) -> Result<(), LeaseError> {
        self.check()?;
        self.ledger.with_lease(|row| match row {
            Some(held) if held.epoch == epoch && held.holder == self.holder && held.until > now => {
                held.until = end(now, ttl);
                Ok(())
            }
            row => Err(lost(epoch, row.as_ref())),
        })
    }

    async fn release(&self, epoch: Epoch) -> Result<(), LeaseError> {
        self.check()?;
        self.ledger.with_lease(|row| match row {
            Some(held) if held.epoch == epoch && held.holder == self.holder => {
                held.until = Timestamp::MIN;
                Ok(())
            }
            row => Err(lost(epoch, row.as_ref())),
        })
    }
}

fn lost(ours: Epoch, row: Option<&Held>) -> LeaseError {
    LeaseError::Lost { ours, current: row.map_or(Epoch(0), |row| row.epoch) }
}

fn end(now: Timestamp, ttl: Duration) -> Timestamp {
    let ttl = SignedDuration::try_from(ttl).unwrap_or(SignedDuration::MAX);
    now.saturating_add(ttl).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Duration = Duration::from_secs(10);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn two() -> (MemoryLease, MemoryLease) {
        let ledger = Arc::new(MemoryLedger::new());
        (MemoryLease::new(ledger.clone(), "a"), MemoryLease::new(ledger, "b"))
    }

    async fn two_contenders() -> (MemoryLease, MemoryLease, ()) {
        let (a, b) = two();
        (a, b, ())
    }

    crate::lease_conformance!(two_contenders);

    #[tokio::test]
    async fn a_lease_that_ran_out_is_free_for_another_and_lost_to_its_holder() {
        let (a, b) = two();
        let Claim::Granted { epoch, earlier_holders_dead } = a.acquire(at(0), TTL).await.unwrap() else {
            panic!("not granted")
        };
        assert!(!earlier_holders_dead, "time proves nobody dead");
        assert_eq!(b.acquire(at(9), TTL).await, Ok(Claim::Held { by: "a".to_owned() }));
        assert!(matches!(b.acquire(at(10), TTL).await, Ok(Claim::Granted { .. })));
        let lost = a.renew(epoch, at(10), TTL).await;
        assert_eq!(lost, Err(LeaseError::Lost { ours: epoch, current: Epoch(2) }));
    }

    #[tokio::test]
    async fn a_lease_that_ran_out_untaken_is_lost_all_the_same() {
        let (a, _) = two();
        a.acquire(at(0), TTL).await.unwrap();
        assert!(a.renew(Epoch(1), at(9), TTL).await.is_ok());
        assert!(a.renew(Epoch(1), at(19), TTL).await.is_err());
    }

    #[tokio::test]
    async fn it_fails_for_as_long_as_it_is_told_to() {
        let (a, _) = two();
        let away = LeaseError::Unavailable { detail: "away".to_owned() };
        a.fail_with(Some(away.clone()));
        assert_eq!(a.acquire(at(0), TTL).await, Err(away.clone()));
        assert_eq!(a.renew(Epoch(1), at(0), TTL).await, Err(away));
        a.fail_with(None);
        assert!(a.acquire(at(0), TTL).await.is_ok());
    }
}
