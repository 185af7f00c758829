//! `/health`, `/ready` and `/startup`, and the published feeds.
//!
//! Liveness asks the root supervisor's own pulse and no dependency: a probe that asked the ledger or a feed would have
//! a healthy process killed for somebody else's outage. A draining process is alive: its supervisor waits for its
//! children and has a time limit of its own. Readiness is a latch: it closes when the tree is up, follower or leader, and
//! opens again when the process drains.
//!
//! The probes answer on the socket too, for `wirereport healthcheck`: that works wherever the port is, while the settings
//! file is wrong, and where no port is open at all.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use wirereport_actors::supervision::Pulse;

use crate::cli::Failure;

/// Where the process is in its life, as probes see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Readiness(Arc<AtomicU8>);

const STARTING: u8 = 0;
const READY: u8 = 1;
const DRAINING: u8 = 2;

impl Readiness {
    pub(super) fn ready(&self) {
        self.0.store(READY, Ordering::Release);
    }

    pub(super) fn draining(&self) {
        self.0.store(DRAINING, Ordering::Release);
    }

    fn is(&self, state: u8) -> bool {
        self.0.load(Ordering::Acquire) == state
    }
}

/// How old the root's pulse may be for the process to count as alive.
const ALIVE_WITHIN: Duration = Duration::from_secs(10);

/// What the probes ask.
#[derive(Clone)]
pub(super) struct Probes {
    pulse: Pulse,
    readiness: Readiness,
}

impl Probes {
    /// Asks that pulse and that latch.
    pub(super) fn new(pulse: Pulse, readiness: Readiness) -> Self {
        Self { pulse, readiness }
    }

    /// Whether the process is to be left alone.
    pub(super) fn is_alive(&self) -> bool {
        self.readiness.is(DRAINING) || self.pulse.age() < ALIVE_WITHIN
    }

    /// The probes' routes.
    pub(super) fn router(self) -> Router {
        Router::new()
            .route("/health", get(health))
            .route("/ready", get(ready))
            .route("/startup", get(startup))
            .with_state(self)
    }
}

type Probe = (StatusCode, &'static str);

async fn health(State(probes): State<Probes>) -> Probe {
    match probes.is_alive() {
        true => (StatusCode::OK, "alive\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "the root supervisor has no pulse\n"),
    }
}

async fn ready(State(probes): State<Probes>) -> Probe {
    match probes.readiness.is(READY) {
        true => (StatusCode::OK, "ready\n"),
        false if probes.readiness.is(DRAINING) => (StatusCode::SERVICE_UNAVAILABLE, "draining\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "starting\n"),
    }
}

async fn startup(State(probes): State<Probes>) -> Probe {
    match probes.readiness.is(STARTING) {
        true => (StatusCode::SERVICE_UNAVAILABLE, "starting\n"),
        false => (StatusCode::OK, "started\n"),
    }
}

/// Listens on `address`, which the settings give under `key`; nowhere if they give none.
///
/// # Errors
/// Says what is in the way, and which setting moves it.
pub(super) async fn listen(address: Option<SocketAddr>, key: &str) -> Result<Option<TcpListener>, Failure> {
    let Some(address) = address else { return Ok(None) };
    TcpListener::bind(address).await.map(Some).map_err(|error| {
        use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
        let what = match error.kind() {
            AddrInUse => "another process listens there; stop it, or".to_owned(),
            AddrNotAvailable => "this machine has no such address;".to_owned(),
            PermissionDenied => "this user may not open that port;".to_owned(),
            _ => format!("{error};"),
        };
        Failure::failed(format_args!("cannot listen on {address}: {what} set `{key}` to another address"))
    })
}
