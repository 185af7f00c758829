use proptest::prelude::*;

use super::*;
use crate::wire::game::{Clock, Phase, Score};
use crate::wire::sport::Sport;
use crate::wire::win_probability::{self, Expectation, Situation};

fn quiet(kind: MomentKind, discipline: Discipline) -> Measures {
    Measures {
        kind,
        discipline,
        points: 0,
        swing: 0.0,
        moved: 0.0,
        leverage: 0.0,
        played: 0.5,
        home_chance: 0.99,
        least_chance: 0.5,
        chance_before: 0.5,
        excitement: 0.0,
        half_time: false,
        stakes: 0.0,
        repeats: 0.0,
    }
}

fn total(measures: &Measures) -> f64 {
    of(measures).total
}

/// What the models measure of an NBA game in its fourth quarter, of which nothing was told.
fn fourth_quarter(kind: MomentKind, before: Score, score: Score, seconds: f64) -> Measures {
    let nba = Sport::of("nba").unwrap();
    let clock = Some(Clock::Left { millis: (seconds * 1000.0) as u32 });
    let at =
        |score| Situation { score, phase: Phase::Live, period: 4, clock, ..Situation::before_the_start() };
    let chance = |score| win_probability::home_wins(&nba, &at(score), Expectation::default());
    let swing = (chance(score) - chance(before)).abs();
    Measures {
        kind,
        points: (score.home - before.home).max(score.away - before.away),
        swing,
        moved: swing,
        leverage: win_probability::leverage(&nba, &at(score), Expectation::default()),
        played: win_probability::share_played(&nba, &at(score)),
        home_chance: chance(score),
        ..quiet(kind, Discipline::Basketball)
    }
}

fn score(home: u32, away: u32) -> Score {
    Score { home, away }
}

#[test]
fn a_winner_with_six_seconds_left_is_worth_nearly_everything() {
    let winner = fourth_quarter(MomentKind::LeadChange, score(116, 115), score(116, 117), 6.1);
    assert!(total(&winner) > 0.9, "{:?}", of(&winner));
}

#[test]
fn a_basket_in_a_game_of_twenty_five_points_is_worth_next_to_nothing() {
    for seconds in [700.0, 400.0, 120.0, 10.0] {
        let basket = fourth_quarter(MomentKind::Score, score(110, 85), score(112, 85), seconds);
        assert!(total(&basket) < 0.1, "{:?}", of(&basket));
        assert!(total(&Measures { stakes: 1.0, ..basket }) < 0.1, "nor is it in the finals");
    }
}

#[test]
fn a_close_game_of_which_only_score_and_clock_are_known_is_worth_telling() {
    let asserted = fourth_quarter(MomentKind::CloseLate, score(100, 98), score(100, 98), 5.0);
    assert!(total(&asserted) > 0.8, "{:?}", of(&asserted));
    let asserted = fourth_quarter(MomentKind::Score, score(0, 0), score(100, 98), 5.0);
    assert!(total(&asserted) > 0.8, "as a score, too: {:?}", of(&asserted));
}

#[test]
fn finals_overtimes_and_games_called_off_are_worth_half_by_themselves() {
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
fn what_was_told_of_the_like_lately_is_worth_less_unless_the_chance_moved() {
    let first = Measures { swing: 0.1, leverage: 0.2, ..quiet(MomentKind::Score, Discipline::Basketball) };
    let again = Measures { repeats: 1.0, ..first };
    assert!((total(&again) - total(&first) / 2.0).abs() < 1e-12);
    assert!(total(&Measures { moved: 0.1, ..again }) > total(&again));
    assert_eq!(total(&Measures { moved: NEWS, ..again }), total(&first));
    let goal = Measures { points: 1, ..quiet(MomentKind::Score, Discipline::Soccer) };
    assert_eq!(total(&Measures { repeats: 3.0, ..goal }), total(&goal), "a goal is a goal");
}

#[test]
fn an_upset_a_comeback_and_a_lively_game_each_raise_a_final() {
    let plain = Measures { chance_before: 0.8, ..quiet(MomentKind::Final, Discipline::Basketball) };
    for better in [
        Measures { chance_before: 0.125, ..plain },
        Measures { least_chance: 0.02, ..plain },
        Measures { excitement: 5.0, ..plain },
        Measures { stakes: 1.0, ..plain },
    ] {
        assert!(total(&better) > total(&plain) + 0.1, "{:?}", of(&better));
    }
}

#[test]
fn the_start_of_a_game_of_note_is_worth_more_than_another() {
    let start = quiet(MomentKind::Start, Discipline::Football);
    assert!(total(&start) < 0.25);
    assert!(total(&Measures { stakes: 1.0, ..start }) >= 0.5);
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_total_exactly(
        kind in 0..MomentKind::ALL.len(), discipline in 0usize..5, points in 0u32..10,
        (swing, moved, leverage) in (0.0f64..=1.0, 0.0f64..=1.0, 0.0f64..=0.5),
        (played, home_chance) in (0.0f64..=1.0, 0.0f64..=1.0),
        (least_chance, chance_before, excitement) in (0.0f64..=1.0, 0.0f64..=1.0, 0.0f64..=20.0),
        half_time: bool, stakes in 0.0f64..=1.0, repeats in 0.0f64..=5.0,
    ) {
        let disciplines = [
            Discipline::Basketball, Discipline::Football, Discipline::Baseball, Discipline::Hockey,
            Discipline::Soccer,
        ];
        let weighed = of(&Measures {
            kind: MomentKind::ALL[kind], discipline: disciplines[discipline], points, swing, moved, leverage, played,
            home_chance, least_chance, chance_before, excitement, half_time, stakes, repeats,
        });
        let sum: f64 = weighed.parts.iter().map(|part| part.contribution).sum();
        prop_assert_eq!(sum, weighed.total);
        prop_assert!((0.0..=1.0).contains(&weighed.total));
    }
}
