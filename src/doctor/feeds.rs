//! The feeds: one request each, which is a poll whose answer is thrown away.
//!
//! A running service that leaves a host alone (its breaker is open, its requests are spent) is not gone behind, and a
//! feed with a budget is the service's to ask. One that is paid for by the request is asked for the page that is free.
//! RapidAPI's gateway documents no such page and counts whatever comes with the key, so it is asked without: whether its
//! host answers.

use std::collections::BTreeMap;

use tokio::task::JoinSet;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::{Dated, FeedError, PollRequest};
use wirereport_actors::supervision::{ChildStatus, Health};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::accounts::{self, Way};
use super::{About, Finding, Patient};
use crate::clock::SystemClock;
use crate::feeds::api_sports::{Gateway, Product};
use crate::run::feeds;
use crate::settings::secrets::{self, Secrets};
use crate::settings::{ApiSportsSettings, FeedName, Settings};

type Asked = (Finding, Option<(String, Dated)>);

/// What was found, and what the hosts' clocks said.
pub(super) async fn feeds(patient: &Patient) -> (Vec<Finding>, Vec<(String, Dated)>) {
    let Some(loaded) = &patient.loaded else { return (Vec::new(), Vec::new()) };
    // Without its key a feed is told of with the secrets.
    let secrets = secrets::of_feeds(loaded, &patient.sources.env).unwrap_or_default();
    let mut asked = JoinSet::new();
    let mut findings = BTreeMap::new();
    for (feed, sports) in readers(&loaded.settings) {
        let about = About::new("feed", feed.as_str());
        match not_to_be_asked(patient, feed, &sports) {
            Some(why) => {
                findings.insert(feed, (why.finding(&about), None));
            }
            None if feed == FeedName::ApiSports
                && loaded.settings.feeds.api_sports.gateway == Gateway::Rapidapi =>
            {
                let host = gateway(about, sports, loaded.settings.feeds.api_sports.clone());
                asked.spawn(async move { (feed, (host.await, None)) });
            }
            None => {
                let ask = ask(about, feed, sports, &loaded.settings, &secrets);
                asked.spawn(async move { (feed, ask.await) });
            }
        }
    }
    for answer in asked.join_all().await {
        findings.insert(answer.0, answer.1);
    }
    let (findings, dated): (Vec<Finding>, Vec<_>) = findings.into_values().unzip();
    (findings, dated.into_iter().flatten().collect())
}

/// Every feed with the sports that are read from it.
fn readers(settings: &Settings) -> BTreeMap<FeedName, Vec<Sport>> {
    let mut readers: BTreeMap<FeedName, Vec<Sport>> = BTreeMap::new();
    for (key, sport) in &settings.sports {
        for feed in &sport.feed.0 {
            readers.entry(*feed).or_default().extend(Sport::of(key.as_str()));
        }
    }
    readers.retain(|_, sports| !sports.is_empty());
    readers
}

/// Why a feed is left alone.
enum Left {
    /// The running service leaves it alone.
    ByService(String),
    /// Its requests are the running service's to spend.
    Budget,
}

impl Left {
    fn finding(self, about: &About) -> Finding {
        match self {
            Self::ByService(reason) => about.warning(
                format!("the service leaves it alone, so it was not asked: {reason}"),
                "wait until it is tried again; `wirereport status` says when",
            ),
            Self::Budget => about.note("its requests are counted, so they are left to the running service"),
        }
    }
}

fn not_to_be_asked(patient: &Patient, feed: FeedName, sports: &[Sport]) -> Option<Left> {
    let settings = patient.settings()?;
    let status = patient.service.status()?;
    let actors = status.tree.iter().find(|child| child.name == "sports").map(|child| &child.children);
    let of = |key: &SportKey| actors?.iter().find(|child| child.name == key.as_str());
    let shuns = |child: &ChildStatus| match &child.health {
        Health::Degraded { reason } if reason.contains("not asked") || reason.contains("are spent") => {
            Some(reason.clone())
        }
        _ => None,
    };
    if let Some(reason) = sports.iter().find_map(|sport| shuns(of(&sport.key)?)) {
        return Some(Left::ByService(reason));
    }
    let budget = settings.feeds.hosts().into_iter().find(|(name, _)| *name == feed);
    budget.and_then(|(_, host)| host.allowance()).map(|_| Left::Budget)
}

/// Asks RapidAPI's host for its first page's head, without the key.
async fn gateway(about: About, sports: Vec<Sport>, settings: ApiSportsSettings) -> Finding {
    let product = sports.first().and_then(Product::of);
    let Some(product) = product else { return about.note("no league is read from it") };
    let own = match product {
        Product::Football => settings.football_url,
        Product::Nba => settings.nba_url,
        Product::AmericanFootball => settings.american_football_url,
    };
    let address = own.unwrap_or_else(|| product.usual_url(settings.gateway).to_owned());
    let way = Way { about: &about, secrets: &Secrets::default(), meanwhile: "it is tried again" };
    let silent =
        "RapidAPI counts every request that comes with the key, so whether the key is good was not asked";
    let found = accounts::host(&way, &address, silent).await.pop();
    let found = found.unwrap_or_else(|| about.note("it was not asked"));
    let next = "the first poll shows it in `wirereport status`; what is left of the plan stands on RapidAPI's own pages";
    Finding { next: found.next.or_else(|| Some(next.to_owned())), ..found }
}

fn ask(
    about: About,
    feed: FeedName,
    sports: Vec<Sport>,
    settings: &Settings,
    secrets: &Secrets,
) -> impl Future<Output = Asked> + Send + use<> {
    let paid = (feed == FeedName::ApiSports).then(|| feeds::api_sports(&settings.feeds.api_sports, secrets));
    let free = paid.is_none().then(|| feeds::feed(settings, feed, secrets));
    async move {
        // The time of asking, since the host's clock is held against it.
        let now = SystemClock.now();
        let Some(sport) = sports.first() else { return (about.note("no league is read from it"), None) };
        let (found, dated) = match (paid, free) {
            (Some(Ok(feed)), _) => {
                let standing = feed.standing(sport, now).await;
                let dated = feed.dated_for(sport);
                let in_words = standing.map(|standing| {
                    let active = if standing.active { "" } else { ", which is not active" };
                    let (plan, used, limit) = (standing.plan, standing.used, standing.limit);
                    format!(
                        "the key is good: plan {plan}{active}, {used} of {limit} requests of today are used"
                    )
                });
                (in_words, dated)
            }
            (_, Some(Ok(feed))) => {
                let polled =
                    feed.poll(&PollRequest::new(sport, feed.name(), &SportState::default(), now)).await;
                let games = |games: usize| {
                    let key = &sport.key;
                    format!("its board of {key} can be read, with {games} on it")
                };
                (polled.map(|answer| games(answer.snapshot.games.len())), feed.dated())
            }
            (Some(Err(error)), _) => (Err(error), None),
            (_, Some(Err(failure))) => (Err(FeedError::Misconfigured { detail: failure.to_string() }), None),
            (None, None) => (Err(FeedError::Misconfigured { detail: "it cannot be asked".to_owned() }), None),
        };
        let dated = dated.map(|dated| (feed.as_str().to_owned(), dated));
        match found {
            Ok(what) => (about.ok(what), dated),
            Err(error) => (about.error(error.to_string(), next(&error)), dated),
        }
    }
}

fn next(error: &FeedError) -> &'static str {
    match error {
        FeedError::Unreachable { .. } | FeedError::TimedOut { .. } => {
            "see whether this machine reaches the network; the wire tries again by itself"
        }
        FeedError::Refused { .. } | FeedError::Misconfigured { .. } => {
            "change what it names, or read the league from another `feed`"
        }
        FeedError::RateLimited { .. } | FeedError::OutOfRequests { .. } => {
            "wait, and let it be asked less often with `requests_per_hour`"
        }
        _ => "wait: the wire tries again by itself; name a second `feed` for the league if it lasts",
    }
}
