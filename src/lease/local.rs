//! The lease of one machine: an OS lock beside the ledger says who leads, the ledger says which term it is.
//!
//! The kernel frees the lock when its holder dies, so a restart after SIGKILL waits for nothing, and a standby takes over
//! at once. A term has no end of its own: it lasts until it is released, or its process dies, or a later epoch is minted.
//! Whoever finds a later epoch gives its lock up: there is another lock by now, and the two would take the lead from each
//! other for ever.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Mutex;
use wirereport_actors::ports::lease::{Claim, Lease, LeaseError};
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::wire::post::Epoch;

use super::lock::{self, LockError, Locked};

/// The lease beside a ledger in a state directory. It must live for as long as anything publishes in its name.
pub struct LedgerLease {
    ledger: Arc<dyn Ledger>,
    state: PathBuf,
    holder: String,
    term: Mutex<Term>,
}

#[derive(Default)]
struct Term {
    lease: Option<Locked>,
    epoch: Option<Epoch>,
    /// Held from the first term to the end of this process.
    among_holders: Option<Locked>,
}

impl LedgerLease {
    /// The lease in the directory `state`, for the instance that calls itself `holder`.
    pub fn new(ledger: Arc<dyn Ledger>, state: impl Into<PathBuf>, holder: impl Into<String>) -> Self {
        Self { ledger, state: state.into(), holder: holder.into(), term: Mutex::default() }
    }

    async fn holder_in_force(&self) -> Result<String, LeaseError> {
        let current = self.ledger.current_epoch().await?;
        Ok(current.map_or_else(|| "another process".to_owned(), |(_, holder)| holder))
    }

    async fn begin(&self, term: &mut Term, now: Timestamp) -> Result<Claim, LeaseError> {
        let entered = match term.among_holders {
            Some(_) => None,
            None => Some(lock::enter_holders(&self.state)?),
        };
        let epoch = self.ledger.mint_epoch(&self.holder, now).await?;
        term.epoch = Some(epoch);
        let earlier_holders_dead = entered.as_ref().is_some_and(|(_, alone)| *alone);
        if let Some((locked, _)) = entered {
            term.among_holders = Some(locked);
        }
        Ok(Claim::Granted { epoch, earlier_holders_dead })
    }

    async fn lost(&self, ours: Epoch) -> Result<LeaseError, LeaseError> {
        let current = self.ledger.current_epoch().await?;
        Ok(LeaseError::Lost { ours, current: current.map_or(Epoch(0), |(epoch, _)| epoch) })
    }
}

#[async_trait]
impl Lease for LedgerLease {
    /// Takes the lease where it is free. `ttl` has no meaning here.
    async fn acquire(&self, now: Timestamp, _ttl: Duration) -> Result<Claim, LeaseError> {
        let mut term = self.term.lock().await;
        if term.lease.is_none() {
            term.lease = lock::lease(&self.state)?;
        }
        if term.lease.is_none() {
            return Ok(Claim::Held { by: self.holder_in_force().await? });
        }
        let claim = self.begin(&mut term, now).await;
        if claim.is_err() {
            (term.lease, term.epoch) = (None, None);
        }
        claim
    }

    async fn renew(&self, epoch: Epoch, _now: Timestamp, _ttl: Duration) -> Result<(), LeaseError> {
        let mut term = self.term.lock().await;
        let current = self.ledger.current_epoch().await?.map(|(current, _)| current);
        if term.epoch == Some(epoch) && current == Some(epoch) {
            return Ok(());
        }
        if term.epoch == Some(epoch) {
            (term.lease, term.epoch) = (None, None);
        }
        Err(LeaseError::Lost { ours: epoch, current: current.unwrap_or(Epoch(0)) })
    }

    async fn release(&self, epoch: Epoch) -> Result<(), LeaseError> {
        let mut term = self.term.lock().await;
        if term.epoch != Some(epoch) {
            return Err(self.lost(epoch).await?);
        }
        (term.lease, term.epoch) = (None, None);
        Ok(())
    }
}

impl From<LockError> for LeaseError {
    fn from(error: LockError) -> Self {
        Self::Unavailable { detail: error.to_string() }
    }
}
