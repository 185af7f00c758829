//! Requests signed by OAuth 1.0a (RFC 5849) with HMAC-SHA1, as X wants them.
//!
//! The signature covers the method, the URL that is really requested, its query and the `oauth_` parameters; a body of
//! JSON is not part of it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

/// What is percent-encoded: all but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Who signs: an app and an account that let it in. It does not show itself.
#[derive(Clone)]
pub struct Credentials {
    /// The app.
    pub consumer_key: SecretString,
    /// The app's secret.
    pub consumer_secret: SecretString,
    /// The account.
    pub token: SecretString,
    /// The account's secret.
    pub token_secret: SecretString,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// What makes a request the only one of its kind.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// Never used before in the same second.
    pub nonce: String,
    /// When it is signed, in Unix seconds.
    pub second: i64,
}

impl Credentials {
    /// The value of `Authorization` for a request. `form` are the parameters of a form in its body, of which JSON has none.
    pub fn authorization(&self, method: &str, url: &Url, form: &[(&str, &str)], stamp: &Stamp) -> String {
        let second = stamp.second.to_string();
        let oauth = [
            ("oauth_consumer_key", self.consumer_key.expose_secret()),
            ("oauth_nonce", stamp.nonce.as_str()),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", second.as_str()),
            ("oauth_token", self.token.expose_secret()),
            ("oauth_version", "1.0"),
        ];
        let query: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let query = query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let parameters = oauth.into_iter().chain(query).chain(form.iter().copied());
        let signature = self.signature(method, url, parameters);
        let parts = oauth.into_iter().chain([("oauth_signature", signature.as_str())]);
        let parts: Vec<String> =
            parts.map(|(name, value)| format!("{}=\"{}\"", encoded(name), encoded(value))).collect();
        format!("OAuth {}", parts.join(", "))
    }

    /// The signature, in base64.
    fn signature<'p>(
        &self,
        method: &str,
        url: &Url,
        parameters: impl Iterator<Item = (&'p str, &'p str)>,
    ) -> String {
        let mut pairs: Vec<(String, String)> =
            parameters.map(|(name, value)| (encoded(name), encoded(value))).collect();
        pairs.sort();
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        let base = format!("{method}&{}&{}", encoded(bare.as_str()), encoded(&pairs.join("&")));
        let key = format!(
            "{}&{}",
            encoded(self.consumer_secret.expose_secret()),
            encoded(self.token_secret.expose_secret())
        );
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else { return String::new() };
        mac.update(base.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}
