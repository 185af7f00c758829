//! What a channel as a whole may send now, apart from any single post: its halts and the platform's own rate limits.
//! What its operator allows it is [`pace`](super::pace).

use jiff::Timestamp;

use super::capability::{Capabilities, Quota};
use super::pace::Usage;
use super::post::Halted;

/// What is known of a channel as a whole when its next posts are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Whether it was halted, and no attempt has succeeded since.
    pub halted: Option<Halted>,
    /// What the platform's rate limits stand at.
    pub quotas: Vec<Quota>,
    /// What left it, as far as that has to be counted.
    pub usage: Usage,
}

/// Why nothing leaves, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// Why, in one clause.
    pub reason: String,
    /// Until when, by itself.
    pub until: Timestamp,
}

impl Traffic {
    /// Why nothing may leave now: of several reasons the one that lasts longest.
    pub fn closed(&self, now: Timestamp) -> Option<Closed> {
        let halted = self.halted.as_ref().map(|halted| Closed {
            reason: format!("the channel is {} since {}: {}", halted.halt, halted.since, halted.reason),
            until: halted.retry_at,
        });
        let used_up = self.quotas.iter().filter(|quota| quota.remaining == 0).map(|quota| Closed {
            reason: format!("the platform's limit {} is used up", quota.name),
            until: quota.resets_at,
        });
        halted
            .into_iter()
            .chain(used_up)
            .filter(|closed| closed.until > now)
            .max_by_key(|closed| closed.until)
    }

    /// How many attempts may begin now beside the `busy` ones that are under way. A halted channel is tried with one.
    /// A platform's figure may not know yet of the attempts under way.
    pub fn room(&self, capabilities: &Capabilities, busy: usize, now: Timestamp) -> usize {
        if self.closed(now).is_some() {
            return 0;
        }
        let halted = self.halted.as_ref().map(|_| 1);
        let quotas = self.quotas.iter().filter(|quota| quota.resets_at > now);
        let left = quotas.map(|quota| usize::try_from(quota.remaining).unwrap_or(usize::MAX));
        let allowed = left.chain(halted).chain([capabilities.in_flight]).min().unwrap_or(0);
        allowed.saturating_sub(busy)
    }
}
