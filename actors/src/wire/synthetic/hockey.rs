//! Hockey: goals by their rates.

use fastrand::Rng;

use super::draw::{between, happens};
use super::game::Fixture;
use super::script::{Script, Stand};
use crate::wire::game::Which;

/// Goals of both sides in regulation: 3.05 and 2.79 over 971 games of the NHL's 2024-25, less the ones into empty nets,
/// which are added late.
const GOALS: f64 = 5.62;
/// The clock is looked at every so many seconds.
const STEP: f64 = 5.0;
const WALL_SECONDS: f64 = 2.0;
const INTERMISSION: f64 = 1080.0;
/// With three a side goals come about twice as fast.
const THREE_ON_THREE: f64 = 2.2;
/// The share of goals that a review takes back.
const OVERTURNED: f64 = 0.03;
/// The share of shoot-out attempts that score.
const SHOOTOUT: f64 = 0.32;

pub(super) fn play(fixture: &Fixture, script: &mut Script, rng: &mut Rng) {
    let regulation = fixture.sport.regulation;
    script.wait(between(rng, 300.0, 600.0));
    for period in 1..=regulation.periods {
        script.begin_period(Stand::Played(0.0));
        skate(fixture, f64::from(regulation.period_seconds), script, rng);
        if period < regulation.periods {
            script.end_period(INTERMISSION);
        }
    }
    if script.score.leader().is_none() {
        script.end_period(90.0);
        script.begin_period(Stand::Played(0.0));
        skate(fixture, f64::from(regulation.overtime_seconds), script, rng);
    }
    if script.score.leader().is_none() {
        script.end_period(180.0);
        shoot_out(script, rng);
    }
    script.end();
}

/// Plays a period; overtime ends with its first goal that stands.
fn skate(fixture: &Fixture, length: f64, script: &mut Script, rng: &mut Rng) {
    while script.played() < length {
        script.play(STEP, WALL_SECONDS);
        for side in [Which::Home, Which::Away] {
            let chance = rate(fixture, side, length - script.played(), script) * STEP;
            if happens(rng, chance) {
                goal(side, script, rng);
            }
            if script.is_overtime() && script.score.leader().is_some() {
                return;
            }
        }
    }
}

/// Goals a second. In the last two and a half minutes a side that trails by one or two leaves its net: it scores more
/// and lets in more. Level sides take no risks.
fn rate(fixture: &Fixture, side: Which, left: f64, script: &Script) -> f64 {
    let margin = match side {
        Which::Home => fixture.expected_home_margin,
        Which::Away => -fixture.expected_home_margin,
    };
    let usual = ((GOALS + margin) / 2.0).max(0.5) / 3600.0;
    let last = script.period == fixture.sport.regulation.periods;
    let lead = match side {
        Which::Home => script.score.home_margin(),
        Which::Away => -script.score.home_margin(),
    };
    usual
        * match lead {
            _ if script.is_overtime() => THREE_ON_THREE,
            -2..=-1 if last && left <= 150.0 => 2.6,
            1..=2 if last && left <= 150.0 => 4.5,
            0 if last && left <= 600.0 => 0.75,
            _ => 1.0,
        }
}

fn goal(side: Which, script: &mut Script, rng: &mut Rng) {
    script.add(side, 1);
    if happens(rng, OVERTURNED) {
        script.wait(between(rng, 60.0, 180.0));
        script.take_back(side, 1);
    } else {
        script.pause(between(rng, 30.0, 60.0));
    }
}

/// Three attempts each, then one each until one is better, which is a goal in the score.
fn shoot_out(script: &mut Script, rng: &mut Rng) {
    script.begin_shootout();
    for round in 1.. {
        for side in [Which::Away, Which::Home] {
            script.wait(between(rng, 25.0, 50.0));
            if happens(rng, SHOOTOUT) {
                script.add_in_shootout(side);
            }
        }
        let winner = script.shootout.and_then(|shootout| shootout.leader());
        if let Some(winner) = winner.filter(|_| round >= 3) {
            script.add(winner, 1);
            return;
        }
    }
}
