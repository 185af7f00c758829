//! Signals: SIGTERM and SIGINT drain, a second one leaves at once, SIGHUP reloads the settings.

use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use wirereport_actors::ports::clock::Clock;

use crate::api::service::Reloads;
use crate::clock::SystemClock;
use crate::ledger::SqliteLedger;
use crate::ledger::access::Tried;

/// What a process leaves by that was told twice to stop: 128 + SIGTERM.
const INTERRUPTED: i32 = 143;

/// Listens for signals from now on. The receiver turns true at the first request to stop.
///
/// # Errors
/// Where handlers cannot be installed.
pub(super) fn listen(reloads: Reloads, ledger: Arc<SqliteLedger>) -> io::Result<watch::Receiver<bool>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let hangup = signal(SignalKind::hangup())?;
    let (stop, stopped) = watch::channel(false);
    let stop = Arc::new(stop);
    tokio::spawn(reload_on(hangup, reloads, ledger));
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

/// A reload by signal is a change like any other, and in the audit log. What came of it is also logged where it is done, and
/// shown by `status`.
async fn reload_on(mut hangup: Signal, reloads: Reloads, ledger: Arc<SqliteLedger>) {
    let tried = Tried {
        who: "signal".to_owned(),
        token: None,
        address: None,
        action: "SIGHUP".to_owned(),
        request: None,
    };
    while hangup.recv().await.is_some() {
        let entry = ledger.record_tried(&tried, SystemClock.now(), Timestamp::MIN).await;
        let reload = reloads.reload().await;
        let recorded = match (entry, reload) {
            (Ok(entry), Some(reload)) => {
                let status = if reload.error.is_some() { 422 } else { 200 };
                ledger.record_outcome(entry, status, reload.error.as_deref()).await
            }
            (entry, _) => entry.map(drop),
        };
        if let Err(error) = recorded {
            tracing::error!(%error, "a reload is not in the audit log");
        }
    }
}
