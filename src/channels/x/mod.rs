//! The channel `x`: posts of an account on X, with requests signed by OAuth 1.0a, whose tokens do not end, or let in by
//! OAuth 2.0, whose tokens are renewed every two hours.
//!
//! X knows no idempotency key, but it shows an account its own posts, at a price. So what became of an attempt is read from
//! the timeline: found, it was sent; not found although it should be shown by then, it was not. X also refuses a text that the account
//! posted before, for hours, without saying which: of a post that was tried before that means that it is there.
//!
//! A link multiplies the price of a post, and X makes one of every bare domain, so the space that is missing between two
//! sentences is put in, and a text with a domain or a mention in it is refused. An answer to one's own post is allowed
//! though not promised, so corrections answer only where the settings say so. What each answer means stands in `answer.rs`.

mod answer;
mod auth;
mod bearer;
mod grant;
mod lint;
mod login;
pub mod oauth1;
mod oauth2;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Url};
use serde_json::json;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Quota, Reconciled,
    RenderError,
};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::fit;
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post};

pub use self::auth::{Auth, check_token};
use self::auth::{Gate, Pass};
use self::bearer::Closed;
pub use self::bearer::Consent;
pub use self::grant::{Grant, GrantFile};
pub use self::login::{Login, LoginError, LoginSettings};
pub use self::oauth2::{AUTHORIZE, App};
use super::platform::{self, AccountError, Quotas, exchange};
use super::wording;

/// Where X's API is.
pub const API: &str = "https://api.x.com";

/// How long after an attempt a post may be missing where it is looked for although it was accepted, as a rule.
pub const SHOWN_AFTER: Duration = Duration::from_secs(15);

/// How long after an attempt a post that the timeline does not show counts as absent, as a rule.
pub const ABSENT_AFTER: Duration = Duration::from_secs(70);

const LIMITS: Limits = Limits { max: 280, unit: LengthUnit::Weighted };

/// Posts that are read at once, the most X gives.
const PAGE: usize = 100;

/// Pages of an account's posts, the most X shows.
const PAGES: usize = 32;

/// Clocks differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(120);

/// Which account, and how it is let in.
#[derive(Clone)]
pub struct XSettings {
    /// Where the API is.
    pub api: String,
    /// The app and the account.
    pub auth: Auth,
    /// Whether a correction answers what it corrects, in place of being a post of its own.
    pub threads: bool,
    /// How long after an attempt a look-up may still miss its post.
    pub read_back_after: Duration,
    /// How long after an attempt a post that the timeline does not show counts as absent.
    pub absent_after: Duration,
    /// How long one attempt may take.
    pub attempt_within: Duration,
}

/// An account on X.
pub struct XChannel {
    client: reqwest::Client,
    api: Url,
    gate: Gate,
    settings: XSettings,
    quotas: Quotas,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for XChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XChannel").field("auth", &self.settings.auth).finish_non_exhaustive()
    }
}

impl XChannel {
    /// An account by these settings; `clock` is the real time of day.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: XSettings, clock: Arc<dyn Clock>) -> Result<Self, AccountError> {
        let gate = Gate::new(&settings.auth)?;
        let api = platform::address("X's API", &settings.api)?;
        let client = platform::client(settings.attempt_within)?;
        Ok(Self { client, api, gate, settings, quotas: Quotas::default(), clock })
    }

    /// What lets a request in. To renew a token takes a part of an attempt's time.
    async fn pass(&self) -> Result<Pass<'_>, Closed> {
        let within = self.settings.attempt_within / 2;
        self.gate.pass(&self.client, &self.api, within, self.clock.now()).await
    }

    fn request(
        &self,
        pass: &Pass<'_>,
        method: &Method,
        path: &str,
        query: &[(&str, String)],
    ) -> RequestBuilder {
        let mut url = self.api.clone();
        url.set_path(&format!("{}2/{path}", self.api.path()));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.client.request(method.clone(), url.clone());
        pass.let_in(request, method.as_str(), &url, self.clock.now().as_second())
    }

    /// Looks for a post's text on the account's own timeline, since the post was written.
    async fn find(&self, pass: &Pass<'_>, post: &Post, text: &str) -> Reconciled {
        let since = post.created_at.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
        let path = format!("users/{}/tweets", pass.user());
        let mut query = vec![
            ("exclude", "retweets".to_owned()),
            ("max_results", PAGE.to_string()),
            ("start_time", format!("{since:.0}")),
            ("tweet.fields", "created_at,entities".to_owned()),
        ];
        let first_page = query.len();
        for _ in 0..PAGES {
            let answer = match exchange(self.request(pass, &Method::GET, &path, &query)).await {
                Ok(answer) => answer,
                Err(silence) => return Reconciled::CannotTell { reason: silence.to_string() },
            };
            pass.is_renewed_for(answer.status);
            let Some(page) = answer::timeline(&answer) else {
                return Reconciled::CannotTell { reason: answer::reason(&answer, "") };
            };
            if let Some(found) = page.data.iter().find(|tweet| wording::is_same(&tweet.plain(), text)) {
                return Reconciled::Found(found.remote());
            }
            let Some(token) = page.meta.next_token else { return Reconciled::Absent };
            query.truncate(first_page);
            query.push(("pagination_token", token));
        }
        Reconciled::CannotTell { reason: format!("the account wrote {} posts and more since", PAGES * PAGE) }
    }

    /// X holds a text a duplicate. Of a post that was tried before that is the post itself, which the timeline shows
    /// sooner or later; of another one it is an earlier story's.
    async fn duplicate(&self, pass: &Pass<'_>, post: &Post, frozen: &Frozen, refused: Outcome) -> Outcome {
        match self.find(pass, post, &text_of(frozen)).await {
            Reconciled::Found(remote) => Outcome::Sent { remote },
            _ if post.attempt > 1 || post.in_doubt => Outcome::Unknown {
                reason: "X holds it a duplicate, and does not show it on the timeline yet".to_owned(),
            },
            _ => refused,
        }
    }
}

/// What the post is called that is answered or deleted.
fn told_before(post: &Post) -> Option<&str> {
    let id = post.earlier.as_ref()?.remote.as_ref()?.id.as_str();
    Some(id).filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}

/// The text that a frozen body carries.
fn text_of(frozen: &Frozen) -> String {
    let body: serde_json::Value = serde_json::from_str(&frozen.body).unwrap_or_default();
    body["text"].as_str().unwrap_or_default().to_owned()
}

#[async_trait]
impl Channel for XChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: LIMITS,
            idempotency: Idempotency::None,
            reads_back: true,
            read_back_lag: self.settings.read_back_after,
            in_flight: 1,
            corrections: if self.settings.threads { Corrections::Reply } else { Corrections::Create },
            attempt_within: self.settings.attempt_within,
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let text = lint::linted(&post.text).map_err(|detail| RenderError { detail })?;
        if !fit::fits(&text, LIMITS) {
            let detail =
                format!("with the spaces that keep X from making links it is longer than {}", LIMITS.max);
            return Err(RenderError { detail });
        }
        let body = match (post.operation, told_before(post)) {
            (Operation::Reply, Some(id)) => json!({"text": text, "reply": {"in_reply_to_tweet_id": id}}),
            _ => json!({"text": text}),
        };
        Ok(Frozen { body: body.to_string(), key: platform::digest(post).to_string() })
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let pass = match self.pass().await {
            Ok(pass) => pass,
            Err(closed) => return closed.outcome(now),
        };
        let deletes = told_before(post).filter(|_| post.operation == Operation::Delete);
        let request = |method, path: &str| self.request(&pass, &method, path, &[]);
        let answered = match deletes {
            Some(id) => platform::take_back(request(Method::DELETE, &format!("tweets/{id}")), fence).await,
            None => platform::tell(request(Method::POST, "tweets"), frozen.body.clone(), fence).await,
        };
        let answer = match answered {
            Ok(answer) => answer,
            Err(silence) => return silence.outcome(now),
        };
        if pass.is_renewed_for(answer.status) {
            return platform::not_yet(answer::reason(&answer, ": the access token is renewed"), now);
        }
        if deletes.is_none() {
            // A deletion is counted apart, and so is every look at the timeline.
            self.quotas.note(answer::quotas(&answer, now, self.clock.now()));
        }
        match (deletes, answer::created(&answer)) {
            (Some(id), _) if answer.is_success() || answer.status == 404 => platform::sent(id, None),
            (None, Some(tweet)) => Outcome::Sent { remote: tweet.remote() },
            (None, None) if answer::is_duplicate(&answer) => {
                let refused = answer::trouble(&answer, &pass.advice(), now, self.clock.now());
                self.duplicate(&pass, post, frozen, refused).await
            }
            _ => answer::trouble(&answer, &pass.advice(), now, self.clock.now()),
        }
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        if post.operation == Operation::Delete {
            return Reconciled::Absent;
        }
        let pass = match self.pass().await {
            Ok(pass) => pass,
            Err(closed) => return Reconciled::CannotTell { reason: closed.to_string() },
        };
        let found = self.find(&pass, post, &text_of(frozen)).await;
        let shown_by = post.arm.map(|arm| platform::after(arm.at, self.settings.absent_after));
        match found {
            Reconciled::Absent if shown_by.is_some_and(|shown_by| now < shown_by) => {
                Reconciled::CannotTell { reason: "the timeline does not show it, or not yet".to_owned() }
            }
            found => found,
        }
    }

    fn quotas(&self) -> Vec<Quota> {
        self.quotas.current()
    }
}
