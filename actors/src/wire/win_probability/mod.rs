//! The chance to win, from what a board shows: score, clock, period, and baseball's bases.
//!
//! Each family of sports has a published model in a file of its own:
//!
//! - `brownian`: basketball and football, the rest of a game as Brownian motion with drift (Stern 1994; Winston);
//! - `poisson`: hockey and soccer, the goals to come as Poisson (Maher 1982), with sudden death, extra time and shoot-outs;
//! - `baseball`: win expectancy by inning, outs, bases and lead, from what happened in seven decades of games.
//!
//! All of them start from an [`Expectation`] of the game: the board's odds, else [ratings](super::elo) of our own, else
//! the usual advantage of playing at home. A feed's own figure is better than any of these where it is fresh: see
//! [`Chance`] and [`feed`]. How far the models are from the figures of ESPN and of MLB is in `ACCURACY.md`, made by
//! `cargo run --example win_probability_accuracy`.

use serde::{Deserialize, Serialize};

use super::game::{Bases, Clock, Phase, Score};
use super::sport::{Discipline, Sport};

mod baseball;
mod brownian;
mod clock;
pub mod feed;
pub mod normal;
mod poisson;
mod shootout;

pub use clock::share_played;

/// Where a game stands, as far as the models look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// The score.
    pub score: Score,
    /// The score of the penalty shoot-out.
    pub shootout: Option<Score>,
    /// The phase.
    pub phase: Phase,
    /// The period, from 1; 0 before the start.
    pub period: u8,
    /// The clock.
    pub clock: Option<Clock>,
    /// Who is on base, in baseball.
    pub bases: Option<Bases>,
}

impl Situation {
    /// Before anybody has played.
    pub fn before_the_start() -> Self {
        Self {
            score: Score::default(),
            shootout: None,
            phase: Phase::Scheduled,
            period: 0,
            clock: None,
            bases: None,
        }
    }
}

/// What was to be expected before the game.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Expectation {
    /// Home's expected margin, from the odds or the ratings; `None` takes the usual home advantage.
    pub home_margin: Option<f64>,
    /// Whether the site is neutral: then the usual home advantage is none.
    pub neutral: bool,
}

impl Expectation {
    fn margin(self, usual: f64) -> f64 {
        self.home_margin.unwrap_or(if self.neutral { 0.0 } else { usual })
    }
}

/// How a game may end, as shares of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Home wins.
    pub home: f64,
    /// Nobody does. 0 where the game is played until somebody wins.
    pub draw: f64,
    /// Away wins.
    pub away: f64,
}

impl Outcome {
    /// What the sign of the last margin decides.
    fn decided(margin: i64) -> Self {
        let is = |sign: i64| if margin.signum() == sign { 1.0 } else { 0.0 };
        Self { home: is(1), draw: is(0), away: is(-1) }
    }

    fn without_draw(home: f64) -> Self {
        let home = home.clamp(0.0, 1.0);
        Self { home, draw: 0.0, away: 1.0 - home }
    }

    /// Home's share: its wins and half of the draws.
    pub fn home_share(self) -> f64 {
        (self.home + self.draw / 2.0).clamp(0.0, 1.0)
    }
}

/// Home's chance to win, by the model and by the feed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// By the model, 0 to 1.
    pub model: f64,
    /// As the feed states it, 0 to 1.
    pub feed: Option<f64>,
}

impl Chance {
    /// Takes both; a feed's figure outside 0 to 1 is none.
    pub fn new(model: f64, feed: Option<f64>) -> Self {
        Self { model, feed: feed.filter(|p| (0.0..=1.0).contains(p)) }
    }

    /// The better figure: the feed's where it has one.
    pub fn home(self) -> f64 {
        self.feed.unwrap_or(self.model)
    }

    /// How far the chance moved between the two. Like is compared with like: the feed's figures only where both have one,
    /// or a gap between model and feed would look like news.
    pub fn swing(self, other: Self) -> f64 {
        match (self.feed, other.feed) {
            (Some(a), Some(b)) => (a - b).abs(),
            _ => (self.model - other.model).abs(),
        }
    }
}

/// How the game may end from here.
pub fn outcome(sport: &Sport, situation: &Situation, expected: Expectation) -> Outcome {
    if situation.phase == Phase::Final {
        let shootout = situation.shootout.unwrap_or_default();
        return Outcome::decided(match situation.score.home_margin() {
            0 => shootout.home_margin(),
            margin => margin,
        });
    }
    match sport.discipline {
        Discipline::Basketball | Discipline::Football => brownian::outcome(sport, situation, expected),
        Discipline::Hockey => poisson::hockey(sport, situation, expected),
        Discipline::Soccer => poisson::soccer(sport, situation, expected),
        Discipline::Baseball => baseball::outcome(sport, situation, expected),
        // Contests of athletes have no score to go by.
        Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf => Outcome::decided(0),
    }
}

/// Home's share of the outcome, 0 to 1: its chance to win and half of the draw's. It never falls when the home lead grows,
/// swapping the sides gives the complement, and it is 0, ½ or 1 when no time is left.
pub fn home_wins(sport: &Sport, situation: &Situation, expected: Expectation) -> f64 {
    outcome(sport, situation, expected).home_share()
}

/// How much one more score by either side would move the chance: half the distance between home's and away's next.
pub fn leverage(sport: &Sport, situation: &Situation, expected: Expectation) -> f64 {
    let unit = usual_score(sport.discipline);
    let after = |home: u32, away: u32| {
        let score = Score {
            home: situation.score.home.saturating_add(home),
            away: situation.score.away.saturating_add(away),
        };
        home_wins(sport, &Situation { score, ..*situation }, expected)
    };
    (after(unit, 0) - after(0, unit)).abs() / 2.0
}

/// The standard deviation of a game's margin about the one expected before it, in points, runs or goals: what turns a
/// chance into a margin, σ·Φ⁻¹(p). Football: measured on 5 593 NFL games, 2000 to 2020, against their Elo; the others are
/// the usual round figures.
pub fn spread_of_margins(discipline: Discipline) -> f64 {
    match discipline {
        Discipline::Football => 13.6,
        Discipline::Basketball => 12.0,
        Discipline::Baseball => 4.4,
        Discipline::Hockey => 2.5,
        _ => 1.7,
    }
}

/// The most points that an ordinary score brings: leads within it are one possession's.
fn usual_score(discipline: Discipline) -> u32 {
    match discipline {
        Discipline::Basketball => 3,
        Discipline::Football => 7,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
