//! A sport: asks its feed, detects what is news, and commits both in one transaction.
//!
//! The rule state in memory is a copy of what the ledger holds. A poll is applied to a clone of it, and the clone takes
//! its place only once it is committed; so whatever fails between, the next poll sees the same change again.
//!
//! A poll and its commit run beside the actor, one after the other, so that a feed or a ledger that does not answer
//! keeps nobody from stopping it. A feed is given up on after [`Feed::answers_within`]; a ledger never, see
//! [`patiently`].
//!
//! A feed of news is read by an actor of its own, which is a sport's without games: see [`news`].
//!
//! What feeds come to, one that fails and one that is asked beside the poll, is in [`feeds`].

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ractor::{Actor, ActorProcessingErr, ActorRef};

use self::feeds::{Aside, in_words};
use super::bell::forward_changes;
use super::budget::Budget;
use super::poll::{Loaded, Poll, Polled};
use super::task::{Task, offload};
use super::timer::Timer;
use super::world::{Shared, patiently};
use crate::ports::feed::{Answer, Feed, Next, PollRequest};
use crate::ports::ledger::{LedgerError, PollRecord};
use crate::supervision::{Backoff, StartContext};
use crate::wire::detect::SportState;
use crate::wire::failover::Failover;
use crate::wire::game::Snapshot;
use crate::wire::news;
use crate::wire::quota::paced;
use crate::wire::rules::Rules;
use crate::wire::schedule;
use crate::wire::sport::{Sport, SportKey};
use crate::wire::step::step;
use crate::wire::story::{Story, Verdict};

mod feeds;

pub(super) struct SportActor {
    /// What the ledger keeps its state under: the league's key, or of a feed of news a key of its own.
    pub(super) key: SportKey,
    pub(super) sport: Sport,
    /// Its feeds, the preferred one first.
    pub(super) feeds: Vec<Arc<dyn Feed>>,
    pub(super) shared: Shared,
    pub(super) context: StartContext,
    pub(super) seed: u64,
}

pub(super) enum Msg {
    Wake,
    LeadershipChanged,
    Polled(Box<Polled>),
    Recorded(Box<Recorded>),
    Aside(Box<Aside>),
    Crashed(String),
}

pub(super) struct State {
    rules: Option<Loaded>,
    feeds: Failover,
    ledger_failures: u32,
    ended: bool,
    work: Option<Task>,
    aside: Option<Task>,
    /// What other feeds showed since the last poll.
    heard: Vec<Snapshot>,
    timer: Timer,
    rng: fastrand::Rng,
    _leadership: Task,
}

/// What a commit came to.
pub(super) struct Recorded {
    record: PollRecord,
    next: Next,
    result: Result<(), LedgerError>,
}

/// The pace at which a ledger that fails is tried again. What could not be committed is polled anew, so over time this is
/// no faster than the schedule.
const LEDGER_BACKOFF: Backoff = Backoff {
    initial: Duration::from_secs(1),
    max: Duration::from_secs(30),
    jitter: 0.2,
    reset_after: Duration::ZERO,
};

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
        let using = state.feeds.using();
        let failed = state.feeds.failures(using) + state.ledger_failures > 0;
        if failed && state.timer.is_ahead() {
            self.rest(state);
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
            key: self.key.clone(),
            sport: self.sport.clone(),
            feed: using,
            port: Arc::clone(&self.feeds[using]),
            world: Arc::clone(&self.shared.world),
            reporter: self.context.reporter.clone(),
        };
        self.context.reporter.doing("polling");
        let polled = |polled| Msg::Polled(Box::new(polled));
        state.work = Some(offload(myself.clone(), poll.run(), polled, Msg::Crashed));
    }

    /// The budget of that feed, where it has one.
    fn budget(&self, feed: usize) -> Option<Budget<'_>> {
        Budget::of(&self.shared, self.feeds[feed].name())
    }

    /// Takes the next poll's requests out of the feed's budget, where it has one.
    fn take_requests(&self, state: &State) -> Result<(), Duration> {
        let using = state.feeds.using();
        let Some(budget) = self.budget(using) else { return Ok(()) };
        let (world, feed) = (&self.shared.world, &self.feeds[using]);
        let request =
            |loaded: &Loaded| PollRequest::new(&self.sport, feed.name(), &loaded.state, world.clock.now());
        let requests = state.rules.as_ref().map_or(1, |loaded| feed.requests(&request(loaded)));
        budget.take(requests, world.clock.now())
    }

    /// Detects, and begins the commit.
    fn answered(&self, myself: &ActorRef<Msg>, state: &mut State, loaded: Loaded, answer: Answer) {
        let Loaded { epoch, state: mut next_state } = loaded;
        let rules = self.rules();
        for snapshot in state.heard.drain(..) {
            next_state.hear(&snapshot, &self.sport, &rules);
        }
        let mut step = step(&mut next_state, &answer.snapshot, &self.sport, &rules);
        if let Some(page) = &answer.news {
            let now = answer.snapshot.seen_at;
            step.stories.extend(news::step(&mut next_state, page, &self.sport, &rules, now));
        }
        next_state.cursor = answer.cursor;
        let record = PollRecord {
            sport: self.key.clone(),
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
    fn recorded(&self, myself: &ActorRef<Msg>, state: &mut State, recorded: Recorded) {
        let Recorded { record, next, result } = recorded;
        if let Err(error) = result {
            return self.ledger_failed(state, &error);
        }
        self.tell(&record.stories);
        state.ledger_failures = 0;
        let held = record.state.held().map(|held| in_words(&held));
        let troubles: Vec<String> = self.standing(&state.feeds).into_iter().chain(held).collect();
        match troubles.as_slice() {
            [] => self.context.reporter.ok(),
            troubles => self.context.reporter.degraded(troubles.join("; ")),
        }
        self.rest(state);
        self.ask_aside(myself, state, &record.state);
        let rules = self.rules();
        let wait = self.next_wait(&record.state, next, &rules, state);
        self.saw(&record, wait);
        state.rules = Some(Loaded { epoch: record.epoch, state: record.state });
        self.wait(state, wait);
    }

    fn tell(&self, stories: &[Story]) {
        for story in stories {
            let (id, significance) = (&story.id, story.significance.total);
            match &story.verdict {
                Verdict::Told => {
                    tracing::info!(actor = "sport", sport = %self.key, story = %id, significance, "story told");
                }
                Verdict::Untold { reason } => {
                    tracing::debug!(actor = "sport", sport = %self.key, story = %id, significance, %reason, "story untold");
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
        let now = clock.now();
        let using = state.feeds.using();
        let span = match (next, self.budget(using)) {
            (Next::BySchedule, None) => {
                let wait = schedule::next_poll(rules_state, &self.sport, rules, now, &mut state.rng);
                let pace = self.feeds[using].pace(&self.sport, now);
                pace.map_or(wait, |pace| paced(wait, pace))
            }
            (Next::BySchedule, Some(budget)) => {
                let wait = budget.next_poll(rules_state, &self.sport, now, &mut state.rng);
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

    /// Whatever the reason, what the ledger holds is the truth: it is read again before the next poll.
    fn ledger_failed(&self, state: &mut State, error: &LedgerError) {
        state.ledger_failures = state.ledger_failures.saturating_add(1);
        tracing::warn!(actor = "sport", sport = %self.key, %error, "poll not recorded");
        let wait = LEDGER_BACKOFF.wait(state.ledger_failures, state.rng.f64());
        self.degrade(state, error.to_string(), wait);
    }

    fn degrade(&self, state: &mut State, reason: String, wait: Duration) {
        self.context.reporter.degraded(reason);
        self.rest(state);
        self.wait(state, Some(wait));
    }

    /// The sport's rules. One feed waits for no other's word.
    fn rules(&self) -> Rules {
        let rules = self.shared.policy.borrow().rules(&self.sport.key);
        Rules { cross_check: rules.cross_check.filter(|_| self.feeds.len() > 1), ..rules }
    }

    fn now(&self) -> Timestamp {
        self.shared.world.clock.now()
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
            feeds: Failover::new(self.feeds.len()),
            ledger_failures: 0,
            ended: false,
            work: None,
            aside: None,
            heard: Vec::new(),
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
                    Polled::Answered(loaded, feed, answer) => {
                        state.feeds.answered(feed, self.now());
                        self.feed_answered(feed);
                        self.answered(&myself, state, loaded, answer);
                    }
                    Polled::FeedFailed(loaded, feed, error) => {
                        self.saw_nothing(&loaded.state);
                        state.rules = Some(loaded);
                        self.feed_failed(state, feed, &error);
                    }
                    Polled::NotLoaded(error) => self.ledger_failed(state, &error),
                }
            }
            Msg::Recorded(recorded) => {
                state.work = None;
                self.recorded(&myself, state, *recorded);
            }
            Msg::Aside(aside) => {
                state.aside = None;
                self.heard_aside(state, *aside);
            }
            Msg::Crashed(text) => return Err(format!("poll panicked: {text}").into()),
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }
}
