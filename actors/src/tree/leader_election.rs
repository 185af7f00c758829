//! Leader election: holds the lease and says under which epoch everything is written.
//!
//! On any doubt it concedes: an error of the lease ends the leadership at once, and the next tick tries anew. That costs
//! a pause at worst, since the ledger refuses whatever an older epoch would arm.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::watch;

use super::timer::Timer;
use super::world::Shared;
use crate::ports::lease::{Claim, LeaseError};
use crate::supervision::StartContext;
use crate::wire::post::Epoch;

/// A term during which this instance leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leadership {
    /// The term.
    pub epoch: Epoch,
    /// Whether every earlier holder is proven dead, so that what it left armed may be reconciled at once.
    pub earlier_holders_dead: bool,
}

pub(super) struct LeaderElection {
    pub(super) shared: Shared,
    pub(super) context: StartContext,
}

pub(super) enum Msg {
    Wake,
}

pub(super) struct State {
    seat: Seat,
    timer: Timer,
}

/// The announced leadership. However the actor ends, it is withdrawn with it.
struct Seat(Arc<watch::Sender<Option<Leadership>>>);

impl Seat {
    fn announce(&self, leadership: Option<Leadership>) {
        self.0.send_if_modified(|current| {
            let changed = *current != leadership;
            *current = leadership;
            changed
        });
    }

    fn held(&self) -> Option<Leadership> {
        *self.0.borrow()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.announce(None);
    }
}

impl LeaderElection {
    async fn elect(&self, held: Option<Leadership>) -> Result<Option<Leadership>, LeaseError> {
        let (lease, ttl) = (&self.shared.world.lease, self.shared.timing.lease_ttl);
        let now = self.shared.world.clock.now();
        if let Some(leadership) = held {
            lease.renew(leadership.epoch, now, ttl).await?;
            return Ok(held);
        }
        match lease.acquire(now, ttl).await? {
            Claim::Granted { epoch, earlier_holders_dead } => {
                tracing::info!(actor = "leader-election", %epoch, earlier_holders_dead, "leading");
                self.context.reporter.doing(format!("leading, epoch {epoch}"));
                Ok(Some(Leadership { epoch, earlier_holders_dead }))
            }
            Claim::Held { by } => {
                self.context.reporter.doing(format!("following; {by} leads"));
                Ok(None)
            }
        }
    }

    async fn elect_within_ttl(&self, held: Option<Leadership>) -> Option<Leadership> {
        let limit = self.shared.timing.lease_ttl / 4;
        let outcome = tokio::time::timeout(limit, self.elect(held)).await;
        let reason = match outcome {
            Ok(Ok(leadership)) => {
                self.context.reporter.ok();
                return leadership;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("the lease did not answer within {limit:?}"),
        };
        tracing::warn!(actor = "leader-election", reason, led = held.is_some(), "conceding");
        self.context.reporter.doing("following; the lease is in doubt");
        self.context.reporter.degraded(reason);
        None
    }

    /// A leader renews at half the lease's time; a follower tries oftener, so that it takes over soon.
    fn pause(&self, leads: bool) -> Duration {
        self.shared.timing.lease_ttl / if leads { 2 } else { 4 }
    }
}

impl Actor for LeaderElection {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        myself.cast(Msg::Wake)?;
        Ok(State {
            seat: Seat(Arc::clone(&self.shared.leadership)),
            timer: Timer::new(self.shared.timing.heartbeat()),
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<Msg>,
        Msg::Wake: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        self.context.pulse.beat();
        let leadership = self.elect_within_ttl(state.seat.held()).await;
        state.seat.announce(leadership);
        let pause = self.pause(leadership.is_some());
        self.context.reporter.next_in(pause);
        state.timer.set(Some(pause));
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }

    async fn post_stop(&self, _: ActorRef<Msg>, state: &mut State) -> Result<(), ActorProcessingErr> {
        if let Some(leadership) = state.seat.held() {
            state.seat.announce(None);
            if let Err(error) = self.shared.world.lease.release(leadership.epoch).await {
                tracing::warn!(actor = "leader-election", %error, "lease not released; it runs out by itself");
            }
        }
        Ok(())
    }
}
