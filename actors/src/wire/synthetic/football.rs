//! American football, drive by drive.

use fastrand::Rng;

use super::draw::{between, happens, one_of};
use super::game::Fixture;
use super::script::{Script, Stand};
use crate::wire::game::Which;

/// How a league plays.
struct Style {
    /// Drives of a side in regulation.
    drives: f64,
    /// The share of drives that end in a touchdown, and in a field goal.
    touchdown: f64,
    field_goal: f64,
    /// A side's usual points.
    points: f64,
}

/// The NFL's recent seasons: about 11 drives and 22.5 points a side, a touchdown in 22 or 23 of 100 drives and a field goal in
/// 16 (Pro-Football-Reference, drive averages). College football has more drives and more touchdowns.
fn style(key: &str) -> Style {
    match key {
        "ncaaf" => Style { drives: 12.5, touchdown: 0.27, field_goal: 0.11, points: 27.5 },
        _ => Style { drives: 11.0, touchdown: 0.228, field_goal: 0.16, points: 22.8 },
    }
}

const WALL_SECONDS: f64 = 2.1;
/// The share of touchdowns that a review takes back.
const OVERTURNED: f64 = 0.02;
/// The share of games that lightning holds up.
const LIGHTNING: f64 = 0.01;

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Touchdown,
    FieldGoal,
    Nothing,
}

pub(super) fn play(fixture: &Fixture, script: &mut Script, rng: &mut Rng) {
    let style = style(fixture.sport.key.as_str());
    script.wait(between(rng, 60.0, 300.0));
    let first = if rng.bool() { Which::Home } else { Which::Away };
    let lightning = happens(rng, LIGHTNING);
    half(fixture, &style, first, script, rng);
    script.end_period(780.0);
    if lightning {
        script.hold_up(between(rng, 1800.0, 5400.0));
    }
    half(fixture, &style, first.other(), script, rng);
    if script.score.leader().is_none() {
        script.end_period(180.0);
        match fixture.sport.regulation.overtime_seconds {
            0 => rounds(fixture, &style, script, rng),
            seconds => overtime(fixture, &style, f64::from(seconds), script, rng),
        }
    }
    script.end();
}

/// Two quarters; a drive goes on over the turn between them.
fn half(fixture: &Fixture, style: &Style, first: Which, script: &mut Script, rng: &mut Rng) {
    let quarter = f64::from(fixture.sport.regulation.period_seconds);
    let usual = 2.0 * quarter / style.drives;
    let (mut side, mut left) = (first, 2.0 * quarter);
    script.begin_period(Stand::Played(0.0));
    while left > 0.0 {
        let seconds = usual * between(rng, 0.25, 1.75);
        let whole = seconds < left;
        let seconds = seconds.min(left);
        let in_first = (left - quarter).max(0.0);
        if in_first > 0.0 && seconds >= in_first {
            script.play(in_first, WALL_SECONDS);
            script.end_period(150.0);
            script.begin_period(Stand::Played(0.0));
            script.play(seconds - in_first, WALL_SECONDS);
        } else {
            script.play(seconds, WALL_SECONDS);
        }
        left -= seconds;
        drive(fixture, style, side, if whole { 1.0 } else { 0.6 }, script, rng);
        side = side.other();
    }
}

/// How a drive ends, at `share` of the usual chance to score. Late in a game a side that trails by a field goal or by a
/// touchdown plays for just that.
fn drive(
    fixture: &Fixture,
    style: &Style,
    side: Which,
    share: f64,
    script: &mut Script,
    rng: &mut Rng,
) -> Outcome {
    let margin = match side {
        Which::Home => fixture.expected_home_margin,
        Which::Away => -fixture.expected_home_margin,
    };
    let strength = share * (1.0 + margin / (2.0 * style.points)).clamp(0.15, 2.0);
    let (touchdown, field_goal) = match behind(side, script) {
        3 if is_late(fixture, script) => {
            (0.5 * style.touchdown * strength, 2.5 * style.field_goal * strength)
        }
        7 if is_late(fixture, script) => (1.5 * style.touchdown * strength, 0.0),
        _ => (style.touchdown * strength, style.field_goal * strength),
    };
    let nothing = (1.0 - touchdown - field_goal).max(0.05);
    let outcome = one_of(
        rng,
        &[(touchdown, Outcome::Touchdown), (field_goal, Outcome::FieldGoal), (nothing, Outcome::Nothing)],
    );
    match outcome {
        Outcome::Touchdown => touch_down(side, script, rng),
        Outcome::FieldGoal => script.add(side, 3),
        Outcome::Nothing => {}
    }
    script.pause(between(rng, 60.0, 150.0));
    outcome
}

fn behind(side: Which, script: &Script) -> i64 {
    match side {
        Which::Home => -script.score.home_margin(),
        Which::Away => script.score.home_margin(),
    }
}

/// The last six minutes of regulation.
fn is_late(fixture: &Fixture, script: &Script) -> bool {
    let regulation = fixture.sport.regulation;
    script.period == regulation.periods && script.played() + 360.0 >= f64::from(regulation.period_seconds)
}

/// Six points, and the try after it, unless a review finds otherwise.
fn touch_down(side: Which, script: &mut Script, rng: &mut Rng) {
    script.add(side, 6);
    if happens(rng, OVERTURNED) {
        script.wait(between(rng, 60.0, 150.0));
        script.take_back(side, 6);
        return;
    }
    script.wait(between(rng, 40.0, 80.0));
    let points = one_of(rng, &[(0.87, 1), (0.04, 2), (0.09, 0)]);
    if points > 0 {
        script.add(side, points);
    }
}

/// The professionals': both sides have the ball, then whoever is ahead has won; level when time is up is a tie.
fn overtime(fixture: &Fixture, style: &Style, length: f64, script: &mut Script, rng: &mut Rng) {
    script.begin_period(Stand::Played(0.0));
    let mut side = if rng.bool() { Which::Home } else { Which::Away };
    for drives in 1.. {
        let seconds = between(rng, 90.0, 300.0).min(length - script.played());
        script.play(seconds, WALL_SECONDS);
        drive(fixture, style, side, 1.2, script, rng);
        side = side.other();
        let decided = drives >= 2 && script.score.leader().is_some();
        if decided || script.played() >= length {
            return;
        }
    }
}

/// The colleges': a turn each from the 25-yard line, until one is better. No clock.
fn rounds(fixture: &Fixture, style: &Style, script: &mut Script, rng: &mut Rng) {
    while script.score.leader().is_none() {
        script.begin_period(Stand::Untimed);
        for side in [Which::Home, Which::Away] {
            script.wait(between(rng, 180.0, 420.0));
            drive(fixture, style, side, 1.8, script, rng);
        }
    }
}
