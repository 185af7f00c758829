//! `wirereport healthcheck`: for containers and monitors.

use std::time::Duration;

use super::Place;
use super::exit::{Exit, Failure};
use super::settings::load;
use super::text::print;

/// Ask the running service whether it is alive, or with --ready, whether it is ready; exits 0 if it is.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ask whether it is ready.
    #[arg(long)]
    ready: bool,
}

const ANSWER_WITHIN: Duration = Duration::from_secs(3);

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let probe = if args.ready { "ready" } else { "health" };
    let address =
        load(place)?.settings.health.listen.ok_or_else(|| {
            Failure::configuration("no probes are served: set `health.listen` to an address")
        })?;
    let client = crate::http::client(ANSWER_WITHIN, ANSWER_WITHIN).map_err(Failure::failed)?;
    let answer = client.get(format!("http://{address}/{probe}")).send().await.map_err(|error| {
        Failure::new(
            Exit::NotRunning,
            format_args!("no service answers on {address}: {}", crate::http::describe(error)),
        )
    })?;
    let healthy = answer.status().is_success();
    let text = answer.text().await.unwrap_or_default();
    if healthy { print(&text) } else { Err(Failure::failed(text.trim())) }
}
