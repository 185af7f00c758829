//! `wirereport stop-publishing` and `resume-publishing`: the switch that stops every channel at once.

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::print;
use crate::api::types::Done;

/// Stop publishing on every channel at once.
///
/// It stays stopped, over restarts too, until `resume-publishing`. What is being sent comes to its end; everything else
/// waits, and expires as it always would.
#[derive(Debug, clap::Args)]
pub(super) struct StopArgs {}

/// Let publishing go on after `stop-publishing` or a restore.
#[derive(Debug, clap::Args)]
pub(super) struct ResumeArgs {}

pub(super) async fn stop(place: &Place, StopArgs {}: &StopArgs) -> Result<(), Failure> {
    order(place, "/v1/publishing/stop").await
}

pub(super) async fn resume(place: &Place, ResumeArgs {}: &ResumeArgs) -> Result<(), Failure> {
    order(place, "/v1/publishing/resume").await
}

async fn order(place: &Place, path: &str) -> Result<(), Failure> {
    let done: Done = connect(place)?.post(path, &()).await?;
    print(&format!("{}\n", done.detail))
}
