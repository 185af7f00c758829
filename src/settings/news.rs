//! Which feeds of news are read beside the scores.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use wirereport_actors::wire::gate::clean_name;
use wirereport_actors::wire::news::USUAL_WORTH;
use wirereport_actors::wire::sport::SportKey;

use super::reader::{Refusal, Section};
use super::sport::SportSettings;
use super::tree::Node;
use super::{addresses, channel, duration, leagues, values};

/// How often a feed may be asked: no publisher minds the one, and an item is too old to be told after twice the other.
const EVERY: (Duration, Duration) = (Duration::from_secs(300), Duration::from_secs(6 * 3600));

/// One feed of news.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewsFeedSettings {
    /// Where it is.
    pub url: String,
    /// Whose it is, as readers know them.
    pub source: String,
    /// The league it is about.
    pub sport: SportKey,
    /// How often it is asked.
    #[serde(with = "duration")]
    pub every: Duration,
    /// What each of its items is worth, 0 to 1.
    pub significance: f64,
}

pub(super) fn read(
    section: &mut Section<'_>,
    sports: &BTreeMap<SportKey, SportSettings>,
) -> BTreeMap<String, NewsFeedSettings> {
    let mut feeds = BTreeMap::new();
    for name in section.tables([], |spelled| Some(spelled.to_ascii_lowercase().replace('_', "-"))) {
        if !channel::is_name(&name) {
            let advice =
                "name the feed in small letters, digits and dashes, beginning with a letter".to_owned();
            section.refuse_table(&name, advice);
            continue;
        }
        if let Some(feed) = section.section(&name, |section| one(section, sports)) {
            feeds.insert(name, feed);
        }
    }
    feeds
}

fn one(section: &mut Section<'_>, sports: &BTreeMap<SportKey, SportSettings>) -> Option<NewsFeedSettings> {
    let enabled = section.take("enabled", values::boolean, true);
    let url = section.require("url", "the address of an RSS or Atom feed", addresses::url);
    let source = section.require("source", "whose feed it is, such as \"ESPN\"", source);
    let sport = section.require("sport", "the league it is about, such as \"nba\"", leagues::sport_key);
    let every = section.duration("every", EVERY, Duration::from_secs(1800));
    let significance = section.take("significance", values::fraction, USUAL_WORTH);
    if let Some(key) = sport.as_ref().filter(|key| enabled && !sports.contains_key(*key)) {
        section.conflict(&["sport"], format!("is {key}, which is not watched; add it to `sports.follow`"));
    }
    Some(NewsFeedSettings { url: url?, source: source?, sport: sport?, every, significance })
        .filter(|_| enabled)
}

/// A name that may stand in a post, with a capital or a figure first, since sentences begin with it.
fn source(node: &Node) -> values::Read<String> {
    let given = values::text(node)?;
    let opens = given.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if opens && given.chars().count() <= 40 && clean_name(&given) {
        return Ok(given);
    }
    let expected = "a name such as \"ESPN\" or \"BBC Sport\": words with a capital each, at most 40 characters, no address";
    Err(vec![Refusal::of(node, expected)])
}
