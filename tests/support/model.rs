//! A language model's server that speaks Chat Completions and answers as it is told to.
//!
//! It is a real server on a free port of this machine. It checks what it is asked (the path, the key, the JSON schema) and
//! keeps every request. Without a script it answers rightly: it writes around the placeholders it is given, or, in free
//! mode, with the values.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::post;
use axum::serve::Listener;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::line::{Cut, Door};

/// How the server meets one request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// With the texts it should.
    Right,
    /// With these texts: title, long, short.
    Texts(String, String, String),
    /// With this content of the message, whatever it is.
    Content(String),
    /// With a refusal.
    Refusal(String),
    /// With a text that ended for that reason.
    Finished(String),
    /// With that status, body and headers.
    Raw(u16, String, Vec<(&'static str, String)>),
    /// With that status and an error of that code and message.
    Error(u16, &'static str, &'static str),
    /// After that time, rightly.
    Slow(Duration),
    /// Not at all.
    Hang,
    /// By resetting the connection.
    Reset,
}

impl Reply {
    /// The same texts, written shorter.
    pub(crate) fn texts(title: &str, long: &str, short: &str) -> Self {
        Self::Texts(title.to_owned(), long.to_owned(), short.to_owned())
    }
}

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Asked {
    /// The data of the user's message.
    pub(crate) fn data(&self) -> Value {
        let content = self.body["messages"][1]["content"].as_str().unwrap_or_default();
        serde_json::from_str(content).unwrap_or_default()
    }
}

type Rule = Box<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// The server.
pub(crate) struct Model {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    script: Mutex<VecDeque<Reply>>,
    rule: Mutex<Rule>,
    asked: Mutex<Vec<Asked>>,
    requests: watch::Sender<usize>,
}

impl Model {
    /// Starts to listen on a free port.
    pub(crate) async fn start() -> Self {
        let door = Door(TcpListener::bind("127.0.0.1:0").await.expect("a free port"));
        let address = door.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            script: Mutex::default(),
            rule: Mutex::new(Box::new(|_| Reply::Right)),
            asked: Mutex::default(),
            requests: watch::Sender::new(0),
        });
        let router =
            Router::new().route("/v1/chat/completions", post(answer)).with_state(Arc::clone(&shared));
        let service = router.into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move {
            axum::serve(door, service).await.expect("the stand-in serves");
        });
        Self { address, shared, server }
    }

    /// What comes before `/chat/completions`.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Sets how the next requests are met; after them the rule holds.
    pub(crate) fn script(&self, replies: impl IntoIterator<Item = Reply>) {
        self.shared.script.lock().expect("the script").extend(replies);
    }

    /// Sets how requests are met that no script is for.
    pub(crate) fn rule(&self, rule: impl Fn(&Asked) -> Reply + Send + Sync + 'static) {
        *self.shared.rule.lock().expect("the rule") = Box::new(rule);
    }

    /// Every request so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("the requests").clone()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn asked_times(&self, times: usize) {
        let mut requests = self.shared.requests.subscribe();
        requests.wait_for(|requests| *requests >= times).await.expect("the stand-in lives");
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: String,
) -> Response<Body> {
    let body = serde_json::from_str(&body).expect("a request in JSON");
    let asked = Asked { headers, body };
    shared.asked.lock().expect("the requests").push(asked.clone());
    shared.requests.send_modify(|requests| *requests += 1);
    let scripted = shared.script.lock().expect("the script").pop_front();
    let reply = match scripted {
        Some(reply) => reply,
        None => (shared.rule.lock().expect("the rule"))(&asked),
    };
    meet(reply, &asked, &cut).await
}

async fn meet(reply: Reply, asked: &Asked, cut: &Cut) -> Response<Body> {
    match reply {
        Reply::Right => said(&texts(&right(asked)), asked),
        Reply::Texts(title, long, short) => said(&texts(&[title, long, short]), asked),
        Reply::Content(content) => said(&content, asked),
        Reply::Refusal(refusal) => completion(asked, &json!({ "content": null, "refusal": refusal }), "stop"),
        Reply::Finished(reason) => {
            completion(asked, &json!({ "content": texts(&right(asked)), "refusal": null }), &reason)
        }
        Reply::Raw(status, body, headers) => {
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            response(status, &headers, body)
        }
        Reply::Error(status, code, message) => response(status, &[], error(code, message)),
        Reply::Slow(wait) => {
            tokio::time::sleep(wait).await;
            said(&texts(&right(asked)), asked)
        }
        Reply::Hang => std::future::pending().await,
        Reply::Reset => {
            cut.cut();
            response(500, &[], String::new())
        }
    }
}

/// The texts that stand-in for a model writes where it writes rightly.
fn right(asked: &Asked) -> [String; 3] {
    let data = asked.data();
    let slots = data["placeholders"].is_object();
    let values = if slots { &data["placeholders"] } else { &data["values"] };
    let put = |name: &str| match slots {
        true => format!("{{{name}}}"),
        false => values[name].as_str().unwrap_or_default().to_owned(),
    };
    let there = |name: &str| values[name].is_string();
    // A shoot-out decides a game whose score does not show who won.
    let by_the_score = values["winner"] == values["leader"];
    let sentence = if there("winner") && there("score") && by_the_score {
        format!("{} beat {} {}.", put("winner"), put("loser"), put("score"))
    } else if there("winner") && there("penalties") {
        format!("{} beat {} {} on penalties.", put("winner"), put("loser"), put("penalties"))
    } else if there("winner") {
        format!("{} beat {} {}.", put("winner"), put("loser"), put("beyond"))
    } else if there("standing") {
        format!("{}.", put("standing"))
    } else {
        format!("{} play.", put("sides"))
    };
    let sentence = capitalised(&sentence);
    [sentence.trim_end_matches('.').to_owned(), sentence.clone(), sentence]
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn texts([title, long, short]: &[String; 3]) -> String {
    json!({ "title": title, "long": long, "short": short }).to_string()
}

fn said(content: &str, asked: &Asked) -> Response<Body> {
    completion(asked, &json!({ "role": "assistant", "content": content, "refusal": null }), "stop")
}

fn completion(asked: &Asked, message: &Value, finish_reason: &str) -> Response<Body> {
    // A token is about four characters; what matters is that both are counted.
    let tokens = |text: &str| text.len().div_ceil(4);
    let prompt = tokens(&asked.body["messages"].to_string());
    let written = tokens(&message.to_string());
    let body = json!({
        "id": "chatcmpl-ASYMQRl3A3DXL9FWCK9tnGRcKIO7q",
        "object": "chat.completion",
        "created": 1_731_368_630,
        "model": asked.body["model"],
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason }],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
            "prompt_tokens_details": { "cached_tokens": 0, "audio_tokens": 0 },
            "completion_tokens_details": {
                "reasoning_tokens": 0, "audio_tokens": 0,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
            },
        },
        "system_fingerprint": "fp_0ba0d124f1",
    });
    let limits = [
        ("x-request-id", "req_58cff97afd0e7c0bba910ccf0b044a6f"),
        ("openai-processing-ms", "287"),
        ("x-ratelimit-limit-requests", "10000"),
        ("x-ratelimit-limit-tokens", "200000"),
        ("x-ratelimit-remaining-requests", "9999"),
        ("x-ratelimit-remaining-tokens", "199977"),
        ("x-ratelimit-reset-requests", "8.64s"),
        ("x-ratelimit-reset-tokens", "6ms"),
    ];
    response(200, &limits, body.to_string())
}

/// An error in OpenAI's envelope.
pub(crate) fn error(code: &str, message: &str) -> String {
    json!({ "error": { "message": message, "type": "invalid_request_error", "param": null, "code": code } })
        .to_string()
}

fn response(status: u16, headers: &[(&str, &str)], body: String) -> Response<Body> {
    let mut response = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.header("content-type", "application/json").body(Body::from(body)).expect("a response")
}
