//! Basketball, possession by possession.

use fastrand::Rng;

use super::draw::{between, happens, one_of};
use super::game::Fixture;
use super::script::{Script, Stand};
use crate::wire::game::Which;

/// How a league plays.
struct Style {
    /// Possessions of a side in regulation.
    pace: f64,
    /// A side's usual points.
    points: f64,
}

/// The NBA's 2024-25: 113.8 points a side at a pace of 98.8 possessions (Basketball-Reference, league averages); the other
/// leagues at their usual ones.
fn style(key: &str) -> Style {
    let (pace, points) = match key {
        "wnba" => (79.0, 82.0),
        "ncaam" => (68.0, 72.5),
        "ncaaw" => (70.0, 66.0),
        _ => (98.8, 113.8),
    };
    Style { pace, points }
}

/// The pull of the margin to the expected one, as a share of the distance over a whole game. Gabel and Redner find the
/// leading side's chance of the next basket lowered by about 0.0022 a point; this is of that order, and makes the final margin
/// of the NBA stray by about 12 points from what the odds expect.
const PULL: f64 = 0.75;

const WALL_SECONDS: f64 = 1.85;
/// In the last two minutes of a close game.
const LATE_WALL_SECONDS: f64 = 4.0;
const TIME_OUT: f64 = 100.0;
const HALF_TIME: f64 = 900.0;
const QUARTER_BREAK: f64 = 150.0;

pub(super) fn play(fixture: &Fixture, script: &mut Script, rng: &mut Rng) {
    let style = style(fixture.sport.key.as_str());
    let regulation = fixture.sport.regulation;
    script.wait(between(rng, 300.0, 720.0));
    let mut side = if rng.bool() { Which::Home } else { Which::Away };
    loop {
        script.begin_period(Stand::Played(0.0));
        let overtime = script.is_overtime();
        let length = if overtime { regulation.overtime_seconds } else { regulation.period_seconds };
        period(fixture, &style, f64::from(length), &mut side, script, rng);
        if script.period >= regulation.periods && script.score.leader().is_some() {
            break;
        }
        let is_half = script.period * 2 == regulation.periods;
        script.end_period(if is_half { HALF_TIME } else { QUARTER_BREAK });
    }
    script.end();
}

fn period(
    fixture: &Fixture,
    style: &Style,
    length: f64,
    side: &mut Which,
    script: &mut Script,
    rng: &mut Rng,
) {
    let regulation = fixture.sport.regulation;
    let usual = f64::from(regulation.periods) * f64::from(regulation.period_seconds) / (2.0 * style.pace);
    let last = script.period >= regulation.periods;
    loop {
        let left = length - script.played();
        let late = last && left <= 120.0 && script.score.margin() <= 8;
        let stretch = if late { LATE_WALL_SECONDS } else { WALL_SECONDS };
        let seconds = usual * between(rng, 0.4, 1.6);
        if seconds >= left {
            script.play(left, stretch);
            if happens(rng, 0.5) {
                attempt(fixture, style, *side, last, script, rng);
            }
            return;
        }
        script.play(seconds, stretch);
        attempt(fixture, style, *side, last && left <= 40.0, script, rng);
        *side = side.other();
        if happens(rng, 0.055) {
            script.pause(TIME_OUT);
        }
    }
}

/// What a possession brings. At the very end a side that trails by no more than a basket plays for the tie.
fn attempt(
    fixture: &Fixture,
    style: &Style,
    side: Which,
    at_the_end: bool,
    script: &mut Script,
    rng: &mut Rng,
) {
    let behind = match side {
        Which::Home => -script.score.home_margin(),
        Which::Away => script.score.home_margin(),
    };
    let usual = style.points / style.pace;
    let mean = usual + edge(fixture, style, side, script);
    let points = match behind {
        2 | 3 if at_the_end => one_of(rng, &[(0.45, behind as u32), (0.55, 0)]),
        _ => one_of(rng, &outcomes(mean)),
    };
    if points > 0 {
        script.add(side, points);
    }
}

/// One point in 6 of 100 possessions; of the rest, 12 twos to 5 threes.
fn outcomes(mean: f64) -> [(f64, u32); 4] {
    let threes = ((mean - 0.06) / 7.8).max(0.01);
    let twos = 2.4 * threes;
    [(0.06, 1), (twos, 2), (threes, 3), ((0.94 - twos - threes).max(0.0), 0)]
}

/// What the side's possession is worth beyond the usual: half of the expected margin's share, and the pull back to it.
fn edge(fixture: &Fixture, style: &Style, side: Which, script: &Script) -> f64 {
    let expected = fixture.expected_home_margin;
    let off = script.score.home_margin() as f64 - expected * script.share_played();
    let home = (expected - PULL * off) / (2.0 * style.pace);
    match side {
        Which::Home => home,
        Which::Away => -home,
    }
}
