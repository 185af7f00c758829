use proptest::prelude::*;

use super::*;
use crate::wire::game::Half;

const NONE: Expectation = Expectation { home_margin: None, neutral: true };

fn sport(key: &str) -> Sport {
    Sport::of(key).unwrap()
}

fn at(home: u32, away: u32, period: u8, clock: Option<Clock>) -> Situation {
    Situation { score: Score { home, away }, shootout: None, phase: Phase::Live, period, clock, bases: None }
}

fn left(seconds: u32) -> Option<Clock> {
    Some(Clock::Left { millis: seconds * 1000 })
}

fn clock_of(discipline: Discipline, tick: u32) -> Option<Clock> {
    match discipline {
        Discipline::Soccer => Some(Clock::Minute { minute: (tick % 125) as u16, added: (tick % 7) as u16 }),
        Discipline::Baseball => {
            let half = [Half::Top, Half::Middle, Half::Bottom, Half::End][tick as usize % 4];
            Some(Clock::Inning { half, outs: Some((tick % 4) as u8) })
        }
        _ => left(tick % 900),
    }
}

fn shootout(home: u32, away: u32) -> Situation {
    let level = at(1, 1, 5, None);
    Situation { phase: Phase::Shootout, shootout: Some(Score { home, away }), ..level }
}

const KEYS: [&str; 10] =
    ["nba", "wnba", "ncaam", "ncaaw", "nfl", "ncaaf", "mlb", "nhl", "eng.1", "uefa.champions"];

proptest! {
    #[test]
    fn a_chance_is_a_probability_and_never_falls_as_the_lead_grows(
        key in 0..KEYS.len(), home in 0u32..150, away in 0u32..150, period in 0u8..14, tick in 0u32..4000,
        margin in proptest::option::of(-40.0f64..40.0), neutral: bool, phase in 0usize..4,
        bases in proptest::option::of(any::<[bool; 3]>()),
    ) {
        let sport = sport(KEYS[key]);
        let phase = [Phase::Live, Phase::Break, Phase::Shootout, Phase::Final][phase];
        let expected = Expectation { home_margin: margin, neutral };
        let bases = bases.map(|[first, second, third]| Bases { first, second, third });
        let situation = Situation { phase, bases, ..at(home, away, period, clock_of(sport.discipline, tick)) };
        let end = outcome(&sport, &situation, expected);
        prop_assert!((end.home + end.draw + end.away - 1.0).abs() < 1e-9, "{end:?}");
        let p = home_wins(&sport, &situation, expected);
        prop_assert!((0.0..=1.0).contains(&p), "{p}");
        let ahead = Situation { score: Score { home: home + 1, away }, ..situation };
        prop_assert!(home_wins(&sport, &ahead, expected) >= p - 1e-12);
        prop_assert!((0.0..=1.0).contains(&share_played(&sport, &situation)));
        prop_assert!((0.0..=0.5 + 1e-12).contains(&leverage(&sport, &situation, expected)));
    }

    #[test]
    fn swapping_the_sides_gives_the_complement(
        key in 0..KEYS.len(), home in 0u32..120, away in 0u32..120, period in 1u8..6, tick in 0u32..4000,
        margin in -20.0f64..20.0,
    ) {
        let sport = sport(KEYS[key]);
        prop_assume!(sport.discipline != Discipline::Baseball);
        let clock = clock_of(sport.discipline, tick);
        let of = |home, away, margin| home_wins(
            &sport, &at(home, away, period, clock), Expectation { home_margin: Some(margin), neutral: false });
        prop_assert!((of(home, away, margin) + of(away, home, -margin) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_shoot_out_never_turns_against_the_side_that_scores(key in 7..KEYS.len(), home in 0u32..12, away in 0u32..12) {
        let sport = sport(KEYS[key]);
        let of = |home, away| home_wins(&sport, &shootout(home, away), NONE);
        prop_assert!(of(home + 1, away) >= of(home, away) - 1e-12);
        prop_assert!((of(home, away) + of(away, home) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_end_is_certain(key in 0..KEYS.len(), home in 0u32..150, away in 0u32..150) {
        let sport = sport(KEYS[key]);
        let end = Situation { phase: Phase::Final, ..at(home, away, sport.regulation.periods, None) };
        let p = home_wins(&sport, &end, NONE);
        let sure = match home.cmp(&away) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 0.5,
        };
        prop_assert!((p - sure).abs() < 1e-12);
    }
}

#[test]
fn no_time_left_is_certain_before_the_feed_says_final() {
    for key in ["nba", "nfl"] {
        let p = home_wins(&sport(key), &at(101, 100, 4, left(0)), NONE);
        assert!((p - 1.0).abs() < 1e-12, "{key} {p}");
    }
    let walked_off = at(5, 4, 9, Some(Clock::Inning { half: Half::Bottom, outs: Some(1) }));
    assert!(home_wins(&sport("mlb"), &walked_off, NONE) > 0.999);
}

#[test]
fn known_states_have_their_published_chances() {
    let goal_up = home_wins(&sport("nhl"), &at(2, 1, 3, left(300)), NONE);
    assert!((goal_up - 0.91).abs() < 0.03, "one goal up with five minutes left: {goal_up}");
    let eighteen_at_half = home_wins(&sport("nba"), &at(68, 50, 2, left(0)), NONE);
    assert!((0.88..0.95).contains(&eighteen_at_half), "18 points up at half-time: {eighteen_at_half}");
    let one_nil =
        home_wins(&sport("eng.1"), &at(1, 0, 2, Some(Clock::Minute { minute: 80, added: 0 })), NONE);
    assert!((one_nil - 0.94).abs() < 0.03, "1-0 after 80 minutes, half the draws counted: {one_nil}");
}

#[test]
fn a_shoot_out_decides_a_level_final() {
    let mut end = at(2, 2, 5, None);
    end.phase = Phase::Final;
    end.shootout = Some(Score { home: 3, away: 4 });
    assert_eq!(home_wins(&sport("fifa.world"), &end, NONE), 0.0);
}

#[test]
fn a_swing_never_compares_a_model_with_a_feed() {
    let with = Chance::new(0.5, Some(0.7));
    assert!((with.swing(Chance::new(0.6, None)) - 0.1).abs() < 1e-12);
    assert!((with.swing(Chance::new(0.6, Some(0.75))) - 0.05).abs() < 1e-12);
    assert_eq!(Chance::new(0.5, Some(f64::NAN)).home(), 0.5);
}

#[test]
fn a_league_match_may_be_drawn_and_one_in_extra_time_may_not() {
    let minute = |minute| Some(Clock::Minute { minute, added: 0 });
    let late = outcome(&sport("eng.1"), &at(1, 1, 2, minute(88)), NONE);
    assert!(late.draw > 0.7, "{late:?}");
    let one_nil = outcome(&sport("eng.1"), &at(1, 0, 2, minute(80)), Expectation::default());
    assert!((one_nil.home - 0.89).abs() < 0.03 && (one_nil.draw - 0.10).abs() < 0.03, "{one_nil:?}");
    let extra = outcome(&sport("fifa.world"), &at(1, 1, 4, minute(110)), NONE);
    assert_eq!(extra.draw, 0.0);
    assert!((extra.home - 0.5).abs() < 1e-9);
}

#[test]
fn level_hockey_is_decided_by_the_next_goal_and_the_better_side_is_likelier_to_score_it() {
    let better = Expectation { home_margin: Some(1.0), neutral: true };
    let level = |period, seconds| home_wins(&sport("nhl"), &at(2, 2, period, left(seconds)), better);
    let (fresh, ending, playoff) = (level(4, 300), level(4, 5), level(4, 1200));
    assert!(0.5 < ending && ending < fresh && fresh < playoff, "{ending} {fresh} {playoff}");
    assert!((playoff - level(5, 1200)).abs() < 1e-9);
    assert_eq!(home_wins(&sport("nhl"), &at(3, 2, 4, left(100)), NONE), 1.0);
}

#[test]
fn a_shoot_out_under_way_is_told_by_what_went_in() {
    let (level, ahead) = (home_wins(&sport("fifa.world"), &shootout(3, 3), NONE), shootout(4, 3));
    assert!((level - 0.5).abs() < 1e-9);
    let ahead = home_wins(&sport("fifa.world"), &ahead, NONE);
    assert!((0.85..1.0).contains(&ahead), "{ahead}");
}

#[test]
fn bases_and_outs_move_a_tied_ninth_as_everybody_knows() {
    let tied = |outs, bases| {
        let clock = Some(Clock::Inning { half: Half::Bottom, outs });
        home_wins(&sport("mlb"), &Situation { bases, ..at(3, 3, 9, clock) }, Expectation::default())
    };
    let loaded = Bases { first: true, second: true, third: true };
    let third = Bases { third: true, ..Bases::default() };
    let (empty, best) = (tied(Some(0), Some(Bases::default())), tied(Some(0), Some(loaded)));
    assert!((0.6..0.7).contains(&empty), "{empty}");
    assert!(best > 0.9 && tied(Some(1), Some(third)) > tied(Some(2), Some(third)), "{best}");
    let unknown = tied(Some(0), None);
    assert!(empty < unknown && unknown < best, "{unknown}");
    assert!((0.5..0.8).contains(&tied(None, None)));
}

#[test]
fn the_odds_move_a_baseball_game_less_and_less() {
    let favourite = Expectation { home_margin: Some(2.0), neutral: false };
    let gain = |period| {
        let clock = Some(Clock::Inning { half: Half::Top, outs: Some(0) });
        let of = |expected| home_wins(&sport("mlb"), &at(2, 2, period, clock), expected);
        of(favourite) - of(Expectation::default())
    };
    assert!(gain(1) > gain(5) && gain(5) > gain(9) && gain(9) > 0.0);
    let start = home_wins(&sport("mlb"), &at(0, 0, 0, None), favourite);
    assert!((start - 0.675).abs() < 0.01, "{start}");
    assert!((home_wins(&sport("mlb"), &at(0, 0, 0, None), NONE) - 0.5).abs() < 1e-3);
}

/// Holds the committed table to the counts it was made of, where there are enough of them.
#[test]
fn baseball_is_near_what_happened_in_every_state() {
    let corpus = std::env::var("WIREREPORT_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/feeds").to_owned());
    let Ok(table) = std::fs::read_to_string(format!("{corpus}/tables/mlb_win_expectancy_probs.txt")) else {
        println!("skipped: no corpus at {corpus}");
        return;
    };
    let (mut sum, mut states, mut weight) = (0.0, 0, 0.0);
    for line in table.lines() {
        let f: Vec<&str> = line.trim().split(',').collect();
        let [batting, inning, outs, bases, lead, games, wins] = f[..] else { continue };
        let number = |text: &str| text.parse::<i64>().unwrap();
        let (inning, lead, games, bases) = (number(inning), number(lead), number(games), number(bases) - 1);
        if inning > 9 || games < 200 {
            continue;
        }
        let home_bats = batting == "\"H\"";
        let home_lead = if home_bats { lead } else { -lead };
        let half = if home_bats { Half::Bottom } else { Half::Top };
        let clock = Some(Clock::Inning { half, outs: Some(number(outs) as u8) });
        let on = |bit| bases & bit != 0;
        let situation = Situation {
            bases: Some(Bases { first: on(1), second: on(2), third: on(4) }),
            ..at((50 + home_lead) as u32, 50, inning as u8, clock)
        };
        let p = home_wins(&sport("mlb"), &situation, Expectation::default());
        let batting_wins = number(wins) as f64 / games as f64;
        let truth = if home_bats { batting_wins } else { 1.0 - batting_wins };
        sum += (p - truth).abs() * games as f64;
        weight += games as f64;
        states += 1;
    }
    assert!(states > 4000, "{states} states");
    assert!(sum / weight < 0.003, "mean error {} over {states} states", sum / weight);
}
