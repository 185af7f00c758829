//! A channel in memory that keeps a journal of what it accepted and misbehaves on demand.
//!
//! The journal is the ground truth of a test: whatever the ledger believes, a reader of this channel saw what stands
//! there, in that order.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Halt, Idempotency, LengthUnit, Limits, Quota, Reconciled,
    RenderError,
};
use crate::wire::post::{Frozen, Operation, Outcome, Post, Remote};

/// How the channel meets one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Accepts it and says so.
    Accept,
    /// Refuses it for good; a key that it knows it recognises first.
    Refuse,
    /// Does not take it now, and asks to be left alone for that long.
    NotNow(Duration),
    /// Does not take it, nor anything else: the channel is halted. For how long is not said.
    Halt(Halt),
    /// Has had enough requests, and says for how long.
    RateLimited(Duration),
    /// The request is under way for that long, and arrives whether or not its sender still waits; the answer comes then
    /// and takes as long again.
    Slow(Duration),
    /// Accepts it, but the answer is lost.
    UnknownAfterAccepting,
    /// The request is lost, and so is its answer.
    UnknownWithoutAccepting,
    /// Neither accepts nor answers until released; then it accepts.
    Hang,
    /// Accepts it and does not answer until released.
    AcceptThenHang,
    /// Panics before it accepts, without a word on the standard error.
    Panic,
    /// Accepts it and panics.
    AcceptThenPanic,
}

/// What stands on the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key it came under.
    pub key: String,
    /// Its bytes.
    pub body: String,
    /// When it was accepted.
    pub at: Timestamp,
}

/// A channel in memory.
#[derive(Debug)]
pub struct MemoryChannel {
    capabilities: Capabilities,
    state: Mutex<State>,
    released: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Reply>,
    journal: Vec<Entry>,
    requests: Vec<String>,
    duplicates: usize,
    altered: Vec<String>,
    quotas: Vec<Quota>,
    standing: Option<Reply>,
    under_way: Vec<(Timestamp, Frozen, Repeats)>,
}

/// What a second sending of the same comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeats {
    /// What the channel's idempotency makes of it.
    Keyed,
    /// Nothing, ever: it changes what stands there.
    Harmless,
}

impl Default for MemoryChannel {
    fn default() -> Self {
        Self::new(Capabilities {
            limits: Limits { max: 280, unit: LengthUnit::Graphemes },
            idempotency: Idempotency::Forever,
            reads_back: false,
            read_back_lag: Duration::ZERO,
            in_flight: 1,
            corrections: Corrections::Reply,
            attempt_within: Duration::from_secs(10),
        })
    }
}

impl MemoryChannel {
    /// An empty channel that can do that. It keeps what it promises: it drops repeated keys within its idempotency
    /// window, an edit comes to the same however often it is made, and a look-up misses what is younger than the read-back lag.
    pub fn new(capabilities: Capabilities) -> Self {
        Self { capabilities, state: Mutex::default(), released: watch::Sender::new(false) }
    }

    /// Sets how the next attempts are met; when the script is at its end, everything is accepted.
    pub fn script(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state().script.extend(replies);
    }

    /// Meets every attempt like that, before any script, and cannot be asked, until told otherwise with `None`.
    pub fn meet_all(&self, reply: Option<Reply>) {
        self.state().standing = reply;
    }

    /// Forgets the script and how all are met: everything is accepted.
    pub fn behave(&self) {
        let mut state = self.state();
        state.script.clear();
        state.standing = None;
    }

    /// Whether a slow request has not arrived yet.
    pub fn is_under_way(&self) -> bool {
        !self.state().under_way.is_empty()
    }

    /// Sets what the platform says of its rate limits.
    pub fn set_quotas(&self, quotas: impl IntoIterator<Item = Quota>) {
        self.state().quotas = quotas.into_iter().collect();
    }

    /// Lets every attempt that hangs, and every later one that would, go on.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    /// What was accepted, in order, with what is under way. On a channel without idempotency a key can stand here twice.
    pub fn journal(&self) -> Vec<Entry> {
        self.arrive(Timestamp::MAX);
        self.state().journal.clone()
    }

    /// The keys of all attempts, in order.
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// Attempts that were recognised as repeated and dropped.
    pub fn duplicates(&self) -> usize {
        self.state().duplicates
    }

    /// Keys that came again with other bytes; always empty where the bytes are frozen.
    pub fn altered(&self) -> Vec<String> {
        self.state().altered.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, frozen: &Frozen) -> Reply {
        let mut state = self.state();
        state.requests.push(frozen.key.clone());
        let standing = state.standing.clone();
        standing.or_else(|| state.script.pop_front()).unwrap_or(Reply::Accept)
    }

    /// Lets what was under way arrive that was to by now, in that order.
    fn arrive(&self, now: Timestamp) {
        let mut arrived: Vec<_> = self.state().under_way.extract_if(.., |(at, ..)| *at <= now).collect();
        arrived.sort_by_key(|(at, ..)| *at);
        for (at, frozen, repeats) in arrived {
            self.accept(&frozen, repeats, at);
        }
    }

    async fn accept_slowly(
        &self,
        frozen: &Frozen,
        repeats: Repeats,
        now: Timestamp,
        way: Duration,
    ) -> Outcome {
        let at = now.checked_add(way).unwrap_or(Timestamp::MAX);
        self.state().under_way.push((at, frozen.clone(), repeats));
        tokio::time::sleep(way).await;
        self.arrive(at);
        tokio::time::sleep(way).await;
        Outcome::Sent { remote: remote(frozen) }
    }

    fn accept(&self, frozen: &Frozen, repeats: Repeats, now: Timestamp) -> Outcome {
        let mut state = self.state();
        let known = state.journal.iter().find(|entry| self.remembers(entry, frozen, repeats, now)).cloned();
        match known {
            Some(entry) => {
                state.duplicates += 1;
                if entry.body != frozen.body {
                    state.altered.push(frozen.key.clone());
                }
            }
            None => {
                let Frozen { body, key } = frozen.clone();
                state.journal.push(Entry { key, body, at: now });
            }
        }
        Outcome::Sent { remote: remote(frozen) }
    }

    fn knows(&self, frozen: &Frozen, repeats: Repeats, now: Timestamp) -> bool {
        self.state().journal.iter().any(|entry| self.remembers(entry, frozen, repeats, now))
    }

    fn repeats(&self, post: &Post) -> Repeats {
        match (post.operation, self.capabilities.corrections) {
            (Operation::Edit | Operation::Delete, Corrections::Edit) => Repeats::Harmless,
            _ => Repeats::Keyed,
        }
    }

    fn remembers(&self, entry: &Entry, frozen: &Frozen, repeats: Repeats, now: Timestamp) -> bool {
        entry.key == frozen.key
            && match self.capabilities.idempotency {
                _ if repeats == Repeats::Harmless => true,
                Idempotency::Forever => true,
                Idempotency::For(window) => age(entry, now) < window,
                Idempotency::None => false,
            }
    }

    async fn wait_for_release(&self) {
        // The sender lives in `self`, so the channel cannot close here.
        let _ = self.released.subscribe().wait_for(|released| *released).await;
    }
}

#[async_trait]
impl Channel for MemoryChannel {
    fn capabilities(&self) -> Capabilities {
        self.capabilities.clone()
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        Ok(Frozen {
            body: post.text.clone(),
            key: format!("{}/{}/{}", post.channel, post.story, post.revision),
        })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let repeats = self.repeats(post);
        self.arrive(now);
        if !fence.holds() {
            return Fence::fell(now);
        }
        match self.begin(frozen) {
            Reply::Accept => self.accept(frozen, repeats, now),
            Reply::Refuse if self.knows(frozen, repeats, now) => self.accept(frozen, repeats, now),
            Reply::Refuse => Outcome::Refused { reason: "refused by the script".to_owned() },
            Reply::NotNow(wait) => Outcome::NotSent {
                reason: "not now, says the script".to_owned(),
                retry_at: now.checked_add(wait).unwrap_or(Timestamp::MAX),
            },
            Reply::Halt(halt) => {
                Outcome::Halted { halt, reason: "halted by the script".to_owned(), retry_at: now }
            }
            Reply::RateLimited(wait) => Outcome::Halted {
                halt: Halt::RateLimited,
                reason: "enough requests, says the script".to_owned(),
                retry_at: now.checked_add(wait).unwrap_or(Timestamp::MAX),
            },
            Reply::Slow(way) => self.accept_slowly(frozen, repeats, now, way).await,
            Reply::UnknownAfterAccepting => {
                self.accept(frozen, repeats, now);
                Outcome::Unknown { reason: "the answer was lost".to_owned() }
            }
            Reply::UnknownWithoutAccepting => Outcome::Unknown { reason: "the request was lost".to_owned() },
            Reply::Hang => {
                self.wait_for_release().await;
                self.accept(frozen, repeats, now)
            }
            Reply::AcceptThenHang => {
                let outcome = self.accept(frozen, repeats, now);
                self.wait_for_release().await;
                outcome
            }
            Reply::Panic => resume_unwind(Box::new("the script says so")),
            Reply::AcceptThenPanic => {
                self.accept(frozen, repeats, now);
                resume_unwind(Box::new("the script says so, after accepting"))
            }
        }
    }

    fn quotas(&self) -> Vec<Quota> {
        self.state().quotas.clone()
    }

    async fn reconcile(&self, _post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        if !self.capabilities.reads_back {
            return Reconciled::CannotTell { reason: "this channel cannot be read".to_owned() };
        }
        self.arrive(now);
        if self.state().standing.is_some() {
            return Reconciled::CannotTell { reason: "the script lets nothing through".to_owned() };
        }
        let visible =
            |entry: &Entry| entry.key == frozen.key && age(entry, now) >= self.capabilities.read_back_lag;
        if self.state().journal.iter().any(visible) {
            Reconciled::Found(remote(frozen))
        } else {
            Reconciled::Absent
        }
    }
}

fn age(entry: &Entry, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(entry.at)).unwrap_or(Duration::ZERO)
}

fn remote(frozen: &Frozen) -> Remote {
    Remote { id: frozen.key.clone(), url: None }
}

#[cfg(test)]
mod tests;
