//! A feed in memory that answers what a test tells it to.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::ports::feed::{Answer, Feed, FeedError, PollRequest};

/// A queue of answers and errors; the last one is repeated.
///
/// Every answer is dated when it is given: its snapshot's `seen_at` is the time of the request.
#[derive(Debug)]
pub struct ScriptedFeed {
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Result<Answer, FeedError>>,
    requests: Vec<PollRequest>,
}

impl ScriptedFeed {
    /// A feed of that name with that script. An empty script is answered as misconfigured.
    pub fn new(name: impl Into<String>, script: impl IntoIterator<Item = Result<Answer, FeedError>>) -> Self {
        let state = State { script: script.into_iter().collect(), requests: Vec::new() };
        Self { name: name.into(), state: Mutex::new(state) }
    }

    /// Adds to the end of the script.
    pub fn push(&self, answer: Result<Answer, FeedError>) {
        self.state().script.push_back(answer);
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<PollRequest> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Feed for ScriptedFeed {
    fn name(&self) -> &str {
        &self.name
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let mut state = self.state();
        state.requests.push(request.clone());
        let next =
            if state.script.len() > 1 { state.script.pop_front() } else { state.script.front().cloned() };
        let empty = || FeedError::Misconfigured { detail: "the script is empty".to_owned() };
        let mut answer = next.ok_or_else(empty)??;
        answer.snapshot.seen_at = request.now;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::ports::feed::Next;
    use crate::wire::game::Snapshot;
    use crate::wire::sport::{Sport, SportKey};

    #[tokio::test]
    async fn answers_come_in_order_and_the_last_is_repeated() {
        let answer = |cursor| Answer {
            news: None,
            snapshot: Snapshot {
                sport: SportKey::new("nba"),
                feed: "scripted".to_owned(),
                seen_at: Timestamp::UNIX_EPOCH,
                games: Vec::new(),
            },
            cursor: Some(cursor),
            next: Next::BySchedule,
        };
        let feed = ScriptedFeed::new(
            "scripted",
            [Ok(answer(1)), Err(FeedError::Status { status: 502 }), Ok(answer(2))],
        );
        let now = Timestamp::from_second(7).unwrap();
        let request = PollRequest { sport: Sport::of("nba").unwrap(), now, follow: Vec::new(), cursor: None };
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(feed.poll(&request).await.map(|answer| (answer.cursor, answer.snapshot.seen_at)));
        }
        let repeated = Ok((Some(2), now));
        let expected =
            [Ok((Some(1), now)), Err(FeedError::Status { status: 502 }), repeated.clone(), repeated];
        assert_eq!(seen, expected);
        assert_eq!(feed.requests().len(), 4);
    }
}
