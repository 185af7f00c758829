//! From settings to where scores and headlines come from.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use wirereport_actors::ports::feed::{Feed, FeedError};
use wirereport_actors::tree::NewsFeed;
use wirereport_actors::wire::sport::Sport;

use super::replaceable::Replaceable;
use crate::cli::Failure;
use crate::feeds::api_sports::{ApiSports, ApiSportsSettings};
use crate::feeds::daily::DailySettings;
use crate::feeds::espn::{self, Espn};
use crate::feeds::news::{News, NewsSettings};
use crate::feeds::nhl::Nhl;
use crate::feeds::statsapi::StatsApi;
use crate::settings::secrets::Secrets;
use crate::settings::{self, FeedName, HostSettings, Settings};

pub(super) type Sports = Vec<(Sport, Vec<Arc<dyn Feed>>)>;
/// The one feed that is asked with a key, where some league is read from it.
pub(super) type Paid = Option<Arc<Replaceable<ApiSports>>>;

/// Every sport of the settings with the feeds it is read from.
pub(super) fn sports(settings: &Settings, secrets: &Secrets) -> Result<(Sports, Paid), Failure> {
    let mut feeds: BTreeMap<FeedName, Arc<dyn Feed>> = BTreeMap::new();
    let mut paid = None;
    for name in settings.sports.values().flat_map(|sport| sport.feed.0.iter().copied()) {
        let Entry::Vacant(place) = feeds.entry(name) else { continue };
        if name == FeedName::ApiSports {
            let api_sports = api_sports(&settings.feeds.api_sports, secrets);
            let feed = Replaceable::of(Arc::new(api_sports.map_err(Failure::configuration)?));
            paid = Some(Arc::clone(&feed));
            place.insert(feed);
        } else {
            place.insert(feed(settings, name, secrets)?);
        }
    }
    let sports = settings.sports.iter().filter_map(|(key, sport)| {
        let feeds = sport.feed.0.iter().filter_map(|name| feeds.get(name)).map(Arc::clone).collect();
        Some((Sport::of(key.as_str())?, feeds))
    });
    Ok((sports.collect(), paid))
}

/// Every feed of news of the settings.
pub(super) fn news(settings: &Settings) -> Result<Vec<NewsFeed>, Failure> {
    let feed = |(name, news): (&String, &settings::NewsFeedSettings)| {
        let sport = Sport::of(news.sport.as_str())?;
        let settings = NewsSettings {
            worth: news.significance,
            every: news.every,
            ..NewsSettings::at(name.clone(), news.url.clone(), news.source.clone())
        };
        let feed = News::new(settings).map_err(Failure::configuration);
        Some(feed.map(|feed| NewsFeed { name: name.clone(), sport, feed: Arc::new(feed) }))
    };
    settings.news.iter().filter_map(feed).collect()
}

/// A feed as the settings want it.
pub(crate) fn feed(settings: &Settings, name: FeedName, secrets: &Secrets) -> Result<Arc<dyn Feed>, Failure> {
    let feed: Result<Arc<dyn Feed>, _> = match name {
        FeedName::Espn => espn(&settings.feeds.espn).map(|feed| Arc::new(feed) as _),
        FeedName::Statsapi => StatsApi::new(&daily(&settings.feeds.statsapi)).map(|feed| Arc::new(feed) as _),
        FeedName::Nhl => Nhl::new(&daily(&settings.feeds.nhl)).map(|feed| Arc::new(feed) as _),
        FeedName::ApiSports => {
            api_sports(&settings.feeds.api_sports, secrets).map(|feed| Arc::new(feed) as _)
        }
    };
    feed.map_err(Failure::configuration)
}

fn espn(settings: &HostSettings) -> Result<Espn, FeedError> {
    Espn::new(&espn::EspnSettings {
        base_url: settings.base_url.clone(),
        connect: settings.connect_timeout,
        total: settings.timeout,
        body_cap: usize::try_from(settings.body_cap).unwrap_or(usize::MAX),
        ..espn::EspnSettings::default()
    })
}

/// API-Sports as the settings want it.
pub(crate) fn api_sports(
    settings: &settings::ApiSportsSettings,
    secrets: &Secrets,
) -> Result<ApiSports, FeedError> {
    let name = &settings.secret_env;
    let key = secrets.get(name).ok_or_else(|| FeedError::Misconfigured {
        detail: format!("the api_sports feed needs the key {name}, which is not set"),
    })?;
    ApiSports::new(&ApiSportsSettings {
        football_url: settings.football_url.clone(),
        nba_url: settings.nba_url.clone(),
        american_football_url: settings.american_football_url.clone(),
        connect: settings.connect_timeout,
        total: settings.timeout,
        body_cap: usize::try_from(settings.body_cap).unwrap_or(usize::MAX),
        ..ApiSportsSettings::new(settings.gateway, key.clone(), name)
    })
}

fn daily(settings: &HostSettings) -> DailySettings {
    DailySettings {
        connect: settings.connect_timeout,
        total: settings.timeout,
        body_cap: usize::try_from(settings.body_cap).unwrap_or(usize::MAX),
        ..DailySettings::at(settings.base_url.clone())
    }
}
