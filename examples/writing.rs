//! How long a story takes from its facts to its checked text by the templates: words, wordings, both forms, what was told
//! before, the fact gate.
//!
//! ```text
//! cargo run --release --example writing
//! ```
//!
//! The stories are every moment of the committed recordings and every sample that templates are tried on. Each is written as
//! the generator has it written, in its long and its short form with their headlines, with the last five texts of its game to
//! be held against, and the first that passes the gate is chosen for a channel of 280 characters. One thread, no input and no
//! output while it is measured.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use jiff::Timestamp;
use tokio::time::Instant;
use wirereport::feeds::recording::Recording;
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::ports::writer::Assignment;
use wirereport_actors::wire::brief::choose_anew;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::fit::{LengthUnit, Limits};
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::gate::{self, Said};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::samples;
use wirereport_actors::wire::significance::Significance;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;
use wirereport_actors::wire::story::{Story, StoryId, Verdict};

/// How often each story is written.
const ROUNDS: usize = 20;

/// How many of its game's last texts each is held against.
const LAST: usize = 5;

const LIMITS: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };

fn main() -> anyhow::Result<()> {
    let writer = TemplateWriter::builtin()?;
    let mut stories = recorded()?;
    let from_recordings = stories.len();
    stories.extend(samples::all().into_iter().map(sample));
    stories.retain(|story| gate::quarantine(&story.facts).is_none());
    let assignments = assigned(&writer, stories)?;
    let mut times: BTreeMap<MomentKind, Vec<Duration>> = BTreeMap::new();
    // The first round warms the caches.
    for round in 0..=ROUNDS {
        for assignment in &assignments {
            let begun = Instant::now();
            let written = write(&writer, assignment);
            let took = begun.elapsed();
            ensure!(written.is_some(), "{} is not told", assignment.story.id);
            if round > 0 {
                times.entry(assignment.story.kind).or_default().push(took);
            }
        }
    }
    println!("{} stories, {from_recordings} of them of recordings, each {ROUNDS} times", assignments.len());
    println!("{:<16} {:>7} {:>9} {:>9}", "kind", "texts", "p50", "p99");
    let mut all = Vec::new();
    for (kind, mut times) in times {
        row(kind.as_str(), &mut times);
        all.append(&mut times);
    }
    row("all", &mut all);
    Ok(())
}

/// Each story with the last texts of its game.
fn assigned(writer: &TemplateWriter, stories: Vec<Story>) -> anyhow::Result<Vec<Assignment>> {
    let mut told: BTreeMap<GameId, Vec<Said>> = BTreeMap::new();
    let assigned = |story: Story| {
        let texts = told.entry(story.game.clone()).or_default();
        let last = texts.iter().rev().take(LAST).cloned().collect();
        let assignment = Assignment { told: last, ..Assignment::new(story, Duration::from_secs(1)) };
        texts.push(write(writer, &assignment).context("a story that is not told")?);
        Ok(assignment)
    };
    stories.into_iter().map(assigned).collect()
}

/// The text that a channel would get.
fn write(writer: &TemplateWriter, assignment: &Assignment) -> Option<Said> {
    let drafts = writer.drafts(assignment).ok()?.drafts;
    let chosen = choose_anew(&drafts, &assignment.story.facts, LIMITS, &assignment.told).ok()?;
    Some(chosen.text.into_text().into())
}

fn row(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at_share = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let micros = |time: Duration| format!("{:.1} µs", time.as_secs_f64() * 1e6);
    println!("{name:<16} {:>7} {:>9} {:>9}", times.len(), micros(at_share(50)), micros(at_share(99)));
}

/// Every moment of the committed recordings.
fn recorded() -> anyhow::Result<Vec<Story>> {
    let everything = Rules { threshold: 0.0, confirmations: 0, ..Rules::default() };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut stories = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let recording = Recording::read(&path)?;
        let sport = Sport::of(recording.header().sport.as_str()).context("a league of the table")?;
        let mut state = SportState::default();
        for snapshot in recording.snapshots("replay") {
            let found = step(&mut state, &snapshot, &sport, &everything).stories;
            stories.extend(found.into_iter().filter(|story| story.verdict == Verdict::Told));
        }
    }
    Ok(stories)
}

/// The story of a sample.
fn sample(sample: samples::Sample) -> Story {
    let (at, game, facts) = (Timestamp::UNIX_EPOCH, GameId(sample.name), sample.facts);
    Story {
        id: StoryId::of(&game, facts.kind, facts.period, 1),
        revision: 1,
        sport: facts.sport.clone(),
        game,
        kind: facts.kind,
        after: at,
        seen_at: at,
        confirmed_at: at,
        stale_at: at,
        significance: Significance::default(),
        verdict: Verdict::Told,
        turn: 0,
        facts,
    }
}
