//! A sport's feeds: one that fails, and one that is asked *aside*, beside the poll.
//!
//! Where a sport has several feeds, [`failover`](crate::wire::failover) says which is polled. Another one is asked in a task
//! of its own, so that it holds nothing up; what it shows is no news by itself.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ractor::ActorRef;

use super::{Msg, SportActor, State};
use crate::ports::Fault;
use crate::ports::feed::{Answer, FeedError, PollRequest};
use crate::ports::ledger::PollRecord;
use crate::supervision::Backoff;
use crate::tree::poll::ask;
use crate::tree::task::offload;
use crate::wire::alert::Watched;
use crate::wire::detect::{Held, SportState};
use crate::wire::failover::Failover;
use crate::wire::game::{Phase, Score};
use crate::wire::schedule;

/// What a feed said that was asked beside the poll.
pub(in crate::tree) struct Aside {
    feed: usize,
    said: Result<Answer, FeedError>,
}

/// The pace at which a feed that fails is asked again.
const FEED_BACKOFF: Backoff = Backoff {
    initial: Duration::from_secs(10),
    max: Duration::from_secs(300),
    jitter: 0.2,
    reset_after: Duration::ZERO,
};

impl SportActor {
    /// Asks a feed that was left, to see whether it is well again, or another one for its word on a final. One at a time,
    /// and only where its budget has a request for it.
    pub(super) fn ask_aside(&self, myself: &ActorRef<Msg>, state: &mut State, rules_state: &SportState) {
        let now = self.now();
        if state.aside.is_some() {
            return;
        }
        let rules = self.rules();
        let waits = rules.cross_check.is_some() && rules_state.awaits_word();
        let witness = || state.feeds.witness(now).filter(|_| waits);
        let Some(feed) = state.feeds.probe(now).or_else(witness) else { return };
        if self.budget(feed).is_some_and(|budget| budget.take(1, now).is_err()) {
            return;
        }
        let port = Arc::clone(&self.feeds[feed]);
        let request = PollRequest::new(&self.sport, port.name(), rules_state, now);
        let asked = async move { Aside { feed, said: ask(port.as_ref(), &request).await } };
        let aside = |aside| Msg::Aside(Box::new(aside));
        state.aside = Some(offload(myself.clone(), asked, aside, Msg::Crashed));
    }

    pub(super) fn heard_aside(&self, state: &mut State, aside: Aside) {
        let Aside { feed, said } = aside;
        let changed = match said {
            Ok(answer) => {
                state.heard.push(answer.snapshot);
                self.feed_answered(feed);
                state.feeds.answered(feed, self.now())
            }
            Err(error) => self.note_failure(state, feed, &error),
        };
        if changed {
            self.say_changed(&state.feeds);
        }
    }

    /// A feed's trouble is a state of this sport and of nothing else. Where another feed takes over it is asked at once.
    pub(super) fn feed_failed(&self, state: &mut State, feed: usize, error: &FeedError) {
        let name = self.feeds[feed].name();
        if state.feeds.failures(feed) == 0 {
            tracing::warn!(actor = "sport", sport = %self.key, feed = name, %error, "feed failed");
        }
        if self.note_failure(state, feed, error) {
            self.say_changed(&state.feeds);
        }
        let reason = self.standing(&state.feeds).unwrap_or_else(|| format!("{name}: {error}"));
        let wait = state.feeds.wait(self.now());
        self.degrade(state, reason, wait);
    }

    /// Gives whether another feed is in use now.
    fn note_failure(&self, state: &mut State, feed: usize, error: &FeedError) -> bool {
        if let FeedError::BreakerOpen { failures, .. } = error {
            let name = self.feeds[feed].name();
            self.shared
                .breakers
                .send_if_modified(|open| open.insert(name.to_owned(), *failures) != Some(*failures));
        }
        let failures = state.feeds.failures(feed).saturating_add(1);
        let pace = FEED_BACKOFF.wait(failures, state.rng.f64());
        let wait = match error.fault() {
            Fault::Transient { retry_after } => retry_after.unwrap_or(pace).max(pace),
            Fault::Permanent | Fault::Misconfigured => FEED_BACKOFF.max,
        };
        state.feeds.failed(feed, error.to_string(), wait, self.now())
    }

    /// Its host answers, whatever it said before.
    pub(super) fn feed_answered(&self, feed: usize) {
        let name = self.feeds[feed].name();
        self.shared.breakers.send_if_modified(|open| open.remove(name).is_some());
    }

    /// Notes what a poll showed of games under way.
    pub(super) fn saw(&self, record: &PollRecord, next: Option<Duration>) {
        let now = self.now();
        let next_at = next.map_or(Timestamp::MAX, |wait| now.checked_add(wait).unwrap_or(Timestamp::MAX));
        let live = schedule::live(&record.state, now);
        let watched = Watched { live, answered_at: record.seen_at, next_at };
        self.shared.watched.send_modify(|all| {
            all.insert(self.key.clone(), watched);
        });
    }

    /// Notes that a poll showed nothing. After a start what was under way is known from the ledger alone.
    pub(super) fn saw_nothing(&self, state: &SportState) {
        let now = self.now();
        self.shared.watched.send_if_modified(|all| {
            if all.contains_key(&self.key) {
                return false;
            }
            let live = schedule::live(state, now);
            let answered_at = state.games.values().map(|game| game.seen_at).max().unwrap_or(now);
            all.insert(self.key.clone(), Watched { live, answered_at, next_at: now });
            true
        });
    }

    fn say_changed(&self, feeds: &Failover) {
        let feed = self.feeds[feeds.using()].name();
        match self.standing(feeds) {
            Some(reason) => tracing::warn!(actor = "sport", sport = %self.key, feed, "{reason}"),
            None => tracing::info!(actor = "sport", sport = %self.key, feed, "the first feed is back"),
        }
    }

    /// Which feed is read instead of which, and why; `None` while the first one is.
    pub(super) fn standing(&self, feeds: &Failover) -> Option<String> {
        let instead: Vec<String> = feeds
            .passed_over()
            .map(|(feed, failures, error)| {
                let name = self.feeds[feed].name();
                match failures {
                    0 => format!("{name} answers again and is being watched, after: {error}"),
                    1 => format!("{name}: {error}"),
                    _ => format!("{name} failed {failures} times in a row: {error}"),
                }
            })
            .collect();
        let reading = self.feeds[feeds.using()].name();
        (!instead.is_empty()).then(|| format!("reading {reading}; {}", instead.join("; ")))
    }

    /// Says which feed is read, where there is a choice.
    pub(super) fn rest(&self, state: &State) {
        match self.feeds.as_slice() {
            [_] => self.context.reporter.idle(),
            feeds => self.context.reporter.doing(format!("reading {}", feeds[state.feeds.using()].name())),
        }
    }
}

/// Why a final is held, and what to do.
pub(super) fn in_words(held: &Held) -> String {
    let score = |score: Score| format!("{}-{}", score.home, score.away);
    let (feed, shown) = &held.shown;
    let other = held.score.map_or_else(String::new, |other| format!(" at {}", score(other)));
    let phase = match held.phase {
        Phase::Final => "final",
        Phase::Suspended | Phase::Postponed | Phase::Cancelled => "called off",
        _ => "under way",
    };
    format!(
        "the final of {} is held: {feed} has it at {}, {} has the game {phase}{other}; it is told when they agree, or \
         when the league's cross_check is turned off",
        held.game,
        score(*shown),
        held.by,
    )
}
