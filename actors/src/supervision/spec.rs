//! What is to be supervised, and how: the static description of a tree.

use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, SpawnErr};

use super::policy::{Backoff, Intensity, Restart, Strategy};
use super::pulse::Pulse;
use super::root::StartError;
use super::status::Reporter;

/// What a start function is given.
#[derive(Clone, Debug)]
pub struct StartContext {
    /// The supervisor to link the actor to. An actor that is not linked to it is killed and counts as not
    /// started.
    pub supervisor: ActorCell,
    /// The name to register the actor under: the instance and the child's path, or `None` in an unnamed tree.
    pub name: Option<String>,
    /// The incarnation's sign of life.
    pub pulse: Pulse,
    /// Where the incarnation tells how it is and what it does.
    pub reporter: Reporter,
}

impl StartContext {
    /// Starts `actor` under this context's name, linked to its supervisor.
    ///
    /// # Errors
    ///
    /// If `pre_start` fails, or the name is taken.
    pub async fn spawn<A: Actor>(
        &self,
        actor: A,
        arguments: A::Arguments,
    ) -> Result<ActorRef<A::Msg>, SpawnErr> {
        let (actor, _) =
            Actor::spawn_linked(self.name.clone(), actor, arguments, self.supervisor.clone()).await?;
        Ok(actor)
    }
}

pub(super) type StartFuture = Pin<Box<dyn Future<Output = Result<ActorCell, ActorProcessingErr>> + Send>>;
pub(super) type StartFn = Box<dyn Fn(StartContext) -> StartFuture + Send + Sync>;

/// How a child is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// It is killed at once; its `post_stop` does not run.
    Kill,
    /// It is asked to stop, and killed if it has not done so within this time.
    Within(Duration),
    /// It is asked to stop and waited for without end. Right for supervisors, whose children have limits of
    /// their own.
    Infinity,
}

pub(super) enum Start {
    Worker(StartFn),
    Supervisor(Arc<SupervisorSpec>),
}

/// One child of a supervisor.
pub struct ChildSpec {
    pub(super) name: String,
    pub(super) start: Start,
    pub(super) restart: Restart,
    pub(super) shutdown: Shutdown,
    pub(super) start_within: Option<Duration>,
    pub(super) pulse_within: Option<Duration>,
    pub(super) backoff: Backoff,
}

impl ChildSpec {
    /// An actor, started by `start`, which is called anew for each incarnation.
    ///
    /// By default it is permanent, has ten seconds to start and five to stop, no pulse limit, and
    /// [`Backoff::default`].
    pub fn worker<F, Fut>(name: impl Into<String>, start: F) -> Self
    where
        F: Fn(StartContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ActorCell, ActorProcessingErr>> + Send + 'static,
    {
        Self {
            name: name.into(),
            start: Start::Worker(Box::new(move |context| Box::pin(start(context)))),
            restart: Restart::Permanent,
            shutdown: Shutdown::Within(Duration::from_secs(5)),
            start_within: Some(Duration::from_secs(10)),
            pulse_within: None,
            backoff: Backoff::default(),
        }
    }

    /// A nested supervisor, named as its spec says.
    ///
    /// By default it is permanent, may take as long as its own children to start and to stop, and must beat
    /// its pulse every thirty seconds, which it does by itself.
    pub fn supervisor(spec: SupervisorSpec) -> Self {
        Self {
            name: spec.name.clone(),
            start: Start::Supervisor(Arc::new(spec)),
            restart: Restart::Permanent,
            shutdown: Shutdown::Infinity,
            start_within: None,
            pulse_within: Some(Duration::from_secs(30)),
            backoff: Backoff::default(),
        }
    }

    /// Sets which exits call for a restart.
    pub fn restart(mut self, restart: Restart) -> Self {
        self.restart = restart;
        self
    }

    /// Sets how the child is stopped.
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// Sets how long a start may take before it counts as failed.
    pub fn start_within(mut self, limit: Duration) -> Self {
        self.start_within = Some(limit);
        self
    }

    /// Sets how long the child may go without a beat before it is killed and replaced.
    pub fn pulse_within(mut self, limit: Duration) -> Self {
        self.pulse_within = Some(limit);
        self
    }

    /// Sets how long the child waits before it is started again.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }
}

impl fmt::Debug for ChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("name", &self.name)
            .field("restart", &self.restart)
            .finish_non_exhaustive()
    }
}

/// A supervisor and its children, in the order in which they start.
#[derive(Debug)]
pub struct SupervisorSpec {
    pub(super) name: String,
    pub(super) strategy: Strategy,
    pub(super) intensity: Intensity,
    pub(super) children: Vec<ChildSpec>,
}

impl SupervisorSpec {
    /// A supervisor without children.
    pub fn new(name: impl Into<String>, strategy: Strategy, intensity: Intensity) -> Self {
        Self { name: name.into(), strategy, intensity, children: Vec::new() }
    }

    /// Adds a child, which starts after and stops before those already there.
    pub fn child(mut self, child: ChildSpec) -> Self {
        self.children.push(child);
        self
    }

    pub(super) fn validate(&self) -> Result<(), StartError> {
        let mut names = HashSet::new();
        for child in &self.children {
            if child.name.is_empty() || child.name.contains('/') {
                return Err(StartError::BadName(child.name.clone()));
            }
            if !names.insert(&child.name) {
                return Err(StartError::DuplicateName(child.name.clone()));
            }
            if let Start::Supervisor(spec) = &child.start {
                spec.validate()?;
            }
        }
        Ok(())
    }
}
