//! The chance to win, from score, clock and period alone.
//!
//! - **Basketball and football**: the rest of a game is a Brownian motion with drift (Stern, *A Brownian Motion Model for
//!   the Progress of Sports Scores*, JASA 1994; Winston, *Mathletics*). With `d` the home lead, `m` the expected home
//!   margin of a whole game, `f` the share of regulation left and `s` the standard deviation of a whole game's margin,
//!   home's final margin is normal with mean `d + m·f` and deviation `s·√f`. A margin within half a point of level is a
//!   tie and counts as half a win (the integer correction of Pro-Football-Reference).
//! - **Hockey and soccer**: what either side still scores is Poisson with its rate times the share left (Maher 1982); the
//!   difference is Skellam's. Level at the end counts as half a win: overtime is a coin flip, a draw is half of two points.
//! - **Baseball**: what either side still scores is negative binomial, half-inning by half-inning. A first cut: it knows
//!   neither the bases nor who bats, and scores all extra innings as a coin flip.
//!
//! A feed's own figure is better than any of these, where it has one: see [`Chance`].

use serde::{Deserialize, Serialize};

use super::game::{Clock, Half, Phase, Score};
use super::sport::{Discipline, Sport};

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
}

/// What was to be expected before the game.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Expectation {
    /// Home's expected margin, from the odds; `None` takes the usual home advantage.
    pub home_margin: Option<f64>,
    /// Whether the site is neutral: then the usual home advantage is none.
    pub neutral: bool,
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

/// Home's chance to win, 0 to 1: it never falls when the home lead grows, swapping the sides gives the complement, and it
/// is 0, ½ or 1 when no time is left.
pub fn home_wins(sport: &Sport, situation: &Situation, expected: Expectation) -> f64 {
    if situation.phase == Phase::Final || situation.phase == Phase::Shootout {
        return settled(situation);
    }
    let lead = situation.score.home_margin() as f64;
    match sport.discipline {
        Discipline::Basketball | Discipline::Football => {
            let spread = Spread::of(sport);
            let margin = expected.home_margin.unwrap_or(if expected.neutral { 0.0 } else { spread.edge });
            brownian(lead, margin, spread.deviation, share_left(sport, situation))
        }
        Discipline::Hockey => counted(situation, HOCKEY, expected, both(share_left(sport, situation))),
        Discipline::Soccer => counted(situation, SOCCER, expected, both(share_left(sport, situation))),
        Discipline::Baseball => counted(situation, BASEBALL, expected, batting_left(sport, situation)),
    }
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

/// The share of regulation that is played, 0 to 1; 1 in overtime.
pub fn share_played(sport: &Sport, situation: &Situation) -> f64 {
    if situation.phase == Phase::Final || situation.period > sport.regulation.periods {
        return 1.0;
    }
    let left = match sport.discipline {
        Discipline::Baseball => {
            let (home, away) = batting_left(sport, situation);
            (home + away) / 2.0
        }
        _ => share_left(sport, situation),
    };
    (1.0 - left).clamp(0.0, 1.0)
}

/// The points of an ordinary score.
fn usual_score(discipline: Discipline) -> u32 {
    match discipline {
        Discipline::Basketball => 2,
        Discipline::Football => 7,
        Discipline::Baseball | Discipline::Hockey | Discipline::Soccer => 1,
    }
}

fn settled(situation: &Situation) -> f64 {
    let level = Score::default();
    let lead = match situation.score.home_margin() {
        0 if situation.phase == Phase::Final => situation.shootout.unwrap_or(level).home_margin(),
        margin => margin,
    };
    0.5 + 0.5 * lead.signum() as f64
}

/// A whole game's margin in a league: its deviation and the usual home advantage, in points.
struct Spread {
    deviation: f64,
    edge: f64,
}

impl Spread {
    /// The NBA's 17.5 is the best fit to 922 published chances of two games (σ 17 to 18.5 alike); the NFL's 13.6 is the
    /// residual of 5 593 games of 2000–2020 on their ratings, where Stern has 13.86. The other leagues are scaled from these
    /// by the square root of the points usually scored, as the variance of a sum of like scores is: 164 in the WNBA, 145 and
    /// 132 in the college games, against the NBA's 226; 55 in college football against the NFL's 45.
    fn of(sport: &Sport) -> Self {
        let (deviation, edge) = match (sport.discipline, sport.key.as_str()) {
            (Discipline::Football, "ncaaf") => (15.0, 2.5),
            (Discipline::Football, _) => (13.6, 2.0),
            (_, "wnba") => (14.9, 2.0),
            (_, "ncaam") => (14.0, 3.0),
            (_, "ncaaw") => (13.4, 3.0),
            _ => (17.5, 2.5),
        };
        Self { deviation, edge }
    }
}

fn brownian(lead: f64, margin: f64, deviation: f64, left: f64) -> f64 {
    if left <= 0.0 {
        return 0.5 + 0.5 * if lead == 0.0 { 0.0 } else { lead.signum() };
    }
    let (mean, deviation) = (lead + margin * left, deviation * left.sqrt());
    let beyond = |margin: f64| normal((mean - margin) / deviation);
    f64::midpoint(beyond(0.5), beyond(-0.5)).clamp(0.0, 1.0)
}

/// The standard normal distribution function.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Seconds of overtime taken to be left where a league plays it without a clock.
const UNTIMED_OVERTIME: f64 = 300.0;

/// Seconds a soccer half usually runs over.
const ADDED_TIME: f64 = 240.0;

fn share_left(sport: &Sport, situation: &Situation) -> f64 {
    let periods = f64::from(sport.regulation.periods);
    let whole = periods * f64::from(sport.regulation.period_seconds);
    if situation.phase == Phase::Final || whole <= 0.0 {
        return 0.0;
    }
    if situation.period == 0 {
        return 1.0;
    }
    (seconds_left(sport, situation) / whole).clamp(0.0, 1.0)
}

fn seconds_left(sport: &Sport, situation: &Situation) -> f64 {
    let regulation = sport.regulation;
    let in_overtime = situation.period > regulation.periods;
    let length = f64::from(if in_overtime { regulation.overtime_seconds } else { regulation.period_seconds });
    let later = match (sport.discipline, situation.period) {
        (Discipline::Soccer, 3) => length,
        (_, period) => {
            f64::from(regulation.periods.saturating_sub(period)) * f64::from(regulation.period_seconds)
        }
    };
    let here = match situation.clock {
        _ if situation.phase == Phase::Break => 0.0,
        _ if length == 0.0 => UNTIMED_OVERTIME,
        Some(Clock::Left { millis }) => (f64::from(millis) / 1000.0).min(length),
        Some(Clock::Minute { minute, added }) => soccer_left(situation.period, minute, added),
        _ => length / 2.0,
    };
    later + here
}

/// Seconds left in a half whose clock runs up. While it is played some time is always left.
fn soccer_left(period: u8, minute: u16, added: u16) -> f64 {
    let (end, added_time) = match period {
        1 => (45, 0.0),
        2 => (90, ADDED_TIME),
        3 => (105, 0.0),
        _ => (120, 60.0),
    };
    let left = f64::from(end) - f64::from(minute.min(end));
    (left * 60.0 + added_time - f64::from(added) * 60.0).max(60.0)
}

/// How a sport with few scores is scored: a side's usual total, the home side's usual surplus, and how many times its mean
/// the variance is (1 is Poisson).
#[derive(Clone, Copy)]
struct Counts {
    total: f64,
    edge: f64,
    dispersion: f64,
}

/// 3.05 and 2.79 goals in regulation over 971 games of the NHL's 2024-25.
const HOCKEY: Counts = Counts { total: 5.84, edge: 0.26, dispersion: 1.0 };
/// The usual 1.5 and 1.2 goals of a league match.
const SOCCER: Counts = Counts { total: 2.7, edge: 0.3, dispersion: 1.0 };
/// Half a run a half-inning, with twice the variance of Poisson: runs come in bunches.
const BASEBALL: Counts = Counts { total: 9.0, edge: 0.15, dispersion: 2.1 };

const fn both(share: f64) -> (f64, f64) {
    (share, share)
}

fn counted(situation: &Situation, usual: Counts, expected: Expectation, left: (f64, f64)) -> f64 {
    let margin = expected.home_margin.unwrap_or(if expected.neutral { 0.0 } else { usual.edge });
    let margin = margin.clamp(-0.9 * usual.total, 0.9 * usual.total);
    let home = distribution((usual.total + margin) / 2.0 * left.0, usual.dispersion);
    let away = distribution((usual.total - margin) / 2.0 * left.1, usual.dispersion);
    let lead = situation.score.home_margin();
    let mut wins = 0.0;
    for (more, p) in home.iter().enumerate() {
        for (fewer, q) in away.iter().enumerate() {
            let end = lead.saturating_add(more as i64 - fewer as i64);
            wins += p * q * (0.5 + 0.5 * end.signum() as f64);
        }
    }
    wins.clamp(0.0, 1.0)
}

/// The most further scores of one side that are considered.
const MOST: usize = 40;

/// The chances of 0, 1, 2… further scores: Poisson for a dispersion of 1, else negative binomial.
fn distribution(mean: f64, dispersion: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![1.0];
    }
    let excess = dispersion - 1.0;
    let mut p = if excess <= 0.0 { (-mean).exp() } else { dispersion.powf(-mean / excess) };
    let mut chances = Vec::with_capacity(MOST);
    for k in 0..MOST {
        chances.push(p);
        p *= (mean + k as f64 * excess.max(0.0)) / (dispersion.max(1.0) * (k as f64 + 1.0));
    }
    let sum: f64 = chances.iter().sum();
    chances.iter().map(|p| p / sum).collect()
}

/// The shares of a whole game's turns at bat that home and away have left.
fn batting_left(sport: &Sport, situation: &Situation) -> (f64, f64) {
    let innings = f64::from(sport.regulation.periods.max(1));
    if situation.phase == Phase::Final {
        return (0.0, 0.0);
    }
    if situation.period == 0 {
        return (1.0, 1.0);
    }
    let later = f64::from(sport.regulation.periods.saturating_sub(situation.period));
    let (home, away) = match situation.clock {
        Some(Clock::Inning { half, outs }) => {
            let here = 1.0 - f64::from(outs.unwrap_or(1).min(3)) / 3.0;
            match half {
                Half::Top => (1.0, here),
                Half::Middle => (1.0, 0.0),
                Half::Bottom => (here, 0.0),
                Half::End => (0.0, 0.0),
            }
        }
        _ if situation.phase == Phase::Break => (0.0, 0.0),
        _ => (0.75, 0.5),
    };
    ((later + home) / innings, (later + away) / innings)
}

#[cfg(test)]
mod tests;
