//! One poll of a sport's feed, beside the actor.

use std::sync::Arc;

use tokio::time::timeout;

use super::world::{World, patiently};
use crate::ports::feed::{Answer, Feed, FeedError, PollRequest};
use crate::ports::ledger::LedgerError;
use crate::supervision::Reporter;
use crate::wire::detect::SportState;
use crate::wire::post::Epoch;
use crate::wire::sport::{Sport, SportKey};

/// The rule state, as the ledger held it when this epoch began or the last poll left it.
pub(super) struct Loaded {
    pub(super) epoch: Epoch,
    pub(super) state: SportState,
}

/// What a poll came to; of which feed, by its place among the sport's.
pub(super) enum Polled {
    Answered(Loaded, usize, Answer),
    FeedFailed(Loaded, usize, FeedError),
    NotLoaded(LedgerError),
}

/// One poll.
pub(super) struct Poll {
    pub(super) epoch: Epoch,
    pub(super) loaded: Option<Loaded>,
    pub(super) key: SportKey,
    pub(super) sport: Sport,
    pub(super) feed: usize,
    pub(super) port: Arc<dyn Feed>,
    pub(super) world: Arc<World>,
    pub(super) reporter: Reporter,
}

impl Poll {
    pub(super) async fn run(mut self) -> Polled {
        let loaded = match self.loaded.take() {
            Some(loaded) => loaded,
            None => match self.load().await {
                Ok(loaded) => loaded,
                Err(error) => return Polled::NotLoaded(error),
            },
        };
        let now = self.world.clock.now();
        let request = PollRequest::new(&self.sport, self.port.name(), &loaded.state, now);
        match ask(self.port.as_ref(), &request).await {
            Ok(answer) => Polled::Answered(loaded, self.feed, answer),
            Err(error) => Polled::FeedFailed(loaded, self.feed, error),
        }
    }

    async fn load(&self) -> Result<Loaded, LedgerError> {
        let load = self.world.ledger.load_sport(&self.key);
        let state = patiently(self.reporter.clone(), load).await?.unwrap_or_default();
        Ok(Loaded { epoch: self.epoch, state })
    }
}

/// Asks once, and gives up on an answer that does not come.
pub(super) async fn ask(feed: &dyn Feed, request: &PollRequest) -> Result<Answer, FeedError> {
    let poll = feed.poll(request);
    match feed.answers_within() {
        Some(limit) => timeout(limit, poll).await.unwrap_or(Err(FeedError::TimedOut { limit })),
        None => poll.await,
    }
}
