use proptest::prelude::*;

use super::*;
use crate::wire::rules::Rules;

fn quiet(kind: MomentKind, discipline: Discipline) -> Measures {
    Measures {
        kind,
        discipline,
        points: 0,
        swing: 0.0,
        leverage: 0.0,
        played: 0.5,
        home_chance: 0.99,
        least_chance: 0.5,
        chance_before: 0.5,
        half_time: false,
        noted: false,
    }
}

fn total(measures: &Measures) -> f64 {
    of(measures).total
}

#[test]
fn by_default_goals_touchdowns_and_big_innings_are_told_and_baskets_are_not() {
    let threshold = Rules::default().threshold;
    let score = |discipline, points| total(&Measures { points, ..quiet(MomentKind::Score, discipline) });
    assert!(score(Discipline::Soccer, 1) > threshold);
    assert!(score(Discipline::Hockey, 1) > threshold);
    assert!(score(Discipline::Football, 6) > threshold);
    assert!(score(Discipline::Football, 7) > threshold);
    assert!(score(Discipline::Baseball, 3) > threshold);
    assert!(score(Discipline::Football, 1) < 0.1);
    assert!(score(Discipline::Basketball, 3) < 0.1);
}

#[test]
fn by_default_finals_overtimes_and_games_called_off_are_told() {
    for kind in [
        MomentKind::Final,
        MomentKind::Overtime,
        MomentKind::Postponed,
        MomentKind::Suspended,
        MomentKind::Cancelled,
        MomentKind::Correction,
    ] {
        assert!(total(&quiet(kind, Discipline::Basketball)) >= 0.5, "{kind}");
    }
}

#[test]
fn by_default_a_start_is_told_only_of_a_game_of_note() {
    let threshold = Rules::default().threshold;
    let start = quiet(MomentKind::Start, Discipline::Football);
    assert!(total(&start) < threshold);
    assert!(total(&Measures { noted: true, ..start }) >= threshold);
}

#[test]
fn by_default_a_period_end_is_told_only_of_a_close_game() {
    let threshold = Rules::default().threshold;
    let third = Measures { played: 0.75, ..quiet(MomentKind::PeriodEnd, Discipline::Basketball) };
    assert!(total(&third) < threshold);
    assert!(total(&Measures { home_chance: 0.5, ..third }) > threshold);
    let half = Measures { half_time: true, ..quiet(MomentKind::PeriodEnd, Discipline::Football) };
    assert!(total(&half) < threshold);
    assert!(total(&Measures { home_chance: 0.7, ..half }) > threshold);
}

#[test]
fn a_winner_with_six_seconds_left_is_worth_nearly_everything() {
    let winner = Measures {
        points: 2,
        swing: 0.7,
        leverage: 0.45,
        played: 0.998,
        home_chance: 0.15,
        ..quiet(MomentKind::LeadChange, Discipline::Basketball)
    };
    assert!(total(&winner) > 0.9);
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_total(
        kind in 0..MomentKind::ALL.len(), discipline in 0usize..5, points in 0u32..10, swing in 0.0f64..=1.0,
        leverage in 0.0f64..=0.5, played in 0.0f64..=1.0, home_chance in 0.0f64..=1.0,
        least_chance in 0.0f64..=1.0, chance_before in 0.0f64..=1.0, half_time: bool, noted: bool,
    ) {
        let disciplines = [
            Discipline::Basketball, Discipline::Football, Discipline::Baseball, Discipline::Hockey,
            Discipline::Soccer,
        ];
        let weighed = of(&Measures {
            kind: MomentKind::ALL[kind], discipline: disciplines[discipline], points, swing, leverage, played,
            home_chance, least_chance, chance_before, half_time, noted,
        });
        let sum: f64 = weighed.parts.iter().map(|part| part.contribution).sum();
        prop_assert!((sum - weighed.total).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&weighed.total));
    }
}
