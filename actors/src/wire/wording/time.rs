//! Where a game stands, in words.

use super::number::{cardinal, counted, ordinal};
use crate::wire::facts::Facts;
use crate::wire::game::{Clock, Half, Phase};
use crate::wire::sport::Discipline;

/// What a period of regulation is called: `quarter`, `half`, `period`, `inning`.
pub fn period_unit(facts: &Facts) -> &'static str {
    match facts.discipline {
        Discipline::Baseball => "inning",
        Discipline::Hockey => "period",
        Discipline::Tennis => "set",
        Discipline::Mma | Discipline::Racing | Discipline::Golf => "round",
        _ if facts.regulation_periods == 2 => "half",
        Discipline::Soccer => "half",
        Discipline::Basketball | Discipline::Football => "quarter",
    }
}

/// The period of play: `fourth quarter`, `overtime`, `second overtime`, `extra time`, `ninth inning`.
pub fn period(facts: &Facts) -> Option<String> {
    match (facts.discipline, facts.overtimes()) {
        _ if facts.period == 0 => None,
        (Discipline::Soccer, 1..) => Some("extra time".to_owned()),
        (Discipline::Baseball, _) | (_, 0) => {
            Some(format!("{} {}", ordinal(facts.period.into()), period_unit(facts)))
        }
        // Hockey's fifth period is a second overtime in some games and a shootout in others.
        (_, 1) | (Discipline::Hockey, _) => Some("overtime".to_owned()),
        (_, n) => Some(format!("{} overtime", ordinal(n.into()))),
    }
}

/// The period with its preposition: `in the fourth quarter`, `in overtime`, `in the top of the ninth`, `at
/// halftime`.
pub fn in_period(facts: &Facts) -> Option<String> {
    match facts.phase {
        Phase::Shootout => return Some(format!("in the {}", shootout(facts))),
        Phase::Scheduled | Phase::Postponed | Phase::Cancelled => return None,
        _ => {}
    }
    if facts.discipline == Discipline::Baseball {
        return in_inning(facts);
    }
    if facts.phase == Phase::Break || facts.is_between_periods() {
        return ended(facts);
    }
    period(facts).map(|period| match period.as_str() {
        "overtime" | "extra time" => format!("in {period}"),
        _ => format!("in the {period}"),
    })
}

fn shootout(facts: &Facts) -> &'static str {
    if facts.discipline == Discipline::Soccer { "penalty shoot-out" } else { "shootout" }
}

fn in_inning(facts: &Facts) -> Option<String> {
    let ordinal = (facts.period > 0).then(|| ordinal(facts.period.into()))?;
    let part = match facts.clock {
        Some(Clock::Inning { half: Half::Top, .. }) => "in the top of ",
        Some(Clock::Inning { half: Half::Middle, .. }) => "in the middle of ",
        Some(Clock::Inning { half: Half::Bottom, .. }) => "in the bottom of ",
        Some(Clock::Inning { half: Half::End, .. }) => "at the end of ",
        _ => "in ",
    };
    Some(format!("{part}the {ordinal}"))
}

/// The time left in a period: `6.1 seconds`, `one second`, `31 seconds`, `2:31`; `None` when it has run out.
pub fn time_left(millis: u32) -> Option<String> {
    let (seconds, tenths) = (millis / 1000, millis / 100 % 10);
    match (seconds, tenths) {
        (0, 0) => None,
        (60.., _) => Some(format!("{}:{:02}", seconds / 60, seconds % 60)),
        (1, 0) => Some("one second".to_owned()),
        (_, 0) => Some(format!("{} seconds", cardinal(seconds))),
        _ => Some(format!("{seconds}.{tenths} seconds")),
    }
}

/// The minute of a match: `in the 88th minute`, `in stoppage time (90+4)`.
pub fn minute(minute: u16, added: u16) -> Option<String> {
    match (minute, added) {
        (0, _) => None,
        (_, 0) => Some(format!("in the {} minute", ordinal(minute.into()))),
        _ => Some(format!("in stoppage time ({minute}+{added})")),
    }
}

/// A clock by itself: `with 6.1 seconds left`, `with no time left`, `in the 88th minute`.
pub fn clock_alone(facts: &Facts) -> Option<String> {
    if facts.phase != Phase::Live {
        return in_period(facts);
    }
    match facts.clock {
        Some(Clock::Left { .. }) if has_expired(facts) => Some("with no time left".to_owned()),
        Some(Clock::Left { millis }) => time_left(millis).map(|left| format!("with {left} left")),
        Some(Clock::Minute { minute: m, added }) => minute(m, added),
        Some(Clock::Inning { .. }) | None => None,
    }
    .or_else(|| in_period(facts))
}

/// Where the game stands, in full: `with 2:31 left in the fourth quarter`, `in the bottom of the ninth`.
pub fn clock(facts: &Facts) -> Option<String> {
    let alone = clock_alone(facts)?;
    match (alone.starts_with("with "), in_period(facts)) {
        (true, Some(period)) => Some(format!("{alone} {period}")),
        _ => Some(alone),
    }
}

/// Where the game stands now, in a clause of its own: `2:31 left in the fourth quarter`, `bottom of the ninth`; `None` where
/// no clock runs down and no inning is played.
pub fn now(facts: &Facts) -> Option<String> {
    let clock = clock(facts).filter(|_| facts.phase == Phase::Live)?;
    let shown = ["with ", "in the ", "at the "].iter().find_map(|opening| clock.strip_prefix(opening))?;
    let is_part = clock.starts_with("with ") || shown.contains(" of the ");
    is_part.then(|| shown.to_owned())
}

/// Whether the clock of the period that is played has run out.
pub fn has_expired(facts: &Facts) -> bool {
    facts.phase == Phase::Live && facts.period > 0 && facts.clock == Some(Clock::Left { millis: 0 })
}

/// The end of a period: `at halftime`, `after the third quarter`, `after six innings`; `None` while a period
/// is played.
pub fn ended(facts: &Facts) -> Option<String> {
    if !facts.is_between_periods() {
        return None;
    }
    let half_time = facts.is_half_time();
    match facts.discipline {
        Discipline::Soccer if half_time => Some("at half-time".to_owned()),
        Discipline::Soccer if facts.is_after_normal_time() => Some("after normal time".to_owned()),
        // Which part of extra time is over, feeds do not say alike.
        Discipline::Soccer => None,
        Discipline::Baseball => Some(format!("after {}", innings(facts.period))),
        _ if half_time => Some("at halftime".to_owned()),
        _ => period(facts).map(|period| match period.as_str() {
            "overtime" => "after overtime".to_owned(),
            _ => format!("after the {period}"),
        }),
    }
}

/// The innings through which something held: `through seven innings`.
pub fn through(n: u8) -> String {
    format!("through {}", innings(n))
}

fn innings(n: u8) -> String {
    counted(n.into(), "inning")
}

/// How a game that is over went beyond regulation: `in overtime`, `in 11 innings`, `after extra time`, `in a
/// shootout`.
pub fn beyond_regulation(facts: &Facts) -> Option<String> {
    let periods = facts.overtimes();
    if facts.shootout.is_some() && facts.discipline != Discipline::Soccer {
        return Some("in a shootout".to_owned());
    }
    match (facts.discipline, periods) {
        (_, 0) => None,
        (Discipline::Baseball, _) => Some(format!("in {}", innings(facts.period))),
        (Discipline::Soccer, _) if facts.shootout.is_some() => None,
        (Discipline::Soccer, _) => Some("after extra time".to_owned()),
        (_, 1) => Some("in overtime".to_owned()),
        // A regular-season shoot-out and a second overtime look the same to a feed that names neither.
        (Discipline::Hockey, _) => Some("beyond regulation".to_owned()),
        (_, 2) => Some("in double overtime".to_owned()),
        (_, 3) => Some("in triple overtime".to_owned()),
        (_, n) => Some(format!("in {} overtimes", cardinal(n.into()))),
    }
}

/// What a game goes on with after regulation: `overtime`, `a second overtime`, `extra innings`. In the break before it is
/// `another overtime`, since some feeds count a break to the period that ended and some to the next.
pub fn next_stage(facts: &Facts) -> String {
    let stage = match (facts.discipline, facts.overtimes()) {
        (discipline, _) if facts.phase == Phase::Shootout => {
            if discipline == Discipline::Soccer {
                "a penalty shoot-out"
            } else {
                "a shootout"
            }
        }
        (Discipline::Soccer, _) => "extra time",
        (Discipline::Baseball, _) => "extra innings",
        (Discipline::Basketball | Discipline::Football, n @ 2..) if facts.phase == Phase::Live => {
            return format!("a {} overtime", ordinal(n.into()));
        }
        (Discipline::Basketball | Discipline::Football, 1..) if facts.phase == Phase::Break => {
            "another overtime"
        }
        _ => "overtime",
    };
    stage.to_owned()
}
