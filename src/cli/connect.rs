//! The way to the API: the running service's socket, or the ledger itself for commands that only read.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;

use super::Place;
use super::exit::Failure;
use super::settings::sources;
use crate::api::client::{Client, ClientError};
use crate::api::remote::Remote;
use crate::api::{Service, router, socket};
use crate::clock::SystemClock;
use crate::run::{LEDGER, open_ledger};
use crate::settings;
use crate::telemetry::Redactor;

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

/// The address of a service elsewhere, if one is meant.
const URL: &str = "WIREREPORT_URL";
/// The token for it.
const TOKEN: &str = "WIREREPORT_TOKEN";

/// The service elsewhere that `place` means, if it means one.
pub(super) fn elsewhere(place: &Place) -> Result<Option<Client>, Failure> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let url = place.url.clone().or_else(|| variable(URL).filter(|_| place.state_dir.is_none()));
    let Some(url) = url else { return Ok(None) };
    let token = match &place.token_file {
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            Failure::failed(format_args!("cannot read the token in {}: {error}", file.display()))
        })?,
        None => variable(TOKEN).ok_or_else(|| {
            Failure::usage(format_args!(
                "{url} wants a token: name its file with --token-file, or set {TOKEN}"
            ))
        })?,
    };
    let token = SecretString::from(token.trim());
    Redactor::of_process().register(&token);
    let remote = Remote::at(&url, token).map_err(Failure::usage)?;
    Ok(Some(Client::Remote(Box::new(remote))))
}

/// The running service, here or elsewhere.
pub(super) fn connect(place: &Place) -> Result<Client, Failure> {
    if let Some(client) = elsewhere(place)? {
        return Ok(client);
    }
    Ok(Client::Socket(socket::path(&state_dir(place)?)))
}

/// The running service, or where there is none, the same routes over its ledger.
pub(super) async fn reader(place: &Place) -> Result<Client, Failure> {
    if let Some(client) = elsewhere(place)? {
        return Ok(client);
    }
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
