//! Baseball, batter by batter.

use fastrand::Rng;

use super::draw::{between, happens, one_of};
use super::game::Fixture;
use super::script::{Script, Stand};
use crate::wire::game::{Bases, Half, Which};

/// What a batter does.
#[derive(Clone, Copy)]
enum Bat {
    Out,
    StrikeOut,
    Walk,
    /// So many bases.
    Hit(usize),
}

/// A side's usual runs.
const RUNS: f64 = 4.45;
/// What a home side must be better by to win by what is expected: it does not bat last when it is ahead.
const UNUSED_LAST_TURN: f64 = 0.35;
/// Brings what is simplified here (no stolen bases, errors or wild pitches) up to the usual runs.
const SIMPLIFIED: f64 = 1.045;
/// The share of games that rain holds up.
const RAIN: f64 = 0.03;
/// Seconds from one batter to the next, and between the halves of an inning.
const BATTER: f64 = 88.0;
const BETWEEN_HALVES: f64 = 150.0;

/// The major leagues of 2024, roughly: of 1000 batters 142 single, 43 double, 4 triple, 30 hit a home run,
/// 93 walk or are hit, 226 strike out; the others are out on a ball in play. Hits and walks are scaled by the side's strength.
fn bat(strength: f64, rng: &mut Rng) -> Bat {
    let good = |share: f64| share * strength;
    let on_base = good(0.312);
    let rest = (1.0 - on_base) / 0.688;
    one_of(
        rng,
        &[
            (good(0.142), Bat::Hit(1)),
            (good(0.043), Bat::Hit(2)),
            (good(0.004), Bat::Hit(3)),
            (good(0.030), Bat::Hit(4)),
            (good(0.093), Bat::Walk),
            (0.226 * rest, Bat::StrikeOut),
            (0.462 * rest, Bat::Out),
        ],
    )
}

pub(super) fn play(fixture: &Fixture, script: &mut Script, rng: &mut Rng) {
    let innings = fixture.sport.regulation.periods;
    let rain = happens(rng, RAIN).then(|| rng.u8(2..innings));
    script.wait(between(rng, 60.0, 420.0));
    loop {
        script.bases = Some(at_first(script.period >= innings));
        script.begin_period(Stand::Inning(Half::Top, Some(0)));
        half(fixture, Which::Away, Half::Top, script, rng);
        let last = script.period >= innings;
        if last && script.score.leader() == Some(Which::Home) {
            break;
        }
        between_halves(Half::Middle, script);
        if rain == Some(script.period) {
            script.hold_up(between(rng, 1800.0, 7200.0));
        }
        script.stand = Stand::Inning(Half::Bottom, Some(0));
        script.bases = Some(at_first(script.is_overtime()));
        script.turn();
        half(fixture, Which::Home, Half::Bottom, script, rng);
        if last && script.score.leader().is_some() {
            break;
        }
        between_halves(Half::End, script);
    }
    script.end();
}

fn between_halves(half: Half, script: &mut Script) {
    script.stand = Stand::Inning(half, None);
    script.bases = None;
    script.turn();
    script.wait(BETWEEN_HALVES);
}

/// One side at bat until three are out, or it has won. Extra innings begin with a runner on second.
fn half(fixture: &Fixture, side: Which, half: Half, script: &mut Script, rng: &mut Rng) {
    let home_margin = fixture.expected_home_margin + UNUSED_LAST_TURN;
    let margin = match side {
        Which::Home => home_margin,
        Which::Away => -home_margin,
    };
    // Runs grow faster than the batters who get on base.
    let strength = SIMPLIFIED * (1.0 + margin / (2.0 * RUNS)).clamp(0.5, 1.6).sqrt();
    let innings = fixture.sport.regulation.periods;
    let (mut outs, mut bases) = (0, [false, script.is_overtime(), false]);
    while outs < 3 {
        script.wait(BATTER * between(rng, 0.4, 1.6));
        let runs = advance(bat(strength, rng), &mut outs, &mut bases, rng);
        script.stand = Stand::Inning(half, Some(outs));
        script.bases = Some(Bases { first: bases[0], second: bases[1], third: bases[2] });
        if runs > 0 {
            script.add(side, runs);
        } else {
            script.turn();
        }
        let walked_off = side == Which::Home && script.period >= innings;
        if walked_off && script.score.leader() == Some(Which::Home) {
            return;
        }
    }
}

/// The bases as a half begins.
fn at_first(in_extra_innings: bool) -> Bases {
    Bases { second: in_extra_innings, ..Bases::default() }
}

/// Moves the runners, and says how many come home.
fn advance(bat: Bat, outs: &mut u8, bases: &mut [bool; 3], rng: &mut Rng) -> u32 {
    match bat {
        Bat::StrikeOut => {
            *outs += 1;
            0
        }
        Bat::Out => out_in_play(outs, bases, rng),
        Bat::Walk => walk(bases),
        Bat::Hit(reached) => hit(reached, *outs, bases, rng),
    }
}

/// A runner on first may be doubled up, one on third may come home.
fn out_in_play(outs: &mut u8, bases: &mut [bool; 3], rng: &mut Rng) -> u32 {
    let may_move = *outs < 2;
    *outs += 1;
    if may_move && bases[0] && happens(rng, 0.22) {
        *outs += 1;
        bases[0] = false;
        return 0;
    }
    let runs = may_move && bases[2] && happens(rng, 0.45);
    if runs {
        bases[2] = false;
    }
    if may_move && bases[1] && !bases[2] && happens(rng, 0.25) {
        (bases[1], bases[2]) = (false, true);
    }
    u32::from(runs)
}

fn walk(bases: &mut [bool; 3]) -> u32 {
    match bases.iter().position(|taken| !taken) {
        Some(free) => {
            bases[free] = true;
            0
        }
        None => 1,
    }
}

/// Every runner moves as far as the batter; often one base further from second or first, and oftener with two out.
fn hit(reached: usize, outs: u8, bases: &mut [bool; 3], rng: &mut Rng) -> u32 {
    let mut runs = 0;
    let (from_second, from_first) = if outs == 2 { (0.8, 0.4) } else { (0.55, 0.28) };
    let mut after = [false; 3];
    for from in (0..3).rev().filter(|from| bases[*from]) {
        let further = match (reached, from) {
            (1, 1) => happens(rng, from_second),
            (1 | 2, 0) => happens(rng, from_first) && !after[2],
            _ => false,
        };
        let to = from + reached + usize::from(further);
        if to >= 3 {
            runs += 1;
        } else {
            after[to] = true;
        }
    }
    if reached == 4 {
        runs += 1;
    } else {
        after[reached - 1] = true;
    }
    *bases = after;
    runs
}
