//! The tokens that were issued: in the ledger, and in memory, where every request is checked.
//!
//! A good signature is not enough: the ledger must know the token as it was issued. So a revocation works with the next
//! request and after every restart, and whoever came by a signing key alone cannot make tokens that nobody lists.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use wirereport_actors::ports::ledger::LedgerError;

use super::codes::Codes;
use super::scope::{self, Scope};
use super::token::{AUDIENCE, BadToken, Claims, ISSUER, TokenKeys};
use super::{Caller, cookie, token};
use crate::api::problem::Problem;
use crate::api::types::{TokenIssued, TokenOrder};
use crate::ledger::SqliteLedger;
use crate::ledger::access::TokenRecord;
use crate::settings::duration;
use crate::settings::secrets::SigningKeys;

const DAY: Duration = Duration::from_secs(86_400);
/// How long a token is good where nobody says it.
const USUAL: Duration = Duration::from_secs(30 * 86_400);
const SHORTEST: Duration = Duration::from_secs(60);
/// How long a token may be good: whoever forgets one is asked again within a year.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);
const LONGEST_NAME: usize = 64;
/// What the ids of tokens begin with that a sign-in made, and that end with it.
const SESSION: &str = "session-";
/// How long a token that has ended is listed.
const REMEMBERED: Duration = Duration::from_secs(90 * 86_400);

/// The tokens that were issued.
pub struct Tokens {
    keys: TokenKeys,
    ledger: Arc<SqliteLedger>,
    known: RwLock<HashMap<String, TokenRecord>>,
    codes: Codes,
    session: cookie::Name,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({:?})", self.keys)
    }
}

impl Tokens {
    /// Those that the ledger knows.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn load(keys: &SigningKeys, ledger: Arc<SqliteLedger>) -> Result<Self, LedgerError> {
        let known = ledger.tokens().await?.into_iter().map(|token| (token.id.clone(), token)).collect();
        let session = cookie::Name::of(&ledger.identity().await?);
        let (keys, known) = (TokenKeys::new(keys), RwLock::new(known));
        Ok(Self { keys, ledger, known, codes: Codes::default(), session })
    }

    /// The name of the cookie in which a browser shows one.
    pub fn session(&self) -> &cookie::Name {
        &self.session
    }

    /// The keys in use.
    pub fn keys(&self) -> &TokenKeys {
        &self.keys
    }

    /// Issues a token with that id and shows it, this once.
    ///
    /// # Errors
    /// Where the order cannot be carried out, or the ledger cannot be written.
    pub async fn issue(
        &self,
        order: &TokenOrder,
        by: &Caller,
        id: String,
        now: Timestamp,
    ) -> Result<TokenIssued, Problem> {
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let record = TokenRecord {
            id,
            name: checked_name(&order.name)?,
            scopes: words(&order.scopes)?,
            key: self.keys.current().to_owned(),
            issued_at: now,
            issued_by: by.to_string(),
            expires_at: expiry(order, by, now)?,
            revoked_at: None,
        };
        let signed = self.keys.sign(&claims_of(&record));
        let token =
            signed.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
        self.ledger.record_token(&record, now - REMEMBERED).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, token| token.expires_at > now);
        known.insert(record.id.clone(), record.clone());
        Ok(TokenIssued { token: secrecy::ExposeSecret::expose_secret(&token).to_owned(), record })
    }

    /// Makes a code with which the dashboard is signed in to once, for a session that may do what was ordered.
    ///
    /// # Errors
    /// Where the order cannot be carried out.
    pub fn invite(
        &self,
        order: TokenOrder,
        by: &Caller,
        random: [u8; 16],
        now: Timestamp,
    ) -> Result<(String, Timestamp), Problem> {
        checked_name(&order.name)?;
        words(&order.scopes)?;
        expiry(&order, by, now)?;
        Ok(self.codes.issue(order, by.clone(), random, now))
    }

    /// The session's token that a code stands for, if it is good and whoever made it is still let in.
    ///
    /// # Errors
    /// Where the token cannot be made.
    pub async fn redeem(&self, code: &str, now: Timestamp) -> Result<Option<String>, Problem> {
        let Some((order, by)) = self.codes.redeem(code, now) else { return Ok(None) };
        if by.token().is_some_and(|id| !self.stands(id, now)) {
            return Ok(None);
        }
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| {
            let detail = format!("the system gives no random bytes: {error}");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
        })?;
        let id = format!("{SESSION}{:032x}", u128::from_be_bytes(id));
        Ok(Some(self.issue(&order, &by, id, now).await?.token))
    }

    /// Ends the session of whoever signs out, where it has a token of its own.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn end_session(&self, caller: &Caller, now: Timestamp) -> Result<(), LedgerError> {
        match caller.token().filter(|id| id.starts_with(SESSION)) {
            Some(id) => self.revoke(id, now).await.map(drop),
            None => Ok(()),
        }
    }

    /// Ends the token of that id, or every one of that name, from this moment on.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] where there is none. Where the ledger cannot be written, they are ended until the next
    /// start.
    pub async fn revoke(&self, which: &str, now: Timestamp) -> Result<Vec<TokenRecord>, LedgerError> {
        {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            let meant = known.values_mut().filter(|token| token.id == which || token.name == which);
            meant.for_each(|token| {
                token.revoked_at.get_or_insert(now);
            });
        }
        self.ledger.revoke_token(which, now).await
    }

    /// Whether the token of that id has neither ended nor been revoked.
    pub fn stands(&self, id: &str, now: Timestamp) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(id).is_some_and(|token| token.revoked_at.is_none() && token.expires_at > now)
    }

    /// Who shows that token, if it is good.
    ///
    /// # Errors
    /// Why it is not.
    pub fn check(&self, token: &str, address: &str, now: Timestamp) -> Result<Caller, BadToken> {
        let claims = self.keys.verify(token, now)?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.get(&claims.jti) {
            Some(record) if claims_of(record) != claims => Err(BadToken::Unissued(Box::new(claims))),
            None => Err(BadToken::Unissued(Box::new(claims))),
            Some(record) if record.revoked_at.is_some() => Err(BadToken::Revoked(Box::new(claims))),
            Some(record) => match scope::greatest(&record.scopes) {
                Some(scope) => Ok(Caller::Token {
                    name: record.name.clone(),
                    id: record.id.clone(),
                    scope,
                    expires_at: record.expires_at,
                    address: address.to_owned(),
                }),
                None => Err(BadToken::Unissued(Box::new(claims))),
            },
        }
    }
}

fn claims_of(record: &TokenRecord) -> Claims {
    token::Claims {
        jti: record.id.clone(),
        sub: record.name.clone(),
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: record.expires_at.as_second(),
        iat: record.issued_at.as_second(),
        scope: record.scopes.clone(),
    }
}

fn checked_name(name: &str) -> Result<String, Problem> {
    let sign = |sign: char| sign.is_ascii_alphanumeric() || "._@-".contains(sign);
    let begins = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    if begins && name.len() <= LONGEST_NAME && name.chars().all(sign) {
        return Ok(name.to_owned());
    }
    Err(Problem::bad_request(format!(
        "a token's name has up to {LONGEST_NAME} letters, digits, dots, dashes, underscores and @, and begins with a \
         letter or a digit"
    )))
}

fn words(scopes: &[Scope]) -> Result<String, Problem> {
    let words: Vec<&str> =
        Scope::ALL.into_iter().filter(|scope| scopes.contains(scope)).map(Scope::as_str).collect();
    if words.is_empty() {
        return Err(Problem::bad_request("a token needs a scope: read, publish or admin"));
    }
    Ok(words.join(" "))
}

/// When a token ends. One that was ordered with another never outlives it: nobody stays by renewing what he has.
fn expiry(order: &TokenOrder, by: &Caller, now: Timestamp) -> Result<Timestamp, Problem> {
    let within = match &order.expires_in {
        Some(text) => duration::parse(text).filter(|within| (SHORTEST..=LONGEST).contains(within)),
        None => Some(USUAL),
    };
    let Some(within) = within else {
        let days = LONGEST.as_secs() / DAY.as_secs();
        return Err(Problem::bad_request(format!(
            "a token is good for 1 min to {days} days, such as \"30 days\""
        )));
    };
    let ends = now + within;
    Ok(match by {
        Caller::Token { expires_at, .. } => ends.min(*expires_at),
        _ => ends,
    })
}
