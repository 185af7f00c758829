//! One poll, from the board to the verdicts.

use super::detect::{SportState, observe};
use super::game::{Game, GameId, Snapshot};
use super::rules::Rules;
use super::select::select;
use super::sport::Sport;
use super::story::Story;

/// What a poll came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// The stories, told and untold, in order.
    pub stories: Vec<Story>,
    /// The games whose sight differs from their last one.
    pub observed: Vec<(GameId, Game)>,
}

/// Takes a poll in: detects, selects, and keeps in `state` what was told. The snapshot's `seen_at` is the time of it all.
/// The state, the stories and what was observed are to be committed together: what was told is known to the next poll only
/// through the state.
pub fn step(state: &mut SportState, snapshot: &Snapshot, sport: &Sport, rules: &Rules) -> Step {
    let observation = observe(state, snapshot, sport, rules);
    let mut stories = select(observation.moments, &sport.key, rules);
    state.keep_told(&mut stories);
    Step { stories, observed: observation.observed }
}
