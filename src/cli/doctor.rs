//! `wirereport doctor`: is everything in order?

use jiff::Timestamp;
use wirereport_actors::ports::clock::Clock;

use super::Place;
use super::connect::state_dir;
use super::exit::{Exit, Failure};
use super::settings::{load, sources};
use super::text::{BAD, DIM, GOOD, WARN, paint, print, print_json};
use crate::api::client::{Client, ClientError};
use crate::api::socket;
use crate::clock::SystemClock;
use crate::doctor::{Finding, Patient, Report, Service, State, examine};

/// Look whether everything is in order: settings, secrets, disk, clock, ledger, feeds, channels, writer, ports, systemd.
///
/// It changes nothing and asks nothing that costs anything; each feed is asked once. It works with and without a running
/// service, and while the settings are wrong. Each finding says the next step. It leaves by code 1 if something does not
/// work.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show only what somebody should look at.
    #[arg(long)]
    quiet: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let report = examine(&patient(place, SystemClock.now()).await?).await;
    if args.json {
        print_json(&report)?;
    } else {
        print(&render(&report, args.quiet))?;
    }
    match report.count(State::Error) {
        0 => Ok(()),
        1 => Err(Failure::new(Exit::Failed, "1 thing does not work")),
        errors => Err(Failure::new(Exit::Failed, format_args!("{errors} things do not work"))),
    }
}

/// What is to be looked at.
pub(super) async fn patient(place: &Place, now: Timestamp) -> Result<Patient, Failure> {
    let state_dir = state_dir(place).ok().and_then(|dir| std::path::absolute(dir).ok());
    let service = match &state_dir {
        Some(dir) => service(&Client::Socket(socket::path(dir))).await,
        None => Service::NotRunning,
    };
    Ok(Patient { sources: sources(place)?, state_dir, loaded: load(place).ok(), service, now })
}

async fn service(client: &Client) -> Service {
    match client.get("/v1/status").await {
        Ok(status) => Service::Running(Box::new(status)),
        Err(ClientError::NotRunning { .. }) => Service::NotRunning,
        Err(error) => Service::Unwell(error.to_string()),
    }
}

/// The findings, one or two lines each, and what they come to.
pub(super) fn render(report: &Report, quiet: bool) -> String {
    let mut text = String::new();
    let shown = |finding: &&Finding| !quiet || finding.state >= State::Warning;
    for Finding { state, check, subject, what, next } in report.findings.iter().filter(shown) {
        let style = match state {
            State::Ok => GOOD,
            State::Note => DIM,
            State::Warning => WARN,
            State::Error => BAD,
        };
        let state = paint(style, format_args!("{:<7}", state.as_str()));
        text.push_str(&format!("{state}  {check} {subject}: {what}\n"));
        if let Some(next) = next {
            text.push_str(&format!("         → {next}\n"));
        }
    }
    text.push_str(&match (report.count(State::Error), report.count(State::Warning)) {
        (0, 0) => paint(GOOD, "everything is in order"),
        (0, warnings) => paint(WARN, format_args!("it works; {warnings} to look at")),
        (errors, warnings) => paint(BAD, format_args!("{errors} not working, {warnings} to look at")),
    });
    text.push('\n');
    text
}
