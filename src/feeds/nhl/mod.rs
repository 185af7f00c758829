//! The NHL's own scores (api-web): keyless and undocumented, for the NHL alone.
//!
//! One request a poll, for the scores of the US-Eastern day by its date; the page called `now` only redirects.
//!
//! **Shoot-outs.** The league credits the side that wins one with a goal: a 2-2 game is published as 3-2. Here the score
//! stays level, and that goal is moved beside it, as the league's own line score has it: a period `SO` of 1-0. It says who
//! won and not how many scored, which this page does not hold; the texts say no more either.
//!
//! **Over, but not final.** `OVER` is the state between the last buzzer and the official result; it counts as still being
//! played. A final that stands level is none in this league, and leaves the phase as it was.

pub mod parse;
mod plays;
mod status;
mod teams;

#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use wirereport_actors::ports::feed::{Answer, Dated, Feed, FeedError, PollRequest};
use wirereport_actors::wire::detect::eastern_date;
use wirereport_actors::wire::quota::Reading;

pub use teams::codes;

use super::daily::{Daily, DailySettings, Source};

/// Where the API begins.
pub const BASE_URL: &str = "https://api-web.nhle.com";

/// The key of the league it carries.
pub const LEAGUE: &str = "nhl";

static SOURCE: Source = Source {
    name: "nhl",
    carried: LEAGUE,
    carries: |sport| sport.key.as_str() == LEAGUE,
    usual_url: BASE_URL,
    day: eastern_date,
    path: |day| format!("v1/score/{day}"),
    query: |_, _| Vec::new(),
    board: |body, _, day| parse::board(body, day),
    error_body: parse::error_body,
    left: |_| Reading::default(),
};

/// The NHL feed.
#[derive(Debug)]
pub struct Nhl(Daily);

impl Nhl {
    /// A feed that has asked nothing yet.
    ///
    /// # Errors
    /// [`FeedError::Misconfigured`] where the address is unusable or TLS cannot be set up.
    pub fn new(settings: &DailySettings) -> Result<Self, FeedError> {
        Daily::new(&SOURCE, settings).map(Self)
    }
}

#[async_trait]
impl Feed for Nhl {
    fn name(&self) -> &str {
        SOURCE.name
    }

    fn answers_within(&self) -> Option<Duration> {
        Some(self.0.answers_within())
    }

    fn requests(&self, request: &PollRequest) -> u32 {
        self.0.requests(request)
    }

    fn dated(&self) -> Option<Dated> {
        self.0.dated()
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        self.0.poll(request).await
    }
}
