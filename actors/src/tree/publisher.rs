//! A channel: arms posts, sends them, settles what became of them, and reconciles what an earlier life left armed.
//!
//! What leaves next is decided by [`outbox`]; here it is only carried out. An attempt runs beside the actor from its
//! arm to its settle, and is handed its outcome by the channel; the actor learns of its end and looks again, once for all
//! that it was told by then. When the
//! actor is stopped it lets the attempts under way come to their end, within the time its supervisor gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::{Instant, timeout};

use super::attempt::{log, until};
use super::bell::forward_changes;
use super::leader_election::Leadership;
use super::task::{Task, caught};
use super::timer::Timer;
use super::world::{LEDGER_ANSWERS_WITHIN, Shared};
use crate::ports::channel::Channel;
use crate::ports::ledger::{End, LedgerError, Settle};
use crate::supervision::StartContext;
use crate::wire::outbox::{self, Plan, Situation, Step, Term, Waiting};
use crate::wire::pace::Usage;
use crate::wire::post::{ChannelName, Epoch, Halted, Post, PostId};
use crate::wire::traffic::Traffic;

/// The shortest wait until the next look, for clocks on which waiting takes no time.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

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
    /// What came before it is looked at.
    Look,
}

pub(super) struct State {
    /// When this life began: what was armed before is nobody's.
    since: Timestamp,
    pub(super) under_way: BTreeMap<PostId, Task>,
    /// Whether it is to look once more when all that waits now is heard.
    looks: bool,
    timer: Timer,
    pub(super) rng: fastrand::Rng,
    _listeners: [Task; 2],
}

impl ChannelActor {
    /// Looks at what is open and does what the outbox says.
    async fn publish(&self, myself: &ActorRef<Msg>, state: &mut State) {
        // A time that has come and is kept would wake the actor again at once, and again.
        state.timer.set(None);
        let Some(leadership) = self.shared.leadership() else {
            self.context.reporter.doing("standing by");
            return;
        };
        let limit = LEDGER_ANSWERS_WITHIN;
        let unanswered = |_| {
            let detail = format!("no answer within {limit:?}");
            Err(LedgerError::Unavailable { detail })
        };
        let worked = timeout(limit, self.work_outbox(myself, state, leadership)).await;
        match worked.unwrap_or_else(unanswered) {
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
        let posts: Vec<&Post> = posts.iter().map(AsRef::as_ref).collect();
        let stopped = world.ledger.switches().await?.publishing_stopped.is_some();
        let under_way: BTreeSet<PostId> = state.under_way.keys().copied().collect();
        let capabilities = self.channel.capabilities();
        let quotas = caught(|| self.channel.quotas()).unwrap_or_default();
        let rules = self.shared.policy.borrow().channel(&self.name);
        let now = world.clock.now();
        let usage = match rules.pace.counts() {
            true => world.ledger.usage(&self.name, &rules.pace.since(now)).await?,
            false => Usage::default(),
        };
        let traffic = Traffic { halted: world.ledger.halted(&self.name).await?, quotas, usage };
        let plan = outbox::plan(&Situation {
            posts: &posts,
            under_way: &under_way,
            capabilities: &capabilities,
            traffic: &traffic,
            on_unknown: rules.on_unknown,
            pace: &rules.pace,
            term: Term {
                epoch: leadership.epoch,
                earlier_dead: leadership.earlier_holders_dead,
                since: state.since,
            },
            may_arm: !stopped,
            now,
        });
        let wait = |at| world.clock.wait_for(until(now, at)).max(SHORTEST_WAIT);
        state.timer.set(plan.wake_at.map(wait));
        self.report_health(&plan, &posts, &traffic);
        self.show_waiting(&plan);
        let waits = plan.waiting.iter().max_by_key(|waiting| waiting.until).cloned();
        let find = |id: PostId| posts.iter().copied().find(|post| post.id == id);
        let mut leaving = Vec::new();
        for step in plan.steps {
            match step {
                Step::Arm { post } => leaving.extend(find(post)),
                other => {
                    self.arm_all(myself, state, std::mem::take(&mut leaving), leadership.epoch).await?;
                    self.carry_out(myself, state, other, &posts, leadership.epoch).await?;
                }
            }
        }
        self.arm_all(myself, state, leaving, leadership.epoch).await?;
        self.report_work(posts.len(), state.under_way.len(), waits, stopped);
        Ok(())
    }

    async fn carry_out(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        step: Step,
        posts: &[&Post],
        epoch: Epoch,
    ) -> Result<(), LedgerError> {
        let find = |id: PostId| posts.iter().copied().find(|post| post.id == id);
        match step {
            Step::End { post, end, reason } => self.end(post, end, &reason).await,
            Step::Settle { post, attempt, outcome } => {
                let at = self.shared.world.clock.now();
                log(&self.name, post, attempt, &outcome);
                let settle = Settle { post, attempt, epoch, outcome, counts: false, looked_up: false, at };
                unless_overtaken(self.shared.world.ledger.settle(&settle).await.map(drop))?;
                // What it became is open again, and may be what leaves next. A cast that fails has nobody to tell.
                let _ = myself.cast(Msg::Nudged);
                Ok(())
            }
            Step::Arm { post } => self.arm_all(myself, state, find(post).into_iter().collect(), epoch).await,
            Step::ReadBack { post } => {
                if let Some(post) = find(post) {
                    let attempt = self.attempt(post.clone(), Instant::now(), epoch, state.rng.f64());
                    let at = self.shared.world.clock.now();
                    self.begin(myself, state, post.id, attempt.read_back(at, false));
                }
                Ok(())
            }
        }
    }

    pub(super) async fn end(&self, post: PostId, end: End, reason: &str) -> Result<(), LedgerError> {
        tracing::info!(actor = "channel", channel = %self.name, %post, ?end, reason, "post ended without being sent");
        let now = self.shared.world.clock.now();
        unless_overtaken(self.shared.world.ledger.end_post(post, end, reason, now).await)
    }

    fn report_work(&self, open: usize, under_way: usize, waits: Option<Waiting>, stopped: bool) {
        let reporter = &self.context.reporter;
        match (stopped, under_way, open, waits) {
            (true, _, open, _) => reporter.doing(format!("stopped by the operator, {open} open")),
            (false, 0, 0, _) => reporter.idle(),
            (false, 0, open, Some(Waiting { reason, until: Some(until), .. })) => {
                reporter.doing(format!("{open} open, until {until}: {reason}"));
            }
            (false, under_way, open, _) => reporter.doing(format!("{under_way} under way, {open} open")),
        }
    }

    fn show_waiting(&self, plan: &Plan) {
        let held = plan.held.iter().map(|(post, reason)| Waiting {
            post: *post,
            reason: reason.clone(),
            until: None,
        });
        let waiting: Vec<Waiting> = plan.waiting.iter().cloned().chain(held).collect();
        self.shared.waiting.send_if_modified(|all| {
            let changed = all.get(&self.name).is_none_or(|before| *before != waiting);
            if changed {
                all.insert(self.name.clone(), waiting);
            }
            changed
        });
    }

    fn report_health(&self, plan: &Plan, posts: &[&Post], traffic: &Traffic) {
        let reporter = &self.context.reporter;
        let halted = traffic.halted.as_ref().map(|halted| {
            let Halted { halt, reason, since, retry_at } = halted;
            format!("{halt} since {since}: {reason}; tried again at {retry_at}")
        });
        let troubled = posts.iter().find_map(|post| {
            let reason = post.reason.as_ref().filter(|_| post.attempt > 0 && !post.state.is_settled())?;
            Some(format!("post {}, attempt {}: {reason}", post.id, post.attempt))
        });
        let held = plan.held.first().map(|(post, reason)| format!("post {post} is held: {reason}"));
        match halted.or(troubled).or(held) {
            Some(reason) => reporter.degraded(reason),
            None => reporter.ok(),
        }
    }
}

/// An operator, or an earlier attempt that settled, was quicker: the next look shows what is left to do.
pub(super) fn unless_overtaken<T: Default>(result: Result<T, LedgerError>) -> Result<T, LedgerError> {
    match result {
        Err(LedgerError::Conflict { .. } | LedgerError::NotFound { .. }) => Ok(T::default()),
        other => other,
    }
}

/// Looks when all that waits by now is heard: attempts that were settled together are one look, and not one each.
fn look_soon(myself: &ActorRef<Msg>, state: &mut State) {
    if !std::mem::replace(&mut state.looks, true) {
        // A cast that fails has nobody to tell.
        let _ = myself.cast(Msg::Look);
    }
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
            looks: false,
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
            Msg::Wake => self.publish(&myself, state).await,
            Msg::Nudged => look_soon(&myself, state),
            Msg::AttemptEnded(post) => {
                state.under_way.remove(&post);
                look_soon(&myself, state);
            }
            Msg::Look => {
                state.looks = false;
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
