//! API-Sports: paid for by the request, for the NBA, the NFL and soccer, directly or through RapidAPI.
//!
//! It is a product for each sport, each with a host, a shape and limits of its own; what they share is the envelope
//! ([`envelope`]), in which a refusal is an answer with HTTP 200 and something in `errors`. One request a poll brings the
//! day's games of a league, by the day in UTC.
//!
//! **Limits.** Every answer says how many requests are left, today and in this minute, in two dialects that both are read
//! ([`limits`]). What is left is divided over the day and over the sports that share it; when it is spent, nothing is asked
//! until there is more.
//!
//! **One name for a team.** Games are known again across feeds by the teams' codes, so the teams have ESPN's. Soccer clubs
//! have them in the Premier League only: elsewhere this feed is for those who have no other.
//!
//! **What is not believed.** A league by its number alone: its name and country must be the expected ones. A period that
//! the line score contradicts. Line scores that do not add up to the score. The sides' goals as plays: their order is not
//! sure.

pub mod envelope;
mod football;
mod gridiron;
pub mod leagues;
pub mod limits;
mod nba;
mod standing;
mod teams;

#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use wirereport_actors::ports::feed::{Answer, Dated, Feed, FeedError, PollRequest};
use wirereport_actors::wire::quota::QuotaPace;
use wirereport_actors::wire::sport::Sport;

pub use self::standing::Standing;
use super::breaker::BreakerSettings;
use super::daily::{Board, Daily, DailySettings, Source};

/// The feed's name.
pub const NAME: &str = "api_sports";
/// What it carries, in words.
pub const CARRIED: &str = "nba, nfl and soccer leagues such as eng.1";

/// Whose door is knocked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// API-Sports' own hosts.
    Direct,
    /// RapidAPI.
    Rapidapi,
}

/// The products, one a sport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// API-FOOTBALL v3: soccer.
    Football,
    /// API-NBA v2.
    Nba,
    /// API-AMERICAN-FOOTBALL v1.
    AmericanFootball,
}

impl Product {
    /// The product that carries a league.
    pub fn of(sport: &Sport) -> Option<Self> {
        match sport.key.as_str() {
            "nba" => Some(Self::Nba),
            "nfl" => Some(Self::AmericanFootball),
            _ => leagues::of(sport).map(|_| Self::Football),
        }
    }

    /// Where its pages begin.
    pub fn usual_url(self, gateway: Gateway) -> &'static str {
        match (self, gateway) {
            (Self::Football, Gateway::Direct) => "https://v3.football.api-sports.io",
            (Self::Nba, Gateway::Direct) => "https://v2.nba.api-sports.io",
            (Self::AmericanFootball, Gateway::Direct) => "https://v1.american-football.api-sports.io",
            (Self::Football, Gateway::Rapidapi) => "https://api-football-v1.p.rapidapi.com/v3",
            (Self::Nba, Gateway::Rapidapi) => "https://api-nba-v1.p.rapidapi.com",
            (Self::AmericanFootball, Gateway::Rapidapi) => "https://api-american-football.p.rapidapi.com",
        }
    }

    fn source(self) -> &'static Source {
        match self {
            Self::Football => &FOOTBALL,
            Self::Nba => &NBA,
            Self::AmericanFootball => &AMERICAN_FOOTBALL,
        }
    }
}

static FOOTBALL: Source = Source {
    name: NAME,
    carried: CARRIED,
    carries: |sport| Product::of(sport) == Some(Product::Football),
    usual_url: "https://v3.football.api-sports.io",
    day: utc_date,
    path: |_| "fixtures".to_owned(),
    query: |sport, day| leagues::of(sport).map(|league| league.query(day)).unwrap_or_default(),
    board: football::board,
    error_body: envelope::error_body,
    left: limits::left,
};

static NBA: Source = Source {
    name: NAME,
    carried: CARRIED,
    carries: |sport| Product::of(sport) == Some(Product::Nba),
    usual_url: "https://v2.nba.api-sports.io",
    day: utc_date,
    path: |_| "games".to_owned(),
    query: |_, day| vec![("date", day.to_string())],
    board: nba::board,
    error_body: envelope::error_body,
    left: limits::left,
};

static AMERICAN_FOOTBALL: Source = Source {
    name: NAME,
    carried: CARRIED,
    carries: |sport| Product::of(sport) == Some(Product::AmericanFootball),
    usual_url: "https://v1.american-football.api-sports.io",
    day: utc_date,
    path: |_| "games".to_owned(),
    query: gridiron::query,
    board: gridiron::board,
    error_body: envelope::error_body,
    left: limits::left,
};

fn utc_date(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

/// Reads a body as a league's games of that day.
///
/// # Errors
/// [`FeedError::Truncated`], [`FeedError::Malformed`], [`FeedError::NotABoard`], or what the envelope's errors mean.
pub fn board(body: &[u8], sport: &Sport, day: Date) -> Result<Board, FeedError> {
    match Product::of(sport) {
        Some(product) => (product.source().board)(body, sport, day),
        None => Err(not_carried(sport)),
    }
}

/// How API-Sports is asked.
#[derive(Debug, Clone)]
pub struct ApiSportsSettings {
    /// Whose door is knocked at.
    pub gateway: Gateway,
    /// The key.
    pub key: SecretString,
    /// What the variable is called that holds it, for messages.
    pub key_name: String,
    /// Where the pages of a product begin; `None` where they usually do.
    pub football_url: Option<String>,
    /// As `football_url`, for the NBA.
    pub nba_url: Option<String>,
    /// As `football_url`, for American football.
    pub american_football_url: Option<String>,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long a whole exchange may take.
    pub total: Duration,
    /// The most bytes of an answer, unpacked.
    pub body_cap: usize,
    /// When a host is left alone.
    pub breaker: BreakerSettings,
}

impl ApiSportsSettings {
    /// The usual limits, with that key.
    pub fn new(gateway: Gateway, key: SecretString, key_name: impl Into<String>) -> Self {
        let usual = DailySettings::at("");
        Self {
            gateway,
            key,
            key_name: key_name.into(),
            football_url: None,
            nba_url: None,
            american_football_url: None,
            connect: usual.connect,
            total: usual.total,
            body_cap: usual.body_cap,
            breaker: usual.breaker,
        }
    }

    fn product(&self, product: Product) -> Result<DailySettings, FeedError> {
        let own = match product {
            Product::Football => &self.football_url,
            Product::Nba => &self.nba_url,
            Product::AmericanFootball => &self.american_football_url,
        };
        let base_url = own.as_deref().unwrap_or_else(|| product.usual_url(self.gateway));
        Ok(DailySettings {
            connect: self.connect,
            total: self.total,
            body_cap: self.body_cap,
            breaker: self.breaker,
            headers: self.headers(base_url)?,
            ..DailySettings::at(base_url)
        })
    }

    /// What says who asks.
    fn headers(&self, base_url: &str) -> Result<Vec<(HeaderName, HeaderValue)>, FeedError> {
        let unusable = |_| FeedError::Misconfigured {
            detail: format!("the key in {} has a character that no header can hold", self.key_name),
        };
        let mut key = HeaderValue::from_str(self.key.expose_secret()).map_err(unusable)?;
        key.set_sensitive(true);
        Ok(match self.gateway {
            Gateway::Direct => vec![(HeaderName::from_static("x-apisports-key"), key)],
            Gateway::Rapidapi => {
                let host = Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
                let host = HeaderValue::from_str(&host.unwrap_or_default()).ok();
                let host = host.map(|host| (HeaderName::from_static("x-rapidapi-host"), host));
                let key = (HeaderName::from_static("x-rapidapi-key"), key);
                std::iter::once(key).chain(host).collect()
            }
        })
    }
}

/// The API-Sports feed. One serves every league, so that each product's limits are kept over all of them.
#[derive(Debug)]
pub struct ApiSports {
    football: Daily,
    nba: Daily,
    american_football: Daily,
    key: SecretString,
    key_name: String,
}

impl ApiSports {
    /// A feed that has asked nothing yet.
    ///
    /// # Errors
    /// [`FeedError::Misconfigured`] where an address or the key is unusable or TLS cannot be set up.
    pub fn new(settings: &ApiSportsSettings) -> Result<Self, FeedError> {
        let product = |product: Product| Daily::new(product.source(), &settings.product(product)?);
        Ok(Self {
            football: product(Product::Football)?,
            nba: product(Product::Nba)?,
            american_football: product(Product::AmericanFootball)?,
            key: settings.key.clone(),
            key_name: settings.key_name.clone(),
        })
    }

    fn daily(&self, sport: &Sport) -> Option<&Daily> {
        Some(match Product::of(sport)? {
            Product::Football => &self.football,
            Product::Nba => &self.nba,
            Product::AmericanFootball => &self.american_football,
        })
    }

    /// Asks what plan the key has for the product that carries that sport, and how much of it is used today: a page that
    /// costs no request.
    ///
    /// # Errors
    /// As for a poll.
    pub async fn standing(&self, sport: &Sport, now: Timestamp) -> Result<Standing, FeedError> {
        let daily = self.daily(sport).ok_or_else(|| not_carried(sport))?;
        let page = daily.free_page("status", now).await;
        page.and_then(|body| standing::read(&body)).map_err(|error| self.in_words(error))
    }

    /// By what time the host that carries that sport dated its last answer.
    pub fn dated_for(&self, sport: &Sport) -> Option<Dated> {
        self.daily(sport)?.dated()
    }

    /// Says what a refusal means here, and lets no key out that the host may have sent back.
    fn in_words(&self, error: FeedError) -> FeedError {
        let without_key = |text: String| text.replace(self.key.expose_secret(), "(secret)");
        match error {
            FeedError::Refused { status } => FeedError::Misconfigured {
                detail: format!(
                    "refused with HTTP {status}; check the key in {} and what its plan covers",
                    self.key_name
                ),
            },
            FeedError::Misconfigured { detail } => FeedError::Misconfigured { detail: without_key(detail) },
            FeedError::ErrorBody { code, message } => {
                FeedError::ErrorBody { code, message: without_key(message) }
            }
            error => error,
        }
    }
}

#[async_trait]
impl Feed for ApiSports {
    fn name(&self) -> &str {
        NAME
    }

    fn answers_within(&self) -> Option<Duration> {
        Some(self.nba.answers_within())
    }

    fn pace(&self, sport: &Sport, now: Timestamp) -> Option<QuotaPace> {
        self.daily(sport)?.pace(now)
    }

    fn requests(&self, request: &PollRequest) -> u32 {
        self.daily(&request.sport).map_or(1, |daily| daily.requests(request))
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let daily = self.daily(&request.sport).ok_or_else(|| not_carried(&request.sport))?;
        daily.poll(request).await.map_err(|error| self.in_words(error))
    }
}

fn not_carried(sport: &Sport) -> FeedError {
    FeedError::Misconfigured {
        detail: format!("the {NAME} feed does not carry `{}`; it carries {CARRIED}", sport.key),
    }
}
