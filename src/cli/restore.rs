//! `wirereport restore`: a ledger from a backup.

use std::path::PathBuf;

use wirereport_actors::ports::clock::Clock;

use super::Place;
use super::exit::Failure;
use super::settings::load;
use super::text::print;
use crate::clock::SystemClock;
use crate::ledger;
use crate::run::{Busy, Instance, LEDGER};

/// Put a backup in the ledger's place. What it had not sent is held, what it had armed is unknown, and every game is a
/// baseline again; publishing stays stopped until `resume-publishing`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The backup.
    file: PathBuf,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let dir = load(place)?.settings.state_dir;
    let _instance = Instance::take(&dir, Busy::Refuse { advice: "stop it before you restore" }).await?;
    let restored =
        ledger::restore(&args.file, &dir.join(LEDGER), SystemClock.now()).map_err(Failure::failed)?;
    let mut text = format!(
        "restored {}: {} posts held, {} of unknown outcome, every game a baseline\n",
        args.file.display(),
        restored.held,
        restored.unknown
    );
    if let Some(path) = restored.set_aside {
        text.push_str(&format!("the ledger that was there is kept as {}\n", path.display()));
    }
    text.push_str("publishing is stopped: start the service, look at `wirereport posts list`, then `wirereport resume-publishing`\n");
    print(&text)
}
