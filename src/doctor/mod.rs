//! `wirereport doctor`: is everything there that the wire needs, in order, and does it let us in?
//!
//! Every check gives [`Finding`]s: how it stands, in one sentence, and the next step where somebody should take one.
//! Nothing is changed, and nothing is asked that costs anything: no post, no request that is paid for, no look that a
//! platform bills. What is not looked at for that reason says so, since silence would be read as health. A service that
//! is running is asked what it knows, and whom it leaves alone is left alone here too.

mod accounts;
mod alerts;
mod channels;
mod feeds;
mod machine;
mod model;
mod ports;
mod running;
mod setup;
mod state;

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use wirereport_actors::ports::feed::Dated;

use crate::api::types::Status;
use crate::settings::{Loaded, Settings, Sources};

pub(crate) use self::machine::room;
pub(crate) use self::state::inspected;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All is well.
    Ok,
    /// Good to know; nothing need be done.
    Note,
    /// It works, but somebody should look.
    Warning,
    /// It does not work.
    Error,
}

impl State {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How one thing stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How.
    pub state: State,
    /// What was looked at: `settings`, `secrets`, `state`, `disk`, `clock`, `ledger`, `feed`, `channel`, `alerts`, `writer`,
    /// `service`, `port`, `systemd`.
    pub check: &'static str,
    /// Which of them: a channel's name, a file. Never a secret.
    pub subject: String,
    /// What was found, in one sentence.
    pub what: String,
    /// The next step, where somebody should take one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Makes the findings of one check.
#[derive(Debug, Clone)]
struct About {
    check: &'static str,
    subject: String,
}

impl About {
    fn new(check: &'static str, subject: impl Into<String>) -> Self {
        Self { check, subject: subject.into() }
    }

    fn found(&self, state: State, what: impl Into<String>, next: Option<String>) -> Finding {
        Finding { state, check: self.check, subject: self.subject.clone(), what: what.into(), next }
    }

    fn ok(&self, what: impl Into<String>) -> Finding {
        self.found(State::Ok, what, None)
    }

    fn note(&self, what: impl Into<String>) -> Finding {
        self.found(State::Note, what, None)
    }

    /// A note on which somebody may act who wants to.
    fn note_with(&self, what: impl Into<String>, next: impl Into<String>) -> Finding {
        self.found(State::Note, what, Some(next.into()))
    }

    fn warning(&self, what: impl Into<String>, next: impl Into<String>) -> Finding {
        self.found(State::Warning, what, Some(next.into()))
    }

    fn error(&self, what: impl Into<String>, next: impl Into<String>) -> Finding {
        self.found(State::Error, what, Some(next.into()))
    }
}

/// Everything that was looked at, in the order in which it is best mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The version that looked.
    pub version: &'static str,
    /// When.
    pub taken_at: Timestamp,
    /// How it stands as a whole: as its worst part.
    pub state: State,
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    fn of(findings: Vec<Finding>, taken_at: Timestamp) -> Self {
        let state = findings.iter().map(|finding| finding.state).max().unwrap_or(State::Ok);
        Self { version: env!("CARGO_PKG_VERSION"), taken_at, state, findings }
    }

    /// How many findings stand like that.
    pub fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }
}

/// What the doctor looks at.
pub(crate) struct Patient {
    /// Where the settings come from.
    pub(crate) sources: Sources,
    /// The state directory, also where the settings are wrong; `None` where it cannot be told.
    pub(crate) state_dir: Option<PathBuf>,
    /// The settings, where they are right.
    pub(crate) loaded: Option<Loaded>,
    /// What the running service says of itself.
    pub(crate) service: Service,
    /// The time.
    pub(crate) now: Timestamp,
}

/// The service, as its socket shows it.
pub(crate) enum Service {
    /// It answers.
    Running(Box<Status>),
    /// There is none.
    NotRunning,
    /// It is there, and does not answer as it should.
    Unwell(String),
}

impl Service {
    fn status(&self) -> Option<&Status> {
        match self {
            Self::Running(status) => Some(status),
            Self::NotRunning | Self::Unwell(_) => None,
        }
    }
}

impl Patient {
    fn settings(&self) -> Option<&Settings> {
        self.loaded.as_ref().map(|loaded| &loaded.settings)
    }
}

/// Looks at everything.
pub(crate) async fn examine(patient: &Patient) -> Report {
    let mut findings = setup::settings(patient);
    findings.extend(setup::secrets(patient));
    findings.extend(state::directory(patient));
    findings.extend(state::ledger(patient).await);
    findings.extend(running::service(patient));
    findings.extend(ports::ports(patient).await);
    findings.extend(machine::systemd().await);
    let (of_feeds, dated) = feeds::feeds(patient).await;
    findings.push(clock(&dated));
    findings.extend(of_feeds);
    findings.extend(channels::channels(patient).await);
    findings.extend(alerts::targets(patient).await);
    findings.extend(model::writer(patient).await);
    Report::of(findings, patient.now)
}

/// The clock against the hosts that were asked anyway: one that agrees with ours suffices, since one that does not may be
/// wrong itself.
fn clock(dated: &[(String, Dated)]) -> Finding {
    let offset = |dated: &Dated| dated.ours.duration_since(dated.theirs).as_secs();
    let nearest = dated.iter().min_by_key(|(_, dated)| offset(dated).unsigned_abs());
    machine::clock(nearest.map(|(host, dated)| (host.as_str(), offset(dated))))
}

#[cfg(test)]
mod tests;
