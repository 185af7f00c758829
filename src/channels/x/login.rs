//! Logging an account in: the page on which its owner lets the app in, and what comes back from there.
//!
//! The page leads back to the redirect URI with a code that lives for 30 seconds. It is taken only with the state that this
//! login began with, and is of use only with the verifier whose digest the page was asked with (PKCE, RFC 7636).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::bearer::Consent;
use super::grant::{Grant, GrantFile};
use super::oauth2::{Endpoint, SCOPES};
use crate::channels::platform::{self, AccountError, exchange, words};

/// How long each answer may take. A code lives for 30 seconds.
const WITHIN: Duration = Duration::from_secs(10);

/// Where an account is logged in.
#[derive(Debug, Clone)]
pub struct LoginSettings {
    /// Where the API is.
    pub api: String,
    /// The page on which the account's owner lets the app in.
    pub authorize: String,
    /// Where that page leads back to; registered with the app, to the letter.
    pub redirect_uri: String,
    /// The app, and where the login is kept.
    pub consent: Consent,
}

/// A login that is under way.
pub struct Login {
    client: reqwest::Client,
    api: Url,
    authorize: Url,
    redirect_uri: Url,
    consent: Consent,
    state: SecretString,
    verifier: SecretString,
}

/// What is wrong with the address that the page led back to, or with what came of it.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// It is of another login, or of nobody's.
    #[error("that address is not of this login: give the one that the page led to, as a whole")]
    AnotherLogin,
    /// The owner did not let the app in.
    #[error("X did not let the app in ({0}): begin again")]
    Refused(String),
    /// X gave no tokens for the code.
    #[error(
        "{0}: begin again; a code lives for 30 seconds, and the redirect URI must be the app's to the letter"
    )]
    NoTokens(String),
    /// X let the app in and does not say for which account.
    #[error("X does not say whose account it is ({0}): begin again")]
    NoAccount(String),
    /// The login cannot be kept.
    #[error("the login cannot be kept in {path}: {detail}")]
    NotKept {
        /// Where.
        path: String,
        /// Why.
        detail: String,
    },
}

impl Login {
    /// Begins a login.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn begin(settings: LoginSettings) -> Result<Self, AccountError> {
        let LoginSettings { api, authorize, redirect_uri, consent } = settings;
        let unique = || {
            random()
                .ok_or_else(|| AccountError::Client { detail: "the machine has no randomness".to_owned() })
        };
        let what = "the redirect URI";
        Ok(Self {
            client: platform::client(WITHIN)?,
            api: platform::address("X's API", &api)?,
            authorize: whole(platform::address("X's login page", &authorize)?),
            redirect_uri: Url::parse(&redirect_uri)
                .map_err(|error| AccountError::Address { what, detail: error.to_string() })?,
            consent,
            state: unique()?,
            verifier: unique()?,
        })
    }

    /// The page on which the account's owner lets the app in.
    pub fn page(&self) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.expose_secret()));
        let mut page = self.authorize.clone();
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.consent.app.client_id.expose_secret())
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("scope", SCOPES)
            .append_pair("state", self.state.expose_secret())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        page
    }

    /// Where the page leads back to.
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// The code that an address holds to which the page led back.
    ///
    /// # Errors
    /// Where it is not of this login, or says that the app is not let in.
    pub fn code(&self, led_to: &str) -> Result<SecretString, LoginError> {
        #[derive(Deserialize)]
        struct Back {
            state: SecretString,
            code: Option<SecretString>,
            error: Option<String>,
        }
        let query =
            led_to.trim().split_once('?').map(|(_, query)| query.split('#').next().unwrap_or_default());
        let back: Option<Back> = query.and_then(|query| serde_urlencoded::from_str(query).ok());
        let ours = |back: &Back| back.state.expose_secret() == self.state.expose_secret();
        match back.filter(ours) {
            Some(Back { code: Some(code), error: None, .. }) => Ok(code),
            Some(Back { error: Some(error), .. }) => Err(LoginError::Refused(words(&error))),
            _ => Err(LoginError::AnotherLogin),
        }
    }

    /// Has tokens given for a code, and keeps them. `now` is the real time.
    ///
    /// # Errors
    /// Where X gives none, or they cannot be kept.
    pub async fn complete(&self, code: &SecretString, now: Timestamp) -> Result<Grant, LoginError> {
        let file = GrantFile::of(&self.consent.logins, &self.consent.account);
        let not_kept = |error: std::io::Error| LoginError::NotKept {
            path: file.path().display().to_string(),
            detail: error.to_string(),
        };
        let locked = file.lock().await.map_err(not_kept)?;
        let endpoint =
            Endpoint { client: &self.client, api: &self.api, app: &self.consent.app, within: WITHIN };
        let tokens = endpoint.redeem(code, &self.verifier, &self.redirect_uri, now).await;
        let tokens = tokens.map_err(|trouble| LoginError::NoTokens(trouble.to_string()))?;
        let (id, username) = self.whose(&tokens.access_token).await?;
        let grant = Grant::of(id, username, tokens, now);
        locked.write(&grant).map_err(not_kept)?;
        Ok(grant)
    }

    async fn whose(&self, access: &SecretString) -> Result<(String, String), LoginError> {
        #[derive(Deserialize)]
        struct Whole {
            data: User,
        }
        #[derive(Deserialize)]
        struct User {
            id: String,
            username: String,
        }
        let request = self.client.get(format!("{}2/users/me", self.api)).bearer_auth(access.expose_secret());
        let answer = exchange(request).await.map_err(|silence| LoginError::NoAccount(silence.to_string()))?;
        match answer.json().filter(|_| answer.is_success()) {
            Some(Whole { data: User { id, username } }) if id.bytes().all(|b| b.is_ascii_digit()) => {
                Ok((id, username))
            }
            _ => Err(LoginError::NoAccount(super::answer::reason(&answer, ""))),
        }
    }
}

/// An address as it was, without the slash that addresses of APIs end in.
fn whole(mut address: Url) -> Url {
    let path = address.path().trim_end_matches('/').to_owned();
    address.set_path(&path);
    address
}

/// 32 random bytes, as RFC 7636 wants a verifier written.
fn random() -> Option<SecretString> {
    let mut bytes = [0_u8; 32];
    rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).ok()?;
    Some(SecretString::from(URL_SAFE_NO_PAD.encode(bytes)))
}
