//! The dashboard: one page that sees everything and changes what its token may.
//!
//! It is plain HTML, CSS and modules, embedded as they are, so that nothing has to be built and nothing is fetched from
//! elsewhere. The page itself is nobody's secret: it holds no data, and everything it shows it asks the API for, with the
//! cookie that signing in left. Its addresses are relative, so that a proxy may serve it under any path that ends in a slash;
//! where one is asked for without and nobody leads on from there, all that is seen is a sentence that says so.
//!
//! What comes from feeds and models stands on the page as text alone. The policy sees to that: no script but the page's own
//! runs, and none of them may turn a text into markup.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::api::problem::Problem;

/// What a browser may do with the page.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const PAGE: &str = include_str!("assets/index.html");

macro_rules! assets {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("assets/", $name)))),*]
    };
}

/// Every file beside the page.
const ASSETS: &[(&str, &str)] = assets![
    "style.css",
    "panels.css",
    "app.js",
    "api.js",
    "dialog.js",
    "dom.js",
    "facts.js",
    "format.js",
    "sign-in.js",
    "spark.js",
    "stream.js",
    "panels/alerts.js",
    "panels/approvals.js",
    "panels/channels.js",
    "panels/games.js",
    "panels/log.js",
    "panels/now.js",
    "panels/outbox.js",
    "panels/panel.js",
    "panels/stories.js",
    "panels/tree.js",
];

/// Changes with any of the files: modules of different versions must not be mixed.
static TAG: LazyLock<String> = LazyLock::new(|| {
    let files = ASSETS.iter().map(|(_, text)| *text).chain([PAGE]);
    let hash = files.fold(Sha256::new(), |hash, text| hash.chain_update(text)).finalize();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..12]))
});

/// The page and its files, for everybody.
pub fn router() -> Router {
    Router::new()
        .route("/", get(|headers: HeaderMap| async move { file(&headers, "index.html", PAGE) }))
        .route("/assets/{*name}", get(asset))
        .layer(map_response(secured))
}

async fn asset(headers: HeaderMap, Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => file(&headers, name, text),
        None => Problem::not_found("such file of the dashboard").into_response(),
    }
}

fn file(headers: &HeaderMap, name: &str, text: &'static str) -> Response {
    let tag = (header::ETAG, TAG.as_str());
    // A new version is asked for each time, and sent where there is one.
    let cache = (header::CACHE_CONTROL, "no-cache");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == TAG.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [tag, cache]).into_response();
    }
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    ([tag, cache, (header::CONTENT_TYPE, kind)], text).into_response()
}

async fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

#[cfg(test)]
mod tests;
