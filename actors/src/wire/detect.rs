//! Detection: what changed since the last confirmed sight.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::game::{Game, GameId};

/// The rule state of one sport, committed with every poll.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SportState {
    /// The games, by our id.
    pub games: BTreeMap<GameId, GameState>,
    /// How far a replay has come, in frames; `None` for live feeds.
    pub cursor: Option<u64>,
}

/// What is known of one game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GameState {
    /// The last sight.
    pub last: Game,
}
