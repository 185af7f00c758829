//! What the operator may ask of a running tree.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ractor::RpcReplyPort;

use super::child::{Life, StopFor};
use super::state::State;
use super::status::Phase;
use super::supervisor::Msg;

/// Why the tree did not take a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no such child.
    #[error("no actor is called {0}")]
    Unknown(String),
    /// Several supervisors have a child of that name; a path tells them apart.
    #[error("{name} may be any of {}", paths.join(", "))]
    Ambiguous {
        /// The name that was given.
        name: String,
        /// The paths it may stand for.
        paths: Vec<String>,
    },
    /// The child's supervisor is down, or on its way down.
    #[error("the supervisor of {0} is not running")]
    SupervisorDown(String),
    /// No supervisor answered in time.
    #[error("no answer within {0:?}")]
    Unanswered(Duration),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Restart,
    Pause,
    Resume,
}

pub(super) struct Command {
    pub(super) order: Order,
    /// The child's path, relative to the supervisor that reads it.
    pub(super) path: String,
    pub(super) reply: RpcReplyPort<Result<(), CommandError>>,
}

/// The paths of the children that the operator has paused. It outlives the supervisors, so that one which is
/// itself restarted does not bring back what the operator took down.
#[derive(Clone, Default)]
pub(super) struct Held(Arc<Mutex<HashSet<String>>>);

impl Held {
    pub(super) fn contains(&self, path: &str) -> bool {
        self.paths().contains(path)
    }

    fn insert(&self, path: String) {
        self.paths().insert(path);
    }

    fn remove(&self, path: &str) -> bool {
        self.paths().remove(path)
    }

    fn paths(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(super) fn command(&mut self, command: Command) {
        let (name, below) = match command.path.split_once('/') {
            Some((name, below)) => (name, Some(below.to_owned())),
            None => (command.path.as_str(), None),
        };
        let outcome = match self.position(name) {
            None => Err(CommandError::Unknown(command.path)),
            Some(_) if self.is_quitting() => Err(CommandError::SupervisorDown(command.path)),
            Some(child) => match below {
                Some(path) => return self.forward(child, Command { path, ..command }),
                None => {
                    self.obey(command.order, child);
                    Ok(())
                }
            },
        };
        // The operator may have stopped waiting.
        let _ = command.reply.send(outcome);
    }

    /// Dropping the reply port, here or in a mailbox that is never read, tells the operator that the
    /// supervisor is down.
    fn forward(&self, child: usize, command: Command) {
        if let Some(actor) = self.children[child].actor() {
            drop(actor.send_message(Msg::Command(command)));
        }
    }

    fn obey(&mut self, order: Order, child: usize) {
        let path = self.path_of(child);
        tracing::info!(supervisor = self.label(), child = path, ?order, "operator command");
        match order {
            Order::Pause => {
                self.held().insert(path);
                self.pause(child);
            }
            Order::Restart => {
                self.held().remove(&path);
                self.restart(child);
            }
            Order::Resume if self.held().remove(&path) => self.restart(child),
            Order::Resume => {}
        }
    }

    fn pause(&mut self, child: usize) {
        if !self.children[child].doom(StopFor::Pause) {
            self.rest(child, Life::Paused, Phase::Paused);
        }
    }

    /// Not counted against the intensity: the operator knows why.
    fn restart(&mut self, child: usize) {
        self.children[child].failures = 0;
        let is_coming_up = matches!(self.children[child].life, Life::Starting { then: None, .. });
        if !is_coming_up && !self.children[child].doom(StopFor::Restart) {
            self.rest(child, Life::Due, Phase::Restarting);
        }
    }
}
