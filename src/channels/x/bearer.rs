//! The access token of an account that let the app in by OAuth 2.0, renewed when it has to be.
//!
//! The order of a refresh is what keeps a death from doing harm: it is written down as begun, asked for, written down as
//! done, and only then is what it gave used. What a death in between means stands in `grant.rs`.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use secrecy::SecretString;
use wirereport_actors::wire::post::Outcome;

use super::grant::{Grant, GrantFile, Locked, Use};
use super::oauth2::{App, Endpoint, Trouble};
use crate::channels::platform;

/// An account that let the app in by OAuth 2.0.
#[derive(Clone)]
pub struct Consent {
    /// The app.
    pub app: App,
    /// The folder of logins.
    pub logins: PathBuf,
    /// Under which name the account's login is kept there.
    pub account: String,
    /// The command that logs the account in, for people.
    pub login: String,
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Why there is no access token. No byte of a post has left.
#[derive(Debug)]
pub(super) enum Closed {
    NeedsAuth(String),
    RateLimited { reason: String, wait: Option<Duration> },
    Later(String),
}

impl Closed {
    pub(super) fn outcome(self, now: Timestamp) -> Outcome {
        match self {
            Self::NeedsAuth(reason) => platform::needs_auth(reason, now),
            Self::RateLimited { reason, wait } => platform::rate_limited(reason, wait, now),
            Self::Later(reason) => platform::not_yet(reason, now),
        }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::NeedsAuth(reason) | Self::RateLimited { reason, .. } | Self::Later(reason)) = self;
        f.write_str(reason)
    }
}

/// The account's access token, of which there is one at a time.
pub(super) struct Bearer {
    consent: Consent,
    file: GrantFile,
    known: Mutex<Known>,
}

/// What is known besides the file.
#[derive(Default)]
struct Known {
    /// An access token that X does not take any more.
    rejected: Option<SecretString>,
    /// One that was given in place of a rejected one.
    replacement: Option<SecretString>,
    /// A grant that could not be written down yet, and is of no use before it is.
    unkept: Option<Grant>,
}

impl Bearer {
    pub(super) fn new(consent: Consent) -> Self {
        let file = GrantFile::of(&consent.logins, &consent.account);
        Self { consent, file, known: Mutex::default() }
    }

    /// A grant whose access token is good now: the one there is, or a renewed one.
    pub(super) async fn current(
        &self,
        client: &reqwest::Client,
        api: &Url,
        within: Duration,
        today: Timestamp,
    ) -> Result<Grant, Closed> {
        let file = self.file.lock().await.map_err(|error| self.unusable(&error))?;
        if let Some(unkept) = self.known().unkept.take() {
            self.keep(&file, unkept)?;
        }
        let Some(grant) = file.read().map_err(|error| self.unusable(&error))? else {
            return Err(Closed::NeedsAuth(format!(
                "the account on X is not logged in: run `{}`",
                self.consent.login
            )));
        };
        let rejected = self.known().rejected.as_ref().is_some_and(|rejected| grant.has_access(rejected));
        match grant.to_use(rejected, today) {
            Use::AsItIs => Ok(grant),
            Use::Refresh => {
                let endpoint = Endpoint { client, api, app: &self.consent.app, within };
                let renewed = self.refresh(&file, &endpoint, grant, today).await?;
                if rejected {
                    let mut known = self.known();
                    (known.rejected, known.replacement) = (None, Some(renewed.access_token.clone()));
                }
                Ok(renewed)
            }
            Use::Ended(reason) => Err(self.ended(&reason)),
        }
    }

    /// The command that logs the account in.
    pub(super) fn login(&self) -> &str {
        &self.consent.login
    }

    /// Notes that X did not take an access token. Whether a new one may be better: that one was not new itself.
    pub(super) fn is_rejected(&self, grant: &Grant) -> bool {
        let mut known = self.known();
        if known.replacement.as_ref().is_some_and(|replacement| grant.has_access(replacement)) {
            return false;
        }
        known.rejected = Some(grant.access_token.clone());
        true
    }

    async fn refresh(
        &self,
        file: &Locked,
        endpoint: &Endpoint<'_>,
        grant: Grant,
        today: Timestamp,
    ) -> Result<Grant, Closed> {
        let Some(refresh_token) = grant.refresh_token.clone() else {
            return Err(self.ended("there is no refresh token"));
        };
        let begun = Grant { refresh_begun_at: Some(today), ..grant.clone() };
        file.write(&begun).map_err(|error| self.unusable(&error))?;
        match endpoint.refresh(&refresh_token, today).await {
            Ok(tokens) => self.keep(file, grant.renewed(tokens, today)),
            Err(Trouble::Open(reason)) => {
                Err(Closed::Later(format!("{reason}; the refresh token may be spent")))
            }
            Err(Trouble::Ended(reason)) => {
                let Consent { account, login, .. } = &self.consent;
                tracing::error!(account, reason, "logged out of X: run `{login}`");
                let ended = Grant { ended: Some(reason.clone()), ..grant };
                self.keep(file, ended)?;
                Err(self.ended(&reason))
            }
            // The refresh token is as good as before.
            Err(Trouble::NothingLeft(reason)) => {
                self.keep(file, grant)?;
                Err(Closed::Later(reason))
            }
            Err(Trouble::NotLetIn(reason)) => {
                self.keep(file, grant)?;
                Err(Closed::NeedsAuth(format!("{reason}: check the app's client id and secret")))
            }
            Err(Trouble::Limited { reason, wait }) => {
                self.keep(file, grant)?;
                Err(Closed::RateLimited { reason, wait })
            }
        }
    }

    /// Writes a grant down; where that fails it is written before anything else the next time.
    fn keep(&self, file: &Locked, grant: Grant) -> Result<Grant, Closed> {
        match file.write(&grant) {
            Ok(()) => Ok(grant),
            Err(error) => {
                self.known().unkept = Some(grant);
                Err(self.unusable(&error))
            }
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, reason: &str) -> Closed {
        let login = &self.consent.login;
        Closed::NeedsAuth(format!("{reason}: X does not let the account in any more; run `{login}`"))
    }

    fn unusable(&self, error: &io::Error) -> Closed {
        Closed::Later(format!("the login in {} cannot be used: {error}", self.file.path().display()))
    }
}
