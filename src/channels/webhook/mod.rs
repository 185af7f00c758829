//! The channel `webhook`: signed requests to an endpoint of the operator's own, by Standard Webhooks 1.0.
//!
//! The `webhook-id` of a post is the same on every attempt and so are the bytes, so a receiver that remembers ids for the
//! idempotency window takes each post exactly once. The id is made of the channel's and the story's names and the
//! revision; it is also sent as `Idempotency-Key`. What each answer means stands in one table, in `answer.rs`.
//!
//! Receivers refuse what is not dated about now, so a request is dated by a clock of the channel's own: in a replay the
//! tree's clock shows recording time. Everything that goes back to the tree is on the tree's clock.

mod answer;
mod payload;
mod signature;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use secrecy::SecretString;
use uuid::Uuid;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Reconciled, RenderError,
};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::post::{Frozen, Outcome, Post, Remote};

use super::departure::Departure;
pub use signature::{SecretError, SigningKey};

use super::platform::is_this_machine;

/// Under which the ids of posts are made; it must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x1f6b_0d2c_73c4_5a0e_8a3b_e1d4_92f7_5c66);

/// Where and how posts are sent.
#[derive(Clone)]
pub struct WebhookSettings {
    /// The endpoint. It may hold a token, so it is never shown whole.
    pub url: String,
    /// The secret shared with the receiver: `whsec_` and base64.
    pub secret: SecretString,
    /// Whether plain HTTP is allowed to other machines too. To this machine it always is.
    pub allow_http: bool,
    /// For how long the receiver recognises an id it has seen.
    pub idempotency: Idempotency,
    /// Attempts that may be under way at once.
    pub in_flight: usize,
    /// How long to wait for a connection.
    pub connect_within: Duration,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

impl WebhookSettings {
    /// Settings with the defaults: a day of idempotency, one request at a time, 5 s to connect, 20 s in all.
    pub fn new(url: impl Into<String>, secret: SecretString) -> Self {
        Self {
            url: url.into(),
            secret,
            allow_http: false,
            idempotency: Idempotency::For(Duration::from_secs(24 * 3600)),
            in_flight: 1,
            connect_within: Duration::from_secs(5),
            attempt_within: Duration::from_secs(20),
        }
    }
}

/// Why a webhook cannot be used as it is set up.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The URL is none, or of a scheme that is not HTTP.
    #[error("the webhook's url is not an https URL ({detail}): write it as https://host/path")]
    Url {
        /// What is wrong.
        detail: String,
    },
    /// Plain HTTP to another machine.
    #[error(
        "the webhook's url sends posts unencrypted to {host}: use https, or set allow_http = true if the network between is \
         your own"
    )]
    Unencrypted {
        /// The host.
        host: String,
    },
    /// The secret is of another form.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// No client.
    #[error("set up the webhook's HTTP client: {detail}")]
    Client {
        /// What the library says.
        detail: String,
    },
}

/// A webhook of the operator's own.
pub struct WebhookChannel {
    client: reqwest::Client,
    url: Url,
    key: SigningKey,
    settings: WebhookSettings,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for WebhookChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookChannel").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl WebhookChannel {
    /// A webhook by these settings. `clock` is the real time of day, by which requests are dated.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: WebhookSettings, clock: Arc<dyn Clock>) -> Result<Self, WebhookError> {
        let url = endpoint(&settings)?;
        let key = SigningKey::parse(&settings.secret)?;
        let client = crate::http::client(settings.connect_within, settings.attempt_within)
            .map_err(|e| WebhookError::Client { detail: crate::http::describe(e) })?;
        Ok(Self { client, url, key, settings, clock })
    }
}

fn endpoint(settings: &WebhookSettings) -> Result<Url, WebhookError> {
    let url = Url::parse(&settings.url).map_err(|e| WebhookError::Url { detail: e.to_string() })?;
    let Some(host) = url.host_str() else {
        return Err(WebhookError::Url { detail: "it names no host".to_owned() });
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if settings.allow_http || is_this_machine(host) => Ok(url),
        "http" => Err(WebhookError::Unencrypted { host: host.to_owned() }),
        other => Err(WebhookError::Url { detail: format!("its scheme is {other}") }),
    }
}

#[async_trait]
impl Channel for WebhookChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: Limits { max: 2000, unit: LengthUnit::Graphemes },
            idempotency: self.settings.idempotency,
            reads_back: false,
            read_back_lag: Duration::ZERO,
            in_flight: self.settings.in_flight,
            corrections: Corrections::Create,
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let name = format!("{}/{}/{}", post.channel, post.story, post.revision);
        let key = format!("msg_{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()).simple());
        let body = payload::render(post).map_err(|e| RenderError { detail: e.to_string() })?;
        Ok(Frozen { body, key })
    }

    async fn send(&self, _post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let dated = self.clock.now().as_second();
        let (departure, body) = Departure::of(frozen.body.clone(), fence);
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &frozen.key)
            .header("webhook-timestamp", dated)
            .header("webhook-signature", self.key.sign(&frozen.key, dated, &frozen.body))
            .header("idempotency-key", format!("\"{}\"", frozen.key))
            .body(body);
        match request.send().await {
            Ok(response) => {
                let remote = Remote { id: frozen.key.clone(), url: None };
                answer::outcome(response.status(), response.headers(), remote, now, self.clock.now())
            }
            Err(error) => departure.judge(error.into()).outcome(now),
        }
    }

    async fn reconcile(&self, _post: &Post, _frozen: &Frozen, _now: Timestamp) -> Reconciled {
        Reconciled::CannotTell { reason: "a webhook's receiver cannot be asked".to_owned() }
    }
}
