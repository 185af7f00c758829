//! What the rule state shows of a game to whoever watches: what waits to be confirmed, and the course of the chances.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::GameState;
use crate::wire::game::{Game, Phase, Score};

/// Home's chances along a game, thinned out so that a long game takes no more room than a short one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Curve(Vec<(i64, f64)>);

/// The most points that are kept.
const MOST: usize = 96;
/// The least move that is one.
const MOVE: f64 = 0.01;

impl Curve {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps a chance, if it moved.
    pub(super) fn note(&mut self, at: Timestamp, home: f64) {
        let (at, home) = (at.as_second(), (home * 1000.0).round() / 1000.0);
        match self.0.last() {
            Some((_, before)) if (before - home).abs() < MOVE => return,
            Some((last, _)) if *last >= at => {
                self.0.pop();
            }
            _ => {}
        }
        if self.0.len() == MOST {
            let mut odd = false;
            self.0.retain(|_| {
                odd = !odd;
                odd
            });
        }
        self.0.push((at, home));
    }

    /// Seconds since 1970 and home's chance then, oldest first.
    pub fn points(&self) -> &[(i64, f64)] {
        &self.0
    }
}

impl GameState {
    /// Home's chances so far, as far as they were kept.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// The confirmed period.
    pub fn period(&self) -> u8 {
        self.period
    }

    /// What was seen and waits for another sight to confirm or deny it, each in a few words.
    pub fn waiting(&self) -> Vec<String> {
        let mut waiting = Vec::new();
        let score = |score: Score| named(&self.last, score);
        waiting.extend(self.rises.iter().map(|rise| score(rise.score)));
        waiting.extend(self.fall.iter().map(|fall| format!("back to {}", score(fall.score))));
        waiting.extend(self.phase_candidate.iter().map(|candidate| phase(candidate.sight.phase).to_owned()));
        let period = self.period_candidate.iter().filter(|_| self.last.phase.in_play());
        waiting.extend(period.map(|candidate| format!("period {}", candidate.sight.period)));
        waiting
            .extend(self.state_candidates.iter().map(|candidate| candidate.kind.as_str().replace('_', " ")));
        if waiting.is_empty() && self.is_unsettled() {
            waiting.push("a moment of the game".to_owned());
        }
        waiting
    }
}

fn named(game: &Game, score: Score) -> String {
    let (away, home) = (&game.away.team.code, &game.home.team.code);
    format!("{away} {}, {home} {}", score.away, score.home)
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Scheduled => "not begun",
        Phase::Live => "in play",
        Phase::Break => "a break",
        Phase::Shootout => "a shoot-out",
        Phase::Final => "final",
        Phase::Delayed => "delayed",
        Phase::Postponed => "postponed",
        Phase::Suspended => "suspended",
        Phase::Cancelled => "cancelled",
        Phase::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_keeps_what_moved_and_thins_out() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let mut curve = Curve::default();
        curve.note(at(0), 0.5);
        curve.note(at(10), 0.504);
        curve.note(at(20), 0.6204);
        curve.note(at(20), 0.7);
        assert_eq!(curve.points(), [(1_700_000_000, 0.5), (1_700_000_020, 0.7)]);
        for second in 0..10_000 {
            curve.note(at(30 + second), if second % 2 == 0 { 0.2 } else { 0.8 });
        }
        let points = curve.points();
        assert!(points.len() <= MOST && points.len() >= MOST / 2, "{}", points.len());
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order");
        assert_eq!(points[0], (1_700_000_000, 0.5), "it begins where the game was met");
        assert_eq!(points.last().map(|(at, _)| *at), Some(1_700_010_029));
    }
}
