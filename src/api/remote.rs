//! The API of a service that runs elsewhere, over HTTPS with a token.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::client::{ANSWER_WITHIN, ClientError};
use crate::http;

/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// A service elsewhere.
#[derive(Debug)]
pub struct Remote {
    client: reqwest::Client,
    base: Url,
    token: SecretString,
}

impl Remote {
    /// The service whose API is at `base`: `https://wire.example.org`, with its path prefix if it has one.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn at(base: &str, token: SecretString) -> Result<Self, String> {
        let address = "an address such as https://wire.example.org";
        let url = Url::parse(base).map_err(|_| format!("--url wants {address}"))?;
        let local = url.host_str().is_some_and(|host| {
            let address = host.trim_matches(['[', ']']).parse();
            host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
        });
        match url.scheme() {
            "https" => {}
            "http" if local => {}
            _ => {
                return Err(format!(
                    "--url wants {address}: over plain HTTP the token can be read on the way"
                ));
            }
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(format!("--url wants {address}, without a name, a password or a query in it"));
        }
        let client = http::client(CONNECT_WITHIN, ANSWER_WITHIN).map_err(http::describe)?;
        Ok(Self { client, base: url, token })
    }

    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), ClientError> {
        let base = self.base.as_str().trim_end_matches('/');
        let request = self.client.request(method, format!("{base}{path}"));
        let request = request.header("content-type", "application/json").body(body);
        let unreachable =
            |error| ClientError::Unreachable { address: base.to_owned(), detail: http::describe(error) };
        let response = request.bearer_auth(self.token.expose_secret()).send().await.map_err(unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unreachable)?;
        Ok((status, body.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_over_plain_http_on_this_machine_only() {
        let at = |base: &str| Remote::at(base, SecretString::from("eyJ")).map(drop);
        for good in [
            "https://wire.example.org",
            "https://example.org/wire/",
            "http://127.0.0.1:8000",
            "http://[::1]:8",
        ] {
            assert_eq!(at(good), Ok(()), "{good}");
        }
        for bad in [
            "http://wire.example.org",
            "wire.example.org",
            "ftp://localhost",
            "https://me:pw@example.org",
            "http://10.0.0.7",
        ] {
            assert!(at(bad).is_err_and(|said| said.starts_with("--url wants an address")), "{bad}");
        }
    }
}
