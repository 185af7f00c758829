use proptest::prelude::*;

use super::*;
use crate::wire::game::{Clock, Game};
use crate::wire::synthetic::season;

const EVENING: Timestamp = Timestamp::constant(1_790_000_000, 0);
const HOURLY: Allowance = Allowance { requests: 120, window: Window::Hour };

/// A league's night as it is known after two sights.
fn known(key: &str, minutes: i64) -> (Sport, SportState, Timestamp) {
    let sport = Sport::of(key).unwrap();
    let night = season(sport.clone(), EVENING, 2, 3).next().unwrap();
    let mut state = SportState::default();
    let at = EVENING + SignedDuration::from_mins(minutes);
    for at in [at - SignedDuration::from_secs(20), at - SignedDuration::from_secs(10), at] {
        crate::wire::step(&mut state, &night.board(&sport.key, at), &sport, &Rules::default());
    }
    (sport, state, at)
}

/// The same night, with every game as it is changed, and nothing open.
fn changed(key: &str, change: impl Fn(&mut Game)) -> (Sport, SportState, Timestamp) {
    let (sport, mut state, at) = known(key, 60);
    let mut snapshot = season(sport.clone(), EVENING, 2, 3)
        .next()
        .unwrap()
        .board(&sport.key, at + SignedDuration::from_secs(1));
    snapshot.games.iter_mut().for_each(change);
    for _ in 0..3 {
        snapshot.seen_at += SignedDuration::from_secs(1);
        crate::wire::step(&mut state, &snapshot, &sport, &Rules::default());
    }
    (sport, state, snapshot.seen_at)
}

fn wait((sport, state, at): &(Sport, SportState, Timestamp), allowance: Allowance, spent: u32) -> f64 {
    let mut purse = Purse::default();
    purse.take(allowance, spent, *at).unwrap();
    purse.expect(state, sport, allowance, *at);
    let rng = &mut fastrand::Rng::with_seed(1);
    next_poll(state, sport, &Rules::default(), (allowance, &purse), *at, rng).as_secs_f64()
}

fn late_and_level(game: &mut Game) {
    game.phase = Phase::Live;
    game.period = 4;
    game.clock = Some(Clock::Left { millis: 200_000 });
    (game.home.score, game.away.score) = (Some(101), Some(101));
}

fn late_and_decided(game: &mut Game) {
    late_and_level(game);
    game.home.score = Some(131);
}

#[test]
fn a_close_finish_is_looked_at_more_than_twice_as_often_as_a_decided_one() {
    let sparing = Allowance { requests: 40, ..HOURLY };
    let close = wait(&changed("nba", late_and_level), sparing, 0);
    let decided = wait(&changed("nba", late_and_decided), sparing, 0);
    assert!(2.0 * close < decided, "{close} and {decided}");
}

#[test]
fn the_more_is_left_the_sooner_it_looks_again() {
    let night = known("nhl", 60);
    let waits: Vec<f64> = [0, 40, 80, 110].map(|spent| wait(&night, HOURLY, spent)).into();
    assert!(waits.is_sorted() && waits[0] < waits[3], "{waits:?}");
}

#[test]
fn two_leagues_that_share_a_budget_wait_as_the_roots_of_their_news_have_it() {
    let [nhl, nba] = ["nhl", "nba"].map(|key| known(key, 60));
    let mut purse = Purse::default();
    for (sport, state, at) in [&nhl, &nba] {
        purse.expect(state, sport, HOURLY, *at);
    }
    let planned = |(sport, state, at): &(Sport, SportState, Timestamp)| {
        let rate = news::rate(state, sport, *at);
        (rate, planned(HOURLY, &purse, rate, *at).as_secs_f64())
    };
    let ((rate, wait), (other_rate, other_wait)) = (planned(&nhl), planned(&nba));
    assert!((rate - other_rate).abs() > 0.1, "{rate} and {other_rate}");
    assert!((wait / other_wait - (other_rate / rate).sqrt()).abs() < 1e-6);
}

#[test]
fn what_was_seen_and_is_not_settled_is_looked_at_again_at_the_schedules_own_pace() {
    let (sport, mut state, at) = known("nhl", 60);
    let mut snapshot = season(sport.clone(), EVENING, 2, 3).next().unwrap().board(&sport.key, at);
    snapshot.seen_at = at + SignedDuration::from_secs(10);
    snapshot.games[0].home.score = snapshot.games[0].home.score.map(|goals| goals + 1);
    crate::wire::step(&mut state, &snapshot, &sport, &Rules::default());
    let scored = wait(&(sport, state, snapshot.seen_at), HOURLY, 0);
    assert!(scored <= 11.0, "{scored}");
}

#[test]
fn no_sleep_lasts_past_a_start_and_an_idle_league_costs_little() {
    let sparing = Allowance { requests: 2, window: Window::Hour };
    let ahead = |minutes: i64| wait(&known("nba", -minutes), sparing, 0) / 60.0;
    assert!(ahead(180) > 20.0, "{}", ahead(180));
    for minutes in [200, 120, 60, 30, 17] {
        assert!(ahead(minutes) < minutes as f64, "{minutes}: {}", ahead(minutes));
    }
}

#[test]
fn a_day_of_a_hundred_requests_keeps_most_of_them_for_the_evening() {
    let daily = Allowance { requests: 100, window: Window::Day };
    let morning = wait(&known("nba", -200), daily, 0);
    let finish = wait(&changed("nba", late_and_level), daily, 40);
    assert!(morning > 1200.0 && finish < 120.0, "{morning} and {finish}");
}

#[test]
fn an_hour_hands_a_quarter_of_its_allowance_on_at_most_and_a_day_nothing() {
    let on_the_hour = Timestamp::from_second(1_790_002_800).unwrap();
    let left_after = |allowance: Allowance, spent, hours| {
        let mut purse = Purse::default();
        purse.take(allowance, spent, on_the_hour).unwrap();
        purse.left(allowance, on_the_hour + SignedDuration::from_hours(hours))
    };
    assert_eq!(left_after(HOURLY, 20, 0), 100);
    assert_eq!(left_after(HOURLY, 20, 1), 150);
    assert_eq!(left_after(HOURLY, 110, 1), 130);
    assert_eq!(left_after(HOURLY, 20, 2), 120);
    let daily = Allowance { requests: 100, window: Window::Day };
    assert_eq!(left_after(daily, 20, 24), 100);
}

proptest! {
    #[test]
    fn no_window_sees_more_requests_than_its_allowance_and_what_is_carried(
        steps in prop::collection::vec((0i64..1200, 1u32..4), 1..400), requests in 1u32..60,
    ) {
        let allowance = Allowance { requests, window: Window::Hour };
        let (mut purse, mut now) = (Purse::default(), EVENING);
        let mut spent: BTreeMap<i64, u32> = BTreeMap::new();
        for (seconds, wanted) in steps {
            now += SignedDuration::from_secs(seconds);
            match purse.take(allowance, wanted, now) {
                Ok(()) => *spent.entry(now.as_second() / 3600).or_default() += wanted.min(requests),
                Err(wait) => prop_assert!(wait <= Duration::from_secs(3600)),
            }
        }
        for spent in spent.values() {
            prop_assert!(f64::from(*spent) <= (1.0 + CARRIED) * f64::from(requests));
        }
    }

    #[test]
    fn a_budget_never_quickens(minutes in -60i64..240, spent in 0u32..120, key in prop::sample::select(vec!["nba", "nfl", "mlb", "nhl", "eng.1"])) {
        let night = known(key, minutes);
        let (sport, state, at) = &night;
        let usual = plain_wait(state, sport, &Rules::default(), *at).as_secs_f64();
        prop_assert!(wait(&night, HOURLY, spent) >= usual * (1.0 - crate::wire::schedule::JITTER) - 1e-9);
    }
}
