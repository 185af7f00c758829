//! OTP-style supervision on ractor.

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
