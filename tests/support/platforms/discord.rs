//! Discord: a bot's channel, whose nonces are enforced for minutes, and a channel's incoming webhook, which has none.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::journal::{Journal, Told};
use super::request::{Asked, Reply};

pub(crate) const TOKEN: &str = "stand-in.discord.bot-token";
pub(crate) const CHANNEL: &str = "900000000000000001";
pub(crate) const WEBHOOK: &str = "webhooks/900000000000000002/stand-in_webhook_token";

/// The id of a message of 2027-01-15, when the tests' posts were written.
const FIRST_ID: i64 = (1_800_000_000_000 - 1_420_070_400_000) << 22;

/// What Discord keeps besides the journal.
#[derive(Debug, Default)]
pub(crate) struct Guild {
    nonces: BTreeMap<String, String>,
}

impl Guild {
    /// Lets some minutes pass: every nonce is forgotten.
    pub(crate) fn forget_nonces(&mut self) {
        self.nonces.clear();
    }
}

pub(super) fn is_write(asked: &Asked) -> bool {
    asked.method != "GET"
}

pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Reply {
    let path = asked.path().join("/");
    let bot = asked.header("authorization") == Some(&format!("Bot {TOKEN}"));
    if asked.method == "GET" && path == WEBHOOK {
        let id = "900000000000000002";
        return Reply::json(200, &json!({"id": id, "type": 1, "name": "The wire", "channel_id": CHANNEL}));
    }
    if let Some(rest) = path.strip_prefix(WEBHOOK) {
        return message(asked, rest.trim_start_matches("/messages").trim_start_matches('/'), true, journal);
    }
    if path.starts_with("webhooks/") {
        return error(404, "Unknown Webhook", 10_015);
    }
    if !bot {
        return deny();
    }
    if asked.method == "GET" && path == "users/@me" {
        return Reply::json(200, &json!({"id": "1", "username": "wire", "bot": true}));
    }
    if asked.method == "GET" && path == format!("channels/{CHANNEL}") {
        return Reply::json(200, &json!({"id": CHANNEL, "type": 0, "name": "scores"}));
    }
    match path.strip_prefix(&format!("channels/{CHANNEL}/messages")) {
        Some("") if asked.method == "GET" => messages(asked, journal),
        Some(rest) => message(asked, rest.trim_start_matches('/'), false, journal),
        None => error(404, "Unknown Channel", 10_003),
    }
}

fn message(asked: &Asked, id: &str, is_webhook: bool, journal: &mut Journal) -> Reply {
    let body = asked.json().unwrap_or_default();
    if asked.method != "DELETE" && body["allowed_mentions"] != json!({"parse": []}) {
        journal.complain("a message that may mention somebody");
    }
    match (asked.method.as_str(), id) {
        ("POST", "") if is_webhook => {
            if asked.query.get("wait").map(String::as_str) != Some("true") {
                journal.complain("a webhook's message that is not waited for");
            }
            if !body["nonce"].is_null() {
                journal.complain("a webhook knows no nonce");
            }
            create(&body, journal)
        }
        ("POST", "") => match repeated(&body, journal) {
            Some(told) => limits(Reply::json(200, &shown(&told))),
            None => create(&body, journal),
        },
        ("PATCH", id) => {
            let text = body["content"].as_str().unwrap_or_default().to_owned();
            let Some(told) = journal.find(id) else { return error(404, "Unknown Message", 10_008) };
            told.edits += usize::from(told.text != text);
            told.text = text;
            let told = told.clone();
            limits(Reply::json(200, &shown(&told)))
        }
        ("DELETE", id) => match journal.find(id) {
            Some(told) => {
                told.deleted = true;
                limits(Reply { status: 204, headers: Vec::new(), body: String::new() })
            }
            None => error(404, "Unknown Message", 10_008),
        },
        _ => error(405, "405: Method Not Allowed", 0),
    }
}

/// The message that came with this nonce before.
fn repeated(body: &Value, journal: &mut Journal) -> Option<Told> {
    if body["enforce_nonce"] != true || body["nonce"].as_str().is_none_or(|nonce| nonce.len() > 25) {
        journal.complain("a bot's message without a nonce");
        return None;
    }
    let id = journal.discord.nonces.get(body["nonce"].as_str()?)?.clone();
    journal.repeats += 1;
    journal.told.iter().find(|told| told.id == id).cloned()
}

fn create(body: &Value, journal: &mut Journal) -> Reply {
    let text = body["content"].as_str().unwrap_or_default().to_owned();
    if text.is_empty() || text.chars().count() > 2000 {
        return error(400, "Invalid Form Body", 50_035);
    }
    let id = (FIRST_ID + journal.next_number()).to_string();
    let key = body["nonce"].as_str().map(str::to_owned);
    let reply_to = body["message_reference"]["message_id"].as_str().map(str::to_owned);
    if let Some(nonce) = &key {
        journal.discord.nonces.insert(nonce.clone(), id.clone());
    }
    let told = Told { id, text, key, reply_to, ..Told::default() };
    journal.told.push(told.clone());
    limits(Reply::json(200, &shown(&told)))
}

fn messages(asked: &Asked, journal: &Journal) -> Reply {
    let number = |name: &str| asked.query.get(name).and_then(|number| number.parse::<i64>().ok());
    let after = number("after").unwrap_or_default();
    let limit = usize::try_from(number("limit").unwrap_or(50)).expect("a small number");
    let young = |told: &&Told| !told.deleted && told.id.parse::<i64>().is_ok_and(|id| id > after);
    let page: Vec<Value> = journal.told.iter().filter(young).take(limit).map(shown).collect();
    Reply::json(200, &Value::from(page))
}

fn shown(told: &Told) -> Value {
    json!({
        "id": told.id, "channel_id": CHANNEL, "content": told.text, "nonce": told.key, "type": 0, "flags": 4,
        "timestamp": "2027-01-15T08:00:00.000000+00:00", "author": {"id": "1", "username": "wire", "bot": true},
    })
}

fn limits(reply: Reply) -> Reply {
    reply
        .with("x-ratelimit-limit", &5)
        .with("x-ratelimit-remaining", &4)
        .with("x-ratelimit-reset", &"1900000005.123")
        .with("x-ratelimit-reset-after", &"5.123")
        .with("x-ratelimit-bucket", &"abcd1234")
}

fn error(status: u16, message: &str, code: u32) -> Reply {
    Reply::json(status, &json!({"message": message, "code": code}))
}

pub(super) fn limit(seconds: u64) -> Reply {
    let after = format!("{}.57", seconds.saturating_sub(1));
    let wait: f64 = after.parse().expect("a number");
    let body = json!({"message": "You are being rate limited.", "retry_after": wait, "global": false});
    Reply::json(429, &body)
        .with("retry-after", &seconds)
        .with("x-ratelimit-limit", &10)
        .with("x-ratelimit-remaining", &0)
        .with("x-ratelimit-reset", &"1470173023.123")
        .with("x-ratelimit-reset-after", &after)
        .with("x-ratelimit-bucket", &"abcd1234")
        .with("x-ratelimit-scope", &"user")
}

pub(super) fn fail() -> Reply {
    error(500, "500: Internal Server Error", 0)
}

pub(super) fn deny() -> Reply {
    error(401, "401: Unauthorized", 0)
}
