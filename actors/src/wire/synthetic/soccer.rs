//! Soccer: goals by their rates.

use fastrand::Rng;

use super::draw::{between, happens, one_of};
use super::game::Fixture;
use super::script::{Script, Stand};
use crate::wire::game::{Clock, Play, PlayKind, Which};

/// Goals of both sides in a match: the usual 1.5 and 1.2.
const GOALS: f64 = 2.7;
/// The clock is looked at every so many seconds.
const STEP: f64 = 10.0;
const HALF_TIME: f64 = 930.0;
/// The share of goals that a review takes back after boards have shown them.
const OVERTURNED: f64 = 0.04;
/// The share of penalties that score.
const PENALTY: f64 = 0.76;

/// The minutes before a period, and in it.
pub(super) fn minutes(period: u8) -> (u16, u16) {
    match period {
        1 => (0, 45),
        2 => (45, 45),
        3 => (90, 15),
        _ => (105, 15),
    }
}

pub(super) fn play(fixture: &Fixture, script: &mut Script, rng: &mut Rng) {
    script.wait(between(rng, 30.0, 150.0));
    half(fixture, (60.0, 240.0), script, rng);
    script.end_period(HALF_TIME);
    half(fixture, (180.0, 480.0), script, rng);
    if fixture.knockout && script.score.leader().is_none() {
        script.end_period(300.0);
        half(fixture, (0.0, 90.0), script, rng);
        script.end_period(60.0);
        half(fixture, (30.0, 150.0), script, rng);
    }
    if fixture.knockout && script.score.leader().is_none() {
        script.end_period(300.0);
        shoot_out(script, rng);
    }
    script.end();
}

/// One half and its added time. More goals fall in a match's second half than in its first.
fn half(fixture: &Fixture, added: (f64, f64), script: &mut Script, rng: &mut Rng) {
    script.begin_period(Stand::Played(0.0));
    let length = f64::from(minutes(script.period).1) * 60.0 + between(rng, added.0, added.1);
    let haste = if script.period == 1 { 0.89 } else { 1.04 };
    while script.played() < length {
        script.play(STEP, 1.0);
        for side in [Which::Home, Which::Away] {
            let margin = match side {
                Which::Home => fixture.expected_home_margin,
                Which::Away => -fixture.expected_home_margin,
            };
            let goals = ((GOALS + margin) / 2.0).max(0.15);
            if happens(rng, haste * goals * STEP / 5400.0) {
                goal(side, script, rng);
            }
        }
    }
}

fn goal(side: Which, script: &mut Script, rng: &mut Rng) {
    let kind =
        one_of(rng, &[(0.88, PlayKind::Goal), (0.09, PlayKind::PenaltyGoal), (0.03, PlayKind::OwnGoal)]);
    let (before, most) = minutes(script.period);
    let minute = (script.played() / 60.0) as u16 + 1;
    let clock = Clock::Minute { minute: before + minute.min(most), added: minute.saturating_sub(most) };
    let play = Play { id: None, side: Some(side), points: 1, kind, player: None, clock: Some(clock) };
    script.add_goal(play, side);
    if happens(rng, OVERTURNED) {
        script.play(between(rng, 60.0, 180.0), 1.0);
        script.take_back(side, 1);
    }
}

/// Five penalties each, as long as they matter, then one each until one is better.
fn shoot_out(script: &mut Script, rng: &mut Rng) {
    script.begin_shootout();
    for round in 1_u32.. {
        for (side, left_other) in
            [(Which::Home, 6_u32.saturating_sub(round)), (Which::Away, 5_u32.saturating_sub(round))]
        {
            script.wait(between(rng, 35.0, 60.0));
            if happens(rng, PENALTY) {
                script.add_in_shootout(side);
            }
            let left_own = 5_u32.saturating_sub(round);
            let shootout = script.shootout.unwrap_or_default();
            let (own, other) = (shootout.of(side), shootout.of(side.other()));
            let over = own > other + left_other || other > own + left_own;
            if over && (round <= 5 || side == Which::Away) {
                return;
            }
        }
    }
}
