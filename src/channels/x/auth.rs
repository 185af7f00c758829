//! How an account on X is let in, and what that makes of a request.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::AUTHORIZATION;
use reqwest::{RequestBuilder, Url};
use secrecy::ExposeSecret;

use super::bearer::{Bearer, Closed, Consent};
use super::grant::Grant;
use super::oauth1::{Credentials, Stamp};
use crate::channels::platform::AccountError;

/// How an account is let in.
#[derive(Debug, Clone)]
pub enum Auth {
    /// By OAuth 1.0a, whose tokens do not end.
    OAuth1(Credentials),
    /// By OAuth 2.0, whose tokens are renewed.
    OAuth2(Consent),
}

/// Lets requests of one account in.
pub(super) enum Gate {
    Signed { credentials: Credentials, user: String },
    Bearer(Box<Bearer>),
}

/// What lets one request in.
pub(super) enum Pass<'a> {
    Signed { credentials: &'a Credentials, user: &'a str },
    Bearer { bearer: &'a Bearer, grant: Grant },
}

/// Says what is wrong with the form of an account's token.
///
/// # Errors
/// Where it is of another form.
pub fn check_token(token: &str) -> Result<(), &'static str> {
    match user_of(token) {
        Some(_) => Ok(()),
        None => Err("is no access token of an account: that begins with the account's number and a dash"),
    }
}

/// The account whose token it is: its number stands before the dash.
fn user_of(token: &str) -> Option<&str> {
    let (user, rest) = token.split_once('-')?;
    let is_number = !user.is_empty() && user.bytes().all(|b| b.is_ascii_digit());
    (is_number && !rest.is_empty()).then_some(user)
}

impl Gate {
    pub(super) fn new(auth: &Auth) -> Result<Self, AccountError> {
        match auth {
            Auth::OAuth1(credentials) => {
                let token = credentials.token.expose_secret();
                check_token(token)
                    .map_err(|detail| AccountError::Secret { what: "the account on X", detail })?;
                let user = user_of(token).unwrap_or_default().to_owned();
                Ok(Self::Signed { credentials: credentials.clone(), user })
            }
            Auth::OAuth2(consent) => Ok(Self::Bearer(Box::new(Bearer::new(consent.clone())))),
        }
    }

    /// What lets a request in that is made today.
    pub(super) async fn pass(
        &self,
        client: &reqwest::Client,
        api: &Url,
        within: Duration,
        today: Timestamp,
    ) -> Result<Pass<'_>, Closed> {
        Ok(match self {
            Self::Signed { credentials, user } => Pass::Signed { credentials, user },
            Self::Bearer(bearer) => {
                Pass::Bearer { bearer, grant: bearer.current(client, api, within, today).await? }
            }
        })
    }
}

impl Pass<'_> {
    /// The account's id.
    pub(super) fn user(&self) -> &str {
        match self {
            Self::Signed { user, .. } => user,
            Self::Bearer { grant, .. } => &grant.user_id,
        }
    }

    /// The request with this. A signature covers the very URL that is asked for.
    pub(super) fn let_in(
        &self,
        request: RequestBuilder,
        method: &str,
        url: &Url,
        second: i64,
    ) -> RequestBuilder {
        match self {
            Self::Signed { credentials, .. } => {
                let stamp = Stamp { nonce: format!("{:032x}", fastrand::u128(..)), second };
                request.header(AUTHORIZATION, credentials.authorization(method, url, &[], &stamp))
            }
            Self::Bearer { grant, .. } => request.bearer_auth(grant.access_token.expose_secret()),
        }
    }

    /// Notes that X did not let it in; whether a new one may do better.
    pub(super) fn is_renewed_for(&self, status: u16) -> bool {
        match self {
            Self::Bearer { bearer, grant } => status == 401 && bearer.is_rejected(grant),
            Self::Signed { .. } => false,
        }
    }

    /// What the operator does where X does not let it in.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::Signed { .. } => ": check the app's and the account's keys and tokens".to_owned(),
            Self::Bearer { bearer, .. } => format!(": run `{}`", bearer.login()),
        }
    }
}
