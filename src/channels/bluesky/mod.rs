//! The channel `bluesky`: records of an account on its PDS, over XRPC.
//!
//! A post is *put* under a record key that is made with it and kept, so a second sending of the same bytes changes
//! nothing, for ever: the PDS compares the record and leaves its repository as it is. `swapRecord: null` keeps a post from
//! ever taking the place of another record. (`createRecord` is no good: a repeat under a key that is taken answers 500.)
//! Bluesky shows no edits, so a correction answers the post it corrects, and names it by URI and CID; both are kept as the
//! post's remote id, and with an answer its thread's root too: `URI CID [URI CID]`.
//!
//! The session outlives a restart, since signing in is limited to 300 times a day. What each answer means stands in
//! `answer.rs`.

mod answer;
mod record;
mod session;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::json;
use serde_json::value::RawValue;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Quota, Reconciled,
    RenderError,
};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post, Remote};

use self::record::{COLLECTION, StrongRef, Thread};
use self::session::{Session, Sessions};
use super::notebook::Notebook;
use super::platform::{self, AccountError, Answer, Quotas, Silence, exchange};

/// The service most accounts are on.
pub const SERVICE: &str = "https://bsky.social";

/// How long after an attempt a post may be missing where it is looked for although it was accepted, as a rule.
pub const SHOWN_AFTER: Duration = Duration::from_secs(2);

/// Which account, and where it lives.
#[derive(Clone)]
pub struct BlueskySettings {
    /// The account's PDS, or a service that stands before it.
    pub service: String,
    /// The account's handle or DID.
    pub account: String,
    /// An app password, never the account's own.
    pub app_password: SecretString,
    /// The language of the posts: `en`.
    pub language: String,
    /// Attempts that may be under way at once.
    pub in_flight: usize,
    /// How long after an attempt a look-up may still miss its post.
    pub read_back_after: Duration,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// An account on Bluesky.
pub struct BlueskyChannel {
    client: reqwest::Client,
    service: Url,
    settings: BlueskySettings,
    sessions: Sessions,
    quotas: Quotas,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for BlueskyChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlueskyChannel").field("account", &self.settings.account).finish_non_exhaustive()
    }
}

impl BlueskyChannel {
    /// An account by these settings; `notebook` keeps its session, `clock` is the real time of day.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(
        settings: BlueskySettings,
        notebook: Notebook,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AccountError> {
        let service = platform::address("the Bluesky service", &settings.service)?;
        let client = platform::client(settings.attempt_within)?;
        let sessions = Sessions::new(settings.account.clone(), settings.app_password.clone(), notebook);
        Ok(Self { client, service, settings, sessions, quotas: Quotas::default(), clock })
    }

    async fn session(&self, now: Timestamp) -> Result<Session, Outcome> {
        let signed_in = self.sessions.current(&self.client, &self.service, self.clock.now()).await;
        signed_in.map_err(|closed| closed.outcome(now))
    }

    async fn write(
        &self,
        session: &Session,
        post: &Post,
        frozen: &Frozen,
        fence: &Fence,
    ) -> Result<Answer, Silence> {
        let (method, body) = match told_before(post) {
            Some(told) if post.operation == Operation::Delete => {
                let body = json!({"repo": session.did, "collection": COLLECTION, "rkey": told.post.key()});
                ("deleteRecord", body.to_string())
            }
            _ => ("putRecord", put(session, frozen)),
        };
        let url = session::method(&self.service, &format!("com.atproto.repo.{method}"));
        platform::tell(self.client.post(url).bearer_auth(session.access()), body, fence).await
    }
}

/// What the earlier revision's post is called, and its thread.
fn told_before(post: &Post) -> Option<Thread> {
    Thread::of_remote(&post.earlier.as_ref()?.remote.as_ref()?.id)
}

/// The request that puts a frozen record, byte by byte as it was frozen.
fn put(session: &Session, frozen: &Frozen) -> String {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Put<'a> {
        repo: &'a str,
        collection: &'a str,
        rkey: &'a str,
        swap_record: Option<&'a str>,
        record: Option<&'a RawValue>,
    }
    let record: Option<&RawValue> = serde_json::from_str(&frozen.body).ok();
    let put =
        Put { repo: &session.did, collection: COLLECTION, rkey: &frozen.key, swap_record: None, record };
    serde_json::to_string(&put).unwrap_or_default()
}

#[async_trait]
impl Channel for BlueskyChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: Limits { max: 300, unit: LengthUnit::GraphemesOrTenBytes },
            idempotency: Idempotency::Forever,
            reads_back: true,
            read_back_lag: self.settings.read_back_after,
            in_flight: self.settings.in_flight,
            corrections: Corrections::Reply,
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let answers = match post.operation {
            Operation::Reply | Operation::Edit => told_before(post),
            Operation::Create | Operation::Delete => None,
        };
        let body = record::render(post, answers.as_ref(), &self.settings.language)
            .map_err(|error| RenderError { detail: error.to_string() })?;
        Ok(Frozen { body, key: record::key(post) })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let session = match self.session(now).await {
            Ok(session) => session,
            Err(outcome) => return outcome,
        };
        let answer = match self.write(&session, post, frozen, fence).await {
            Ok(answer) => answer,
            Err(silence) => return silence.outcome(now),
        };
        self.quotas.note(answer::quotas(&answer, now, self.clock.now()));
        if answer::is_of_an_old_session(&answer) {
            self.sessions.expire(&session).await;
        }
        match (post.operation, answer::written(&answer)) {
            (Operation::Delete, _) if answer.is_success() => {
                let id = told_before(post).map_or_else(|| frozen.key.clone(), |told| told.to_string());
                platform::sent(id, None)
            }
            (_, Some(written)) => Outcome::Sent { remote: remote(written, &frozen.body) },
            (_, None) => answer::trouble(&answer, now, self.clock.now()),
        }
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        let cannot_tell = |reason: String| Reconciled::CannotTell { reason };
        if post.operation == Operation::Delete {
            return Reconciled::Absent;
        }
        let did = match self.session(now).await {
            Ok(session) => session.did,
            Err(_) => return cannot_tell("Bluesky does not let the account in".to_owned()),
        };
        let url = session::method(&self.service, "com.atproto.repo.getRecord");
        let record = [("repo", did.as_str()), ("collection", COLLECTION), ("rkey", &frozen.key)];
        match exchange(self.client.get(url).query(&record)).await {
            Ok(answer) => match answer::written(&answer) {
                Some(written) => Reconciled::Found(remote(written, &frozen.body)),
                None if answer::is_absent(&answer) => Reconciled::Absent,
                None => cannot_tell(answer::reason(&answer, "")),
            },
            Err(silence) => cannot_tell(silence.to_string()),
        }
    }

    fn quotas(&self) -> Vec<Quota> {
        self.quotas.current()
    }
}

/// What a record that was written is called, and where its page is.
fn remote(written: StrongRef, frozen: &str) -> Remote {
    let (did, key) = (written.did().to_owned(), written.key().to_owned());
    let thread = Thread { root: record::root(frozen), post: written };
    Remote { id: thread.to_string(), url: Some(format!("https://bsky.app/profile/{did}/post/{key}")) }
}
