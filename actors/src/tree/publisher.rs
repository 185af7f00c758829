//! A channel: arms posts, sends them, settles what became of them, and reconciles what an earlier life left armed.
//!
//! What leaves next is decided by [`outbox`]; here it is only carried out. An attempt runs beside the actor from its
//! arm to its settle, and is handed its outcome by the channel; the actor learns of its end and looks again. When the
//! actor is stopped it lets the attempts under way come to their end, within the time its supervisor gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use ractor::{Actor, ActorProcessingErr, ActorRef};

use super::bell::forward_changes;
use super::leader_election::Leadership;
use super::task::Task;
use super::timer::Timer;
use super::world::{Shared, World};
use crate::ports::Fault;
use crate::ports::channel::{Capabilities, Channel, Reconciled};
use crate::ports::ledger::{End, LedgerError, Settle};
use crate::supervision::StartContext;
use crate::wire::outbox::{self, Conclusion, Plan, Retry, Situation, Step, Term};
use crate::wire::post::{Arm, ChannelName, Epoch, Outcome, Post, PostId};

pub(super) struct ChannelActor {
    pub(super) name: ChannelName,
    pub(super) channel: Arc<dyn Channel>,
    pub(super) shared: Shared,
    pub(super) context: StartContext,
    pub(super) seed: u64,
}

pub(super) enum Msg {
    Wake,
    Nudged,
    AttemptEnded(PostId),
}

pub(super) struct State {
    /// When this life began: what was armed before is nobody's.
    since: Timestamp,
    under_way: BTreeMap<PostId, Task>,
    timer: Timer,
    rng: fastrand::Rng,
    _listeners: [Task; 2],
}

impl ChannelActor {
    /// Looks at what is open and does what the outbox says.
    async fn publish(&self, myself: &ActorRef<Msg>, state: &mut State) {
        let Some(leadership) = self.shared.leadership() else {
            self.context.reporter.doing("standing by");
            return;
        };
        match self.work_outbox(myself, state, leadership).await {
            Ok(()) => {}
            Err(LedgerError::Fenced { .. }) => self.context.reporter.doing("standing by"),
            Err(error) => {
                tracing::warn!(actor = "channel", channel = %self.name, %error, "outbox not worked");
                self.context.reporter.degraded(error.to_string());
                state.timer.set(Some(self.shared.timing.sweep));
            }
        }
    }

    async fn work_outbox(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        leadership: Leadership,
    ) -> Result<(), LedgerError> {
        let world = &self.shared.world;
        let posts = world.ledger.open_posts(&self.name).await?;
        let stopped = world.ledger.switches().await?.publishing_stopped.is_some();
        let under_way: BTreeSet<PostId> = state.under_way.keys().copied().collect();
        let capabilities = self.channel.capabilities();
        let now = world.clock.now();
        let plan = outbox::plan(&Situation {
            posts: &posts,
            under_way: &under_way,
            capabilities: &capabilities,
            term: Term {
                epoch: leadership.epoch,
                earlier_dead: leadership.earlier_holders_dead,
                since: state.since,
            },
            may_arm: !stopped,
            now,
        });
        self.report(&plan, &posts, under_way.len(), stopped);
        state.timer.set(plan.wake_at.map(|at| world.clock.wait_for(until(now, at))));
        for step in plan.steps {
            self.carry_out(myself, state, step, &posts, &capabilities, leadership.epoch).await?;
        }
        Ok(())
    }

    async fn carry_out(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        step: Step,
        posts: &[Post],
        capabilities: &Capabilities,
        epoch: Epoch,
    ) -> Result<(), LedgerError> {
        let find = |id: PostId| posts.iter().find(|post| post.id == id);
        match step {
            Step::End { post, end, reason } => self.end(post, end, &reason).await,
            Step::Settle { post, attempt, outcome } => {
                let at = self.shared.world.clock.now();
                log(&self.name, post, attempt, &outcome);
                let settle = Settle { post, attempt, epoch, outcome, at };
                unless_overtaken(self.shared.world.ledger.settle(&settle).await.map(drop))?;
                // What it became is open again, and may be what leaves next. A cast that fails has nobody to tell.
                let _ = myself.cast(Msg::Nudged);
                Ok(())
            }
            Step::Arm { post } => match find(post) {
                Some(post) => self.arm(myself, state, post, capabilities, epoch).await,
                None => Ok(()),
            },
            Step::ReadBack { post } => {
                if let Some(post) = find(post) {
                    let attempt = self.attempt(post.clone(), epoch, state.rng.f64());
                    let at = self.shared.world.clock.now();
                    self.begin(myself, state, post.id, attempt.read_back(at));
                }
                Ok(())
            }
        }
    }

    async fn end(&self, post: PostId, end: End, reason: &str) -> Result<(), LedgerError> {
        tracing::info!(actor = "channel", channel = %self.name, %post, ?end, reason, "post ended without being sent");
        let now = self.shared.world.clock.now();
        unless_overtaken(self.shared.world.ledger.end_post(post, end, reason, now).await)
    }

    /// Freezes and arms a post, and lets it go.
    async fn arm(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        post: &Post,
        capabilities: &Capabilities,
        epoch: Epoch,
    ) -> Result<(), LedgerError> {
        let frozen = match post.frozen.clone().map_or_else(|| self.channel.render(post), Ok) {
            Ok(frozen) => frozen,
            Err(error) => return self.end(post.id, End::Failed, &error.to_string()).await,
        };
        let world = &self.shared.world;
        let now = world.clock.now();
        let arm = Arm {
            epoch,
            at: now,
            send_before: post.send_before,
            settle_by: now + capabilities.attempt_within,
        };
        match world.ledger.arm(post.id, &frozen, &arm).await {
            Ok(armed) => {
                let attempt = self.attempt(armed, epoch, state.rng.f64());
                self.begin(myself, state, post.id, attempt.send());
                Ok(())
            }
            Err(error) => unless_overtaken(Err(error)),
        }
    }

    fn attempt(&self, post: Post, epoch: Epoch, luck: f64) -> Attempt {
        let attempts = self.shared.policy.borrow().channel(&self.name).attempts;
        Attempt {
            post,
            epoch,
            luck,
            retry: Retry { attempts, ..Retry::default() },
            channel: Arc::clone(&self.channel),
            world: Arc::clone(&self.shared.world),
        }
    }

    fn begin(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        post: PostId,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let actor = myself.clone();
        let task = Task::spawn(async move {
            // Dropped on a panic too: the post is then still armed, and is reconciled when the actor looks again.
            let _ended = Ended { actor, post };
            work.await;
        });
        state.under_way.insert(post, task);
    }

    fn report(&self, plan: &Plan, posts: &[Post], under_way: usize, stopped: bool) {
        let reporter = &self.context.reporter;
        match (stopped, under_way, posts.len()) {
            (true, _, open) => reporter.doing(format!("stopped by the operator, {open} open")),
            (false, 0, 0) => reporter.idle(),
            (false, under_way, open) => reporter.doing(format!("{under_way} under way, {open} open")),
        }
        let troubled = posts.iter().find_map(|post| {
            let reason = post.reason.as_ref().filter(|_| post.attempt > 0 && !post.state.is_settled())?;
            Some(format!("post {}, attempt {}: {reason}", post.id, post.attempt))
        });
        let held = plan.held.first().map(|(post, reason)| format!("post {post} is held: {reason}"));
        match troubled.or(held) {
            Some(reason) => reporter.degraded(reason),
            None => reporter.ok(),
        }
    }
}

/// An operator, or an earlier attempt that settled, was quicker: the next look shows what is left to do.
fn unless_overtaken<T: Default>(result: Result<T, LedgerError>) -> Result<T, LedgerError> {
    match result {
        Err(LedgerError::Conflict { .. } | LedgerError::NotFound { .. }) => Ok(T::default()),
        other => other,
    }
}

/// Tells the actor that an attempt is over, however it ended.
struct Ended {
    actor: ActorRef<Msg>,
    post: PostId,
}

impl Drop for Ended {
    fn drop(&mut self) {
        // An actor that is gone needs no telling.
        let _ = self.actor.cast(Msg::AttemptEnded(self.post));
    }
}

/// One attempt, from its arm to its settle.
struct Attempt {
    post: Post,
    epoch: Epoch,
    luck: f64,
    retry: Retry,
    channel: Arc<dyn Channel>,
    world: Arc<World>,
}

impl Attempt {
    async fn send(self) {
        let Some((frozen, arm)) = self.post.frozen.as_ref().zip(self.post.arm) else { return };
        let now = self.world.clock.now();
        let capabilities = self.channel.capabilities();
        let outcome = if now > arm.send_before && !self.post.in_doubt {
            Outcome::NotSent { reason: "it was too late to begin the attempt".to_owned(), retry_at: now }
        } else {
            let limit = capabilities.attempt_within;
            match tokio::time::timeout(limit, self.channel.send(&self.post, frozen, now)).await {
                Ok(outcome) => outcome,
                Err(_) => Outcome::Unknown { reason: format!("no answer within {limit:?}") },
            }
        };
        let now = self.world.clock.now();
        match outbox::after_attempt(outcome, &self.post, &capabilities, &self.retry, now, self.luck) {
            Conclusion::Settle(outcome) => self.settle(outcome).await,
            Conclusion::ReadBack { at } => self.read_back(at).await,
        }
    }

    /// Asks the channel what became of the attempt, as often as the rule says.
    async fn read_back(self, at: Timestamp) {
        let Some(frozen) = &self.post.frozen else { return };
        let capabilities = self.channel.capabilities();
        let mut at = at;
        loop {
            let clock = &self.world.clock;
            tokio::time::sleep(clock.wait_for(until(clock.now(), at))).await;
            let limit = capabilities.attempt_within;
            let asked =
                tokio::time::timeout(limit, self.channel.reconcile(&self.post, frozen, clock.now())).await;
            let found = asked
                .unwrap_or_else(|_| Reconciled::CannotTell { reason: format!("no answer within {limit:?}") });
            match outbox::after_read_back(found, &self.post, &capabilities, &self.retry, clock.now()) {
                Conclusion::Settle(outcome) => return self.settle(outcome).await,
                Conclusion::ReadBack { at: again } => at = again,
            }
        }
    }

    /// Commits the outcome. This is the one place that retries it: while it is not committed the post stays armed, and
    /// nothing else may touch it.
    async fn settle(&self, outcome: Outcome) {
        log(&self.post.channel, self.post.id, self.post.attempt, &outcome);
        let (post, attempt, at) = (self.post.id, self.post.attempt, self.world.clock.now());
        let settle = Settle { post, attempt, epoch: self.epoch, outcome, at };
        let commit = || async { self.world.ledger.settle(&settle).await };
        let pace = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(5))
            .without_max_times();
        let settled = commit.retry(pace).when(|error| matches!(error.fault(), Fault::Transient { .. })).await;
        if let Err(error) = settled {
            tracing::warn!(actor = "channel", channel = %self.post.channel, %post, %error, "attempt not settled");
        }
    }
}

fn log(channel: &ChannelName, post: PostId, attempt: u32, outcome: &Outcome) {
    match outcome {
        Outcome::Sent { remote } => {
            tracing::info!(actor = "channel", %channel, %post, attempt, remote = remote.id, "post sent");
        }
        Outcome::NotSent { reason, .. } => {
            tracing::warn!(actor = "channel", %channel, %post, attempt, reason, "post not sent, to be tried again");
        }
        Outcome::Again { reason, .. } => {
            tracing::warn!(actor = "channel", %channel, %post, attempt, reason, "post in doubt, sent again under its key");
        }
        Outcome::Refused { reason } => {
            tracing::error!(actor = "channel", %channel, %post, attempt, reason, "post given up");
        }
        Outcome::Unknown { reason } => {
            tracing::error!(actor = "channel", %channel, %post, attempt, reason, "post of unknown outcome");
        }
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

impl Actor for ChannelActor {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        myself.cast(Msg::Nudged)?;
        let bell = self.shared.bells.channels.get(&self.name).cloned().unwrap_or_default();
        let leadership = self.shared.leadership.subscribe();
        Ok(State {
            since: self.shared.world.clock.now(),
            under_way: BTreeMap::new(),
            timer: Timer::new(self.shared.timing.heartbeat()),
            rng: fastrand::Rng::with_seed(self.seed),
            _listeners: [
                bell.forward(myself.clone(), || Msg::Nudged),
                forward_changes(leadership, myself, || Msg::Nudged),
            ],
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<Msg>,
        message: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        self.context.pulse.beat();
        match message {
            Msg::Wake if !state.timer.is_due() => {}
            Msg::Wake | Msg::Nudged => self.publish(&myself, state).await,
            Msg::AttemptEnded(post) => {
                state.under_way.remove(&post);
                self.publish(&myself, state).await;
            }
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }

    async fn post_stop(&self, _: ActorRef<Msg>, state: &mut State) -> Result<(), ActorProcessingErr> {
        for (_, attempt) in std::mem::take(&mut state.under_way) {
            attempt.join().await;
        }
        Ok(())
    }
}
