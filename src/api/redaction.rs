//! No answer leaves with a secret in it.
//!
//! An error's text may come from far away and carry a URL with a token, and a post that failed keeps that text in the
//! ledger. So every answer passes the [`Redactor`] as a whole, last of all. What is [`Verbatim`] was asked for with its
//! secret, as a new token is. Streams are not held back for it: they redact event by event.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::map_response_with_state;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use super::problem::Problem;
use crate::telemetry::Redactor;

/// In an answer's extensions: it is to leave as it is.
#[derive(Debug, Clone, Copy)]
pub struct Verbatim;

const STREAM: &str = "text/event-stream";

/// The router, every answer of which is redacted.
pub fn redacted(router: Router, redactor: Redactor) -> Router {
    router.layer(map_response_with_state(redactor, redact))
}

async fn redact(State(redactor): State<Redactor>, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let text = kind.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.ends_with("json") || kind.starts_with("text/") && kind != STREAM
    });
    if !text || response.extensions().get::<Verbatim>().is_some() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else {
        let detail = "the answer broke off; try again";
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response();
    };
    let body = body.to_bytes();
    match std::str::from_utf8(&body).map(|text| redactor.redact(text)) {
        Ok(std::borrow::Cow::Owned(clean)) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(clean))
        }
        _ => Response::from_parts(parts, Body::from(body)),
    }
}
