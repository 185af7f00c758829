//! Long polling for updates, of which Telegram allows one at a time: only the leader polls.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use wirereport_actors::tree::Tree;

use super::bot::Bot;
use super::update::Update;

/// How long Telegram holds a poll that has nothing to say, and how much longer we wait for it.
const HELD_FOR: u64 = 25;
const HELD_AND_MORE: Duration = Duration::from_secs(HELD_FOR + 15);
/// The waits after polls that failed: the first, doubled each time up to the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_secs(120);

/// Updates, and where to say that they were heard.
pub(super) struct Heard {
    pub(super) updates: Vec<Update>,
    /// The number of the update after them.
    pub(super) next: oneshot::Sender<Option<i64>>,
}

/// Asks for updates while this instance leads.
pub(super) struct Poller {
    pub(super) bot: Bot,
    pub(super) tree: Arc<Tree>,
    /// The number of the next update.
    pub(super) next: Option<i64>,
    pub(super) hear: mpsc::Sender<Heard>,
}

impl Poller {
    /// Polls for as long as somebody hears.
    pub(super) async fn poll(mut self) {
        let mut leadership = self.tree.leads();
        let mut failures = 0_u32;
        loop {
            if leadership.wait_for(Option::is_some).await.is_err() {
                return;
            }
            let wanted = json!({
                "offset": self.next, "timeout": HELD_FOR, "allowed_updates": ["message", "callback_query"],
            });
            let asked = tokio::select! {
                asked = self.bot.call_within("getUpdates", &wanted, HELD_AND_MORE) => asked,
                // Another instance polls now.
                _ = leadership.wait_for(Option::is_none) => continue,
            };
            match asked {
                Ok(updates) => {
                    failures = 0;
                    if !self.pass_on(updates).await {
                        return;
                    }
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    let wait = FIRST_WAIT.saturating_mul(1 << (failures - 1).min(10)).min(LAST_WAIT);
                    let wait = error.retry_after.map_or(wait, |asked| asked.max(wait));
                    if failures == 1 {
                        tracing::warn!(%error, "orders from Telegram are not heard");
                    }
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    /// Passes updates on, and waits until they were heard: what is asked for next is what comes after them.
    async fn pass_on(&mut self, updates: Value) -> bool {
        let updates: Vec<Update> = match updates {
            Value::Array(updates) => updates.into_iter().filter_map(Update::of).collect(),
            _ => Vec::new(),
        };
        if updates.is_empty() {
            return true;
        }
        let (next, heard) = oneshot::channel();
        if self.hear.send(Heard { updates, next }).await.is_err() {
            return false;
        }
        match heard.await {
            Ok(next) => {
                self.next = next;
                true
            }
            Err(_) => false,
        }
    }
}
