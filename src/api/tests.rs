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
use crate::run::wiring;
use crate::settings::secrets::SigningKeys;
use crate::settings::{self, Env, Loaded, Sources};

mod attacks;
mod changes;
mod described;
mod reads;
mod sign_in;
mod stream;
mod watching;

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
    ended: Option<watch::Sender<bool>>,
}

/// What the desk signs tokens with.
const KEY: &str = "0Zb1nT6vQm8kXr3wYc5dGh7jLp9sUf2aTESTKEY";

type Answer = (StatusCode, Value);

impl Desk {
    fn offline() -> Self {
        let (dir, ledger) = fresh();
        let service = Service::offline(Arc::clone(&ledger), Arc::new(TokioClock::starting_at(at(40))));
        Self { dir, ledger, router: router(service), asked: None, tokens: None, ended: None }
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
                operator: None,
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
        let ended = watch::Sender::new(false);
        let running = Running {
            tree,
            writers,
            instance: "desk-1".to_owned(),
            started_at: at(10),
            reloads,
            tokens: tokens.clone(),
            page: None,
            audit_history: Duration::from_secs(86_400),
            policy: watch::Sender::new(Arc::new(wiring::policy(&loaded().settings))).subscribe(),
            settings: watch::Sender::new(Arc::new(loaded())).subscribe(),
            logins: dir.path().join("logins"),
            ended: ended.subscribe(),
        };
        let service = Service::running(Arc::clone(&ledger), clock, running);
        Self { dir, ledger, router: router(service), asked: Some(asked), tokens, ended: Some(ended) }
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
        let body = serde_json::from_slice(&body).unwrap();
        described::check(method, path, status, &body);
        (status, body)
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

/// Settings with one channel, `wire`.
fn loaded() -> Loaded {
    let text = "[channels.wire]\nkind = \"telegram\"\nchat = \"@wire\"\nper_hour = 30\n";
    let env = Env::new([("HOME".to_owned(), "/home/desk".to_owned())]);
    settings::load(&Sources { file: Some(("w.toml".into(), text.to_owned())), env }).unwrap()
}

fn fresh() -> (TempDir, Arc<SqliteLedger>) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(dir.path().join("ledger.db")).unwrap();
    (dir, Arc::new(ledger))
}
