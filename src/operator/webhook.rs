//! Alerts to a server of the operator's own, signed by Standard Webhooks 1.0 as posts to a webhook are. The id of a notice is
//! the same on every attempt, and so are the bytes.

use std::fmt;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use wirereport_actors::ports::alarm::{Alarm, AlarmError};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::alert::Notice;

use super::notice::{body, id};
use super::{WITHIN, refused, unanswered};
use crate::channels::platform::{self, exchange};
use crate::channels::webhook::SigningKey;
use crate::clock::SystemClock;

/// A server of the operator's own.
pub struct WebhookAlarm {
    client: reqwest::Client,
    url: Url,
    key: SigningKey,
    instance: String,
}

impl fmt::Debug for WebhookAlarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookAlarm").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl WebhookAlarm {
    /// The server at that address, for what this installation is called.
    ///
    /// # Errors
    /// Says what is wrong with the address or the secret.
    pub fn new(url: &SecretString, secret: &SecretString, instance: &str) -> Result<Self, String> {
        platform::address("the alerts' webhook", url.expose_secret()).map_err(|error| error.to_string())?;
        let url = Url::parse(url.expose_secret()).map_err(|error| error.to_string())?;
        let key = SigningKey::parse(secret).map_err(|error| error.to_string())?;
        let client = platform::client(WITHIN).map_err(|error| error.to_string())?;
        Ok(Self { client, url, key, instance: instance.to_owned() })
    }
}

#[async_trait]
impl Alarm for WebhookAlarm {
    fn route(&self) -> &str {
        "webhook"
    }

    async fn tell(&self, notice: &Notice) -> Result<(), AlarmError> {
        let id = id(&self.instance, notice);
        let body = body(&self.instance, notice).map_err(|error| AlarmError::new(error.to_string()))?;
        let now = SystemClock.now();
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", self.key.sign(&id, now.as_second(), &body))
            .header("idempotency-key", format!("\"{id}\""))
            .body(body);
        match exchange(request).await {
            Ok(answer) if answer.is_success() => Ok(()),
            Ok(answer) => Err(refused("the webhook", &answer, "", now)),
            Err(silence) => Err(unanswered(&silence)),
        }
    }
}
