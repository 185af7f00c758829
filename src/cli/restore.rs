//! `wirereport restore`: a ledger from a backup.

use std::path::{Path, PathBuf};

use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::LedgerError;

use super::Place;
use super::connect::state_dir;
use super::exit::Failure;
use super::text::print;
use crate::clock::SystemClock;
use crate::ledger;
use crate::run::{Busy, Instance, LEDGER};

/// Put a backup in the ledger's place.
///
/// The service must not be running. What the backup had not sent is held, what it had armed is unknown, and every game is
/// a baseline again: nothing of it is told twice. Publishing stays stopped until `resume-publishing`. The ledger that was
/// there is kept beside it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The backup.
    file: PathBuf,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let shown = args.file.display();
    if let Err(error) = std::fs::File::open(&args.file) {
        return Err(Failure::failed(format_args!("cannot read the backup {shown}: {error}")));
    }
    let dir = state_dir(place)?;
    let _instance = Instance::take(&dir, Busy::Refuse { advice: "stop it before you restore" }).await?;
    let ledger = dir.join(LEDGER);
    let restored = ledger::restore(&args.file, &ledger, SystemClock.now()).map_err(|error| match error {
        LedgerError::Corrupt { path, detail } if Path::new(&path) == args.file => {
            Failure::failed(format_args!("{shown} is no sound backup ({detail}): name another one"))
        }
        error => Failure::failed(error),
    })?;
    let mut text = format!(
        "restored {shown}: {} posts held, {} of unknown outcome, every game a baseline\n",
        restored.held, restored.unknown
    );
    if let Some(path) = restored.set_aside {
        text.push_str(&format!("the ledger that was there is kept as {}\n", path.display()));
    }
    text.push_str("tokens of the API have ended; issue new ones with `wirereport token issue`\n");
    text.push_str("publishing is stopped: start the service, look at `wirereport posts list`, then `wirereport resume-publishing`\n");
    print(&text)
}
