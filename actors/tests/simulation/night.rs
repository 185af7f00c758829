//! One night: lives of the process, one after the other, over the same ledger and in front of the same readers.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use wirereport_actors::memory::{MemoryChannel, MemoryLease, MemoryLedger, PlainWriter, TokioClock};
use wirereport_actors::ports::channel::{Capabilities, Channel, Corrections, Idempotency};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::Feed;
use wirereport_actors::tree::{Policy, Restarts, Timing, TreeSpec, World};
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::feed::FlakyFeed;
use super::life::Life;
use super::truth::{EVENING, Fixture, after, before, fixtures};

pub(crate) const SPORTS: [&str; 3] = ["eng.1", "nba", "nhl"];

/// How long after the last whistle everything has had its time: a channel that was halted in the last life's last moment is
/// tried again after a quarter of an hour.
const CALM: u64 = 1200;

thread_local! {
    /// The clock of the life that is lived.
    pub(crate) static CLOCK: Cell<Option<TokioClock>> = const { Cell::new(None) };
}

/// What outlives a process.
pub(crate) struct Night {
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) channels: BTreeMap<ChannelName, Arc<MemoryChannel>>,
    pub(crate) fixtures: Arc<Vec<Fixture>>,
    pub(crate) feed: Arc<FlakyFeed>,
    pub(crate) lives: usize,
    pub(crate) mid_send: usize,
    /// Supervisors that gave up or restarted more often than they may.
    pub(crate) overruns: Vec<String>,
    policy: watch::Sender<Arc<Policy>>,
    proves_death: bool,
    rng: fastrand::Rng,
    seed: u64,
}

/// How a life ends.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// As by `kill -9`: every task is gone at its next await.
    Killed,
    /// As by `systemctl stop`.
    Stopped,
}

impl Night {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let fixtures = Arc::new(fixtures(&mut rng));
        let feed = Arc::new(FlakyFeed::new(Arc::clone(&fixtures), rng.fork()));
        let rules = Rules { threshold: 0.15, ..Rules::default() };
        let sports = SPORTS.iter().map(|key| (SportKey::new(*key), rules.clone())).collect();
        Self {
            ledger: Arc::new(MemoryLedger::new()),
            channels: channels(&mut rng),
            fixtures,
            feed,
            lives: 0,
            mid_send: 0,
            overruns: Vec::new(),
            policy: watch::Sender::new(Arc::new(Policy { sports, ..Policy::default() })),
            proves_death: rng.bool(),
            rng,
            seed,
        }
    }

    /// Plays it from the evening until everything has had its time.
    pub(crate) fn play(&mut self) {
        self.spend_the_afternoon();
        let whistle = self.fixtures.iter().map(Fixture::ends_at).max().unwrap();
        let mut now = EVENING;
        while now < whistle {
            let death = if self.rng.u8(0..4) == 0 { Death::Stopped } else { Death::Killed };
            let length = self.rng.u64(40..700);
            now = self.live(now, length, Some(death));
            now = after(now, self.rng.u64(0..40));
        }
        self.feed.calm_down();
        self.ledger.behave();
        self.channels.values().for_each(|channel| channel.behave());
        self.live(now, CALM, None);
    }

    /// The wire is up before the games are on, and has seen their boards. A board that is new to it and empty is looked at
    /// again after ten minutes. In life that is the beginning of a game; here it is a whole one, which would come and go unseen
    /// because of one empty board.
    fn spend_the_afternoon(&mut self) {
        let rng = self.rng.clone();
        self.live(before(EVENING, 300), 30, None);
        self.feed.grow_flaky();
        // Nothing was drawn for it.
        self.rng = rng;
    }

    /// One life of the process; without a death it is a quiet one. Returns when it ended.
    fn live(&mut self, now: Timestamp, seconds: u64, death: Option<Death>) -> Timestamp {
        self.lives += 1;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let rng = self.rng.fork();
        let life = runtime.block_on(async {
            let clock = Arc::new(TokioClock::starting_at(now));
            CLOCK.set(Some(*clock));
            tracing::info!(life = self.lives, ?death, seconds, "a life begins");
            let instance = |name: &str| {
                let lease = MemoryLease::new(Arc::clone(&self.ledger), format!("{name}{}", self.lives));
                let lease = if self.proves_death { lease.proving_death() } else { lease };
                let lease = Arc::new(lease);
                (Arc::clone(&lease), self.spec(&clock, lease))
            };
            let mut life = Life::new(self, Arc::clone(&clock), rng);
            life.publishing_stopped(None).await;
            let (lease, spec) = instance("a");
            life.start(lease, spec).await;
            if !self.proves_death && life.rng.bool() {
                let (lease, spec) = instance("b");
                life.start(lease, spec).await;
            }
            let span = Duration::from_secs(seconds);
            match death {
                None => tokio::time::sleep(span).await,
                // The time that is up is the only end of trouble.
                Some(_) => drop(tokio::time::timeout(span, life.make_trouble()).await),
            }
            let end = (life.mid_send, life.overruns().await);
            if matches!(death, Some(Death::Stopped)) {
                life.stop().await;
            }
            (clock.now(), end)
        });
        let (ended_at, (mid_send, overruns)) = life;
        self.mid_send += mid_send;
        self.overruns.extend(overruns);
        ended_at
    }

    fn spec(&self, clock: &Arc<TokioClock>, lease: Arc<MemoryLease>) -> TreeSpec {
        let feed = || Arc::clone(&self.feed) as Arc<dyn Feed>;
        TreeSpec {
            world: World {
                clock: Arc::clone(clock) as _,
                ledger: Arc::clone(&self.ledger) as _,
                lease,
                sports: SPORTS.iter().map(|key| (Sport::of(key).unwrap(), vec![feed()])).collect(),
                news: Vec::new(),
                writers: vec![Arc::new(PlainWriter)],
                channels: self.channels.iter().map(|(name, c)| (name.clone(), Arc::clone(c) as _)).collect(),
                operator: None,
            },
            policy: self.policy.subscribe(),
            timing: Timing::default(),
            restarts: Restarts::default(),
            instance: None,
            seed: self.seed,
        }
    }
}

/// What platforms can do: a key that is good for ever (feeds, Bluesky), for a day (webhooks), for a while with a look-up
/// behind it (Mastodon, Discord's bots), a look-up alone (X, Telegram), and nothing (Slack).
fn channels(rng: &mut fastrand::Rng) -> BTreeMap<ChannelName, Arc<MemoryChannel>> {
    let channel = |name: &str, idempotency, lag: Option<u64>, corrections, in_flight| {
        let capabilities = Capabilities {
            idempotency,
            reads_back: lag.is_some(),
            read_back_lag: Duration::from_secs(lag.unwrap_or(0)),
            corrections,
            in_flight,
            ..MemoryChannel::default().capabilities()
        };
        (ChannelName(name.to_owned()), Arc::new(MemoryChannel::new(capabilities)))
    };
    let hours = |hours: u64| Idempotency::For(Duration::from_secs(hours * 3600));
    // Nights are shorter than in life, so that on some of them the key runs out.
    let hour = if rng.bool() { hours(1) } else { Idempotency::For(Duration::from_secs(rng.u64(300..900))) };
    BTreeMap::from([
        channel("for-ever", Idempotency::Forever, None, Corrections::Edit, 4),
        channel("for-a-day", hours(24), None, Corrections::Create, 2),
        channel("for-an-hour", hour, Some(5), Corrections::Edit, 2),
        channel("readable", Idempotency::None, Some(15), Corrections::Reply, 1),
        channel("blind", Idempotency::None, None, Corrections::Create, 1),
    ])
}
