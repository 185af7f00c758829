//! A request as a dialect sees it, and its reply.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// A request.
pub(crate) struct Asked {
    pub(crate) method: String,
    /// The first part of the path.
    pub(crate) platform: String,
    /// The parts of the path after that.
    pub(crate) path: Vec<String>,
    pub(crate) query: BTreeMap<String, String>,
    /// The whole address, as it was asked for.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts, body: &[u8]) -> Self {
        let mut path = parts.uri.path().split('/').skip(1).map(str::to_owned);
        let query = parts.uri.query().unwrap_or_default();
        let host = parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        Self {
            query: serde_urlencoded::from_str(query).expect("a query of pairs"),
            url: format!("http://{host}{}", parts.uri),
            method: parts.method.to_string(),
            platform: path.next().unwrap_or_default(),
            path: path.collect(),
            headers: parts.headers.clone(),
            body: body.to_vec(),
        }
    }

    /// The path's parts, to be matched.
    pub(crate) fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// The body, where it is said to be JSON and is.
    pub(crate) fn json(&self) -> Option<Value> {
        let kind = self.header("content-type")?;
        if !kind.starts_with("application/json") {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let kind = ("content-type", "application/json; charset=utf-8".to_owned());
        Self { status, headers: vec![kind], body: body.to_string() }
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        let kind = ("content-type", "text/html; charset=utf-8".to_owned());
        Self { status, headers: vec![kind], body: body.to_owned() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("a status");
        let mut response = (status, self.body).into_response();
        response.headers_mut().clear();
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).expect("a header's value");
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        response
    }
}
