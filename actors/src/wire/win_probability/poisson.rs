//! Hockey and soccer: what either side still scores is Poisson with its rate times the share left (Maher, *Modelling
//! association football scores*, 1982); the difference is Skellam's.
//!
//! **Soccer** has three ways to end. A league match that is level at its end is drawn. Whether a match is to have a winner
//! no board says before it has come to extra time; from there it has: what is level after extra time goes to penalties,
//! a coin flip. A draw counts half for each side, so the share is the same either way.
//!
//! **Hockey** that is level after regulation goes on until somebody scores. For five minutes of three against three about
//! two games in three are decided, the rest by a shoot-out, a coin flip; in the play-offs overtime lasts until there is a
//! goal, which a clock above five minutes or a fifth period tells. Either way the better side's share of sudden death is
//! that of its rate.

use super::clock::{seconds_left, share_left};
use super::{Expectation, Outcome, Situation, shootout};
use crate::wire::game::{Clock, Phase};
use crate::wire::sport::Sport;

/// A league's usual goals of a whole game, and home's surplus of them.
#[derive(Clone, Copy)]
struct Goals {
    total: f64,
    edge: f64,
}

/// 3.05 and 2.79 goals in regulation over 971 games of the NHL's 2024-25.
const HOCKEY: Goals = Goals { total: 5.84, edge: 0.26 };
/// The usual 1.5 and 1.2 goals of a league match.
const SOCCER: Goals = Goals { total: 2.7, edge: 0.3 };

/// The rate of goals in three-on-three overtime over that of regulation: with it two in three overtimes of five minutes see
/// a goal.
const THREE_ON_THREE: f64 = 2.26;

impl Goals {
    /// Home's and away's goals of a whole game. Neither side's is taken below a twentieth of both.
    fn rates(self, expected: Expectation) -> (f64, f64) {
        let margin = expected.margin(self.edge).clamp(-0.9 * self.total, 0.9 * self.total);
        ((self.total + margin) / 2.0, (self.total - margin) / 2.0)
    }
}

pub(super) fn soccer(sport: &Sport, situation: &Situation, expected: Expectation) -> Outcome {
    let lead = situation.score.home_margin();
    if situation.phase == Phase::Shootout {
        return by_shootout(situation, shootout::SOCCER);
    }
    let (home, away) = SOCCER.rates(expected);
    let left = share_left(sport, situation);
    let end = remaining(lead, home * left, away * left);
    match situation.period > sport.regulation.periods {
        true => Outcome::without_draw(end.home + end.draw / 2.0),
        false => end,
    }
}

pub(super) fn hockey(sport: &Sport, situation: &Situation, expected: Expectation) -> Outcome {
    let lead = situation.score.home_margin();
    if situation.phase == Phase::Shootout {
        return by_shootout(situation, shootout::HOCKEY);
    }
    let (home, away) = HOCKEY.rates(expected);
    let overtime = f64::from(sport.regulation.overtime_seconds);
    let whole = f64::from(sport.regulation.periods) * f64::from(sport.regulation.period_seconds);
    if situation.period > sport.regulation.periods {
        let until_a_goal = situation.period > sport.regulation.periods + 1
            || matches!(situation.clock, Some(Clock::Left { millis }) if f64::from(millis) > overtime * 1000.0);
        return match lead {
            0 if until_a_goal => Outcome::without_draw(sudden_death(home, away, f64::INFINITY)),
            0 => Outcome::without_draw(sudden_death(home, away, seconds_left(sport, situation) / whole)),
            lead => Outcome::decided(lead),
        };
    }
    let left = share_left(sport, situation);
    let end = remaining(lead, home * left, away * left);
    Outcome::without_draw(end.home + end.draw * sudden_death(home, away, overtime / whole))
}

/// Home's chance where the next goal wins and, without one, a coin flip does.
fn sudden_death(home: f64, away: f64, share: f64) -> f64 {
    let goal = 1.0 - (-(home + away) * THREE_ON_THREE * share).exp();
    goal * home / (home + away) + (1.0 - goal) / 2.0
}

fn by_shootout(situation: &Situation, rules: shootout::Rules) -> Outcome {
    match situation.score.home_margin() {
        0 => shootout::outcome(situation.shootout.unwrap_or_default(), rules),
        lead => Outcome::decided(lead),
    }
}

/// How the margin ends when the sides still score so many on average.
fn remaining(lead: i64, home: f64, away: f64) -> Outcome {
    let (home, away) = (poisson(home), poisson(away));
    let mut end = Outcome { home: 0.0, draw: 0.0, away: 0.0 };
    for (more, p) in home.iter().enumerate() {
        for (fewer, q) in away.iter().enumerate() {
            match lead.saturating_add(more as i64 - fewer as i64).signum() {
                1 => end.home += p * q,
                0 => end.draw += p * q,
                _ => end.away += p * q,
            }
        }
    }
    end
}

/// The most further goals of one side that are considered.
const MOST: usize = 25;

/// The chances of 0, 1, 2… further goals.
fn poisson(mean: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![1.0];
    }
    let mut p = (-mean).exp();
    let mut chances = Vec::with_capacity(MOST);
    for k in 0..MOST {
        chances.push(p);
        p *= mean / (k as f64 + 1.0);
    }
    let sum: f64 = chances.iter().sum();
    chances.iter().map(|p| p / sum).collect()
}
