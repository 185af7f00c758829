//! MLB's StatsAPI: keyless, for Major League Baseball alone.
//!
//! One request a poll, for the schedule of the US-Eastern day with line scores and teams. Every answer carries MLB
//! Advanced Media's copyright note, whose terms allow individual, non-commercial, non-bulk use: whoever turns this feed on
//! answers for that. So one page is asked for at the pace of the schedule, nothing is fetched ahead, and only facts are
//! kept.
//!
//! The abstract state says `Final` of postponed games too; the coded state tells them apart.

pub mod parse;
mod status;
mod teams;

#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use wirereport_actors::ports::feed::{Answer, Dated, Feed, FeedError, PollRequest};
use wirereport_actors::wire::detect::eastern_date;
use wirereport_actors::wire::quota::Reading;
use wirereport_actors::wire::sport::Sport;

pub use teams::codes;

use super::daily::{Daily, DailySettings, Source};

/// Where the API begins.
pub const BASE_URL: &str = "https://statsapi.mlb.com/api";

/// The key of the league it carries.
pub const LEAGUE: &str = "mlb";

static SOURCE: Source = Source {
    name: "statsapi",
    carried: LEAGUE,
    carries: |sport| sport.key.as_str() == LEAGUE,
    usual_url: BASE_URL,
    day: eastern_date,
    path: |_| "v1/schedule".to_owned(),
    query,
    board: |body, _, day| parse::board(body, day),
    error_body: parse::error_body,
    left: |_| Reading::default(),
};

fn query(_: &Sport, day: Date) -> Vec<(&'static str, String)> {
    vec![("sportId", "1".to_owned()), ("date", day.to_string()), ("hydrate", "linescore,team".to_owned())]
}

/// The StatsAPI feed.
#[derive(Debug)]
pub struct StatsApi(Daily);

impl StatsApi {
    /// A feed that has asked nothing yet.
    ///
    /// # Errors
    /// [`FeedError::Misconfigured`] where the address is unusable or TLS cannot be set up.
    pub fn new(settings: &DailySettings) -> Result<Self, FeedError> {
        Daily::new(&SOURCE, settings).map(Self)
    }
}

#[async_trait]
impl Feed for StatsApi {
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
