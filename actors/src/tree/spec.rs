//! How the tree is put together, started and handled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr};
use tokio::sync::watch;

use super::alerts::Alerts;
use super::bell::Bell;
use super::generator::Generator;
use super::leader_election::{LeaderElection, Leadership};
use super::publisher::ChannelActor;
use super::self_healing::SelfHealing;
use super::sport::SportActor;
use super::world::{Bells, Policy, Shared, Waits, World};
use crate::supervision::{
    Backoff, ChildSpec, Intensity, RootOptions, Shutdown, StartContext, StartError, Strategy, Supervisor,
    SupervisorHandle, SupervisorSpec,
};
use crate::wire::alert::AlertBook;
use crate::wire::capability::Quota;
use crate::wire::fit::Limits;
use crate::wire::outbox::Waiting;
use crate::wire::post::ChannelName;
use crate::wire::sport::{Sport, SportKey};
use crate::wire::voice::Voice;

/// The times the tree keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// How long a lease lasts without renewal.
    pub lease_ttl: Duration,
    /// How often self-healing looks over the data: what a lost nudge costs at most.
    pub sweep: Duration,
    /// How often history is pruned.
    pub prune_every: Duration,
    /// How long a writer may take over one text.
    pub write_within: Duration,
    /// How long an actor may go without a pulse before it is replaced.
    pub pulse_within: Duration,
    /// How long an actor may take to start.
    pub start_within: Duration,
    /// How long an actor may take to stop: for a channel, to finish what is armed.
    pub stop_within: Duration,
}

impl Timing {
    /// How often an idle actor wakes to beat its pulse.
    pub(super) fn heartbeat(&self) -> Duration {
        self.pulse_within / 3
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease_ttl: Duration::from_secs(20),
            sweep: Duration::from_secs(5),
            prune_every: Duration::from_secs(3600),
            write_within: Duration::from_secs(30),
            pulse_within: Duration::from_secs(30),
            start_within: Duration::from_secs(10),
            stop_within: Duration::from_secs(10),
        }
    }
}

/// How often actors are started again, and how soon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Restarts {
    /// What the root allows before it gives up.
    pub root: Intensity,
    /// What the sports' supervisor allows before it is restarted itself.
    pub sports: Intensity,
    /// What the channels' supervisor allows before it is restarted itself.
    pub publisher: Intensity,
    /// How long an actor waits before it is started again.
    pub backoff: Backoff,
}

impl Default for Restarts {
    fn default() -> Self {
        let intensity = |restarts| Intensity { restarts, within: Duration::from_secs(60) };
        Self {
            root: intensity(5),
            sports: intensity(20),
            publisher: intensity(20),
            backoff: Backoff::default(),
        }
    }
}

/// What a tree is started with.
#[derive(Clone)]
pub struct TreeSpec {
    /// The world.
    pub world: World,
    /// What an operator may change while it runs.
    pub policy: watch::Receiver<Arc<Policy>>,
    /// Its times.
    pub timing: Timing,
    /// How often actors are started again before somebody gives up, and how soon.
    pub restarts: Restarts,
    /// What actors' registered names begin with; `None` leaves them unnamed, as tests want it.
    pub instance: Option<String>,
    /// Seeds all chance in the tree.
    pub seed: u64,
}

/// A running tree.
pub struct Tree {
    root: SupervisorHandle,
    world: Arc<World>,
    policy: watch::Receiver<Arc<Policy>>,
    leadership: watch::Receiver<Option<Leadership>>,
    ended: watch::Receiver<BTreeSet<SportKey>>,
    waiting: watch::Receiver<Waits>,
    alerts: watch::Receiver<Arc<AlertBook>>,
    bells: Arc<Bells>,
    sports: usize,
}

impl Tree {
    /// Starts every actor, in order.
    ///
    /// # Errors
    /// Where an actor does not start; those already started are stopped again.
    pub async fn start(spec: TreeSpec) -> Result<Self, StartError> {
        let bells = Arc::new(Bells {
            generator: Bell::default(),
            channels: spec.world.channels.keys().map(|name| (name.clone(), Bell::default())).collect(),
        });
        let leadership = Arc::new(watch::Sender::new(None));
        let ended = Arc::new(watch::Sender::new(BTreeSet::new()));
        let waiting = Arc::new(watch::Sender::new(Waits::new()));
        let alerts = Arc::new(watch::Sender::new(Arc::new(AlertBook::default())));
        let shared = Shared {
            world: Arc::new(spec.world),
            policy: spec.policy,
            leadership: Arc::clone(&leadership),
            bells: Arc::clone(&bells),
            ended: Arc::clone(&ended),
            purses: Arc::new(watch::Sender::new(BTreeMap::new())),
            timing: spec.timing,
            waiting: Arc::clone(&waiting),
            watched: Arc::new(watch::Sender::new(BTreeMap::new())),
            breakers: Arc::new(watch::Sender::new(BTreeMap::new())),
            alerts: Arc::clone(&alerts),
            root: Arc::default(),
        };
        let sports = shared.world.sports.len();
        let root = root(&shared, &spec.restarts, spec.seed);
        let root = Supervisor::start_root(
            root,
            RootOptions { instance: spec.instance, rng: fastrand::Rng::with_seed(spec.seed) },
        )
        .await?;
        // Nobody else sets it.
        let _ = shared.root.set(root.clone());
        Ok(Self {
            root,
            world: shared.world,
            policy: shared.policy,
            leadership: leadership.subscribe(),
            ended: ended.subscribe(),
            waiting: waiting.subscribe(),
            alerts: alerts.subscribe(),
            bells,
            sports,
        })
    }

    /// The root supervisor: its status table, its operators' commands, its end.
    pub fn root(&self) -> &SupervisorHandle {
        &self.root
    }

    /// The term this instance leads under, if it leads.
    pub fn leadership(&self) -> Option<Leadership> {
        *self.leadership.borrow()
    }

    /// The same, changing with every term.
    pub fn leads(&self) -> watch::Receiver<Option<Leadership>> {
        self.leadership.clone()
    }

    /// What the operator was told of without asking, as this instance last saw it.
    pub fn alerts(&self) -> Arc<AlertBook> {
        Arc::clone(&self.alerts.borrow())
    }

    /// How long a text may be on a channel; `None` where there is no such channel.
    pub fn limits(&self, channel: &ChannelName) -> Option<Limits> {
        self.world.channels.get(channel).map(|channel| channel.capabilities().limits)
    }

    /// How a channel speaks now.
    pub fn voice(&self, channel: &ChannelName) -> Voice {
        self.policy.borrow().channel(channel).voice
    }

    /// The leagues that are followed, each with the names of its feeds, the preferred one first.
    pub fn sports(&self) -> impl Iterator<Item = (&Sport, Vec<&str>)> {
        self.world.sports.iter().map(|(sport, feeds)| (sport, feeds.iter().map(|feed| feed.name()).collect()))
    }

    /// The channels.
    pub fn channels(&self) -> impl Iterator<Item = &ChannelName> {
        self.world.channels.keys()
    }

    /// What a platform's own rate limits stand at, as its last answer said.
    pub fn quotas(&self, channel: &ChannelName) -> Vec<Quota> {
        self.world.channels.get(channel).map(|channel| channel.quotas()).unwrap_or_default()
    }

    /// What posts wait for, other than their turn: a halt, a limit, quiet hours, an operator.
    pub fn waiting(&self) -> Vec<Waiting> {
        self.waiting.borrow().values().flatten().cloned().collect()
    }

    /// Rings every stage: something outside the tree has changed the ledger.
    pub fn nudge(&self) {
        self.bells.ring_all();
    }

    /// Waits until every sport's recording is at its end; for ever where a sport is live.
    pub async fn replayed(&self) {
        let mut ended = self.ended.clone();
        // The sender lives as long as the tree's actors; without them there is nothing to wait for.
        let _ = ended.wait_for(|ended| ended.len() >= self.sports).await;
    }
}

fn root(shared: &Shared, restarts: &Restarts, seed: u64) -> SupervisorSpec {
    let mut seeds = fastrand::Rng::with_seed(seed);
    let world = &shared.world;
    let mut publisher = SupervisorSpec::new("publisher", Strategy::OneForOne, restarts.publisher);
    for (name, channel) in &world.channels {
        let (channel, name, seed) = (Arc::clone(channel), name.clone(), seeds.u64(..));
        let id = name.to_string();
        publisher = publisher.child(worker(shared, restarts, id, move |shared, context| ChannelActor {
            name: name.clone(),
            channel: Arc::clone(&channel),
            shared,
            context,
            seed,
        }));
    }
    let mut sports = SupervisorSpec::new("sports", Strategy::OneForOne, restarts.sports);
    for (sport, feeds) in &world.sports {
        let (sport, feeds, seed) = (sport.clone(), feeds.clone(), seeds.u64(..));
        let id = sport.key.to_string();
        sports = sports.child(worker(shared, restarts, id, move |shared, context| SportActor {
            key: sport.key.clone(),
            sport: sport.clone(),
            feeds: feeds.clone(),
            shared,
            context,
            seed,
        }));
    }
    for news in &world.news {
        let (news, seed) = (news.clone(), seeds.u64(..));
        sports = sports.child(worker(shared, restarts, news.key().to_string(), move |shared, context| {
            let feeds = vec![Arc::clone(&news.feed)];
            SportActor { key: news.key(), sport: news.sport.clone(), feeds, shared, context, seed }
        }));
    }
    let root = SupervisorSpec::new("root", Strategy::OneForOne, restarts.root)
        .child(worker(shared, restarts, "leader-election", |shared, context| LeaderElection {
            shared,
            context,
        }))
        .child(ChildSpec::supervisor(publisher))
        .child(worker(shared, restarts, "generator", |shared, context| Generator { shared, context }))
        .child(ChildSpec::supervisor(sports))
        .child(worker(shared, restarts, "self-healing", |shared, context| SelfHealing { shared, context }));
    match world.operator.clone() {
        Some(operator) => root.child(worker(shared, restarts, "alerts", move |shared, context| Alerts {
            shared,
            operator: operator.clone(),
            context,
        })),
        None => root,
    }
}

/// A permanent worker with the tree's limits, made anew for each incarnation.
fn worker<A>(
    shared: &Shared,
    restarts: &Restarts,
    name: impl Into<String>,
    make: impl Fn(Shared, StartContext) -> A + Send + Sync + 'static,
) -> ChildSpec
where
    A: Actor<Arguments = ()>,
{
    let (shared, timing) = (shared.clone(), shared.timing);
    ChildSpec::worker(name, move |context| {
        let actor = make(shared.clone(), context.clone());
        async move { Ok::<_, ActorProcessingErr>(context.spawn(actor, ()).await?.get_cell()) }
    })
    .backoff(restarts.backoff)
    .start_within(timing.start_within)
    .shutdown(Shutdown::Within(timing.stop_within))
    .pulse_within(timing.pulse_within)
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree").field("leadership", &self.leadership()).finish_non_exhaustive()
    }
}
