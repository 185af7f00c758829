//! A sport: asks its feed, detects what is news, and commits both in one transaction.
//!
//! The rule state in memory is a copy of what the ledger holds. A poll is applied to a clone of it, and the clone takes
//! its place only once it is committed; so whatever fails between, the next poll sees the same change again.
//!
//! A poll and its commit run beside the actor, one after the other, so that a feed or a ledger that does not answer
//! keeps nobody from stopping it. A feed is given up on after [`Feed::answers_within`]; a ledger never, see
//! [`patiently`].

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::timeout;

use super::bell::forward_changes;
use super::budget::Budget;
use super::task::{Task, offload};
use super::timer::Timer;
use super::world::{Shared, World, patiently};
use crate::ports::Fault;
use crate::ports::feed::{Answer, Feed, FeedError, Followed, Next, PollRequest};
use crate::ports::ledger::{LedgerError, PollRecord};
use crate::supervision::{Backoff, Reporter, StartContext};
use crate::wire::detect::SportState;
use crate::wire::post::Epoch;
use crate::wire::rules::Rules;
use crate::wire::schedule;
use crate::wire::sport::Sport;
use crate::wire::step::step;
use crate::wire::story::{Story, Verdict};

pub(super) struct SportActor {
    pub(super) sport: Sport,
    pub(super) feed: Arc<dyn Feed>,
    pub(super) shared: Shared,
    pub(super) context: StartContext,
    pub(super) seed: u64,
}

pub(super) enum Msg {
    Wake,
    LeadershipChanged,
    Polled(Box<Polled>),
    Recorded(Box<Recorded>),
    Crashed(String),
}

pub(super) struct State {
    rules: Option<Loaded>,
    failures: Failures,
    ended: bool,
    work: Option<Task>,
    timer: Timer,
    rng: fastrand::Rng,
    _leadership: Task,
}

/// The rule state, as the ledger held it when this epoch began or the last poll left it.
pub(super) struct Loaded {
    epoch: Epoch,
    state: SportState,
}

/// Failures in a row.
#[derive(Default)]
struct Failures {
    feed: u32,
    ledger: u32,
}

/// What a poll came to.
pub(super) enum Polled {
    Answered(Loaded, Answer),
    FeedFailed(Loaded, FeedError),
    NotLoaded(LedgerError),
}

/// What a commit came to.
pub(super) struct Recorded {
    record: PollRecord,
    next: Next,
    result: Result<(), LedgerError>,
}

/// The pace at which a feed that fails is asked again.
const FEED_BACKOFF: Backoff = Backoff {
    initial: Duration::from_secs(10),
    max: Duration::from_secs(300),
    jitter: 0.2,
    reset_after: Duration::ZERO,
};

/// The pace at which a ledger that fails is tried again. What could not be committed is polled anew, so over time this is
/// no faster than the schedule.
const LEDGER_BACKOFF: Backoff = Backoff {
    initial: Duration::from_secs(1),
    max: Duration::from_secs(30),
    jitter: 0.2,
    reset_after: Duration::ZERO,
};

/// One poll, beside the actor.
struct Poll {
    epoch: Epoch,
    loaded: Option<Loaded>,
    sport: Sport,
    feed: Arc<dyn Feed>,
    world: Arc<World>,
    reporter: Reporter,
}

impl Poll {
    async fn run(mut self) -> Polled {
        let loaded = match self.loaded.take() {
            Some(loaded) => loaded,
            None => match self.load().await {
                Ok(loaded) => loaded,
                Err(error) => return Polled::NotLoaded(error),
            },
        };
        let request = request(&self.sport, &self.world, &loaded.state);
        let poll = self.feed.poll(&request);
        let answer = match self.feed.answers_within() {
            Some(limit) => timeout(limit, poll).await.unwrap_or(Err(FeedError::TimedOut { limit })),
            None => poll.await,
        };
        match answer {
            Ok(answer) => Polled::Answered(loaded, answer),
            Err(error) => Polled::FeedFailed(loaded, error),
        }
    }

    async fn load(&self) -> Result<Loaded, LedgerError> {
        let load = self.world.ledger.load_sport(&self.sport.key);
        let state = patiently(self.reporter.clone(), load).await?.unwrap_or_default();
        Ok(Loaded { epoch: self.epoch, state })
    }
}

fn request(sport: &Sport, world: &World, state: &SportState) -> PollRequest {
    let now = world.clock.now();
    let follow = schedule::follow(state, now)
        .into_iter()
        .map(|(feed_id, starts_at)| Followed { feed_id, starts_at })
        .collect();
    PollRequest { sport: sport.clone(), now, follow, cursor: state.cursor }
}

impl SportActor {
    /// Begins a poll, if this instance leads, none is under way, and nothing that failed is to be left alone.
    fn poll(&self, myself: &ActorRef<Msg>, state: &mut State) {
        let Some(leadership) = self.shared.leadership() else {
            self.context.reporter.doing("standing by");
            return;
        };
        if state.work.is_some() || state.ended {
            return;
        }
        if state.failures.any() && state.timer.is_ahead() {
            self.context.reporter.idle();
            return;
        }
        if let Err(wait) = self.take_requests(state) {
            self.context.reporter.doing("out of requests");
            self.wait(state, Some(self.shared.world.clock.wait_for(wait)));
            return;
        }
        let poll = Poll {
            epoch: leadership.epoch,
            loaded: state.rules.take().filter(|loaded| loaded.epoch == leadership.epoch),
            sport: self.sport.clone(),
            feed: Arc::clone(&self.feed),
            world: Arc::clone(&self.shared.world),
            reporter: self.context.reporter.clone(),
        };
        self.context.reporter.doing("polling");
        let polled = |polled| Msg::Polled(Box::new(polled));
        state.work = Some(offload(myself.clone(), poll.run(), polled, Msg::Crashed));
    }

    fn budget(&self) -> Option<Budget<'_>> {
        Budget::of(&self.shared, self.feed.name())
    }

    /// Takes the next poll's requests out of the feed's budget, where it has one.
    fn take_requests(&self, state: &State) -> Result<(), Duration> {
        let Some(budget) = self.budget() else { return Ok(()) };
        let world = &self.shared.world;
        let requests = state
            .rules
            .as_ref()
            .map_or(1, |loaded| self.feed.requests(&request(&self.sport, world, &loaded.state)));
        budget.take(requests, world.clock.now())
    }

    /// Detects, and begins the commit.
    fn answered(&self, myself: &ActorRef<Msg>, state: &mut State, loaded: Loaded, answer: Answer) {
        let Loaded { epoch, state: mut next_state } = loaded;
        let rules = self.shared.policy.borrow().rules(&self.sport.key);
        let step = step(&mut next_state, &answer.snapshot, &self.sport, &rules);
        next_state.cursor = answer.cursor;
        let record = PollRecord {
            sport: self.sport.key.clone(),
            feed: answer.snapshot.feed,
            seen_at: answer.snapshot.seen_at,
            epoch,
            state: next_state,
            observed: step.observed,
            stories: step.stories,
        };
        let (world, reporter) = (Arc::clone(&self.shared.world), self.context.reporter.clone());
        let commit = async move {
            let result = patiently(reporter, world.ledger.record_poll(&record)).await;
            Recorded { record, next: answer.next, result }
        };
        self.context.reporter.doing("recording");
        let recorded = |recorded| Msg::Recorded(Box::new(recorded));
        state.work = Some(offload(myself.clone(), commit, recorded, Msg::Crashed));
    }

    /// Tells the generator, and says when to look again.
    fn recorded(&self, state: &mut State, recorded: Recorded) {
        let Recorded { record, next, result } = recorded;
        if let Err(error) = result {
            return self.ledger_failed(state, &error);
        }
        self.tell(&record.stories);
        state.failures = Failures::default();
        self.context.reporter.ok();
        self.context.reporter.idle();
        let rules = self.shared.policy.borrow().rules(&self.sport.key);
        let wait = self.next_wait(&record.state, next, &rules, state);
        state.rules = Some(Loaded { epoch: record.epoch, state: record.state });
        self.wait(state, wait);
    }

    fn tell(&self, stories: &[Story]) {
        for story in stories {
            let (id, significance) = (&story.id, story.significance.total);
            match &story.verdict {
                Verdict::Told => {
                    tracing::info!(actor = "sport", sport = %self.sport.key, story = %id, significance, "story told");
                }
                Verdict::Untold { reason } => {
                    tracing::debug!(actor = "sport", sport = %self.sport.key, story = %id, significance, %reason, "story untold");
                }
            }
        }
        if stories.iter().any(|story| story.verdict == Verdict::Told) {
            self.shared.bells.generator.ring();
        }
    }

    fn next_wait(
        &self,
        rules_state: &SportState,
        next: Next,
        rules: &Rules,
        state: &mut State,
    ) -> Option<Duration> {
        let clock = &self.shared.world.clock;
        let (now, rng) = (clock.now(), &mut state.rng);
        let span = match (next, self.budget()) {
            (Next::BySchedule, None) => schedule::next_poll(rules_state, &self.sport, rules, now, rng),
            (Next::BySchedule, Some(budget)) => {
                let wait = budget.next_poll(rules_state, &self.sport, now, rng);
                self.context.reporter.doing(budget.left(now));
                wait
            }
            (Next::After(span), _) => span,
            (Next::Ended, _) => {
                state.ended = true;
                self.context.reporter.doing("at the end of the recording");
                self.shared.ended.send_modify(|ended| {
                    ended.insert(self.sport.key.clone());
                });
                return None;
            }
        };
        Some(clock.wait_for(span))
    }

    /// A feed's trouble is a state of this sport and of nothing else.
    fn feed_failed(&self, state: &mut State, error: &FeedError) {
        state.failures.feed = state.failures.feed.saturating_add(1);
        let pace = FEED_BACKOFF.wait(state.failures.feed, state.rng.f64());
        let wait = match error.fault() {
            Fault::Transient { retry_after } => retry_after.unwrap_or(pace).max(pace),
            Fault::Permanent | Fault::Misconfigured => FEED_BACKOFF.max,
        };
        if state.failures.feed == 1 {
            tracing::warn!(actor = "sport", sport = %self.sport.key, feed = self.feed.name(), %error, "feed failed");
        }
        self.degrade(state, format!("{}: {error}", self.feed.name()), wait);
    }

    /// Whatever the reason, what the ledger holds is the truth: it is read again before the next poll.
    fn ledger_failed(&self, state: &mut State, error: &LedgerError) {
        state.failures.ledger = state.failures.ledger.saturating_add(1);
        tracing::warn!(actor = "sport", sport = %self.sport.key, %error, "poll not recorded");
        let wait = LEDGER_BACKOFF.wait(state.failures.ledger, state.rng.f64());
        self.degrade(state, error.to_string(), wait);
    }

    fn degrade(&self, state: &mut State, reason: String, wait: Duration) {
        self.context.reporter.degraded(reason);
        self.context.reporter.idle();
        self.wait(state, Some(wait));
    }

    fn wait(&self, state: &mut State, wait: Option<Duration>) {
        if let Some(wait) = wait {
            self.context.reporter.next_in(wait);
        }
        state.timer.set(wait);
    }
}

impl Failures {
    fn any(&self) -> bool {
        self.feed + self.ledger > 0
    }
}

impl Actor for SportActor {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let leadership = self.shared.leadership.subscribe();
        myself.cast(Msg::LeadershipChanged)?;
        Ok(State {
            rules: None,
            failures: Failures::default(),
            ended: false,
            work: None,
            timer: Timer::new(self.shared.timing.heartbeat()),
            rng: fastrand::Rng::with_seed(self.seed),
            _leadership: forward_changes(leadership, myself, || Msg::LeadershipChanged),
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
                self.poll(&myself, state);
            }
            Msg::Wake => {}
            Msg::LeadershipChanged => self.poll(&myself, state),
            Msg::Polled(polled) => {
                state.work = None;
                match *polled {
                    Polled::Answered(loaded, answer) => self.answered(&myself, state, loaded, answer),
                    Polled::FeedFailed(loaded, error) => {
                        state.rules = Some(loaded);
                        self.feed_failed(state, &error);
                    }
                    Polled::NotLoaded(error) => self.ledger_failed(state, &error),
                }
            }
            Msg::Recorded(recorded) => {
                state.work = None;
                self.recorded(state, *recorded);
            }
            Msg::Crashed(text) => return Err(format!("poll panicked: {text}").into()),
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }
}
