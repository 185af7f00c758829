//! Signing in to a PDS, and staying signed in over restarts.
//!
//! An access token lives two hours and is renewed with a refresh token, which is spent by it; a new pair is written down
//! before it is used. A PDS gives the same successor again for two hours, so a life that ends in between loses nothing.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Mutex;
use wirereport_actors::wire::post::Outcome;

use super::answer;
use crate::channels::notebook::Notebook;
use crate::channels::platform::{self, Answer, Silence, exchange};

/// A token that ends sooner is renewed before it is used.
const RENEW_BEFORE: i64 = 60;

/// The address of an XRPC method.
pub(super) fn method(service: &Url, name: &str) -> String {
    format!("{service}xrpc/{name}")
}

/// A pair of tokens. It does not show itself.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub(super) did: String,
    access_jwt: String,
    refresh_jwt: String,
    #[serde(default)]
    expired: bool,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("did", &self.did).finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn access(&self) -> &str {
        &self.access_jwt
    }

    fn is_fresh(&self, today: Timestamp) -> bool {
        !self.expired
            && expires_at(&self.access_jwt).is_none_or(|second| second - RENEW_BEFORE > today.as_second())
    }
}

/// When a token ends, where it says so.
fn expires_at(token: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Claims>(&claims).ok()?.exp)
}

/// Why there is no session. No byte of a post has left.
#[derive(Debug)]
pub(super) enum Closed {
    NeedsAuth(String),
    RateLimited { reason: String, wait: Option<Duration> },
    Later { reason: String },
}

impl Closed {
    pub(super) fn outcome(self, now: Timestamp) -> Outcome {
        match self {
            Self::NeedsAuth(reason) => platform::needs_auth(reason, now),
            Self::RateLimited { reason, wait } => platform::rate_limited(reason, wait, now),
            Self::Later { reason } => platform::not_yet(reason, now),
        }
    }
}

impl From<Silence> for Closed {
    fn from(silence: Silence) -> Self {
        Self::Later { reason: format!("sign in to Bluesky: {silence}") }
    }
}

/// The account's session, of which there is one at a time.
pub(super) struct Sessions {
    account: String,
    password: SecretString,
    notebook: Notebook,
    current: Mutex<Option<Session>>,
}

impl Sessions {
    pub(super) fn new(account: String, password: SecretString, notebook: Notebook) -> Self {
        let current = Mutex::new(notebook.read());
        Self { account, password, notebook, current }
    }

    /// A session that is good now: the one there is, renewed, or a new one.
    pub(super) async fn current(
        &self,
        client: &reqwest::Client,
        service: &Url,
        today: Timestamp,
    ) -> Result<Session, Closed> {
        let mut current = self.current.lock().await;
        if let Some(session) = current.as_ref().filter(|session| session.is_fresh(today)) {
            return Ok(session.clone());
        }
        let renewed = match current.as_ref() {
            Some(old) => renew(client, service, old, today).await?,
            None => None,
        };
        let session = match renewed {
            Some(session) => session,
            None => self.sign_in(client, service, today).await?,
        };
        self.notebook.write(&session);
        *current = Some(session.clone());
        Ok(session)
    }

    /// What the PDS no longer takes is not used again.
    pub(super) async fn expire(&self, session: &Session) {
        let mut current = self.current.lock().await;
        if let Some(current) = current.as_mut().filter(|current| current.access_jwt == session.access_jwt) {
            current.expired = true;
        }
    }

    async fn sign_in(
        &self,
        client: &reqwest::Client,
        service: &Url,
        today: Timestamp,
    ) -> Result<Session, Closed> {
        let body = json!({"identifier": self.account, "password": self.password.expose_secret()}).to_string();
        let url = method(service, "com.atproto.server.createSession");
        let answer = exchange(platform::json(client.post(url), body)).await?;
        match answer.json().filter(|_| answer.is_success()) {
            Some(session) => Ok(session),
            None => Err(closed(&answer, today)),
        }
    }
}

/// The next pair of tokens; nothing where the old one is of no use any more.
async fn renew(
    client: &reqwest::Client,
    service: &Url,
    old: &Session,
    today: Timestamp,
) -> Result<Option<Session>, Closed> {
    let url = method(service, "com.atproto.server.refreshSession");
    let request: RequestBuilder = client.post(url).bearer_auth(&old.refresh_jwt);
    let answer = exchange(request).await?;
    match answer.json().filter(|_| answer.is_success()) {
        Some(session) => Ok(Some(session)),
        None if matches!(answer.status, 400 | 401) => Ok(None),
        None => Err(closed(&answer, today)),
    }
}

fn closed(answer: &Answer, today: Timestamp) -> Closed {
    match answer.status {
        400 | 401 | 403 => {
            let advice = ": check the account and its app password, which may have been revoked";
            Closed::NeedsAuth(answer::reason(answer, advice))
        }
        429 => Closed::RateLimited { reason: answer::reason(answer, ""), wait: answer::wait(answer, today) },
        _ => Closed::Later { reason: answer::reason(answer, ", signing in") },
    }
}
