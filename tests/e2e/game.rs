//! A short game in a file, to be replayed: every frame but the first two is news, and one story is taken back later.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The scores, the home side's first. The fall in the middle is a correction of the score before it.
const SCORES: [[u32; 2]; 9] = [[3, 0], [3, 5], [8, 5], [6, 5], [6, 5], [6, 5], [6, 7], [6, 10], [12, 10]];

/// The seconds from a board that shows a score first to the one that confirms it.
const CONFIRMED_AFTER: u32 = 40;

/// The seconds to the next board, at which a run that was killed goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Soon: every key of an attempt is still honoured.
    Brisk = 40,
    /// Later than a nonce of Discord's lives, and before any story is too old.
    Slow = 110,
}

/// Stories that are told of it, the correction included.
pub(crate) const STORIES: usize = 8;

/// Writes the recording into a folder; where it is.
pub(crate) fn record(folder: &Path, pace: Pace) -> PathBuf {
    let team = |id: &str, name: &str, short: &str, place: &str, code: &str| json!({"id": id, "name": name, "short_name": short, "place": place, "code": code});
    let header = json!({
        "format": "wirereport-recording", "version": 1, "sport": "nba", "title": "New York Knicks at Boston Celtics",
        "made_from": "nothing", "clock": "real",
        "teams": {
            "NYK": team("18", "New York Knicks", "Knicks", "New York", "NYK"),
            "BOS": team("2", "Boston Celtics", "Celtics", "Boston", "BOS"),
        },
        "games": [{"id": "1", "home": "BOS", "away": "NYK", "starts_at": "2026-01-11T19:00:00Z"}],
    });
    let mut second = 0;
    let mut lines = vec![header, json!({"t": at(second), "board": [0]})];
    let live = json!({"p": "live", "n": 1, "c": 700_000, "s": [0, 0]});
    lines.push(json!({"t": at(second + CONFIRMED_AFTER), "d": [live]}));
    // Each board is shown twice, since a score counts when a second board shows it.
    for (number, score) in (1..).zip(SCORES) {
        for (half, wait) in [(0, pace as u32), (1, CONFIRMED_AFTER)] {
            second += wait;
            let clock = 700_000 - (2 * number + half) * 10_000;
            lines.push(json!({"t": at(CONFIRMED_AFTER + second), "d": [{"c": clock, "s": score}]}));
        }
    }
    let path = folder.join("game.jsonl");
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    path
}

fn at(second: u32) -> String {
    let (minute, second) = (second / 60, second % 60);
    format!("2026-01-11T19:{minute:02}:{second:02}Z")
}
