//! Whether a budget brings news sooner.

use super::*;
use crate::wire::schedule::budget::Window;
use crate::wire::synthetic::{League, Night};

const EVENING: Timestamp = Timestamp::constant(1_790_000_000, 0);
const LEAGUES: [(&str, usize); 4] = [("nba", 4), ("nfl", 2), ("mlb", 4), ("nhl", 4)];

fn night(seed: u64) -> (Vec<Sport>, Night) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let leagues = LEAGUES.map(|(key, games)| (League::new(Sport::of(key).unwrap(), &mut rng), games));
    let mut night = Night::default();
    for (league, games) in &leagues {
        night = night.and(league.night(EVENING, *games, &mut rng));
    }
    (leagues.map(|(league, _)| league.sport().clone()).into(), night)
}

/// The same nights under a budget, and at the fixed interval that makes as many requests.
fn compared(requests: u32, seeds: std::ops::Range<u64>) -> (Outcome, Outcome) {
    let (mut within, mut every) = (Outcome::default(), Outcome::default());
    for seed in seeds {
        let (sports, night) = night(seed);
        let end = night.ends_at().unwrap() + SignedDuration::from_mins(10);
        let board = |sport: &SportKey, at| night.board(sport, at);
        let evening =
            Evening { sports: &sports, span: (EVENING - SignedDuration::from_mins(30), end), board: &board };
        let rules = Rules { shortest_poll: Duration::from_secs(5), ..Rules::default() };
        let allowance = Allowance { requests, window: Window::Hour };
        let budgeted = evening.play(Placing::Within(allowance), &rules, seed);
        let interval = evening.interval_of(budgeted.requests);
        every.add(evening.play(Placing::Every(interval), &rules, seed));
        within.add(budgeted);
    }
    (within, every)
}

/// Simulated nights, the same on every machine: no time is measured.
#[test]
fn with_as_many_requests_a_budget_tells_at_least_a_third_sooner_than_a_fixed_interval() {
    for requests in [240, 720] {
        let (within, every) = compared(requests, 0..3);
        assert!(within.requests.abs_diff(every.requests) * 50 < every.requests, "{within:?}");
        assert!(within.told.len() * 20 >= every.told.len() * 19, "{}", within.told.len());
        let (seen, told) = (|late: &Late| late.seen, |late: &Late| late.confirmed);
        let of = |which: fn(&Late) -> Duration| (within.mean(which), every.mean(which));
        let ((seen, seen_every), (told, told_every)) = (of(seen), of(told));
        assert!(seen < 1.1 * seen_every, "{requests}: seen after {seen} s, {seen_every} s");
        assert!(told < 0.67 * told_every, "{requests}: told after {told} s, {told_every} s");
    }
}

#[test]
fn the_same_night_comes_out_the_same() {
    assert_eq!(compared(120, 4..5), compared(120, 4..5));
}
