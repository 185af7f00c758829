//! systemd: READY, STATUS, WATCHDOG and STOPPING.
//!
//! The watchdog is fed from the root supervisor's own pulse, not from a timer of its own: a process whose supervisor
//! hangs is one that systemd should restart, however lively its other threads are.

use sd_notify::NotifyState;

/// Tells systemd, if it is there; a failure to tell it is no reason to stop publishing.
pub(super) fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd not told");
    }
}

/// The wire is up.
pub(super) fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// The wire is on its way down.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("draining")]);
}

/// Feeds the watchdog while the process is alive, at half the time systemd allows; for ever, or never where it does not
/// ask.
pub(super) async fn feed_watchdog(is_alive: impl Fn() -> bool + Send) {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return std::future::pending().await;
    };
    loop {
        if is_alive() {
            tell(&[NotifyState::Watchdog]);
        } else {
            tracing::error!("the root supervisor has no pulse; the watchdog is not fed");
        }
        tokio::time::sleep(limit / 2).await;
    }
}
