//! The audit log: every change with who and when, what was asked for, and what came of it.
//!
//! An entry is written before the change is made and completed after it, so that a process that dies in between leaves an
//! entry without an outcome and not a change without an entry. The request is carried through also where whoever sent it
//! does not wait for the answer.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::MOST_BYTES;
use super::auth::Caller;
use super::problem::Problem;
use super::service::Service;
use crate::ledger::access::Tried;
use crate::telemetry::Redactor;

/// How much of a request is recorded, in characters.
const LONGEST: usize = 1000;

/// The router, every change through which is recorded.
pub(super) fn audited(router: Router, service: Service) -> Router {
    router.layer(from_fn_with_state(service, record))
}

async fn record(State(service): State<Service>, request: Request, next: Next) -> Response {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method()) {
        return next.run(request).await;
    }
    let recorded = tokio::spawn(async move {
        let caller = Caller::of(&request);
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, MOST_BYTES).await;
        let action = format!("{} {}", parts.method, parts.uri.path());
        let shown = body.as_ref().ok().filter(|body| !body.is_empty()).map(|body| told(body));
        let tried = Tried {
            who: caller.to_string(),
            token: caller.token().map(str::to_owned),
            address: caller.address().map(str::to_owned),
            action: clean(&action),
            request: shown.filter(|body| body != "null"),
        };
        let entry = service.record_tried(&tried).await;
        let response = match body {
            Ok(body) => {
                let mut request = Request::from_parts(parts, Body::from(body));
                request.extensions_mut().insert(caller);
                next.run(request).await
            }
            Err(_) => {
                let detail = format!("the body is larger than {} KiB, or broke off", MOST_BYTES / 1024);
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail).into_response()
            }
        };
        let (response, detail) = with_detail(response).await;
        service.record_outcome(entry, response.status().as_u16(), detail.as_deref()).await;
        response
    });
    recorded.await.unwrap_or_else(|_| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the request broke off; look in the log")
            .into_response()
    })
}

fn told(body: &[u8]) -> String {
    clean(&String::from_utf8_lossy(body))
}

/// A text without secrets, cut short.
fn clean(text: &str) -> String {
    let clean = Redactor::of_process().redact(text);
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    }
}

/// The response, and what it says where it says no.
async fn with_detail(response: Response) -> (Response, Option<String>) {
    if response.status().as_u16() < 400 {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.unwrap_or_default();
    let detail = serde_json::from_slice::<Problem>(&body).ok().map(|problem| clean(&problem.detail));
    (Response::from_parts(parts, Body::from(body)), detail)
}
