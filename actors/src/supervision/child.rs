//! What a supervisor keeps of one child, and how an incarnation is brought up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use ractor::{ActorCell, ActorId, ActorProcessingErr, ActorStatus};
use tokio::time::{Instant, timeout};

use super::exit::{Exit, Started};
use super::policy::Standing;
use super::pulse::Pulse;
use super::shutdown::{Remains, StartTask};

/// Why a running child is to be stopped, and so what becomes of it afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopFor {
    /// A sibling it shares its fate with is being restarted.
    Sibling,
    /// It has been without a pulse for this long.
    Hung(Duration),
    /// The operator wants it started afresh.
    Restart,
    /// The operator wants it down.
    Pause,
}

pub(super) enum Life {
    Starting { task: StartTask, then: Option<StopFor> },
    Running { actor: ActorCell, since: Instant },
    Doomed { actor: ActorCell, since: Instant, why: StopFor },
    Stopping { actor: ActorCell, since: Instant, why: StopFor, exit: Option<Exit> },
    BackingOff { generation: u64 },
    Due,
    Paused,
    Ended,
}

pub(super) struct Child {
    pub(super) life: Life,
    pub(super) failures: u32,
    pub(super) pulse: Pulse,
}

impl Child {
    pub(super) fn new() -> Self {
        Self { life: Life::Ended, failures: 0, pulse: Pulse::new() }
    }

    pub(super) fn actor(&self) -> Option<&ActorCell> {
        match &self.life {
            Life::Running { actor, .. } | Life::Doomed { actor, .. } | Life::Stopping { actor, .. } => {
                Some(actor)
            }
            _ => None,
        }
    }

    pub(super) fn is(&self, id: ActorId) -> bool {
        self.actor().is_some_and(|actor| actor.get_id() == id)
    }

    pub(super) fn standing(&self) -> Standing {
        match self.life {
            Life::Starting { .. } => Standing::Starting,
            Life::Doomed { .. } => Standing::Doomed,
            Life::Stopping { .. } => Standing::Stopping,
            Life::BackingOff { .. } => Standing::BackingOff,
            Life::Due => Standing::Due,
            Life::Running { .. } | Life::Paused | Life::Ended => Standing::Settled,
        }
    }

    /// Marks a child that is up, or on its way up, to be stopped. A sibling's fate never replaces a reason it
    /// already has.
    ///
    /// Returns whether there was anything to stop.
    pub(super) fn doom(&mut self, reason: StopFor) -> bool {
        let stronger = reason != StopFor::Sibling;
        match &mut self.life {
            Life::Running { actor, since } => {
                self.life = Life::Doomed { actor: actor.clone(), since: *since, why: reason };
            }
            Life::Starting { then, .. } if stronger || then.is_none() => *then = Some(reason),
            Life::Doomed { why, .. } | Life::Stopping { why, .. } if stronger => *why = reason,
            Life::Starting { .. } | Life::Doomed { .. } | Life::Stopping { .. } => {}
            Life::BackingOff { .. } | Life::Due | Life::Paused | Life::Ended => return false,
        }
        true
    }

    /// How long it has been without a pulse, if that is longer than `limit`.
    pub(super) fn silent_beyond(&self, limit: Option<Duration>) -> Option<Duration> {
        let age = self.pulse.age();
        (matches!(self.life, Life::Running { .. }) && age > limit?).then_some(age)
    }

    pub(super) fn into_remains(self) -> Remains {
        match self.life {
            Life::Starting { task, .. } => Remains::Starting(task),
            Life::Running { actor, .. } | Life::Doomed { actor, .. } | Life::Stopping { actor, .. } => {
                Remains::Alive(actor)
            }
            Life::BackingOff { .. } | Life::Due | Life::Paused | Life::Ended => Remains::Nothing,
        }
    }
}

/// OTP's `do_start_child`: runs a start function to its end, its time-out or its panic.
pub(super) async fn bring_up(
    start: impl Future<Output = Result<ActorCell, ActorProcessingErr>>,
    supervisor: ActorCell,
    limit: Option<Duration>,
) -> Started {
    let attempt = catch_panic(start);
    let outcome = match limit {
        Some(limit) => timeout(limit, attempt).await.map_err(|_| Exit::StartTimedOut(limit))?,
        None => attempt.await,
    };
    let actor = outcome.map_err(Exit::StartFailed)?.map_err(|error| Exit::from_start_error(&error))?;
    if is_stranger(&actor, &supervisor) {
        actor.kill();
        return Err(Exit::StartFailed("the actor was not linked to its supervisor".to_owned()));
    }
    Ok(actor)
}

/// Whether an actor is linked elsewhere or nowhere, so that its end would go unseen. One that has already
/// ended has lost its link too, but its event is on the way.
fn is_stranger(actor: &ActorCell, supervisor: &ActorCell) -> bool {
    match actor.try_get_supervisor() {
        Some(linked) => linked.get_id() != supervisor.get_id(),
        None => actor.get_status() < ActorStatus::Stopping,
    }
}

async fn catch_panic<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(text_of(&*panic))),
    })
    .await
}

fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panicked without a text").to_owned()
}
