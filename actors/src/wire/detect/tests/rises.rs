use super::*;
use crate::wire::game::Score;

#[test]
fn the_first_sight_of_a_live_game_is_a_baseline() {
    let mut desk = Desk::unseen("nba", 0);
    desk.game.phase = Phase::Live;
    desk.game.period = 4;
    desk.game.clock = left(100);
    assert!(desk.score(101, 100).is_empty());
    assert!(desk.times(5).is_empty(), "and stays one, close and late as it is");
    assert_eq!(short(&desk.score(101, 102)), ["lead_change 101-102"]);
}

#[test]
fn the_first_sight_of_a_game_that_is_over_is_a_baseline() {
    let mut desk = Desk::unseen("nba", 1);
    desk.game.phase = Phase::Final;
    assert!(desk.score(101, 100).is_empty());
    assert!(desk.times(5).is_empty());
}

#[test]
fn a_rise_counts_when_a_further_board_agrees() {
    let mut desk = Desk::live("nhl", 1);
    assert!(desk.score(1, 0).is_empty());
    let seen_at = desk.now - SignedDuration::from_secs(20);
    let stories = desk.again();
    assert_eq!(short(&stories), ["lead_change 1-0"]);
    assert_eq!(stories[0].seen_at, seen_at);
    assert_eq!(stories[0].after, seen_at - SignedDuration::from_secs(20));
    assert_eq!(stories[0].confirmed_at, seen_at + SignedDuration::from_secs(20));
    assert!(desk.times(5).is_empty());
}

#[test]
fn a_rise_counts_at_once_when_no_confirmation_is_asked_for() {
    let mut desk = Desk::live("nhl", 0);
    assert_eq!(short(&desk.score(1, 0)), ["lead_change 1-0"]);
}

#[test]
fn two_confirmations_take_two_further_boards() {
    let mut desk = Desk::live("nhl", 2);
    assert!(desk.score(1, 0).is_empty());
    assert!(desk.again().is_empty());
    assert_eq!(short(&desk.again()), ["lead_change 1-0"]);
}

#[test]
fn a_board_that_has_moved_on_agrees_with_what_came_before() {
    let mut desk = Desk::live("nba", 1);
    assert!(desk.score(2, 0).is_empty());
    assert_eq!(short(&desk.score(2, 3)), ["lead_change 2-0"]);
    assert_eq!(short(&desk.score(4, 3)), ["lead_change 2-3"]);
    assert_eq!(short(&desk.again()), ["lead_change 4-3"]);
}

#[test]
fn a_new_play_that_agrees_with_the_change_confirms_it_at_once() {
    let mut desk = Desk::live("eng.1", 1);
    let stories = desk.board(|game| {
        set_score(game, 1, 0);
        game.plays.push(goal("g1", Which::Home));
    });
    assert_eq!(short(&stories), ["lead_change 1-0"]);
    assert_eq!(stories[0].facts.play.as_ref().and_then(|play| play.player.as_deref()), Some("A. Player"));
    assert_eq!(stories[0].facts.scorer, Some(Which::Home));
}

#[test]
fn a_play_that_disagrees_confirms_nothing_and_is_not_told() {
    for (side, points) in [(Some(Which::Away), 1), (Some(Which::Home), 2), (None, 1)] {
        let mut desk = Desk::live("eng.1", 1);
        let stories = desk.board(|game| {
            set_score(game, 1, 0);
            game.plays.push(Play { side, points, ..goal("g1", Which::Home) });
        });
        assert!(stories.is_empty());
        let stories = desk.again();
        assert_eq!(short(&stories), ["lead_change 1-0"]);
        assert_eq!(stories[0].facts.play, None);
    }
}

#[test]
fn a_play_that_was_on_an_earlier_board_confirms_nothing() {
    let mut desk = Desk::live("eng.1", 1);
    assert!(desk.board(|game| game.plays.push(goal("g1", Which::Home))).is_empty());
    assert!(desk.board(|game| game.plays.clear()).is_empty());
    let stories = desk.board(|game| {
        set_score(game, 1, 0);
        game.plays.push(goal("g1", Which::Home));
    });
    assert!(stories.is_empty());
}

#[test]
fn a_play_that_comes_with_the_next_board_is_told_too() {
    let mut desk = Desk::live("eng.1", 1);
    assert!(desk.score(1, 0).is_empty());
    let stories = desk.board(|game| game.plays.push(goal("g1", Which::Home)));
    assert!(stories[0].facts.play.is_some());
}

#[test]
fn a_score_that_flaps_is_told_once() {
    for confirmations in [0, 1] {
        let mut desk = Desk::live("nhl", confirmations);
        desk.score(2, 0);
        desk.times(3);
        let mut stories = Vec::new();
        for _ in 0..5 {
            stories.extend(desk.score(2, 1));
            stories.extend(desk.score(2, 0));
        }
        stories.extend(desk.score(2, 1));
        stories.extend(desk.times(3));
        assert_eq!(short(&stories), ["score 2-1"], "with {confirmations} confirmations");
    }
}

#[test]
fn both_sides_scoring_between_two_sights_names_no_scorer() {
    let mut desk = Desk::live("nhl", 0);
    let stories = desk.score(1, 1);
    assert_eq!(short(&stories), ["tie 1-1"]);
    assert_eq!(stories[0].facts.scorer, None);
    assert_eq!(stories[0].facts.before, Some(Score::default()));
}

#[test]
fn every_change_of_score_is_one_of_score_tie_and_lead_change() {
    let mut desk = Desk::live("nba", 0);
    let mut seen = Vec::new();
    for (home, away) in [(2, 0), (2, 2), (4, 2), (4, 5), (4, 7), (7, 7), (7, 9)] {
        seen.extend(short(&desk.score(home, away)));
    }
    let wanted = [
        "lead_change 2-0",
        "tie 2-2",
        "lead_change 4-2",
        "lead_change 4-5",
        "score 4-7",
        "tie 7-7",
        "lead_change 7-9",
    ];
    assert_eq!(seen, wanted);
}

#[test]
fn lead_changes_and_deficits_are_counted_from_confirmed_scores() {
    let mut desk = Desk::live("nba", 0);
    let mut last = Vec::new();
    for (home, away) in [(0, 8), (9, 8), (9, 9), (11, 9), (11, 12)] {
        last = desk.score(home, away);
    }
    let facts = &last[0].facts;
    assert_eq!(facts.lead_changes, 2, "to home, over the tie, and back");
    assert_eq!(facts.largest_deficit, Score { home: 8, away: 2 });
    assert!(facts.seen_from_start);
}

#[test]
fn the_course_is_not_sure_where_a_lead_may_have_been_missed() {
    let mut desk = Desk::live("nba", 0);
    desk.score(4, 0);
    assert!(desk.score(6, 3)[0].facts.seen_from_start, "home led all the time");
    assert!(!desk.score(9, 8)[0].facts.seen_from_start, "away may have led 6-8");
}

#[test]
fn the_course_is_not_sure_after_a_gap_or_a_late_baseline() {
    let mut desk = Desk::live("nba", 0);
    desk.wait(200);
    assert!(!desk.score(2, 0)[0].facts.seen_from_start);
    let mut late = Desk::unseen("nba", 0);
    late.game.phase = Phase::Live;
    late.score(10, 8);
    assert!(!late.score(12, 8)[0].facts.seen_from_start);
}

#[test]
fn a_missing_score_neither_confirms_nor_denies() {
    let mut desk = Desk::live("nhl", 1);
    desk.score(1, 0);
    assert!(desk.board(|game| game.home.score = None).is_empty());
    assert_eq!(short(&desk.score(1, 0)), ["lead_change 1-0"]);
}

#[test]
fn the_age_of_a_score_runs_from_the_last_board_that_had_one() {
    let mut desk = Desk::live("nhl", 1);
    let sight = desk.now - SignedDuration::from_secs(20);
    for _ in 0..40 {
        desk.board(|game| game.home.score = None);
    }
    desk.score(1, 0);
    let stories = desk.again();
    assert_eq!(short(&stories), ["lead_change* 1-0"], "it may be a quarter of an hour old");
    assert_eq!(stories[0].after, sight);
}

#[test]
fn a_score_first_met_in_play_is_a_baseline() {
    let mut desk = Desk::unseen("nhl", 0);
    desk.game.phase = Phase::Live;
    desk.game.period = 2;
    assert!(desk.again().is_empty());
    assert!(desk.score(3, 2).is_empty());
    assert_eq!(short(&desk.score(3, 3)), ["tie 3-3"]);
}

#[test]
fn a_scheduled_board_shows_no_score() {
    let mut desk = Desk::new("nhl", 0);
    assert!(desk.score(3, 2).is_empty());
    desk.board(|game| game.phase = Phase::Live);
    let first = desk.score(0, 0);
    assert!(first.is_empty(), "{:?}", short(&first));
}
