//! What a committed recording says of its game, read from its lines and not by the wire's own reader.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A score: the home side's first, as recordings have it.
pub(crate) type Score = (u64, u64);

/// The games, by the names of their files.
pub(crate) const ALL: [&str; 5] = [
    "nba-atl-bos-117-116",
    "nfl-nyg-dal-37-40",
    "mlb-cle-pit-5-7",
    "nhl-mtl-buf-shootout",
    "soccer-mex-rsa-2-0",
];

/// Where a recording is.
pub(crate) fn path(name: &str) -> String {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    folder.join(name).with_extension("jsonl").to_str().unwrap().to_owned()
}

/// One game as it went.
pub(crate) struct Course {
    /// Every score, each as often as it came up.
    pub(crate) scores: Vec<Score>,
    /// The short names of the home side and the away side.
    pub(crate) names: (String, String),
    /// The penalty shoot-out, home first.
    pub(crate) shootout: Option<Score>,
}

impl Course {
    pub(crate) fn of(name: &str) -> Self {
        let text = std::fs::read_to_string(path(name)).unwrap();
        let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let header = lines.next().unwrap();
        let team = |side: &str| {
            let code = header["games"][0][side].as_str().unwrap();
            header["teams"][code]["short_name"].as_str().unwrap().to_owned()
        };
        let pair = |value: &Value| Some((value[0].as_u64()?, value[1].as_u64()?));
        let changes: Vec<Value> = lines.map(|frame| frame["d"][0].clone()).collect();
        let mut scores: Vec<Score> = changes.iter().filter_map(|change| pair(&change["s"])).collect();
        scores.dedup();
        let shootout = changes.iter().filter_map(|change| pair(&change["so"])).next_back();
        Self { scores, names: (team("home"), team("away")), shootout }
    }

    pub(crate) fn last(&self) -> Score {
        self.scores[self.scores.len() - 1]
    }

    /// Every turn from one score to the next after which another side leads than before, or one where none did.
    pub(crate) fn lead_changes(&self) -> Vec<(Score, Score)> {
        let leader = |(home, away): Score| home.cmp(&away);
        let turns = self.scores.windows(2).map(|pair| (pair[0], pair[1]));
        turns.filter(|(then, now)| now.0 != now.1 && leader(*then) != leader(*now)).collect()
    }
}
