//! Alerts: looks at the wire as a whole, and tells the operator what is wrong and what is over.
//!
//! What is told is decided by [`alert`](crate::wire::alert), whose book stands in the ledger: a look reads the book, takes
//! in what became of earlier deliveries and what is wrong now, and commits the book before anything of it is delivered. So
//! a crash in between delivers again what may have been delivered, under the same number, and forgets nothing. Deliveries
//! and the dead man's ping run beside the actor, one of each route at a time; none of them holds anything up, and what
//! does not work of them is this actor's trouble and no alert.
//!
//! How the operator is told may change at any time. What is under way then comes to its end as it began, and what waits is
//! tried at once, on the routes that there are now; nothing is told anew for that.
//!
//! Only the leader alerts. The dead man is told by every instance that is well: one that leads and publishes what is due,
//! or one that is ready to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::watch;
use tokio::time::Instant;

use super::bell::forward_changes;
use super::task::{Task, offload};
use super::timer::Timer;
use super::world::{Operator, Shared, patiently};
use crate::ports::alarm::AlarmError;
use crate::ports::ledger::LedgerError;
use crate::supervision::StartContext;
use crate::wire::alert::{AlertBook, AlertKind, Failure, Lost, conditions};
use crate::wire::post::Epoch;

mod sight;

/// How old the root's pulse may be while all is well.
const PULSE_IS_FRESH: Duration = Duration::from_secs(10);
/// How old the last look may be while all is well, in looks.
const LOOKS_MISSED: u32 = 6;

pub(super) struct Alerts {
    pub(super) shared: Shared,
    pub(super) operator: watch::Receiver<Operator>,
    pub(super) context: StartContext,
}

pub(super) enum Msg {
    Wake,
    LeadershipChanged,
    OperatorChanged,
    Looked(Box<Looked>),
    Delivered(Delivered),
    Pinged(Result<(), AlarmError>),
    Crashed(String),
}

/// What a look came to.
pub(super) struct Looked {
    result: Result<AlertBook, LedgerError>,
    /// What was to be taken in.
    delivered: Vec<Delivered>,
    /// Whether what waits was to be tried at once.
    again: bool,
}

/// What became of an attempt to deliver.
pub(super) struct Delivered {
    id: u64,
    route: String,
    result: Result<(), AlarmError>,
    at: Timestamp,
}

pub(super) struct State {
    look: Option<Task>,
    /// What became of deliveries since the last look.
    delivered: Vec<Delivered>,
    /// The routes on which something is under way, or was and is not yet in the book.
    busy: BTreeMap<String, Option<Task>>,
    /// The routes on which the last attempt failed, with why.
    failing: BTreeMap<String, String>,
    /// Whether what waits is to be tried at once.
    again: bool,
    looked_at: Option<Instant>,
    silent: bool,
    ping: Option<Task>,
    pinged_at: Option<Instant>,
    deaf: Option<String>,
    timer: Timer,
    _leadership: Task,
    _operator: Task,
}

impl Alerts {
    /// How the operator is told now.
    fn operator(&self) -> Operator {
        self.operator.borrow().clone()
    }

    fn wake(&self, myself: &ActorRef<Msg>, state: &mut State) {
        self.ping(myself, state);
        state.timer.set(Some(self.operator().every));
        match self.shared.leadership() {
            Some(leadership) => self.look(myself, state, leadership.epoch),
            None => {
                state.looked_at = None;
                self.context.reporter.doing("standing by");
            }
        }
    }

    fn look(&self, myself: &ActorRef<Msg>, state: &mut State, epoch: Epoch) {
        if state.look.is_some() {
            return;
        }
        let (shared, operator) = (self.shared.clone(), self.operator());
        let delivered = std::mem::take(&mut state.delivered);
        let again = std::mem::take(&mut state.again);
        let look = async move {
            let result = look(&shared, &operator, &delivered, again, epoch).await;
            Looked { result, delivered, again }
        };
        let look = patiently(self.context.reporter.clone(), look);
        state.look =
            Some(offload(myself.clone(), look, |looked| Msg::Looked(Box::new(looked)), Msg::Crashed));
    }

    fn looked(&self, myself: &ActorRef<Msg>, state: &mut State, looked: Looked) {
        state.look = None;
        match looked.result {
            Ok(book) => {
                for delivered in looked.delivered {
                    state.busy.remove(&delivered.route);
                }
                state.looked_at = Some(Instant::now());
                state.silent = book.open(AlertKind::PublishingSilent);
                self.deliver(myself, state, &book);
                self.report(state, &book);
                self.shared.alerts.send_replace(Arc::new(book));
            }
            Err(LedgerError::Fenced { .. }) => self.context.reporter.doing("standing by"),
            Err(error) => {
                // What is not in the book is taken in with the next look.
                state.delivered.splice(0..0, looked.delivered);
                state.again |= looked.again;
                self.context.reporter.degraded(error.to_string());
            }
        }
        let soon = state.again || !state.delivered.is_empty();
        let wait = if soon { Duration::ZERO } else { self.operator().every };
        state.timer.set(Some(wait));
        self.context.reporter.next_in(wait);
    }

    /// Begins what may be delivered, on each route on which nothing is under way.
    fn deliver(&self, myself: &ActorRef<Msg>, state: &mut State, book: &AlertBook) {
        let operator = self.operator();
        for (route, notice) in book.due(self.shared.world.clock.now()) {
            let alarm = operator.alarms.iter().find(|alarm| alarm.route() == route);
            let Some(alarm) = alarm.filter(|_| !state.busy.contains_key(&route)) else { continue };
            let (alarm, clock) = (Arc::clone(alarm), Arc::clone(&self.shared.world.clock));
            let (id, to) = (notice.id, route.clone());
            let told = async move {
                let result = alarm.tell(&notice).await;
                Delivered { id, route: to, result, at: clock.now() }
            };
            let task = offload(myself.clone(), told, Msg::Delivered, Msg::Crashed);
            state.busy.insert(route, Some(task));
        }
    }

    fn delivered(&self, state: &mut State, delivered: Delivered) {
        let Delivered { id, route, result, .. } = &delivered;
        match result {
            Ok(()) => {
                tracing::info!(actor = "alerts", notice = id, route, "notice delivered");
                state.failing.remove(route);
            }
            Err(error) => {
                tracing::warn!(actor = "alerts", notice = id, route, %error, "notice not delivered");
                state.failing.insert(route.clone(), error.to_string());
            }
        }
        // The route stays busy until this is in the book.
        state.busy.insert(route.clone(), None);
        state.delivered.push(delivered);
        state.timer.set(Some(Duration::ZERO));
    }

    fn report(&self, state: &State, book: &AlertBook) {
        let open = book.alerts.iter().filter(|alert| alert.is_open()).count();
        self.context.reporter.doing(match open {
            0 => "nothing is wrong".to_owned(),
            1 => "1 alert is open".to_owned(),
            open => format!("{open} alerts are open"),
        });
        let waits = book.notices.len();
        let undelivered = (!state.failing.is_empty()).then(|| {
            let failing: Vec<String> =
                state.failing.iter().map(|(route, why)| format!("{route}: {why}")).collect();
            format!("the operator is not reached, notices wait: {waits} ({})", failing.join("; "))
        });
        match undelivered.or_else(|| state.deaf.clone()) {
            Some(reason) => self.context.reporter.degraded(reason),
            None => self.context.reporter.ok(),
        }
    }

    /// Whether the wire does what it is for, as far as this instance can tell.
    fn is_well(&self, state: &State) -> bool {
        let missed = self.operator().every * LOOKS_MISSED;
        let publishes = || state.looked_at.is_some_and(|at| at.elapsed() <= missed) && !state.silent;
        let beats = self.shared.root.get().is_some_and(|root| root.pulse().age() < PULSE_IS_FRESH);
        beats && (self.shared.leadership().is_none() || publishes())
    }

    fn ping(&self, myself: &ActorRef<Msg>, state: &mut State) {
        let Some(dead_man) = self.operator().dead_man else { return };
        let waits = state.pinged_at.is_some_and(|at| at.elapsed() < dead_man.every());
        if state.ping.is_some() || waits || !self.is_well(state) {
            return;
        }
        state.pinged_at = Some(Instant::now());
        let ping = async move { dead_man.ping().await };
        state.ping = Some(offload(myself.clone(), ping, Msg::Pinged, Msg::Crashed));
    }

    /// What is known of the old ways to the operator says nothing of the new ones.
    fn operator_changed(&self, myself: &ActorRef<Msg>, state: &mut State) {
        state.failing.clear();
        (state.deaf, state.pinged_at, state.again) = (None, None, true);
        self.wake(myself, state);
    }

    fn pinged(&self, state: &mut State, result: Result<(), AlarmError>) {
        state.ping = None;
        match result {
            Ok(()) => state.deaf = None,
            Err(error) => {
                if state.deaf.is_none() {
                    tracing::warn!(actor = "alerts", %error, "the dead man's switch was not told that all is well");
                }
                state.deaf = Some(format!("the dead man's switch does not hear us: {error}"));
            }
        }
    }
}

/// One look, and the book as it stands in the ledger after it; with `again` what waits may be delivered at once.
async fn look(
    shared: &Shared,
    operator: &Operator,
    delivered: &[Delivered],
    again: bool,
    epoch: Epoch,
) -> Result<AlertBook, LedgerError> {
    let before = shared.world.ledger.alerts().await?;
    let mut book = before.clone();
    let mut lost = Vec::new();
    for Delivered { id, route, result, at } in delivered {
        match result {
            Ok(()) => book.told(*id, route),
            Err(error) => {
                let failure = Failure { why: &error.detail, wait: error.retry_after, at: *at };
                lost.extend(book.failed(*id, route, &failure, &operator.rules));
            }
        }
    }
    if again {
        book.try_again();
    }
    let sight = sight::of(shared, operator).await?;
    let now = shared.world.clock.now();
    let wrong = conditions(&sight, &book, &operator.rules, now);
    let routes: BTreeSet<String> = operator.alarms.iter().map(|alarm| alarm.route().to_owned()).collect();
    let last = book.last;
    book.look(&wrong, &routes, &operator.rules, now);
    if book != before {
        shared.world.ledger.set_alerts(epoch, &book).await?;
    }
    for Lost { notice, kind, subject, route, why, .. } in lost {
        let what = notice.as_str();
        tracing::error!(actor = "alerts", route, %kind, subject, what, why, "notice given up, not delivered");
    }
    for notice in book.notices.iter().filter(|notice| notice.id > last) {
        let (what, detail) = (notice.notice.as_str(), &notice.detail);
        tracing::warn!(actor = "alerts", notice = notice.id, kind = %notice.kind, what, "{detail}");
    }
    Ok(book)
}

impl Actor for Alerts {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let leadership = self.shared.leadership.subscribe();
        let mut timer = Timer::new(self.shared.timing.heartbeat());
        timer.set(Some(self.operator().every));
        timer.arm(myself.clone(), || Msg::Wake);
        Ok(State {
            look: None,
            delivered: Vec::new(),
            busy: BTreeMap::new(),
            failing: BTreeMap::new(),
            again: false,
            looked_at: None,
            silent: false,
            ping: None,
            pinged_at: None,
            deaf: None,
            timer,
            _leadership: forward_changes(leadership, myself.clone(), || Msg::LeadershipChanged),
            _operator: forward_changes(self.operator.clone(), myself, || Msg::OperatorChanged),
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
            Msg::Wake if state.timer.is_due() => {
                state.timer.set(None);
                self.wake(&myself, state);
            }
            Msg::Wake => {}
            Msg::LeadershipChanged => self.wake(&myself, state),
            Msg::OperatorChanged => self.operator_changed(&myself, state),
            Msg::Looked(looked) => self.looked(&myself, state, *looked),
            Msg::Delivered(delivered) => self.delivered(state, delivered),
            Msg::Pinged(result) => self.pinged(state, result),
            Msg::Crashed(text) => return Err(format!("it panicked: {text}").into()),
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }
}
