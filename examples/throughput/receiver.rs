//! The receiver: it checks every signature, takes each id once, and keeps a journal, in a process of its own.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use wirereport::channels::webhook::SigningKey;

use super::{Part, SECRET, command, heard};

/// What arrived under one path.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// Requests that were accepted for the first time.
    pub(super) accepted: usize,
    /// Requests whose id had been accepted before.
    pub(super) repeats: usize,
    /// Stories that came before an earlier one of their game, or after one that was left out.
    pub(super) out_of_order: usize,
    /// Requests that were not signed as they should be, or could not be read.
    pub(super) refused: usize,
}

/// The process in which it runs, from outside.
pub(super) struct Receiver {
    process: Child,
    pub(super) url: String,
}

impl Receiver {
    pub(super) fn start() -> anyhow::Result<Self> {
        let mut process = command(Part::Receiver)?.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("it says where it listens")?).read_line(&mut line)?;
        Ok(Self { process, url: line.trim().to_owned() })
    }

    pub(super) fn journal(&self, path: &str) -> anyhow::Result<Journal> {
        let host = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host)?;
        write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        heard(answer.split_once("\r\n\r\n").context("an answer has a body")?.1.as_bytes())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // One that has ended cannot be killed and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Clone)]
struct Shared {
    key: Arc<SigningKey>,
    kept: Arc<Mutex<BTreeMap<String, Kept>>>,
}

#[derive(Default)]
struct Kept {
    journal: Journal,
    ids: HashSet<String>,
    /// The ordinal of each game's last story.
    last: HashMap<String, u32>,
}

/// Serves until the process is ended, and says first where.
pub(super) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let key = Arc::new(SigningKey::parse(&SecretString::from(SECRET))?);
    let router = Router::new()
        .route("/{round}/{who}", post(receive).get(journal))
        .with_state(Shared { key, kept: Arc::default() });
    Ok(axum::serve(listener, router).await?)
}

async fn journal(State(shared): State<Shared>, Path((round, who)): Path<(String, String)>) -> Json<Journal> {
    let mut kept = shared.kept.lock().unwrap_or_else(PoisonError::into_inner);
    Json(std::mem::take(&mut kept.entry(format!("{round}/{who}")).or_default().journal))
}

async fn receive(
    State(shared): State<Shared>,
    Path((round, who)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let read = read(&shared.key, &headers, &body);
    let mut kept = shared.kept.lock().unwrap_or_else(PoisonError::into_inner);
    let Kept { journal, ids, last } = kept.entry(format!("{round}/{who}")).or_default();
    let Some((id, game, ordinal)) = read else {
        journal.refused += 1;
        return StatusCode::BAD_REQUEST;
    };
    if !ids.insert(id) {
        journal.repeats += 1;
        return StatusCode::OK;
    }
    journal.accepted += 1;
    let before = last.insert(game, ordinal).unwrap_or(0);
    journal.out_of_order += usize::from(ordinal != before + 1);
    StatusCode::OK
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    story: &'a str,
}

/// The id, the game and the ordinal of a request that is as it should be.
fn read(key: &SigningKey, headers: &HeaderMap, body: &[u8]) -> Option<(String, String, u32)> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let (id, dated) = (header("webhook-id")?, header("webhook-timestamp")?.parse().ok()?);
    let text = std::str::from_utf8(body).ok()?;
    if header("webhook-signature")? != key.sign(id, dated, text) {
        return None;
    }
    let payload: Payload<'_> = serde_json::from_str(text).ok()?;
    let (game, ordinal) = (payload.data.story.split('/').next()?, payload.data.story.rsplit('/').next()?);
    Some((id.to_owned(), game.to_owned(), ordinal.parse().ok()?))
}
