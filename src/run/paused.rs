//! What an operator paused stays paused over restarts of the service.
//!
//! A tree starts all its actors, and only then can some of them be paused. Nothing acts without leadership, so leadership
//! waits for that: an actor that was paused gets no chance to act in between.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;
use wirereport_actors::ports::lease::{Claim, Lease, LeaseError};
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::supervision::SupervisorHandle;
use wirereport_actors::wire::post::Epoch;

use crate::cli::Failure;

/// A lease that nobody gets before what was paused is paused again.
pub(super) struct LeaseAfterPauses<L> {
    lease: L,
    restored: watch::Receiver<bool>,
}

/// The pauses that are still to be restored.
pub(super) struct Pauses(watch::Sender<bool>);

impl<L> LeaseAfterPauses<L> {
    /// Holds `lease` back until the pauses are restored.
    pub(super) fn of(lease: L) -> (Self, Pauses) {
        let (pauses, restored) = watch::channel(false);
        (Self { lease, restored }, Pauses(pauses))
    }
}

impl Pauses {
    /// Pauses what the ledger says was paused, and lets the lease go.
    pub(super) async fn restore(self, root: &SupervisorHandle, ledger: &dyn Ledger) -> Result<(), Failure> {
        for actor in ledger.switches().await.map_err(Failure::failed)?.paused {
            match root.pause(&actor).await {
                Ok(()) => tracing::info!(actor, "paused, as before the restart"),
                Err(error) => tracing::warn!(actor, %error, "an actor that was paused is not in this tree"),
            }
        }
        self.0.send_replace(true);
        Ok(())
    }
}

#[async_trait]
impl<L: Lease> Lease for LeaseAfterPauses<L> {
    async fn acquire(&self, now: Timestamp, ttl: Duration) -> Result<Claim, LeaseError> {
        let restored = self.restored.clone().wait_for(|restored| *restored).await.map(|_| ());
        restored.map_err(|_| LeaseError::Unavailable { detail: "the wire did not start".to_owned() })?;
        self.lease.acquire(now, ttl).await
    }

    async fn renew(&self, epoch: Epoch, now: Timestamp, ttl: Duration) -> Result<(), LeaseError> {
        self.lease.renew(epoch, now, ttl).await
    }

    async fn release(&self, epoch: Epoch) -> Result<(), LeaseError> {
        self.lease.release(epoch).await
    }
}
