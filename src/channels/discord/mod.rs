//! The channels `discord`, a bot in a channel, and `discord_webhook`, a channel's incoming webhook.
//!
//! A bot's message carries a nonce, which Discord is asked to enforce: for the next few minutes a second message with it is
//! the first one. After that the channel's messages are read. A webhook has neither: what may have arrived is held, and you
//! are asked. Both edit and delete their own messages. Nobody is ever mentioned, and links are not unfolded.
//!
//! A webhook's URL holds its token, so it is never shown. What each answer means stands in `answer.rs`.

mod answer;
mod webhook;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Quota, Reconciled,
    RenderError,
};
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post};

pub use self::webhook::{DiscordWebhook, DiscordWebhookSettings, check_url};
use super::platform::{self, AccountError, Quotas, exchange};
use super::wording;

/// Where Discord's API is.
pub const API: &str = "https://discord.com/api/v10";

/// How long after an attempt a post may be missing where it is looked for although it was accepted, as a rule.
pub const SHOWN_AFTER: Duration = Duration::from_secs(5);

/// How long Discord surely enforces a nonce; it promises "the past few minutes".
const NONCE_LIVES: Duration = Duration::from_secs(2 * 60);

/// The most characters of a nonce.
const NONCE_LENGTH: usize = 25;

/// The first second of Discord's ids, in milliseconds since 1970.
const EPOCH: i64 = 1_420_070_400_000;

/// Messages that are read, the most Discord gives.
const PAGE: usize = 100;

/// Clocks differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(120);

/// How long a message may be. Discord counts characters; UTF-16 units are never fewer.
const LIMITS: Limits = Limits { max: 2000, unit: LengthUnit::Utf16 };

/// Links in a message are not unfolded.
const SUPPRESS_EMBEDS: u32 = 1 << 2;

/// Which bot writes where.
#[derive(Clone)]
pub struct DiscordSettings {
    /// Where the API is.
    pub api: String,
    /// The bot's token.
    pub token: SecretString,
    /// The channel's id.
    pub channel_id: String,
    /// How long after an attempt a look-up may still miss its post.
    pub read_back_after: Duration,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// A bot in a channel of Discord's.
pub struct DiscordChannel {
    client: reqwest::Client,
    api: Url,
    settings: DiscordSettings,
    quotas: Quotas,
}

impl fmt::Debug for DiscordChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscordChannel").field("channel", &self.settings.channel_id).finish_non_exhaustive()
    }
}

/// What a post does, as Discord sees it.
enum Call<'p> {
    Send { reply_to: Option<&'p str> },
    Edit(&'p str),
    Delete(&'p str),
}

impl<'p> Call<'p> {
    /// A revision of what has no known id is a message of its own.
    fn of(post: &'p Post) -> Self {
        let remote = post.earlier.as_ref().and_then(|earlier| earlier.remote.as_ref());
        let is_id = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        let told = remote.map(|remote| remote.id.as_str()).filter(is_id);
        match (post.operation, told) {
            (Operation::Edit, Some(id)) => Self::Edit(id),
            (Operation::Delete, Some(id)) => Self::Delete(id),
            (Operation::Reply, told) => Self::Send { reply_to: told },
            (_, _) => Self::Send { reply_to: None },
        }
    }

    fn message(&self, text: &str) -> Value {
        let nobody = json!({"parse": []});
        match self {
            Self::Send { reply_to: None } => {
                json!({"content": text, "allowed_mentions": nobody, "flags": SUPPRESS_EMBEDS})
            }
            Self::Send { reply_to: Some(id) } => json!({
                "content": text, "allowed_mentions": nobody, "flags": SUPPRESS_EMBEDS,
                "message_reference": {"message_id": id, "fail_if_not_exists": false},
            }),
            Self::Edit(_) => json!({"content": text, "allowed_mentions": nobody}),
            Self::Delete(_) => json!({}),
        }
    }

    /// The outcome that an answer stands for.
    fn outcome(&self, answer: &platform::Answer, now: Timestamp) -> Outcome {
        match self {
            Self::Delete(id) if answer.is_success() || answer::is_gone(answer) => platform::sent(*id, None),
            Self::Delete(_) => answer::trouble(answer, now),
            Self::Send { .. } | Self::Edit(_) => match answer::message(answer) {
                Some(message) => platform::sent(message.id, None),
                None => answer::trouble(answer, now),
            },
        }
    }
}

impl DiscordChannel {
    /// A bot by these settings.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: DiscordSettings) -> Result<Self, AccountError> {
        let api = platform::address("Discord's API", &settings.api)?;
        let client = platform::client(settings.attempt_within)?;
        Ok(Self { client, api, settings, quotas: Quotas::default() })
    }

    fn request(&self, method: Method, message: &str) -> RequestBuilder {
        let url = format!("{}channels/{}/messages{message}", self.api, self.settings.channel_id);
        let authorization = format!("Bot {}", self.settings.token.expose_secret());
        self.client.request(method, url).header(reqwest::header::AUTHORIZATION, authorization)
    }
}

/// The smallest id of a message of that time.
fn first_id_at(at: Timestamp) -> i64 {
    (at.as_millisecond() - EPOCH).max(0) << 22
}

#[async_trait]
impl Channel for DiscordChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: LIMITS,
            idempotency: Idempotency::For(NONCE_LIVES),
            reads_back: true,
            read_back_lag: self.settings.read_back_after,
            in_flight: 1,
            corrections: Corrections::Edit,
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let key: String = platform::digest(post).simple().to_string().chars().take(NONCE_LENGTH).collect();
        let call = Call::of(post);
        let mut message = call.message(&post.text);
        if matches!(call, Call::Send { .. }) {
            message["nonce"] = Value::from(key.as_str());
            message["enforce_nonce"] = Value::Bool(true);
        }
        Ok(Frozen { body: message.to_string(), key })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let call = Call::of(post);
        let tell = |request| platform::tell(request, frozen.body.clone(), fence);
        let answered = match &call {
            Call::Send { .. } => tell(self.request(Method::POST, "")).await,
            Call::Edit(id) => tell(self.request(Method::PATCH, &format!("/{id}"))).await,
            Call::Delete(id) => {
                platform::take_back(self.request(Method::DELETE, &format!("/{id}")), fence).await
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
        if !matches!(Call::of(post), Call::Send { .. }) {
            return Reconciled::Absent;
        }
        let since = post.created_at.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
        let query = [("after", first_id_at(since).to_string()), ("limit", PAGE.to_string())];
        let answer = match exchange(self.request(Method::GET, "").query(&query)).await {
            Ok(answer) => answer,
            Err(silence) => return Reconciled::CannotTell { reason: silence.to_string() },
        };
        let Some(messages) = answer::messages(&answer) else {
            return Reconciled::CannotTell { reason: answer::reason(&answer, "") };
        };
        match messages.iter().find(|message| wording::is_same(&message.content, &post.text)) {
            Some(found) => Reconciled::Found(answer::remote(found)),
            None if messages.len() < PAGE => Reconciled::Absent,
            None => Reconciled::CannotTell { reason: format!("{PAGE} messages and more came since") },
        }
    }

    fn quotas(&self) -> Vec<Quota> {
        self.quotas.current()
    }
}
