//! The top of a tree: how `main` starts it, talks to it, and learns of its end.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ractor::rpc::CallResult;
use ractor::{Actor, ActorRef, SpawnErr};
use tokio::sync::watch;

use super::exit::Exit;
use super::operator::{Command, CommandError, Order};
use super::pulse::Pulse;
use super::spec::SupervisorSpec;
use super::state::{Args, Family};
use super::status::{ChildStatus, StatusTable};
use super::supervisor::{Msg, SupervisorActor};

/// How long a command waits for an answer. Supervisors never wait for a child in a handler, so one second is
/// ample.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// Why a tree did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A child's name is empty or has a slash, which separates the parts of a path.
    #[error("a child cannot be called {0:?}")]
    BadName(String),
    /// Two children of one supervisor have the same name.
    #[error("two siblings are called {0}")]
    DuplicateName(String),
    /// A child did not start; those started before it have been stopped again.
    #[error("the tree did not start: {0}")]
    Child(String),
}

/// How a root supervisor ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped, and its children before it.
    Stopped,
    /// Its allowance of restarts was spent, or it did not end of its own will.
    GaveUp {
        /// What it gave up over.
        reason: String,
    },
}

/// What a tree is started with besides its spec.
#[derive(Clone, Debug, Default)]
pub struct RootOptions {
    /// The prefix of registered names. The registry is global to the process, so two trees must differ in it;
    /// without one no actor is registered.
    pub instance: Option<String>,
    /// Where the jitter of back-offs comes from.
    pub rng: fastrand::Rng,
}

/// Starts trees.
#[derive(Debug)]
pub struct Supervisor;

impl Supervisor {
    /// Starts a tree, children in order, and returns once all of them run.
    ///
    /// # Errors
    ///
    /// If two siblings share a name, or a child does not start.
    pub async fn start_root(
        spec: SupervisorSpec,
        options: RootOptions,
    ) -> Result<SupervisorHandle, StartError> {
        spec.validate()?;
        let (table, pulse) = (StatusTable::new(&spec), Pulse::new());
        let verdict = Arc::new(OnceLock::new());
        let args = Args {
            spec: Arc::new(spec),
            table: table.clone(),
            family: Family { instance: options.instance.clone(), ..Family::default() },
            path: None,
            pulse: pulse.clone(),
            rng: options.rng,
            verdict: Arc::clone(&verdict),
        };
        let (root, task) =
            Actor::spawn(options.instance, SupervisorActor, args).await.map_err(failed_start)?;
        let (tell, ended) = watch::channel(None);
        let last_word = Arc::clone(&verdict);
        tokio::spawn(async move {
            // The handle of an actor's task says nothing of a panic or a kill; the missing verdict does.
            let _ = task.await;
            tell.send_replace(Some(last_word.get_or_init(died).clone()));
        });
        Ok(SupervisorHandle { root, table, pulse, verdict, ended })
    }
}

fn failed_start(error: SpawnErr) -> StartError {
    match Exit::from_start_error(&error.into()) {
        Exit::StartFailed(text) => StartError::Child(text),
        other => StartError::Child(other.to_string()),
    }
}

fn died() -> Ended {
    Ended::GaveUp { reason: "the root supervisor was killed or panicked".to_owned() }
}

/// A running tree, as `main`, the API and the operator see it.
#[derive(Clone, Debug)]
pub struct SupervisorHandle {
    root: ActorRef<Msg>,
    table: StatusTable,
    pulse: Pulse,
    verdict: Arc<OnceLock<Ended>>,
    ended: watch::Receiver<Option<Ended>>,
}

impl SupervisorHandle {
    /// The whole tree as it stands now. Asks no actor.
    pub fn status(&self) -> Vec<ChildStatus> {
        self.table.snapshot()
    }

    /// The table behind [`status`](Self::status), for those who want to wait for a change.
    pub fn table(&self) -> StatusTable {
        self.table.clone()
    }

    /// The root's own pulse, which it beats every second while its mailbox is served: for liveness and the
    /// watchdog.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Has the child `name` stopped, if it is up, and started afresh, paused or not. It costs no restart
    /// allowance.
    ///
    /// `name` is a path such as `sports/nba`, or a name that only one child of the tree has. Like all
    /// commands it returns once the order is taken; the status shows how it is carried out.
    ///
    /// # Errors
    ///
    /// If there is no such child, or its supervisor is not there to take the order.
    pub async fn restart(&self, name: &str) -> Result<(), CommandError> {
        self.command(Order::Restart, name).await
    }

    /// Has the child `name` stopped until it is resumed, whatever happens to its siblings or its supervisor.
    ///
    /// # Errors
    ///
    /// As for [`restart`](Self::restart).
    pub async fn pause(&self, name: &str) -> Result<(), CommandError> {
        self.command(Order::Pause, name).await
    }

    /// Starts the paused child `name` again; one that is not paused is left alone.
    ///
    /// # Errors
    ///
    /// As for [`restart`](Self::restart).
    pub async fn resume(&self, name: &str) -> Result<(), CommandError> {
        self.command(Order::Resume, name).await
    }

    /// Waits until the root has ended, and with it the tree.
    pub async fn terminated(&self) -> Ended {
        let mut ended = self.ended.clone();
        match ended.wait_for(Option::is_some).await {
            Ok(verdict) => verdict.clone().unwrap_or_else(died),
            Err(_) => died(),
        }
    }

    /// Stops the tree, children in reverse order, each within its own limit; what is left after `within` is
    /// killed.
    pub async fn stop(&self, within: Duration) -> Ended {
        self.root.stop(None);
        if let Ok(ended) = tokio::time::timeout(within, self.terminated()).await {
            return ended;
        }
        self.verdict.get_or_init(|| Ended::GaveUp {
            reason: format!("the tree did not stop within {within:?} and was killed"),
        });
        self.root.kill();
        self.terminated().await
    }

    async fn command(&self, order: Order, name: &str) -> Result<(), CommandError> {
        ask(&self.root, order, self.resolve(name)?).await
    }

    fn resolve(&self, name: &str) -> Result<String, CommandError> {
        let mut paths = Vec::new();
        collect_paths("", &self.status(), &mut paths);
        if paths.iter().any(|path| path == name) {
            return Ok(name.to_owned());
        }
        paths.retain(|path| path.rsplit('/').next() == Some(name));
        match paths.len() {
            0 => Err(CommandError::Unknown(name.to_owned())),
            1 => Ok(paths.remove(0)),
            _ => Err(CommandError::Ambiguous { name: name.to_owned(), paths }),
        }
    }
}

pub(super) async fn ask(supervisor: &ActorRef<Msg>, order: Order, path: String) -> Result<(), CommandError> {
    let message = |reply| Msg::Command(Command { order, path: path.clone(), reply });
    match supervisor.call(message, Some(ANSWER_WITHIN)).await {
        Ok(CallResult::Success(outcome)) => outcome,
        Ok(CallResult::Timeout) => Err(CommandError::Unanswered(ANSWER_WITHIN)),
        Ok(CallResult::SenderError) | Err(_) => Err(CommandError::SupervisorDown(path)),
    }
}

fn collect_paths(prefix: &str, children: &[ChildStatus], paths: &mut Vec<String>) {
    for child in children {
        let path = format!("{prefix}{}", child.name);
        collect_paths(&format!("{path}/"), &child.children, paths);
        paths.push(path);
    }
}
