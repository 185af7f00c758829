//! `/health`, `/ready` and `/startup`, and the published feeds.
//!
//! Liveness asks the root supervisor's own pulse and no dependency: a probe that asked the ledger or a feed would have
//! a healthy process killed for somebody else's outage. Readiness is a latch: it closes when the tree is up, follower
//! or leader, and opens again when the process drains.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use wirereport_actors::supervision::Pulse;

use super::notify::ALIVE_WITHIN;
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

#[derive(Clone)]
struct Probes {
    pulse: Pulse,
    readiness: Readiness,
}

/// The probes' routes.
pub(super) fn router(pulse: Pulse, readiness: Readiness) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/startup", get(startup))
        .with_state(Probes { pulse, readiness })
}

type Probe = (StatusCode, &'static str);

async fn health(State(probes): State<Probes>) -> Probe {
    match probes.pulse.age() < ALIVE_WITHIN {
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
        let what = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another process listens there".to_owned(),
            _ => error.to_string(),
        };
        Failure::failed(format_args!(
            "cannot listen on {address}: {what}; stop it, or set `{key}` to another address"
        ))
    })
}
