//! The values settings can take.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::TeamName;
use wirereport_actors::wire::significance::stakes::Rivalry;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::channel::{Leagues, Repeats, Teams};
use super::duration;
use super::error::Origin;
use super::model::LogFormat;
use super::nearest::nearest;
use super::posts::{NumberOr, Rivalries};
use super::reader::Refusal;
use super::sport::{CrossCheck, FeedName, Feeds, Kinds};
use super::tree::{Node, Value};
use crate::channels::platform;
use crate::feeds::api_sports::Gateway;

pub(super) type Read<T> = Result<T, Vec<Refusal>>;

fn refused<T>(node: &Node, expected: impl Into<String>) -> Read<T> {
    Err(vec![Refusal::of(node, expected)])
}

pub(super) fn boolean(node: &Node) -> Read<bool> {
    match node.value {
        Value::Bool(value) => Ok(value),
        _ => refused(node, "true or false"),
    }
}

/// A text that is not empty.
pub(super) fn text(node: &Node) -> Read<String> {
    match optional_text(node)? {
        Some(text) => Ok(text),
        None => refused(node, "a text that is not empty"),
    }
}

/// A text, or the empty text for none.
pub(super) fn optional_text(node: &Node) -> Read<Option<String>> {
    let text = match (&node.value, &node.raw) {
        (Value::Text(text), _) => text,
        (Value::Integer(_) | Value::Float(_) | Value::Bool(_) | Value::Other(_), Some(raw)) => raw,
        _ => return refused(node, "a text in quotes"),
    };
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A path; a relative one starts at the folder of the file it stands in. The empty text is none.
pub(super) fn optional_path(node: &Node) -> Read<Option<PathBuf>> {
    let base = match &node.at {
        Origin::File { path, .. } => path.parent().unwrap_or(Path::new("")),
        _ => Path::new(""),
    };
    Ok(optional_text(node)?.map(|text| base.join(text)))
}

/// A whole number in that range.
pub(super) fn whole(min: i64, max: i64) -> impl Fn(&Node) -> Read<i64> {
    move |node| match node.value {
        Value::Integer(number) if (min..=max).contains(&number) => Ok(number),
        _ => refused(node, format!("a whole number from {min} to {max}")),
    }
}

/// A whole number from `min` that fits into the type.
pub(super) fn count<T: TryFrom<i64>>(min: i64, max: i64) -> impl Fn(&Node) -> Read<T> {
    move |node| match T::try_from(whole(min, max)(node)?) {
        Ok(number) => Ok(number),
        Err(_) => refused(node, format!("a whole number from {min} to {max}")),
    }
}

pub(super) fn fraction(node: &Node) -> Read<f64> {
    let number = match node.value {
        Value::Float(number) => number,
        Value::Integer(0) => 0.0,
        Value::Integer(1) => 1.0,
        _ => f64::NAN,
    };
    if (0.0..=1.0).contains(&number) { Ok(number) } else { refused(node, "a number from 0 to 1") }
}

/// A number between two limits, or the word that stands for none.
pub(super) fn number_or(none: NumberOr, min: f64, max: f64) -> impl Fn(&Node) -> Read<NumberOr> {
    move |node| {
        let number = match &node.value {
            Value::Text(text) if text == none.spelled() => return Ok(none),
            Value::Float(number) => *number,
            Value::Integer(number) => *number as f64,
            _ => f64::NAN,
        };
        if (min..=max).contains(&number) {
            return Ok(none.number(number));
        }
        refused(node, format!("a number from {min} to {max}, or \"{}\"", none.spelled()))
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

/// A duration between two limits.
pub(super) fn duration(node: &Node, (min, max): (Duration, Duration)) -> Read<Duration> {
    let given = match &node.value {
        Value::Text(text) => duration::parse(text),
        _ => None,
    };
    match given {
        Some(given) if (min..=max).contains(&given) => Ok(given),
        _ => {
            let (min, max) = (duration::render(min), duration::render(max));
            refused(node, format!("a duration in quotes, such as \"10 s\", from {min} to {max}"))
        }
    }
}

/// A size in bytes: a number, or a text such as `8 MiB`.
pub(super) fn bytes(node: &Node) -> Read<u64> {
    let size = match &node.value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Text(text) => parse_bytes(text),
        _ => None,
    };
    match size {
        Some(size @ 1_024..=1_073_741_824) => Ok(size),
        _ => refused(node, "a size such as \"8 MiB\", from 1 KiB to 1024 MiB"),
    }
}

fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit.trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

pub(super) fn listen(node: &Node) -> Read<Option<SocketAddr>> {
    match &node.value {
        Value::Text(text) if text == "off" => Ok(None),
        Value::Text(text) => match text.parse() {
            Ok(address) => Ok(Some(address)),
            Err(_) => refused(node, "an address and port such as \"127.0.0.1:9999\", or \"off\""),
        },
        _ => refused(node, "an address and port such as \"127.0.0.1:9999\", or \"off\""),
    }
}

/// An address on the web. It is not shown in errors, since some hold secrets.
pub(super) fn url(node: &Node) -> Read<String> {
    let expected = "an address such as \"https://example.org/path\", without a user name or a password";
    let Value::Text(text) = &node.value else { return refused(node, expected) };
    match reqwest::Url::parse(text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none() =>
        {
            Ok(text.clone())
        }
        _ => Err(vec![Refusal::unseen(node, expected)]),
    }
}

/// The address of an API that secrets are sent to: `https`, or on this machine.
pub(super) fn api_url(node: &Node) -> Read<String> {
    let text = url(node)?;
    match platform::check_address(&text) {
        true => Ok(text),
        false => Err(vec![Refusal::unseen(
            node,
            "an address that begins with \"https://\", since secrets are sent to it",
        )]),
    }
}

/// A chat: `@name`, or an id.
pub(super) fn chat(node: &Node) -> Read<String> {
    match optional_chat(node)? {
        Some(chat) => Ok(chat),
        None => refused(node, CHAT),
    }
}

/// A chat, or the empty text for none.
pub(super) fn optional_chat(node: &Node) -> Read<Option<String>> {
    let given = match &node.value {
        Value::Integer(id) => Some(id.to_string()),
        _ => optional_text(node)?,
    };
    let is_name =
        |name: &str| name.len() >= 4 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match given {
        None => Ok(None),
        Some(chat) if chat.parse::<i64>().is_ok() || chat.strip_prefix('@').is_some_and(is_name) => {
            Ok(Some(chat))
        }
        Some(_) => refused(node, CHAT),
    }
}

/// A handle or DID of atproto. An address of mail would do for signing in only.
pub(super) fn at_identifier(node: &Node) -> Read<String> {
    let expected = "a handle or DID without @, such as \"wire.bsky.social\"";
    let given = text(node)?;
    let labels = given.split(['.', ':']).collect::<Vec<_>>();
    let is_label =
        |label: &&str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if labels.len() > 1 && labels.iter().all(is_label) { Ok(given) } else { refused(node, expected) }
}

/// An id of Discord's, which is a number too large for some.
pub(super) fn snowflake(node: &Node) -> Read<String> {
    let given = match &node.value {
        Value::Integer(id) => id.to_string(),
        _ => text(node)?,
    };
    let is_id = given.len() >= 15 && given.bytes().all(|b| b.is_ascii_digit());
    if is_id { Ok(given) } else { refused(node, "an id such as \"1234567890123456789\"") }
}

/// A language by its tag.
pub(super) fn language(node: &Node) -> Read<String> {
    let given = text(node)?;
    let is_tag = given.len() >= 2 && given.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if is_tag { Ok(given) } else { refused(node, "a language's tag such as \"en\"") }
}

const CHAT: &str = "a chat as \"@name\" or as its id, such as \"-1001234567890\"";

pub(super) fn optional_url(node: &Node) -> Read<Option<String>> {
    match &node.value {
        Value::Text(text) if text.is_empty() => Ok(None),
        _ => url(node).map(Some),
    }
}

/// The name of an environment variable. What stands there instead may be the secret, so it is not shown.
pub(super) fn variable_name(node: &Node) -> Read<String> {
    let Value::Text(text) = &node.value else { return refused(node, "the name of an environment variable") };
    let starts = text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
    if starts && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') {
        return Ok(text.clone());
    }
    let expected = "the name of an environment variable, in capitals, such as \"NEWSROOM_WEBHOOK_SECRET\", and \
                    never the secret itself";
    Err(vec![Refusal::unseen(node, expected)])
}

/// One word of a few.
pub(super) fn one_of<T: Copy>(words: &'static [(&'static str, T)]) -> impl Fn(&Node) -> Read<T> {
    move |node| {
        let Value::Text(text) = &node.value else { return refused(node, alternatives(words, None)) };
        match words.iter().find(|(word, _)| word == text) {
            Some((_, value)) => Ok(*value),
            None => refused(node, alternatives(words, Some(text))),
        }
    }
}

fn alternatives<T>(words: &[(&str, T)], given: Option<&str>) -> String {
    let all: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let meant = given.and_then(|given| nearest(given, words.iter().map(|(word, _)| *word)));
    let hint = meant.map(|meant| format!(" (did you mean \"{meant}\"?)")).unwrap_or_default();
    if let [only] = all.as_slice() {
        format!("{only}{hint}")
    } else {
        format!("one of {}{hint}", all.join(", "))
    }
}

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

pub(super) fn log_format(node: &Node) -> Read<LogFormat> {
    one_of(&[("text", LogFormat::Text), ("json", LogFormat::Json)])(node)
}

pub(super) fn repeats(node: &Node) -> Read<Repeats> {
    match &node.value {
        Value::Text(text) if text == "forever" => Ok(Repeats::Forever),
        Value::Text(text) if text == "never" => Ok(Repeats::Never),
        Value::Text(text) => match duration::parse(text) {
            Some(window) if !window.is_zero() => Ok(Repeats::For(window)),
            _ => refused(node, "a duration such as \"1 h\", \"forever\" or \"never\""),
        },
        _ => refused(node, "a duration such as \"1 h\", \"forever\" or \"never\""),
    }
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

fn all_or_list<T>(node: &Node, expected: &str, one: impl Fn(&Node) -> Read<T>) -> Read<Option<Vec<T>>> {
    match &node.value {
        Value::Text(text) if text == "all" => Ok(None),
        _ => list(node, expected, one).map(Some),
    }
}

/// A list; in a variable also plain words with commas between them. All of its errors are reported; a secret among the
/// items was reported before.
fn list<T>(node: &Node, expected: &str, one: impl Fn(&Node) -> Read<T>) -> Read<Vec<T>> {
    let words: Vec<Node>;
    let items = match (&node.value, &node.raw) {
        (Value::List(items), _) => items,
        (Value::Text(text), Some(_)) => {
            let word = |word: &str| Node {
                value: Value::Text(word.trim().to_owned()),
                at: node.at.clone(),
                raw: None,
            };
            words = text.split(',').map(word).collect();
            &words
        }
        _ => return refused(node, expected),
    };
    let (mut values, mut refusals) = (Vec::new(), Vec::new());
    for item in items {
        if matches!(item.value, Value::Secret) {
            continue;
        }
        match one(item) {
            Ok(value) => values.push(value),
            Err(refused) => refusals.extend(refused),
        }
    }
    if refusals.is_empty() { Ok(values) } else { Err(refusals) }
}

/// A level, or directives such as `info,wirereport::feeds=debug`.
pub(super) fn log_level(node: &Node) -> Read<String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let given = text(node)?;
    for directive in given.split(',').map(str::trim) {
        let level = directive.rsplit('=').next().unwrap_or_default();
        if LEVELS.contains(&level) {
            continue;
        }
        let hint =
            nearest(level, LEVELS).map(|hint| format!(" (did you mean \"{hint}\"?)")).unwrap_or_default();
        return refused(node, format!("off, error, warn, info, debug or trace{hint}"));
    }
    match tracing_subscriber::EnvFilter::builder().parse(&given) {
        Ok(_) => Ok(given),
        Err(_) => refused(node, "a level, or directives such as \"info,wirereport::feeds=debug\""),
    }
}
