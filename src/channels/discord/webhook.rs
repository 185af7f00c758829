//! A channel's incoming webhook.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, Quota, Reconciled, RenderError,
};
use wirereport_actors::wire::post::{Frozen, Outcome, Post};

use super::{Call, LIMITS, answer};
use crate::channels::platform::{self, AccountError, Quotas};

/// Which webhook.
#[derive(Clone)]
pub struct DiscordWebhookSettings {
    /// The webhook's URL, which is its secret: `https://discord.com/api/webhooks/…/…`.
    pub url: SecretString,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// A channel's incoming webhook.
pub struct DiscordWebhook {
    client: reqwest::Client,
    url: Url,
    settings: DiscordWebhookSettings,
    quotas: Quotas,
}

impl fmt::Debug for DiscordWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscordWebhook").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

/// Says what is wrong with the form of a webhook's URL.
///
/// # Errors
/// Where it is of another form.
pub fn check_url(url: &str) -> Result<(), &'static str> {
    let wrong = "is no webhook's URL: that begins with https://discord.com/api/webhooks/, as the channel's settings show it";
    let url = platform::address("the webhook", url).map_err(|_| wrong)?;
    let parts: Vec<&str> = url.path().trim_end_matches('/').split('/').collect();
    let at = parts.iter().position(|part| *part == "webhooks").ok_or(wrong)?;
    let (id, token) = match parts[at + 1..] {
        [id, token] => (id, token),
        _ => return Err(wrong),
    };
    let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    if is_id && !token.is_empty() && url.query().is_none() { Ok(()) } else { Err(wrong) }
}

impl DiscordWebhook {
    /// A webhook by these settings.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: DiscordWebhookSettings) -> Result<Self, AccountError> {
        const WHAT: &str = "the Discord webhook";
        let text = settings.url.expose_secret();
        check_url(text).map_err(|detail| AccountError::Secret { what: WHAT, detail })?;
        let url = platform::address(WHAT, text)?;
        let client = platform::client(settings.attempt_within)?;
        Ok(Self { client, url, settings, quotas: Quotas::default() })
    }

    fn request(&self, method: Method, rest: &str) -> RequestBuilder {
        let url = self.url.as_str().trim_end_matches('/');
        self.client.request(method, format!("{url}{rest}"))
    }
}

#[async_trait]
impl Channel for DiscordWebhook {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: LIMITS,
            idempotency: Idempotency::None,
            reads_back: false,
            read_back_lag: Duration::ZERO,
            in_flight: 1,
            corrections: Corrections::Edit,
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let body = Call::of(post).message(&post.text).to_string();
        Ok(Frozen { body, key: platform::digest(post).to_string() })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let call = Call::of(post);
        let tell = |request| platform::tell(request, frozen.body.clone(), fence);
        let answered = match &call {
            // Without `wait` an answer says nothing about the message.
            Call::Send { .. } => tell(self.request(Method::POST, "?wait=true")).await,
            Call::Edit(id) => tell(self.request(Method::PATCH, &format!("/messages/{id}"))).await,
            Call::Delete(id) => {
                platform::take_back(self.request(Method::DELETE, &format!("/messages/{id}")), fence).await
            }
        };
        match answered {
            Ok(answer) => {
                self.quotas.note(answer::quotas(&answer, now));
                call.outcome(&answer, now)
            }
            Err(silence) => silence.outcome(now),
        }
    }

    async fn reconcile(&self, post: &Post, _frozen: &Frozen, _now: Timestamp) -> Reconciled {
        match Call::of(post) {
            Call::Send { .. } => {
                Reconciled::CannotTell { reason: "a Discord webhook cannot be read".to_owned() }
            }
            Call::Edit(_) | Call::Delete(_) => Reconciled::Absent,
        }
    }

    fn quotas(&self) -> Vec<Quota> {
        self.quotas.current()
    }
}
