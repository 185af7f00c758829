//! Serving the feed's files, with validators so that a reader who polls gets them only when they changed.

use std::io;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use sha2::{Digest, Sha256};

use super::store::{ATOM, JSON, hex};

/// Serves `/feed.json` and `/feed.atom` from that folder, as they are on disk at the time of the request.
pub fn router(dir: &Path) -> Router {
    Router::new().route("/feed.json", get(json)).route("/feed.atom", get(atom)).with_state(dir.to_owned())
}

async fn json(State(dir): State<PathBuf>, headers: HeaderMap) -> Response {
    serve(dir.join(JSON), "application/feed+json; charset=utf-8", &headers).await
}

async fn atom(State(dir): State<PathBuf>, headers: HeaderMap) -> Response {
    serve(dir.join(ATOM), "application/atom+xml; charset=utf-8", &headers).await
}

async fn serve(path: PathBuf, content_type: &'static str, headers: &HeaderMap) -> Response {
    let (bytes, modified) = match read(&path).await {
        Ok(read) => read,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return (StatusCode::NOT_FOUND, "nothing was published here yet\n").into_response();
        }
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "the feed cannot be served");
            return (StatusCode::SERVICE_UNAVAILABLE, "the feed cannot be read now\n").into_response();
        }
    };
    let tag = format!("\"{}\"", hex(&Sha256::digest(&bytes)));
    let mut validators = HeaderMap::new();
    validators.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let dated = modified.and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
    for (name, value) in [(ETAG, Some(tag.clone())), (LAST_MODIFIED, dated)] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            validators.insert(name, value);
        }
    }
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    (validators, [(CONTENT_TYPE, content_type)], bytes).into_response()
}

async fn read(path: &Path) -> io::Result<(Vec<u8>, Option<Timestamp>)> {
    let bytes = tokio::fs::read(path).await?;
    let modified = tokio::fs::metadata(path).await.and_then(|metadata| metadata.modified());
    Ok((bytes, modified.ok().and_then(|at| Timestamp::try_from(at).ok())))
}

/// `If-None-Match` by RFC 9110 §13.1.2: any of a list, compared weakly, or `*`. `If-Modified-Since` is not honoured: it
/// counts in seconds, in which two items can appear.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = values.flat_map(|value| value.split(','));
    known.any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}
