//! A stand-in for ESPN's scoreboards on a port of its own: plays a script per board, and refuses what ESPN refuses.
//!
//! A board (`basketball/nba`, or one of its days) has a list of answers. The first is given until the script advances, on
//! demand ([`Scoreboard::advance`]) or after so many requests ([`Scoreboard::advance_after`]); the last stays. A day
//! without a script is an empty board, an unknown board is answered as ESPN does with HTTP 404.
//!
//! Refused as of autumn 2026: a User-Agent that is empty, a browser's, or a bare token without `(+URL)` (403); a range of
//! `dates` (400); a `limit` above 500 silently brings 25 events.

#![expect(clippy::unwrap_used, reason = "a stand-in of a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What a request is answered with.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// HTTP 200 with this body, packed where the client takes it.
    Body(Bytes),
    /// This status with these headers and this body.
    Status(u16, Vec<(&'static str, String)>, Bytes),
    /// HTTP 200, and the connection breaks off after so many bytes of the body.
    Torn(Bytes, usize),
    /// Nothing, for ever.
    Hang,
}

impl Answer {
    /// A board.
    pub(crate) fn board(board: &Value) -> Self {
        Self::Body(board.to_string().into())
    }

    /// A board cut short after so many bytes, in an exchange that is otherwise whole.
    pub(crate) fn cut(board: &Value, at: usize) -> Self {
        Self::Body(Bytes::from(board.to_string()).slice(..at))
    }

    /// A body of that size, mostly blanks, which packs very small.
    pub(crate) fn oversize(bytes: usize) -> Self {
        Self::Body([b"{\"events\":[]".as_slice(), &vec![b' '; bytes], b"}"].concat().into())
    }

    /// A status without a body.
    pub(crate) fn status(status: u16) -> Self {
        Self::Status(status, Vec::new(), Bytes::new())
    }
}

/// A request as it came in, refused ones included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The board: `basketball/nba`.
    pub(crate) board: String,
    /// Its parameters.
    pub(crate) query: BTreeMap<String, String>,
    /// How the client named itself; empty where it did not.
    pub(crate) user_agent: String,
    /// Whether it takes packed answers.
    pub(crate) takes_gzip: bool,
}

/// The running stand-in; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Scoreboard {
    url: String,
    stage: Arc<Mutex<Stage>>,
    server: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Stage {
    scripts: BTreeMap<Key, Script>,
    requests: Vec<Request>,
}

/// A board, and the day for one that is asked for by day.
type Key = (String, Option<String>);

#[derive(Debug)]
struct Script {
    answers: Vec<Answer>,
    at: usize,
    hits: usize,
    advance_after: Option<usize>,
}

impl Script {
    fn next(&mut self) -> Answer {
        let answer = self.answers[self.at].clone();
        self.hits += 1;
        if self.advance_after.is_some_and(|each| self.hits.is_multiple_of(each)) {
            self.advance();
        }
        answer
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.answers.len() - 1);
    }
}

impl Scoreboard {
    /// Starts on a free port of this host.
    pub(crate) async fn start() -> Self {
        let stage = Arc::<Mutex<Stage>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/apis/site/v2/sports/{sport}/{league}/scoreboard", get(scoreboard))
            .with_state(Arc::clone(&stage));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, stage, server }
    }

    /// Its address, for the feed's `base_url`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sets the script of the board that is shown unasked: `basketball/nba`. There is at least one answer.
    pub(crate) fn play(&self, board: &str, answers: impl IntoIterator<Item = Answer>) {
        self.set((board.to_owned(), None), answers);
    }

    /// Sets the script of the board of one day: `20251207`.
    pub(crate) fn play_day(&self, board: &str, day: &str, answers: impl IntoIterator<Item = Answer>) {
        self.set((board.to_owned(), Some(day.to_owned())), answers);
    }

    fn set(&self, key: Key, answers: impl IntoIterator<Item = Answer>) {
        let answers: Vec<Answer> = answers.into_iter().collect();
        assert!(!answers.is_empty(), "a script needs an answer");
        lock(&self.stage).scripts.insert(key, Script { answers, at: 0, hits: 0, advance_after: None });
    }

    /// Goes on to the next answer.
    pub(crate) fn advance(&self, board: &str) {
        self.script(board, Script::advance);
    }

    /// Goes on to the next answer by itself, each time after so many requests.
    pub(crate) fn advance_after(&self, board: &str, requests: usize) {
        self.script(board, |script| script.advance_after = Some(requests.max(1)));
    }

    /// How many requests the board's script has answered, not counting refused ones.
    pub(crate) fn hits(&self, board: &str) -> usize {
        self.script(board, |script| script.hits)
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        lock(&self.stage).requests.clone()
    }

    fn script<T>(&self, board: &str, then: impl FnOnce(&mut Script) -> T) -> T {
        let mut stage = lock(&self.stage);
        then(stage.scripts.get_mut(&(board.to_owned(), None)).expect("the board has a script"))
    }
}

impl Drop for Scoreboard {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn scoreboard(
    State(stage): State<Arc<Mutex<Stage>>>,
    Path((sport, league)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let request = Request {
        board: format!("{sport}/{league}"),
        query,
        user_agent: text(header::USER_AGENT).to_owned(),
        takes_gzip: text(header::ACCEPT_ENCODING).contains("gzip"),
    };
    lock(&stage).requests.push(request.clone());
    if let Some(refusal) = refusal(&request) {
        return refusal;
    }
    let limit = request.query.get("limit").and_then(|limit| limit.parse::<u32>().ok()).unwrap_or(0);
    let answer = match answer(&stage, &request) {
        Answer::Body(body) if limit > 500 => Answer::Body(first_25(&body)),
        answer => answer,
    };
    respond(answer, request.takes_gzip).await
}

fn refusal(request: &Request) -> Option<Response> {
    if !is_welcome(&request.user_agent) {
        return Some(plain(403, "<html><title>Access Denied</title></html>"));
    }
    let range = request.query.get("dates").is_some_and(|dates| dates.contains('-'));
    range.then(|| plain(400, r#"{"code":400,"message":"Failed to get events endpoint."}"#))
}

/// A client that says what it is and where to complain, or one of the plain tools that are let through.
fn is_welcome(user_agent: &str) -> bool {
    let tool = ["curl/", "python-requests/", "Go-http-client/", "okhttp/", "axios/"];
    !user_agent.starts_with("Mozilla/")
        && (user_agent.contains("(+http") || tool.iter().any(|tool| user_agent.starts_with(tool)))
}

fn answer(stage: &Mutex<Stage>, request: &Request) -> Answer {
    let mut stage = lock(stage);
    let day = request.query.get("dates").cloned();
    let known = stage.scripts.keys().any(|(board, _)| *board == request.board);
    match stage.scripts.get_mut(&(request.board.clone(), day.clone())) {
        Some(script) => script.next(),
        None if known && day.is_some() => Answer::Body(Bytes::from_static(b"{\"events\":[]}")),
        None => Answer::Status(404, Vec::new(), Bytes::from_static(b"{\"code\":404}")),
    }
}

fn first_25(body: &Bytes) -> Bytes {
    let Ok(mut board) = serde_json::from_slice::<Value>(body) else { return body.clone() };
    if let Some(events) = board.get_mut("events").and_then(Value::as_array_mut) {
        events.truncate(25);
    }
    board.to_string().into()
}

async fn respond(answer: Answer, takes_gzip: bool) -> Response {
    match answer {
        Answer::Body(body) if takes_gzip => {
            json().header("content-encoding", "gzip").body(packed(&body)).unwrap()
        }
        Answer::Body(body) => json().body(body.into()).unwrap(),
        Answer::Status(status, headers, body) => {
            let response = headers
                .into_iter()
                .fold(json().status(status), |response, (name, value)| response.header(name, value));
            response.body(body.into()).unwrap()
        }
        Answer::Torn(body, at) => json().body(Body::new(Torn::Part(body.slice(..at)))).unwrap(),
        Answer::Hang => std::future::pending().await,
    }
}

fn plain(status: u16, body: &'static str) -> Response {
    Response::builder().status(StatusCode::from_u16(status).unwrap()).body(body.into()).unwrap()
}

fn json() -> axum::http::response::Builder {
    Response::builder()
        .header("content-type", "application/json;charset=UTF-8")
        .header("cache-control", "max-age=9")
}

fn packed(body: &[u8]) -> Body {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap().into()
}

/// A body whose connection breaks off once its first part has left.
enum Torn {
    Part(Bytes),
    Leaving,
    Broken,
}

impl hyper::body::Body for Torn {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        match std::mem::replace(&mut *self, Self::Broken) {
            Self::Part(part) => {
                *self = Self::Leaving;
                Poll::Ready(Some(Ok(hyper::body::Frame::data(part))))
            }
            // The server sends what it has whenever the body has nothing ready.
            Self::Leaving => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Broken => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
        }
    }
}

// Every test binary takes what it needs of this; the rest is not dead.
const _: () = {
    let _ = (Scoreboard::advance, Scoreboard::advance_after, Scoreboard::hits);
    let _ = |board: &Scoreboard| board.play_day("", "", [Answer::Hang]);
    let _ = (Answer::cut, Answer::oversize, Answer::status);
    let _ = |body| [Answer::Torn(body, 0), Answer::Hang];
    let _ = |request: &Request| (request.board.len(), request.query.len(), request.takes_gzip);
};
