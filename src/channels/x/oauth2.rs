//! OAuth 2.0 with PKCE (RFC 6749, RFC 7636) as X wants it: what is asked of the token endpoint, and what it answers.
//!
//! | answer | what is known of the grant |
//! |---|---|
//! | 200 with an access token | it is renewed, and the refresh token it came from is spent |
//! | 400, 401, 403 *invalid_client*, *unauthorized_client* | as before: the app is not let in |
//! | other 400, 401, 403 | it has ended: the refresh token was spent or revoked |
//! | 429 | as before |
//! | another answer, or none once there was a connection | nothing: the refresh token may be spent |

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::answer::wait;
use super::grant::keep_secret;
use crate::channels::platform::{Answer, Silence, exchange, words};

/// Where an account is asked to let an app in.
pub const AUTHORIZE: &str = "https://x.com/i/oauth2/authorize";

/// What the app may do for the account; the last one is what makes refresh tokens.
pub(super) const SCOPES: &str = "tweet.read tweet.write users.read offline.access";

/// The app that an account lets in. It does not show itself.
#[derive(Clone)]
pub struct App {
    /// Its id.
    pub client_id: SecretString,
    /// Its secret, which only a confidential client has.
    pub client_secret: Option<SecretString>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App(…)")
    }
}

/// New tokens.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: SecretString,
    pub(super) refresh_token: Option<SecretString>,
    #[serde(default = "two_hours")]
    pub(super) expires_in: u64,
}

/// How long X's access tokens live.
fn two_hours() -> u64 {
    7200
}

/// Why there are no new tokens.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No byte of the request has left.
    NothingLeft(String),
    /// The refresh token may be spent.
    Open(String),
    /// The grant has ended.
    Ended(String),
    /// The app is not let in; of the grant that says nothing.
    NotLetIn(String),
    /// Too many requests for now.
    Limited { reason: String, wait: Option<Duration> },
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::NothingLeft(reason)
        | Self::Open(reason)
        | Self::Ended(reason)
        | Self::NotLetIn(reason)
        | Self::Limited { reason, .. }) = self;
        f.write_str(reason)
    }
}

/// The token endpoint of an app.
pub(super) struct Endpoint<'a> {
    pub(super) client: &'a reqwest::Client,
    pub(super) api: &'a Url,
    pub(super) app: &'a App,
    /// How long an answer may take.
    pub(super) within: Duration,
}

impl Endpoint<'_> {
    /// New tokens for a refresh token, which is spent by that.
    pub(super) async fn refresh(&self, refresh: &SecretString, today: Timestamp) -> Result<Tokens, Trouble> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        self.ask(&form, today).await
    }

    /// The first tokens, for the code that an account's consent gave.
    pub(super) async fn redeem(
        &self,
        code: &SecretString,
        verifier: &SecretString,
        redirect_uri: &Url,
        today: Timestamp,
    ) -> Result<Tokens, Trouble> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", verifier.expose_secret()),
        ];
        self.ask(&form, today).await
    }

    async fn ask(&self, form: &[(&str, &str)], today: Timestamp) -> Result<Tokens, Trouble> {
        let App { client_id, client_secret } = self.app;
        let request = self.client.post(format!("{}2/oauth2/token", self.api)).timeout(self.within);
        let (request, form) = match client_secret {
            Some(secret) => {
                let request = request.basic_auth(client_id.expose_secret(), Some(secret.expose_secret()));
                (request, form.to_vec())
            }
            None => (request, [form, &[("client_id", client_id.expose_secret())]].concat()),
        };
        let form =
            serde_urlencoded::to_string(form).map_err(|error| Trouble::NothingLeft(error.to_string()))?;
        let kind = "application/x-www-form-urlencoded";
        let request = request.header(reqwest::header::CONTENT_TYPE, kind).body(form);
        let answer = exchange(request).await.map_err(|silence| match silence {
            Silence::NothingLeft(reason) => Trouble::NothingLeft(reason),
            Silence::Open(reason) => Trouble::Open(reason),
        })?;
        match answer.json::<Tokens>().filter(|_| answer.is_success()) {
            Some(tokens) => {
                keep_secret(&tokens.access_token, tokens.refresh_token.as_ref());
                Ok(tokens)
            }
            None => Err(trouble(&answer, today)),
        }
    }
}

fn trouble(answer: &Answer, today: Timestamp) -> Trouble {
    #[derive(Deserialize, Default)]
    struct Complaint {
        #[serde(default)]
        error: String,
        #[serde(default)]
        error_description: String,
    }
    let Complaint { error, error_description } = answer.json().unwrap_or_default();
    let said = [error.as_str(), &error_description].into_iter().filter(|part| !part.is_empty());
    let said: Vec<String> = said.map(words).collect();
    let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(": ")) };
    let reason = format!("X answered HTTP {}{said} to a request for tokens", answer.status);
    match (answer.status, error.as_str()) {
        (400 | 401 | 403, "invalid_client" | "unauthorized_client") => Trouble::NotLetIn(reason),
        (400 | 401 | 403, _) => Trouble::Ended(reason),
        (429, _) => Trouble::Limited { reason, wait: wait(answer, today) },
        _ => Trouble::Open(reason),
    }
}
