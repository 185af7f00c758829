//! The operator's side of Telegram's Bot API: a chat of the bot's with buttons, and updates by long polling.
//!
//! As on Telegram: updates that are below the offset are forgotten; a second poll ends the first with 409; a query is
//! answered once, in time; a change of buttons that changes nothing is refused.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::journal::Journal;
use super::request::{Asked, Reply};
use super::telegram::{self, TOKEN};

/// The operator's chat.
pub(crate) const DESK: &str = "-100555";
const DESK_ID: i64 = -100_555;

/// A message in the operator's chat.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) text: String,
    /// The data of its buttons, in order.
    pub(crate) buttons: Vec<String>,
}

/// What Telegram keeps for the bot.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// What was told in the operator's chat, and in private.
    pub(crate) told: Vec<Note>,
    /// How queries were answered.
    pub(crate) answers: Vec<String>,
    updates: Vec<Value>,
    next: i64,
    queries: BTreeSet<String>,
    polls: u64,
}

impl Desk {
    fn add(&mut self, update: impl FnOnce(i64) -> Value) {
        self.next += 1;
        let update = update(self.next);
        self.updates.push(update);
    }

    /// Somebody writes in a chat.
    pub(crate) fn says(&mut self, user: i64, chat: i64, text: &str, date: i64) {
        self.add(|id| {
            json!({"update_id": id, "message": {
                "message_id": 70_000 + id, "date": date, "text": text, "from": who(user), "chat": chat_of(chat),
                "entities": [{"type": "bot_command", "offset": 0, "length": text.len()}],
            }})
        });
    }

    /// Somebody presses the button that says that, whether or not it is still there.
    pub(crate) fn presses(&mut self, user: i64, data: &str) {
        let query = format!("query-{}", self.next + 1);
        self.queries.insert(query.clone());
        self.add(|id| {
            json!({"update_id": id, "callback_query": {
                "id": query, "from": who(user), "data": data, "chat_instance": "1",
                "message": {"message_id": 1, "date": 1_800_000_000, "chat": chat_of(DESK_ID)},
            }})
        });
    }
}

fn who(user: i64) -> Value {
    json!({"id": user, "is_bot": false, "first_name": "Somebody", "language_code": "en"})
}

fn chat_of(chat: i64) -> Value {
    match chat < 0 {
        true => json!({"id": chat, "title": "The desk", "type": "supergroup"}),
        false => json!({"id": chat, "first_name": "Somebody", "type": "private"}),
    }
}

/// Whether a call is about the desk, and no post.
pub(super) fn is_of_desk(asked: &Asked) -> bool {
    match asked.path()[..] {
        [_, "getUpdates" | "answerCallbackQuery" | "editMessageReplyMarkup"] => true,
        [_, "sendMessage"] => asked.json().is_some_and(|body| {
            body["chat_id"] == DESK_ID || body["chat_id"].as_i64().is_some_and(|id| id > 0)
        }),
        _ => false,
    }
}

/// For how long a poll is held that has nothing to say.
pub(super) fn held_for(asked: &Asked) -> Option<Duration> {
    let body = matches!(asked.path()[..], [_, "getUpdates"]).then(|| asked.json())??;
    Some(Duration::from_secs(body["timeout"].as_u64().unwrap_or_default().min(50)))
}

/// Begins a poll; its turn.
pub(super) fn begin(journal: &mut Journal) -> u64 {
    journal.desk.polls += 1;
    journal.desk.polls
}

/// The answer to a poll; `None` while it is held.
pub(super) fn polled(asked: &Asked, turn: u64, is_over: bool, journal: &mut Journal) -> Option<Reply> {
    if asked.path().first() != Some(&format!("bot{TOKEN}").as_str()) {
        return Some(telegram::deny());
    }
    if journal.desk.polls != turn {
        let why = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
        return Some(telegram::error(409, why));
    }
    let body = asked.json().unwrap_or_default();
    if let Some(offset) = body["offset"].as_i64() {
        journal.desk.updates.retain(|update| update["update_id"].as_i64() >= Some(offset));
    }
    let updates = &journal.desk.updates;
    (is_over || !updates.is_empty()).then(|| telegram::done(&Value::from(updates.clone())))
}

pub(super) fn meet(method: &str, body: &Value, journal: &mut Journal) -> Reply {
    match method {
        "sendMessage" => {
            let id = 50_000 + i64::try_from(journal.desk.told.len()).expect("few notes");
            let text = body["text"].as_str().unwrap_or_default().to_owned();
            if text.is_empty() || text.chars().count() > 4096 {
                return telegram::error(400, "Bad Request: message is too long");
            }
            let buttons = buttons(&body["reply_markup"]);
            if buttons.iter().any(|data| data.is_empty() || data.len() > 64) {
                return telegram::error(400, "Bad Request: BUTTON_DATA_INVALID");
            }
            let chat = chat_of(body["chat_id"].as_i64().unwrap_or_default());
            let message = json!({"message_id": id, "date": 1_800_000_000, "text": text, "chat": chat});
            journal.desk.told.push(Note { id, text, buttons });
            telegram::done(&message)
        }
        "answerCallbackQuery" => {
            let query = body["callback_query_id"].as_str().unwrap_or_default();
            if !journal.desk.queries.remove(query) {
                let why = "Bad Request: query is too old and response timeout expired or query ID is invalid";
                return telegram::error(400, why);
            }
            let text = body["text"].as_str().unwrap_or_default().to_owned();
            if text.chars().count() > 200 {
                return telegram::error(400, "Bad Request: MESSAGE_TOO_LONG");
            }
            journal.desk.answers.push(text);
            telegram::done(&Value::Bool(true))
        }
        "editMessageReplyMarkup" => {
            let id = body["message_id"].as_i64();
            let Some(note) = journal.desk.told.iter_mut().find(|note| Some(note.id) == id) else {
                return telegram::error(400, "Bad Request: message to edit not found");
            };
            let buttons = buttons(&body["reply_markup"]);
            if note.buttons == buttons {
                let why = "Bad Request: message is not modified: specified new message content and reply markup are \
                     exactly the same as a current content and reply markup of the message";
                return telegram::error(400, why);
            }
            note.buttons = buttons;
            telegram::done(&json!({"message_id": note.id, "date": 1_800_000_000, "chat": chat_of(DESK_ID)}))
        }
        _ => telegram::error(404, "Not Found"),
    }
}

fn buttons(markup: &Value) -> Vec<String> {
    let rows = markup["inline_keyboard"].as_array().map(Vec::as_slice).unwrap_or_default();
    let all = rows.iter().filter_map(Value::as_array).flatten();
    all.map(|button| button["callback_data"].as_str().unwrap_or_default().to_owned()).collect()
}

// Not every test binary takes all of this; the rest of it is not dead.
const _: () = {
    let _ = (DESK, Desk::says, Desk::presses);
    let _ = |stand_in: &super::Platforms| stand_in.to_desk(|_| {});
    let _ = |desk: &Desk| (desk.told.len(), desk.answers.len());
    let _ = |note: &Note| (note.id, note.text.len(), note.buttons.len());
};
