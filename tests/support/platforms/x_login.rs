//! X's OAuth 2.0: a page that leads back with a code, and a token endpoint whose refresh tokens are good for once. A second
//! use of one ends the whole family that came of a login.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::journal::Journal;
use super::request::{Asked, Reply};
use super::x;

pub(crate) const CLIENT_ID: &str = "stand-in-client-id";
pub(crate) const CLIENT_SECRET: &str = "stand-in-client-secret";
pub(crate) const USERNAME: &str = "wire";

/// What the token endpoint keeps.
#[derive(Debug, Default)]
pub(crate) struct Provider {
    /// How long access tokens are said to live, where it is not two hours.
    pub(crate) lives: Option<u64>,
    /// Whether the app has no secret.
    pub(crate) is_public: bool,
    /// Refreshes that gave new tokens.
    pub(crate) refreshes: usize,
    /// Spent refresh tokens that were used again.
    pub(crate) replays: usize,
    codes: BTreeMap<String, Code>,
    families: Vec<Family>,
    given: usize,
}

#[derive(Debug)]
struct Code {
    challenge: String,
    redirect_uri: String,
}

/// What came of one login.
#[derive(Debug, Default)]
struct Family {
    access: Option<String>,
    refresh: String,
    spent: Vec<String>,
    revoked: bool,
}

impl Provider {
    /// Whether an access token is good.
    pub(super) fn knows(&self, token: &str) -> bool {
        self.families.iter().any(|family| !family.revoked && family.access.as_deref() == Some(token))
    }

    /// Lets every access token end before its time.
    pub(crate) fn end_access(&mut self) {
        self.families.iter_mut().for_each(|family| family.access = None);
    }

    /// The account lets the app in no longer.
    pub(crate) fn revoke(&mut self) {
        self.families.iter_mut().for_each(|family| family.revoked = true);
    }

    fn next(&mut self, what: &str) -> String {
        self.given += 1;
        format!("stand-in-{what}-token-{}", self.given)
    }
}

/// Answers what has to do with logins; nothing where the request is about something else.
pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Option<Reply> {
    match (asked.method.as_str(), &asked.path()[..]) {
        ("GET", ["i", "oauth2", "authorize"]) => Some(page(asked, journal)),
        ("POST", ["2", "oauth2", "token"]) => Some(token(asked, journal)),
        ("GET", ["2", "users", "me"]) => {
            Some(Reply::json(200, &json!({"data": {"id": x::USER, "username": USERNAME}})))
        }
        _ => None,
    }
}

/// The owner lets the app in at once.
fn page(asked: &Asked, journal: &mut Journal) -> Reply {
    let of = |name: &str| asked.query.get(name).cloned().unwrap_or_default();
    let scopes = "tweet.read tweet.write users.read offline.access";
    let wanted = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("scope", scopes),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in wanted {
        if of(name) != value {
            journal.complain(format!("the login page is asked with another {name}"));
        }
    }
    let provider = &mut journal.x.provider;
    let code = provider.next("code");
    let redirect_uri = of("redirect_uri");
    let back = serde_urlencoded::to_string([("state", of("state")), ("code", code.clone())]).expect("pairs");
    let location = format!("{redirect_uri}?{back}");
    provider.codes.insert(code, Code { challenge: of("code_challenge"), redirect_uri });
    Reply::text(302, "").with("location", &location)
}

fn token(asked: &Asked, journal: &mut Journal) -> Reply {
    let form: BTreeMap<String, String> = serde_urlencoded::from_bytes(&asked.body).unwrap_or_default();
    let of = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let provider = &mut journal.x.provider;
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
    let is_let_in = match provider.is_public {
        true => asked.header("authorization").is_none() && of("client_id") == CLIENT_ID,
        false => asked.header("authorization") == Some(&basic),
    };
    if !is_let_in {
        return refuse(401, "unauthorized_client", "Missing valid authorization header");
    }
    match of("grant_type") {
        "authorization_code" => {
            let Some(code) = provider.codes.remove(of("code")) else { return invalid() };
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(of("code_verifier")));
            if code.challenge != challenge || code.redirect_uri != of("redirect_uri") {
                return invalid();
            }
            provider.families.push(Family::default());
            let family = provider.families.len() - 1;
            give(provider, family)
        }
        "refresh_token" => {
            let spends = |family: &Family| family.refresh == of("refresh_token");
            let spent = |family: &&mut Family| family.spent.iter().any(|spent| spent == of("refresh_token"));
            if let Some(family) = provider.families.iter().position(spends) {
                if provider.families[family].revoked {
                    return invalid();
                }
                provider.refreshes += 1;
                return give(provider, family);
            }
            if let Some(family) = provider.families.iter_mut().find(spent) {
                family.revoked = true;
                provider.replays += 1;
            }
            invalid()
        }
        _ => refuse(400, "unsupported_grant_type", ""),
    }
}

fn give(provider: &mut Provider, family: usize) -> Reply {
    let (access, refresh) = (provider.next("access"), provider.next("refresh"));
    let lives = provider.lives.unwrap_or(7200);
    let family = &mut provider.families[family];
    let spent = std::mem::replace(&mut family.refresh, refresh.clone());
    family.spent.push(spent);
    family.access = Some(access.clone());
    let body = json!({
        "token_type": "bearer", "expires_in": lives, "access_token": access, "refresh_token": refresh,
        "scope": "tweet.read tweet.write users.read offline.access",
    });
    Reply::json(200, &body)
}

fn invalid() -> Reply {
    refuse(400, "invalid_request", "Value passed for the token was invalid.")
}

fn refuse(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}
