//! A Mastodon server: statuses in HTML, keys that are remembered for an hour, resets by ISO 8601.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::journal::{Journal, Told};
use super::request::{Asked, Reply};

pub(crate) const TOKEN: &str = "stand-in-mastodon-token";
pub(crate) const ACCOUNT: &str = "117020565966271181";

/// What the server keeps besides the journal.
#[derive(Debug)]
pub(crate) struct Server {
    /// How long a status may be.
    pub(crate) max_characters: usize,
    /// Whether a key that comes again is answered with an error, although it is recognised.
    pub(crate) fails_on_repeats: bool,
    keys: BTreeMap<String, String>,
}

impl Default for Server {
    fn default() -> Self {
        Self { max_characters: 500, fails_on_repeats: false, keys: BTreeMap::new() }
    }
}

impl Server {
    /// Lets an hour pass: every key is forgotten.
    pub(crate) fn forget_keys(&mut self) {
        self.keys.clear();
    }
}

pub(super) fn is_write(asked: &Asked) -> bool {
    asked.method != "GET"
}

pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Reply {
    let path = asked.path();
    if path == ["api", "v2", "instance"] {
        let statuses = json!({
            "max_characters": journal.mastodon.max_characters, "max_media_attachments": 4, "characters_reserved_per_url": 23,
        });
        return Reply::json(200, &json!({"domain": "stand-in", "configuration": {"statuses": statuses}}));
    }
    if asked.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return deny();
    }
    match (asked.method.as_str(), &path[..]) {
        ("GET", ["api", "v1", "accounts", "verify_credentials"]) => {
            Reply::json(200, &json!({"id": ACCOUNT, "username": "wire", "bot": true}))
        }
        ("GET", ["api", "v1", "accounts", ACCOUNT, "statuses"]) => statuses(asked, journal),
        ("POST", ["api", "v1", "statuses"]) => create(asked, journal),
        ("PUT", ["api", "v1", "statuses", id]) => edit(asked, id, journal),
        ("DELETE", ["api", "v1", "statuses", id]) => match journal.find(id) {
            Some(told) => {
                told.deleted = true;
                let told = told.clone();
                limits(Reply::json(200, &status(&told)), 30)
            }
            None => error(404, "Record not found"),
        },
        _ => error(404, "Not Found"),
    }
}

fn create(asked: &Asked, journal: &mut Journal) -> Reply {
    let body = asked.json().unwrap_or_default();
    let Some(key) = asked.header("idempotency-key").map(str::to_owned) else {
        journal.complain("a status without a key");
        return error(422, "no key");
    };
    if !matches!(body["visibility"].as_str(), Some("public" | "unlisted" | "private")) {
        journal.complain("a status without visibility");
    }
    if let Some(id) = journal.mastodon.keys.get(&key).cloned() {
        journal.repeats += 1;
        if journal.mastodon.fails_on_repeats {
            return fail();
        }
        let told = journal.told.iter().find(|told| told.id == id).expect("it was told");
        return limits(Reply::json(200, &status(told)), 300);
    }
    let text = body["status"].as_str().unwrap_or_default().to_owned();
    if let Some(refusal) = refusal(&text, journal) {
        return refusal;
    }
    let id = (117_020_585_924_700_000 + journal.next_number()).to_string();
    let reply_to = body["in_reply_to_id"].as_str().map(str::to_owned);
    let told = Told { id: id.clone(), text, key: Some(key.clone()), reply_to, ..Told::default() };
    journal.mastodon.keys.insert(key, id);
    journal.told.push(told.clone());
    limits(Reply::json(200, &status(&told)), 300)
}

fn refusal(text: &str, journal: &Journal) -> Option<Reply> {
    let max = journal.mastodon.max_characters;
    if text.is_empty() {
        return Some(error(422, "Validation failed: Text can't be blank"));
    }
    (text.chars().count() > max)
        .then(|| error(422, &format!("Validation failed: Text character limit of {max} exceeded")))
}

fn edit(asked: &Asked, id: &str, journal: &mut Journal) -> Reply {
    let body = asked.json().unwrap_or_default();
    let text = body["status"].as_str().unwrap_or_default().to_owned();
    if let Some(refusal) = refusal(&text, journal) {
        return refusal;
    }
    let Some(told) = journal.find(id) else { return error(404, "Record not found") };
    if told.text != text {
        told.text = text;
        told.edits += 1;
    }
    let told = told.clone();
    limits(Reply::json(200, &status(&told)), 300)
}

/// The newest first, as many as asked for, older than `max_id`.
fn statuses(asked: &Asked, journal: &Journal) -> Reply {
    let limit = asked.query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(20).min(40);
    let newest = journal.told.iter().rev().filter(|told| !told.deleted);
    let older = newest.skip_while(|told| asked.query.get("max_id").is_some_and(|id| told.id != *id));
    let skip = usize::from(asked.query.contains_key("max_id"));
    let page: Vec<Value> = older.skip(skip).take(limit).map(status).collect();
    Reply::json(200, &Value::from(page))
}

fn status(told: &Told) -> Value {
    let text = told.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({
        "id": told.id, "created_at": "2027-01-15T08:00:00.000Z", "in_reply_to_id": told.reply_to, "visibility": "public",
        "language": "en", "url": format!("https://stand-in/@wire/{}", told.id), "content": format!("<p>{text}</p>"),
        "edited_at": (told.edits > 0).then_some("2027-01-15T08:01:00.000Z"),
        "account": {"id": ACCOUNT, "username": "wire", "bot": true},
    })
}

fn limits(reply: Reply, limit: u32) -> Reply {
    reply
        .with("x-ratelimit-limit", &limit)
        .with("x-ratelimit-remaining", &(limit - 1))
        .with("x-ratelimit-reset", &"2030-03-17T18:00:00.697773Z")
}

fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"error": message}))
}

pub(super) fn limit(seconds: u64, today: u64) -> Reply {
    let second = i64::try_from(today + seconds).expect("in this age");
    let reset = jiff::Timestamp::from_second(second).expect("in this age");
    error(429, "Too many requests")
        .with("x-ratelimit-limit", &300)
        .with("x-ratelimit-remaining", &0)
        .with("x-ratelimit-reset", &format!("{reset:.6}"))
}

pub(super) fn fail() -> Reply {
    Reply::text(500, "<!DOCTYPE html><html><body>We're sorry, but something went wrong.</body></html>")
}

pub(super) fn deny() -> Reply {
    error(401, "The access token is invalid")
}
