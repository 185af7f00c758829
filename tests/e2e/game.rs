//! A game in a file, to be replayed: every board but the first two is news.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The scores of a short game, the home side's first. The fall in the middle is a correction of the score before it.
const CORRECTED: [[u32; 2]; 9] = [[3, 0], [3, 5], [8, 5], [6, 5], [6, 5], [6, 5], [6, 7], [6, 10], [12, 10]];

/// Stories that are told of the short game: one of its start and one of each of its scores, of which three are the same.
pub(crate) const STORIES: usize = 1 + CORRECTED.len() - 2;

/// A game as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// The short one, with its correction.
    Corrected,
    /// The short one, and so many scores more.
    CorrectedAndLong(u32),
    /// So many scores, none of which is taken back.
    Long(u32),
}

impl Course {
    fn scores(self) -> Vec<[u32; 2]> {
        let [home, away] = CORRECTED[CORRECTED.len() - 1];
        // The sides score in turn, three points each.
        let rises = |from: [u32; 2], scores| {
            (1..=scores).map(move |score: u32| [from[0] + 3 * (score / 2), from[1] + 3 * score.div_ceil(2)])
        };
        match self {
            Self::Corrected => CORRECTED.to_vec(),
            Self::CorrectedAndLong(scores) => {
                CORRECTED.into_iter().chain(rises([home, away], scores)).collect()
            }
            Self::Long(scores) => rises([0, 0], scores).collect(),
        }
    }
}

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

/// Writes the recording into a folder; where it is.
pub(crate) fn record(folder: &Path, course: Course, pace: Pace) -> PathBuf {
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
    for (number, score) in (1..).zip(course.scores()) {
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
    let (hour, minute) = (19 + minute / 60, minute % 60);
    format!("2026-01-11T{hour}:{minute:02}:{second:02}Z")
}
