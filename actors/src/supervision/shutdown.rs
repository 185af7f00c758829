//! Ends: of one child, and of all of them in reverse order.

use std::sync::Arc;
use std::time::Duration;

use ractor::ActorCell;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::exit::{Exit, Started};
use super::spec::{Shutdown, SupervisorSpec};
use super::status::{Phase, StatusTable};

/// How long a killed actor, or a start that was called off, may take to be gone. Either ends at its next
/// await, so only one that blocks its thread outlasts this; it is abandoned then, and ends when it lets go of
/// the thread.
const KILL_GRACE: Duration = Duration::from_secs(1);

/// OTP's `shutdown`: stops an actor and returns once it is gone, its name free, or it is past help.
pub(super) async fn shutdown(actor: &ActorCell, how: Shutdown) -> Exit {
    let limit = match how {
        Shutdown::Kill => return kill(actor).await,
        Shutdown::Within(limit) => Some(limit),
        Shutdown::Infinity => None,
    };
    // `stop_and_wait` returns at once if somebody else has already asked the actor to stop.
    actor.stop(None);
    match actor.wait(limit).await {
        Ok(()) => Exit::Stopped,
        Err(_) => kill(actor).await,
    }
}

async fn kill(actor: &ActorCell) -> Exit {
    actor.kill();
    if actor.wait(Some(KILL_GRACE)).await.is_err() {
        tracing::error!(actor = ?actor, "abandoned an actor that blocks its thread");
    }
    Exit::Killed
}

/// A start in flight. Dropping it calls it off, which leaves neither a name nor a link behind.
pub(super) struct StartTask(JoinHandle<Started>);

impl StartTask {
    pub(super) fn spawn(start: impl Future<Output = Started> + Send + 'static) -> Self {
        Self(tokio::spawn(start))
    }

    /// What the start came to.
    pub(super) async fn outcome(&mut self) -> Started {
        (&mut self.0).await.unwrap_or_else(|error| Err(Exit::StartFailed(error.to_string())))
    }

    /// Calls the start off; returns the actor if it was too late for that.
    async fn call_off(&mut self) -> Option<ActorCell> {
        self.0.abort();
        timeout(KILL_GRACE, self.outcome()).await.ok()?.ok()
    }
}

impl Drop for StartTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What there is of a child when its supervisor ends.
pub(super) enum Remains {
    Nothing,
    Starting(StartTask),
    Alive(ActorCell),
}

/// OTP's `terminate_children`: stops all children of `supervisor`, the last started first, each with its own
/// limit.
pub(super) async fn terminate_children(
    supervisor: String,
    spec: Arc<SupervisorSpec>,
    table: StatusTable,
    children: Vec<Remains>,
) {
    for (child, remains) in children.into_iter().enumerate().rev() {
        if !matches!(remains, Remains::Nothing) {
            table.enter(child, Phase::Stopping);
            let exit = terminate(remains, spec.children[child].shutdown).await;
            log_exit(&supervisor, &spec.children[child].name, &exit);
            table.ended(child, &exit);
        }
        table.retire(child);
    }
}

async fn terminate(remains: Remains, how: Shutdown) -> Exit {
    let actor = match remains {
        Remains::Nothing => None,
        Remains::Alive(actor) => Some(actor),
        Remains::Starting(mut task) => task.call_off().await,
    };
    match actor {
        Some(actor) => shutdown(&actor, how).await,
        None => Exit::Stopped,
    }
}

pub(super) fn log_exit(supervisor: &str, child: &str, exit: &Exit) {
    let kind = exit.kind();
    if exit.is_normal() {
        tracing::info!(supervisor, child, ?kind, %exit, "child exited");
    } else {
        tracing::warn!(supervisor, child, ?kind, %exit, "child exited");
    }
}
