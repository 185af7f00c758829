//! A newsroom in memory: the ports, a tree over them, and what a test wants to know of both.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use wirereport_actors::memory::{MemoryChannel, MemoryLease, MemoryLedger, PlainWriter, TokioClock};
use wirereport_actors::ports::channel::{Capabilities, Channel, Corrections, Idempotency};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::Feed;
use wirereport_actors::ports::lease::Lease;
use wirereport_actors::ports::ledger::{Ledger, PostFilter, StoryFilter, StoryRecord, Switches};
use wirereport_actors::ports::writer::Writer;
use wirereport_actors::supervision::{ChildStatus, Health, Phase};
use wirereport_actors::tree::{Operator, Policy, Restarts, Timing, Tree, TreeSpec, World};
use wirereport_actors::wire::post::{ChannelName, Post, PostState};
use wirereport_actors::wire::sport::Sport;

use super::boards::BoardFeed;

pub(crate) const EVENING: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// What trees are built over. Clones share everything.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) lease: Arc<MemoryLease>,
    pub(crate) clock: Arc<TokioClock>,
    pub(crate) sports: Vec<(Sport, Vec<Arc<dyn Feed>>)>,
    pub(crate) writers: Vec<Arc<dyn Writer>>,
    pub(crate) channels: BTreeMap<ChannelName, Arc<dyn Channel>>,
    pub(crate) policy: watch::Sender<Arc<Policy>>,
    pub(crate) timing: Timing,
    pub(crate) restarts: Restarts,
    pub(crate) operator: Option<watch::Receiver<Operator>>,
}

impl House {
    pub(crate) fn new() -> Self {
        let ledger = Arc::new(MemoryLedger::new());
        Self {
            lease: Arc::new(MemoryLease::new(Arc::clone(&ledger), "a")),
            ledger,
            clock: Arc::new(TokioClock::starting_at(EVENING)),
            sports: Vec::new(),
            writers: vec![Arc::new(PlainWriter)],
            channels: BTreeMap::new(),
            policy: watch::Sender::new(Arc::default()),
            timing: Timing::default(),
            restarts: Restarts::default(),
            operator: None,
        }
    }

    /// One league, one feed, one channel that keeps its promises for ever.
    pub(crate) fn plain(feed: &Arc<BoardFeed>) -> (Self, Arc<MemoryChannel>) {
        let channel = Arc::new(MemoryChannel::default());
        (Self::new().sport("eng.1", feed).channel("wire", &channel), channel)
    }

    pub(crate) fn sport(mut self, key: &str, feed: &Arc<BoardFeed>) -> Self {
        self.sports.push((Sport::of(key).unwrap(), vec![Arc::clone(feed) as _]));
        self
    }

    /// A league with several feeds, the preferred one first.
    pub(crate) fn sport_of(mut self, key: &str, feeds: &[Arc<BoardFeed>]) -> Self {
        let feeds = feeds.iter().map(|feed| Arc::clone(feed) as _).collect();
        self.sports.push((Sport::of(key).unwrap(), feeds));
        self
    }

    pub(crate) fn channel(mut self, name: &str, channel: &Arc<MemoryChannel>) -> Self {
        self.channels.insert(ChannelName(name.to_owned()), Arc::clone(channel) as _);
        self
    }

    pub(crate) fn writers(mut self, writers: impl IntoIterator<Item = Arc<dyn Writer>>) -> Self {
        self.writers = writers.into_iter().collect();
        self
    }

    /// The same house, as another instance lives in it.
    pub(crate) fn instance(&self, name: &str) -> Self {
        let lease = Arc::new(MemoryLease::new(Arc::clone(&self.ledger), name));
        Self { lease, ..self.clone() }
    }

    pub(crate) async fn open(&self) -> Tree {
        self.open_with(Arc::clone(&self.lease) as _).await
    }

    pub(crate) async fn open_with(&self, lease: Arc<dyn Lease>) -> Tree {
        let spec = TreeSpec {
            world: World {
                clock: Arc::clone(&self.clock) as _,
                ledger: Arc::clone(&self.ledger) as _,
                lease,
                sports: self.sports.clone(),
                news: Vec::new(),
                writers: self.writers.clone(),
                channels: self.channels.clone(),
                operator: self.operator.clone(),
            },
            policy: self.policy.subscribe(),
            timing: self.timing,
            restarts: self.restarts,
            instance: None,
            seed: 7,
        };
        Tree::start(spec).await.unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn posts(&self) -> Vec<Post> {
        let mut posts = self.ledger.posts(&PostFilter { limit: 999, ..PostFilter::default() }).await.unwrap();
        posts.reverse();
        posts
    }

    pub(crate) async fn states(&self) -> Vec<PostState> {
        self.posts().await.iter().map(|post| post.state).collect()
    }

    pub(crate) async fn stories(&self) -> Vec<StoryRecord> {
        let filter = StoryFilter { limit: 999, ..StoryFilter::default() };
        let mut stories = self.ledger.stories(&filter).await.unwrap();
        stories.reverse();
        stories
    }

    pub(crate) async fn publishing(&self, stopped: bool) {
        let publishing_stopped = stopped.then(|| self.clock.now());
        let switches = Switches { publishing_stopped, ..Switches::default() };
        self.ledger.set_switches(&switches).await.unwrap();
    }
}

/// What a channel of that kind can do.
pub(crate) fn can(
    idempotency: Idempotency,
    reads_back: bool,
    corrections: Corrections,
) -> Arc<MemoryChannel> {
    let defaults = MemoryChannel::default().capabilities();
    let read_back_lag = Duration::from_secs(if reads_back { 5 } else { 0 });
    Arc::new(MemoryChannel::new(Capabilities {
        idempotency,
        reads_back,
        read_back_lag,
        corrections,
        ..defaults
    }))
}

/// A channel that forgets what it was sent and cannot be asked.
pub(crate) fn blind() -> Arc<MemoryChannel> {
    can(Idempotency::None, false, Corrections::Create)
}

/// The texts that stand on a channel.
pub(crate) fn told(channel: &MemoryChannel) -> Vec<String> {
    channel.journal().into_iter().map(|entry| entry.body).collect()
}

/// Lets paused time run through every timer that is due in that time.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// The actor at `path`, as the tree's status shows it.
pub(crate) fn actor(tree: &Tree, path: &str) -> ChildStatus {
    find(&tree.root().status(), path).unwrap_or_else(|| panic!("no {path}")).clone()
}

fn find<'a>(children: &'a [ChildStatus], path: &str) -> Option<&'a ChildStatus> {
    let (name, below) = path.split_once('/').map_or((path, None), |(name, below)| (name, Some(below)));
    let child = children.iter().find(|child| child.name == name)?;
    below.map_or(Some(child), |below| find(&child.children, below))
}

/// Why an actor is degraded, if it is.
pub(crate) fn trouble(tree: &Tree, path: &str) -> Option<String> {
    match actor(tree, path).health {
        Health::Ok => None,
        Health::Degraded { reason } => Some(reason),
    }
}

/// Every actor that was started more than once, with how often.
pub(crate) fn restarted(tree: &Tree) -> Vec<(String, u64)> {
    fn walk(prefix: &str, children: &[ChildStatus], found: &mut Vec<(String, u64)>) {
        for child in children {
            let path = format!("{prefix}{}", child.name);
            if child.restarts > 0 {
                found.push((path.clone(), child.restarts));
            }
            walk(&format!("{path}/"), &child.children, found);
        }
    }
    let mut found = Vec::new();
    walk("", &tree.root().status(), &mut found);
    found
}

pub(crate) fn is_running(tree: &Tree, path: &str) -> bool {
    actor(tree, path).phase == Phase::Running
}
