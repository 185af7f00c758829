//! `/v1/stream`: what happens, as server-sent events.
//!
//! What is durable (stories, posts, switches, alerts) comes from the ledger's own order of changes and carries its number as the
//! event's id: whoever comes back with `Last-Event-ID` gets exactly what he missed, or `stream.gap` where that is no longer
//! kept. What is not (games, actors, channels, the log) is shown as it is when it changes and is not made up for.
//!
//! Nothing is held back for a slow reader. He shares a queue with all others, and who falls behind its end, or takes
//! nothing for [`TAKEN_WITHIN`], is cut off and comes back with the last id he saw.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Bytes, Frame};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;

use self::event::Event;
pub(super) use self::hub::Hub;
pub(super) use self::kinds::EVENTS;
use self::kinds::Wanted;
use super::auth::Caller;
use super::problem::Problem;
use super::service::Service;

mod event;
mod hub;
mod kinds;
mod live;

/// How long a reader may take nothing.
const TAKEN_WITHIN: Duration = Duration::from_secs(10);
/// How often a stream shows that it is there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that are on their way to one reader, at most.
const ON_THE_WAY: usize = 16;
/// Changes that are read at once.
const PORTION: usize = 256;
/// The header by which a reader says what he saw last.
const LAST_SEEN: &str = "last-event-id";

/// What a reader wants to hear of.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StreamQuery {
    /// Types with commas between them, `*` for anything: `post.*,alert.raised`. Everything where it is not said.
    pub types: Option<String>,
    /// The last id that was seen, for who cannot set the header.
    pub last_event_id: Option<i64>,
}

impl Service {
    /// Opens a stream.
    pub(super) async fn stream(
        &self,
        query: &StreamQuery,
        headers: &HeaderMap,
        caller: Caller,
    ) -> Result<Response, Problem> {
        let running = self.live()?;
        let wanted = Wanted::parse(query.types.as_deref())?;
        let last_seen = last_seen(query, headers)?;
        let place = self.hub.place().ok_or_else(|| {
            let detail = "there are as many streams as there may be; close one, or try again later";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, detail)
        })?;
        let from = match last_seen {
            Some(seen) => seen,
            None => self.ledger.newest_change().await?,
        };
        let events = self.hub.follow(self).await?;
        let (lines, queue) = mpsc::channel(ON_THE_WAY);
        let follower = Follower { service: self.clone(), wanted, caller, lines, sent: from, _place: place };
        let mut ended = running.ended.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = follower.run(last_seen.is_some(), events) => {}
                // A sender that is gone has ended too.
                _ = ended.wait_for(|ended| *ended) => {}
            }
        });
        let mut response = Body::new(Lines(queue)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // nginx would keep events until it has a page of them.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    }
}

fn last_seen(query: &StreamQuery, headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(LAST_SEEN) else { return Ok(query.last_event_id) };
    let number = value.to_str().ok().and_then(|value| value.trim().parse().ok());
    let number: i64 = number.filter(|number| *number >= 0).ok_or_else(|| {
        Problem::bad_request("Last-Event-ID is no id of this stream's; send back the last one, or none")
    })?;
    Ok(Some(number))
}

/// One reader.
struct Follower {
    service: Service,
    wanted: Wanted,
    caller: Caller,
    lines: mpsc::Sender<Bytes>,
    /// The number of the last durable change that he has, or did not ask for.
    sent: i64,
    _place: OwnedSemaphorePermit,
}

/// The stream is over.
struct Over;

impl Follower {
    async fn run(mut self, resumes: bool, events: Receiver<Arc<Event>>) {
        // However it ends, the reader comes back.
        let _ = self.follow(resumes, events).await;
    }

    async fn follow(&mut self, resumes: bool, mut events: Receiver<Arc<Event>>) -> Result<(), Over> {
        if !resumes {
            self.put(&Event::durable(self.sent, "stream.opened", &json!({ "newest": self.sent }))).await?;
        }
        self.catch_up().await?;
        loop {
            match timeout(HEARTBEAT, events.recv()).await {
                Ok(Ok(event)) => self.tell(&event).await?,
                Ok(Err(RecvError::Lagged(_) | RecvError::Closed)) => return Err(Over),
                Err(_) => self.put(&Event::heartbeat()).await?,
            }
        }
    }

    /// Tells what changed between the last id and now.
    async fn catch_up(&mut self) -> Result<(), Over> {
        loop {
            let found = self.service.ledger.changes_after(self.sent, PORTION).await.map_err(|_| Over)?;
            if found.gap {
                self.sent = found.changes.first().map_or(found.newest, |change| change.seq - 1);
                let newest = found.newest;
                self.put(&Event::durable(self.sent, "stream.gap", &json!({ "newest": newest }))).await?;
            }
            let whole = found.changes.len() < PORTION;
            for change in found.changes {
                self.tell(&Event::of(&change)).await?;
            }
            if whole {
                return Ok(());
            }
        }
    }

    async fn tell(&mut self, event: &Event) -> Result<(), Over> {
        if let Some(seq) = event.seq {
            if seq <= self.sent {
                return Ok(());
            }
            self.sent = seq;
        }
        if self.wanted.wants(&event.kind) { self.put(event).await } else { Ok(()) }
    }

    /// Sends, if the reader may still hear it.
    async fn put(&self, event: &Event) -> Result<(), Over> {
        if !self.service.still_lets_in(&self.caller) {
            return Err(Over);
        }
        let sent = timeout(TAKEN_WITHIN, self.lines.send(event.text.clone())).await;
        sent.map_err(|_| Over)?.map_err(|_| Over)
    }
}

/// A body that is what comes.
struct Lines(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}
