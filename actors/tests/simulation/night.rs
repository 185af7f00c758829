//! One night: lives of the process, one after the other, over the same ledger and in front of the same readers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::memory::{MemoryChannel, MemoryLease, MemoryLedger, PlainWriter, TokioClock};
use wirereport_actors::ports::channel::{Capabilities, Channel, Corrections, Idempotency};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::Feed;
use wirereport_actors::ports::lease::LeaseError;
use wirereport_actors::ports::ledger::{Ledger, LedgerError, Switches};
use wirereport_actors::supervision::Ended;
use wirereport_actors::tree::{Policy, Restarts, Timing, Tree, TreeSpec, World};
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::feed::FlakyFeed;
use super::truth::{EVENING, Fixture, after, fixtures};

pub(crate) const SPORTS: [&str; 3] = ["eng.1", "nba", "nhl"];

/// How long after the last whistle everything has had its time.
const CALM: u64 = 900;

/// What outlives a process.
pub(crate) struct Night {
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) channels: BTreeMap<ChannelName, Arc<MemoryChannel>>,
    pub(crate) fixtures: Arc<Vec<Fixture>>,
    pub(crate) feed: Arc<FlakyFeed>,
    pub(crate) lives: usize,
    pub(crate) gave_up: Vec<String>,
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
            channels: channels(),
            fixtures,
            feed,
            lives: 0,
            gave_up: Vec::new(),
            policy: watch::Sender::new(Arc::new(Policy { sports, ..Policy::default() })),
            proves_death: rng.bool(),
            rng,
            seed,
        }
    }

    /// Plays it from the evening until everything has had its time.
    pub(crate) fn play(&mut self) {
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

    /// One life of the process; without a death it is a quiet one. Returns when it ended.
    fn live(&mut self, now: Timestamp, seconds: u64, death: Option<Death>) -> Timestamp {
        self.lives += 1;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let rng = self.rng.fork();
        let life = runtime.block_on(async {
            let clock = Arc::new(TokioClock::starting_at(now));
            let instance = |name: &str| {
                let lease = MemoryLease::new(Arc::clone(&self.ledger), format!("{name}{}", self.lives));
                let lease = if self.proves_death { lease.proving_death() } else { lease };
                let lease = Arc::new(lease);
                (Arc::clone(&lease), self.spec(&clock, lease))
            };
            let mut life = Life { night: self, rng, trees: Vec::new() };
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
            let gave_up = life.gave_up().await;
            if matches!(death, Some(Death::Stopped)) {
                for (tree, _) in &life.trees {
                    tree.root().stop(Duration::from_secs(60)).await;
                }
            }
            (clock.now(), gave_up)
        });
        let (ended_at, gave_up) = life;
        self.gave_up.extend(gave_up);
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
                writers: vec![Arc::new(PlainWriter)],
                channels: self.channels.iter().map(|(name, c)| (name.clone(), Arc::clone(c) as _)).collect(),
            },
            policy: self.policy.subscribe(),
            timing: Timing::default(),
            restarts: Restarts::default(),
            instance: None,
            seed: self.seed,
        }
    }
}

fn channels() -> BTreeMap<ChannelName, Arc<MemoryChannel>> {
    let channel = |name: &str, idempotency, reads_back, corrections, in_flight| {
        let capabilities = Capabilities {
            idempotency,
            reads_back,
            read_back_lag: Duration::from_secs(if reads_back { 5 } else { 0 }),
            corrections,
            in_flight,
            ..MemoryChannel::default().capabilities()
        };
        (ChannelName(name.to_owned()), Arc::new(MemoryChannel::new(capabilities)))
    };
    let hour = Idempotency::For(Duration::from_secs(3600));
    BTreeMap::from([
        channel("for-ever", Idempotency::Forever, false, Corrections::Edit, 4),
        channel("for-an-hour", hour, false, Corrections::Reply, 2),
        channel("readable", Idempotency::None, true, Corrections::Reply, 1),
        channel("blind", Idempotency::None, false, Corrections::Create, 1),
    ])
}

/// A process while it lives: one instance, or two that compete.
struct Life<'a> {
    night: &'a Night,
    rng: fastrand::Rng,
    trees: Vec<(Tree, Arc<MemoryLease>)>,
}

impl Life<'_> {
    /// What an operator or a full disk kept from starting is started again, as a service manager would.
    async fn start(&mut self, lease: Arc<MemoryLease>, spec: TreeSpec) {
        loop {
            match Tree::start(spec.clone()).await {
                Ok(tree) => return self.trees.push((tree, lease)),
                Err(_) => self.pass(1..3).await,
            }
        }
    }

    async fn pass(&mut self, seconds: std::ops::Range<u64>) {
        tokio::time::sleep(Duration::from_millis(self.rng.u64(seconds.start * 1000..seconds.end * 1000)))
            .await;
    }

    async fn make_trouble(&mut self) {
        loop {
            self.pass(3..25).await;
            match self.rng.u8(0..14) {
                0..4 => self.trouble_a_channel(),
                4..6 => self.trouble_the_ledger(),
                6 => self.hang_the_ledger().await,
                7..9 => self.restart_an_actor().await,
                9 => self.trouble_the_lease().await,
                10 => self.stop_publishing().await,
                11 => self.kill_an_instance().await,
                12 => self.night.ledger.answer_next_arm_after(Duration::from_secs(self.rng.u64(1..15))),
                _ => {}
            }
        }
    }

    fn trouble_a_channel(&mut self) {
        let channels: Vec<_> = self.night.channels.values().collect();
        let channel = channels[self.rng.usize(..channels.len())];
        let count = self.rng.usize(1..5);
        let replies: Vec<Reply> = (0..count).map(|_| self.reply()).collect();
        channel.script(replies);
    }

    fn reply(&mut self) -> Reply {
        match self.rng.u8(0..20) {
            0..4 => Reply::Accept,
            4..7 => Reply::NotNow(Duration::from_secs(self.rng.u64(0..60))),
            7..10 => Reply::UnknownAfterAccepting,
            10..13 => Reply::UnknownWithoutAccepting,
            13..15 => Reply::Hang,
            15..17 => Reply::AcceptThenHang,
            17 => Reply::Panic,
            18 => Reply::AcceptThenPanic,
            _ => Reply::Refuse,
        }
    }

    fn trouble_the_ledger(&mut self) {
        let ledger = &self.night.ledger;
        ledger.let_pass(self.rng.usize(0..15));
        match self.rng.u8(0..6) {
            0 => ledger.panic_next(1),
            1 => ledger.fail_next(self.rng.usize(1..40), &LedgerError::Full { path: "ledger.db".to_owned() }),
            _ => {
                let locked = LedgerError::Unavailable { detail: "locked".to_owned() };
                ledger.fail_next(self.rng.usize(1..6), &locked);
            }
        }
    }

    async fn hang_the_ledger(&mut self) {
        let ledger = Arc::clone(&self.night.ledger);
        let _hold = ledger.hold();
        self.pass(1..45).await;
    }

    async fn restart_an_actor(&mut self) {
        let actors = ["eng.1", "nba", "nhl", "generator", "for-ever", "for-an-hour", "readable", "blind"];
        let more = ["leader-election", "self-healing", "sports", "publisher"];
        let all: Vec<&str> = actors.into_iter().chain(more).collect();
        let actor = all[self.rng.usize(..all.len())];
        let tree = self.rng.usize(..self.trees.len());
        // A supervisor that is down itself takes no orders.
        drop(self.trees[tree].0.root().restart(actor).await);
    }

    async fn trouble_the_lease(&mut self) {
        let tree = self.rng.usize(..self.trees.len());
        let lease = Arc::clone(&self.trees[tree].1);
        lease.fail_with(Some(LeaseError::Unavailable { detail: "away".to_owned() }));
        self.pass(1..40).await;
        lease.fail_with(None);
    }

    async fn stop_publishing(&mut self) {
        self.publishing_stopped(Some(EVENING)).await;
        self.pass(1..40).await;
        self.publishing_stopped(None).await;
        self.trees.iter().for_each(|(tree, _)| tree.nudge());
    }

    /// An operator tries until the ledger takes it.
    async fn publishing_stopped(&self, since: Option<Timestamp>) {
        let switches = Switches { publishing_stopped: since, ..Switches::default() };
        loop {
            let (ledger, switches) = (Arc::clone(&self.night.ledger), switches.clone());
            let command = tokio::spawn(async move { ledger.set_switches(&switches).await });
            if let Ok(Ok(())) = command.await {
                return;
            }
        }
    }

    /// Of two instances, one dies without a word.
    async fn kill_an_instance(&mut self) {
        if self.trees.len() == 2 {
            let (tree, _) = self.trees.swap_remove(self.rng.usize(..2));
            tree.root().stop(Duration::ZERO).await;
        }
    }

    /// Why trees ended that nobody stopped.
    async fn gave_up(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        for (tree, _) in &self.trees {
            let ended = tokio::time::timeout(Duration::ZERO, tree.root().terminated()).await;
            if let Ok(Ended::GaveUp { reason }) = ended {
                reasons.push(reason);
            }
        }
        reasons
    }
}
