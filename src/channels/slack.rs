//! The channel `slack`: a channel's incoming webhook.
//!
//! Slack gives a message that came through a webhook neither a key nor an id and does not let it be read, changed or
//! deleted. So what may have arrived is held, you are asked, and a correction is a message of its own.
//!
//! | answer | outcome |
//! |---|---|
//! | 200 `ok` | sent |
//! | another 200, 5xx | unknown: Slack had the request |
//! | 403 | halted: the webhook is revoked, or may not post there |
//! | 404, 410 | halted: the webhook or its channel is no more |
//! | 429 | not sent; `Retry-After` is kept |
//! | other 4xx, 3xx | refused |

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Reconciled, RenderError,
};
use wirereport_actors::wire::post::{Frozen, Outcome, Post};

use super::platform::{self, AccountError, Answer, gone, needs_auth, rate_limited, words};

/// Which webhook.
#[derive(Clone)]
pub struct SlackSettings {
    /// The webhook's URL, which is its secret: `https://hooks.slack.com/services/…`.
    pub url: SecretString,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// A channel's incoming webhook.
pub struct SlackChannel {
    client: reqwest::Client,
    url: Url,
    settings: SlackSettings,
}

impl fmt::Debug for SlackChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlackChannel").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

/// Says what is wrong with the form of a webhook's URL.
///
/// # Errors
/// Where it is of another form.
pub fn check_url(url: &str) -> Result<(), &'static str> {
    let wrong = "is no webhook's URL: that begins with https://hooks.slack.com/services/, as the app's settings show it";
    let url = platform::address("the webhook", url).map_err(|_| wrong)?;
    let parts = url.path_segments().map_or(0, |parts| parts.filter(|part| !part.is_empty()).count());
    if parts >= 2 { Ok(()) } else { Err(wrong) }
}

impl SlackChannel {
    /// A webhook by these settings.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: SlackSettings) -> Result<Self, AccountError> {
        const WHAT: &str = "the Slack webhook";
        let text = settings.url.expose_secret();
        check_url(text).map_err(|detail| AccountError::Secret { what: WHAT, detail })?;
        platform::address(WHAT, text)?;
        let url = Url::parse(text).map_err(|_| AccountError::Secret { what: WHAT, detail: "is no URL" })?;
        let client = platform::client(settings.attempt_within)?;
        Ok(Self { client, url, settings })
    }
}

/// A text in which no sign means anything to Slack.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[async_trait]
impl Channel for SlackChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: Limits { max: 3000, unit: LengthUnit::Utf16 },
            idempotency: Idempotency::None,
            reads_back: false,
            read_back_lag: Duration::ZERO,
            in_flight: 1,
            corrections: Corrections::Create,
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let text = escaped(&post.text);
        let body = json!({"text": text, "mrkdwn": false, "unfurl_links": false, "unfurl_media": false});
        Ok(Frozen { body: body.to_string(), key: platform::digest(post).to_string() })
    }

    /// A message's remote id is ours, since Slack says none.
    async fn send(&self, _post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let request = self.client.post(self.url.clone());
        match platform::tell(request, frozen.body.clone(), fence).await {
            Ok(answer) if answer.status == 200 && answer.body.trim() == "ok" => {
                platform::sent(&frozen.key, None)
            }
            Ok(answer) => trouble(&answer, now),
            Err(silence) => silence.outcome(now),
        }
    }

    async fn reconcile(&self, _post: &Post, _frozen: &Frozen, _now: Timestamp) -> Reconciled {
        Reconciled::CannotTell { reason: "a Slack webhook cannot be read".to_owned() }
    }
}

fn trouble(answer: &Answer, now: Timestamp) -> Outcome {
    let said = words(&answer.body);
    let said = if said.is_empty() { said } else { format!(" ({said})") };
    let reason = format!("Slack answered HTTP {}{said}", answer.status);
    match answer.status {
        403 => needs_auth(format!("{reason}: check the webhook, which may have been revoked"), now),
        404 | 410 => gone(format!("{reason}: check the webhook and its channel"), now),
        429 => rate_limited(reason, answer.retry_after(now), now),
        300..=499 => Outcome::Refused { reason },
        _ => Outcome::Unknown { reason },
    }
}
