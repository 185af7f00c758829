//! A receiver of webhooks that keeps a journal of what it accepted and misbehaves on demand.
//!
//! It is a real server on a free port of this machine and lives in the test's process, so its journal outlives the wire
//! that is killed: what stands there is what a reader saw. It checks signatures by a computation of its own and takes
//! each id once, as Standard Webhooks asks of a receiver.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::Listener;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::line::{Cut, Door};

/// How the receiver meets one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// Accepts it and answers 200.
    Accept,
    /// Accepts it and answers 200 after that time.
    Slow(Duration),
    /// Accepts it and does not answer until released.
    AcceptThenHang,
    /// Does not answer until released, and then that it has not accepted it.
    HangThenRefuse,
    /// Accepts it and resets the connection in place of an answer.
    AcceptThenReset,
    /// Accepts it and answers 500.
    AcceptThenFail,
    /// Resets the connection without accepting it.
    Reset,
    /// Answers that status without accepting it; a redirect leads back here.
    Answer(u16),
    /// Answers that status without accepting it, and asks to be left alone for so many seconds.
    NotBefore(u16, u64),
}

/// A request that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Its `webhook-id`.
    pub(crate) key: String,
    /// Its bytes.
    pub(crate) body: String,
}

/// The server.
pub(crate) struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<io::Result<()>>,
}

struct Shared {
    secret: Vec<u8>,
    journal: Mutex<Journal>,
    requests: watch::Sender<usize>,
    released: watch::Sender<bool>,
}

#[derive(Default)]
struct Journal {
    script: VecDeque<Behaviour>,
    accepted: Vec<Accepted>,
    repeats: usize,
    complaints: Vec<String>,
}

impl Receiver {
    /// Starts to listen on a free port. `secret` is what the sender signs with: `whsec_…`.
    pub(crate) async fn start(secret: &str) -> Self {
        let door = Door(TcpListener::bind("127.0.0.1:0").await.expect("a free port"));
        let address = door.local_addr().expect("an address");
        let secret = secret.strip_prefix("whsec_").expect("a secret of that form");
        let shared = Arc::new(Shared {
            secret: STANDARD.decode(secret).expect("base64"),
            journal: Mutex::default(),
            requests: watch::Sender::new(0),
            released: watch::Sender::new(false),
        });
        let router = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&shared));
        let service = router.into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move { axum::serve(door, service).await });
        Self { address, shared, server }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Sets how the next requests are met; when the script is at its end, everything is accepted.
    pub(crate) fn script(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.journal().script.extend(behaviours);
    }

    /// Drops what is left of the script: everything is accepted from now on.
    pub(crate) fn behave(&self) {
        self.journal().script.clear();
    }

    /// What was accepted for the first time, in order.
    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        self.journal().accepted.clone()
    }

    /// The ids that were accepted.
    pub(crate) fn distinct_keys(&self) -> BTreeSet<String> {
        self.journal().accepted.iter().map(|accepted| accepted.key.clone()).collect()
    }

    /// Requests whose id had been accepted before.
    pub(crate) fn repeats(&self) -> usize {
        self.journal().repeats
    }

    /// What was wrong with requests: signatures, missing headers, an id that came again with other bytes.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.journal().complaints.clone()
    }

    /// Waits until so many requests have been read and, where they are to be, accepted.
    pub(crate) async fn requests(&self, count: usize) {
        let mut requests = self.shared.requests.subscribe();
        requests.wait_for(|seen| *seen >= count).await.expect("the receiver lives");
    }

    /// How many requests have been read so far.
    pub(crate) fn seen(&self) -> usize {
        *self.shared.requests.borrow()
    }

    /// Lets every request that hangs, and every later one that would, be answered.
    pub(crate) fn release(&self) {
        self.shared.released.send_replace(true);
    }

    fn journal(&self) -> std::sync::MutexGuard<'_, Journal> {
        self.shared.journal.lock().expect("no test panicked in between")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let behaviour = shared.take(&headers, &body);
    shared.requests.send_modify(|seen| *seen += 1);
    match behaviour {
        Ok(Behaviour::Accept) => StatusCode::OK.into_response(),
        Ok(Behaviour::Slow(wait)) => {
            tokio::time::sleep(wait).await;
            StatusCode::OK.into_response()
        }
        Ok(Behaviour::AcceptThenHang) => {
            let _ = shared.released.subscribe().wait_for(|released| *released).await;
            StatusCode::OK.into_response()
        }
        Ok(Behaviour::HangThenRefuse) => {
            let _ = shared.released.subscribe().wait_for(|released| *released).await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Ok(Behaviour::AcceptThenReset | Behaviour::Reset) => {
            cut.cut();
            StatusCode::OK.into_response()
        }
        Ok(Behaviour::AcceptThenFail) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Ok(Behaviour::Answer(status)) => (code(status), [(LOCATION, "/hook")]).into_response(),
        Ok(Behaviour::NotBefore(status, seconds)) => {
            (code(status), [(RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Err(complaint) => (StatusCode::UNAUTHORIZED, complaint).into_response(),
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a status")
}

impl Shared {
    /// Reads a request: checks it, takes the next behaviour, and accepts it where that says so.
    fn take(&self, headers: &HeaderMap, body: &[u8]) -> Result<Behaviour, String> {
        let mut journal = self.journal.lock().expect("no test panicked in between");
        let accepted = self.read(headers, body).inspect_err(|complaint| {
            journal.complaints.push(complaint.clone());
        })?;
        let behaviour = journal.script.pop_front().unwrap_or(Behaviour::Accept);
        let refuses = match behaviour {
            Behaviour::HangThenRefuse
            | Behaviour::Reset
            | Behaviour::Answer(_)
            | Behaviour::NotBefore(..) => true,
            Behaviour::Accept
            | Behaviour::Slow(_)
            | Behaviour::AcceptThenHang
            | Behaviour::AcceptThenReset
            | Behaviour::AcceptThenFail => false,
        };
        if !refuses {
            journal.accept(accepted);
        }
        Ok(behaviour)
    }

    fn read(&self, headers: &HeaderMap, body: &[u8]) -> Result<Accepted, String> {
        let header = |name: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.ok_or_else(|| format!("no header {name}"))
        };
        let (key, dated) = (header("webhook-id")?, header("webhook-timestamp")?);
        let content = [key.as_bytes(), b".", dated.as_bytes(), b".", body].concat();
        let expected = format!("v1,{}", STANDARD.encode(hmac_sha256(&self.secret, &content)));
        if header("webhook-signature")? != expected {
            return Err(format!("{key} is not signed with the secret"));
        }
        if header("idempotency-key")? != format!("\"{key}\"") {
            return Err(format!("{key} has another Idempotency-Key"));
        }
        if header("content-length")? != body.len().to_string() {
            return Err(format!("{key} says another length"));
        }
        if header("content-type")? != "application/json" {
            return Err(format!("{key} is not said to be JSON"));
        }
        let body = String::from_utf8(body.to_vec()).map_err(|_| format!("{key} is not UTF-8"))?;
        Ok(Accepted { key: key.to_owned(), body })
    }
}

impl Journal {
    fn accept(&mut self, accepted: Accepted) {
        match self.accepted.iter().find(|before| before.key == accepted.key) {
            None => self.accepted.push(accepted),
            Some(before) => {
                self.repeats += 1;
                if before.body != accepted.body {
                    self.complaints.push(format!("{} came again with other bytes", accepted.key));
                }
            }
        }
    }
}

/// HMAC by its definition (RFC 2104), for keys of one block at most.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

// Every test binary takes what it needs of this; the rest is not dead.
const _: () = {
    let _ = Receiver::start;
    let _ = (Receiver::url, Receiver::accepted, Receiver::distinct_keys, Receiver::requests);
    let _ = (
        Receiver::behave,
        Receiver::seen,
        Receiver::repeats,
        Receiver::complaints,
        Receiver::release,
        hmac_sha256,
    );
    let _ = |receiver: &Receiver| receiver.script([Behaviour::Slow(Duration::ZERO), Behaviour::Reset]);
    let _ = [
        Behaviour::AcceptThenHang,
        Behaviour::HangThenRefuse,
        Behaviour::AcceptThenReset,
        Behaviour::AcceptThenFail,
    ];
    let _ = [Behaviour::Answer(0), Behaviour::NotBefore(0, 0)];
};
