//! The way to the API: the running service's socket, or the ledger itself for commands that only read.

use std::path::PathBuf;
use std::sync::Arc;

use super::Place;
use super::exit::Failure;
use super::settings::sources;
use crate::api::client::{Client, ClientError};
use crate::api::{Service, router, socket};
use crate::clock::SystemClock;
use crate::run::{LEDGER, open_ledger};
use crate::settings;

/// The state directory that `place` means, also while the settings file is wrong: see [`settings::state_dir`].
pub(super) fn state_dir(place: &Place) -> Result<PathBuf, Failure> {
    if let Some(dir) = &place.state_dir {
        return std::path::absolute(dir).map_err(Failure::failed);
    }
    let dir = sources(place).and_then(|sources| Ok(settings::state_dir(&sources)?));
    dir.map_err(|failure| Failure {
        message: format!("{failure}\nor give the service's state directory with --state-dir"),
        ..failure
    })
}

/// The running service.
pub(super) fn connect(place: &Place) -> Result<Client, Failure> {
    Ok(Client::Socket(socket::path(&state_dir(place)?)))
}

/// The running service, or where there is none, the same routes over its ledger.
pub(super) async fn reader(place: &Place) -> Result<Client, Failure> {
    let dir = state_dir(place)?;
    let socket = socket::path(&dir);
    let file = dir.join(LEDGER);
    match Client::reach(&socket).await {
        Ok(()) => return Ok(Client::Socket(socket)),
        Err(ClientError::NotRunning { .. }) if file.exists() => {}
        Err(error) => return Err(error.into()),
    }
    let ledger = open_ledger(&dir).await?;
    Ok(Client::InProcess(router(Service::offline(ledger, Arc::new(SystemClock)))))
}
