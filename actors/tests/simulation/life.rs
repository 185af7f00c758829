//! A process while it lives, and what befalls it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::memory::{MemoryChannel, MemoryLease, TokioClock};
use wirereport_actors::ports::channel::Halt;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::lease::LeaseError;
use wirereport_actors::ports::ledger::{Ledger, LedgerError, Switches};
use wirereport_actors::supervision::{ChildStatus, Ended};
use wirereport_actors::tree::{Restarts, Tree, TreeSpec};

use super::night::Night;
use super::truth::EVENING;

/// One instance, or two that compete.
pub(crate) struct Life<'a> {
    night: &'a Night,
    clock: Arc<TokioClock>,
    pub(crate) rng: fastrand::Rng,
    trees: Vec<(Tree, Arc<MemoryLease>)>,
    /// Leases that were lost while a request was under way.
    pub(crate) mid_send: usize,
    overruns: Vec<String>,
}

impl<'a> Life<'a> {
    pub(crate) fn new(night: &'a Night, clock: Arc<TokioClock>, rng: fastrand::Rng) -> Self {
        Self { night, clock, rng, trees: Vec::new(), mid_send: 0, overruns: Vec::new() }
    }

    /// What an operator or a full disk kept from starting is started again, as a service manager would.
    pub(crate) async fn start(&mut self, lease: Arc<MemoryLease>, spec: TreeSpec) {
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

    pub(crate) async fn stop(&self) {
        for (tree, _) in &self.trees {
            tree.root().stop(Duration::from_secs(60)).await;
        }
    }

    pub(crate) async fn make_trouble(&mut self) {
        loop {
            self.pass(3..25).await;
            self.count_restarts();
            match self.rng.u8(0..18) {
                0..4 => self.trouble_a_channel(),
                4..6 => self.trouble_the_ledger(),
                6 => self.hang_the_ledger().await,
                7..9 => self.restart_an_actor().await,
                9 => self.trouble_the_lease().await,
                10 => self.stop_publishing().await,
                11 => self.kill_an_instance().await,
                12 => self.night.ledger.answer_next_arm_after(Duration::from_secs(self.rng.u64(1..15))),
                13 => self.lose_the_lease_in_mid_send().await,
                14..16 => self.shut_a_channel().await,
                _ => {}
            }
        }
    }

    fn channel(&mut self) -> Arc<MemoryChannel> {
        let channels: Vec<_> = self.night.channels.values().collect();
        Arc::clone(channels[self.rng.usize(..channels.len())])
    }

    fn trouble_a_channel(&mut self) {
        let channel = self.channel();
        let count = self.rng.usize(1..5);
        let replies: Vec<Reply> = (0..count).map(|_| self.reply()).collect();
        channel.script(replies);
    }

    fn reply(&mut self) -> Reply {
        match self.rng.u8(0..26) {
            20..23 => Reply::Slow(self.way()),
            23..25 => Reply::RateLimited(Duration::from_secs(self.rng.u64(1..60))),
            25 => Reply::Halt(Halt::RateLimited),
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

    /// What is sent arrives within an attempt's time, whether or not its sender still lives. The kernel gives up on it then.
    fn way(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(50..5000))
    }

    /// An outage, or credentials that are revoked and renewed: for a while all are met alike, and then an operator has
    /// what waits tried again.
    async fn shut_a_channel(&mut self) {
        let channel = self.channel();
        let reply = match self.rng.u8(0..7) {
            0..2 => Reply::Halt(Halt::NeedsAuth),
            2 => Reply::Halt(Halt::OutOfCredit),
            3 => Reply::NotNow(Duration::ZERO),
            4 => Reply::UnknownWithoutAccepting,
            5 => Reply::Hang,
            _ => Reply::RateLimited(Duration::from_secs(self.rng.u64(1..30))),
        };
        let heals = matches!(reply, Reply::Halt(_));
        channel.meet_all(Some(reply));
        self.pass(5..150).await;
        channel.meet_all(None);
        if heals {
            self.try_again().await;
        }
    }

    /// A lease is gone while a request is under way and not answered.
    async fn lose_the_lease_in_mid_send(&mut self) {
        for channel in self.night.channels.values() {
            channel.script([Reply::Slow(Duration::from_millis(4900))]);
        }
        for _ in 0..120 {
            if self.night.channels.values().any(|channel| channel.is_under_way()) {
                self.mid_send += 1;
                return self.trouble_the_lease().await;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
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
        let actors = ["eng.1", "nba", "nhl", "generator", "for-ever", "for-an-hour"];
        let more =
            ["for-a-day", "readable", "blind", "leader-election", "self-healing", "sports", "publisher"];
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
    pub(crate) async fn publishing_stopped(&self, since: Option<Timestamp>) {
        let switches = Switches { publishing_stopped: since, ..Switches::default() };
        loop {
            let (ledger, switches) = (Arc::clone(&self.night.ledger), switches.clone());
            let command = tokio::spawn(async move { ledger.set_switches(&switches).await });
            if let Ok(Ok(())) = command.await {
                return;
            }
        }
    }

    /// An operator tries until the ledger takes it.
    pub(crate) async fn try_again(&self) {
        loop {
            let ledger = Arc::clone(&self.night.ledger);
            let at = self.clock.now();
            let command = tokio::spawn(async move { ledger.try_again(None, at).await });
            if let Ok(Ok(_)) = command.await {
                return self.trees.iter().for_each(|(tree, _)| tree.nudge());
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

    /// No supervisor restarts its children more often than it may.
    fn count_restarts(&mut self) {
        let Restarts { root, sports, publisher, .. } = Restarts::default();
        let made = |children: &[ChildStatus]| -> usize {
            children.iter().map(|child| child.restarts_in_window).sum()
        };
        for (tree, _) in &self.trees {
            let children = tree.root().status();
            let below = children.iter().filter_map(|child| match child.name.as_str() {
                "sports" => Some((made(&child.children), sports)),
                "publisher" => Some((made(&child.children), publisher)),
                _ => None,
            });
            for (made, allowed) in below.chain([(made(&children), root)]) {
                if made > usize::try_from(allowed.restarts).unwrap() {
                    self.overruns.push(format!("{made} restarts where {} are allowed", allowed.restarts));
                }
            }
        }
    }

    /// What supervisors did that they may not: to end by themselves, or to restart too often.
    pub(crate) async fn overruns(&mut self) -> Vec<String> {
        self.count_restarts();
        let mut reasons = std::mem::take(&mut self.overruns);
        for (tree, _) in &self.trees {
            let ended = tokio::time::timeout(Duration::ZERO, tree.root().terminated()).await;
            if let Ok(Ended::GaveUp { reason }) = ended {
                reasons.push(format!("the tree gave up: {reason}"));
            }
        }
        reasons
    }
}
