//! OTP's supervision, on ractor.
//!
//! A tree of actors is described once, as a [`SupervisorSpec`], and started with [`Supervisor::start_root`].
//! From then on its supervisors keep it up: a child that crashes, is killed, hangs or cannot start is
//! replaced by its supervisor, by rules that are part of the description. Where the rules run out, the
//! supervisor fails and its own supervisor decides; when the root fails, [`SupervisorHandle::terminated`]
//! tells `main`.
//!
//! # Semantics
//!
//! They are those of OTP's `supervisor`, in its words:
//!
//! - A [`Strategy`] says who shares a failed child's fate: nobody, everybody, or those started after it. The
//!   others are stopped in reverse order, and all are started in order once the last of them is gone and its
//!   name is free.
//! - A [`Restart`] type says which exits call for a restart. A kill and a hang are abnormal exits. A failed
//!   restart is a failure like any other; a failed first start fails the supervisor.
//! - An [`Intensity`] limits restarts in any stretch of time, for all children of a supervisor together. One
//!   more and the supervisor stops its children, the last started first, and fails.
//! - Children start in order, each within its limit, and stop in reverse order, each within its limit and
//!   killed after it. The time a stop takes is thus the sum of what its children need.
//!
//! Four things OTP does not have:
//!
//! - Restarts of a child [back off](Backoff) exponentially with jitter, until it has been stable for a while.
//!   Under one_for_all and rest_for_one the others are stopped first and wait with it.
//! - A child may owe its supervisor a [`Pulse`]. One that stays silent too long is hung: it is killed and
//!   replaced.
//! - The operator may restart, pause and resume a child. What they do costs no restart, and what they paused
//!   stays down whatever happens around it, until they resume or restart it.
//! - A [`StatusTable`] shows every child at any time without asking any.
//!
//! Two things it has are left out, for want of a use: children added at run time, and significant children.
//!
//! # Shape
//!
//! `policy` decides and is pure: what to do about one exit (`judge`), and what may be done next about all
//! children (`steps`). `state` is a supervisor's memory: each message changes where some child stands, then
//! `steps` says what to start and stop. Nothing is awaited on the way. Starts and stops run in tasks that
//! report back by message, back-offs are timers, and so a slow child delays neither a sibling's restart nor
//! the operator nor its supervisor's own pulse. Only a supervisor that is itself starting or ending waits for
//! its children.
//!
//! Messages that arrive late are harmless. Actors are known by id, so an event of a replaced incarnation
//! matches no child; a timer carries the generation it was set for; an actor's end that overtakes the news of
//! its start is kept until the start is reported.
//!
//! # What ractor does, and what is done about it
//!
//! | ractor 0.16 | here |
//! |---|---|
//! | a parent dies of any child's end, and kills the others | every event is handled; an unknown actor's is ignored |
//! | a parent that stops kills its children, in no order | they are stopped first, in reverse order |
//! | a kill is reported as a normal end, by a text | one function turns events and texts into an [`Exit`] |
//! | a failed `pre_start` raises no event | starts are awaited, with a limit, and panics caught |
//! | an actor that is not linked dies unseen | a start that returns such an actor is refused |
//! | the end of the root says nothing of why | the root leaves word before it ends; no word means the worst |
//! | a call may wait for ever | commands have a limit |
//! | messages do not survive a restart | nothing here mends that: keep in mailboxes only what may be lost |
//! | names are global to the process | they carry the instance's prefix and the child's path, or there are none |
//!
//! # What cannot be mended
//!
//! A kill takes effect at the next await. An actor that blocks its thread for good cannot be removed: after a
//! second it is abandoned and its successor started beside it. Where actors are registered, its name stays
//! taken meanwhile: the restarts that fail over that use up the allowance, and in the end `main` exits and
//! the service manager takes over.

mod child;
mod exit;
mod fate;
mod operator;
mod policy;
mod pulse;
mod root;
mod shutdown;
mod spec;
mod state;
mod status;
mod supervisor;

pub use exit::{Exit, ExitKind};
pub use operator::CommandError;
pub use policy::{Backoff, Intensity, Restart, Strategy};
pub use pulse::Pulse;
pub use root::{Ended, RootOptions, StartError, Supervisor, SupervisorHandle};
pub use spec::{ChildSpec, Shutdown, StartContext, SupervisorSpec};
pub use status::{ChildKind, ChildStatus, Health, LastExit, Phase, Reporter, StatusTable};

#[cfg(test)]
mod tests;
