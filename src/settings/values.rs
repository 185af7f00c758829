//! The values settings can take: texts, numbers, durations, words of a few and lists. What is where, on the web or on a
//! platform, is in [`addresses`](super::addresses); the wire's own words are in [`leagues`](super::leagues).

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::duration;
use super::error::Origin;
use super::model::LogFormat;
use super::nearest::nearest;
use super::posts::NumberOr;
use super::reader::Refusal;
use super::tree::{Node, Value};
use super::webhook::Repeats;

pub(super) type Read<T> = Result<T, Vec<Refusal>>;

pub(super) fn refused<T>(node: &Node, expected: impl Into<String>) -> Read<T> {
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

/// A language by its tag.
pub(super) fn language(node: &Node) -> Read<String> {
    let given = text(node)?;
    let is_tag = given.len() >= 2 && given.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if is_tag { Ok(given) } else { refused(node, "a language's tag such as \"en\"") }
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

pub(super) fn log_format(node: &Node) -> Read<LogFormat> {
    one_of(&[("text", LogFormat::Text), ("json", LogFormat::Json)])(node)
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

pub(super) fn alternatives<T>(words: &[(&str, T)], given: Option<&str>) -> String {
    let all: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let meant = given.and_then(|given| nearest(given, words.iter().map(|(word, _)| *word)));
    let hint = meant.map(|meant| format!(" (did you mean \"{meant}\"?)")).unwrap_or_default();
    if let [only] = all.as_slice() {
        format!("{only}{hint}")
    } else {
        format!("one of {}{hint}", all.join(", "))
    }
}

pub(super) fn all_or_list<T>(
    node: &Node,
    expected: &str,
    one: impl Fn(&Node) -> Read<T>,
) -> Read<Option<Vec<T>>> {
    match &node.value {
        Value::Text(text) if text == "all" => Ok(None),
        _ => list(node, expected, one).map(Some),
    }
}

/// A list; in a variable also plain words with commas between them. All of its errors are reported; a secret among the
/// items was reported before.
pub(super) fn list<T>(node: &Node, expected: &str, one: impl Fn(&Node) -> Read<T>) -> Read<Vec<T>> {
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
