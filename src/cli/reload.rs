//! `wirereport reload`: has the running service read its settings again, as SIGHUP does, and says what came of it.

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::print;
use crate::api::types::Reload;

/// Have the running service read its settings again.
///
/// The whole file is checked first: where anything in it is wrong the old settings stay, and it exits 78.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn execute(place: &Place, Args {}: &Args) -> Result<(), Failure> {
    let reload: Reload = connect(place)?.post("/v1/reload", &()).await?;
    if let Some(error) = reload.error {
        return Err(Failure::configuration(format!("the old settings stay: {error}")));
    }
    let mut text = match reload.changed.as_slice() {
        [] => "nothing changed that takes effect while running\n".to_owned(),
        changed => format!("changed: {}\n", changed.join(", ")),
    };
    if !reload.needs_restart.is_empty() {
        text.push_str(&format!("needs a restart: {}\n", reload.needs_restart.join(", ")));
    }
    print(&text)
}
