use proptest::prelude::*;

use super::*;
use crate::wire::game::{FeedGameId, Phase, Side};

fn game(away: &str, home: &str) -> Game {
    let side = |name: &str| Side {
        team: Team {
            id: name.to_owned(),
            name: name.to_owned(),
            short_name: name.to_owned(),
            place: name.to_owned(),
            code: name.to_owned(),
        },
        score: None,
        shootout: None,
        periods: Vec::new(),
        rank: None,
        winner: None,
    };
    Game {
        feed_id: FeedGameId(format!("{away} {home}")),
        starts_at: None,
        home: side(home),
        away: side(away),
        phase: Phase::Final,
        period: 4,
        clock: None,
        bases: None,
        neutral: false,
        home_win_probability: None,
        expected_home_margin: None,
        plays: Vec::new(),
        leaders: Vec::new(),
        contest: None,
        note: None,
    }
}

fn day(n: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * n)
}

fn id(n: i64) -> GameId {
    GameId(format!("game-{n}"))
}

fn score(home: u32, away: u32) -> Score {
    Score { home, away }
}

fn elo(ratings: &Ratings, team: &str) -> f64 {
    ratings.sides[team].elo
}

const DISCIPLINES: [Discipline; 5] = [
    Discipline::Basketball,
    Discipline::Football,
    Discipline::Baseball,
    Discipline::Hockey,
    Discipline::Soccer,
];

#[test]
fn a_game_moves_ratings_as_the_published_formula_has_it() {
    let mut ratings = Ratings::default();
    ratings.settle(&id(1), &game("a", "b"), score(27, 20), day(0), Discipline::Football);
    // A home side of equal rating that wins by seven: 20 · ln 8 · 2.2 / (2.2 + 0.065) · (1 − 0.5925).
    let gain = 20.0 * 8f64.ln() * 2.2 / 2.265 * (1.0 - 1.0 / (1.0 + 10f64.powf(-65.0 / 400.0)));
    assert!((elo(&ratings, "b") - MEAN - gain).abs() < 1e-9);
    assert!((elo(&ratings, "a") + elo(&ratings, "b") - 2.0 * MEAN).abs() < 1e-9);
}

#[test]
fn a_final_seen_again_counts_once_and_one_put_right_counts_as_it_stands() {
    let (mut seen, mut right) = (Ratings::default(), Ratings::default());
    for result in [score(101, 100), score(101, 100), score(101, 103)] {
        seen.settle(&id(1), &game("a", "b"), result, day(0), Discipline::Basketball);
    }
    right.settle(&id(1), &game("a", "b"), score(101, 103), day(0), Discipline::Basketball);
    assert!((elo(&seen, "a") - elo(&right, "a")).abs() < 1e-9);
    assert_eq!(seen.sides["a"].games, 1);
}

#[test]
fn ratings_say_nothing_before_enough_games_and_the_better_side_is_favoured_after() {
    let mut ratings = Ratings::default();
    let match_up = game("a", "b");
    for n in 0..i64::from(ENOUGH_GAMES) {
        assert_eq!(ratings.home_margin(&match_up, Discipline::Basketball), None);
        ratings.settle(&id(n), &match_up, score(110, 100), day(n), Discipline::Basketball);
    }
    let at_home = ratings.home_margin(&match_up, Discipline::Basketball).unwrap();
    let away = ratings.home_margin(&game("b", "a"), Discipline::Basketball).unwrap();
    let neutral = Game { neutral: true, ..match_up };
    let neutral = ratings.home_margin(&neutral, Discipline::Basketball).unwrap();
    assert!(at_home > neutral && neutral > 0.0 && away < at_home, "{at_home} {neutral} {away}");
}

#[test]
fn another_season_brings_ratings_nearer_to_the_mean() {
    let mut ratings = Ratings::default();
    ratings.settle(&id(1), &game("a", "b"), score(30, 0), day(0), Discipline::Football);
    let before = elo(&ratings, "b") - MEAN;
    ratings.settle(&id(2), &game("c", "d"), score(30, 0), day(30), Discipline::Football);
    assert!((elo(&ratings, "b") - MEAN - before).abs() < 1e-9);
    ratings.settle(&id(3), &game("c", "d"), score(30, 0), day(200), Discipline::Football);
    assert!((elo(&ratings, "b") - MEAN - before * 2.0 / 3.0).abs() < 1e-9);
}

#[test]
fn a_shoot_out_is_won_and_a_draw_is_half() {
    let mut ratings = Ratings::default();
    let mut shot = game("a", "b");
    (shot.home.shootout, shot.away.shootout) = (Some(2), Some(3));
    ratings.settle(&id(1), &shot, score(2, 2), day(0), Discipline::Hockey);
    assert!(elo(&ratings, "a") > MEAN);
    ratings.settle(&id(2), &game("c", "d"), score(1, 1), day(0), Discipline::Soccer);
    assert!(elo(&ratings, "c") > MEAN, "the visitor gains by a draw");
}

#[test]
fn games_that_are_gone_leave_their_ratings_behind() {
    let mut ratings = Ratings::default();
    ratings.settle(&id(1), &game("a", "b"), score(3, 0), day(0), Discipline::Football);
    let before = elo(&ratings, "b");
    ratings.keep_taken(|_| false);
    assert!((elo(&ratings, "b") - before).abs() < 1e-9);
    assert!(ratings.taken.is_empty());
}

proptest! {
    #[test]
    fn points_are_only_ever_passed_on(
        discipline in 0..DISCIPLINES.len(),
        results in proptest::collection::vec((0usize..6, 0usize..6, 0u32..60, 0u32..60), 1..60),
    ) {
        let mut ratings = Ratings::default();
        let names = ["a", "b", "c", "d", "e", "f"];
        for (n, (home, away, of_home, of_away)) in (0..).zip(results) {
            let away = if home == away { (away + 1) % names.len() } else { away };
            let game = game(names[away], names[home]);
            ratings.settle(&id(n), &game, score(of_home, of_away), day(n), DISCIPLINES[discipline]);
        }
        let sum: f64 = ratings.sides.values().map(|side| side.elo - MEAN).sum();
        prop_assert!(sum.abs() < 1e-6, "{sum}");
        prop_assert!(ratings.sides.values().all(|side| side.elo.is_finite()));
    }

    #[test]
    fn a_winner_never_loses_points(
        discipline in 0..DISCIPLINES.len(), start in -400.0f64..400.0, margin in 1u32..60, neutral: bool,
    ) {
        let mut ratings = Ratings::default();
        ratings.sides.insert("a".to_owned(), Rating { elo: MEAN + start, games: 20 });
        let game = Game { neutral, ..game("a", "b") };
        ratings.settle(&id(1), &game, score(margin, 0), day(0), DISCIPLINES[discipline]);
        prop_assert!(elo(&ratings, "b") > MEAN);
    }
}

/// FiveThirtyEight's own file has the rating of both sides before each NFL game: after one game ours must be what theirs is
/// before the side's next of the season.
#[test]
fn football_ratings_move_as_fivethirtyeights_own() {
    let corpus = std::env::var("WIREREPORT_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/feeds").to_owned());
    let Ok(table) = std::fs::read_to_string(format!("{corpus}/tables/nfl_games_elo_538.csv")) else {
        println!("skipped: no corpus at {corpus}");
        return;
    };
    let mut after: BTreeMap<(String, String), f64> = BTreeMap::new();
    let (mut compared, mut worst) = (0, 0.0f64);
    for line in table.lines().skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        let [_, season, neutral, _, home, away, home_elo, away_elo, _, of_home, of_away, ..] = f[..] else {
            continue;
        };
        let number = |text: &str| text.parse::<f64>();
        let (Ok(of_home), Ok(of_away)) = (number(of_home), number(of_away)) else { continue };
        let mut ratings = Ratings::default();
        for (side, elo) in [(home, home_elo), (away, away_elo)] {
            let elo = number(elo).unwrap();
            if let Some(ours) = after.remove(&(season.to_owned(), side.to_owned())) {
                worst = worst.max((ours - elo).abs());
                compared += 1;
            }
            ratings.sides.insert(side.to_lowercase(), Rating { elo, games: 20 });
        }
        let game = Game { neutral: neutral == "1", ..game(away, home) };
        ratings.settle(&id(1), &game, score(of_home as u32, of_away as u32), day(0), Discipline::Football);
        if of_home as u32 == of_away as u32 {
            continue;
        }
        for side in [home, away] {
            after.insert((season.to_owned(), side.to_owned()), elo(&ratings, &side.to_lowercase()));
        }
    }
    assert!(compared > 20_000, "{compared} ratings compared");
    assert!(worst < 0.01, "off by {worst}");
}
