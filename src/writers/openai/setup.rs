//! How the service is set up, and what cannot be.

use std::time::Duration;

use jiff::tz::TimeZone;
use reqwest::Url;
use secrecy::SecretString;
use wirereport_actors::wire::expense::{Caps, Prices};
use wirereport_actors::wire::writing::Waits;

use crate::channels::platform::is_this_machine;

/// Where OpenAI's own API is.
pub const BASE_URL: &str = "https://api.openai.com/v1";

/// Whether the model writes numbers and names itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It writes around places that are filled in here.
    #[default]
    Slot,
    /// It writes everything itself.
    Free,
}

/// How the service is asked.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// Where its API begins: what comes before `/chat/completions`.
    pub base_url: String,
    /// The key; servers of one's own need none.
    pub key: Option<SecretString>,
    /// Whether plain HTTP to another machine is meant.
    pub allow_http: bool,
    /// The model, as the service calls it.
    pub model: String,
    /// Who writes numbers and names.
    pub mode: Mode,
    /// How long a connection may take.
    pub connect: Duration,
    /// The most tokens of an answer.
    pub max_tokens: u32,
    /// How much a reasoning model thinks: `low`; `None` where it is not said.
    pub reasoning_effort: Option<String>,
    /// How long a story waits, by what happened.
    pub waits: Waits,
    /// What tokens cost.
    pub prices: Prices,
    /// What may be spent.
    pub caps: Caps,
    /// The zone of the caps' days and months.
    pub zone: TimeZone,
}

/// Why the writer cannot be used as it is set up.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum OpenAiError {
    /// The address is none.
    #[error("the address of the model's server is not one ({detail}): write it as https://host/v1")]
    Address {
        /// What is wrong.
        detail: String,
    },
    /// Plain HTTP to another machine.
    #[error(
        "the address of the model's server sends the key and the facts unencrypted to {host}: use https, or set `allow_http`"
    )]
    Unencrypted {
        /// The host.
        host: String,
    },
    /// The key cannot stand in a header.
    #[error("the key has signs in it that no key has; copy it anew")]
    Key,
    /// No client.
    #[error("set up the HTTP client: {detail}")]
    Client {
        /// What the library says.
        detail: String,
    },
}

/// Whether the facts, and the key, may be sent to that address.
///
/// # Errors
/// Why not.
pub fn check_address(base_url: &str, allow_http: bool) -> Result<Url, OpenAiError> {
    let wrong = |detail: String| OpenAiError::Address { detail };
    let text = format!("{}/chat/completions", base_url.trim_end_matches('/'));
    let url = Url::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let Some(host) = url.host_str() else { return Err(wrong("it names no host".to_owned())) };
    match url.scheme() {
        "https" => Ok(url),
        "http" if allow_http || is_this_machine(host) => Ok(url),
        "http" => Err(OpenAiError::Unencrypted { host: host.to_owned() }),
        other => Err(wrong(format!("its scheme is {other}"))),
    }
}
