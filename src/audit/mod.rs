//! `wirereport audit`: what of an installation is open that should not be.
//!
//! Every check takes what it looks at as an argument and gives [`Finding`]s, each with how to mend it. What a check cannot
//! look at it says in a note, since silence would be read as a clean bill.

mod exposure;
mod files;
mod logs;
mod tree;
mod unit;

pub use exposure::{exposure, tokens};
pub use files::{Kept, files};
pub use logs::log;
pub use tree::{Scanned, tree};
pub use unit::unit;

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody may get in or get a secret: mend it now.
    High,
    /// It makes an attack easier.
    Medium,
    /// Worth a look.
    Low,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// Something that is open and should not be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Which check found it: `hard_coded_secret`, `permissions`, `secret_in_log`, `exposure`, `token`, `debug`, `unit`.
    pub check: &'static str,
    /// Where: a file and a line, a setting, a token. Never a secret.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

/// Everything that was found, the worst first, and what could not be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
    /// What was not looked at, and why.
    pub notes: Vec<String>,
}

impl Report {
    /// Adds findings, in their order.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
        self.findings.sort();
    }

    /// Whether one of them is of high severity.
    pub fn is_bad(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::High)
    }
}

#[cfg(test)]
mod tests;
