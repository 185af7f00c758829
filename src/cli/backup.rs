//! `wirereport backup`: a consistent copy of the ledger, taken while it is in use.

use std::path::PathBuf;

use super::Place;
use super::connect::reader;
use super::exit::Failure;
use super::text::print;
use crate::api::types::{BackupRequest, Done};

/// Copy the ledger, whole and consistent, whether the service is running or not.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to make; it must not exist yet.
    file: PathBuf,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let path = std::path::absolute(&args.file).map_err(|error| Failure::failed(format_args!("{error}")))?;
    let done: Done = reader(place).await?.post("/v1/backup", &BackupRequest { path }).await?;
    print(&format!("{}\n", done.detail))
}
