//! How commands end.

use std::process::ExitCode;

use super::text::print_trouble;
use crate::api::client::ClientError;

/// The codes a command leaves by, after sysexits(3) where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// What was asked for failed.
    Failed = 1,
    /// The command line is wrong.
    Usage = 64,
    /// The service is not running.
    NotRunning = 69,
    /// The root supervisor gave up.
    GaveUp = 70,
    /// The configuration is wrong, and starting again will not mend it.
    Configuration = 78,
}

pub(super) const AFTER_HELP: &str = "Exit codes: 0 done · 1 what was asked for failed · 64 usage · 69 service not \
    running · 70 the root gave up · 78 configuration";

/// Why a command failed: one sentence, and the code to leave by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The code.
    pub exit: Exit,
    /// What is wrong, where, and what to do.
    pub message: String,
}

impl Failure {
    /// A failure that leaves by that code.
    pub fn new(exit: Exit, message: impl std::fmt::Display) -> Self {
        Self { exit, message: message.to_string() }
    }

    /// What was asked for failed.
    pub fn failed(message: impl std::fmt::Display) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// The command line is wrong.
    pub fn usage(message: impl std::fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Says on standard error what did not work, and gives the code to leave by.
    pub fn tell(&self) -> ExitCode {
        print_trouble(self);
        ExitCode::from(self.exit as u8)
    }

    /// The operator has to change something first.
    pub fn configuration(message: impl std::fmt::Display) -> Self {
        Self::new(Exit::Configuration, message)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let exit = match &error {
            ClientError::NotRunning { .. } | ClientError::Unreachable { .. } => Exit::NotRunning,
            ClientError::Problem(problem) if problem.status == 503 => Exit::NotRunning,
            ClientError::Problem(_) | ClientError::Denied { .. } | ClientError::Broken { .. } => Exit::Failed,
        };
        Self::new(exit, error)
    }
}
