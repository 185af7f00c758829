//! Ratings of our own, for a game of which no odds are known.
//!
//! Elo's, as FiveThirtyEight kept them for American leagues: after a game the winner takes
//! `K · multiplier · (result − expected)` from the loser, where the expected result is `1 / (1 + 10^(−Δ/400))` of the
//! difference Δ with the home side's advantage added, and the multiplier grows with the margin and shrinks where the
//! favourite won, lest favourites drift upwards for winning as they should.
//!
//! | league | K | home | multiplier of margin m and the winner's Δ | between seasons |
//! |---|---:|---:|---|---|
//! | NFL, college football | 20 | 65 | `ln(m+1) · 2.2 / (2.2 + 0.001Δ)` | ⅓ back to the mean |
//! | NBA, WNBA, college | 20 | 100 | `(m+3)^0.8 / (7.5 + 0.006Δ)` | ¼ |
//! | MLB | 4 | 24 | the NFL's | ⅓ |
//! | NHL | 6 | 50 | `0.6686·ln(m) + 0.8048`, as FiveThirtyEight's hockey has it | 3/10 |
//! | soccer | 20 | 65 | 1, 1½, then (11+m)/8, of the World Football Elo Ratings | none |
//!
//! Sources: `fivethirtyeight/nfl-elo-game` (its code); FiveThirtyEight's accounts of its NBA (2015), MLB (2016) and NHL (2021)
//! forecasts; eloratings.net for soccer. College and the WNBA go by their elders' figures for want of published ones.
//!
//! A rating counts only after [`ENOUGH_GAMES`] of both sides: before that the usual home advantage says as much. Each
//! confirmed final is taken in once, and a result that is put right is taken back first.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::game::{Game, GameId, Score, Team};
use super::sport::Discipline;
use super::win_probability::{normal, spread_of_margins};

/// The games a side must have played before its rating says more than nothing.
pub const ENOUGH_GAMES: u32 = 10;

/// The rating of an average side.
pub const MEAN: f64 = 1500.0;

/// A pause after which another season begins: longer than any winter break, shorter than any summer.
const BETWEEN_SEASONS: SignedDuration = SignedDuration::from_hours(24 * 60);

/// How a league's ratings move.
#[derive(Debug, Clone, Copy)]
struct Pace {
    k: f64,
    home: f64,
    /// The share of its distance to the mean that a rating loses between seasons.
    regression: f64,
}

impl Pace {
    const fn of(discipline: Discipline) -> Self {
        let (k, home, regression) = match discipline {
            Discipline::Football => (20.0, 65.0, 1.0 / 3.0),
            Discipline::Basketball => (20.0, 100.0, 0.25),
            Discipline::Baseball => (4.0, 24.0, 1.0 / 3.0),
            Discipline::Hockey => (6.0, 50.0, 0.3),
            _ => (20.0, 65.0, 0.0),
        };
        Self { k, home, regression }
    }
}

/// The ratings of one league.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Ratings {
    sides: BTreeMap<String, Rating>,
    /// The games that were taken in, as long as they may still be put right.
    taken: BTreeMap<GameId, Taken>,
    /// The start of the last game that was taken in.
    last: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Rating {
    elo: f64,
    games: u32,
}

impl Default for Rating {
    fn default() -> Self {
        Self { elo: MEAN, games: 0 }
    }
}

/// What a game did to the ratings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Taken {
    score: Score,
    shootout: Option<Score>,
    /// What home gained and away lost.
    home_gain: f64,
}

impl Ratings {
    /// Home's expected margin by the ratings; `None` where either side has played too little.
    pub fn home_margin(&self, game: &Game, discipline: Discipline) -> Option<f64> {
        let (home, away) = (self.of(&game.home.team), self.of(&game.away.team));
        if home.games.min(away.games) < ENOUGH_GAMES {
            return None;
        }
        let edge = if game.neutral { 0.0 } else { Pace::of(discipline).home };
        let chance = expected(home.elo - away.elo + edge).clamp(0.01, 0.99);
        Some(spread_of_margins(discipline) * normal::quantile(chance))
    }

    /// A side's rating; [`MEAN`] of one that has not played.
    pub fn elo(&self, team: &Team) -> f64 {
        self.of(team).elo
    }

    /// Takes a confirmed result in: once, and again if it is another than before.
    pub fn settle(&mut self, id: &GameId, game: &Game, score: Score, at: Timestamp, discipline: Discipline) {
        let shootout = game.home.shootout.zip(game.away.shootout);
        let shootout = shootout.map(|(home, away)| Score { home, away });
        let before = self.taken.get(id);
        if before.is_some_and(|taken| taken.score == score && taken.shootout == shootout) {
            return;
        }
        let (home, away) = (key(&game.home.team), key(&game.away.team));
        match self.taken.remove(id) {
            Some(taken) => self.move_points(&home, &away, -taken.home_gain, |games| games.saturating_sub(1)),
            None => self.begin_season(at, discipline),
        }
        let edge = if game.neutral { 0.0 } else { Pace::of(discipline).home };
        let favour = self.of(&game.home.team).elo - self.of(&game.away.team).elo + edge;
        let margin = score.home_margin();
        let result = match margin.signum() {
            0 => f64::midpoint(1.0, shootout.map_or(0.0, |shootout| shootout.home_margin().signum() as f64)),
            sign => f64::midpoint(1.0, sign as f64),
        };
        let decided = if margin == 0 && result != 0.5 { 1.0 } else { score.margin().into() };
        let winners = if result >= 0.5 { favour } else { -favour };
        let home_gain =
            Pace::of(discipline).k * multiplier(discipline, decided, winners) * (result - expected(favour));
        self.move_points(&home, &away, home_gain, |games| games.saturating_add(1));
        self.taken.insert(id.clone(), Taken { score, shootout, home_gain });
    }

    /// Forgets the games that can no longer be put right.
    pub fn keep_taken(&mut self, may_change: impl Fn(&GameId) -> bool) {
        self.taken.retain(|id, _| may_change(id));
    }

    fn of(&self, team: &Team) -> Rating {
        self.sides.get(&key(team)).copied().unwrap_or_default()
    }

    fn move_points(&mut self, home: &str, away: &str, gain: f64, count: impl Fn(u32) -> u32) {
        for (side, gain) in [(home, gain), (away, -gain)] {
            let rating = self.sides.entry(side.to_owned()).or_default();
            *rating = Rating { elo: rating.elo + gain, games: count(rating.games) };
        }
    }

    fn begin_season(&mut self, at: Timestamp, discipline: Discipline) {
        let pause = self.last.map(|last| at.duration_since(last));
        if pause.is_some_and(|pause| pause > BETWEEN_SEASONS) {
            let share = Pace::of(discipline).regression;
            for rating in self.sides.values_mut() {
                rating.elo += (MEAN - rating.elo) * share;
            }
        }
        self.last = self.last.max(Some(at));
    }
}

/// Sides are told apart by their full name, which feeds agree on sooner than on anything else.
fn key(team: &Team) -> String {
    team.name.to_lowercase()
}

fn expected(difference: f64) -> f64 {
    1.0 / (1.0 + 10f64.powf(-difference / 400.0))
}

/// `winners` is the winner's rating above the loser's, with the home advantage; of a draw, home's.
fn multiplier(discipline: Discipline, margin: f64, winners: f64) -> f64 {
    match discipline {
        Discipline::Football | Discipline::Baseball => {
            let margin = margin.max(1.0);
            (margin + 1.0).ln() * 2.2 / (2.2 + 0.001 * winners).max(0.5)
        }
        Discipline::Basketball => (margin + 3.0).powf(0.8) / (7.5 + 0.006 * winners).max(2.0),
        Discipline::Hockey => 0.6686 * margin.max(1.0).ln() + 0.8048,
        _ => match margin {
            ..2.0 => 1.0,
            2.0..3.0 => 1.5,
            _ => (11.0 + margin) / 8.0,
        },
    }
}

#[cfg(test)]
mod tests;
