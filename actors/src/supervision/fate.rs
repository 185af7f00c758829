//! What becomes of a child that has gone, of its siblings, and of the supervisor when there is no more hope.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::child::{Child, Life, StopFor};
use super::exit::Exit;
use super::policy::{Case, Decision, Intensity, Restart, judge};
use super::root::Ended;
use super::shutdown::terminate_children;
use super::state::State;
use super::status::Phase;
use super::supervisor::Msg;

/// What a supervisor fails with, and its own supervisor reads as the text of its exit.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct GaveUp(pub(super) String);

impl State {
    /// A child has gone as it was meant to; what follows depends on why.
    pub(super) fn settle(&mut self, child: usize, why: StopFor, exit: &Exit, ran: Duration) {
        match why {
            StopFor::Hung(_) => self.judge(child, exit, ran),
            StopFor::Pause => self.rest(child, Life::Paused, Phase::Paused),
            StopFor::Sibling if self.spec(child).restart == Restart::Temporary => {
                self.rest(child, Life::Ended, Phase::Stopped);
            }
            StopFor::Sibling | StopFor::Restart => self.rest(child, Life::Due, Phase::Restarting),
        }
    }

    /// A child has gone as it was not meant to.
    pub(super) fn judge(&mut self, child: usize, exit: &Exit, ran: Duration) {
        let spec = &Arc::clone(&self.args.spec).children[child];
        let failures = self.children[child].failures;
        let case = Case { restart: spec.restart, backoff: &spec.backoff, exit, ran, failures };
        let luck = self.args.rng.f64();
        match judge(case, &mut self.window, Instant::now(), luck) {
            Decision::Restart { after, failures } => self.schedule_restart(child, after, failures),
            Decision::Leave if exit.is_normal() => self.rest(child, Life::Ended, Phase::Stopped),
            Decision::Leave => self.rest(child, Life::Ended, Phase::Failed),
            Decision::Escalate => self.escalate(child, exit),
        }
    }

    fn schedule_restart(&mut self, child: usize, after: Duration, failures: u32) {
        let after_ms = after.as_millis();
        tracing::info!(
            supervisor = self.label(),
            child = self.spec(child).name,
            failures,
            after_ms,
            "restart scheduled"
        );
        self.args.table.charge_restart(child);
        self.children[child].failures = failures;
        if after.is_zero() {
            self.rest(child, Life::Due, Phase::Restarting);
        } else {
            self.back_off(child, after);
        }
        for sibling in
            self.args.spec.strategy.affected(child, self.children.len()).filter(|&other| other != child)
        {
            self.share_fate(sibling);
        }
    }

    fn back_off(&mut self, child: usize, after: Duration) {
        self.generation += 1;
        let generation = self.generation;
        self.children[child].life = Life::BackingOff { generation };
        self.args.table.backing_off(child, Instant::now() + after);
        self.me.send_after(after, move || Msg::BackoffOver { child, generation });
    }

    /// As in OTP, a sibling that had already ended starts anew with the others, unless it is temporary.
    fn share_fate(&mut self, sibling: usize) {
        let is_ended = matches!(self.children[sibling].life, Life::Ended);
        if is_ended && self.spec(sibling).restart != Restart::Temporary {
            self.rest(sibling, Life::Due, Phase::Restarting);
        } else {
            self.children[sibling].doom(StopFor::Sibling);
        }
    }

    /// Children are stopped first, in order, since ractor kills those of an actor that fails.
    fn escalate(&mut self, child: usize, exit: &Exit) {
        let Intensity { restarts, within } = self.args.spec.intensity;
        let path = self.path_of(child);
        let reason =
            format!("more than {restarts} restarts within {within:?}; the last exit was of {path}: {exit}");
        tracing::error!(supervisor = self.label(), child = self.spec(child).name, %exit, "escalated");
        self.rest(child, Life::Ended, Phase::Failed);
        let (me, stops) = (self.me.clone(), self.terminate());
        self.args.verdict.get_or_init(|| Ended::GaveUp { reason });
        self.quitting = Some(tokio::spawn(async move {
            stops.await;
            // Fails only if the supervisor was stopped meanwhile, and then it has waited for this task.
            let _ = me.send_message(Msg::Quiesced);
        }));
    }

    pub(super) fn give_up(&self) -> Result<(), GaveUp> {
        match self.args.verdict.get() {
            Some(Ended::GaveUp { reason }) => Err(GaveUp(reason.clone())),
            _ => Ok(()),
        }
    }

    /// Stops all children in reverse order, or waits for that to end if it is under way.
    pub(super) async fn stop_children(&mut self) {
        match self.quitting.take() {
            // A panic in the task would leave children to be killed by ractor, and says so itself.
            Some(task) => drop(task.await),
            None => self.terminate().await,
        }
        self.args.verdict.get_or_init(|| Ended::Stopped);
    }

    fn terminate(&mut self) -> impl Future<Output = ()> + Send + 'static {
        let remains = mem::take(&mut self.children).into_iter().map(Child::into_remains).collect();
        terminate_children(
            self.label().to_owned(),
            Arc::clone(&self.args.spec),
            self.args.table.clone(),
            remains,
        )
    }
}
