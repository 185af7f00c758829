//! Signals: SIGTERM and SIGINT drain, a second one leaves at once, SIGHUP reloads the settings.

use std::io;
use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::api::service::Reloads;

/// What a process leaves by that was told twice to stop: 128 + SIGTERM.
const INTERRUPTED: i32 = 143;

/// Listens for signals from now on. The receiver turns true at the first request to stop.
///
/// # Errors
/// Where handlers cannot be installed.
pub(super) fn listen(reloads: Reloads) -> io::Result<watch::Receiver<bool>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let hangup = signal(SignalKind::hangup())?;
    let (stop, stopped) = watch::channel(false);
    let stop = Arc::new(stop);
    tokio::spawn(reload_on(hangup, reloads));
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::info!("stopping; a second signal leaves at once");
        stop.send_replace(true);
        either(&mut terminate, &mut interrupt).await;
        leave_at_once();
    });
    Ok(stopped)
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Whatever is under way stays armed in the ledger, and is reconciled by the next start.
fn leave_at_once() {
    tracing::warn!("leaving at once; what is under way is reconciled at the next start");
    std::process::exit(INTERRUPTED);
}

async fn reload_on(mut hangup: Signal, reloads: Reloads) {
    while hangup.recv().await.is_some() {
        // What came of it is logged where it is done, and shown by `status`.
        let _ = reloads.reload().await;
    }
}
