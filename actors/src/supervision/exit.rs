//! How an actor's life ended, and the one place where ractor's events and magic strings become that.

use std::fmt;
use std::time::Duration;

use ractor::{ActorCell, ActorId, ActorProcessingErr, SpawnErr, SupervisionEvent};
use serde::{Deserialize, Serialize};

/// How an incarnation of a child ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It stopped itself, or was drained, with the reason it gave if any.
    Normal(Option<String>),
    /// Its supervisor stopped it: for a sibling's sake, for the operator, or with the whole tree.
    Stopped,
    /// A handler returned an error or panicked; the text is the error's, or the panic's.
    Failed(String),
    /// It was killed, or its task was dropped. ractor reports both as an ordinary end.
    Killed,
    /// It did not beat its pulse for this long and was killed for it.
    Hung(Duration),
    /// It could not be started.
    StartFailed(String),
    /// It did not start within this time.
    StartTimedOut(Duration),
}

/// [`Exit`] without its particulars, for counting and for display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExitKind {
    /// See [`Exit::Normal`].
    Normal,
    /// See [`Exit::Stopped`].
    Stopped,
    /// See [`Exit::Failed`].
    Failed,
    /// See [`Exit::Killed`].
    Killed,
    /// See [`Exit::Hung`].
    Hung,
    /// See [`Exit::StartFailed`].
    StartFailed,
    /// See [`Exit::StartTimedOut`].
    StartTimedOut,
}

impl Exit {
    /// Whether a transient child is to be left alone after this.
    pub fn is_normal(&self) -> bool {
        matches!(self, Self::Normal(_) | Self::Stopped)
    }

    /// Which kind of exit it is.
    pub fn kind(&self) -> ExitKind {
        match self {
            Self::Normal(_) => ExitKind::Normal,
            Self::Stopped => ExitKind::Stopped,
            Self::Failed(_) => ExitKind::Failed,
            Self::Killed => ExitKind::Killed,
            Self::Hung(_) => ExitKind::Hung,
            Self::StartFailed(_) => ExitKind::StartFailed,
            Self::StartTimedOut(_) => ExitKind::StartTimedOut,
        }
    }

    /// Reads a supervision event as the end of the actor it names; `None` if it tells of no end.
    ///
    /// A kill is an `ActorTerminated` like a polite stop, told apart by its text alone. An actor that stops
    /// itself with the reason `killed` is therefore taken for killed.
    pub(super) fn from_event(event: SupervisionEvent) -> Option<(ActorId, Self)> {
        match event {
            SupervisionEvent::ActorTerminated(who, _, reason) => {
                Some((who.get_id(), Self::from_reason(reason)))
            }
            SupervisionEvent::ActorFailed(who, error) => {
                Some((who.get_id(), Self::Failed(error.to_string())))
            }
            _ => None,
        }
    }

    fn from_reason(reason: Option<String>) -> Self {
        match reason.as_deref() {
            Some("killed" | "actor_task_cancelled") => Self::Killed,
            Some("Drained") => Self::Normal(None),
            _ => Self::Normal(reason),
        }
    }

    /// Reads what a start function returned, unwrapping ractor's claim that every failed start was a panic.
    pub(super) fn from_start_error(error: &ActorProcessingErr) -> Self {
        let text = match error.downcast_ref::<SpawnErr>() {
            Some(SpawnErr::StartupFailed(inner)) => inner.to_string(),
            _ => error.to_string(),
        };
        Self::StartFailed(text)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal(None) => f.write_str("ended by itself"),
            Self::Normal(Some(reason)) => write!(f, "ended by itself: {reason}"),
            Self::Stopped => f.write_str("stopped by its supervisor"),
            Self::Failed(text) => f.write_str(text),
            Self::Killed => f.write_str("killed"),
            Self::Hung(silent) => write!(f, "no pulse for {silent:?}"),
            Self::StartFailed(text) => write!(f, "did not start: {text}"),
            Self::StartTimedOut(limit) => write!(f, "did not start within {limit:?}"),
        }
    }
}

/// What a start came to: the running actor, or why there is none.
pub(super) type Started = Result<ActorCell, Exit>;
