//! An adapter that is replaced while the wire runs: with a renewed secret, or with other settings.
//!
//! An attempt that is under way comes to its end with the adapter it began with. Adapters are made before any of them is
//! put in place, so settings that cannot work leave all as they were.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::channel::{Capabilities, Channel, Fence, Quota, Reconciled, RenderError};
use wirereport_actors::ports::feed::{Answer, Dated, Feed, FeedError, PollRequest};
use wirereport_actors::ports::writer::{Assignment, Standing, Terms, Writer, WriterError, Written};
use wirereport_actors::wire::expense::Account;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::{Frozen, Outcome, Post};
use wirereport_actors::wire::quota::QuotaPace;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::story::Story;

use crate::feeds::api_sports::{self, ApiSports};
use crate::writers::openai::{self, OpenAiWriter};

/// A port, whichever adapter it has now.
pub(super) struct Replaceable<Adapter: ?Sized>(RwLock<Arc<Adapter>>);

impl<Adapter: ?Sized> Replaceable<Adapter> {
    /// A port that begins with that adapter.
    pub(super) fn of(adapter: Arc<Adapter>) -> Arc<Self> {
        Arc::new(Self(RwLock::new(adapter)))
    }

    /// Has everything from now on done by that adapter.
    pub(super) fn replace(&self, adapter: Arc<Adapter>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = adapter;
    }

    fn current(&self) -> Arc<Adapter> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Channel for Replaceable<dyn Channel> {
    fn capabilities(&self) -> Capabilities {
        self.current().capabilities()
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        self.current().render(post)
    }

    async fn send(&self, post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        self.current().send(post, frozen, now, fence).await
    }

    async fn reconcile(&self, post: &Post, frozen: &Frozen, now: Timestamp) -> Reconciled {
        self.current().reconcile(post, frozen, now).await
    }

    fn quotas(&self) -> Vec<Quota> {
        self.current().quotas()
    }
}

#[async_trait]
impl Feed for Replaceable<ApiSports> {
    fn name(&self) -> &str {
        api_sports::NAME
    }

    fn answers_within(&self) -> Option<Duration> {
        self.current().answers_within()
    }

    fn requests(&self, request: &PollRequest) -> u32 {
        self.current().requests(request)
    }

    fn pace(&self, sport: &Sport, now: Timestamp) -> Option<QuotaPace> {
        self.current().pace(sport, now)
    }

    fn dated(&self) -> Option<Dated> {
        self.current().dated()
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        self.current().poll(request).await
    }
}

#[async_trait]
impl Writer for Replaceable<OpenAiWriter> {
    fn name(&self) -> &str {
        openai::NAME
    }

    fn terms(&self, kind: MomentKind) -> Terms {
        self.current().terms(kind)
    }

    fn takes(&self, story: &Story) -> bool {
        self.current().takes(story)
    }

    fn standing(&self) -> Standing {
        self.current().standing()
    }

    fn account(&self) -> Option<Account> {
        self.current().account()
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        self.current().write(assignment).await
    }
}
