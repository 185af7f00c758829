//! Whether the invented games have the shape of real ones.
//!
//! The figures they are held against are those of `win_probability` where it has them (971 NHL games, 5 593 NFL games), else
//! the leagues' usual ones of recent seasons; the tolerances leave room for what differs from season to season and for
//! the chance in 640 games.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::wire::detect::SportState;
use crate::wire::game::{Clock, Game, Phase, Score};
use crate::wire::moment::MomentKind;
use crate::wire::rules::Rules;
use crate::wire::sport::Sport;
use crate::wire::step;

const FIRST: Timestamp = Timestamp::constant(1_790_000_000, 0);
const LEAGUES: [&str; 8] = ["nba", "ncaam", "nfl", "ncaaf", "mlb", "nhl", "eng.1", "fifa.world"];

fn of(key: &str, seed: u64) -> impl Iterator<Item = Night> {
    season(Sport::of(key).unwrap(), FIRST, 16, seed)
}

/// What is measured of a season of 640 games.
struct Season {
    games: Vec<SyntheticGame>,
}

impl Season {
    fn new(key: &str) -> Self {
        let games = of(key, 7).take(40).flat_map(|night| night.games().to_vec());
        Self { games: games.filter(|game| game.final_score().is_some()).collect() }
    }

    fn mean(&self, of: impl Fn(&SyntheticGame, Score) -> f64) -> f64 {
        let values = self.games.iter().map(|game| of(game, game.final_score().unwrap()));
        values.sum::<f64>() / self.games.len() as f64
    }

    fn deviation(&self, of: impl Fn(&SyntheticGame, Score) -> f64) -> f64 {
        let mean = self.mean(&of);
        self.mean(|game, score| (of(game, score) - mean).powi(2)).sqrt()
    }

    fn home(&self) -> f64 {
        self.mean(|_, score| f64::from(score.home))
    }

    fn away(&self) -> f64 {
        self.mean(|_, score| f64::from(score.away))
    }

    fn margins(&self) -> f64 {
        self.deviation(|_, score| score.home_margin() as f64)
    }

    /// How far final margins stray from what the odds expected.
    fn beyond_the_odds(&self) -> f64 {
        self.deviation(|game, score| score.home_margin() as f64 - game.fixture().expected_home_margin)
    }

    fn share(&self, of: impl Fn(&SyntheticGame, Score) -> bool) -> f64 {
        self.mean(|game, score| f64::from(u8::from(of(game, score))))
    }

    fn overtimes(&self) -> f64 {
        self.share(|game, _| last(game).period > game.fixture().sport.regulation.periods)
    }

    fn minutes(&self) -> f64 {
        self.mean(|game, _| game.ends_at().duration_since(game.fixture().starts_at).as_secs_f64() / 60.0)
    }
}

fn last(game: &SyntheticGame) -> Game {
    game.at(game.ends_at())
}

fn within(name: &str, range: RangeInclusive<f64>, value: f64) {
    assert!(range.contains(&value), "{name} is {value}, {range:?} wanted");
}

#[test]
fn basketball_has_the_nbas_points_margins_overtimes_and_length() {
    let nba = Season::new("nba");
    within("home points", 113.0..=118.0, nba.home());
    within("away points", 110.0..=115.5, nba.away());
    within("deviation of the margin", 12.0..=14.5, nba.margins());
    within("deviation beyond the odds", 10.5..=13.0, nba.beyond_the_odds());
    within("share of overtimes", 0.03..=0.08, nba.overtimes());
    within("home wins", 0.52..=0.63, nba.share(|_, score| score.home_margin() > 0));
    within("minutes", 130.0..=145.0, nba.minutes());
}

#[test]
fn football_has_the_nfls_points_margins_overtimes_and_length() {
    let nfl = Season::new("nfl");
    within("home points", 21.5..=25.5, nfl.home());
    within("away points", 20.0..=24.0, nfl.away());
    within("deviation beyond the odds", 12.5..=14.5, nfl.beyond_the_odds());
    within("share of overtimes", 0.035..=0.08, nfl.overtimes());
    within("ties", 0.0..=0.02, nfl.share(|_, score| score.leader().is_none()));
    within("minutes", 185.0..=205.0, nfl.minutes());
    let college = Season::new("ncaaf");
    within("both sides' points", 50.0..=60.0, college.home() + college.away());
    assert_eq!(college.share(|_, score| score.leader().is_none()), 0.0);
}

#[test]
fn baseball_has_the_major_leagues_runs_margins_extra_innings_and_length() {
    let mlb = Season::new("mlb");
    within("home runs", 4.1..=4.9, mlb.home());
    within("away runs", 4.0..=4.7, mlb.away());
    within("deviation of the margin", 3.8..=4.7, mlb.margins());
    within("share of extra innings", 0.06..=0.12, mlb.overtimes());
    within("home wins", 0.50..=0.58, mlb.share(|_, score| score.home_margin() > 0));
    within("minutes", 150.0..=175.0, mlb.minutes());
}

#[test]
fn hockey_has_the_nhls_goals_margins_overtimes_and_length() {
    let nhl = Season::new("nhl");
    within("home goals", 2.9..=3.35, nhl.home());
    within("away goals", 2.65..=3.05, nhl.away());
    within("deviation of the margin", 2.3..=2.8, nhl.margins());
    within("share of overtimes", 0.18..=0.26, nhl.overtimes());
    within("share of shoot-outs", 0.04..=0.12, nhl.share(|game, _| last(game).home.shootout.is_some()));
    within("minutes", 150.0..=180.0, nhl.minutes());
}

#[test]
fn soccer_has_a_leagues_goals_draws_and_length() {
    let league = Season::new("eng.1");
    within("home goals", 1.35..=1.65, league.home());
    within("away goals", 1.05..=1.35, league.away());
    within("draws", 0.20..=0.30, league.share(|_, score| score.leader().is_none()));
    within("minutes", 112.0..=119.0, league.minutes());
}

#[test]
fn a_cup_goes_on_until_somebody_has_won() {
    let cup = Season::new("fifa.world");
    within("share of extra times", 0.15..=0.28, cup.overtimes());
    for game in &cup.games {
        let end = last(game);
        assert!(end.home.winner != end.away.winner, "{end:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_season_and_another_seed_another_one() {
    let season = |seed| of("nhl", seed).take(3).collect::<Vec<_>>();
    assert_eq!(season(1), season(1));
    assert_ne!(season(1), season(2));
}

#[test]
fn a_clock_runs_one_way_within_its_period_and_within_its_bounds() {
    for key in ["nba", "nfl", "nhl", "eng.1"] {
        let sport = Sport::of(key).unwrap();
        for game in of(key, 3).next().unwrap().games() {
            let mut before: Option<(u8, u32)> = None;
            for board in every_half_minute(game) {
                let played = match board.clock {
                    Some(Clock::Left { millis }) => 2_000_000 - millis,
                    Some(Clock::Minute { minute, added }) => u32::from(minute + added),
                    _ => continue,
                };
                let length = sport.regulation.period_seconds * 1000;
                assert!(!matches!(board.clock, Some(Clock::Left { millis }) if millis > length), "{board:?}");
                assert!(before.is_none_or(|before| before <= (board.period, played)), "{board:?}");
                before = Some((board.period, played));
            }
        }
    }
}

fn every_half_minute(game: &SyntheticGame) -> impl Iterator<Item = Game> {
    let start = game.fixture().starts_at;
    let halves = game.ends_at().duration_since(start).as_secs() / 30 + 1;
    (0..=halves).map(move |half| game.at(start + SignedDuration::from_secs(30 * half)))
}

#[test]
fn every_game_goes_from_its_start_to_its_end_and_its_line_score_adds_up() {
    for key in LEAGUES {
        for game in of(key, 5).take(2).flat_map(|night| night.games().to_vec()) {
            let before = game.at(game.fixture().starts_at - SignedDuration::from_hours(2));
            assert_eq!((before.phase, before.score(), before.clock), (Phase::Scheduled, None, None), "{key}");
            let turns: Vec<_> = game.truths().collect();
            assert!(turns.is_sorted_by_key(|(at, _)| *at), "{key}");
            for (_, board) in turns.iter().filter(|(_, board)| board.home.shootout.is_none()) {
                let sum = |line: &[u32]| line.iter().sum::<u32>();
                let line = (sum(&board.home.periods), sum(&board.away.periods));
                let score = board.score().map(|score| (score.home, score.away));
                assert!(score.is_none_or(|score| score == line), "{key} {board:?}");
            }
            assert!(matches!(last(&game).phase, Phase::Final | Phase::Postponed), "{key}");
        }
    }
}

#[test]
fn delays_postponements_and_goals_taken_back_happen() {
    let phases = |key, phase| {
        let games = of(key, 11).take(10).flat_map(|night| night.games().to_vec());
        games.filter(|game| game.truths().any(|(_, board)| board.phase == phase)).count()
    };
    assert!(phases("mlb", Phase::Delayed) > 0);
    assert!(phases("mlb", Phase::Postponed) > 0);
    let falls = |game: &SyntheticGame| {
        let scores: Vec<Score> = game.truths().filter_map(|(_, board)| board.score()).collect();
        scores.windows(2).any(|pair| !pair[1].covers(pair[0]))
    };
    for key in ["nhl", "eng.1", "nfl"] {
        assert!(of(key, 11).take(10).any(|night| night.games().iter().any(falls)), "{key}");
    }
}

/// A night as the wire sees it, asked every ten seconds.
#[test]
fn the_wire_tells_every_game_of_a_night_to_its_true_end() {
    for key in LEAGUES {
        let (sport, rules, mut state) = (Sport::of(key).unwrap(), Rules::default(), SportState::default());
        let night = season(sport.clone(), FIRST, 4, 2).next().unwrap();
        let (mut at, end) = (FIRST - SignedDuration::from_mins(90), night.ends_at().unwrap());
        let mut finals = Vec::new();
        while at < end + SignedDuration::from_mins(10) {
            let stories = step(&mut state, &night.board(&sport.key, at), &sport, &rules).stories;
            finals.extend(stories.into_iter().filter(|story| story.kind == MomentKind::Final));
            at += SignedDuration::from_secs(10);
        }
        let mut told: Vec<Score> = finals.iter().map(|story| story.facts.score).collect();
        let mut true_ones: Vec<Score> = night.games().iter().filter_map(SyntheticGame::final_score).collect();
        told.sort_by_key(|score| (score.home, score.away));
        true_ones.sort_by_key(|score| (score.home, score.away));
        assert_eq!(told, true_ones, "{key}");
    }
}
