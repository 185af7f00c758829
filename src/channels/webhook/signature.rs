//! Signatures by Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// Lengths of a key in bytes that the specification allows.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Why a secret cannot be used.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq, Eq)]
#[error(
    "the webhook's secret {0}: it is `whsec_` followed by 24 to 64 random bytes in base64, for example from `echo whsec_$(openssl \
     rand -base64 32)`"
)]
pub struct SecretError(&'static str);

/// A webhook's secret, ready to sign with. It does not show itself.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// Reads a secret as operators exchange it.
    ///
    /// # Errors
    /// Where it is not of that form.
    pub fn parse(secret: &SecretString) -> Result<Self, SecretError> {
        let secret = secret.expose_secret().trim();
        let encoded = secret.strip_prefix(PREFIX).ok_or(SecretError("does not begin with whsec_"))?;
        let bytes = STANDARD.decode(encoded).map_err(|_| SecretError("is not base64 after whsec_"))?;
        if !LENGTHS.contains(&bytes.len()) {
            return Err(SecretError("is too short or too long"));
        }
        let mac = Hmac::new_from_slice(&bytes).map_err(|_| SecretError("is of a wrong length"))?;
        Ok(Self(mac))
    }

    /// The value of `webhook-signature` for a message of that id, sent at that Unix second.
    pub fn sign(&self, id: &str, second: i64, body: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{second}.").as_bytes());
        mac.update(body.as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}
