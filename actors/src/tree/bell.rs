//! Nudges: "look in the ledger, there may be work".

use std::sync::Arc;

use ractor::{ActorRef, Message};
use tokio::sync::{Notify, watch};

use super::task::Task;

/// A nudge that outlives the actors on both its ends. Rings that come while nobody listens are kept as one.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings; whoever listens next hears it.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring.
    pub async fn rung(&self) {
        self.0.notified().await;
    }

    /// Turns every ring into a message to `actor`, for as long as the task is kept.
    pub(super) fn forward<M: Message>(&self, actor: ActorRef<M>, message: fn() -> M) -> Task {
        let bell = self.clone();
        Task::spawn(async move {
            loop {
                bell.rung().await;
                if actor.cast(message()).is_err() {
                    return;
                }
            }
        })
    }
}

/// Turns every change of a watched value into a message to `actor`, for as long as the task is kept.
pub(super) fn forward_changes<T, M>(
    mut watched: watch::Receiver<T>,
    actor: ActorRef<M>,
    message: fn() -> M,
) -> Task
where
    T: Send + Sync + 'static,
    M: Message,
{
    Task::spawn(async move {
        while watched.changed().await.is_ok() {
            if actor.cast(message()).is_err() {
                return;
            }
        }
    })
}
