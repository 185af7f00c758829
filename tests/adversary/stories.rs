//! The stories that are lied about: everything that is told of the committed recordings, of every complete game of the
//! corpus where it is at hand, and of the samples.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tokio::sync::OnceCell;
use wirereport::feeds::convert::{self, Options};
use wirereport::feeds::recording::Recording;
use wirereport::report::report;
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::gate;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::samples;
use wirereport_actors::wire::sport::{Sport, SportKey};
use wirereport_actors::wire::story::{Story, StoryId, Verdict};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn corpus() -> Option<PathBuf> {
    let told = std::env::var_os("WIREREPORT_CORPUS").map(PathBuf::from);
    let folder = told.unwrap_or_else(|| here("../shared/data/feeds"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("no corpus at {} (WIREREPORT_CORPUS): the committed recordings alone", folder.display());
    None
}

/// Every file with that ending under a folder, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()) {
        if entry.is_dir() {
            found.extend(files(&entry, ending));
        } else if entry.extension().is_some_and(|end| end == ending) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// Every complete game: the committed recordings and what the corpus has beside them.
fn recordings() -> Vec<Recording> {
    let committed = files(&here("tests/recordings"), "jsonl");
    let mut all: Vec<Recording> =
        committed.iter().map(|path| Recording::read(path).expect("a committed recording")).collect();
    let starts_at = Timestamp::from_second(1_700_000_000).ok();
    let options = Options { starts_at, league: Some(SportKey::new("esp.1")) };
    for path in corpus().iter().flat_map(|folder| files(folder, "json")) {
        let body = std::fs::read(&path).expect("a file of the corpus");
        let game = convert::convert(&body, "game", &options);
        let known = |game: &Recording| all.iter().any(|one| one.header().title == game.header().title);
        if let Some(game) = game.ok().filter(|game| !known(game)) {
            all.push(game);
        }
    }
    all
}

/// What the default rules tell of every complete game, and how many games those are.
pub(crate) async fn of_games() -> (usize, Vec<Story>) {
    static GAMES: OnceCell<(usize, Vec<Story>)> = OnceCell::const_new();
    GAMES.get_or_init(tell_games).await.clone()
}

async fn tell_games() -> (usize, Vec<Story>) {
    let writer = TemplateWriter::builtin().expect("the built-in templates");
    let (mut games, mut stories) = (0, Vec::new());
    for recording in recordings() {
        let Some(sport) = Sport::of(recording.header().sport.as_str()) else { continue };
        let reports = report(&recording, &sport, &Rules::usual(&sport), &writer).await;
        games += reports.len();
        let moments = reports.into_iter().flat_map(|report| report.moments).map(|moment| moment.story);
        stories.extend(moments.filter(|story| story.verdict == Verdict::Told));
    }
    (games, stories)
}

/// A story of each sample of a game of two teams.
pub(crate) fn of_samples() -> Vec<Story> {
    let games = samples::all().into_iter().filter(|sample| {
        let facts = &sample.facts;
        !facts.discipline.is_contest() && facts.kind != MomentKind::News && gate::quarantine(facts).is_none()
    });
    let at = Timestamp::from_second(1_700_000_000).expect("a time");
    games
        .map(|sample| Story {
            id: StoryId(sample.name.clone()),
            revision: 1,
            sport: sample.facts.sport.clone(),
            game: GameId(sample.name.clone()),
            kind: sample.facts.kind,
            after: at,
            seen_at: at,
            confirmed_at: at,
            stale_at: at + jiff::SignedDuration::from_hours(24),
            facts: sample.facts,
            significance: wirereport_actors::wire::significance::of_worth(1.0),
            verdict: Verdict::Told,
            turn: 0,
        })
        .collect()
}
