//! The channel `mastodon`: statuses of an account on its server.
//!
//! A server drops a second status with the same `Idempotency-Key` for an hour, so within it an attempt in doubt is made
//! again, and after it the account's own statuses are read. Some servers answer a repeated key with an error although the
//! status is there, and some take both of two requests that overlap; so a post in doubt is looked for before it is sent
//! again. A correction edits the status it corrects. How long a status may be is the server's own figure, which is asked
//! for before the first status and kept.
//!
//! What each answer means stands in `answer.rs`.

mod answer;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Quota, Reconciled,
    RenderError,
};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post};

use self::answer::Status;
use super::notebook::Notebook;
use super::platform::{self, AccountError, Answer, Quotas, Silence, exchange};
use super::wording;

/// How long after an attempt a post may be missing where it is looked for although it was accepted, as a rule.
pub const SHOWN_AFTER: Duration = Duration::from_secs(5);

/// For how long a server drops a second status with the same key.
const KEY_LIVES: Duration = Duration::from_secs(3600);

/// How long a status may be where the server was not asked yet.
const USUAL_LENGTH: usize = 500;

/// A server's figures are asked for again after this.
const FIGURES_LAST: Duration = Duration::from_secs(24 * 3600);

/// Statuses that are read at a time, the most a server gives, and how often.
const PAGE: usize = 40;
const PAGES: usize = 3;

/// A status cannot be older than its post, but clocks differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(120);

/// Which account, and how it writes.
#[derive(Clone)]
pub struct MastodonSettings {
    /// The account's server.
    pub server: String,
    /// An access token with `read:statuses`, `read:accounts` and `write:statuses`.
    pub token: SecretString,
    /// Who sees the statuses: `public`, `unlisted` or `private`.
    pub visibility: &'static str,
    /// The language of the statuses: `en`.
    pub language: String,
    /// How long after an attempt a look-up may still miss its post.
    pub read_back_after: Duration,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// An account on a Mastodon server.
pub struct MastodonChannel {
    client: reqwest::Client,
    server: Url,
    settings: MastodonSettings,
    notebook: Notebook,
    known: Mutex<Known>,
    quotas: Quotas,
    clock: Arc<dyn Clock>,
}

/// What the server said of itself and the account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Known {
    account: Option<String>,
    max_characters: Option<usize>,
    asked_at: Option<Timestamp>,
}

impl fmt::Debug for MastodonChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MastodonChannel").field("server", &self.server.host_str()).finish_non_exhaustive()
    }
}

/// What a post does, as Mastodon sees it.
enum Call<'p> {
    Post { reply_to: Option<&'p str> },
    Edit(&'p str),
    Delete(&'p str),
}

impl<'p> Call<'p> {
    /// A revision of what has no known id is a status of its own.
    fn of(post: &'p Post) -> Self {
        let remote = post.earlier.as_ref().and_then(|earlier| earlier.remote.as_ref());
        let is_id = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let told = remote.map(|remote| remote.id.as_str()).filter(is_id);
        match (post.operation, told) {
            (Operation::Edit, Some(id)) => Self::Edit(id),
            (Operation::Delete, Some(id)) => Self::Delete(id),
            (Operation::Reply, told) => Self::Post { reply_to: told },
            (_, _) => Self::Post { reply_to: None },
        }
    }
}

impl MastodonChannel {
    /// An account by these settings; `notebook` keeps the server's figures, `clock` is the real time of day.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(
        settings: MastodonSettings,
        notebook: Notebook,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AccountError> {
        let server = platform::address("the Mastodon server", &settings.server)?;
        let client = platform::client(settings.attempt_within)?;
        let known = Mutex::new(notebook.read().unwrap_or_default());
        Ok(Self { client, server, settings, notebook, known, quotas: Quotas::default(), clock })
    }

    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut known);
        self.notebook.write(&*known);
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}api/{path}", self.server));
        request.bearer_auth(self.settings.token.expose_secret())
    }

    /// Asks the server how long a status may be, where that was not asked lately.
    async fn ask_figures(&self) {
        let today = self.clock.now();
        let lasts = |asked: Timestamp| platform::after(asked, FIGURES_LAST) > today;
        if self.known().asked_at.is_some_and(lasts) {
            return;
        }
        match exchange(self.request(Method::GET, "v2/instance")).await {
            Ok(answer) => self.learn(|known| {
                known.max_characters = answer::max_characters(&answer).or(known.max_characters);
                known.asked_at = Some(today);
            }),
            Err(silence) => tracing::debug!(%silence, "the server's figures are not known"),
        }
    }

    async fn account(&self) -> Result<String, String> {
        if let Some(account) = self.known().account {
            return Ok(account);
        }
        let asked = exchange(self.request(Method::GET, "v1/accounts/verify_credentials")).await;
        let answer = asked.map_err(|silence| silence.to_string())?;
        let account = answer::id(&answer).ok_or_else(|| answer::reason(&answer, ""))?;
        self.learn(|known| known.account = Some(account.clone()));
        Ok(account)
    }

    /// Looks for a status with that text among the account's own that are not older than the post.
    async fn find(&self, text: &str, since: Timestamp) -> Reconciled {
        let account = match self.account().await {
            Ok(account) => account,
            Err(reason) => return Reconciled::CannotTell { reason },
        };
        let mut before = None;
        for _ in 0..PAGES {
            let page = match self.page(&account, before.as_deref()).await {
                Ok(page) => page,
                Err(reason) => return Reconciled::CannotTell { reason },
            };
            let young = |status: &&Status| status.created_at.is_none_or(|at| at >= since);
            let same = |status: &&Status| wording::is_same(&wording::of_html(&status.content), text);
            if let Some(found) = page.iter().filter(young).find(same) {
                return Reconciled::Found(found.remote());
            }
            match page.last() {
                Some(oldest) if page.len() == PAGE && young(&oldest) => before = Some(oldest.id.clone()),
                _ => return Reconciled::Absent,
            }
        }
        Reconciled::CannotTell {
            reason: format!("the account wrote more than {} statuses since", PAGE * PAGES),
        }
    }

    async fn page(&self, account: &str, before: Option<&str>) -> Result<Vec<Status>, String> {
        let request = self.request(Method::GET, &format!("v1/accounts/{account}/statuses"));
        let limit = PAGE.to_string();
        let mut query = vec![("limit", limit.as_str()), ("exclude_reblogs", "true")];
        query.extend(before.map(|id| ("max_id", id)));
        let answer = exchange(request.query(&query)).await.map_err(|silence| silence.to_string())?;
        answer::statuses(&answer).ok_or_else(|| answer::reason(&answer, ""))
    }

    async fn call(&self, call: &Call<'_>, frozen: &Frozen, fence: &Fence) -> Result<Answer, Silence> {
        let request = match call {
            Call::Post { .. } => {
                self.request(Method::POST, "v1/statuses").header("idempotency-key", &frozen.key)
            }
            Call::Edit(id) => self.request(Method::PUT, &format!("v1/statuses/{id}")),
            Call::Delete(id) => {
                let request = self.request(Method::DELETE, &format!("v1/statuses/{id}"));
                return platform::take_back(request, fence).await;
            }
        };
        platform::tell(request, frozen.body.clone(), fence).await
    }
}

#[async_trait]
impl Channel for MastodonChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            // Never fewer than a server counts, which takes a link for 23 and leaves out the ends of names.
            limits: Limits {
                max: self.known().max_characters.unwrap_or(USUAL_LENGTH),
                unit: LengthUnit::Chars,
            },
            idempotency: Idempotency::For(KEY_LIVES),
            reads_back: true,
            read_back_lag: self.settings.read_back_after,
            in_flight: 1,
            corrections: Corrections::Edit,
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let MastodonSettings { visibility, language, .. } = &self.settings;
        let body = match Call::of(post) {
            Call::Post { reply_to: None } => {
                json!({"status": post.text, "visibility": visibility, "language": language})
            }
            Call::Post { reply_to: Some(id) } => json!({
                "status": post.text, "visibility": visibility, "language": language, "in_reply_to_id": id,
            }),
            Call::Edit(_) => json!({"status": post.text, "language": language}),
            Call::Delete(_) => json!({}),
        };
        Ok(Frozen { body: body.to_string(), key: platform::digest(post).to_string() })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let call = Call::of(post);
        self.ask_figures().await;
        if post.in_doubt
            && let Reconciled::Found(remote) = self.reconcile(post, frozen, now).await
        {
            return Outcome::Sent { remote };
        }
        let answer = match self.call(&call, frozen, fence).await {
            Ok(answer) => answer,
            Err(silence) => return silence.outcome(now),
        };
        if !matches!(call, Call::Delete(_)) {
            // Deletions are counted apart.
            self.quotas.note(answer::quotas(&answer, now, self.clock.now()));
        }
        match (&call, answer::status(&answer)) {
            (Call::Delete(id), _) if answer.is_success() || answer.status == 404 => platform::sent(*id, None),
            (Call::Post { .. } | Call::Edit(_), Some(status)) => Outcome::Sent { remote: status.remote() },
            _ => answer::trouble(&answer, now, self.clock.now()),
        }
    }

    async fn reconcile(&self, post: &Post, _frozen: &Frozen, _now: Timestamp) -> Reconciled {
        match Call::of(post) {
            Call::Post { .. } => {
                let since = post.created_at.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
                self.find(&post.text, since).await
            }
            Call::Edit(_) | Call::Delete(_) => Reconciled::Absent,
        }
    }

    fn quotas(&self) -> Vec<Quota> {
        self.quotas.current()
    }
}
