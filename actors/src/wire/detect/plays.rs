//! Scoring plays: which are new, and whether they explain a change of the score.

use super::state::GameState;
use crate::wire::game::{Play, PlayKind, Score, Which};

const MOST_PLAYS: usize = 48;

impl GameState {
    /// The scoring plays that were on no earlier board.
    pub(super) fn fresh_plays(&mut self, board: &[Play]) -> Vec<Play> {
        let mut fresh = Vec::new();
        for play in board.iter().filter(|play| points(play) > 0) {
            let key = key(play);
            if self.plays.contains(&key) {
                continue;
            }
            self.plays.push_back(key);
            if self.plays.len() > MOST_PLAYS {
                self.plays.pop_front();
            }
            fresh.push(play.clone());
        }
        fresh
    }
}

/// Whether these plays bring exactly the change from one score to the other, side by side.
pub(super) fn explain(fresh: &[Play], from: Score, to: Score) -> bool {
    let brought = |which| -> u32 {
        fresh.iter().filter(|play| play.side == Some(which)).map(points).fold(0, u32::saturating_add)
    };
    !fresh.is_empty()
        && fresh.iter().all(|play| play.side.is_some())
        && [Which::Home, Which::Away]
            .into_iter()
            .all(|which| from.of(which).checked_add(brought(which)) == Some(to.of(which)))
}

fn points(play: &Play) -> u32 {
    match play.kind {
        PlayKind::Goal | PlayKind::OwnGoal | PlayKind::PenaltyGoal => play.points.max(1),
        PlayKind::Score => play.points,
        PlayKind::ShootoutGoal
        | PlayKind::RedCard
        | PlayKind::MissedPenalty
        | PlayKind::SavedPenalty
        | PlayKind::Other => 0,
    }
}

fn key(play: &Play) -> String {
    match &play.id {
        Some(id) => id.clone(),
        None => format!("{:?}", (play.side, play.points, play.kind, &play.player, play.clock)),
    }
}
