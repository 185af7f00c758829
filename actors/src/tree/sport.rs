//! A sport: asks its feed, detects what is news, and commits both in one transaction.
//!
//! The rule state in memory is a copy of what the ledger holds. A poll is applied to a clone of it, and the clone takes
//! its place only once it is committed; so whatever fails between, the next poll sees the same change again.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};

use super::bell::forward_changes;
use super::task::{Task, offload};
use super::timer::Timer;
use super::world::Shared;
use crate::ports::Fault;
use crate::ports::feed::{Answer, Feed, FeedError, Followed, Next, PollRequest};
use crate::ports::ledger::{LedgerError, PollRecord};
use crate::supervision::{Backoff, StartContext};
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
    Answered(Result<Box<Answer>, FeedError>),
    PollCrashed(String),
}

pub(super) struct State {
    rules: Option<Loaded>,
    failures: u32,
    ended: bool,
    poll: Option<Task>,
    timer: Timer,
    rng: fastrand::Rng,
    _leadership: Task,
}

/// The rule state, as the ledger held it when this epoch began.
struct Loaded {
    epoch: Epoch,
    state: SportState,
}

/// The pace at which a feed that fails is asked again.
const FEED_BACKOFF: Backoff = Backoff {
    initial: Duration::from_secs(10),
    max: Duration::from_secs(300),
    jitter: 0.2,
    reset_after: Duration::ZERO,
};

impl SportActor {
    /// Begins a poll, if this instance leads and none is under way.
    async fn poll(&self, myself: &ActorRef<Msg>, state: &mut State) {
        let Some(leadership) = self.shared.leadership() else {
            self.context.reporter.doing("standing by");
            return;
        };
        if state.poll.is_some() || state.ended {
            return;
        }
        if state.rules.as_ref().is_none_or(|loaded| loaded.epoch != leadership.epoch) {
            match self.load(leadership.epoch).await {
                Ok(loaded) => state.rules = Some(loaded),
                Err(error) => return self.ledger_failed(state, &error),
            }
        }
        let Some(loaded) = &state.rules else { return };
        let request = self.request(&loaded.state);
        let feed = Arc::clone(&self.feed);
        self.context.reporter.doing("polling");
        state.poll = Some(offload(
            myself.clone(),
            async move { feed.poll(&request).await.map(Box::new) },
            Msg::Answered,
            Msg::PollCrashed,
        ));
    }

    async fn load(&self, epoch: Epoch) -> Result<Loaded, LedgerError> {
        let state = self.shared.world.ledger.load_sport(&self.sport.key).await?.unwrap_or_default();
        Ok(Loaded { epoch, state })
    }

    fn request(&self, state: &SportState) -> PollRequest {
        let now = self.shared.world.clock.now();
        let follow = schedule::follow(state, now)
            .into_iter()
            .map(|(feed_id, starts_at)| Followed { feed_id, starts_at })
            .collect();
        PollRequest { sport: self.sport.clone(), now, follow, cursor: state.cursor }
    }

    /// Detects, commits, and says when to look again.
    async fn answered(&self, state: &mut State, answer: Answer) {
        let Some(loaded) = &state.rules else { return };
        let epoch = loaded.epoch;
        let mut next_state = loaded.state.clone();
        let rules = self.shared.policy.borrow().rules(&self.sport.key);
        let step = step(&mut next_state, &answer.snapshot, &self.sport, &rules);
        next_state.cursor = answer.cursor;
        let record = PollRecord {
            sport: self.sport.key.clone(),
            feed: answer.snapshot.feed.clone(),
            seen_at: answer.snapshot.seen_at,
            epoch,
            state: next_state,
            observed: step.observed,
            stories: step.stories,
        };
        if let Err(error) = self.shared.world.ledger.record_poll(&record).await {
            return self.ledger_failed(state, &error);
        }
        self.recorded(&record.stories);
        state.failures = 0;
        self.context.reporter.ok();
        self.context.reporter.idle();
        let wait = self.next_wait(&record.state, answer.next, &rules, state);
        state.rules = Some(Loaded { epoch, state: record.state });
        self.wait(state, wait);
    }

    fn recorded(&self, stories: &[Story]) {
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
        let span = match next {
            Next::BySchedule => {
                schedule::next_poll(rules_state, &self.sport, rules, clock.now(), &mut state.rng)
            }
            Next::After(span) => span,
            Next::Ended => {
                state.ended = true;
                self.context.reporter.doing("at the end of the recording");
                self.shared.ended.send_modify(|ended| ended.push(self.sport.key.clone()));
                return None;
            }
        };
        Some(clock.wait_for(span))
    }

    /// A feed's trouble is a state of this sport and of nothing else.
    fn feed_failed(&self, state: &mut State, error: &FeedError) {
        state.failures = state.failures.saturating_add(1);
        let pace = FEED_BACKOFF.wait(state.failures, state.rng.f64());
        let wait = match error.fault() {
            Fault::Transient { retry_after } => retry_after.unwrap_or(pace).max(pace),
            Fault::Permanent | Fault::Misconfigured => FEED_BACKOFF.max,
        };
        if state.failures == 1 {
            tracing::warn!(actor = "sport", sport = %self.sport.key, feed = self.feed.name(), %error, "feed failed");
        }
        self.degrade(state, format!("{}: {error}", self.feed.name()), wait);
    }

    fn ledger_failed(&self, state: &mut State, error: &LedgerError) {
        // Whatever the reason, what the ledger holds is the truth: read it again before the next poll.
        state.rules = None;
        tracing::warn!(actor = "sport", sport = %self.sport.key, %error, "poll not recorded");
        self.degrade(state, error.to_string(), Duration::from_secs(1));
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

impl Actor for SportActor {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let leadership = self.shared.leadership.subscribe();
        myself.cast(Msg::LeadershipChanged)?;
        Ok(State {
            rules: None,
            failures: 0,
            ended: false,
            poll: None,
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
                self.poll(&myself, state).await;
            }
            Msg::Wake => {}
            Msg::LeadershipChanged => self.poll(&myself, state).await,
            Msg::Answered(result) => {
                state.poll = None;
                match result {
                    Ok(answer) => self.answered(state, *answer).await,
                    Err(error) => self.feed_failed(state, &error),
                }
            }
            Msg::PollCrashed(text) => return Err(format!("poll panicked: {text}").into()),
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }
}
