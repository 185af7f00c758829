//! `wirereport validate`: are the settings right? Offline.

use super::Place;
use super::exit::Failure;
use super::settings::sources;
use super::text::{print, print_json};
use crate::run::wiring;
use crate::settings::{self, SecretCheck};

/// Check the settings and the templates, without touching the network.
///
/// Says what they come to, or everything that is wrong with them, each with its place and what to do; then it exits 78.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Say where each setting comes from.
    #[arg(long)]
    origins: bool,
    /// Do not look for the secrets: the settings are for another machine.
    #[arg(long)]
    without_secrets: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let check = if args.without_secrets { SecretCheck::Skip } else { SecretCheck::Require };
    let mut report = settings::validate(&sources(place)?, check)?;
    if let Some(dir) = &place.state_dir {
        report.settings.state_dir = std::path::absolute(dir).map_err(Failure::failed)?;
    }
    check_templates(&report.settings)?;
    if args.json {
        return print_json(&report);
    }
    print(&report.to_string())?;
    if args.origins { print(&report.origins_text()) } else { Ok(()) }
}

/// Renders every template over sample facts, and has the fact gate look at the result.
fn check_templates(settings: &settings::Settings) -> Result<(), Failure> {
    let problems = wiring::writer(settings)?.check_all();
    if problems.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(Failure::configuration(lines.join("\n")))
}
