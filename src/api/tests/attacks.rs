//! Attacks on the API over real HTTP: every one is refused, and every one is in the audit log.

use std::net::{Ipv4Addr, SocketAddr};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use super::*;
use crate::api::auth::{Caller, Gate, Scope, TokenKeys, Tokens, protect};
use crate::api::types::TokenOrder;
use crate::ledger::access::{AuditFilter, AuditRecord, TokenRecord};
use crate::settings::secrets::SigningKeys;

const DAY: Duration = Duration::from_secs(86_400);

/// The API on the network, over a desk.
struct Door {
    desk: Desk,
    tokens: Arc<Tokens>,
    address: SocketAddr,
}

#[derive(Debug)]
struct Said {
    status: u16,
    head: String,
    body: Value,
}

impl Door {
    async fn open() -> Self {
        let desk = Desk::running().await;
        let tokens = desk.tokens.clone().unwrap();
        Self::with(desk, tokens).await
    }

    /// As after a restart with these keys.
    async fn over(desk: Desk, keys: &str) -> Self {
        let keys = SigningKeys::parse(keys).unwrap();
        let tokens = Tokens::load(&keys, Arc::clone(&desk.ledger)).await.unwrap();
        Self::with(desk, Arc::new(tokens)).await
    }

    async fn with(desk: Desk, tokens: Arc<Tokens>) -> Self {
        let clock = Arc::new(TokioClock::starting_at(at(40)));
        let gate = Gate::new(Arc::clone(&tokens), Arc::clone(&desk.ledger), clock, DAY * 365);
        let router = protect(desk.router.clone(), Arc::new(gate));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { desk, tokens, address }
    }

    async fn issue(&self, name: &str, scope: Scope) -> (String, TokenRecord) {
        let order = TokenOrder { name: name.to_owned(), scopes: vec![scope], expires_in: None };
        let id = format!("{name}-{scope}-id");
        let issued = self.tokens.issue(&order, &Caller::Socket { uid: Some(7) }, id, at(40)).await.unwrap();
        (issued.token, issued.record)
    }

    /// Sends a request as it stands, from 127.0.1.`from`.
    async fn send(&self, from: u8, request: &str) -> Said {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 1, from), 0))).unwrap();
        let mut stream = socket.connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Said { status, head: head.to_ascii_lowercase(), body: serde_json::from_str(body).unwrap_or_default() }
    }

    async fn get(&self, from: u8, token: &str) -> Said {
        self.send(from, &request("GET", "/v1/status", &bearer(token))).await
    }

    async fn audit(&self) -> Vec<AuditRecord> {
        let filter = AuditFilter { limit: 500, ..AuditFilter::default() };
        self.desk.ledger.audit_log(&filter).await.unwrap()
    }
}

fn request(method: &str, target: &str, headers: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nhost: wire\r\nconnection: close\r\ncontent-length: 0\r\n{headers}\r\n"
    )
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// A token of whatever is given, signed with HMAC and SHA-256.
fn forged(header: &Value, claims: &Value, key: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn with(base: &Value, key: &str, value: Value) -> Value {
    let mut changed = base.clone();
    changed[key] = value;
    changed
}

fn without(base: &Value, key: &str) -> Value {
    let mut changed = base.clone();
    changed.as_object_mut().unwrap().remove(key);
    changed
}

/// Attacks by name: what is sent, and what it must be answered.
async fn attacks(door: &Door) -> Vec<(&'static str, String, u16)> {
    let (admin, record) = door.issue("desk", Scope::Admin).await;
    let (reader, _) = door.issue("screen", Scope::Read).await;
    let (editor, _) = door.issue("editor", Scope::Publish).await;
    let (gone, revoked) = door.issue("gone", Scope::Admin).await;
    door.tokens.revoke(&revoked.id, at(41)).await.unwrap();

    let kid = TokenKeys::new(&SigningKeys::parse(KEY).unwrap()).current().to_owned();
    let head = json!({ "typ": "JWT", "alg": "HS256", "kid": kid });
    let said = json!({
        "jti": record.id, "sub": "desk", "iss": "wirereport", "aud": "wirereport-api", "scope": "admin",
        "iat": record.issued_at.as_second(), "exp": record.expires_at.as_second(),
    });
    assert_eq!(
        door.get(250, &forged(&head, &said, KEY)).await.status,
        200,
        "the forger knows how it is done"
    );

    let stripped = admin.rsplit_once('.').unwrap().0.to_owned();
    let of_reader = reader.rsplit_once('.').unwrap().1;
    let none = |alg: &str| {
        let token = forged(&with(&head, "alg", json!(alg)), &said, KEY);
        format!("{}.", token.rsplit_once('.').unwrap().0)
    };
    let get = |token: &str| request("GET", "/v1/status", &bearer(token));
    let post = |path: &str, token: &str| request("POST", path, &bearer(token));
    let claims = |key: &str, value: Value| get(&forged(&head, &with(&said, key, value), KEY));
    let header = |key: &str, value: Value| get(&forged(&with(&head, key, value), &said, KEY));
    let own_key = json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode("k".repeat(32)) });
    vec![
        ("no token", request("GET", "/v1/status", ""), 401),
        ("an empty token", request("GET", "/v1/status", "Authorization: Bearer \r\n"), 400),
        ("another scheme", request("GET", "/v1/status", "Authorization: Basic ZGVzazpkZXNr\r\n"), 400),
        (
            "a token without its scheme",
            request("GET", "/v1/status", &format!("Authorization: {admin}\r\n")),
            400,
        ),
        ("a token in a cookie", request("GET", "/v1/status", &format!("Cookie: token={admin}\r\n")), 401),
        ("no token at all in it", get("not-a-token"), 401),
        ("alg none", get(&none("none")), 401),
        ("alg NoNe", get(&none("NoNe")), 401),
        ("alg none with a signature", get(&forged(&with(&head, "alg", json!("none")), &said, KEY)), 401),
        ("RS256 with the key as its secret", header("alg", json!("RS256")), 401),
        ("ES256", header("alg", json!("ES256")), 401),
        ("HS512 under the same key", header("alg", json!("HS512")), 401),
        ("a stripped signature", get(&format!("{stripped}.")), 401),
        ("no signature part", get(&stripped), 401),
        ("the signature of another token", get(&format!("{stripped}.{of_reader}")), 401),
        ("a key of one's own", get(&forged(&head, &said, &"k".repeat(32))), 401),
        ("an empty key", get(&forged(&head, &said, "")), 401),
        ("the key's id as the key", get(&forged(&head, &said, &kid)), 401),
        ("an unknown key", header("kid", json!("AAAAAAAAAAAA")), 401),
        ("a key that is a path", header("kid", json!("../../dev/null")), 401),
        ("a key that is SQL", header("kid", json!("' UNION SELECT 'k")), 401),
        ("no key's id", get(&forged(&without(&head, "kid"), &said, KEY)), 401),
        ("a key in the header", get(&forged(&with(&head, "jwk", own_key), &said, &"k".repeat(32))), 401),
        ("a key's address in the header", header("jku", json!("https://evil.example/keys")), 401),
        ("a critical extension", header("crit", json!(["exp"])), 401),
        ("another type", header("typ", json!("JWS")), 401),
        ("a wrong audience", claims("aud", json!("another-api")), 401),
        ("a list of audiences", claims("aud", json!(["wirereport-api", "another-api"])), 401),
        ("no audience", get(&forged(&head, &without(&said, "aud"), KEY)), 401),
        ("a wrong issuer", claims("iss", json!("evil")), 401),
        ("an expired token", claims("exp", json!(at(39).as_second())), 401),
        ("no end", get(&forged(&head, &without(&said, "exp"), KEY)), 401),
        ("an end that is a text", claims("exp", json!("9999999999")), 401),
        ("a token from the future", claims("iat", json!(at(40).as_second() + 120)), 401),
        ("a longer life", claims("exp", json!(record.expires_at.as_second() + 1)), 401),
        ("a greater scope", claims("scope", json!("read publish admin")), 401),
        ("another's name", claims("sub", json!("root")), 401),
        ("a token that was never issued", claims("jti", json!("made-up")), 401),
        ("a revoked token", get(&gone), 401),
        ("an oversized token", get(&format!("{admin}{}", "A".repeat(8000))), 401),
        ("two tokens", request("GET", "/v1/status", &(bearer(&admin) + &bearer(&reader))), 400),
        ("a token in the address", request("GET", &format!("/v1/status?access_token={admin}"), ""), 400),
        (
            "a token in the address, hidden",
            request("GET", &format!("/v1/status?%54oken={admin}"), &bearer(&admin)),
            400,
        ),
        ("a change with a token that reads", post("/v1/publishing/stop", &reader), 403),
        ("a discard with a token that reads", post("/v1/posts/1/discard", &reader), 403),
        ("tokens with a token that reads", request("GET", "/v1/tokens", &bearer(&reader)), 403),
        ("a token from a token that publishes", post("/v1/tokens", &editor), 403),
        ("a backup with a token that publishes", post("/v1/backup", &editor), 403),
        ("a detour", post("//v1/publishing/stop", &reader), 403),
        ("a made-up method", request("BREW", "/v1/status", &bearer(&editor)), 403),
    ]
}

#[tokio::test]
async fn every_attack_is_refused_and_every_one_is_in_the_audit_log() {
    let door = Door::open().await;
    let attacks = attacks(&door).await;
    assert!(attacks.len() >= 24 && attacks.len() < 250);
    for (number, (name, request, status)) in (1..).zip(&attacks) {
        let said = door.send(number, request).await;
        assert_eq!(said.status, *status, "{name}: {said:?}");
        assert_eq!(said.body["status"], *status, "{name}: it is a problem: {said:?}");
        assert!(said.head.contains("content-type: application/problem+json"), "{name}: {said:?}");
        assert!(said.head.contains("www-authenticate: bearer realm=\"wirereport\""), "{name}: {said:?}");
    }
    let log = door.audit().await;
    for (number, (name, _, status)) in (1_u8..).zip(&attacks) {
        let entry = log.iter().find(|entry| entry.tried.address == Some(format!("127.0.1.{number}")));
        let entry = entry.unwrap_or_else(|| panic!("{name} is not in the log"));
        assert_eq!(entry.status, Some(*status), "{name}");
        assert!(entry.detail.as_ref().is_some_and(|detail| !detail.contains("eyJ")), "{name}: {entry:?}");
        println!("refused {status}  {name}: {}", entry.detail.as_deref().unwrap_or_default());
    }
    assert_eq!(door.desk.switches().await, Switches::default(), "nothing was changed");
    let of = |name: &str| {
        let number = attacks.iter().position(|attack| attack.0 == name).unwrap() + 1;
        let entry = log.iter().find(|entry| entry.tried.address == Some(format!("127.0.1.{number}")));
        entry.unwrap().tried.clone()
    };
    assert_eq!(of("alg none").who, "unknown", "who nothing proves is nobody");
    assert_eq!(
        (of("a revoked token").who, of("a revoked token").token),
        ("token:gone".into(), Some("gone-admin-id".into()))
    );
    assert_eq!(of("a change with a token that reads").who, "token:screen");
}

#[tokio::test]
async fn an_address_that_fails_too_often_is_told_to_wait_and_a_good_token_gets_in_all_the_same() {
    let door = Door::open().await;
    let (good, _) = door.issue("desk", Scope::Read).await;
    for _ in 0..10 {
        assert_eq!(door.get(1, "not-a-token").await.status, 401);
    }
    let said = door.get(1, "not-a-token").await;
    assert_eq!(said.status, 429);
    assert!(said.head.contains("\r\nretry-after: "), "{said:?}");
    assert!(said.body["detail"].as_str().unwrap().starts_with("too many requests without a good token;"));
    assert_eq!(door.get(1, &good).await.status, 200, "nobody is locked out by another behind the same proxy");
    assert_eq!(door.get(2, "not-a-token").await.status, 401, "another address has its own");
    assert_eq!(door.audit().await.len(), 11, "what is told to wait fills no log");
}

#[tokio::test]
async fn a_revoked_token_stays_out_after_a_restart_and_a_good_one_gets_in() {
    let door = Door::open().await;
    let (good, _) = door.issue("desk", Scope::Read).await;
    let (bad, _) = door.issue("screen", Scope::Read).await;
    assert_eq!(door.get(1, &bad).await.status, 200);
    door.tokens.revoke("screen", at(41)).await.unwrap();
    assert_eq!(door.get(1, &bad).await.status, 401, "with the next request");
    let again = Door::over(door.desk, KEY).await;
    assert_eq!(again.get(1, &bad).await.status, 401, "and after a restart");
    assert_eq!(again.get(1, &good).await.status, 200);
}

#[tokio::test]
async fn keys_are_changed_without_a_moment_in_which_tokens_fail() {
    let new = "Qm8kXr3wYc5dGh7jLp9sUf2a0Zb1nT6vNEWKEY";
    let door = Door::open().await;
    let (old_token, _) = door.issue("desk", Scope::Read).await;
    let door = Door::over(door.desk, &format!("{new} {KEY}")).await;
    let (new_token, record) = door.issue("screen", Scope::Read).await;
    assert_eq!(record.key, TokenKeys::new(&SigningKeys::parse(new).unwrap()).current());
    for token in [&old_token, &new_token] {
        assert_eq!(door.get(1, token).await.status, 200);
    }
    let door = Door::over(door.desk, new).await;
    assert_eq!(door.get(1, &new_token).await.status, 200);
    let said = door.get(1, &old_token).await;
    assert_eq!(
        said.body["detail"],
        "the token's key is not in use; `wirereport token issue` makes another one"
    );
}

#[tokio::test]
async fn each_scope_does_what_is_its_own_and_every_change_is_recorded_with_who_made_it() {
    let door = Door::open().await;
    let (editor, _) = door.issue("editor", Scope::Publish).await;
    let (admin, record) = door.issue("desk", Scope::Admin).await;
    let post =
        async |path: &str, token: &str| door.send(9, &request("POST", path, &bearer(token))).await.status;
    assert_eq!(door.get(9, &editor).await.status, 200);
    assert_eq!(post("/v1/publishing/stop", &editor).await, 200);
    assert_eq!(post("/v1/actors/pause/nba", &admin).await, 200);
    assert_eq!(post("/v1/posts/999/retry", &admin).await, 404);
    assert!(door.desk.switches().await.publishing_stopped.is_some());
    let log = door.audit().await;
    let shown: Vec<(&str, &str, Option<u16>)> = log
        .iter()
        .map(|entry| (entry.tried.who.as_str(), entry.tried.action.as_str(), entry.status))
        .collect();
    assert_eq!(
        shown,
        [
            ("token:desk", "POST /v1/posts/999/retry", Some(404)),
            ("token:desk", "POST /v1/actors/pause/nba", Some(200)),
            ("token:editor", "POST /v1/publishing/stop", Some(200)),
        ]
    );
    assert_eq!((log[0].detail.as_deref(), log[1].detail.as_deref()), (Some("no post 999"), None));
    assert_eq!((&log[0].tried.token, log[0].tried.address.as_deref()), (&Some(record.id), Some("127.0.1.9")));
}

#[tokio::test]
async fn a_token_that_another_orders_never_outlives_it() {
    let door = Door::open().await;
    let (admin, record) = door.issue("desk", Scope::Admin).await;
    let body = json!({ "name": "screen", "scopes": ["read"], "expires_in": "300 days" }).to_string();
    let head = format!(
        "POST /v1/tokens HTTP/1.1\r\nhost: wire\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n{}\r\n{body}",
        body.len(),
        bearer(&admin)
    );
    let said = door.send(1, &head).await;
    assert_eq!(said.status, 200, "{said:?}");
    assert_eq!(said.body["expires_at"], record.expires_at.to_string());
    assert_eq!(said.body["issued_by"], "token:desk");
    let token = said.body["token"].as_str().unwrap();
    assert_eq!(door.get(1, token).await.status, 200);
    let log = door.audit().await;
    assert_eq!(log[0].tried.request.as_deref(), Some(body.as_str()));
    assert!(!serde_json::to_string(&log).unwrap().contains(token), "it is nowhere but in the answer");
}
