//! Recorded boards, and what is true of them, read by other means than the wire's own.
//!
//! The recordings are not part of the project. They are read from the folder named by `WIREREPORT_CORPUS`; without it the
//! tests that need them say so and pass, except where `CI=true`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of recorded boards, where it is at hand.
pub(crate) fn folder() -> Option<PathBuf> {
    let told = std::env::var_os("WIREREPORT_CORPUS").map(PathBuf::from);
    let folder = told.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/feeds"));
    let folder = folder.join("espn");
    if folder.is_dir() {
        return Some(folder);
    }
    let ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(!ci, "no recordings at {}; name their folder in WIREREPORT_CORPUS", folder.display());
    // Not by a macro that prints: what those say of a test that passes is not shown.
    let skipped =
        format!("skipped: no recordings at {}; name their folder in WIREREPORT_CORPUS\n", folder.display());
    std::io::stderr().write_all(skipped.as_bytes()).unwrap();
    None
}

/// A recorded body.
pub(crate) fn body(folder: &Path, file: &str) -> Vec<u8> {
    std::fs::read(folder.join(file)).unwrap()
}

/// One game as a board shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) away: Side,
    pub(crate) home: Side,
    /// `pre`, `in` or `post`.
    pub(crate) state: String,
    /// `STATUS_FINAL` and the like.
    pub(crate) status: String,
    pub(crate) period: u64,
    /// `9:11 - 2nd Quarter`, `Top 6th`.
    pub(crate) detail: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Side {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) score: u64,
    pub(crate) periods: Vec<u64>,
}

/// Every game of a recorded body, by the feed's id.
pub(crate) fn shown(body: &[u8]) -> BTreeMap<String, Shown> {
    let board: Value = serde_json::from_slice(body).unwrap();
    let events = board["events"].as_array().unwrap();
    events.iter().map(|event| (text(&event["id"]), game(event))).collect()
}

fn game(event: &Value) -> Shown {
    let competition = &event["competitions"][0];
    let side = |which: &str| {
        let sides = competition["competitors"].as_array().unwrap();
        let side = sides.iter().find(|side| side["homeAway"] == which).unwrap();
        let lines = side["linescores"].as_array().cloned().unwrap_or_default();
        Side {
            code: text(&side["team"]["abbreviation"]).to_lowercase(),
            name: text(&side["team"]["shortDisplayName"]),
            score: text(&side["score"]).parse().unwrap(),
            periods: lines.iter().map(|line| line["value"].as_f64().unwrap() as u64).collect(),
        }
    };
    let status = &event["status"];
    Shown {
        away: side("away"),
        home: side("home"),
        state: text(&status["type"]["state"]),
        status: text(&status["type"]["name"]),
        period: status["period"].as_u64().unwrap(),
        detail: text(&status["type"]["detail"]),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What became of one game from one board to the next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) what: What,
    pub(crate) before: Shown,
    pub(crate) now: Shown,
}

/// The most that can be said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Final,
    Score,
    /// A period ended, and it is sure with what score.
    PeriodEnd,
}

impl Change {
    /// How our id of the game ends: `-no-tb`.
    pub(crate) fn pair(&self) -> String {
        format!("-{}-{}", self.now.away.code, self.now.home.code)
    }
}

/// Every change that the two boards prove, and nothing that happened unseen between them.
pub(crate) fn changes(before: &BTreeMap<String, Shown>, now: &BTreeMap<String, Shown>) -> Vec<Change> {
    let pairs = now.iter().filter_map(|(id, now)| Some((before.get(id)?, now)));
    pairs
        .filter_map(|(before, now)| {
            let what = what(before, now)?;
            Some(Change { what, before: before.clone(), now: now.clone() })
        })
        .collect()
}

fn what(before: &Shown, now: &Shown) -> Option<What> {
    let scores = |shown: &Shown| (shown.away.score, shown.home.score);
    if before.status != "STATUS_FINAL" && now.status == "STATUS_FINAL" {
        return Some(What::Final);
    }
    if scores(before) != scores(now) {
        return Some(What::Score);
    }
    (now.state == "in" && now.period == before.period + 1).then_some(What::PeriodEnd)
}

/// Every number in a text, in figures or in words.
pub(crate) fn numbers(text: &str) -> Vec<u64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    const ORDINALS: [&str; 13] = [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    let words = text.to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let number = |word: &str| {
        let figures: String = word.chars().take_while(char::is_ascii_digit).collect();
        let named = |list: &[&str]| list.iter().position(|named| *named == word).map(|at| at as u64);
        figures.parse().ok().or_else(|| named(&WORDS)).or_else(|| named(&ORDINALS))
    };
    words.filter_map(number).collect()
}
