//! How much of a game is left.

use super::Situation;
use crate::wire::game::{Clock, Half, Phase};
use crate::wire::sport::{Discipline, Sport};

/// Seconds of overtime taken to be left where a league plays it without a clock.
const UNTIMED_OVERTIME: f64 = 300.0;

/// Seconds a soccer half usually runs over.
const ADDED_TIME: f64 = 240.0;

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

/// The time left as a share of regulation, 0 to 1; in overtime that of the overtime.
pub(super) fn share_left(sport: &Sport, situation: &Situation) -> f64 {
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

/// Seconds left of regulation, or of overtime when that is played.
pub(super) fn seconds_left(sport: &Sport, situation: &Situation) -> f64 {
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

/// The shares of a whole game's turns at bat that home and away have left.
pub(super) fn batting_left(sport: &Sport, situation: &Situation) -> (f64, f64) {
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
