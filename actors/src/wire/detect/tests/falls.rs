use super::*;
use crate::wire::game::Score;
use crate::wire::moment::MomentKind;
use crate::wire::story::{StoryId, Untold};

fn one_up(confirmations: u8) -> (Desk, StoryId) {
    let mut desk = Desk::live("eng.1", confirmations);
    desk.score(1, 1);
    desk.times(3);
    let mut stories = desk.score(2, 1);
    stories.extend(desk.times(3));
    assert_eq!(short(&stories), ["lead_change 2-1"]);
    (desk, stories[0].id.clone())
}

#[test]
fn a_fall_that_does_not_last_is_nothing_and_neither_is_the_rise_after_it() {
    for confirmations in [0, 1] {
        let (mut desk, _) = one_up(confirmations);
        let mut stories = desk.score(1, 1);
        stories.extend(desk.times(2));
        stories.extend(desk.score(2, 1));
        stories.extend(desk.times(5));
        assert!(stories.is_empty(), "{:?}", short(&stories));
    }
}

#[test]
fn a_fall_that_lasts_a_minute_and_two_boards_corrects_the_story_that_told_it() {
    for confirmations in [0, 1] {
        let (mut desk, story) = one_up(confirmations);
        let mut stories = desk.score(1, 1);
        stories.extend(desk.times(2));
        assert!(stories.is_empty(), "forty seconds");
        let stories = desk.again();
        assert_eq!(short(&stories), ["correction 1-1"]);
        assert_eq!((stories[0].id.clone(), stories[0].revision), (story, 2));
        assert_eq!(stories[0].facts.retracted, Some(Score { home: 2, away: 1 }));
        assert_eq!(stories[0].facts.scorer, None);
        assert!(desk.times(10).is_empty());
    }
}

#[test]
fn a_minute_without_boards_is_not_enough_for_a_fall() {
    let (mut desk, _) = one_up(0);
    desk.score(1, 1);
    desk.wait(600);
    assert!(desk.again().is_empty(), "one further board");
    assert_eq!(short(&desk.again()), ["correction 1-1"]);
}

#[test]
fn a_score_that_returns_after_a_confirmed_fall_is_a_new_score_under_a_new_id() {
    let (mut desk, story) = one_up(1);
    desk.score(1, 1);
    desk.times(4);
    let mut stories = desk.score(2, 1);
    stories.extend(desk.times(2));
    assert_eq!(short(&stories), ["lead_change 2-1"]);
    assert_ne!(stories[0].id, story);
}

#[test]
fn a_second_correction_is_the_third_revision() {
    let (mut desk, story) = one_up(1);
    desk.score(1, 1);
    desk.times(4);
    desk.score(1, 0);
    let stories = desk.times(4);
    assert_eq!(short(&stories), ["correction 1-0"]);
    assert_eq!((stories[0].id.clone(), stories[0].revision), (story, 3));
}

#[test]
fn a_correction_of_what_was_never_told_is_kept_untold_under_its_own_id() {
    let (mut desk, _) = (Desk::live("eng.1", 1), ());
    desk.rules.kinds = [MomentKind::Correction, MomentKind::Final].into();
    desk.score(1, 0);
    assert_eq!(short(&desk.again()), ["lead_change* 1-0"]);
    desk.score(0, 0);
    let stories = desk.times(4);
    assert_eq!(short(&stories), ["correction* 0-0"]);
    assert_eq!(stories[0].revision, 1);
    assert_eq!(stories[0].verdict, Verdict::Untold { reason: Untold::NothingToCorrect });
    assert!(stories[0].id.0.contains("/correction/"));
}

#[test]
fn a_correction_ignores_the_threshold() {
    let (mut desk, _) = one_up(1);
    desk.rules.threshold = 1.0;
    desk.score(1, 1);
    assert_eq!(short(&desk.times(4)), ["correction 1-1"]);
}

#[test]
fn two_goals_taken_back_at_once_correct_the_latest_story() {
    let (mut desk, story) = one_up(1);
    desk.score(0, 1);
    let stories = desk.times(4);
    assert_eq!(short(&stories), ["correction 0-1"]);
    assert_eq!(stories[0].id, story);
}

#[test]
fn a_point_given_to_the_wrong_side_is_corrected_in_one_piece() {
    let mut desk = Desk::live("nba", 0);
    desk.score(22, 20);
    assert_eq!(short(&desk.score(22, 22)), ["tie 22-22"]);
    desk.score(24, 20);
    let stories = desk.times(4);
    assert_eq!(short(&stories), ["correction 24-20"]);
    assert_eq!(stories[0].facts.lead_changes, 0);
}

#[test]
fn a_goal_during_a_fall_is_told_after_the_correction() {
    let (mut desk, _) = one_up(1);
    desk.score(1, 1);
    desk.again();
    desk.score(1, 2);
    let mut stories = desk.again();
    stories.extend(desk.times(2));
    assert_eq!(short(&stories), ["correction 1-1", "lead_change 1-2"]);
}

#[test]
fn no_score_at_all_takes_nothing_back() {
    let (mut desk, _) = one_up(1);
    desk.board(|game| {
        game.home.score = None;
        game.away.score = None;
    });
    assert!(desk.times(60).is_empty());
}

#[test]
fn nil_nil_takes_nothing_back_unless_it_is_in_play_and_lasts() {
    let (mut desk, _) = one_up(1);
    desk.game.phase = Phase::Postponed;
    desk.score(0, 0);
    let called_off = desk.times(60);
    assert!(called_off.iter().all(|story| story.kind == MomentKind::Postponed));
    let (mut desk, _) = one_up(1);
    desk.score(0, 0);
    assert!(desk.times(14).is_empty(), "three goals lost at once must be gone for five minutes");
    assert_eq!(short(&desk.times(3)), ["correction 0-0"]);
}

#[test]
fn the_course_goes_back_with_the_score() {
    let mut desk = Desk::live("nhl", 0);
    desk.score(1, 0);
    desk.score(1, 1);
    desk.score(1, 2);
    desk.score(1, 1);
    desk.times(4);
    let facts = &desk.score(2, 1)[0].facts;
    assert_eq!(facts.lead_changes, 0, "away never led");
    assert_eq!(facts.largest_deficit, Score { home: 0, away: 1 });
}

#[test]
fn another_feed_must_catch_up_before_it_takes_anything_back() {
    let (mut desk, _) = one_up(1);
    desk.feed = "api-sports";
    desk.score(1, 1);
    assert!(desk.times(20).is_empty(), "it is behind");
    desk.score(2, 1);
    desk.score(1, 1);
    assert_eq!(short(&desk.times(4)), ["correction 1-1"]);
}

#[test]
fn a_last_goal_that_is_taken_back_as_the_game_ends_is_corrected_and_the_final_told() {
    let (mut desk, story) = one_up(1);
    set_score(&mut desk.game, 1, 1);
    let mut stories = desk.phase(Phase::Final);
    stories.extend(desk.times(5));
    assert_eq!(short(&stories), ["correction 1-1", "final 1-1"]);
    assert_eq!((stories[0].id.clone(), stories[0].revision), (story, 2));
}

#[test]
fn a_basket_at_the_buzzer_that_is_waved_off_is_corrected_and_the_final_told() {
    let mut desk = Desk::live("nba", 1);
    for (home, away) in [(80, 81), (82, 81)] {
        desk.score(home, away);
        desk.again();
    }
    set_score(&mut desk.game, 80, 81);
    let mut stories = desk.phase(Phase::Final);
    stories.extend(desk.times(5));
    assert_eq!(short(&stories), ["correction 80-81", "final 80-81"]);
}

#[test]
fn an_only_goal_that_is_taken_back_as_the_game_ends_must_be_gone_for_five_minutes() {
    let mut desk = Desk::live("eng.1", 1);
    desk.score(1, 0);
    desk.again();
    set_score(&mut desk.game, 0, 0);
    let mut stories = desk.phase(Phase::Final);
    stories.extend(desk.times(14));
    assert_eq!(short(&stories), [""; 0]);
    assert_eq!(short(&desk.times(3)), ["correction 0-0", "final 0-0"]);
}

#[test]
fn a_final_board_that_lost_the_score_is_never_believed() {
    let (mut desk, _) = one_up(1);
    set_score(&mut desk.game, 0, 0);
    let mut stories = desk.phase(Phase::Final);
    stories.extend(desk.times(100));
    assert_eq!(short(&stories), [""; 0]);
    assert_eq!(short(&[desk.score(2, 1), desk.times(2)].concat()), ["final 2-1"]);
}
