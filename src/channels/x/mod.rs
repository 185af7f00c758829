//! The channel `x`: posts of an account on X, with requests signed by OAuth 1.0a, whose tokens do not end.
//!
//! X knows no idempotency key, but it shows an account its own posts, at a price. So what became of an attempt is read from
//! the timeline: found, it was sent; not found although it should be shown by then, it was not. X also refuses a text that the account
//! posted before, for hours, without saying which: of a post that was tried before that means that it is there.
//!
//! A link multiplies the price of a post, and X makes one of every bare domain, so the space that is missing between two
//! sentences is put in, and a text with a domain or a mention in it is refused. An answer to one's own post is allowed
//! though not promised, so corrections answer only where the settings say so. What each answer means stands in `answer.rs`.

mod answer;
mod lint;
pub mod oauth1;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Url};
use secrecy::ExposeSecret;
use serde_json::json;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Idempotency, LengthUnit, Limits, Quota, Reconciled, RenderError,
};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::fit;
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post};

use self::oauth1::{Credentials, Stamp};
use super::platform::{self, AccountError, Quotas, exchange};
use super::wording;

/// Where X's API is.
pub const API: &str = "https://api.x.com";

/// How long after an attempt a post may be missing where it is looked for although it was accepted, as a rule.
pub const SHOWN_AFTER: Duration = Duration::from_secs(15);

/// How long after an attempt a post that the timeline does not show counts as absent, as a rule.
pub const ABSENT_AFTER: Duration = Duration::from_secs(70);

const LIMITS: Limits = Limits { max: 280, unit: LengthUnit::Weighted };

/// Posts that are read, the most X gives at once.
const PAGE: usize = 100;

/// Clocks differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(120);

/// Which account, and how it is let in.
#[derive(Clone)]
pub struct XSettings {
    /// Where the API is.
    pub api: String,
    /// The app and the account.
    pub credentials: Credentials,
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
    user: String,
    settings: XSettings,
    quotas: Quotas,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for XChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XChannel").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Says what is wrong with the form of an account's token.
///
/// # Errors
/// Where it is of another form.
pub fn check_token(token: &str) -> Result<(), &'static str> {
    match user_of(token) {
        Some(_) => Ok(()),
        None => Err("is no access token of an account: that begins with the account's number and a dash"),
    }
}

/// The account whose token it is: its number stands before the dash.
fn user_of(token: &str) -> Option<&str> {
    let (user, rest) = token.split_once('-')?;
    let is_number = !user.is_empty() && user.bytes().all(|b| b.is_ascii_digit());
    (is_number && !rest.is_empty()).then_some(user)
}

impl XChannel {
    /// An account by these settings; `clock` is the real time of day.
    ///
    /// # Errors
    /// Says which setting is wrong.
    pub fn new(settings: XSettings, clock: Arc<dyn Clock>) -> Result<Self, AccountError> {
        let token = settings.credentials.token.expose_secret();
        check_token(token).map_err(|detail| AccountError::Secret { what: "the account on X", detail })?;
        let user = user_of(token).unwrap_or_default().to_owned();
        let api = platform::address("X's API", &settings.api)?;
        let client = platform::client(settings.attempt_within)?;
        Ok(Self { client, api, user, settings, quotas: Quotas::default(), clock })
    }

    /// A signed request. The signature covers the very URL that is asked for.
    fn request(&self, method: Method, path: &str, query: &[(&str, String)]) -> RequestBuilder {
        let mut url = self.api.clone();
        url.set_path(&format!("{}2/{path}", self.api.path()));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let stamp =
            Stamp { nonce: format!("{:032x}", fastrand::u128(..)), second: self.clock.now().as_second() };
        let authorization = self.settings.credentials.authorization(method.as_str(), &url, &[], &stamp);
        self.client.request(method, url).header(reqwest::header::AUTHORIZATION, authorization)
    }

    /// Looks for a post's text on the account's own timeline, since the post was written.
    async fn find(&self, post: &Post, text: &str) -> Reconciled {
        let since = post.created_at.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
        let query = [
            ("exclude", "retweets".to_owned()),
            ("max_results", PAGE.to_string()),
            ("start_time", format!("{since:.0}")),
            ("tweet.fields", "created_at,entities".to_owned()),
        ];
        let path = format!("users/{}/tweets", self.user);
        let answer = match exchange(self.request(Method::GET, &path, &query)).await {
            Ok(answer) => answer,
            Err(silence) => return Reconciled::CannotTell { reason: silence.to_string() },
        };
        let Some(tweets) = answer::timeline(&answer) else {
            return Reconciled::CannotTell { reason: answer::reason(&answer, "") };
        };
        match tweets.iter().find(|tweet| wording::is_same(&tweet.plain(), text)) {
            Some(found) => Reconciled::Found(found.remote()),
            None if tweets.len() < PAGE => Reconciled::Absent,
            None => {
                Reconciled::CannotTell { reason: format!("the account wrote {PAGE} posts and more since") }
            }
        }
    }

    /// X holds a text a duplicate. Of a post that was tried before that is the post itself, which the timeline shows
    /// sooner or later; of another one it is an earlier story's.
    async fn duplicate(&self, post: &Post, frozen: &Frozen, refused: Outcome) -> Outcome {
        match self.find(post, &text_of(frozen)).await {
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

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Outcome {
        let deletes = told_before(post).filter(|_| post.operation == Operation::Delete);
        let request = match deletes {
            Some(id) => self.request(Method::DELETE, &format!("tweets/{id}"), &[]),
            None => platform::json(self.request(Method::POST, "tweets", &[]), frozen.body.clone()),
        };
        let answer = match exchange(request).await {
            Ok(answer) => answer,
            Err(silence) => return silence.outcome(now),
        };
        if deletes.is_none() {
            // A deletion is counted apart, and so is every look at the timeline.
            self.quotas.note(answer::quotas(&answer, now, self.clock.now()));
        }
        match (deletes, answer::created(&answer)) {
            (Some(id), _) if answer.is_success() || answer.status == 404 => platform::sent(id, None),
            (None, Some(tweet)) => Outcome::Sent { remote: tweet.remote() },
            (None, None) if answer::is_duplicate(&answer) => {
                let refused = answer::trouble(&answer, now, self.clock.now());
                self.duplicate(post, frozen, refused).await
            }
            _ => answer::trouble(&answer, now, self.clock.now()),
        }
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        if post.operation == Operation::Delete {
            return Reconciled::Absent;
        }
        let found = self.find(post, &text_of(frozen)).await;
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
