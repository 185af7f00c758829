//! HTTP clients as the wire needs them: one attempt is one request.
//!
//! reqwest retries and follows redirects by default; both are off, since the ledger decides what is tried again and a
//! redirect would carry a post to a place nobody configured. URLs are stripped from errors, since some hold secrets.

use std::time::Duration;

/// How the wire names itself. Feeds refuse clients that do not say who they are and where to complain.
pub const USER_AGENT: &str =
    concat!("wirereport/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// A client that gives up on a connection after `connect` and on a whole exchange after `total`. So does the kernel: what it
/// was given and the other side has not acknowledged by then it forgets, rather than deliver it when a line comes back.
///
/// # Errors
/// Where TLS cannot be set up.
pub fn client(connect: Duration, total: Duration) -> Result<reqwest::Client, reqwest::Error> {
    // A second installation of the same provider is refused and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder();
    #[cfg(target_os = "linux")]
    let client = client.tcp_user_timeout(total);
    client
        .user_agent(USER_AGENT)
        .connect_timeout(connect)
        .timeout(total)
        .gzip(true)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
}

/// An error's own words and its causes', without its URL.
pub fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}
