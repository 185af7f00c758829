//! Which leagues are watched, and what is told of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Serialize, Serializer};
use wirereport_actors::wire::milestone::Milestones;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::{Discipline, Sport, SportKey};

use super::duration;
use super::nearest::nearest;
use super::reader::Section;
use super::values;
use crate::feeds::{nhl, statsapi};

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

/// One league that is watched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SportSettings {
    /// The feed it is read from.
    pub feed: FeedName,
    /// The kinds of moment that are told.
    pub kinds: Kinds,
    /// The least significance that is told, 0 to 1.
    pub threshold: f64,
    /// How many further polls must agree before a change counts.
    pub confirmations: u8,
    /// The shortest time between two polls; under 5 s, how often a game under way is looked at.
    #[serde(with = "duration")]
    pub shortest_poll: Duration,
    /// The round figures of players that are told, where they are not the usual ones.
    pub milestones: Milestones,
}

impl Default for SportSettings {
    fn default() -> Self {
        let rules = Rules::default();
        Self {
            feed: FeedName::Espn,
            kinds: Kinds(rules.kinds),
            threshold: rules.threshold,
            confirmations: rules.confirmations,
            shortest_poll: rules.shortest_poll,
            milestones: rules.milestones,
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
            confirmations: self.confirmations,
            shortest_poll: self.shortest_poll,
            milestones: self.milestones.clone(),
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
}

impl FeedName {
    /// Its name in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Espn => "espn",
            Self::Statsapi => "statsapi",
            Self::Nhl => "nhl",
        }
    }

    /// The one league it carries; `None` where it carries all.
    pub fn only_league(self) -> Option<&'static str> {
        match self {
            Self::Espn => None,
            Self::Statsapi => Some(statsapi::LEAGUE),
            Self::Nhl => Some(nhl::LEAGUE),
        }
    }

    fn carries(self, key: &SportKey) -> bool {
        self.only_league().is_none_or(|league| league == key.as_str())
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
    let followed: BTreeSet<SportKey> = section.take("follow", values::follow, followed);
    let shared = one(section, &SportSettings::default());
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
            own.milestones = section.section("milestones", |section| milestones(section, sport.discipline));
            if enabled && own.feed != shared.feed && !own.feed.carries(&sport.key) {
                section.conflict(&["feed"], not_carried(own.feed, &sport.key));
            }
            enabled.then_some(own)
        });
        match own {
            Some(own) => sports.insert(sport.key, own),
            None => sports.remove(&sport.key),
        };
    }
    let strange =
        |(key, own): &(&SportKey, &SportSettings)| own.feed == shared.feed && !own.feed.carries(key);
    if let Some((key, _)) = sports.iter().find(strange) {
        section.conflict(&["feed"], not_carried(shared.feed, key));
    }
    sports
}

fn not_carried(feed: FeedName, key: &SportKey) -> String {
    let (name, league) = (feed.as_str(), feed.only_league().unwrap_or_default());
    format!("is \"{name}\", which carries {league} and not {key}; set it in [sports.{league}] alone")
}

fn one(section: &mut Section<'_>, default: &SportSettings) -> SportSettings {
    let polls = (SHORTEST_POLL, Duration::from_secs(86_400));
    SportSettings {
        feed: section.take("feed", values::feed_name, default.feed),
        kinds: section.take("kinds", values::kinds, default.kinds.clone()),
        threshold: section.take("threshold", values::fraction, default.threshold),
        confirmations: section.take("confirmations", values::count(0, 10), default.confirmations),
        shortest_poll: section.duration("shortest_poll", polls, default.shortest_poll),
        milestones: default.milestones.clone(),
    }
}

/// The figures that are set for a league; the stats that its discipline does not count are not known there.
fn milestones(section: &mut Section<'_>, discipline: Discipline) -> Milestones {
    section.inherit();
    let set = Milestones::usual(discipline).iter().filter_map(|(stat, _)| {
        let marks = section.take(stat.as_str(), |node| values::marks(node).map(Some), None);
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
