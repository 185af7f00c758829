//! `wirereport backup`: a consistent copy of the ledger, taken while it is in use.

use std::path::PathBuf;

use super::Place;
use super::connect::reader;
use super::exit::Failure;
use super::text::print;
use crate::api::types::{BackupRequest, Done};

/// Copy the ledger, while the service runs or not.
///
/// The copy is one file, whole and as of one moment. It is there only once it is complete and was checked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to make.
    file: PathBuf,
    /// Replace a file that is there, once the copy is complete.
    #[arg(long)]
    replace: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let path = std::path::absolute(&args.file).map_err(|error| Failure::failed(format_args!("{error}")))?;
    let done: Done =
        reader(place).await?.post("/v1/backup", &BackupRequest { path, replace: args.replace }).await?;
    print(&format!("{}\n", done.detail))
}
