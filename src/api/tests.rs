//! Every route over a real ledger: what it answers, and what it says where it cannot.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot, watch};
use tower::ServiceExt;
use wirereport_actors::memory::{MemoryChannel, PlainWriter, ScriptedFeed, TokioClock};
use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::ports::feed::Feed;
use wirereport_actors::ports::lease::{Claim, Lease, LeaseError};
use wirereport_actors::ports::ledger::{Ledger, Switches};
use wirereport_actors::tree::{Policy, Restarts, Timing, Tree, TreeSpec, World};
use wirereport_actors::wire::post::{Epoch, PostId, PostState};
use wirereport_actors::wire::sport::Sport;

use super::auth::Tokens;
use super::service::{Reloads, Running, Service};
use super::types::Reload;
use super::{client, router};
use crate::ledger::SqliteLedger;
use crate::settings::secrets::SigningKeys;

mod attacks;

/// A lease that another holds, so that the tree leaves the ledger alone.
struct Elsewhere;

#[async_trait]
impl Lease for Elsewhere {
    async fn acquire(&self, _: Timestamp, _: Duration) -> Result<Claim, LeaseError> {
        Ok(Claim::Held { by: "another".to_owned() })
    }

    async fn renew(&self, ours: Epoch, _: Timestamp, _: Duration) -> Result<(), LeaseError> {
        Err(LeaseError::Lost { ours, current: ours })
    }

    async fn release(&self, _: Epoch) -> Result<(), LeaseError> {
        Ok(())
    }
}

/// A service over a ledger in a directory of its own.
struct Desk {
    dir: TempDir,
    ledger: Arc<SqliteLedger>,
    router: Router,
    asked: Option<mpsc::Receiver<oneshot::Sender<Reload>>>,
    tokens: Option<Arc<Tokens>>,
}

/// What the desk signs tokens with.
const KEY: &str = "0Zb1nT6vQm8kXr3wYc5dGh7jLp9sUf2aTESTKEY";

type Answer = (StatusCode, Value);

impl Desk {
    fn offline() -> Self {
        let (dir, ledger) = fresh();
        let service = Service::offline(Arc::clone(&ledger), Arc::new(TokioClock::starting_at(at(40))));
        Self { dir, ledger, router: router(service), asked: None, tokens: None }
    }

    /// One whose tree follows the NBA and tells it on the channel `wire`.
    async fn running() -> Self {
        let (dir, ledger) = fresh();
        let clock = Arc::new(TokioClock::starting_at(at(40)));
        let feed: Arc<dyn Feed> = Arc::new(ScriptedFeed::new("espn", []));
        let spec = TreeSpec {
            world: World {
                clock: Arc::clone(&clock) as _,
                ledger: Arc::clone(&ledger) as _,
                lease: Arc::new(Elsewhere),
                sports: vec![(Sport::of("nba").unwrap(), vec![feed])],
                news: Vec::new(),
                writers: vec![Arc::new(PlainWriter)],
                channels: BTreeMap::from([(channel(), Arc::new(MemoryChannel::default()) as _)]),
            },
            policy: watch::Sender::new(Arc::new(Policy::default())).subscribe(),
            timing: Timing::default(),
            restarts: Restarts::default(),
            instance: None,
            seed: 7,
        };
        let tree = Arc::new(Tree::start(spec).await.unwrap());
        let (reloads, asked) = Reloads::new();
        let writers = vec![Arc::new(PlainWriter) as _];
        let keys = SigningKeys::parse(KEY).unwrap();
        let tokens = Some(Arc::new(Tokens::load(&keys, Arc::clone(&ledger)).await.unwrap()));
        let running = Running {
            tree,
            writers,
            instance: "desk-1".to_owned(),
            started_at: at(10),
            reloads,
            tokens: tokens.clone(),
            audit_history: Duration::from_secs(86_400),
        };
        let service = Service::running(Arc::clone(&ledger), clock, running);
        Self { dir, ledger, router: router(service), asked: Some(asked), tokens }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None).await
    }

    async fn post(&self, path: &str) -> Answer {
        self.ask("POST", path, None).await
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = match &body {
            Some(body) => {
                request.header(header::CONTENT_TYPE, "application/json").body(body.to_string().into())
            }
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).cloned();
        let expected = if status.is_success() { "application/json" } else { "application/problem+json" };
        assert_eq!(kind.as_ref().and_then(|kind| kind.to_str().ok()), Some(expected), "{method} {path}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// The sentence of a problem of that status.
    async fn refused(&self, method: &str, path: &str, body: Option<Value>, status: StatusCode) -> String {
        let (found, problem) = self.ask(method, path, body).await;
        assert_eq!(found, status, "{method} {path}: {problem}");
        assert_eq!(problem["status"], status.as_u16());
        assert_eq!(problem["title"], status.canonical_reason().unwrap());
        problem["detail"].as_str().unwrap().to_owned()
    }

    async fn switches(&self) -> Switches {
        self.ledger.switches().await.unwrap()
    }
}

fn fresh() -> (TempDir, Arc<SqliteLedger>) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(dir.path().join("ledger.db")).unwrap();
    (dir, Arc::new(ledger))
}

#[tokio::test]
async fn what_only_reads_is_answered_without_a_service() {
    let desk = Desk::offline();
    let (steps, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    steps.attempted(post, sent()).await;
    assert_eq!(post, PostId(1));

    let (status, posts) = desk.get("/v1/posts?state=sent&channel=wire&limit=1").await;
    assert_eq!((status, posts[0]["id"].clone()), (StatusCode::OK, json!(1)));
    assert_eq!(desk.get("/v1/posts?state=failed").await.1, json!([]));
    let (_, shown) = desk.get("/v1/posts/1").await;
    assert_eq!(shown["attempts"][0]["settled"][1]["outcome"], "sent");
    let (_, stories) = desk.get("/v1/stories?sport=nba&told=true").await;
    assert_eq!(stories[0]["story"]["id"], story_id(1).0);
    let (_, explained) = desk.get(&format!("/v1/stories/{}", story_id(1))).await;
    assert_eq!(explained["revisions"][0]["story"]["revision"], 1);
    assert_eq!(explained["posts"][0]["post"]["state"], "sent");
    assert_eq!(desk.get("/v1/switches").await.1["publishing_stopped"], Value::Null);
}

#[tokio::test]
async fn whatever_needs_the_service_says_that_there_is_none() {
    let desk = Desk::offline();
    Steps::begin_with_a_post(&*desk.ledger).await;
    let resolution = Some(json!({ "sent": true, "remote_id": null }));
    let asked = [
        ("GET", "/v1/status", None),
        ("POST", "/v1/actors/restart/nba", None),
        ("POST", "/v1/actors/pause/sports/nba", None),
        ("POST", "/v1/actors/resume/nba", None),
        ("POST", "/v1/posts/1/retry", None),
        ("POST", "/v1/posts/1/discard", None),
        ("POST", "/v1/posts/1/resolve", resolution),
        ("POST", "/v1/publishing/stop", None),
        ("POST", "/v1/publishing/resume", None),
        ("POST", "/v1/reload", None),
    ];
    for (method, path, body) in asked {
        let sentence = desk.refused(method, path, body, StatusCode::SERVICE_UNAVAILABLE).await;
        assert!(sentence.contains("`wirereport run`"), "{path}: {sentence}");
    }
    assert_eq!(desk.switches().await, Switches::default(), "nothing was changed");
}

#[tokio::test]
async fn the_status_shows_the_tree_the_switches_and_the_work_that_waits() {
    let desk = Desk::running().await;
    Steps::begin_with_a_post(&*desk.ledger).await;
    desk.post("/v1/publishing/stop").await;
    let (status, shown) = desk.get("/v1/status").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&shown["instance"], &shown["epoch"]), (&json!("desk-1"), &Value::Null));
    assert_eq!(shown["backlog"]["pending"], 1);
    assert!(shown["switches"]["publishing_stopped"].is_string());
    let names: Vec<&str> =
        shown["tree"].as_array().unwrap().iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(names, ["leader-election", "publisher", "generator", "sports", "self-healing"]);
}

#[tokio::test]
async fn an_actor_is_paused_by_its_name_and_resumed_by_its_path() {
    let desk = Desk::running().await;
    let (status, done) = desk.post("/v1/actors/pause/nba").await;
    assert_eq!(
        (status, &done["detail"]),
        (StatusCode::OK, &json!("sports/nba is paused until it is resumed"))
    );
    desk.post("/v1/actors/pause/sports/nba").await;
    assert_eq!(desk.switches().await.paused, ["sports/nba"]);
    desk.post("/v1/actors/resume/sports/nba").await;
    assert!(desk.switches().await.paused.is_empty());

    desk.post("/v1/actors/pause/wire").await;
    desk.post("/v1/actors/restart/wire").await;
    assert!(desk.switches().await.paused.is_empty(), "what is restarted is paused no longer");
}

#[tokio::test]
async fn an_actor_that_is_not_there_is_told_with_the_nearest_name() {
    let desk = Desk::running().await;
    for order in ["restart", "pause", "resume"] {
        let refused = |name: &str| format!("/v1/actors/{order}/{name}");
        let sentence = desk.refused("POST", &refused("nbaa"), None, StatusCode::NOT_FOUND).await;
        assert_eq!(sentence, "no actor is called nbaa; did you mean nba?");
        let sentence = desk.refused("POST", &refused("sport/nba"), None, StatusCode::NOT_FOUND).await;
        assert_eq!(sentence, "no actor is called sport/nba; did you mean sports/nba?");
        let sentence = desk.refused("POST", &refused("zebra"), None, StatusCode::NOT_FOUND).await;
        assert_eq!(sentence, "no actor is called zebra; `wirereport actor list` lists them");
    }
    assert!(desk.switches().await.paused.is_empty());
}

#[tokio::test]
async fn switches_that_are_thrown_at_once_all_hold() {
    let desk = Desk::running().await;
    let paths = [
        "/v1/publishing/stop",
        "/v1/actors/pause/nba",
        "/v1/actors/pause/wire",
        "/v1/actors/pause/generator",
    ];
    let (a, b, c, d) =
        tokio::join!(desk.post(paths[0]), desk.post(paths[1]), desk.post(paths[2]), desk.post(paths[3]));
    assert!([a, b, c, d].iter().all(|(status, _)| status.is_success()));
    let mut switches = desk.switches().await;
    switches.paused.sort();
    assert_eq!(switches.paused, ["generator", "publisher/wire", "sports/nba"]);
    let stopped = switches.publishing_stopped;
    assert!(stopped.is_some());

    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    desk.post("/v1/publishing/stop").await;
    assert_eq!(desk.switches().await.publishing_stopped, stopped, "it is stopped since it was first stopped");
    desk.post("/v1/publishing/resume").await;
    assert_eq!(desk.switches().await.publishing_stopped, None);
}

#[tokio::test]
async fn posts_are_retried_discarded_and_resolved() {
    let desk = Desk::running().await;
    let (steps, first) = Steps::begin_with_a_post(&*desk.ledger).await;
    steps.attempted(first, refused()).await;
    let (status, retried) = desk.post("/v1/posts/1/retry").await;
    assert_eq!((status, &retried["state"]), (StatusCode::OK, &json!("pending")));
    assert_eq!(desk.post("/v1/posts/1/discard").await.1["state"], "discarded");

    let second = steps.told(2, 1).await.unwrap().id;
    steps.attempted(second, unknown()).await;
    let path = format!("/v1/posts/{second}/resolve");
    let (_, resolved) = desk.ask("POST", &path, Some(json!({ "sent": true, "remote_id": "4711" }))).await;
    assert_eq!((&resolved["state"], &resolved["remote"]["id"]), (&json!("sent"), &json!("4711")));
    let sentence = desk
        .refused("POST", &path, Some(json!({ "sent": false, "remote_id": null })), StatusCode::CONFLICT)
        .await;
    assert!(sentence.contains("sent"), "{sentence}");
    let sentence =
        desk.refused("POST", &format!("/v1/posts/{second}/retry"), None, StatusCode::CONFLICT).await;
    assert!(sentence.contains("sent"), "{sentence}");
}

#[tokio::test]
async fn an_editor_approves_edits_and_rejects_what_awaits_approval() {
    let desk = Desk::running().await;
    let steps = Steps::begin(&*desk.ledger).await;
    for number in [1, 2] {
        steps.recorded(number, 1).await;
        let mut drafts = drafts(number, 1);
        drafts.posts[0].state = PostState::AwaitingApproval;
        desk.ledger.record_drafts(&drafts).await.unwrap();
    }
    let (_, listed) = desk.get("/v1/posts?state=awaiting_approval").await;
    let ids: Vec<i64> = listed.as_array().unwrap().iter().filter_map(|post| post["id"].as_i64()).collect();
    let (second, first) = (ids[0], ids[1]);

    let path = format!("/v1/posts/{first}/edit");
    let wrong = json!({ "text": "The Aways won 999-3." });
    let sentence = desk.refused("POST", &path, Some(wrong.clone()), StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(
        sentence.starts_with("the text is refused (") && sentence.ends_with("(--own) to answer for it"),
        "{sentence}"
    );
    let own = json!({ "text": wrong["text"], "own": true });
    let (_, edited) = desk.ask("POST", &path, Some(own)).await;
    assert_eq!(
        (&edited["state"], &edited["text"], &edited["author"]),
        (&json!("awaiting_approval"), &wrong["text"], &json!("editor:own"))
    );
    let (_, approved) = desk.post(&format!("/v1/posts/{first}/approve")).await;
    assert_eq!(approved["state"], "pending");
    let again = format!("/v1/posts/{first}/approve");
    let sentence = desk.refused("POST", &again, None, StatusCode::CONFLICT).await;
    assert_eq!(sentence, format!("post {first} is pending and cannot be approved"));

    let reject = format!("/v1/posts/{second}/reject");
    let (_, rejected) = desk.ask("POST", &reject, Some(json!({ "reason": "not news" }))).await;
    assert_eq!(
        (&rejected["state"], &rejected["reason"]),
        (&json!("discarded"), &json!("rejected by an editor: not news"))
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_may_have_been_meant() {
    let desk = Desk::running().await;
    Steps::begin_with_a_post(&*desk.ledger).await;
    let not_found = StatusCode::NOT_FOUND;
    for (method, path) in
        [("GET", "/v1/posts/999"), ("POST", "/v1/posts/999/retry"), ("POST", "/v1/posts/999/discard")]
    {
        assert_eq!(desk.refused(method, path, None, not_found).await, "no post 999");
    }
    let near = client::path("/v1/stories/", &story_id(2).0);
    let sentence = desk.refused("GET", &near, None, not_found).await;
    assert_eq!(sentence, format!("no story {}; did you mean {}?", story_id(2), story_id(1)));
    let strange = client::path("/v1/stories/", "a story? 100% ‹new›");
    let sentence = desk.refused("GET", &strange, None, not_found).await;
    assert_eq!(sentence, "no story a story? 100% ‹new›; `wirereport stories` lists them");
    assert_eq!(desk.refused("GET", "/v2/status", None, not_found).await, "no such path in this API");
}

#[tokio::test]
async fn no_answer_holds_a_secret_however_it_came_into_the_ledger() {
    let desk = Desk::running().await;
    let (steps, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    let secret = "p9-\"Q/tr0ub4dor";
    crate::telemetry::Redactor::of_process().register(&secrecy::SecretString::from(secret));
    let reason = format!("https://hook.example/{secret}: 403; redis://:hunter2hunter2@cache");
    steps.attempted(post, wirereport_actors::wire::post::Outcome::Refused { reason }).await;
    for path in ["/v1/posts/1", "/v1/posts", &client::path("/v1/stories/", &story_id(1).0)] {
        let answer = desk.get(path).await.1.to_string();
        assert!(answer.contains("https://hook.example/(secret): 403; redis://(secret)@cache"), "{answer}");
        assert!(!answer.contains("tr0ub4dor") && !answer.contains("hunter2"), "{answer}");
    }
    let sentence =
        desk.refused("GET", "/v1/posts?state=sk-abcdefghijklmnopqrstuvwx", None, StatusCode::BAD_REQUEST);
    assert!(sentence.await.starts_with("no post is ever (secret);"));
}

#[tokio::test]
async fn a_query_that_cannot_be_answered_is_refused_in_one_sentence() {
    let desk = Desk::running().await;
    let cases = [
        (
            "/v1/posts?state=lost",
            "no post is ever lost; its state may be awaiting_approval, pending, armed, sent, unknown, failed, expired, discarded, superseded",
        ),
        ("/v1/posts?limit=0", "limit must be from 1 to 500, and 0 is not"),
        ("/v1/stories?limit=501", "limit must be from 1 to 500, and 501 is not"),
        ("/v1/stories?sport=nbaa", "no league is called nbaa; did you mean nba?"),
        ("/v1/posts?limit=many", "the query is not understood: limit: invalid digit found in string"),
        (
            "/v1/posts?chanel=wire",
            "the query is not understood: chanel: unknown field `chanel`, expected one of `state`, `channel`, `story`, `before`, `limit`",
        ),
        (
            "/v1/stories?told=perhaps",
            "the query is not understood: told: provided string was not `true` or `false`",
        ),
        ("/v1/posts/seven", "the path is not understood: Cannot parse `seven` to a `i64`"),
    ];
    for (path, sentence) in cases {
        assert_eq!(desk.refused("GET", path, None, StatusCode::BAD_REQUEST).await, sentence, "{path}");
    }
    let body = Some(json!({ "sent": true, "remote_id": null, "by": "me" }));
    let sentence = desk.refused("POST", "/v1/posts/1/resolve", body, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(sentence.starts_with("the body is not understood: by: unknown field `by`"), "{sentence}");
    let sentence = desk.refused("DELETE", "/v1/posts/1", None, StatusCode::METHOD_NOT_ALLOWED).await;
    assert_eq!(sentence, "/v1/posts/1 does not take DELETE");
}

#[tokio::test]
async fn a_backup_goes_where_nothing_is_lost_by_it() {
    let desk = Desk::offline();
    let (_, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    let path = desk.dir.path().join("backup.db");
    let asked = |path: &std::path::Path, replace: bool| Some(json!({ "path": path, "replace": replace }));
    let (status, done) = desk.ask("POST", "/v1/backup", Some(json!({ "path": path }))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(done["detail"], format!("ledger backed up to {}", path.display()));
    let copy = SqliteLedger::open(&path).unwrap();
    assert!(copy.post(post).await.unwrap().is_some());
    drop(copy);

    let there = desk.refused("POST", "/v1/backup", asked(&path, false), StatusCode::CONFLICT).await;
    assert_eq!(there, format!("{} is already there; name another file, or give --replace", path.display()));
    assert_eq!(desk.ask("POST", "/v1/backup", asked(&path, true)).await.0, StatusCode::OK);

    let bad = StatusCode::BAD_REQUEST;
    let folder = desk.refused("POST", "/v1/backup", asked(desk.dir.path(), true), bad).await;
    assert!(folder.ends_with("is a directory; name a file in it"), "{folder}");
    let nowhere = desk.dir.path().join("nowhere/backup.db");
    let sentence = desk.refused("POST", "/v1/backup", asked(&nowhere, false), bad).await;
    assert!(sentence.ends_with("is in no directory; make that first"), "{sentence}");
    assert!(!desk.dir.path().join("nowhere").exists());
    let sentence = desk.refused("POST", "/v1/backup", asked("backup.db".as_ref(), true), bad).await;
    assert_eq!(sentence, "backup.db is not an absolute path");
    let itself = desk.dir.path().join("ledger.db");
    let sentence =
        desk.refused("POST", "/v1/backup", asked(&itself, true), StatusCode::INTERNAL_SERVER_ERROR).await;
    assert!(sentence.contains("is the ledger itself"), "{sentence}");
}

#[tokio::test]
async fn a_reload_says_what_came_of_it_and_the_status_remembers() {
    let mut desk = Desk::running().await;
    let mut asked = desk.asked.take().unwrap();
    let reload = Reload {
        at: at(41),
        error: Some("w.toml:1:1: wrong".to_owned()),
        changed: Vec::new(),
        needs_restart: vec!["http.listen".to_owned()],
    };
    let answer = reload.clone();
    let (reloaded, ()) = tokio::join!(desk.post("/v1/reload"), async {
        asked.recv().await.unwrap().send(answer).unwrap();
    });
    assert_eq!(reloaded, (StatusCode::OK, serde_json::to_value(&reload).unwrap()));
    assert_eq!(desk.get("/v1/status").await.1["last_reload"], serde_json::to_value(&reload).unwrap());

    drop(asked);
    let sentence = desk.refused("POST", "/v1/reload", None, StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(sentence.contains("not running"), "{sentence}");
}
