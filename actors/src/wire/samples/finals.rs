//! What may be different about the end of a game.

use super::scored;
use crate::wire::facts::Facts;
use crate::wire::game::{Score, Which};
use crate::wire::sport::Discipline;

/// The variants of a plain final.
pub(super) fn of(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    let mut finals = vec![
        ("overtime", with(|f| f.period += 1)),
        ("double_overtime", with(|f| f.period += 2)),
        ("away_won", with(|f| f.score.away += if f.score.home > 10 { 9 } else { 3 })),
        ("rout", with(|f| f.score.home += if f.score.home > 10 { 28 } else { 9 })),
        ("plain_margin", with(|f| f.score.home += if f.score.home > 10 { 8 } else { 1 })),
        (
            "comeback",
            with(|f| {
                f.seen_from_start = true;
                f.largest_deficit.home = if f.score.home > 100 {
                    18
                } else if f.score.home > 10 {
                    10
                } else {
                    3
                };
                f.score = Score { home: f.score.home + 2, away: f.score.away + 2 };
            }),
        ),
        ("lead_changes", with(|f| (f.seen_from_start, f.lead_changes) = (true, 12))),
        ("draw", with(|f| f.score.home = f.score.away)),
        ("shut_out", with(|f| f.score = Score { home: f.score.home.min(24), away: 0 })),
        (
            "upset_from_behind",
            with(|f| {
                (f.course.underdog, f.seen_from_start) = (Some(Which::Home), true);
                f.largest_deficit.home = f.score.away.min(12);
            }),
        ),
        ("upset", with(|f| f.course.underdog = Some(Which::Home))),
        ("decided", with(decided)),
        (
            "largest_lead",
            with(|f| {
                f.seen_from_start = true;
                f.score = Score { home: f.score.home + 3, away: f.score.away + 2 };
                f.largest_deficit = Score { home: 0, away: f.score.home.min(22) };
            }),
        ),
    ];
    if matches!(base.discipline, Discipline::Soccer | Discipline::Hockey) {
        finals.push((
            "shootout",
            with(|f| {
                f.period = f.regulation_periods + 2;
                f.shootout = Some(Score { home: 4, away: 2 });
                f.score.away = if f.discipline == Discipline::Soccer { f.score.home } else { f.score.away };
            }),
        ));
    }
    if base.discipline == Discipline::Hockey {
        finals.push((
            "shootout_beside_the_score",
            with(|f| {
                f.period = f.regulation_periods + 2;
                f.shootout = Some(Score { home: 1, away: 2 });
                f.score.home = f.score.away;
            }),
        ));
    }
    if base.discipline == Discipline::Soccer {
        finals.push(("shootout_after_a_second_leg", with(|f| f.shootout = Some(Score { home: 2, away: 4 }))));
    }
    finals
}

/// Won by the last score, from level.
fn decided(facts: &mut Facts) {
    facts.seen_from_start = true;
    facts.largest_deficit = Score { home: 1, away: 1 };
    let points = if facts.discipline == Discipline::Football { 3 } else { 1 };
    let now = Score { home: facts.score.away + points, away: facts.score.away };
    scored(facts, Which::Home, now, points);
}
