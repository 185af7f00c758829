//! Self-healing: looks over the data, not over the actors, and sets right what fell between two stages.
//!
//! Each sweep rings every stage, so that a lost nudge costs one sweep and no more; drops history that has had its time;
//! and tells the operator what only an operator can settle. It restarts nobody: that is the supervisors' work.

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

use super::task::{Task, offload};
use super::timer::Timer;
use super::world::{Shared, patiently};
use crate::ports::ledger::{Backlog, LedgerError};
use crate::supervision::StartContext;

pub(super) struct SelfHealing {
    pub(super) shared: Shared,
    pub(super) context: StartContext,
}

pub(super) enum Msg {
    Wake,
    Swept(Result<Swept, LedgerError>),
    Crashed(String),
}

/// What one sweep found and did.
pub(super) struct Swept {
    backlog: Backlog,
    pruned: Option<u64>,
}

pub(super) struct State {
    sweep: Option<Task>,
    unknown: u64,
    last_prune: Option<Instant>,
    timer: Timer,
}

impl SelfHealing {
    fn begin(&self, myself: &ActorRef<Msg>, state: &mut State) {
        state.timer.set(Some(self.shared.timing.sweep));
        if self.shared.leadership().is_none() {
            return;
        }
        self.shared.bells.ring_all();
        if state.sweep.is_some() {
            return;
        }
        let prune = state.last_prune.is_none_or(|at| at.elapsed() >= self.shared.timing.prune_every);
        let history = self.shared.policy.borrow().kept().filter(|_| prune);
        let world = std::sync::Arc::clone(&self.shared.world);
        let sweep = async move {
            let pruned = match history.and_then(|kept| world.clock.now().checked_sub(kept).ok()) {
                Some(before) => Some(world.ledger.prune(before).await?),
                None => None,
            };
            Ok(Swept { backlog: world.ledger.backlog().await?, pruned })
        };
        let sweep = patiently(self.context.reporter.clone(), sweep);
        self.context.reporter.doing("sweeping");
        state.sweep = Some(offload(myself.clone(), sweep, Msg::Swept, Msg::Crashed));
    }

    fn swept(&self, state: &mut State, result: Result<Swept, LedgerError>) {
        state.sweep = None;
        self.context.reporter.idle();
        match result {
            Ok(swept) => self.report(state, &swept),
            Err(error) => self.context.reporter.degraded(error.to_string()),
        }
        self.context.reporter.next_in(self.shared.timing.sweep);
        state.timer.set(Some(self.shared.timing.sweep));
    }

    fn report(&self, state: &mut State, swept: &Swept) {
        if let Some(rows) = swept.pruned {
            state.last_prune = Some(Instant::now());
            tracing::debug!(actor = "self-healing", rows, "history pruned");
        }
        let unknown = swept.backlog.unknown;
        if unknown > state.unknown {
            tracing::warn!(
                actor = "self-healing",
                unknown,
                "posts of unknown outcome; settle them with `posts resolve`"
            );
        }
        state.unknown = unknown;
        match unknown {
            0 => self.context.reporter.ok(),
            1 => self.context.reporter.degraded("1 post of unknown outcome waits for `posts resolve`"),
            n => self
                .context
                .reporter
                .degraded(format!("{n} posts of unknown outcome wait for `posts resolve`")),
        }
    }
}

impl Actor for SelfHealing {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let mut timer = Timer::new(self.shared.timing.heartbeat());
        timer.set(Some(self.shared.timing.sweep));
        timer.arm(myself, || Msg::Wake);
        Ok(State { sweep: None, unknown: 0, last_prune: None, timer })
    }

    async fn handle(
        &self,
        myself: ActorRef<Msg>,
        message: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        self.context.pulse.beat();
        match message {
            Msg::Wake if state.timer.is_due() => {
                state.timer.set(None);
                self.begin(&myself, state);
            }
            Msg::Wake => {}
            Msg::Swept(result) => self.swept(state, result),
            Msg::Crashed(text) => return Err(format!("sweep panicked: {text}").into()),
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }
}
