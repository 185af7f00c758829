//! Accounts on X: which app and account, and how they are let in.

use std::time::Duration;

use serde::Serialize;

use super::addresses;
use super::channel::is_name;
use super::duration;
use super::platform::{ReadBack, SecretName, Trying, any, api_url, read_back, trying, up_to, variable};
use super::reader::{Refusal, Section};
use super::tree::Node;
use super::values::{self, Read};
use crate::channels::x;

/// Where X's login page leads back to.
const REDIRECT: &str = "http://127.0.0.1:8917/callback";

/// An account on X.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct XSettings {
    /// How the account is let in.
    pub auth: XAuth,
    /// The environment variable that holds the app's key, for OAuth 1.0a.
    pub consumer_key_env: String,
    /// The environment variable that holds the app's secret.
    pub consumer_secret_env: String,
    /// The environment variable that holds the account's token.
    pub access_token_env: String,
    /// The environment variable that holds the account's secret.
    pub access_token_secret_env: String,
    /// The environment variable that holds the app's client id, for OAuth 2.0.
    pub client_id_env: String,
    /// The environment variable that holds the app's client secret, which only a confidential client has.
    pub client_secret_env: String,
    /// Under which name the account's login is kept: several channels with the same one are on the same account.
    pub account: String,
    /// Where the login page leads back to; registered with the app, to the letter.
    pub redirect_uri: String,
    /// The login page.
    pub authorize_url: String,
    /// Whether a correction answers what it corrects.
    pub threads: bool,
    /// Where the API is.
    pub api_url: String,
    /// How the fate of an attempt is looked up.
    #[serde(flatten)]
    pub read_back: ReadBack,
    /// How long after an attempt a post that the timeline does not show counts as absent.
    #[serde(with = "duration")]
    pub absent_after: Duration,
    /// How posts are tried.
    #[serde(flatten)]
    pub trying: Trying,
}

/// How an account on X is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum XAuth {
    /// By OAuth 1.0a, whose tokens do not end.
    OAuth1,
    /// By OAuth 2.0 with PKCE, after `wirereport channel login`.
    OAuth2,
}

impl XSettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        let secret = |key, variable, check| SecretName { key, variable, check, optional: false };
        match self.auth {
            XAuth::OAuth1 => vec![
                secret("consumer_key_env", &self.consumer_key_env, any as fn(&str) -> _),
                secret("consumer_secret_env", &self.consumer_secret_env, any),
                secret("access_token_env", &self.access_token_env, x::check_token),
                secret("access_token_secret_env", &self.access_token_secret_env, any),
            ],
            XAuth::OAuth2 => vec![
                secret("client_id_env", &self.client_id_env, any as fn(&str) -> _),
                SecretName { optional: true, ..secret("client_secret_env", &self.client_secret_env, any) },
            ],
        }
    }
}

pub(super) fn read(section: &mut Section<'_>, name: &str) -> XSettings {
    const AUTHS: &[(&str, XAuth)] = &[("oauth1", XAuth::OAuth1), ("oauth2", XAuth::OAuth2)];
    let settings = XSettings {
        auth: section.take("auth", values::one_of(AUTHS), XAuth::OAuth1),
        consumer_key_env: variable(section, "consumer_key_env", "TWITTER_CONSUMER_KEY"),
        consumer_secret_env: variable(section, "consumer_secret_env", "TWITTER_CONSUMER_SECRET"),
        access_token_env: variable(section, "access_token_env", "TWITTER_ACCESS_TOKEN"),
        access_token_secret_env: variable(section, "access_token_secret_env", "TWITTER_ACCESS_TOKEN_SECRET"),
        client_id_env: variable(section, "client_id_env", "TWITTER_CLIENT_ID"),
        client_secret_env: variable(section, "client_secret_env", "TWITTER_CLIENT_SECRET"),
        account: section.take("account", account, name.to_owned()),
        redirect_uri: section.take("redirect_uri", addresses::url, REDIRECT.to_owned()),
        authorize_url: api_url(section, "authorize_url", x::AUTHORIZE),
        threads: section.take("threads", values::boolean, false),
        api_url: api_url(section, "api_url", x::API),
        read_back: read_back(section, x::SHOWN_AFTER),
        absent_after: section.duration("absent_after", up_to(3600), x::ABSENT_AFTER),
        trying: trying(section),
    };
    if settings.absent_after > settings.read_back.within {
        section.conflict(
            &["absent_after", "read_back_for"],
            "is longer than `read_back_for`, after which nobody looks any more; make it no longer than that",
        );
    }
    settings
}

fn account(node: &Node) -> Read<String> {
    let name = values::text(node)?;
    if is_name(&name) {
        return Ok(name);
    }
    let expected = "a name of your own in small letters, digits and dashes, beginning with a letter";
    Err(vec![Refusal::of(node, expected)])
}
