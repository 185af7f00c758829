//! The channel `feed`: a JSON Feed and an Atom feed in a folder, for readers who fetch.
//!
//! `feed.json` (JSON Feed 1.1) is the channel's whole state; `feed.atom` (RFC 4287) is made from it. Each attempt reads it,
//! puts the item in its place and replaces both files at once or not at all, so any process may go on where another ended
//! and sending an item again changes nothing. An item's id is a version 5 UUID of the channel's and the story's names: a
//! correction keeps the id and moves the date.
//!
//! A `feed.json` that cannot be read as JSON is moved aside as `feed.json.damaged-…` with a warning, and the feed starts
//! anew: the ledger knows what was told, and a reader's program keeps what it has seen.

mod atom;
mod document;
mod router;
mod store;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Reconciled, RenderError,
};
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post, Remote};

use document::{Extension, Item};
use store::{Store, StoreError, Whereabouts};

pub use router::router;
pub use store::OpenError;

/// Under which the ids of feeds and their items are made; it must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x6e9a_6c1e_2f0b_5f5d_9d53_7a51_4c0e_8b27);

/// Longer texts are no news lines.
const LIMITS: Limits = Limits { max: 2000, unit: LengthUnit::Graphemes };

/// How a feed presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// What readers see as its name.
    pub title: String,
    /// The page it belongs to.
    pub home_page_url: Option<String>,
    /// Where the folder is served, without a slash at the end: `https://example.com/wire`.
    pub base_url: Option<String>,
    /// How many items are kept, the newest.
    pub items: usize,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self { title: "wirereport".to_owned(), home_page_url: None, base_url: None, items: 200 }
    }
}

/// A JSON Feed and an Atom feed in a folder.
#[derive(Debug, Clone)]
pub struct FeedChannel {
    store: Arc<Store>,
}

impl FeedChannel {
    /// Opens the folder, creates it where it is missing, and brings both files up to date. A file that cannot be written
    /// now is only warned of: the next attempt says so again and is retried.
    ///
    /// # Errors
    /// Where the folder cannot be created.
    pub fn open(dir: &Path, settings: FeedSettings) -> Result<Self, OpenError> {
        Ok(Self { store: Arc::new(Store::open(dir, settings)?) })
    }

    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> T + Send + 'static,
    ) -> Result<T, tokio::task::JoinError> {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store)).await
    }
}

#[async_trait]
impl Channel for FeedChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: LIMITS,
            idempotency: Idempotency::Forever,
            reads_back: true,
            read_back_lag: Duration::ZERO,
            in_flight: 1,
            corrections: Corrections::Edit,
            attempt_within: Duration::from_secs(30),
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        if post.operation == Operation::Delete {
            let detail = "a feed cannot take an item back from those who fetched it".to_owned();
            return Err(RenderError { detail });
        }
        let item = item_of(post);
        let body = serde_json::to_string(&item).map_err(|e| RenderError { detail: e.to_string() })?;
        Ok(Frozen { body, key: format!("{}#{}", item.id, post.revision) })
    }

    async fn send(&self, _post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        let item: Item = match serde_json::from_str(&frozen.body) {
            Ok(item) => item,
            Err(e) => return Outcome::Refused { reason: format!("the frozen item cannot be read: {e}") },
        };
        let remote = Remote { id: item.id.clone(), url: self.store.json_url() };
        let fence = fence.clone();
        match self.with_store(move |store| fence.holds().then(|| store.publish(item))).await {
            Ok(None) => Fence::fell(now),
            Ok(Some(Ok(()))) => Outcome::Sent { remote },
            Ok(Some(Err(StoreError::Unchanged(reason)))) => Outcome::NotSent { reason, retry_at: now },
            Ok(Some(Err(StoreError::PerhapsChanged(reason)))) => Outcome::Unknown { reason },
            Err(e) => Outcome::Unknown { reason: format!("writing the feed broke off: {e}") },
        }
    }

    async fn reconcile(&self, _post: &Post, frozen: &Frozen, _now: Timestamp) -> Reconciled {
        let item: Item = match serde_json::from_str(&frozen.body) {
            Ok(item) => item,
            Err(e) => {
                return Reconciled::CannotTell { reason: format!("the frozen item cannot be read: {e}") };
            }
        };
        let remote = Remote { id: item.id.clone(), url: self.store.json_url() };
        match self.with_store(move |store| store.find(&item)).await {
            Ok(Ok(Whereabouts::There)) => Reconciled::Found(remote),
            Ok(Ok(Whereabouts::NotThere)) => Reconciled::Absent,
            Ok(Ok(Whereabouts::TooOldToStay)) => {
                let reason = "it is older than all that the feed keeps".to_owned();
                Reconciled::CannotTell { reason }
            }
            Ok(Err(reason)) => Reconciled::CannotTell { reason },
            Err(e) => Reconciled::CannotTell { reason: format!("reading the feed broke off: {e}") },
        }
    }
}

fn item_of(post: &Post) -> Item {
    let kind = post.story.0.split('/').nth(1);
    let tags = [Some(post.sport.as_str()), kind].into_iter().flatten().map(str::to_owned).collect();
    Item {
        id: urn(&format!("{}/{}", post.channel, post.story)),
        title: post.title.clone(),
        content_text: post.text.clone(),
        date_published: post.happened_at,
        date_modified: (post.revision > 1).then_some(post.created_at),
        tags,
        wirereport: Extension {
            sport: post.sport.to_string(),
            game: post.game.0.clone(),
            story: post.story.0.clone(),
            revision: post.revision,
            sequence: post.sequence,
            significance: post.significance,
        },
    }
}

fn urn(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).urn().to_string()
}
