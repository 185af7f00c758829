//! What is served over TCP, and where: the published feeds, the API, and health.

use std::net::SocketAddr;

use serde::Serialize;

use super::addresses;
use super::reader::Section;
use super::tree::Node;
use super::values::{Read, optional_text, refused};

/// The published feeds over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpSettings {
    /// Where they are served; `None` for nowhere.
    pub listen: Option<SocketAddr>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { listen: Some(SocketAddr::from(([127, 0, 0, 1], 8000))) }
    }
}

/// The API over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiSettings {
    /// Where it is served; `None` for the unix socket alone.
    pub listen: Option<SocketAddr>,
    /// What stands before every path, `/wire`, where a proxy passes it on; empty for nothing.
    pub path_prefix: String,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self { listen: Some(SocketAddr::from(([127, 0, 0, 1], 8000))), path_prefix: String::new() }
    }
}

/// Health over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthSettings {
    /// Where it is served; `None` for nowhere.
    pub listen: Option<SocketAddr>,
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self { listen: Some(SocketAddr::from(([127, 0, 0, 1], 9999))) }
    }
}

pub(super) fn http(section: &mut Section<'_>) -> HttpSettings {
    HttpSettings { listen: section.take("listen", addresses::listen, HttpSettings::default().listen) }
}

pub(super) fn api(section: &mut Section<'_>) -> ApiSettings {
    let default = ApiSettings::default();
    ApiSettings {
        listen: section.take("listen", addresses::listen, default.listen),
        path_prefix: section.take("path_prefix", path_prefix, default.path_prefix),
    }
}

pub(super) fn health(section: &mut Section<'_>) -> HealthSettings {
    HealthSettings { listen: section.take("listen", addresses::listen, HealthSettings::default().listen) }
}

/// Refuses one port on two addresses: the second could not be opened, and would be said to be somebody else's.
pub(super) fn check(section: &mut Section<'_>, api: &ApiSettings, http: &HttpSettings) {
    let (Some(api), Some(http)) = (api.listen, http.listen) else { return };
    if api != http && api.port() == http.port() && api.port() != 0 {
        let detail = format!(
            "is {api} beside `http.listen` at {http}; give both the same address to share the port, or two ports"
        );
        section.conflict(&["api.listen", "http.listen"], detail);
    }
}

/// A path that begins with a slash and does not end with one, or the empty text.
fn path_prefix(node: &Node) -> Read<String> {
    let Some(prefix) = optional_text(node)? else { return Ok(String::new()) };
    let sign = |sign: char| sign.is_ascii_alphanumeric() || "-._~".contains(sign);
    let part = |part: &str| !part.is_empty() && part.chars().all(sign) && part.chars().any(|c| c != '.');
    match prefix.strip_prefix('/') {
        Some(parts) if parts.split('/').all(part) => Ok(prefix),
        _ => refused(node, "a path such as \"/wire\", without a slash at its end, or the empty text"),
    }
}
