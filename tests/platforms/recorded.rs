//! The stand-ins against what the platforms are known to answer: the same status, the same members, the same headers.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use wirereport_actors::wire::post::Operation;

use super::setup::{follow_up, post, recorded, told};
use super::telegram;
use crate::stand_in::{Platform, Platforms, Trouble};

/// The members of an answer, however deep.
fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let path = format!("{path}.{name}");
                    walk(member, &path, into);
                    into.insert(path);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, &format!("{path}[]"), into)),
            _ => {}
        }
    }
    let mut into = BTreeSet::new();
    walk(value, "", &mut into);
    into
}

struct Replied {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

async fn ask(stand_in: &Platforms, path: &str, body: &Value) -> Replied {
    let url = format!("{}/{path}", stand_in.url(Platform::Telegram));
    let body = body.to_string();
    let client = wirereport::http::client(Duration::from_secs(5), Duration::from_secs(5)).unwrap();
    let response =
        client.post(url).header("content-type", "application/json").body(body).send().await.unwrap();
    Replied {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.json().await.unwrap(),
    }
}

#[tokio::test]
async fn the_stand_in_complains_as_telegram_does() {
    let Some(errors) = recorded("telegram/errors.json") else { return };
    let stand_in = Platforms::start().await;
    let channel = telegram::channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    told(&channel, &follow_up(&post(1), Operation::Edit, &remote)).await;
    let token = crate::stand_in::telegram::TOKEN;
    let call = |method: &str| format!("bot{token}/{method}");
    let preview = json!({"is_disabled": true});
    let text = "Correction: the Celtics lead the Knicks 88-87.";
    let edit = |id: i64| json!({"chat_id": "@wire", "message_id": id, "text": text, "link_preview_options": preview});
    let send =
        |chat: &str, text: &str| json!({"chat_id": chat, "text": text, "link_preview_options": preview});
    let forward = json!({"chat_id": -100_777, "from_chat_id": "@wire", "message_id": 99});
    let cases = [
        ("400_not_modified", call("editMessageText"), edit(1), Trouble::None),
        ("400_edit_not_found", call("editMessageText"), edit(99), Trouble::None),
        ("400_forward_not_found", call("forwardMessage"), forward, Trouble::None),
        ("400_too_long", call("sendMessage"), send("@wire", &"x".repeat(4097)), Trouble::None),
        ("400_chat_not_found", call("sendMessage"), send("@nobody", "x"), Trouble::None),
        ("401", "bot1:abc/sendMessage".to_owned(), send("@wire", "x"), Trouble::None),
        ("404_bad_path", call("nothing"), json!({}), Trouble::None),
        ("429_flood", call("sendMessage"), send("@wire", "x"), Trouble::Limit(23)),
        ("500_restart", call("sendMessage"), send("@wire", "x"), Trouble::Fail),
    ];
    for (name, path, body, trouble) in cases {
        stand_in.script([trouble].into_iter().filter(|trouble| *trouble != Trouble::None));
        let replied = ask(&stand_in, &path, &body).await;
        assert_eq!(replied.status, errors[name]["status"], "{name}");
        assert_eq!(replied.body, errors[name]["body"], "{name}");
        if let Some(after) = errors[name]["headers"]["Retry-After"].as_str() {
            assert_eq!(replied.headers["retry-after"], after, "{name}");
        }
    }
}

#[tokio::test]
async fn the_stand_ins_messages_are_of_the_bot_apis_form() {
    let Some(api) = recorded("telegram/bot_api_10.1_slice.json") else { return };
    let stand_in = Platforms::start().await;
    let token = crate::stand_in::telegram::TOKEN;
    let body = json!({"chat_id": "@wire", "text": "x", "link_preview_options": {"is_disabled": true}});
    let sent = ask(&stand_in, &format!("bot{token}/sendMessage"), &body).await.body;
    let fields = |object: &Value| -> BTreeSet<String> {
        object["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap().to_owned()).collect()
    };
    let known = fields(&api["types"]["Message"]);
    let top = |shape: BTreeSet<String>| shape.into_iter().filter(|path| path.matches('.').count() == 1);
    for member in top(shape(&sent["result"])) {
        assert!(known.contains(member.trim_start_matches('.')), "{member}");
    }

    let channel = telegram::channel_to(&stand_in);
    let remote = wirereport_actors::wire::post::Remote { id: "1".to_owned(), url: None };
    for (operation, method) in [
        (Operation::Create, "sendMessage"),
        (Operation::Edit, "editMessageText"),
        (Operation::Reply, "sendMessage"),
        (Operation::Delete, "deleteMessage"),
    ] {
        let frozen = super::setup::frozen(&channel, &follow_up(&post(1), operation, &remote));
        let body: Value = serde_json::from_str(&frozen.body).unwrap();
        let known = fields(&api["methods"][method]);
        for member in top(shape(&body)) {
            assert!(known.contains(member.trim_start_matches('.')), "{method} has no {member}");
        }
    }
}
