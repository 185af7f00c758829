//! The committed recordings, told from beginning to end.

use std::path::Path;

use wirereport_actors::wire::brief::choose;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;

use super::*;
use crate::feeds::recording::Recording;

const RECORDINGS: [&str; 5] = [
    "mlb-cle-pit-5-7",
    "nba-atl-bos-117-116",
    "nfl-nyg-dal-37-40",
    "nhl-mtl-buf-shootout",
    "soccer-mex-rsa-2-0",
];

fn read(name: &str) -> (Recording, Sport) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(format!("{name}.jsonl"));
    let recording = Recording::read(&path).expect("a recording");
    let sport = Sport::of(recording.header().sport.as_str()).expect("a league");
    (recording, sport)
}

fn usual(name: &str) -> Rules {
    Rules::usual(&read(name).1)
}

/// The stories of a recorded game that these rules tell.
fn told(name: &str, rules: &Rules) -> Vec<Story> {
    let (recording, sport) = read(name);
    let mut state = SportState::default();
    recording
        .snapshots("replay")
        .flat_map(|snapshot| step(&mut state, &snapshot, &sport, rules).stories)
        .filter(|story| story.verdict == Verdict::Told)
        .collect()
}

#[test]
fn the_recorded_games_are_told_as_a_reader_would_see_them() {
    for name in RECORDINGS {
        let page: String = told(name, &usual(name))
            .iter()
            .map(|story| {
                let drafts = [draft(story, Form::Long), draft(story, Form::Short)];
                let chosen = choose(&drafts, &story.facts, LONG);
                let chosen = chosen.unwrap_or_else(|refused| panic!("{name} {}: {refused:?}", story.id));
                assert!(chosen.refused.is_empty(), "{name} {}: {:?}", story.id, chosen.refused);
                format!("{}\n", chosen.text.text())
            })
            .collect();
        insta::assert_snapshot!(format!("told_{name}"), page);
    }
}

#[test]
fn every_text_of_every_moment_of_the_recorded_games_passes_the_gate() {
    let everything = Rules { threshold: 0.0, ..Rules::default() };
    let mut count = 0;
    for name in RECORDINGS {
        for story in told(name, &everything) {
            for (wording, part, text) in texts(&story.facts) {
                let checked = gate_of(part, &text, &story.facts);
                assert!(checked.is_ok(), "{} {wording} {text:?}: {checked:?} of {:?}", story.id, story.facts);
                count += 1;
            }
        }
    }
    assert!(count > 1000, "only {count} texts");
}
