//! The wire's own words as settings have them: leagues and their feeds, teams, rivalries, kinds of moments, milestones.

use std::collections::BTreeSet;
use std::time::Duration;

use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::TeamName;
use wirereport_actors::wire::significance::stakes::Rivalry;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::channel::{Leagues, Teams};
use super::nearest::nearest;
use super::posts::Rivalries;
use super::sport::{CrossCheck, FeedName, Feeds, Kinds};
use super::tree::{Node, Value};
use super::values::{Read, all_or_list, alternatives, duration, list, one_of, refused, text};
use crate::feeds::api_sports::Gateway;

/// One feed, or several in the order of preference.
pub(super) fn feeds(node: &Node) -> Read<Feeds> {
    let one = one_of(FeedName::ALL);
    let feeds = match &node.value {
        Value::Text(text) if !text.contains(',') => vec![one(node)?],
        _ => list(node, "a feed such as \"espn\", or a list of them such as [\"espn\", \"nhl\"]", one)?,
    };
    let distinct: BTreeSet<FeedName> = feeds.iter().copied().collect();
    if feeds.is_empty() || distinct.len() < feeds.len() {
        return refused(node, "a list of feeds that are there once each");
    }
    Ok(Feeds(feeds))
}

/// A duration, or `off`.
pub(super) fn cross_check(node: &Node) -> Read<CrossCheck> {
    let limits = (Duration::from_secs(5), Duration::from_secs(600));
    match &node.value {
        Value::Text(text) if text == "off" => Ok(CrossCheck(None)),
        _ => match duration(node, limits) {
            Ok(limit) => Ok(CrossCheck(Some(limit))),
            Err(_) => refused(node, "\"off\" or a duration in quotes, such as \"60 s\", from 5 s to 10 min"),
        },
    }
}

pub(super) fn gateway(node: &Node) -> Read<Gateway> {
    one_of(&[("direct", Gateway::Direct), ("rapidapi", Gateway::Rapidapi)])(node)
}

pub(super) fn sport_key(node: &Node) -> Read<SportKey> {
    let Value::Text(text) = &node.value else { return refused(node, "a league's key such as \"nba\"") };
    match Sport::of(text) {
        Some(sport) => Ok(sport.key),
        None => {
            let hint = nearest(text, Sport::known_keys());
            let hint = hint.map(|hint| format!(" (did you mean \"{hint}\"?)")).unwrap_or_default();
            refused(node, format!("a league's key such as \"nba\" or \"eng.1\"{hint}"))
        }
    }
}

pub(super) fn follow(node: &Node) -> Read<BTreeSet<SportKey>> {
    Ok(list(node, "a list of leagues such as [\"nba\", \"eng.1\"]", sport_key)?.into_iter().collect())
}

pub(super) fn leagues(node: &Node) -> Read<Leagues> {
    let given = all_or_list(node, "\"all\" or a list of leagues such as [\"nba\", \"eng.1\"]", sport_key)?;
    Ok(given.map_or(Leagues::All, |keys| Leagues::Only(keys.into_iter().collect())))
}

pub(super) fn teams(node: &Node) -> Read<Teams> {
    let expected = "\"all\" or a list of teams by their codes or names such as [\"BOS\", \"nba:Lakers\"]";
    let team = |node: &Node| {
        let text = text(node)?;
        let Some((league, name)) = text.split_once(':') else {
            return Ok(TeamName { sport: None, name: text });
        };
        let league = Node { value: Value::Text(league.trim().to_owned()), at: node.at.clone(), raw: None };
        let name = name.trim().to_owned();
        if name.is_empty() {
            return refused(node, "a team behind the league, such as \"nba:Lakers\"");
        }
        Ok(TeamName { sport: Some(sport_key(&league)?), name })
    };
    Ok(Teams(all_or_list(node, expected, team)?))
}

pub(super) fn kinds(node: &Node) -> Read<Kinds> {
    let words: Vec<(&str, MomentKind)> =
        MomentKind::ALL.into_iter().map(|kind| (kind.as_str(), kind)).collect();
    let one = |node: &Node| {
        let Value::Text(text) = &node.value else { return refused(node, alternatives(&words, None)) };
        match words.iter().find(|(word, _)| word == text) {
            Some((_, kind)) => Ok(*kind),
            None => refused(node, alternatives(&words, Some(text))),
        }
    };
    match all_or_list(node, "\"all\" or a list of kinds such as [\"final\", \"lead_change\"]", one)? {
        Some(kinds) => Ok(Kinds(kinds.into_iter().collect())),
        None => Ok(Kinds::all()),
    }
}

/// Pairs of sides, such as `Celtics / Lakers`.
pub(super) fn rivalries(node: &Node) -> Read<Rivalries> {
    let expected = "a pair such as \"Celtics / Lakers\"";
    let pair = |node: &Node| {
        let Value::Text(text) = &node.value else { return refused(node, expected) };
        match text.split_once('/').map(|(one, other)| (one.trim(), other.trim())) {
            Some((one, other)) if !one.is_empty() && !other.is_empty() => {
                Ok(Rivalry { one: one.to_owned(), other: other.to_owned() })
            }
            _ => refused(node, expected),
        }
    };
    list(node, "a list of pairs such as [\"Celtics / Lakers\"]", pair).map(Rivalries)
}

/// The round figures of a milestone: whole numbers, in a variable also with commas between them.
pub(super) fn marks(node: &Node) -> Read<Vec<u32>> {
    const EXPECTED: &str = "a list of whole numbers from 1 to 999 such as [40, 50]";
    let one = |node: &Node| {
        let number = match &node.value {
            Value::Integer(number) => u32::try_from(*number).ok(),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        };
        number.filter(|mark| (1..=999).contains(mark)).map_or_else(|| refused(node, EXPECTED), Ok)
    };
    match (&node.value, &node.raw) {
        (Value::Integer(_), Some(_)) => Ok(vec![one(node)?]),
        _ => list(node, EXPECTED, one),
    }
}
