//! The ports: open while the service runs, free while it does not.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::{About, Finding, Patient, Service};

/// How long a port of this machine may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

pub(super) async fn ports(patient: &Patient) -> Vec<Finding> {
    let Some(settings) = patient.settings() else { return Vec::new() };
    let mut findings = Vec::new();
    for (key, listen) in [
        ("http.listen", settings.http.listen),
        ("api.listen", settings.api.listen),
        ("health.listen", settings.health.listen),
    ] {
        let about = About::new("port", key);
        findings.push(match (listen, &patient.service) {
            (None, _) => about.note("it is off"),
            (Some(address), _) if address.port() == 0 => {
                about.note("the service takes whatever port is free")
            }
            (Some(address), Service::NotRunning) => free(&about, key, address).await,
            (Some(address), _) => open(&about, key, address).await,
        });
    }
    findings
}

async fn free(about: &About, key: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address).await {
        Ok(_) => about.ok(format!("{address} is free for the service")),
        Err(error) => about.error(
            format!("the service cannot listen on {address} ({error})"),
            format!("stop what listens there (`ss -ltnp`), or set `{key}` to another address"),
        ),
    }
}

async fn open(about: &About, key: &str, address: SocketAddr) -> Finding {
    match tokio::time::timeout(ANSWERS_WITHIN, TcpStream::connect(address)).await {
        Ok(Ok(_)) => about.ok(format!("the service listens on {address}")),
        _ => about.error(
            format!("the service runs, and nobody listens on {address}"),
            format!("restart the service if `{key}` was changed since it was started"),
        ),
    }
}
