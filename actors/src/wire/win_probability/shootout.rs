//! Penalty shoot-outs: so many kicks each, then one each until they differ.
//!
//! Kicks are independent and go in with one chance, so the order of kicking does not matter: what either side still makes
//! of its kicks is binomial, and level after all of them is a coin flip.

use super::Outcome;
use crate::wire::game::Score;

/// The shape of a shoot-out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// The kicks each side has before sudden death.
    pub(super) kicks: u32,
    /// The chance that one goes in.
    pub(super) conversion: f64,
}

/// Five kicks; three in four go in.
pub(super) const SOCCER: Rules = Rules { kicks: 5, conversion: 0.75 };
/// Three shots; one in three goes in.
pub(super) const HOCKEY: Rules = Rules { kicks: 3, conversion: 1.0 / 3.0 };

/// Boards show what went in and not how many have kicked. Both are taken to have kicked as often as the one with more
/// goals needs on average for them, and never to be done: a lead of one may be answered until the feed says final.
pub(super) fn outcome(goals: Score, rules: Rules) -> Outcome {
    let most = f64::from(goals.home.max(goals.away));
    let taken = (most / rules.conversion).round().min(f64::from(rules.kicks)) as u32;
    let left = (rules.kicks - taken).max(1);
    let still = binomial(left, rules.conversion);
    let mut home = 0.0;
    for (more, p) in still.iter().enumerate() {
        for (fewer, q) in still.iter().enumerate() {
            let end = goals.home_margin().saturating_add(more as i64 - fewer as i64);
            home += p * q * (0.5 + 0.5 * end.signum() as f64);
        }
    }
    Outcome::without_draw(home)
}

fn binomial(kicks: u32, conversion: f64) -> Vec<f64> {
    let mut chances = vec![1.0];
    for _ in 0..kicks {
        let mut next = vec![0.0; chances.len() + 1];
        for (goals, p) in chances.iter().enumerate() {
            next[goals] += p * (1.0 - conversion);
            next[goals + 1] += p * conversion;
        }
        chances = next;
    }
    chances
}
