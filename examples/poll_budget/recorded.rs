//! The recorded games, shifted onto one evening.

use std::path::Path;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use wirereport::feeds::recording::Recording;
use wirereport_actors::wire::game::Snapshot;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::{Played, span};

/// Minutes between the starts of two recordings.
const STAGGER: i64 = 20;

/// Every recording of `tests/recordings`, one after the other begun.
pub(super) fn night(evening: Timestamp) -> anyhow::Result<Played> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("read {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    let mut boards: Vec<Vec<Snapshot>> = Vec::new();
    for (file, minutes) in files.iter().zip((0..).step_by(STAGGER as usize)) {
        let recording = Recording::read(file)?;
        let start = evening + SignedDuration::from_mins(minutes);
        let later = start.duration_since(recording.starts_at());
        boards.push(recording.snapshots("recorded").map(|snapshot| shifted(snapshot, later)).collect());
    }
    let sports = boards.iter().filter_map(|board| Sport::of(board.first()?.sport.as_str())).collect();
    let end = boards.iter().filter_map(|board| Some(board.last()?.seen_at)).max().unwrap_or(evening);
    let board = Box::new(move |sport: &SportKey, at| board_of(&boards, sport, at));
    Ok(Played { sports, span: span(evening, end), board })
}

fn shifted(mut snapshot: Snapshot, later: SignedDuration) -> Snapshot {
    snapshot.seen_at += later;
    for game in &mut snapshot.games {
        game.starts_at = game.starts_at.map(|start| start + later);
    }
    snapshot
}

/// The board of a league at that time: what its recording last saw.
fn board_of(boards: &[Vec<Snapshot>], sport: &SportKey, at: Timestamp) -> Snapshot {
    let of_league = boards.iter().find(|board| board.iter().any(|snapshot| snapshot.sport == *sport));
    let seen = of_league.and_then(|board| {
        let past = board.partition_point(|snapshot| snapshot.seen_at <= at);
        board.get(past.saturating_sub(1))
    });
    let games = seen.map(|snapshot| snapshot.games.clone()).unwrap_or_default();
    Snapshot { sport: sport.clone(), feed: "recorded".to_owned(), seen_at: at, games }
}
