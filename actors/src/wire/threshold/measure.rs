//! What the wire would tell of an invented season.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::wire::detect::SportState;
use crate::wire::game::{GameId, Snapshot};
use crate::wire::rules::Rules;
use crate::wire::sport::Sport;
use crate::wire::step::step;
use crate::wire::story::Verdict;
use crate::wire::synthetic::season;

/// The first evening of every invented season.
const FIRST: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// Games of one evening.
const GAMES: usize = 16;

/// How often the boards are looked at.
const POLL: SignedDuration = SignedDuration::from_secs(15);

/// What came of a season.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Season {
    /// The told posts of each game, fewest first.
    pub told: Vec<u32>,
    /// What each moment was worth, least first.
    pub significance: Vec<f64>,
}

impl Season {
    /// The average posts of a game.
    pub fn posts_per_game(&self) -> f64 {
        self.told.iter().map(|posts| f64::from(*posts)).sum::<f64>() / self.told.len().max(1) as f64
    }

    /// The posts that this share of the games do not exceed.
    pub fn told_at(&self, share: f64) -> u32 {
        at(&self.told, share).unwrap_or_default()
    }

    /// The significance that this share of the moments do not exceed.
    pub fn significance_at(&self, share: f64) -> f64 {
        at(&self.significance, share).unwrap_or_default()
    }

    /// The share of moments worth less than that.
    pub fn share_below(&self, threshold: f64) -> f64 {
        let below = self.significance.partition_point(|significance| *significance < threshold);
        below as f64 / self.significance.len().max(1) as f64
    }
}

fn at<T: Copy>(sorted: &[T], share: f64) -> Option<T> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((share * last as f64).round() as usize).copied()
}

/// Lets the wire tell so many games of an invented season, evening by evening, looking every 15 seconds: once by each of
/// these rules, over the same boards.
pub fn measure(sport: &Sport, rules: &[Rules], games: usize, seed: u64) -> Vec<Season> {
    let mut desks: Vec<Desk> = rules.iter().map(Desk::of).collect();
    for night in season(sport.clone(), FIRST, GAMES, seed).take(games.div_ceil(GAMES)) {
        let (Some(start), Some(end)) = (night.starts_at(), night.ends_at()) else { continue };
        let mut at = start - SignedDuration::from_mins(5);
        while at <= end + SignedDuration::from_mins(3) {
            let board = night.board(&sport.key, at);
            for desk in &mut desks {
                desk.take_in(&board, sport);
            }
            at += POLL;
        }
    }
    desks.into_iter().map(Desk::season).collect()
}

/// One set of rules at work.
struct Desk<'a> {
    rules: &'a Rules,
    state: SportState,
    told: BTreeMap<GameId, u32>,
    significance: Vec<f64>,
}

impl<'a> Desk<'a> {
    fn of(rules: &'a Rules) -> Self {
        Self { rules, state: SportState::default(), told: BTreeMap::new(), significance: Vec::new() }
    }

    fn take_in(&mut self, board: &Snapshot, sport: &Sport) {
        let taken = step(&mut self.state, board, sport, self.rules);
        for (game, _) in taken.observed {
            self.told.entry(game).or_default();
        }
        for story in taken.stories {
            self.significance.push(story.significance.total);
            *self.told.entry(story.game).or_default() += u32::from(story.verdict == Verdict::Told);
        }
    }

    fn season(mut self) -> Season {
        let mut told: Vec<u32> = self.told.into_values().collect();
        told.sort_unstable();
        self.significance.sort_by(f64::total_cmp);
        Season { told, significance: self.significance }
    }
}
