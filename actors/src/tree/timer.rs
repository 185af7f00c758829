//! An actor's one timer: the next time it has something to do, never further off than its next beat.

use std::time::Duration;

use ractor::{ActorRef, Message};
use tokio::time::Instant;

use super::task::Task;

/// Wakes an actor by a message. Arming it anew forgets the earlier time, so wakes never queue up.
#[derive(Debug)]
pub(super) struct Timer {
    heartbeat: Duration,
    due: Option<Instant>,
    task: Option<Task>,
}

impl Timer {
    /// A timer that wakes its actor at least once every `heartbeat`, so that an idle actor still beats its pulse.
    pub(super) fn new(heartbeat: Duration) -> Self {
        Self { heartbeat, due: None, task: None }
    }

    /// Sets when the actor next has something to do; `None` when it does not know.
    pub(super) fn set(&mut self, wait: Option<Duration>) {
        self.due = wait.map(|wait| Instant::now() + wait);
    }

    /// Whether the time that was set has come.
    pub(super) fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    /// Whether a time is set and has not come.
    pub(super) fn is_ahead(&self) -> bool {
        self.due.is_some_and(|due| due > Instant::now())
    }

    /// Sends `wake` when the set time comes or the heartbeat ends, whichever is first.
    pub(super) fn arm<M: Message>(&mut self, actor: ActorRef<M>, wake: fn() -> M) {
        let beat = Instant::now() + self.heartbeat;
        let at = self.due.map_or(beat, |due| due.min(beat));
        self.task = Some(Task::spawn(async move {
            tokio::time::sleep_until(at).await;
            // A failed cast means the actor is gone, and its timer with it.
            let _ = actor.cast(wake());
        }));
    }
}
