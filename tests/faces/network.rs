//! The API on the network: the socket's routes behind a token, on a port that may be shared, moved, or closed.

use reqwest::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, ORIGIN, WWW_AUTHENTICATE};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, eventually, within};
use crate::receiver::{Behaviour, Receiver};

/// A reader of the API, with a token or without.
pub(crate) struct Reader {
    client: Client,
    address: String,
    token: Option<String>,
}

impl Reader {
    pub(crate) fn stranger(address: &str) -> Self {
        let second = std::time::Duration::from_secs(1);
        let client = wirereport::http::client(second * 10, second * 60).unwrap();
        Self { client, address: address.to_owned(), token: None }
    }

    /// One with a token of that scope.
    pub(crate) async fn with(desk: &Desk, address: &str, scope: &str) -> Self {
        let issued = desk.run(&["token", "issue", "--name", scope, "--scope", scope]).await;
        assert_eq!(issued.code, Some(0), "{}", issued.err);
        Self { token: Some(issued.out.trim().to_owned()), ..Self::stranger(address) }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let request = self.client.request(method, format!("http://{}{path}", self.address));
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.send(Method::GET, path, None).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        response.json().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let response = self.send(Method::POST, path, Some(body)).await;
        let status = response.status();
        let answer = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    /// The sentence of a problem of that status.
    pub(crate) async fn refused(&self, method: Method, path: &str, status: u16) -> String {
        let response = self.send(method, path, None).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json", "{path}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], status);
        problem["detail"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_network_sees_what_the_socket_sees_and_shows_a_token_for_it() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let address = service.address("api").await;
    assert_eq!(address, service.address("http").await, "one address, one port");

    let stranger = Reader::stranger(&address);
    let sentence = stranger.refused(Method::GET, "/v1/status", 401).await;
    assert!(sentence.contains("`wirereport token issue`"), "{sentence}");
    let challenge = stranger.send(Method::GET, "/v1/nowhere", None).await;
    assert_eq!(challenge.headers()[WWW_AUTHENTICATE], "Bearer realm=\"wirereport\"");
    let feed = stranger.send(Method::GET, "/feeds/feed/feed.json", None).await;
    assert_eq!(feed.status(), StatusCode::OK, "what is published is for everybody");
    assert_eq!(stranger.refused(Method::GET, "/feeds/nosuch/feed.json", 404).await, "no such feed");

    let reader = Reader::with(&desk, &address, "read").await;
    let status = reader.get("/v1/status").await;
    assert_eq!(status["instance"], desk.json(&["status"]).await["instance"]);
    let instance = status["instance"].to_string();
    assert!(service.answers().iter().any(|answer| answer.contains(&instance)), "all answers are searched");
    assert_eq!(reader.refused(Method::GET, "/v1/nowhere", 404).await, "no such path in this API");
    reader.refused(Method::POST, "/v1/publishing/stop", 403).await;
    assert_eq!(reader.refused(Method::DELETE, "/v1/posts/1", 403).await.matches("admin").count(), 1);

    let editor = Reader::with(&desk, &address, "publish").await;
    editor.post("/v1/publishing/stop", &json!(null)).await;
    assert!(reader.get("/v1/status").await["switches"]["publishing_stopped"].is_string());
    let changes = desk.run(&["changes", "--who", "token:publish"]).await.ok();
    assert!(changes.contains("127.0.0.1") && changes.contains("POST /v1/publishing/stop"), "{changes}");

    let admin = Reader::with(&desk, &address, "admin").await;
    assert_eq!(admin.refused(Method::DELETE, "/v1/posts/1", 405).await, "/v1/posts/1 does not take DELETE");
    let large = json!({ "path": "x".repeat(70_000) });
    let response = admin.send(Method::POST, "/v1/backup", Some(&large)).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    admin.refused(Method::POST, "/v1/backup", 415).await;
    service.stop().await;
}

#[tokio::test]
async fn no_page_of_another_site_may_read_an_answer() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let reader = Reader::with(&desk, &service.address("api").await, "admin").await;
    for method in [Method::GET, Method::OPTIONS] {
        let url = format!("http://{}/v1/status", reader.address);
        let request = reader.client.request(method, url).header(ORIGIN, "https://elsewhere.example");
        let response = request.bearer_auth(reader.token.as_ref().unwrap()).send().await.unwrap();
        let headers = response.headers();
        assert!(headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).is_none(), "{headers:?}");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    service.stop().await;
}

#[tokio::test]
async fn a_proxy_may_pass_a_path_on_as_it_is() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&telling(&scoreboard));
    desk.set("WIREREPORT_API__PATH_PREFIX", "/news/wire");
    let service = desk.start_ready().await;
    let address = service.address("api").await;
    let editor = Reader::with(&desk, &address, "publish").await;
    assert!(editor.get("/news/wire/v1/status").await["epoch"].is_u64());
    editor.post("/news/wire/v1/publishing/stop", &json!(null)).await;
    editor.refused(Method::POST, "/news/wire/v1/reload", 403).await;
    let sentence = editor.refused(Method::GET, "/v1/status", 404).await;
    assert_eq!(sentence, "no such path; the API begins at /news/wire/v1/");
    assert_eq!(
        Reader::stranger(&address).send(Method::GET, "/feeds/feed/feed.json", None).await.status(),
        200
    );
    service.stop().await;

    for wrong in ["wire", "/wire/", "//", "/a b", "/.."] {
        let mut desk = Desk::with("");
        desk.set("WIREREPORT_API__PATH_PREFIX", wrong);
        let said = desk.run(&["validate"]).await.refused(78);
        assert!(said.contains("`api.path_prefix` must be a path such as \"/wire\""), "{wrong}: {said}");
    }
}

#[tokio::test]
async fn the_network_may_be_left_out_and_one_port_has_one_address() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&telling(&scoreboard));
    desk.set("WIREREPORT_API__LISTEN", "off");
    let service = desk.start_ready().await;
    assert_eq!(service.address("api").await, "off");
    let stranger = Reader::stranger(&service.address("http").await);
    assert_eq!(stranger.send(Method::GET, "/v1/status", None).await.status(), StatusCode::NOT_FOUND);
    assert!(desk.json(&["status"]).await["epoch"].is_u64(), "the socket answers all the same");
    service.stop().await;

    desk.set("WIREREPORT_API__LISTEN", "0.0.0.0:8000");
    desk.set("WIREREPORT_HTTP__LISTEN", "127.0.0.1:8000");
    let said = desk.run(&["run"]).await.refused(78);
    assert!(said.contains("WIREREPORT_API__LISTEN") && said.contains("to share the port"), "{said}");
}

#[tokio::test]
async fn what_is_asked_while_the_wire_drains_is_answered() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::AcceptThenHang]);
    let patient = "shutdown = \"60 s\"\nsupervision.stop_within = \"60 s\"\n";
    let mut desk = Desk::with(&(patient.to_owned() + &telling(&scoreboard) + &newsroom(&receiver.url())));
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = desk.start_ready().await;
    let reader = Reader::with(&desk, &service.address("api").await, "read").await;
    let bare = service.bare_address("api").await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    within("the receiver is asked", receiver.requests(1)).await;
    service.signal("TERM").await;
    eventually("it drains", async || {
        let status = reader.get("/v1/status").await.to_string();
        status.contains("stopping").then_some(())
    })
    .await;
    receiver.release();
    let (code, log) = service.ended().await;
    assert_eq!(code, Some(0), "{}", log.join("\n"));
    let request = reader.client.get(format!("http://{bare}/v1/status")).send().await;
    assert!(request.unwrap_err().is_connect());
}
