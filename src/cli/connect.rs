//! The way to the API: the running service's socket, or the ledger itself for commands that only read.

use std::path::PathBuf;
use std::sync::Arc;

use super::Place;
use super::exit::Failure;
use super::settings::load;
use crate::api::client::{Client, ClientError};
use crate::api::{Service, router, socket};
use crate::clock::SystemClock;
use crate::ledger::SqliteLedger;
use crate::run::LEDGER;

/// The state directory that `place` means.
fn state_dir(place: &Place) -> Result<PathBuf, Failure> {
    Ok(load(place)?.settings.state_dir)
}

/// The running service.
pub(super) fn connect(place: &Place) -> Result<Client, Failure> {
    Ok(Client::Socket(socket::path(&state_dir(place)?)))
}

/// The running service, or where there is none, the same routes over its ledger.
pub(super) async fn reader(place: &Place) -> Result<Client, Failure> {
    let dir = state_dir(place)?;
    let socket = socket::path(&dir);
    if Client::is_listening(&socket).await {
        return Ok(Client::Socket(socket));
    }
    let file = dir.join(LEDGER);
    if !file.exists() {
        return Err(ClientError::NotRunning { socket }.into());
    }
    let ledger = SqliteLedger::open(file).map_err(Failure::configuration)?;
    Ok(Client::InProcess(router(Service::offline(Arc::new(ledger), Arc::new(SystemClock)))))
}
