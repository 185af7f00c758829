//! Contests of athletes: matches, races, tournaments. Of these only the result is told.
//!
//! A match (tennis, a bout) has two sides as a game has; a field (a race, a tournament of golf) has none, so there the game's
//! `home` holds the name of the event and `away` that of its part, which both stay the same whoever leads.

use serde::{Deserialize, Serialize};

use super::game::{Score, Which};
use super::sport::Discipline;

/// What a contest has that a game of two teams has not. What stands here of a result is there only once it is final.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contest {
    /// The event without an article: `Roland Garros`, `Azerbaijan Grand Prix`.
    pub event: String,
    /// Which part of it: `Men's Singles Semifinal`, `Bantamweight`, `Race`.
    #[serde(default)]
    pub part: Option<String>,
    /// How it ended.
    #[serde(default)]
    pub ending: Ending,
    /// Who won a match.
    #[serde(default)]
    pub winner: Option<Which>,
    /// The games of each set.
    #[serde(default)]
    pub sets: Vec<Score>,
    /// The first of a field, best first, as far as their order is sure.
    #[serde(default)]
    pub standings: Vec<Standing>,
}

/// How a contest ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It was played to its end.
    #[default]
    Played,
    /// The loser gave up.
    Retired,
    /// It was not played, and the winner goes on.
    Walkover,
}

/// One place of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Standing {
    /// Who.
    pub name: String,
    /// Golf: strokes over par, below zero for under.
    #[serde(default)]
    pub to_par: Option<i32>,
}

impl Contest {
    /// Whether it has a result that can be told.
    pub fn is_decided(&self) -> bool {
        self.winner.is_some() || !self.standings.is_empty()
    }

    /// Whether the result of both is the same, whatever else they are called.
    pub fn agrees(&self, other: &Self) -> bool {
        (self.winner, self.ending, &self.sets, &self.standings)
            == (other.winner, other.ending, &other.sets, &other.standings)
    }

    /// By how many strokes the first of a field won.
    pub fn strokes_ahead(&self) -> Option<u32> {
        let [first, second, ..] = self.standings.as_slice() else { return None };
        Some(second.to_par?.abs_diff(first.to_par?)).filter(|strokes| *strokes > 0)
    }

    /// What its result is worth, 0 to 1: a whole event's more than a part's, a later round's more than an earlier one's.
    pub fn worth(&self, discipline: Discipline) -> f64 {
        let part = self.part.as_deref().unwrap_or_default();
        match discipline {
            Discipline::Tennis if part.contains("Qualifying") => 0.1,
            Discipline::Tennis if part.ends_with("Semifinal") => 0.5,
            Discipline::Tennis if part.ends_with("Quarterfinal") => 0.4,
            Discipline::Tennis if part.ends_with("Final") => 0.65,
            Discipline::Tennis => 0.2,
            Discipline::Mma => 0.4,
            _ => 0.65,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_is_worth_more_than_a_semifinal_and_a_qualifying_final_is_no_final() {
        let worth = |part: &str| {
            Contest { part: Some(part.to_owned()), ..Contest::default() }.worth(Discipline::Tennis)
        };
        let parts = [
            "Qualifying Final",
            "Round 1",
            "Quarterfinal",
            "Women's Singles Semifinal",
            "Mixed Doubles Final",
        ];
        assert!(parts.map(worth).windows(2).all(|pair| pair[0] < pair[1]));
    }
}
