use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::wire::game::{FeedGameId, Half, Side, Team};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

fn now() -> Timestamp {
    "2025-12-07T19:00:00Z".parse().unwrap()
}

fn ahead(seconds: i64) -> Option<Timestamp> {
    Some(now() + SignedDuration::from_secs(seconds))
}

fn side(code: &str) -> Side {
    let name = || code.to_owned();
    let team = Team { id: name(), name: name(), short_name: name(), place: name(), code: name() };
    Side { team, score: None, shootout: None, periods: Vec::new(), rank: None, winner: None }
}

fn game(phase: Phase, starts_at: Option<Timestamp>) -> Game {
    Game {
        feed_id: FeedGameId("401".into()),
        starts_at,
        home: side("TB"),
        away: side("NO"),
        phase,
        period: 0,
        clock: None,
        neutral: false,
        bases: None,
        home_win_probability: None,
        expected_home_margin: None,
        contest: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        note: None,
    }
}

fn live(home: u32, away: u32, period: u8, clock: Option<Clock>) -> Game {
    let mut game = game(Phase::Live, ahead(-HOUR));
    (game.home.score, game.away.score, game.period, game.clock) = (Some(home), Some(away), period, clock);
    game
}

fn left(seconds: u32) -> Option<Clock> {
    Some(Clock::Left { millis: seconds * 1000 })
}

fn wait_among(key: &str, games: &[Game], shortest: u64, seed: u64) -> Duration {
    let wait = shortest_wait(games.iter(), &Sport::of(key).unwrap(), now());
    jittered(wait, Duration::from_secs(shortest), &mut fastrand::Rng::with_seed(seed))
}

fn wait(key: &str, game: Game) -> Duration {
    shortest_wait([game].iter(), &Sport::of(key).unwrap(), now())
}

#[test]
fn when_nothing_is_known_it_looks_seldom() {
    let rng = &mut fastrand::Rng::with_seed(1);
    let wait = next_poll(&SportState::default(), &Sport::of("nfl").unwrap(), &Rules::default(), now(), rng)
        .as_secs_f64();
    assert!((540.0..=660.0).contains(&wait), "{wait}");
    assert_eq!(follow(&SportState::default(), now()).count(), 0);
}

#[test]
fn a_game_far_ahead_over_or_called_off_is_no_reason_to_look() {
    assert_eq!(wait("nfl", game(Phase::Scheduled, ahead(5 * HOUR))), SELDOM);
    assert_eq!(wait("nfl", game(Phase::Scheduled, None)), SELDOM);
    for phase in [Phase::Final, Phase::Postponed, Phase::Suspended, Phase::Cancelled] {
        assert_eq!(wait("nfl", game(phase, ahead(-HOUR))), SELDOM, "{phase:?}");
    }
}

#[test]
fn a_start_within_a_quarter_of_an_hour_or_overdue_is_awaited_minute_by_minute() {
    for seconds in [15 * MINUTE, 5 * MINUTE, 10, 0, -10, -3 * HOUR] {
        assert_eq!(wait("nfl", game(Phase::Scheduled, ahead(seconds))), NEAR, "{seconds}");
    }
    assert_eq!(wait("nfl", game(Phase::Delayed, ahead(-HOUR))), NEAR);
    assert_eq!(wait("nfl", game(Phase::Unknown, ahead(-HOUR))), NEAR);
}

#[test]
fn a_start_that_passed_days_ago_is_no_longer_awaited() {
    assert_eq!(wait("nfl", game(Phase::Scheduled, ahead(-30 * HOUR))), SELDOM);
    assert_eq!(wait("nfl", game(Phase::Live, ahead(-60 * HOUR))), SELDOM);
}

#[test]
fn a_game_under_way_is_looked_at_as_often_as_the_edge_cache_turns_over() {
    assert_eq!(wait("nfl", live(20, 3, 4, left(100))), LIVE);
    assert_eq!(wait("nfl", live(20, 17, 2, left(100))), LIVE);
    assert_eq!(wait("nfl", live(20, 17, 4, left(800))), LIVE);
    assert_eq!(wait("nfl", game(Phase::Break, ahead(-HOUR))), LIVE);
}

#[test]
fn late_in_a_close_game_it_looks_twice_as_often() {
    assert_eq!(wait("nfl", live(20, 17, 4, left(100))), CLOSE);
    assert_eq!(wait("ncaam", live(54, 55, 2, left(299))), CLOSE);
    assert_eq!(wait("nhl", live(3, 3, 4, left(1029))), CLOSE);
    assert_eq!(wait("eng.1", live(1, 0, 2, Some(Clock::Minute { minute: 84, added: 0 }))), CLOSE);
    assert_eq!(wait("mlb", live(0, 1, 9, Some(Clock::Inning { half: Half::Top, outs: Some(2) }))), CLOSE);
    let shootout = Game { phase: Phase::Shootout, ..live(3, 3, 5, None) };
    assert_eq!(wait("eng.1", shootout), CLOSE);
}

#[test]
fn the_nearest_game_decides() {
    let games = [game(Phase::Final, ahead(-HOUR)), live(9, 0, 1, None), game(Phase::Scheduled, ahead(HOUR))];
    assert_eq!(shortest_wait(games.iter(), &Sport::of("nhl").unwrap(), now()), LIVE);
}

#[test]
fn a_sleep_ends_at_the_lead_in_of_the_next_start() {
    assert_eq!(wait("nba", game(Phase::Scheduled, ahead(20 * MINUTE))), Duration::from_secs(300));
}

#[test]
fn games_under_way_or_overdue_are_followed_and_others_are_not() {
    let followed = |phase, seconds| is_followed(&game(phase, ahead(seconds)), now());
    for phase in [Phase::Live, Phase::Break, Phase::Shootout] {
        assert!(
            followed(phase, -HOUR) && followed(phase, -30 * HOUR) && !followed(phase, -49 * HOUR),
            "{phase:?}"
        );
    }
    for phase in [Phase::Scheduled, Phase::Delayed, Phase::Suspended, Phase::Unknown] {
        assert!(
            followed(phase, -HOUR) && !followed(phase, HOUR) && !followed(phase, -25 * HOUR),
            "{phase:?}"
        );
    }
    for phase in [Phase::Final, Phase::Postponed, Phase::Cancelled] {
        assert!(!followed(phase, -HOUR), "{phase:?}");
    }
}

fn any_phase() -> impl Strategy<Value = Phase> {
    prop::sample::select(vec![
        Phase::Scheduled,
        Phase::Live,
        Phase::Break,
        Phase::Shootout,
        Phase::Final,
        Phase::Delayed,
        Phase::Postponed,
        Phase::Suspended,
        Phase::Cancelled,
        Phase::Unknown,
    ])
}

fn any_clock() -> impl Strategy<Value = Option<Clock>> {
    prop_oneof![
        Just(None),
        (0u32..1_200_000).prop_map(|millis| Some(Clock::Left { millis })),
        (1u16..130, 0u16..12).prop_map(|(minute, added)| Some(Clock::Minute { minute, added })),
        prop::option::of(0u8..4).prop_map(|outs| Some(Clock::Inning { half: Half::Top, outs })),
    ]
}

prop_compose! {
    fn any_game()(
        phase in any_phase(),
        starts in prop::option::of(-3 * 24 * HOUR..3 * 24 * HOUR),
        period in 0u8..12,
        clock in any_clock(),
        home in prop::option::of(0u32..150),
        away in prop::option::of(0u32..150),
    ) -> Game {
        let mut game = game(phase, starts.and_then(ahead));
        (game.period, game.clock, game.home.score, game.away.score) = (period, clock, home, away);
        game
    }
}

fn any_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(Sport::known_keys().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn a_wait_is_never_below_the_shortest_and_never_above_ten_minutes_and_jitter(
        games in prop::collection::vec(any_game(), 0..8), key in any_key(), shortest in 0u64..600, seed: u64,
    ) {
        let wait = wait_among(key, &games, shortest, seed);
        prop_assert!(wait >= Duration::from_secs(shortest));
        prop_assert!(wait <= SELDOM.mul_f64(1.0 + JITTER));
    }

    #[test]
    fn the_nearer_a_start_the_shorter_the_wait(
        near in 0i64..2 * HOUR, further in 0i64..2 * HOUR, shortest in 0u64..120, seed: u64,
    ) {
        let wait = |seconds| wait_among("nba", &[game(Phase::Scheduled, ahead(seconds))], shortest, seed);
        prop_assert!(wait(near) <= wait(near + further));
    }

    #[test]
    fn one_more_game_never_lengthens_the_wait(
        games in prop::collection::vec(any_game(), 1..7), key in any_key(), seed: u64,
    ) {
        prop_assert!(wait_among(key, &games, 1, seed) <= wait_among(key, &games[1..], 1, seed));
    }

    #[test]
    fn before_its_lead_in_no_sleep_lasts_past_a_start(
        seconds in 15 * MINUTE..2 * HOUR, shortest in 0u64..60, seed: u64,
    ) {
        let wait = wait_among("nba", &[game(Phase::Scheduled, ahead(seconds))], shortest, seed);
        prop_assert!(wait < Duration::from_secs(seconds.unsigned_abs()));
    }

    #[test]
    fn a_wait_strays_from_its_mark_by_no_more_than_the_jitter(game in any_game(), key in any_key(), seed: u64) {
        let mark = wait(key, game.clone()).as_secs_f64();
        let off = wait_among(key, &[game], 0, seed).as_secs_f64() / mark - 1.0;
        prop_assert!(off.abs() <= JITTER + 1e-9);
    }
}

fn seen(boards: impl IntoIterator<Item = Game>) -> SportState {
    let (sport, mut state) = (Sport::of("nfl").unwrap(), SportState::default());
    for (board, at) in boards.into_iter().zip((-60..).step_by(10)) {
        let seen_at = now() + SignedDuration::from_secs(at);
        let snapshot = crate::wire::game::Snapshot {
            sport: sport.key.clone(),
            feed: "espn".to_owned(),
            seen_at,
            games: vec![board],
        };
        crate::wire::step(&mut state, &snapshot, &sport, &Rules::default());
    }
    state
}

fn next_wait(state: &SportState) -> f64 {
    next_wait_of(state, &Rules::default())
}

fn next_wait_of(state: &SportState, rules: &Rules) -> f64 {
    let rng = &mut fastrand::Rng::with_seed(1);
    next_poll(state, &Sport::of("nfl").unwrap(), rules, now(), rng).as_secs_f64()
}

#[test]
fn who_asks_for_four_looks_a_second_gets_them_while_a_game_is_under_way_and_only_then() {
    let rules = Rules { shortest_poll: Duration::from_millis(250), ..Rules::default() };
    let under_way = [live(0, 0, 1, left(800)), live(20, 17, 4, left(100)), game(Phase::Break, ahead(-HOUR))];
    for game in under_way {
        let wait = next_wait_of(&seen([game]), &rules);
        assert!((0.25..=0.28).contains(&wait), "{wait}");
    }
    assert!(next_wait_of(&seen([game(Phase::Scheduled, ahead(HOUR))]), &rules) >= 540.0);
    assert!(next_wait_of(&seen([game(Phase::Final, ahead(-HOUR))]), &rules) >= 540.0);
}

#[test]
fn by_default_a_game_under_way_is_looked_at_every_ten_seconds_and_a_close_finish_every_five() {
    assert!((9.0..=11.0).contains(&next_wait(&seen([live(20, 3, 1, left(100))]))));
    assert!((5.0..=5.5).contains(&next_wait(&seen([live(20, 17, 4, left(100))]))));
}

#[test]
fn a_longer_shortest_wait_holds_a_close_finish_back_too() {
    let rules = Rules { shortest_poll: Duration::from_secs(30), ..Rules::default() };
    assert!((30.0..=33.0).contains(&next_wait_of(&seen([live(20, 17, 4, left(100))]), &rules)));
}

#[test]
fn a_final_that_was_seen_once_is_looked_at_again_soon_and_not_lost_when_the_board_turns() {
    let playing = live(20, 17, 4, left(1));
    let over = Game { phase: Phase::Final, ..playing.clone() };
    let once = seen([playing.clone(), over.clone()]);
    assert!(next_wait(&once) <= 11.0, "{}", next_wait(&once));
    assert_eq!(follow(&once, now()).count(), 1);
    let twice = seen([playing, over.clone(), over]);
    assert!(next_wait(&twice) >= 540.0, "{}", next_wait(&twice));
    assert_eq!(follow(&twice, now()).count(), 0);
}

#[test]
fn a_postponement_that_was_seen_once_is_looked_at_again_soon() {
    let ahead = game(Phase::Scheduled, ahead(5 * HOUR));
    let called_off = Game { phase: Phase::Postponed, ..ahead.clone() };
    assert!(next_wait(&seen([ahead.clone(), called_off.clone()])) <= 11.0);
    assert!(next_wait(&seen([ahead, called_off.clone(), called_off])) >= 540.0);
}

#[test]
fn a_period_that_turned_just_before_the_end_leaves_nothing_open() {
    let overtime = live(20, 20, 4, left(1));
    let turned = live(20, 20, 5, left(600));
    let over = Game { phase: Phase::Final, period: 5, ..live(23, 20, 5, left(0)) };
    let state = seen([overtime, turned, over.clone(), over.clone(), over]);
    assert!(next_wait(&state) >= 540.0, "{}", next_wait(&state));
    assert_eq!(follow(&state, now()).count(), 0);
}
