//! `wirereport healthcheck`: for containers and monitors.

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::print;

/// Ask whether the running service is alive, or ready.
///
/// Exits 0 if it is, 1 if it is not, 69 if there is none. It asks over the service's socket, so it needs no port and
/// works while the settings file is wrong.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ask whether it is ready: up, and not about to stop.
    #[arg(long)]
    ready: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let probe = if args.ready { "/ready" } else { "/health" };
    let (well, text) = connect(place)?.probe(probe).await?;
    if well { print(&text) } else { Err(Failure::failed(text.trim())) }
}
