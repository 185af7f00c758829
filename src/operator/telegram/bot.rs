//! The Bot API as the operator's bot speaks it. The token is part of every URL, so no URL is ever shown.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use crate::channels::AccountError;
use crate::channels::platform::{self, exchange, words};
use crate::channels::telegram::check_token;
use crate::operator::WITHIN;

/// A bot.
#[derive(Clone)]
pub struct Bot(Arc<Inner>);

struct Inner {
    client: reqwest::Client,
    api: Url,
    token: SecretString,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("host", &self.0.api.host_str()).finish_non_exhaustive()
    }
}

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Telegram: {detail}")]
pub struct BotError {
    /// What Telegram said, or why it said nothing.
    pub detail: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How long it asked us to wait, if it did.
    pub retry_after: Option<Duration>,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    #[serde(default)]
    retry_after: Option<u64>,
}

impl Bot {
    /// The bot of that token.
    ///
    /// # Errors
    /// Says which of the two is wrong.
    pub fn new(api: &str, token: SecretString) -> Result<Self, AccountError> {
        check_token(token.expose_secret())
            .map_err(|detail| AccountError::Secret { what: "the operator's Telegram bot", detail })?;
        let api = platform::address("the Bot API", api)?;
        Ok(Self(Arc::new(Inner { client: platform::client(WITHIN)?, api, token })))
    }

    /// Its number, by which it is known to everybody: what stands before the secret part of its token.
    pub fn id(&self) -> &str {
        self.0.token.expose_secret().split(':').next().unwrap_or_default()
    }

    /// Calls a method; its result.
    ///
    /// # Errors
    /// Where there was no answer, or no yes.
    pub async fn call(&self, method: &str, arguments: &Value) -> Result<Value, BotError> {
        self.call_within(method, arguments, WITHIN).await
    }

    /// As [`Self::call`], for a call that may take so long.
    ///
    /// # Errors
    /// Where there was no answer, or no yes.
    pub async fn call_within(
        &self,
        method: &str,
        arguments: &Value,
        within: Duration,
    ) -> Result<Value, BotError> {
        let Inner { client, api, token } = &*self.0;
        let url = format!("{api}bot{}/{method}", token.expose_secret());
        let request = platform::json(client.post(url), arguments.to_string()).timeout(within);
        let answer = exchange(request).await.map_err(|silence| BotError {
            detail: silence.to_string(),
            status: None,
            retry_after: None,
        })?;
        let status = Some(answer.status);
        match answer.json::<Reply>() {
            Some(reply) if reply.ok => Ok(reply.result),
            Some(reply) => Err(BotError {
                detail: format!("HTTP {} ({})", answer.status, words(&reply.description)),
                status,
                retry_after: reply.parameters.retry_after.map(Duration::from_secs),
            }),
            None => Err(BotError {
                detail: format!("HTTP {} with an answer that cannot be read", answer.status),
                status,
                retry_after: None,
            }),
        }
    }
}

/// A chat as the Bot API wants it: its number, or `@name`.
pub(super) fn chat_id(chat: &str) -> Value {
    chat.parse::<i64>().map_or_else(|_| Value::from(chat), Value::from)
}
