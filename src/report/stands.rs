//! Where a game stands, as short as a table or an axis has it.

use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::{Clock, Half, Phase};
use wirereport_actors::wire::sport::Discipline;

/// A period in a few letters: `Q4`, `H2`, `P3`, `OT`, `2OT`, `9`, `ET`.
pub fn period(discipline: Discipline, regulation: u8, period: u8) -> String {
    match (discipline, period.saturating_sub(regulation)) {
        (Discipline::Baseball, _) => period.to_string(),
        (Discipline::Soccer, 1..) => "ET".to_owned(),
        (_, 1) => "OT".to_owned(),
        (_, over @ 2..) => format!("{over}OT"),
        (Discipline::Soccer, _) => format!("H{period}"),
        (Discipline::Hockey, _) => format!("P{period}"),
        _ if regulation == 2 => format!("H{period}"),
        _ => format!("Q{period}"),
    }
}

/// Where a game stands: `Q4 1:09`, `Q4 6.1`, `end Q2`, `90+4'`, `top 9`, `final`.
pub fn stands(facts: &Facts) -> String {
    let period = period(facts.discipline, facts.regulation_periods, facts.period);
    match facts.phase {
        Phase::Live => in_play(&period, facts),
        Phase::Break if facts.discipline == Discipline::Baseball => in_play(&period, facts),
        Phase::Break => format!("end {period}"),
        Phase::Scheduled => "before".to_owned(),
        Phase::Shootout => "shootout".to_owned(),
        Phase::Final => "final".to_owned(),
        Phase::Delayed => "delayed".to_owned(),
        Phase::Postponed => "postponed".to_owned(),
        Phase::Suspended => "suspended".to_owned(),
        Phase::Cancelled => "cancelled".to_owned(),
        Phase::Unknown => String::new(),
    }
}

fn in_play(period: &str, facts: &Facts) -> String {
    match facts.clock {
        Some(Clock::Left { millis: millis @ ..60_000 }) if millis % 1000 != 0 => {
            format!("{period} {}.{}", millis / 1000, millis / 100 % 10)
        }
        Some(Clock::Left { millis }) => {
            format!("{period} {}:{:02}", millis / 60_000, millis / 1000 % 60)
        }
        Some(Clock::Minute { minute, added: 0 }) => format!("{minute}'"),
        Some(Clock::Minute { minute, added }) => format!("{minute}+{added}'"),
        Some(Clock::Inning { half, .. }) => {
            let half = match half {
                Half::Top => "top",
                Half::Middle => "mid",
                Half::Bottom => "bot",
                Half::End => "end",
            };
            format!("{half} {period}")
        }
        None => period.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirereport_actors::wire::moment::MomentKind;
    use wirereport_actors::wire::samples;

    #[test]
    fn periods_are_written_as_scoreboards_write_them() {
        use Discipline::{Baseball, Basketball, Hockey, Soccer};
        let written = [
            period(Basketball, 4, 4),
            period(Basketball, 2, 2),
            period(Basketball, 4, 5),
            period(Basketball, 4, 6),
            period(Hockey, 3, 3),
            period(Soccer, 2, 1),
            period(Soccer, 2, 3),
            period(Baseball, 9, 11),
        ];
        assert_eq!(written, ["Q4", "H2", "OT", "2OT", "P3", "H1", "ET", "11"]);
    }

    #[test]
    fn a_game_stands_at_its_clock_or_at_what_it_waits_for() {
        let at = |discipline, clock, phase| {
            let sample = samples::plain(discipline, MomentKind::Score);
            stands(&Facts { clock, phase, period: 4, ..sample })
        };
        let left = |millis| Some(Clock::Left { millis });
        assert_eq!(at(Discipline::Basketball, left(69_000), Phase::Live), "Q4 1:09");
        assert_eq!(at(Discipline::Basketball, left(6_100), Phase::Live), "Q4 6.1");
        assert_eq!(at(Discipline::Basketball, left(0), Phase::Break), "end Q4");
        assert_eq!(at(Discipline::Basketball, left(0), Phase::Final), "final");
        let added = Some(Clock::Minute { minute: 90, added: 4 });
        assert_eq!(at(Discipline::Soccer, added, Phase::Live), "90+4'");
        let top = Some(Clock::Inning { half: Half::Top, outs: Some(2) });
        assert_eq!(at(Discipline::Baseball, top, Phase::Live), "top 4");
    }
}
