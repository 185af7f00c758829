//! Which leagues are watched, and what is told of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Serialize, Serializer};
use wirereport_actors::wire::milestone::Milestones;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::{Discipline, Sport, SportKey};

use super::duration::{self, Written};
use super::leagues;
use super::nearest::nearest;
use super::posts::{Amount, Rivalries};
use super::reader::Section;
use super::values;
use crate::feeds::{api_sports, nhl, statsapi};

/// The leagues that are watched when nothing is set: the big ones on ESPN.
const FOLLOWED: [&str; 12] = [
    "nba",
    "wnba",
    "ncaam",
    "nfl",
    "ncaaf",
    "mlb",
    "nhl",
    "eng.1",
    "esp.1",
    "ger.1",
    "usa.1",
    "uefa.champions",
];

/// No feed is asked oftener than this.
const SHORTEST_POLL: Duration = Duration::from_millis(250);

/// How long a moment stays news: from what the slowest poll takes to a day.
const STALE_AFTER: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(86_400));

/// One league that is watched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SportSettings {
    /// The feeds it is read from, the preferred one first.
    pub feed: Feeds,
    /// How long a final waits for a second feed's word.
    pub cross_check: CrossCheck,
    /// The kinds of moment that are told.
    pub kinds: Kinds,
    /// How much is told.
    #[serde(flatten)]
    pub amount: Amount,
    /// The least significance that is told: what the amount comes to.
    #[serde(skip)]
    pub threshold: f64,
    /// Sides between whom every game counts for more.
    pub rivalries: Rivalries,
    /// How many further polls must agree before a change counts.
    pub confirmations: u8,
    /// The shortest time between two polls; under 5 s, how often a game under way is looked at.
    #[serde(with = "duration")]
    pub shortest_poll: Duration,
    /// The round figures of players that are told, where they are not the usual ones.
    pub milestones: Milestones,
    /// How old a moment of a kind may be when it is told, where that is not what is usual.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stale_after: BTreeMap<MomentKind, Written>,
}

impl Default for SportSettings {
    fn default() -> Self {
        let rules = Rules::default();
        Self {
            feed: Feeds(vec![FeedName::Espn]),
            cross_check: CrossCheck(Some(Duration::from_secs(60))),
            kinds: Kinds(rules.kinds),
            amount: Amount::default(),
            threshold: rules.threshold,
            rivalries: Rivalries::default(),
            confirmations: rules.confirmations,
            shortest_poll: rules.shortest_poll,
            milestones: rules.milestones,
            stale_after: BTreeMap::new(),
        }
    }
}

impl SportSettings {
    /// The rules that detection and selection use. Corrections are told whatever `kinds` says: what turned out wrong
    /// must not stand.
    pub fn rules(&self) -> Rules {
        let mut kinds = self.kinds.0.clone();
        kinds.insert(MomentKind::Correction);
        Rules {
            kinds,
            threshold: self.threshold,
            rivalries: self.rivalries.0.clone(),
            confirmations: self.confirmations,
            shortest_poll: self.shortest_poll,
            milestones: self.milestones.clone(),
            cross_check: self.cross_check.0.filter(|_| self.feed.0.len() > 1),
            stale_after: self.stale_after.iter().map(|(kind, limit)| (*kind, limit.0)).collect(),
        }
    }
}

/// The feeds there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedName {
    /// ESPN's public scoreboards.
    Espn,
    /// MLB's StatsAPI.
    Statsapi,
    /// The NHL's own scores.
    Nhl,
    /// API-Sports, directly or through RapidAPI.
    ApiSports,
}

impl FeedName {
    /// Its name in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Espn => "espn",
            Self::Statsapi => "statsapi",
            Self::Nhl => "nhl",
            Self::ApiSports => api_sports::NAME,
        }
    }

    /// Every feed with its name in the settings.
    pub(super) const ALL: &'static [(&'static str, Self)] = &[
        ("espn", Self::Espn),
        ("statsapi", Self::Statsapi),
        ("nhl", Self::Nhl),
        (api_sports::NAME, Self::ApiSports),
    ];

    fn carries(self, key: &SportKey) -> bool {
        match self {
            Self::Espn => true,
            Self::Statsapi => key.as_str() == statsapi::LEAGUE,
            Self::Nhl => key.as_str() == nhl::LEAGUE,
            Self::ApiSports => {
                Sport::of(key.as_str()).is_some_and(|sport| api_sports::Product::of(&sport).is_some())
            }
        }
    }

    /// Whether its games of that league can be known again on another feed.
    fn goes_with_others(self, key: &SportKey) -> bool {
        self != Self::ApiSports || matches!(key.as_str(), "nba" | "nfl" | "eng.1")
    }

    fn not_carried(self, key: &SportKey) -> String {
        let (carried, place) = match self {
            Self::Espn => ("every league", String::new()),
            Self::Statsapi => (statsapi::LEAGUE, format!("set it in [sports.{}] alone", statsapi::LEAGUE)),
            Self::Nhl => (nhl::LEAGUE, format!("set it in [sports.{}] alone", nhl::LEAGUE)),
            Self::ApiSports => (api_sports::CARRIED, "set it in the tables of those alone".to_owned()),
        };
        format!("is \"{}\", which carries {carried} and not {key}; {place}", self.as_str())
    }
}

/// The feeds of a league, the preferred one first; written as one name where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds(pub Vec<FeedName>);

impl Feeds {
    /// The preferred one.
    pub fn first(&self) -> FeedName {
        self.0.first().copied().unwrap_or(FeedName::Espn)
    }

    /// What is wrong with reading that league from these.
    fn unfit(&self, key: &SportKey) -> Option<String> {
        if let Some(feed) = self.0.iter().find(|feed| !feed.carries(key)) {
            return Some(feed.not_carried(key));
        }
        let stranger = self.0.iter().find(|feed| self.0.len() > 1 && !feed.goes_with_others(key))?;
        let name = stranger.as_str();
        Some(format!(
            "names several feeds, but the clubs of {key} cannot be told to be the same ones in \"{name}\"; name one feed"
        ))
    }
}

impl Serialize for Feeds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [only] => only.serialize(serializer),
            feeds => feeds.serialize(serializer),
        }
    }
}

/// How long a final waits for a second feed's word; written `off` where it is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrossCheck(pub Option<Duration>);

impl Serialize for CrossCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(limit) => duration::serialize(&limit, serializer),
            None => serializer.serialize_str("off"),
        }
    }
}

/// Kinds of moment; written `all` where it is all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinds(pub BTreeSet<MomentKind>);

impl Kinds {
    /// Every kind.
    pub fn all() -> Self {
        Self(MomentKind::ALL.into_iter().collect())
    }
}

impl Serialize for Kinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::all() { serializer.serialize_str("all") } else { self.0.serialize(serializer) }
    }
}

pub(super) fn read(section: &mut Section<'_>) -> BTreeMap<SportKey, SportSettings> {
    let followed = FOLLOWED.into_iter().map(SportKey::new).collect();
    let followed: BTreeSet<SportKey> = section.take("follow", leagues::follow, followed);
    let mut shared = one(section, &SportSettings::default());
    shared.amount = Amount::of_all(section);
    let mut sports: BTreeMap<SportKey, SportSettings> =
        followed.iter().map(|key| (key.clone(), shared.clone())).collect();

    let candidates = followed.iter().map(SportKey::to_string).chain(Sport::known_keys().map(str::to_owned));
    for name in section.tables(candidates, |_| None) {
        let Some(sport) = Sport::of(&name) else {
            let advice = advice(section, &name);
            section.refuse_table(&name, advice);
            continue;
        };
        let own = section.section(&name, |section| {
            section.inherit();
            let enabled = section.take("enabled", values::boolean, true);
            let mut own = one(section, &shared);
            own.amount = Amount::of_one(section, shared.amount);
            own.milestones = section.section("milestones", |section| milestones(section, sport.discipline));
            if let Some(detail) = own.feed.unfit(&sport.key)
                && enabled
                && own.feed != shared.feed
            {
                section.conflict(&["feed"], detail);
            }
            enabled.then_some(own)
        });
        match own {
            Some(own) => sports.insert(sport.key, own),
            None => sports.remove(&sport.key),
        };
    }
    let mut inheriting = sports.iter().filter(|(_, own)| own.feed == shared.feed);
    if let Some(detail) = inheriting.find_map(|(key, own)| own.feed.unfit(key)) {
        section.conflict(&["feed"], detail);
    }
    settle_thresholds(&mut sports, shared.amount);
    sports
}

/// Works out what each league's amount comes to, among all that are watched.
fn settle_thresholds(sports: &mut BTreeMap<SportKey, SportSettings>, shared: Amount) {
    let all: Vec<Sport> = sports.keys().filter_map(|key| Sport::of(key.as_str())).collect();
    let share = shared.share(&all);
    for sport in all {
        if let Some(own) = sports.get_mut(&sport.key) {
            own.threshold = own.amount.threshold(&sport, share);
        }
    }
}

fn one(section: &mut Section<'_>, default: &SportSettings) -> SportSettings {
    let polls = (SHORTEST_POLL, Duration::from_secs(86_400));
    SportSettings {
        feed: section.take("feed", leagues::feeds, default.feed.clone()),
        cross_check: section.take("cross_check", leagues::cross_check, default.cross_check),
        kinds: section.take("kinds", leagues::kinds, default.kinds.clone()),
        amount: default.amount,
        threshold: default.threshold,
        rivalries: section.take("rivalries", leagues::rivalries, default.rivalries.clone()),
        confirmations: section.take("confirmations", values::count(0, 10), default.confirmations),
        shortest_poll: section.duration("shortest_poll", polls, default.shortest_poll),
        milestones: default.milestones.clone(),
        stale_after: section.section("stale_after", |section| stale_after(section, &default.stale_after)),
    }
}

/// How long moments stay news, kind by kind.
fn stale_after(
    section: &mut Section<'_>,
    default: &BTreeMap<MomentKind, Written>,
) -> BTreeMap<MomentKind, Written> {
    section.inherit();
    let set = MomentKind::ALL.into_iter().filter_map(|kind| {
        let read = |node: &_| values::duration(node, STALE_AFTER).map(|limit| Some(Written(limit)));
        let limit = section.take(kind.as_str(), read, default.get(&kind).copied());
        limit.map(|limit| (kind, limit))
    });
    set.collect()
}

/// The figures that are set for a league; the stats that its discipline does not count are not known there.
fn milestones(section: &mut Section<'_>, discipline: Discipline) -> Milestones {
    section.inherit();
    let set = Milestones::usual(discipline).iter().filter_map(|(stat, _)| {
        let marks = section.take(stat.as_str(), |node| leagues::marks(node).map(Some), None);
        marks.map(|marks| (*stat, marks))
    });
    Milestones(set.collect())
}

fn advice(section: &Section<'_>, name: &str) -> String {
    let slug = |inner: &str| Sport::of(&format!("{name}.{inner}")).is_some();
    if let Some(inner) = section.holds_table(name, slug) {
        return format!("put the league's key in quotes: [sports.\"{name}.{inner}\"]");
    }
    match nearest(name, Sport::known_keys()) {
        Some(meant) => format!("did you mean the league `{meant}`?"),
        None => format!("the leagues are {}, and soccer leagues such as \"eng.1\"", plain_keys()),
    }
}

fn plain_keys() -> String {
    Sport::known_keys().filter(|key| !key.contains('.')).collect::<Vec<_>>().join(", ")
}
