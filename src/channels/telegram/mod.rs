//! The channel `telegram`: messages of a bot in a channel or group, over the Bot API.
//!
//! Texts go as they are, without a parse mode, so no sign in them means anything to Telegram. The Bot API knows no
//! idempotency key: a second sending is a second message. What became of an attempt is found out by looking: the ids of a
//! chat's messages follow one another, so the message would be one of the few after the last one known when the post was
//! frozen, which is kept in its key. A bot cannot read a channel, but it can forward a message of it to another chat and
//! read the copy. That *audit chat* is private, holds the bot alone or with the operator, and the copy is deleted again.
//! Without one nobody can tell, and the post is held. A correction edits the message it corrects, which is harmless as
//! often as it is done.
//!
//! The token is part of every URL, so no URL is ever shown. What each answer means stands in `answer.rs`.

mod answer;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Reconciled, RenderError,
};
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post, Remote};

use self::answer::Looked;
use super::notebook::Notebook;
use super::platform::{self, AccountError, Answer, Silence, exchange};

/// Where the Bot API is.
pub const API: &str = "https://api.telegram.org";

/// How long after an attempt a post may be missing where it is looked for although it was accepted, as a rule.
pub const SHOWN_AFTER: Duration = Duration::from_secs(2);

/// So many ids in a row without a message mean that nothing follows.
const GAP: usize = 5;

/// The most messages that are looked at for one post.
const MOST_LOOKS: usize = 25;

/// Which bot writes where.
#[derive(Clone)]
pub struct TelegramSettings {
    /// Where the Bot API is.
    pub api: String,
    /// The bot's token: `123456:ABC…`.
    pub token: SecretString,
    /// The channel or group: `@name`, or its id.
    pub chat: String,
    /// Where messages are forwarded to be read.
    pub audit_chat: Option<String>,
    /// How long after an attempt a look-up may still miss its post.
    pub read_back_after: Duration,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// A bot's channel or group.
pub struct TelegramChannel {
    client: reqwest::Client,
    api: Url,
    settings: TelegramSettings,
    notebook: Notebook,
    seen: Mutex<Seen>,
}

/// The newest message that is known.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Seen {
    last: Option<i64>,
}

impl fmt::Debug for TelegramChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramChannel").field("chat", &self.settings.chat).finish_non_exhaustive()
    }
}

/// What a post does, as Telegram sees it.
enum Call {
    Send { reply_to: Option<i64> },
    Edit(i64),
    Delete(i64),
}

impl Call {
    /// A revision of what has no known id is a message of its own.
    fn of(post: &Post) -> Self {
        let remote = post.earlier.as_ref().and_then(|earlier| earlier.remote.as_ref());
        let told = remote.and_then(|remote| remote.id.parse().ok());
        match (post.operation, told) {
            (Operation::Edit, Some(id)) => Self::Edit(id),
            (Operation::Delete, Some(id)) => Self::Delete(id),
            (Operation::Reply, told) => Self::Send { reply_to: told },
            (_, _) => Self::Send { reply_to: None },
        }
    }

    fn method(&self) -> &'static str {
        match self {
            Self::Send { .. } => "sendMessage",
            Self::Edit(_) => "editMessageText",
            Self::Delete(_) => "deleteMessage",
        }
    }

    fn body(&self, chat: &str, text: &str) -> Value {
        let no_preview = json!({"is_disabled": true});
        match self {
            Self::Send { reply_to: None } => {
                json!({"chat_id": chat_id(chat), "text": text, "link_preview_options": no_preview})
            }
            Self::Send { reply_to: Some(id) } => json!({
                "chat_id": chat_id(chat), "text": text, "link_preview_options": no_preview,
                "reply_parameters": {"message_id": id, "allow_sending_without_reply": true},
            }),
            Self::Edit(id) => json!({
                "chat_id": chat_id(chat), "message_id": id, "text": text, "link_preview_options": no_preview,
            }),
            Self::Delete(id) => json!({"chat_id": chat_id(chat), "message_id": id}),
        }
    }
}

fn chat_id(chat: &str) -> Value {
    chat.parse::<i64>().map_or_else(|_| Value::from(chat), Value::from)
}

impl TelegramChannel {
    /// A bot by these settings; `notebook` keeps the newest message's id.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: TelegramSettings, notebook: Notebook) -> Result<Self, AccountError> {
        check_token(settings.token.expose_secret())
            .map_err(|detail| AccountError::Secret { what: "the Telegram bot", detail })?;
        let api = platform::address("the Bot API", &settings.api)?;
        let client = platform::client(settings.attempt_within)?;
        let seen = Mutex::new(notebook.read().unwrap_or_default());
        Ok(Self { client, api, settings, notebook, seen })
    }

    fn request(&self, method: &str) -> RequestBuilder {
        self.client.post(format!("{}bot{}/{method}", self.api, self.settings.token.expose_secret()))
    }

    /// Asks for what readers do not see.
    async fn ask(&self, method: &str, body: &Value) -> Result<Answer, Silence> {
        exchange(platform::json(self.request(method), body.to_string())).await
    }

    fn last_seen(&self) -> Option<i64> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    fn saw(&self, id: i64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.last.is_none_or(|last| last < id) {
            seen.last = Some(id);
            self.notebook.write(&*seen);
        }
    }

    fn remote(&self, id: i64) -> Remote {
        let chat = &self.settings.chat;
        let page = match (chat.strip_prefix('@'), chat.strip_prefix("-100")) {
            (Some(name), _) => Some(name.to_owned()),
            (None, Some(number)) => Some(format!("c/{number}")),
            (None, None) => None,
        };
        Remote { id: id.to_string(), url: page.map(|page| format!("https://t.me/{page}/{id}")) }
    }

    /// Looks at one message of the chat by forwarding it to the audit chat.
    async fn look(&self, audit_chat: &str, id: i64) -> Looked {
        let chat = chat_id(&self.settings.chat);
        let body = json!({
            "chat_id": chat_id(audit_chat), "from_chat_id": chat, "message_id": id, "disable_notification": true,
        });
        let looked = match self.ask("forwardMessage", &body).await {
            Ok(answer) => answer::looked(&answer),
            Err(silence) => Looked::CannotTell { reason: silence.to_string() },
        };
        if let Looked::Message { copy, .. } = &looked {
            let body = json!({"chat_id": chat_id(audit_chat), "message_id": copy});
            if let Err(error) = self.ask("deleteMessage", &body).await {
                tracing::debug!(%error, "a copy stays in the audit chat");
            }
        }
        looked
    }

    async fn find(&self, audit_chat: &str, after: i64, text: &str) -> Reconciled {
        let mut missing = 0;
        for id in (after + 1..).take(MOST_LOOKS) {
            match self.look(audit_chat, id).await {
                Looked::Message { text: found, .. } if found.trim() == text.trim() => {
                    self.saw(id);
                    return Reconciled::Found(self.remote(id));
                }
                Looked::Message { .. } => missing = 0,
                Looked::Nothing => missing += 1,
                Looked::CannotTell { reason } => return Reconciled::CannotTell { reason },
            }
            if missing == GAP {
                return Reconciled::Absent;
            }
        }
        Reconciled::CannotTell {
            reason: format!("more than {MOST_LOOKS} messages came after the last one known"),
        }
    }
}

/// Says what is wrong with the form of a bot's token.
///
/// # Errors
/// Where it is of another form.
pub fn check_token(token: &str) -> Result<(), &'static str> {
    let is_token = token.split_once(':').is_some_and(|(bot, secret)| {
        let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !bot.is_empty()
            && bot.bytes().all(|b| b.is_ascii_digit())
            && secret.len() >= 20
            && secret.bytes().all(letter)
    });
    if is_token {
        return Ok(());
    }
    Err("is no bot's token: that is a number, a colon and at least 20 letters, as BotFather gives it")
}

#[async_trait]
impl Channel for TelegramChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            // Telegram counts characters; UTF-16 units are never fewer, and its clients count those.
            limits: Limits { max: 4096, unit: LengthUnit::Utf16 },
            idempotency: Idempotency::None,
            reads_back: self.settings.audit_chat.is_some(),
            read_back_lag: self.settings.read_back_after,
            in_flight: 1,
            corrections: Corrections::Edit,
            attempt_within: self.settings.attempt_within,
        }
    }

    /// The key says after which message the post's own would come.
    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let body = Call::of(post).body(&self.settings.chat, &post.text).to_string();
        let key = self.last_seen().map_or_else(|| "after:".to_owned(), |last| format!("after:{last}"));
        Ok(Frozen { body, key })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let call = Call::of(post);
        let answer = match platform::tell(self.request(call.method()), frozen.body.clone(), fence).await {
            Ok(answer) => answer,
            Err(silence) => return silence.outcome(now),
        };
        let id = match call {
            Call::Send { .. } => answer::message_id(&answer),
            Call::Edit(id) | Call::Delete(id) => answer::is_done(&answer).then_some(id),
        };
        match id {
            Some(id) => {
                self.saw(id);
                Outcome::Sent { remote: self.remote(id) }
            }
            None => answer::trouble(&answer, now),
        }
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, _now: Timestamp) -> Reconciled {
        if !matches!(Call::of(post), Call::Send { .. }) {
            return Reconciled::Absent;
        }
        let Some(audit_chat) = &self.settings.audit_chat else {
            let reason = "Telegram shows a bot no messages, and there is no audit_chat to forward them to";
            return Reconciled::CannotTell { reason: reason.to_owned() };
        };
        match frozen.key.strip_prefix("after:").and_then(|id| id.parse().ok()) {
            Some(after) => self.find(audit_chat, after, &post.text).await,
            None => {
                let reason = "no earlier message of the chat is known, so there is no place to look at";
                Reconciled::CannotTell { reason: reason.to_owned() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_botfather_gives() {
        assert!(check_token("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw").is_ok());
        for wrong in
            ["", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "1:short", "x1:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"]
        {
            assert!(check_token(wrong).is_err(), "{wrong}");
        }
        assert!(
            check_token("110201543:AAHdqTcvCH1vGWJx/../fSAs0K5PALDsaw").is_err(),
            "it is put into a path"
        );
    }
}
