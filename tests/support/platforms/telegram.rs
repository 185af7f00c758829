//! Telegram's Bot API: every call is a POST, the token stands in the path, and a chat's ids follow one another.

use serde_json::{Value, json};

use super::journal::{Journal, Told};
use super::request::{Asked, Reply};
use super::telegram_desk;

pub(crate) const TOKEN: &str = "4242:stand-in_0123456789-abcdef";
pub(crate) const CHAT: &str = "@wire";
pub(crate) const AUDIT_CHAT: &str = "-100777";

pub(super) fn is_write(asked: &Asked) -> bool {
    matches!(asked.path()[..], [_, "sendMessage" | "editMessageText" | "deleteMessage"])
        && !telegram_desk::is_of_desk(asked)
        && asked.json().is_some_and(|body| body["chat_id"] != json!(-100_777))
}

pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Reply {
    let [bot, method] = asked.path()[..] else { return error(404, "Not Found") };
    if asked.method != "POST" || bot != format!("bot{TOKEN}") {
        return deny();
    }
    let Some(body) = asked.json() else { return error(400, "Bad Request: message text is empty") };
    check(method, &body, journal);
    if telegram_desk::is_of_desk(asked) {
        return telegram_desk::meet(method, &body, journal);
    }
    let chat = &body["chat_id"];
    match method {
        "getMe" => done(&json!({
            "id": 4242, "is_bot": true, "first_name": "The wire", "username": "wire_bot", "can_join_groups": true,
            "can_read_all_group_messages": false, "supports_inline_queries": false,
        })),
        "getChat" if chat == CHAT => {
            done(&json!({"id": -100_111, "title": "The wire", "username": "wire", "type": "channel"}))
        }
        "getChat" if *chat == json!(-100_777) => {
            done(&json!({"id": -100_777, "title": "The wire's audit", "type": "supergroup"}))
        }
        "getChat" => error(400, "Bad Request: chat not found"),
        "sendMessage" if chat == CHAT => send(&body, journal),
        "editMessageText" if chat == CHAT => edit(&body, journal),
        "deleteMessage" if chat == CHAT => delete(&body, journal),
        "deleteMessage" if *chat == json!(-100_777) => {
            journal.copies.retain(|copy| *copy != body["message_id"]);
            done(&Value::Bool(true))
        }
        "forwardMessage" if *chat == json!(-100_777) && body["from_chat_id"] == CHAT => {
            forward(&body, journal)
        }
        "sendMessage" | "editMessageText" | "deleteMessage" | "forwardMessage" => {
            error(400, "Bad Request: chat not found")
        }
        _ => error(404, "Not Found"),
    }
}

fn check(method: &str, body: &Value, journal: &mut Journal) {
    let texts = matches!(method, "sendMessage" | "editMessageText");
    if texts && body["link_preview_options"]["is_disabled"] != true {
        journal.complain(format!("{method} with link previews"));
    }
    if !body["parse_mode"].is_null() {
        journal.complain(format!("{method} with a parse mode"));
    }
}

fn send(body: &Value, journal: &mut Journal) -> Reply {
    let text = body["text"].as_str().unwrap_or_default().trim();
    if text.is_empty() {
        return error(400, "Bad Request: message text is empty");
    }
    if text.chars().count() > 4096 {
        return error(400, "Bad Request: message is too long");
    }
    let id = journal.next_number();
    let reply_to = body["reply_parameters"]["message_id"].as_i64().map(|id| id.to_string());
    journal.told.push(Told { id: id.to_string(), text: text.to_owned(), reply_to, ..Told::default() });
    done(&message(id, text))
}

fn edit(body: &Value, journal: &mut Journal) -> Reply {
    let text = body["text"].as_str().unwrap_or_default().trim().to_owned();
    let id = body["message_id"].as_i64().unwrap_or_default();
    let Some(told) = journal.find(&id.to_string()) else {
        return error(400, "Bad Request: message to edit not found");
    };
    if told.text == text {
        journal.repeats += 1;
        return error(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the \
             same as a current content and reply markup of the message",
        );
    }
    told.text.clone_from(&text);
    told.edits += 1;
    done(&message(id, &text))
}

fn delete(body: &Value, journal: &mut Journal) -> Reply {
    let id = body["message_id"].as_i64().unwrap_or_default().to_string();
    match journal.find(&id) {
        Some(told) => {
            told.deleted = true;
            done(&Value::Bool(true))
        }
        None => error(400, "Bad Request: message to delete not found"),
    }
}

fn forward(body: &Value, journal: &mut Journal) -> Reply {
    let id = body["message_id"].as_i64().unwrap_or_default();
    let Some(text) = journal.find(&id.to_string()).map(|told| told.text.clone()) else {
        return error(400, "Bad Request: message to forward not found");
    };
    let copy = 9_000 + i64::try_from(journal.copies.len()).expect("few copies");
    journal.copies.push(copy);
    let mut forwarded = message(copy, &text);
    forwarded["forward_origin"] = json!({
        "type": "channel", "date": 1_800_000_000, "message_id": id,
        "chat": {"id": -100_111, "title": "The wire", "username": "wire", "type": "channel"},
    });
    done(&forwarded)
}

fn message(id: i64, text: &str) -> Value {
    json!({
        "message_id": id, "date": 1_800_000_000, "text": text,
        "chat": {"id": -100_111, "title": "The wire", "username": "wire", "type": "channel"},
    })
}

pub(super) fn done(result: &Value) -> Reply {
    Reply::json(200, &json!({"ok": true, "result": result}))
}

pub(super) fn error(code: u16, description: &str) -> Reply {
    Reply::json(code, &json!({"ok": false, "error_code": code, "description": description}))
}

pub(super) fn limit(seconds: u64) -> Reply {
    let description = format!("Too Many Requests: retry after {seconds}");
    let parameters = json!({"retry_after": seconds});
    let body = json!({"ok": false, "error_code": 429, "description": description, "parameters": parameters});
    Reply::json(429, &body).with("retry-after", &seconds)
}

pub(super) fn fail() -> Reply {
    error(500, "Internal Server Error: restart")
}

pub(super) fn deny() -> Reply {
    error(401, "Unauthorized")
}
