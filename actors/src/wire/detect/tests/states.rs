use super::*;
use crate::wire::game::Half;
use crate::wire::moment::MomentKind;

fn of(kind: MomentKind, stories: &[Story]) -> usize {
    stories.iter().filter(|story| story.kind == kind).count()
}

/// A game of that sport in that period, with that score and clock, which began at 0-0 before our eyes.
fn at(sport: &str, period: u8, clock: Option<Clock>, home: u32, away: u32) -> (Desk, Vec<Story>) {
    let mut desk = Desk::live(sport, 0);
    desk.game.period = period;
    desk.game.clock = clock;
    let stories = desk.score(home, away);
    (desk, stories)
}

fn minute(minute: u16) -> Option<Clock> {
    Some(Clock::Minute { minute, added: 0 })
}

fn inning(half: Half) -> Option<Clock> {
    Some(Clock::Inning { half, outs: Some(0) })
}

#[test]
fn every_sport_has_its_own_blow_out_late_in_the_game() {
    let cases = [
        ("nba", 4, left(700), (100, 80), true),
        ("nba", 4, left(700), (100, 81), false),
        ("nba", 3, left(60), (100, 70), false),
        ("ncaam", 2, left(599), (70, 50), true),
        ("ncaam", 2, left(601), (70, 50), false),
        ("nfl", 4, left(800), (28, 7), true),
        ("nfl", 4, left(800), (27, 7), false),
        ("nhl", 3, left(800), (6, 1), true),
        ("nhl", 3, left(800), (5, 1), false),
        ("eng.1", 2, minute(72), (5, 1), true),
        ("eng.1", 2, minute(60), (5, 1), false),
        ("mlb", 8, inning(Half::Top), (9, 1), true),
        ("mlb", 8, inning(Half::Top), (8, 1), false),
        ("mlb", 6, inning(Half::Top), (12, 1), false),
    ];
    for (sport, period, clock, (home, away), wanted) in cases {
        let (_, stories) = at(sport, period, clock, home, away);
        let told = of(MomentKind::Blowout, &stories) == 1;
        assert_eq!(told, wanted, "{sport} {period} {clock:?} {home}-{away}");
    }
}

#[test]
fn a_blow_out_is_said_once_and_not_with_the_final() {
    let (mut desk, stories) = at("nba", 4, left(700), 100, 78);
    assert_eq!(of(MomentKind::Blowout, &stories), 1);
    assert_eq!(of(MomentKind::Blowout, &desk.score(100, 85)), 0);
    assert_eq!(of(MomentKind::Blowout, &desk.score(110, 85)), 0);
    let end = desk.phase(Phase::Final);
    assert_eq!(short(&end), ["final 110-85"]);
}

#[test]
fn every_sport_has_its_own_clean_sheet() {
    let cases = [
        ("eng.1", 2, minute(75), (1, 0), true),
        ("eng.1", 2, minute(74), (1, 0), false),
        ("eng.1", 2, minute(75), (0, 0), false),
        ("eng.1", 2, minute(75), (2, 1), false),
        ("nhl", 3, left(600), (0, 3), true),
        ("nhl", 3, left(601), (0, 3), false),
        ("nfl", 4, left(600), (13, 0), true),
        ("mlb", 7, inning(Half::Middle), (2, 0), true),
        ("mlb", 7, inning(Half::Top), (2, 0), false),
        ("mlb", 7, inning(Half::Bottom), (0, 2), false),
        ("mlb", 7, inning(Half::End), (0, 2), true),
        ("mlb", 8, inning(Half::Top), (0, 2), true),
        ("nba", 4, left(60), (60, 0), false),
    ];
    for (sport, period, clock, (home, away), wanted) in cases {
        let (_, stories) = at(sport, period, clock, home, away);
        let told = of(MomentKind::CleanSheet, &stories) == 1;
        assert_eq!(told, wanted, "{sport} {period} {clock:?} {home}-{away}");
    }
}

#[test]
fn a_clean_sheet_that_a_score_ends_before_it_is_confirmed_is_nothing() {
    let mut desk = Desk::live("eng.1", 1);
    desk.score(1, 0);
    desk.again();
    let stories = desk.board(|game| {
        game.period = 2;
        game.clock = minute(75);
    });
    assert_eq!(of(MomentKind::CleanSheet, &stories), 0);
    let mut after = desk.score(1, 1);
    after.extend(desk.times(3));
    assert_eq!(of(MomentKind::CleanSheet, &after), 0);
}

#[test]
fn what_a_game_is_first_seen_in_is_not_told() {
    let mut desk = Desk::unseen("nhl", 0);
    desk.game.phase = Phase::Live;
    desk.game.period = 3;
    desk.game.clock = left(300);
    set_score(&mut desk.game, 5, 0);
    assert!(desk.times(3).is_empty());
}

/// A basketball game whose away side was expected to lose by twelve, and is ahead in the fourth quarter.
fn upset(expected: Option<f64>) -> (Desk, Vec<Story>) {
    let mut desk = Desk::new("nba", 0);
    desk.board(|game| game.expected_home_margin = expected);
    desk.board(|game| {
        game.phase = Phase::Live;
        game.period = 4;
        game.clock = left(600);
        game.expected_home_margin = None;
        set_score(game, 80, 80);
    });
    let stories = desk.score(80, 83);
    (desk, stories)
}

#[test]
fn an_underdog_that_leads_late_is_an_upset_watch_once() {
    let (mut desk, stories) = upset(Some(12.0));
    assert_eq!(short(&stories), ["lead_change* 80-83", "upset_watch 80-83"]);
    assert_eq!(stories[1].facts.subject(), Some(Which::Away));
    assert_eq!(of(MomentKind::UpsetWatch, &desk.score(85, 83)), 0);
    assert_eq!(of(MomentKind::UpsetWatch, &desk.score(85, 86)), 0);
    let end = desk.phase(Phase::Final);
    assert_eq!(short(&end), ["final 85-86"]);
    assert!(end[0].facts.is_upset());
}

#[test]
fn without_odds_nobody_is_an_underdog_and_neither_in_a_game_that_is_open() {
    for expected in [None, Some(3.0), Some(-12.0)] {
        let (mut desk, stories) = upset(expected);
        assert_eq!(short(&stories), ["lead_change 80-83"], "{expected:?}");
        let end = desk.phase(Phase::Final);
        assert!(!end[0].facts.is_upset(), "{expected:?}");
    }
}

#[test]
fn odds_that_were_first_seen_in_play_make_nobody_an_underdog() {
    let mut desk = Desk::unseen("nba", 0);
    desk.game.phase = Phase::Live;
    desk.game.period = 4;
    desk.game.expected_home_margin = Some(12.0);
    set_score(&mut desk.game, 80, 80);
    desk.again();
    assert_eq!(short(&desk.score(80, 83)), ["lead_change 80-83"]);
}
