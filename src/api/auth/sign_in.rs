//! Signing in to the dashboard: a token, or the code of a link, for a [cookie](super::cookie).
//!
//! This stands before the gate, since whoever signs in has nothing to show yet; it counts failures and records them as the
//! gate does. A token that was pasted is the session itself. A code is given a token of its own, which signing out ends.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use jiff::Timestamp;

use super::gate::{Gate, Refusal, address_of};
use super::{Caller, cookie};
use crate::api::problem::Problem;
use crate::api::types::{Me, SignIn};

/// The largest body, in bytes: a token and what stands around it.
const MOST_BYTES: usize = 8 * 1024;

/// The route to sign in, which needs no token.
pub fn signing_in(gate: Arc<Gate>) -> Router {
    Router::new()
        .route("/v1/sign-in", post(sign_in))
        .method_not_allowed_fallback(|method: Method| async move {
            let detail = format!("/v1/sign-in does not take {method}");
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
        .with_state(gate)
}

async fn sign_in(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let (address, now) = (address_of(&request), gate.now());
    let (parts, body) = request.into_parts();
    match enter(&gate, &parts, body, &address.to_string(), now).await {
        Ok((token, caller)) => {
            gate.record_sign_in(&caller, now).await;
            welcome(gate.tokens().session(), &token, &caller, &parts, now)
        }
        Err(Refused::Refusal(refusal)) => gate.refuse(refusal, &parts, address, now).await,
        Err(Refused::Problem(problem)) => problem.into_response(),
    }
}

/// Why somebody is not signed in.
enum Refused {
    /// What he shows is not good.
    Refusal(Refusal),
    /// It is, and something else is in the way.
    Problem(Problem),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

async fn enter(
    gate: &Gate,
    parts: &Parts,
    body: Body,
    address: &str,
    now: Timestamp,
) -> Result<(String, Caller), Refused> {
    cookie::check_origin(parts).map_err(Refusal::Foreign)?;
    let body = to_bytes(body, MOST_BYTES).await.ok();
    let shown = body.and_then(|body| serde_json::from_slice(&body).ok());
    let token = match shown {
        Some(SignIn::Token { token }) => token.trim().to_owned(),
        Some(SignIn::Code { code }) => {
            let redeemed = gate.tokens().redeem(code.trim(), now).await.map_err(Refused::Problem)?;
            redeemed.ok_or(Refusal::Code)?
        }
        None => return Err(Refusal::Request("sign in with {\"token\": …} or with {\"code\": …}").into()),
    };
    let caller = gate.tokens().check(&token, address, now).map_err(Refusal::Token)?;
    Ok((token, caller))
}

fn welcome(session: &cookie::Name, token: &str, caller: &Caller, parts: &Parts, now: Timestamp) -> Response {
    let me = Me::of(caller);
    let left = me.expires_at.and_then(|ends| Duration::try_from(ends.duration_since(now)).ok());
    let set = cookie::signed_in(session, token, left.unwrap_or_default(), parts);
    let Ok(set) = HeaderValue::from_str(&set) else {
        let detail = "the token does not fit into a cookie; issue another one";
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response();
    };
    let headers = [(header::SET_COOKIE, set), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (headers, Json(me)).into_response()
}
