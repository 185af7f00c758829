//! What the ledger knows for whoever watches the wire: what changed, in order, and how much of everything there is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use wirereport_actors::wire::post::{ChannelName, PostState};
use wirereport_actors::wire::sport::SportKey;

/// One change, as it was committed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its number, growing; never given twice.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What happened: `post.sent`, `story.recorded`, `alert.raised`.
    pub kind: String,
    /// To what.
    pub subject: Value,
}

/// Changes after a place in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// Whether some of those that were asked for are no longer kept, or never were.
    pub gap: bool,
    /// The number of the newest one.
    pub newest: i64,
}

/// The last poll of a sport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastPoll {
    /// The league, or a feed of news by its key.
    pub sport: SportKey,
    /// The feed that answered.
    pub feed: String,
    /// When.
    pub seen_at: Timestamp,
}

/// What a channel has of posts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// How many posts are in each state that is open or asks for somebody.
    pub open: BTreeMap<PostState, u64>,
    /// When its last post was sent, and how long after it happened.
    pub last_sent: Option<(Timestamp, jiff::SignedDuration)>,
    /// Posts that were sent in the last hour.
    pub sent_1h: u64,
    /// Posts that were sent in the last 24 hours.
    pub sent_24h: u64,
    /// Posts that failed in the last 24 hours.
    pub failed_24h: u64,
}

/// What every channel has of posts.
pub type Standings = BTreeMap<ChannelName, Standing>;
