//! Webhooks of an operator's own: where requests go, how they are signed, and what their receiver remembers.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::platform::SecretName;
use super::reader::Section;
use super::{addresses, duration, secrets, values};

/// A signed HTTP request to somebody's server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookSettings {
    /// Where it goes.
    pub url: String,
    /// The environment variable that holds the signing secret.
    pub secret_env: String,
    /// For how long the receiver drops a repeat of the same request.
    pub idempotency_window: Repeats,
    /// How many requests may be under way at once.
    pub in_flight: usize,
    /// How often a post is tried before it counts as failed.
    pub attempts: u32,
    /// How long one attempt may take before its outcome counts as unknown.
    #[serde(with = "duration")]
    pub timeout: Duration,
    /// Whether plain `http` is allowed.
    pub allow_http: bool,
}

impl WebhookSettings {
    pub(super) fn secrets(&self) -> Vec<SecretName<'_>> {
        vec![SecretName {
            key: "secret_env",
            variable: &self.secret_env,
            check: secrets::webhook_secret,
            optional: false,
        }]
    }
}

/// For how long a receiver drops repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Always.
    Forever,
    /// For this long after the first.
    For(Duration),
    /// It does not.
    Never,
}

impl Serialize for Repeats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Forever => serializer.serialize_str("forever"),
            Self::For(window) => duration::serialize(window, serializer),
            Self::Never => serializer.serialize_str("never"),
        }
    }
}

pub(super) fn read(section: &mut Section<'_>) -> Option<WebhookSettings> {
    let url = section.require("url", "the address that posts are sent to", addresses::url);
    let variable = "the name of the environment variable that holds the signing secret";
    let secret_env = section.require("secret_env", variable, values::variable_name);
    let window = Repeats::For(Duration::from_secs(3600));
    let limits = (Duration::from_secs(1), Duration::from_secs(300));
    let idempotency_window = section.take("idempotency_window", values::repeats, window);
    let in_flight = section.take("in_flight", values::count(1, 64), 4);
    let attempts = section.take("attempts", values::count(1, 100), 8);
    let timeout = section.duration("timeout", limits, Duration::from_secs(15));
    let allow_http = section.take("allow_http", values::boolean, false);
    let url = url?;
    if url.starts_with("http:") && !allow_http {
        section.conflict(
            &["url", "allow_http"],
            "is plain http, which anybody on the way can read and forge; use https, or set `allow_http = true`",
        );
    }
    Some(WebhookSettings {
        url,
        secret_env: secret_env?,
        idempotency_window,
        in_flight,
        attempts,
        timeout,
        allow_http,
    })
}
