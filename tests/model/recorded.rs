//! The stand-in against what OpenAI was recorded to answer: the same members, the same headers, and errors that are read as
//! they are meant.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use wirereport_actors::ports::writer::WriterError;

use super::setup::{texts, writer, written};
use crate::stand_in::{Model, Reply};

fn recorded(name: &str) -> Option<String> {
    let folder = std::env::var_os("WIREREPORT_PLATFORMS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/platforms"),
        PathBuf::from,
    );
    let file = folder.join("openai").join(name);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        println!("skipped: there is no recording at {}", file.display());
    }
    text
}

/// The body of the response in a cassette, which stands there as a block.
fn response_body(cassette: &str) -> String {
    let block = cassette.split("string: |-\n").nth(1).expect("a body");
    let indent = block.len() - block.trim_start_matches(' ').len();
    let lines = block.lines().take_while(|line| line.len() - line.trim_start().len() >= indent);
    lines.collect()
}

/// The names of the response's headers, in small letters.
fn response_headers(cassette: &str) -> BTreeSet<String> {
    let (_, response) = cassette.split_once("  response:").expect("a response");
    let (_, headers) = response.split_once("    headers:\n").expect("headers");
    let names = headers.lines().take_while(|line| line.starts_with("      "));
    names
        .filter(|line| !line.starts_with("      -"))
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(name, _)| name.to_lowercase())
        .collect()
}

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

#[tokio::test]
async fn the_stand_in_answers_with_the_members_and_headers_that_were_recorded() {
    let Some(cassette) = recorded("otel_test_chat_completion_with_content.yaml") else { return };
    let recorded: Value = serde_json::from_str(&response_body(&cassette)).expect("JSON");
    let model = Model::start().await;
    let client = reqwest::Client::new();
    let request = r#"{"model":"small","messages":[]}"#.to_owned();
    let answer =
        client.post(format!("{}/chat/completions", model.base_url())).body(request).send().await.unwrap();
    let names: BTreeSet<String> = answer.headers().keys().map(ToString::to_string).collect();
    let ours: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let mut members = shape(&recorded);
    // It is there in some answers only.
    members.insert(".choices[].message.role".to_owned());
    assert_eq!(shape(&ours), members);
    let limits: BTreeSet<String> =
        response_headers(&cassette).into_iter().filter(|name| name.starts_with("x-ratelimit")).collect();
    assert_eq!(limits.len(), 6, "{limits:?}");
    assert!(limits.is_subset(&names), "{names:?}");
}

#[tokio::test]
async fn a_recorded_answer_is_read() {
    let Some(cassette) = recorded("otel_test_chat_completion_with_content.yaml") else { return };
    let body = response_body(&cassette);
    let model = Model::start().await;
    model.script([Reply::Raw(200, body.clone(), Vec::new())]);
    let read = written(&writer(&model)).await.unwrap();
    assert_eq!(
        (read.refused[0].code.as_str(), read.refused[0].text.as_str()),
        ("malformed", "This is a test.")
    );

    let content = r#"{\"title\": \"{winner} win\", \"long\": \"{winner} beat {loser} {score}.\", \"short\": \"{line}.\"}"#;
    model.script([Reply::Raw(200, body.replace("This is a test.", content), Vec::new())]);
    let read = written(&writer(&model)).await.unwrap();
    assert_eq!(texts(&read)[0], "The Celtics beat the Hawks 117-116.");
}

#[tokio::test]
async fn every_recorded_error_is_read_as_it_is_meant() {
    let Some(errors) = recorded("errors.json") else { return };
    let errors: Value = serde_json::from_str(&errors).expect("JSON");
    let said = async |status: u16, body: &Value, headers: Vec<(&'static str, String)>| {
        let model = Model::start().await;
        model.script(std::iter::repeat_n(Reply::Raw(status, body.to_string(), headers), 2));
        match written(&writer(&model)).await {
            Err(WriterError::Service { fault, detail }) => {
                (format!("{fault:?}"), detail, model.asked().len())
            }
            other => panic!("{other:?}"),
        }
    };
    let of = |name: &str| {
        (errors[name]["body"].clone(), u16::try_from(errors[name]["status"].as_u64().unwrap()).unwrap())
    };

    for name in ["401", "429_quota_old", "400_model"] {
        let (body, _) = of(name);
        let status = if name == "400_model" { 404 } else { name[..3].parse().unwrap() };
        let (fault, detail, asked) = said(status, &body, Vec::new()).await;
        assert_eq!((fault.as_str(), asked), ("Misconfigured", 1), "{name}: {detail}");
        assert!(detail.contains(body["error"]["code"].as_str().unwrap()), "{detail}");
    }
    let (body, status) = of("429_rate");
    let wait = errors["429_rate"]["headers"]["retry-after"].as_str().unwrap().to_owned();
    let (fault, detail, asked) = said(status, &body, vec![("retry-after", wait)]).await;
    assert_eq!((fault.as_str(), asked), ("Transient { retry_after: Some(1s) }", 2), "{detail}");

    for code in errors["429_quota_new_codes"].as_array().unwrap() {
        let (mut body, status) = of("429_quota_old");
        body["error"]["code"] = code.clone();
        let (fault, detail, asked) = said(status, &body, Vec::new()).await;
        assert_eq!((fault.as_str(), asked), ("Misconfigured", 1), "{detail}");
    }
    let (mut body, _) = of("429_rate");
    body["error"]["code"] = "server_is_overloaded".into();
    let (fault, detail, asked) = said(503, &body, Vec::new()).await;
    assert_eq!((fault.as_str(), asked), ("Transient { retry_after: None }", 2), "{detail}");
}
