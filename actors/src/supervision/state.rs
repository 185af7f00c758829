//! What a supervisor knows, and how each message changes it.
//!
//! Nothing here waits for a child: starts and stops run in tasks of their own and report back by message, so
//! a slow child delays neither its siblings' restarts nor the operator nor the supervisor's own pulse.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ractor::{ActorCell, ActorId, ActorRef};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::child::{Child, Life, StopFor, bring_up};
use super::exit::{Exit, Started};
use super::fate::GaveUp;
use super::operator::Held;
use super::policy::{Step, Window, steps};
use super::pulse::Pulse;
use super::root::Ended;
use super::shutdown::{StartTask, log_exit, shutdown};
use super::spec::{ChildSpec, Shutdown, Start, StartContext, StartFuture, SupervisorSpec};
use super::status::{Phase, StatusTable};
use super::supervisor::{Msg, SupervisorActor};

/// How often a supervisor beats its own pulse.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// A tick this late means that the process stood still, not that its actors did.
const STALL: Duration = HEARTBEAT;

/// What every supervisor of a tree shares.
#[derive(Clone, Default)]
pub(super) struct Family {
    pub(super) instance: Option<String>,
    pub(super) held: Held,
}

pub(super) struct Args {
    pub(super) spec: Arc<SupervisorSpec>,
    pub(super) table: StatusTable,
    pub(super) family: Family,
    /// Where it is in the tree; `None` for the root.
    pub(super) path: Option<String>,
    pub(super) pulse: Pulse,
    pub(super) rng: fastrand::Rng,
    /// Where the root leaves word of how it ended; the first word counts.
    pub(super) verdict: Arc<OnceLock<Ended>>,
}

pub(super) struct State {
    pub(super) me: ActorRef<Msg>,
    pub(super) args: Args,
    pub(super) window: Window,
    /// Empty once the supervisor is quitting.
    pub(super) children: Vec<Child>,
    /// Ends of actors that nobody knows yet, kept while a start is in flight: its actor may have died before
    /// we heard that it had started.
    unclaimed: HashMap<ActorId, Exit>,
    pub(super) generation: u64,
    pub(super) quitting: Option<JoinHandle<()>>,
}

impl State {
    pub(super) fn new(me: ActorRef<Msg>, args: Args) -> Self {
        Self {
            me,
            window: Window::new(args.spec.intensity),
            children: args.spec.children.iter().map(|_| Child::new()).collect(),
            args,
            unclaimed: HashMap::new(),
            generation: 0,
            quitting: None,
        }
    }

    /// Starts all children in order. One that cannot start fails the supervisor, and those before it are
    /// stopped.
    pub(super) async fn start_children(&mut self) -> Result<(), GaveUp> {
        for child in 0..self.children.len() {
            if self.args.family.held.contains(&self.path_of(child)) {
                self.rest(child, Life::Paused, Phase::Paused);
                continue;
            }
            match self.bring_up(child).await {
                Ok(actor) => self.running(child, actor),
                Err(exit) => {
                    self.record(child, &exit);
                    self.rest(child, Life::Ended, Phase::Failed);
                    self.stop_children().await;
                    return Err(GaveUp(format!("{}: {exit}", self.path_of(child))));
                }
            }
        }
        Ok(())
    }

    pub(super) async fn started(&mut self, child: usize) {
        let Some(Life::Starting { task, then }) = self.children.get_mut(child).map(|child| &mut child.life)
        else {
            return;
        };
        let outcome = task.outcome().await;
        let then = *then;
        match outcome {
            Ok(actor) => self.arrived(child, actor, then),
            Err(exit) => {
                self.record(child, &exit);
                match then {
                    None => self.judge(child, &exit, Duration::ZERO),
                    Some(why) => self.settle(child, why, &exit, Duration::ZERO),
                }
            }
        }
        if !self.is_any_starting() {
            self.unclaimed.clear();
        }
    }

    fn arrived(&mut self, child: usize, actor: ActorCell, then: Option<StopFor>) {
        let id = actor.get_id();
        self.running(child, actor);
        if let Some(why) = then {
            self.children[child].doom(why);
        }
        if let Some(exit) = self.unclaimed.remove(&id) {
            self.actor_ended(id, exit);
        }
    }

    pub(super) fn stopped(&mut self, child: usize, outcome: Exit) {
        let Some(Life::Stopping { since, why, exit, .. }) = self.children.get(child).map(|child| &child.life)
        else {
            return;
        };
        let (why, ran) = (*why, since.elapsed());
        let exit = match (why, exit) {
            (StopFor::Hung(silent), _) => Exit::Hung(silent),
            (_, Some(failed @ Exit::Failed(_))) => failed.clone(),
            _ => outcome,
        };
        self.record(child, &exit);
        self.settle(child, why, &exit, ran);
    }

    /// An actor has ended. Children are known by their id: the name may already belong to a successor.
    pub(super) fn actor_ended(&mut self, who: ActorId, exit: Exit) {
        let Some(child) = self.children.iter().position(|child| child.is(who)) else {
            if self.is_any_starting() {
                self.unclaimed.insert(who, exit);
            }
            return;
        };
        match &mut self.children[child].life {
            Life::Running { since, .. } => {
                let ran = since.elapsed();
                self.record(child, &exit);
                self.judge(child, &exit, ran);
            }
            Life::Doomed { since, why, .. } => {
                let (why, ran) = (*why, since.elapsed());
                self.record(child, &exit);
                self.settle(child, why, &exit, ran);
            }
            Life::Stopping { exit: seen, .. } => *seen = Some(exit),
            _ => {}
        }
    }

    pub(super) fn backoff_over(&mut self, child: usize, generation: u64) {
        let waits_for = self.children.get(child).map(|child| &child.life);
        if matches!(waits_for, Some(Life::BackingOff { generation: current }) if *current == generation) {
            self.rest(child, Life::Due, Phase::Restarting);
        }
    }

    pub(super) fn tick(&mut self, due: Instant) {
        self.args.pulse.beat();
        let stall = due.elapsed();
        for (child, spec) in self.children.iter_mut().zip(&self.args.spec.children) {
            if stall >= STALL {
                child.pulse.forgive(stall);
            }
            if let Some(silent) = child.silent_beyond(spec.pulse_within) {
                child.doom(StopFor::Hung(silent));
            }
        }
        self.arm_tick();
    }

    /// Re-armed each time rather than sent at an interval, which would queue ticks without end behind a slow
    /// handler.
    pub(super) fn arm_tick(&self) {
        let limits = self.args.spec.children.iter().filter_map(|child| child.pulse_within);
        let period =
            limits.map(|limit| limit / 4).fold(HEARTBEAT, Duration::min).max(Duration::from_millis(1));
        let due = Instant::now() + period;
        self.me.send_after(period, move || Msg::Tick { due });
    }

    /// Does what may be done now. Called after every change.
    pub(super) fn advance(&mut self) {
        let standings: Vec<_> = self.children.iter().map(Child::standing).collect();
        for step in steps(self.args.spec.strategy, &standings) {
            match step {
                Step::Stop(child) => self.stop(child),
                Step::Start(child) => self.start(child),
            }
        }
    }

    fn start(&mut self, child: usize) {
        let (me, start) = (self.me.clone(), self.bring_up(child));
        let task = StartTask::spawn(async move {
            let outcome = start.await;
            // Fails only if the supervisor is gone, and then ractor has refused or killed the child.
            let _ = me.send_message(Msg::Started(child));
            outcome
        });
        self.children[child].life = Life::Starting { task, then: None };
    }

    fn stop(&mut self, child: usize) {
        let Life::Doomed { actor, since, why } = &self.children[child].life else { return };
        let (me, actor, since, why) = (self.me.clone(), actor.clone(), *since, *why);
        let how = match why {
            StopFor::Hung(_) => Shutdown::Kill,
            _ => self.spec(child).shutdown,
        };
        self.rest(child, Life::Stopping { actor: actor.clone(), since, why, exit: None }, Phase::Stopping);
        tokio::spawn(async move {
            let exit = shutdown(&actor, how).await;
            // Fails only if the supervisor is gone, and its children with it.
            let _ = me.send_message(Msg::Stopped { child, exit });
        });
    }

    fn bring_up(&mut self, child: usize) -> impl Future<Output = Started> + Send + 'static {
        let pulse = Pulse::new();
        let reporter = self.args.table.starting(child, &pulse);
        self.children[child].pulse = pulse.clone();
        let path = self.path_of(child);
        let name = self.args.family.instance.as_ref().map(|instance| format!("{instance}/{path}"));
        let context = StartContext { supervisor: self.me.get_cell(), name, pulse, reporter };
        let nested = self
            .args
            .table
            .children(child)
            .map(|table| (table, self.args.family.clone(), self.args.rng.fork()));
        let spec = Arc::clone(&self.args.spec);
        let (supervisor, limit) = (context.supervisor.clone(), self.spec(child).start_within);
        let start = async move {
            match (&spec.children[child].start, nested) {
                (Start::Supervisor(spec), Some((table, family, rng))) => {
                    let (spec, path, pulse) = (Arc::clone(spec), Some(path), context.pulse.clone());
                    let verdict = Arc::default();
                    spawn_nested(context, Args { spec, table, family, path, pulse, rng, verdict }).await
                }
                (Start::Worker(start), _) => start(context).await,
                (Start::Supervisor(_), None) => Err("a supervisor without a status table".into()),
            }
        };
        bring_up(start, supervisor, limit)
    }

    fn running(&mut self, child: usize, actor: ActorCell) {
        tracing::info!(supervisor = self.label(), child = self.spec(child).name, "child started");
        self.children[child].pulse.beat();
        self.rest(child, Life::Running { actor, since: Instant::now() }, Phase::Running);
    }

    fn record(&self, child: usize, exit: &Exit) {
        log_exit(self.label(), &self.spec(child).name, exit);
        self.args.table.ended(child, exit);
    }

    pub(super) fn rest(&mut self, child: usize, life: Life, phase: Phase) {
        self.children[child].life = life;
        self.args.table.enter(child, phase);
    }

    fn is_any_starting(&self) -> bool {
        self.children.iter().any(|child| matches!(child.life, Life::Starting { .. }))
    }

    pub(super) fn is_quitting(&self) -> bool {
        self.quitting.is_some()
    }

    pub(super) fn held(&self) -> &Held {
        &self.args.family.held
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.args.spec.children.iter().position(|child| child.name == name)
    }

    pub(super) fn path_of(&self, child: usize) -> String {
        let name = &self.spec(child).name;
        self.args.path.as_ref().map_or_else(|| name.clone(), |path| format!("{path}/{name}"))
    }

    pub(super) fn label(&self) -> &str {
        self.args.path.as_deref().unwrap_or(&self.args.spec.name)
    }

    pub(super) fn spec(&self, child: usize) -> &ChildSpec {
        &self.args.spec.children[child]
    }
}

/// Boxed, because a supervisor's start contains that of its nested supervisors.
fn spawn_nested(context: StartContext, args: Args) -> StartFuture {
    Box::pin(async move { Ok(context.spawn(SupervisorActor, args).await?.get_cell()) })
}
