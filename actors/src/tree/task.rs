//! Work beside an actor: it ends with its owner, and its panic is not lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use ractor::{ActorRef, Message};
use tokio::task::JoinHandle;

/// A task that is aborted when its owner lets go of it.
#[derive(Debug)]
pub(super) struct Task<T = ()>(Option<JoinHandle<T>>);

impl<T: Send + 'static> Task<T> {
    pub(super) fn spawn(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(Some(tokio::spawn(work)))
    }

    /// Waits for its end; `None` if it panicked.
    pub(super) async fn join(mut self) -> Option<T> {
        let handle = self.0.as_mut()?;
        let outcome = handle.await.ok();
        self.0 = None;
        outcome
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.abort();
        }
    }
}

/// Why a piece of foreign work came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("it panicked: {0}")]
    Panicked(String),
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
}

/// Waits for work that may panic or never end. What is given up on is dropped.
pub(super) async fn guarded<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Broken> {
    let mut task = Abortable(tokio::spawn(work));
    match tokio::time::timeout(limit, &mut task.0).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(error)) => Err(Broken::Panicked(error_text(error))),
        Err(_) => Err(Broken::TimedOut(limit)),
    }
}

/// Calls a foreign function that may panic.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Broken> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| Broken::Panicked(panic_text(&*panic)))
}

/// Runs `work` beside `actor` and hands it the result as a message; a panic comes as `crashed` with its text, so that
/// the actor can fail of it.
pub(super) fn offload<T, M>(
    actor: ActorRef<M>,
    work: impl Future<Output = T> + Send + 'static,
    done: impl FnOnce(T) -> M + Send + 'static,
    crashed: fn(String) -> M,
) -> Task
where
    T: Send + 'static,
    M: Message,
{
    Task::spawn(async move {
        let mut inner = Abortable(tokio::spawn(work));
        let message = match (&mut inner.0).await {
            Ok(result) => done(result),
            Err(error) if error.is_panic() => crashed(error_text(error)),
            Err(_) => return,
        };
        // An actor that is gone has no use for the result; the ledger still has what matters.
        let _ = actor.cast(message);
    })
}

struct Abortable<T>(JoinHandle<T>);

impl<T> Drop for Abortable<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn error_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => panic_text(&*panic),
        Err(error) => error.to_string(),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panicked without a text").to_owned()
}
