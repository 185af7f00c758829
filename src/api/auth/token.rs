//! Tokens: JSON Web Tokens (RFC 7519), signed with HS256, and nothing else.
//!
//! Every token has the same header but for its key's id, so whatever else a header brings (`jwk`, `jku`, `crit`, another
//! `alg`) is refused before anything is looked at. The time comes in as an argument.

use std::collections::HashSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hs256;
use crate::settings::secrets::SigningKeys;

/// Who issues tokens (`iss`).
pub const ISSUER: &str = "wirereport";
/// Whom they are for (`aud`).
pub const AUDIENCE: &str = "wirereport-api";
/// A longer one is none of ours: those have fewer than six hundred.
pub const LONGEST: usize = 2048;

/// How far ahead of ours the clock of another instance may be, in seconds.
const SKEW: i64 = 60;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Its id.
    pub jti: String,
    /// Whose it is.
    pub sub: String,
    /// Who issued it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// What it may do.
    pub scope: String,
}

/// Why a token is not good. What it says of itself is known only where its signature is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is no token of ours by its form.
    #[error("this is no token of this service")]
    Malformed,
    /// It is longer than any of ours.
    #[error("the token is longer than {LONGEST} bytes")]
    TooLong,
    /// Its header asks for something else than HS256 and a key of ours.
    #[error("the token's header is not one of this service")]
    Header,
    /// The key that signed it is not in use, or no longer.
    #[error("the token's key is not in use")]
    UnknownKey,
    /// It was not signed with that key.
    #[error("the token's signature is wrong")]
    Signature,
    /// It is from or for somebody else.
    #[error("the token is from or for another service")]
    Elsewhere,
    /// It has ended.
    #[error("the token has expired")]
    Expired(Box<Claims>),
    /// The ledger does not know it, or not like that.
    #[error("the token was not issued here")]
    Unissued(Box<Claims>),
    /// It was revoked.
    #[error("the token has been revoked")]
    Revoked(Box<Claims>),
    /// It is from the future.
    #[error("the token was issued in the future")]
    Future(Box<Claims>),
}

impl BadToken {
    /// What the token says, where that is sure.
    pub fn claims(&self) -> Option<&Claims> {
        match self {
            Self::Expired(claims) | Self::Unissued(claims) | Self::Revoked(claims) | Self::Future(claims) => {
                Some(claims)
            }
            _ => None,
        }
    }
}

struct Key {
    id: String,
    signs: EncodingKey,
    verifies: DecodingKey,
}

/// The keys in use, the newest first: it signs, all of them verify.
pub struct TokenKeys {
    keys: Vec<Key>,
    validation: Validation,
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl TokenKeys {
    /// Takes keys into use.
    pub fn new(keys: &SigningKeys) -> Self {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(str::to_owned));
        // Times are compared with the clock that comes in, below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let keys = keys.iter().map(|key| {
            let bytes = key.expose_secret().as_bytes();
            Key {
                id: id_of(bytes),
                signs: EncodingKey::from_secret(bytes),
                verifies: DecodingKey::from_secret(bytes),
            }
        });
        Self { keys: keys.collect(), validation }
    }

    /// Whether tokens under that key are still good.
    pub fn knows(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// The id of the key that signs.
    pub fn current(&self) -> &str {
        self.keys.first().map_or("", |key| &key.id)
    }

    /// Signs a token with the newest key.
    ///
    /// # Errors
    /// Where there is no key.
    pub fn sign(&self, claims: &Claims) -> Result<SecretString, BadToken> {
        let key = self.keys.first().ok_or(BadToken::UnknownKey)?;
        let token = encode(&header(&key.id), claims, &key.signs).map_err(|_| BadToken::Malformed)?;
        Ok(SecretString::from(token))
    }

    /// What a token says, if it is good at that time.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, BadToken> {
        if token.len() > LONGEST {
            return Err(BadToken::TooLong);
        }
        // Names no algorithm but ours can have are no header at all.
        let shown = decode_header(token).map_err(|_| BadToken::Malformed)?;
        let id = shown.kid.clone().ok_or(BadToken::Header)?;
        if shown != header(&id) {
            return Err(BadToken::Header);
        }
        let key = self.keys.iter().find(|key| key.id == id).ok_or(BadToken::UnknownKey)?;
        let claims =
            decode::<Claims>(token, &key.verifies, &self.validation).map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => BadToken::Signature,
                ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => BadToken::Elsewhere,
                ErrorKind::InvalidAlgorithm => BadToken::Header,
                _ => BadToken::Malformed,
            })?;
        let (claims, now) = (claims.claims, now.as_second());
        match claims {
            claims if claims.iat > now + SKEW => Err(BadToken::Future(Box::new(claims))),
            claims if claims.exp <= now => Err(BadToken::Expired(Box::new(claims))),
            claims => Ok(claims),
        }
    }
}

fn header(id: &str) -> Header {
    Header { kid: Some(id.to_owned()), ..Header::new(Algorithm::HS256) }
}

/// A key's id: enough of its hash to tell keys apart, and nothing that helps to find it.
fn id_of(key: &[u8]) -> String {
    let hash = Sha256::new().chain_update(b"wirereport signing key\0").chain_update(key).finalize();
    URL_SAFE_NO_PAD.encode(&hash[..9])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> TokenKeys {
        TokenKeys::new(&SigningKeys::parse("0Zb1nT6vQm8kXr3wYc5dGh7jLp9sUf2aTESTKEY").expect("a key"))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn claims(iat: i64, exp: i64) -> Claims {
        let text = str::to_owned;
        let (iss, aud) = (text(ISSUER), text(AUDIENCE));
        Claims { jti: text("id"), sub: text("desk"), iss, aud, exp, iat, scope: text("read") }
    }

    #[test]
    fn a_token_is_good_from_its_beginning_to_its_end_and_not_a_second_longer() {
        let keys = keys();
        let claims = claims(1000, 2000);
        let token = keys.sign(&claims).expect("signed");
        let verify = |second| keys.verify(token.expose_secret(), at(second));
        assert!(token.expose_secret().len() < 600);
        assert_eq!(verify(1000), Ok(claims.clone()));
        assert_eq!(verify(1999), Ok(claims.clone()));
        assert_eq!(verify(2000), Err(BadToken::Expired(Box::new(claims.clone()))));
        assert_eq!(verify(940), Ok(claims.clone()), "another instance's clock may be a minute ahead");
        assert_eq!(verify(939), Err(BadToken::Future(Box::new(claims))));
        assert!(!format!("{keys:?}").contains("TESTKEY"));
    }

    proptest! {
        #[test]
        fn no_text_is_a_token_by_chance(text in ".{0,200}", parts in "[A-Za-z0-9_-]{0,80}(\\.[A-Za-z0-9_-]{0,80}){0,4}") {
            let keys = keys();
            prop_assert!(keys.verify(&text, at(1500)).is_err());
            prop_assert!(keys.verify(&parts, at(1500)).is_err());
        }

        #[test]
        fn a_token_with_one_sign_changed_is_no_token(place in any::<prop::sample::Index>(), sign in "[A-Za-z0-9_.=-]") {
            let keys = keys();
            let token = keys.sign(&claims(1000, 2000)).expect("signed");
            let mut changed = token.expose_secret().to_owned();
            let place = place.index(changed.len());
            changed.replace_range(place..=place, &sign);
            prop_assume!(changed != token.expose_secret());
            prop_assert!(keys.verify(&changed, at(1500)).is_err(), "{}", changed);
        }
    }
}
