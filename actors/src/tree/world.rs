//! The world as the tree sees it: its ports, and the policy an operator may change while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;

use super::bell::Bell;
use super::leader_election::Leadership;
use crate::ports::alarm::{Alarm, DeadMan, Disk};
use crate::ports::channel::Channel;
use crate::ports::clock::Clock;
use crate::ports::feed::Feed;
use crate::ports::lease::Lease;
use crate::ports::ledger::Ledger;
use crate::ports::writer::Writer;
use crate::supervision::{Reporter, SupervisorHandle};
use crate::wire::alert::{AlertBook, AlertRules, Watched};
use crate::wire::approval::ApprovalRule;
use crate::wire::outbox::Waiting;
use crate::wire::pace::Pace;
use crate::wire::post::ChannelName;
use crate::wire::rules::{ChannelRules, Rules};
use crate::wire::schedule::budget::{Allowance, Purse};
use crate::wire::sport::{Sport, SportKey};

/// The ports the tree works with.
#[derive(Clone)]
pub struct World {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The durable record.
    pub ledger: Arc<dyn Ledger>,
    /// Who may publish.
    pub lease: Arc<dyn Lease>,
    /// What is followed, and where its scores come from: one feed or more, the preferred one first.
    pub sports: Vec<(Sport, Vec<Arc<dyn Feed>>)>,
    /// The feeds of news that are read beside the scores.
    pub news: Vec<NewsFeed>,
    /// What writes, in the order of preference.
    pub writers: Vec<Arc<dyn Writer>>,
    /// Where it is told.
    pub channels: BTreeMap<ChannelName, Arc<dyn Channel>>,
    /// How the operator is told without asking, which may change while the wire runs; `None` where nobody is, as in a replay.
    pub operator: Option<watch::Receiver<Operator>>,
}

/// How the operator is told without asking.
#[derive(Clone)]
pub struct Operator {
    /// How often it is looked whether there is something to tell.
    pub every: Duration,
    /// From when on something is told.
    pub rules: AlertRules,
    /// The ways on which alerts are told, each with a name of its own.
    pub alarms: Vec<Arc<dyn Alarm>>,
    /// Who notices when nothing is heard any more.
    pub dead_man: Option<Arc<dyn DeadMan>>,
    /// The disk of the ledger.
    pub disk: Option<Arc<dyn Disk>>,
}

impl Default for Operator {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(10),
            rules: AlertRules::default(),
            alarms: Vec::new(),
            dead_man: None,
            disk: None,
        }
    }
}

/// A feed of news.
#[derive(Clone)]
pub struct NewsFeed {
    /// What it is called; its actor and what the ledger keeps of it go by `news-` and this.
    pub name: String,
    /// The league it is about, by whose rules its items are told.
    pub sport: Sport,
    /// Where it is read.
    pub feed: Arc<dyn Feed>,
}

impl NewsFeed {
    /// What its actor is called, and what the ledger keeps of it goes by.
    pub fn key(&self) -> SportKey {
        SportKey::new(format!("news-{}", self.name))
    }
}

/// What an operator may change while the wire runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Policy {
    /// What is told of each sport; a sport without an entry goes by [`Rules::default`].
    pub sports: BTreeMap<SportKey, Rules>,
    /// What each channel tells; a channel without an entry tells everything.
    pub channels: BTreeMap<ChannelName, ChannelRules>,
    /// Which texts an editor sees before they leave.
    pub approvals: Vec<ApprovalRule>,
    /// How many requests each feed may be asked, by its name; a feed without an entry as many as the schedule wants.
    pub allowances: BTreeMap<String, Allowance>,
    /// How long history is kept; `None` for ever.
    pub history: Option<Duration>,
}

impl Policy {
    /// The rules of a sport.
    pub fn rules(&self, sport: &SportKey) -> Rules {
        self.sports.get(sport).cloned().unwrap_or_default()
    }

    /// How long history is kept: at least as long as a month's budget is counted from it.
    pub fn kept(&self) -> Option<Duration> {
        const MONTH: Duration = Duration::from_secs(32 * 24 * 3600);
        let counted = self.channels.values().any(|rules| rules.pace.budget.per_month.is_some());
        self.history.map(|history| if counted { history.max(MONTH) } else { history })
    }

    /// The same without delays, limits of how much is sent, and editors: a replay waits for nobody's night.
    #[must_use]
    pub fn without_paces(mut self) -> Self {
        self.approvals.clear();
        for rules in self.channels.values_mut() {
            (rules.pace, rules.spoiler_delay, rules.digest) = (Pace::default(), Duration::ZERO, false);
        }
        self
    }

    /// The rules of a channel.
    pub fn channel(&self, channel: &ChannelName) -> ChannelRules {
        self.channels.get(channel).cloned().unwrap_or_default()
    }
}

/// What every actor is given.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) world: Arc<World>,
    pub(super) policy: watch::Receiver<Arc<Policy>>,
    pub(super) leadership: Arc<watch::Sender<Option<Leadership>>>,
    pub(super) bells: Arc<Bells>,
    /// The sports whose recording is at its end; a sport that is started again may say so again.
    pub(super) ended: Arc<watch::Sender<BTreeSet<SportKey>>>,
    /// What is left of each feed's allowance, by its name, and what its leagues expect. An actor that is started again
    /// finds what was spent before.
    pub(super) purses: Arc<watch::Sender<BTreeMap<String, Purse>>>,
    pub(super) timing: super::Timing,
    /// What every channel's posts wait for, as its last look at them said.
    pub(super) waiting: Arc<watch::Sender<Waits>>,
    /// What each sport's actor last saw of games under way. It outlives its actor, whose end is no sight.
    pub(super) watched: Arc<watch::Sender<BTreeMap<SportKey, Watched>>>,
    /// The feeds that are left alone, with their failures in a row.
    pub(super) breakers: Arc<watch::Sender<BTreeMap<String, u32>>>,
    /// The book of alerts as the last look left it, to be shown.
    pub(super) alerts: Arc<watch::Sender<Arc<AlertBook>>>,
    /// The root supervisor, once it is up.
    pub(super) root: Arc<OnceLock<SupervisorHandle>>,
}

/// What every channel's posts wait for, other than their turn.
pub(super) type Waits = BTreeMap<ChannelName, Vec<Waiting>>;

impl Shared {
    pub(super) fn leadership(&self) -> Option<Leadership> {
        *self.leadership.borrow()
    }
}

/// How long the ledger may take before somebody says so.
pub(super) const LEDGER_ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Waits for the ledger for as long as it takes, and says so when that is long. A transaction that is given up may happen
/// all the same, and what comes of it then would be built on what was there before it.
pub(super) async fn patiently<T>(reporter: Reporter, call: impl Future<Output = T>) -> T {
    let mut call = pin!(call);
    match tokio::time::timeout(LEDGER_ANSWERS_WITHIN, &mut call).await {
        Ok(result) => result,
        Err(_) => {
            reporter.degraded(format!("the ledger has not answered for {LEDGER_ANSWERS_WITHIN:?}"));
            call.await
        }
    }
}

/// Every stage's bell.
#[derive(Debug, Default)]
pub(super) struct Bells {
    pub(super) generator: Bell,
    pub(super) channels: BTreeMap<ChannelName, Bell>,
}

impl Bells {
    pub(super) fn ring_channels(&self) {
        self.channels.values().for_each(Bell::ring);
    }

    pub(super) fn ring_all(&self) {
        self.generator.ring();
        self.ring_channels();
    }
}
