//! The feed as JSON Feed 1.1 has it.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::FeedSettings;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Document {
    pub(super) version: String,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) home_page_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) feed_url: Option<String>,
    pub(super) items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) title: Option<String>,
    pub(super) content_text: String,
    pub(super) date_published: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) date_modified: Option<Timestamp>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(rename = "_wirereport")]
    pub(super) wirereport: Extension,
}

/// What JSON Feed has no member for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Extension {
    pub(super) sport: String,
    pub(super) game: String,
    pub(super) story: String,
    pub(super) revision: u32,
    pub(super) sequence: i64,
    pub(super) significance: f64,
}

impl Item {
    pub(super) fn updated(&self) -> Timestamp {
        self.date_modified.unwrap_or(self.date_published).max(self.date_published)
    }

    /// Newest first.
    fn rank(&self) -> (Reverse<Timestamp>, Reverse<i64>, &str) {
        (Reverse(self.date_published), Reverse(self.wirereport.sequence), &self.id)
    }
}

impl Document {
    pub(super) fn new(settings: &FeedSettings, items: Vec<Item>) -> Self {
        Self {
            version: VERSION.to_owned(),
            title: settings.title.clone(),
            home_page_url: settings.home_page_url.clone(),
            feed_url: settings.base_url.as_ref().map(|base| format!("{base}/feed.json")),
            items,
        }
    }

    /// Puts an item in its place and lets the oldest go. An item of the same or an earlier revision than the one that is
    /// there changes nothing; a later one takes its place in the order.
    pub(super) fn put(&mut self, mut item: Item, keep: usize) {
        if let Some(there) = self.items.iter_mut().find(|there| there.id == item.id) {
            if there.wirereport.revision < item.wirereport.revision {
                item.date_published = there.date_published;
                item.wirereport.sequence = there.wirereport.sequence;
                *there = item;
            }
        } else {
            self.items.push(item);
        }
        self.items.sort_by(|a, b| a.rank().cmp(&b.rank()));
        self.items.truncate(keep);
    }

    pub(super) fn has(&self, item: &Item) -> bool {
        self.items
            .iter()
            .any(|there| there.id == item.id && there.wirereport.revision >= item.wirereport.revision)
    }

    pub(super) fn would_keep(&self, item: &Item, keep: usize) -> bool {
        let mut with = self.clone();
        with.put(item.clone(), keep);
        with.has(item)
    }
}
