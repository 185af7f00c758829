//! The ports of a live run: the published feeds, the API, the probes.
//!
//! They are opened before anything is started, so that one in use is said at once. Feeds and API may share one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;

use super::{Wire, health};
use crate::cli::Failure;
use crate::settings::Settings;

/// Ports that are open and not served yet.
pub(super) struct Ports {
    http: Option<TcpListener>,
    /// `None` also where it shares the feeds' port.
    api: Option<TcpListener>,
    health: Option<TcpListener>,
}

/// Where each is served, as it came out, or `off`.
pub(super) struct Served {
    pub(super) http: String,
    pub(super) api: String,
    pub(super) health: String,
}

impl Ports {
    pub(super) async fn open(settings: &Settings) -> Result<Self, Failure> {
        let api = settings.api.listen.filter(|api| settings.http.listen != Some(*api));
        Ok(Self {
            health: health::listen(settings.health.listen, "health.listen").await?,
            http: health::listen(settings.http.listen, "http.listen").await?,
            api: health::listen(api, "api.listen").await?,
        })
    }

    /// The dashboard's address on this machine, where the API has one.
    pub(super) fn page(&self, settings: &Settings) -> Option<String> {
        settings.api.listen?;
        let listener = self.api.as_ref().or(self.http.as_ref())?;
        let address = reached(listener.local_addr().ok()?);
        Some(format!("http://{address}{}/", settings.api.path_prefix))
    }

    /// Serves each until the wire has ended.
    pub(super) fn serve(self, wire: &mut Wire, feeds: Router, settings: &Settings) -> Served {
        let shared = settings.api.listen.is_some() && settings.api.listen == settings.http.listen;
        let http = address(self.http.as_ref());
        let served = Served {
            api: if shared { http.clone() } else { address(self.api.as_ref()) },
            health: address(self.health.as_ref()),
            http,
        };
        let api = wire.api(&settings.api.path_prefix);
        let feeds = match &api {
            Some(api) if shared => feeds.fallback_service(api.clone()),
            _ => feeds,
        };
        let probes = wire.probes.clone().router();
        let all = [(self.http, Some(feeds)), (self.api, api), (self.health, Some(probes))];
        for (listener, router) in all {
            if let (Some(listener), Some(router)) = (listener, router) {
                wire.serve(listener, router);
            }
        }
        served
    }
}

/// The address of this machine under which a service is reached that listens there.
fn reached(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn address(listener: Option<&TcpListener>) -> String {
    let address = listener.and_then(|listener| listener.local_addr().ok());
    address.map_or_else(|| "off".to_owned(), |address| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_on_every_address_is_reached_on_this_machine() {
        let reached = |address: &str| reached(address.parse().unwrap()).to_string();
        assert_eq!(reached("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(reached("[::]:80"), "[::1]:80");
        assert_eq!(reached("192.0.2.1:8000"), "192.0.2.1:8000");
    }
}
