//! Signing in to the dashboard and out again, and the attacks that a cookie invites: each refused, each in the audit log.

use axum::http::HeaderMap;

use super::*;
use crate::api::auth::Gate;
use crate::api::network;
use crate::ledger::access::{AuditFilter, AuditRecord};

/// The API as a browser meets it.
struct Door {
    desk: Desk,
    router: Router,
}

struct Said {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Said {
    /// The cookie that was set, without its attributes.
    fn cookie(&self) -> String {
        let cookie = self.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("; HttpOnly; SameSite=Strict") && !cookie.contains("Path"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }

    fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or_default()
    }
}

const OURS: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("x-wirereport", "1")];

impl Door {
    async fn open() -> Self {
        let desk = Desk::running().await;
        let tokens = desk.tokens.clone().unwrap();
        let clock = Arc::new(TokioClock::starting_at(at(40)));
        let gate = Gate::new(tokens, Arc::clone(&desk.ledger), clock, Duration::from_secs(86_400));
        let router = network(desk.router.clone(), Arc::new(gate), "");
        Self { desk, router }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Said {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let body = if body.is_null() { Body::empty() } else { body.to_string().into() };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        described::check(method, path, parts.status, &body);
        Said { status: parts.status, headers: parts.headers, body }
    }

    async fn sign_in(&self, with: Value) -> Said {
        self.ask("POST", "/v1/sign-in", &OURS, &with).await
    }

    /// Asks as the page does that has this cookie.
    async fn with(&self, cookie: &str, method: &str, path: &str) -> Said {
        let headers = [OURS[0], OURS[1], ("cookie", cookie)];
        self.ask(method, path, &headers, &Value::Null).await
    }

    /// A code of the operator's on this machine.
    async fn code(&self, scope: &str) -> String {
        let order = json!({"name": "screen", "scopes": [scope], "expires_in": "1h"});
        let (status, answer) = self.desk.ask("POST", "/v1/sign-in-codes", Some(order)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["code"].as_str().unwrap().to_owned()
    }

    async fn token(&self, scope: &str) -> String {
        let order = json!({"name": scope, "scopes": [scope]});
        let (_, answer) = self.desk.ask("POST", "/v1/tokens", Some(order)).await;
        answer["token"].as_str().unwrap().to_owned()
    }

    async fn audited(&self) -> Vec<AuditRecord> {
        self.desk.ledger.audit_log(&AuditFilter { limit: 100, ..AuditFilter::default() }).await.unwrap()
    }
}

#[tokio::test]
async fn a_code_is_good_for_one_session_and_signing_out_ends_it() {
    let door = Door::open().await;
    let code = door.code("publish").await;
    let said = door.sign_in(json!({"code": code})).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    assert_eq!(said.body["subject"], "token:screen");
    assert_eq!(said.body["scopes"], json!(["read", "publish"]));
    let cookie = said.cookie();
    let again = door.sign_in(json!({"code": code})).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        again.detail(),
        "the link is not good, or no longer; `wirereport dashboard` makes another one"
    );

    let me = door.with(&cookie, "GET", "/v1/me").await;
    assert_eq!((me.status, me.body), (StatusCode::OK, said.body));
    assert_eq!(door.with(&cookie, "POST", "/v1/publishing/stop").await.status, StatusCode::OK);
    let admin = door.with(&cookie, "POST", "/v1/actors/restart/nba").await;
    assert_eq!(admin.status, StatusCode::FORBIDDEN, "{}", admin.body);
    let out = door.with(&cookie, "POST", "/v1/sign-out").await;
    assert_eq!(
        (out.status, out.cookie().as_str()),
        (StatusCode::OK, format!("{}=", cookie.split_once('=').unwrap().0).as_str())
    );
    assert_eq!(door.with(&cookie, "GET", "/v1/me").await.status, StatusCode::UNAUTHORIZED);

    let audited = door.audited().await;
    let tried: Vec<(&str, &str, Option<u16>)> = (audited.iter().rev())
        .map(|entry| (entry.tried.who.as_str(), entry.tried.action.as_str(), entry.status))
        .collect();
    assert_eq!(
        tried,
        [
            ("local", "POST /v1/sign-in-codes", Some(200)),
            ("token:screen", "POST /v1/sign-in", Some(200)),
            ("unknown", "POST /v1/sign-in", Some(401)),
            ("token:screen", "POST /v1/publishing/stop", Some(200)),
            ("token:screen", "POST /v1/actors/restart/nba", Some(403)),
            ("token:screen", "POST /v1/sign-out", Some(200)),
            ("token:screen", "GET /v1/me", Some(401)),
        ]
    );
    let text = format!("{audited:?}");
    assert!(!text.contains(&code) && !text.contains("eyJ"), "{text}");
}

#[tokio::test]
async fn a_pasted_token_is_the_session_and_outlives_it() {
    let door = Door::open().await;
    let token = door.token("read").await;
    let said = door.sign_in(json!({"token": format!(" {token}\n")})).await;
    assert_eq!(said.body["scopes"], json!(["read"]));
    let cookie = said.cookie();
    let (name, shown) = cookie.split_once('=').unwrap();
    assert!(name.starts_with("wirereport_session_") && shown == token, "{cookie}");
    assert_eq!(door.with(&cookie, "POST", "/v1/publishing/stop").await.status, StatusCode::FORBIDDEN);
    assert_eq!(door.with(&cookie, "POST", "/v1/sign-out").await.status, StatusCode::OK);
    let bearer = format!("Bearer {token}");
    let still = door.ask("GET", "/v1/me", &[("authorization", &bearer)], &Value::Null).await;
    assert_eq!(still.status, StatusCode::OK, "the token is the machine's that has it, not the browser's");
    door.desk.ledger.tokens().await.unwrap();
    let (_, revoked) = door.desk.post("/v1/tokens/read/revoke").await;
    assert!(revoked[0]["revoked_at"].is_string(), "{revoked}");
    assert_eq!(door.with(&cookie, "GET", "/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn two_wires_on_one_host_do_not_take_each_others_cookie() {
    let (one, other) = (Door::open().await, Door::open().await);
    let first = one.sign_in(json!({"token": one.token("read").await})).await.cookie();
    let second = other.sign_in(json!({"token": other.token("read").await})).await.cookie();
    // A browser shows both to both, whatever port set them.
    let jar = format!("{first}; {second}");
    assert_ne!(first.split_once('=').unwrap().0, second.split_once('=').unwrap().0);
    for door in [&one, &other] {
        assert_eq!(door.with(&jar, "GET", "/v1/me").await.status, StatusCode::OK);
    }
    let out = one.with(&jar, "POST", "/v1/sign-out").await;
    assert!(first.starts_with(&out.cookie()), "only its own is forgotten");
    for (door, strange) in [(&one, &second), (&other, &first)] {
        let said = door.with(strange, "GET", "/v1/me").await;
        assert!(
            said.detail().starts_with("no token; "),
            "another wire's cookie is no token here: {}",
            said.detail()
        );
    }
}

#[tokio::test]
async fn a_code_of_a_token_that_was_revoked_is_good_for_nothing() {
    let door = Door::open().await;
    let bearer = format!("Bearer {}", door.token("admin").await);
    let order = json!({"name": "screen", "scopes": ["admin"]});
    let said = door.ask("POST", "/v1/sign-in-codes", &[("authorization", &bearer)], &order).await;
    let code = said.body["code"].as_str().unwrap().to_owned();
    door.desk.post("/v1/tokens/admin/revoke").await;
    assert_eq!(door.sign_in(json!({"code": code})).await.status, StatusCode::UNAUTHORIZED);
    let bearer = format!("Bearer {}", door.token("publish").await);
    let said = door.ask("POST", "/v1/sign-in-codes", &[("authorization", &bearer)], &order).await;
    assert_eq!(said.status, StatusCode::FORBIDDEN, "nobody raises himself");
}

#[tokio::test]
async fn what_comes_from_another_sites_page_is_refused_and_recorded() {
    let door = Door::open().await;
    let cookie = door.sign_in(json!({"token": door.token("admin").await})).await.cookie();
    let cookie = ("cookie", cookie.as_str());
    let ours = OURS[1];
    let site = |site| ("sec-fetch-site", site);
    let attacks: [(&str, &[(&str, &str)]); 6] = [
        ("a form on another site", &[cookie, site("cross-site")]),
        ("a script on a neighbour", &[cookie, site("same-site"), ours]),
        ("a form of our own origin", &[cookie, site("same-origin")]),
        ("an old browser elsewhere", &[cookie, ("host", "wire"), ("origin", "http://evil.example"), ours]),
        ("a page without an origin", &[cookie, ("host", "wire"), ("origin", "null"), ours]),
        ("a request without the header", &[cookie]),
    ];
    for (what, headers) in attacks {
        let said = door.ask("POST", "/v1/publishing/stop", headers, &Value::Null).await;
        assert_eq!(said.status, StatusCode::FORBIDDEN, "{what}: {}", said.body);
    }
    let foreign = [site("cross-site"), ours];
    let said = door.ask("POST", "/v1/sign-in", &foreign, &json!({"token": door.token("read").await})).await;
    assert_eq!(said.status, StatusCode::FORBIDDEN, "nobody is signed in as somebody else");
    assert!(door.desk.switches().await.publishing_stopped.is_none());
    let audited = door.audited().await;
    let refused = audited.iter().filter(|entry| entry.status == Some(403) && entry.tried.who == "unknown");
    assert_eq!(refused.count(), attacks.len() + 1);
}

#[tokio::test]
async fn guesses_are_counted_as_failed_tokens_are_and_whoever_is_right_gets_in() {
    let door = Door::open().await;
    let bodies =
        [json!({}), json!({"token": "a", "code": "b"}), json!({"password": "a"}), json!("x"), json!(null)];
    for body in bodies {
        assert_eq!(door.sign_in(body).await.status, StatusCode::BAD_REQUEST);
    }
    for _ in 0..5 {
        assert_eq!(
            door.sign_in(json!({"code": "AAAAAAAAAAAAAAAAAAAAAA"})).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let said = door.sign_in(json!({"token": "a.b.c"})).await;
    assert_eq!(said.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(said.headers.contains_key(header::RETRY_AFTER));
    let code = door.code("read").await;
    assert_eq!(door.sign_in(json!({"code": code})).await.status, StatusCode::OK);
    let long = json!({"token": "a".repeat(9000)});
    assert_eq!(door.sign_in(long).await.status, StatusCode::TOO_MANY_REQUESTS);
    let get = door.ask("GET", "/v1/sign-in", &OURS, &Value::Null).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_page_is_everybodys_and_nothing_behind_it_is() {
    let door = Door::open().await;
    for path in ["/", "/assets/app.js", "/assets/panels/now.js"] {
        let said = door.ask("GET", path, &[], &Value::Null).await;
        assert_eq!(said.status, StatusCode::OK, "{path}");
        assert!(said.headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
    }
    for path in ["/v1/me", "/v1/status", "/v1/sign-out", "/nowhere"] {
        let said = door.ask("GET", path, &[], &Value::Null).await;
        assert_eq!(said.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
