use jiff::Timestamp;
use serde_json::{Value, json};
use wirereport_actors::wire::game::{Game, Score, Snapshot};

use super::{ConvertError, Options, convert, detect};
use crate::feeds::recording::Recording;

mod football;
mod hockey;
mod nba;
mod soccer;
mod timeline;

const START: &str = "2024-01-01T20:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn score(home: u32, away: u32) -> Score {
    Score { home, away }
}

fn polls(recording: &Recording) -> Vec<Snapshot> {
    recording.snapshots("replay").collect()
}

fn games(recording: &Recording) -> Vec<Game> {
    polls(recording).into_iter().filter_map(|poll| poll.games.into_iter().next()).collect()
}

fn last(recording: &Recording) -> Game {
    games(recording).pop().expect("there are polls")
}

fn made(value: &Value, options: &Options) -> Result<Recording, ConvertError> {
    convert(value.to_string().as_bytes(), "game", options)
}

/// Every score of a recording, in order, without repetition.
fn scores(recording: &Recording) -> Vec<(u32, u32)> {
    let mut scores: Vec<(u32, u32)> =
        games(recording).iter().filter_map(Game::score).map(|score| (score.home, score.away)).collect();
    scores.dedup();
    scores
}

#[test]
fn what_is_no_play_by_play_is_refused_with_what_it_is() {
    let not_json = detect(b"<html>").expect_err("it is no JSON");
    assert_eq!(
        not_json.to_string(),
        "not JSON at line 1 column 1 (it is malformed there); fetch the file again"
    );
    let cut = detect(br#"{"game":{"actions":["#).expect_err("it is cut short");
    assert!(cut.to_string().contains("it ends too early"), "{cut}");
    for unknown in [json!({}), json!([]), json!({"events": []}), json!({"header": {"competitions": [{}]}})] {
        assert_eq!(detect(unknown.to_string().as_bytes()), Err(ConvertError::UnknownSource));
    }
    assert!(ConvertError::UnknownSource.to_string().contains("known are an NBA `playbyplay`"));
}
