//! The gate before the API on the network.
//!
//! A token that is good gets in however often its address failed before: behind a proxy all addresses are one, and an
//! outsider must not be able to lock everybody out. What an address gets is fewer answers to tokens that are not good,
//! and fewer lines in the audit log; that log takes so many refusals and no more, whoever sends them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use wirereport_actors::ports::clock::Clock;

use super::scope::{self, Scope};
use super::throttle::{Rate, Throttle};
use super::token::BadToken;
use super::{Caller, Tokens, cookie};
use crate::api::problem::Problem;
use crate::ledger::SqliteLedger;
use crate::ledger::access::Tried;
use crate::telemetry::Redactor;

/// How often an address may fail.
const FAILURES: Rate = Rate { burst: 10, every: Duration::from_secs(6) };
/// How many addresses are remembered.
const ADDRESSES: usize = 4096;
/// How many refusals the audit log takes, from all addresses together.
const RECORDED: Rate = Rate { burst: 200, every: Duration::from_secs(10) };
/// Names under which a token might stand in a query, where it would be logged by everything on the way.
const IN_QUERY: [&str; 5] = ["access_token", "token", "jwt", "bearer", "authorization"];
/// How much of a path is recorded.
const LONGEST_PATH: usize = 200;

/// What stands before the API on the network.
pub struct Gate {
    tokens: Arc<Tokens>,
    ledger: Arc<SqliteLedger>,
    clock: Arc<dyn Clock>,
    keep: Duration,
    failures: Mutex<Throttle>,
    recorded: Mutex<Throttle>,
}

/// Why a request does not get in.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It shows no token.
    Missing,
    /// It shows one in a way that none may be shown in.
    Request(&'static str),
    /// It comes from another site's page.
    Foreign(&'static str),
    /// It shows a code that is not good.
    Code,
    /// Its token is not good.
    Token(BadToken),
    /// Its token may do less.
    Scope { caller: Caller, needed: Scope },
}

impl Gate {
    /// A gate that lets those tokens in, and keeps refusals in the audit log for so long.
    pub fn new(
        tokens: Arc<Tokens>,
        ledger: Arc<SqliteLedger>,
        clock: Arc<dyn Clock>,
        keep: Duration,
    ) -> Self {
        let failures = Mutex::new(Throttle::new(FAILURES, ADDRESSES));
        let recorded = Mutex::new(Throttle::new(RECORDED, 1));
        Self { tokens, ledger, clock, keep, failures, recorded }
    }

    /// The tokens it lets in.
    pub(super) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Records that somebody signed in to the dashboard.
    pub(super) async fn record_sign_in(&self, caller: &Caller, now: Timestamp) {
        let tried = Tried {
            who: caller.to_string(),
            token: caller.token().map(str::to_owned),
            address: caller.address().map(str::to_owned),
            action: "POST /v1/sign-in".to_owned(),
            request: None,
        };
        let recorded = async {
            let entry = self.ledger.record_tried(&tried, now, now - self.keep).await?;
            self.ledger.record_outcome(entry, StatusCode::OK.as_u16(), None).await
        };
        if let Err(error) = recorded.await {
            tracing::error!(%error, who = tried.who, "a sign-in is not in the audit log");
        }
    }

    /// Who sent a request, if he may do what it asks for.
    fn caller(&self, parts: &Parts, address: IpAddr, now: Timestamp) -> Result<Caller, Refusal> {
        let token = shown(self.tokens.session(), parts)?;
        let caller = self.tokens.check(token, &address.to_string(), now).map_err(Refusal::Token)?;
        let needed = scope::required(&parts.method, parts.uri.path());
        if caller.may(needed) { Ok(caller) } else { Err(Refusal::Scope { caller, needed }) }
    }

    /// The answer to a request that does not get in.
    pub(super) async fn refuse(
        &self,
        refusal: Refusal,
        parts: &Parts,
        address: IpAddr,
        now: Timestamp,
    ) -> Response {
        let counted = !matches!(refusal, Refusal::Scope { .. });
        let take = |throttle: &Mutex<Throttle>, address| {
            throttle.lock().unwrap_or_else(PoisonError::into_inner).take(address, now)
        };
        if let Some(wait) = counted.then(|| take(&self.failures, address)).and_then(Result::err) {
            return too_many(wait);
        }
        let (status, challenge, detail) = refusal.answer();
        if take(&self.recorded, IpAddr::V4(Ipv4Addr::UNSPECIFIED)).is_ok() {
            tracing::warn!(%address, status = status.as_u16(), reason = detail, "request refused");
            let tried = refusal.tried(parts, address);
            let keep_from = now - self.keep;
            let recorded = self.ledger.record_refused(&tried, (status.as_u16(), &detail), now, keep_from);
            if let Err(error) = recorded.await {
                tracing::warn!(%error, "a refused request is not in the audit log");
            }
        }
        let mut response = Problem::new(status, detail).into_response();
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Puts the gate before a router.
pub fn protect(router: Router, gate: Arc<Gate>) -> Router {
    router.layer(from_fn_with_state(gate, enter))
}

async fn enter(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let (address, now) = (address_of(&request), gate.now());
    let (parts, body) = request.into_parts();
    match gate.caller(&parts, address, now) {
        Ok(caller) => {
            let mut request = Request::from_parts(parts, body);
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(refusal) => gate.refuse(refusal, &parts, address, now).await,
    }
}

/// Where a request comes from.
pub(super) fn address_of(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip())
}

/// The token that a request shows: in its `Authorization` header, the one way it may (RFC 6750 §2.1), or from the
/// dashboard in its cookie.
fn shown<'a>(session: &cookie::Name, parts: &'a Parts) -> Result<&'a str, Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let in_query = query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
        IN_QUERY.contains(&name.as_str())
    });
    if in_query {
        return Err(Refusal::Request(
            "a token in the address is kept by every log on the way: revoke it, and send another in the Authorization header",
        ));
    }
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => {
            let token = cookie::token(session, &parts.headers).ok_or(Refusal::Missing)?;
            cookie::check_origin(parts).map_err(Refusal::Foreign)?;
            return Ok(token);
        }
        (Some(_), Some(_)) => {
            return Err(Refusal::Request("there is more than one Authorization header; send one"));
        }
        (Some(value), None) => value,
    };
    let token = value.to_str().ok().and_then(|value| value.split_once(' ')).filter(|(scheme, token)| {
        let sign = |sign: u8| sign.is_ascii_alphanumeric() || b"-._~+/=".contains(&sign);
        scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.bytes().all(sign)
    });
    match token {
        Some((_, token)) => Ok(token),
        None => Err(Refusal::Request("the Authorization header is not `Bearer` and a token")),
    }
}

impl Refusal {
    /// The status, the challenge (RFC 6750 §3) and the sentence.
    fn answer(&self) -> (StatusCode, String, String) {
        const REALM: &str = "Bearer realm=\"wirereport\"";
        let with = |error: &str, detail: &str| {
            format!("{REALM}, error=\"{error}\", error_description=\"{}\"", detail.replace('"', "'"))
        };
        match self {
            Self::Missing => {
                let detail =
                    "no token; send one in the Authorization header, as `wirereport token issue` makes them";
                (StatusCode::UNAUTHORIZED, REALM.to_owned(), detail.to_owned())
            }
            Self::Request(detail) => {
                (StatusCode::BAD_REQUEST, with("invalid_request", detail), (*detail).to_owned())
            }
            Self::Foreign(detail) => {
                (StatusCode::FORBIDDEN, with("invalid_request", detail), (*detail).to_owned())
            }
            Self::Code => {
                let detail = "the link is not good, or no longer; `wirereport dashboard` makes another one";
                (StatusCode::UNAUTHORIZED, REALM.to_owned(), detail.to_owned())
            }
            Self::Token(bad) => {
                let detail = format!("{bad}; `wirereport token issue` makes another one");
                (StatusCode::UNAUTHORIZED, with("invalid_token", &bad.to_string()), detail)
            }
            Self::Scope { needed, .. } => {
                let detail = format!("the token may not do that; it needs the scope {needed}");
                let challenge = with("insufficient_scope", &detail);
                (StatusCode::FORBIDDEN, format!("{challenge}, scope=\"{needed}\""), detail)
            }
        }
    }

    /// What was tried and by whom, as far as that is sure.
    fn tried(&self, parts: &Parts, address: IpAddr) -> Tried {
        let (who, token) = match self {
            Self::Scope { caller, .. } => (caller.to_string(), caller.token().map(str::to_owned)),
            Self::Token(bad) => match bad.claims() {
                Some(claims) => (format!("token:{}", claims.sub), Some(claims.jti.clone())),
                None => ("unknown".to_owned(), None),
            },
            Self::Missing | Self::Request(_) | Self::Foreign(_) | Self::Code => ("unknown".to_owned(), None),
        };
        let path: String = parts.uri.path().chars().take(LONGEST_PATH).collect();
        let action = format!("{} {}", parts.method, Redactor::of_process().redact(&path));
        Tried { who, token, address: Some(address.to_string()), action, request: None }
    }
}

fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_secs() + 1;
    let detail = format!("too many requests without a good token; try again in {seconds} s");
    let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
