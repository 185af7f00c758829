use std::time::Duration;

use super::*;
use crate::wire::game::Score;
use crate::wire::moment::MomentKind;
use crate::wire::story::Untold;

fn near_the_end(sport: &str, confirmations: u8) -> Desk {
    let mut desk = Desk::live(sport, confirmations);
    desk.game.period = desk.sport.regulation.periods;
    desk.score(2, 1);
    desk.times(5);
    desk
}

#[test]
fn a_game_that_begins_is_told_once() {
    let mut desk = Desk::new("nba", 1);
    desk.game.period = 1;
    assert!(desk.phase(Phase::Live).is_empty());
    assert_eq!(short(&desk.again()), ["start 0-0"]);
    desk.phase(Phase::Scheduled);
    assert!(desk.times(5).is_empty());
    desk.phase(Phase::Live);
    assert!(desk.times(5).is_empty());
}

#[test]
fn a_start_is_not_claimed_of_a_game_first_seen_in_a_later_period() {
    let mut desk = Desk::new("nba", 0);
    desk.game.period = 2;
    assert!(desk.phase(Phase::Live).is_empty());
}

#[test]
fn a_start_and_a_score_on_one_board_are_told_as_the_score() {
    let mut desk = Desk::new("nhl", 1);
    desk.game.phase = Phase::Live;
    desk.game.period = 1;
    desk.score(1, 0);
    let stories = desk.again();
    assert_eq!(short(&stories), ["start* 1-0", "lead_change 1-0"]);
    let by = Untold::ToldOtherwise { by: MomentKind::LeadChange };
    assert_eq!(stories[0].verdict, Verdict::Untold { reason: by });
}

#[test]
fn a_final_needs_agreement_and_is_told_once() {
    let mut desk = near_the_end("nhl", 1);
    assert!(desk.phase(Phase::Final).is_empty());
    assert_eq!(short(&desk.again()), ["final 2-1"]);
    assert!(desk.times(20).is_empty());
}

#[test]
fn a_final_that_flaps_within_its_confirmation_is_nothing() {
    let mut desk = near_the_end("nhl", 1);
    for _ in 0..5 {
        assert!(desk.phase(Phase::Final).is_empty());
        assert!(desk.phase(Phase::Live).is_empty());
    }
}

#[test]
fn an_unknown_phase_does_not_confirm_a_final() {
    let mut desk = near_the_end("nhl", 1);
    desk.phase(Phase::Final);
    assert!(desk.phase(Phase::Unknown).is_empty());
    assert_eq!(short(&desk.phase(Phase::Final)), ["final 2-1"]);
}

#[test]
fn the_winning_goal_on_the_final_board_is_told_as_the_final() {
    let mut desk = near_the_end("nhl", 1);
    desk.score(2, 2);
    desk.again();
    desk.game.phase = Phase::Final;
    desk.score(3, 2);
    let stories = desk.again();
    assert_eq!(short(&stories), ["lead_change* 3-2", "final 3-2"]);
    let reason = Untold::ToldOtherwise { by: MomentKind::Final };
    assert_eq!(stories[0].verdict, Verdict::Untold { reason });
    assert_eq!(stories[1].facts.before, Some(Score { home: 2, away: 2 }));
    assert_eq!(stories[1].facts.scorer, Some(Which::Home));
}

#[test]
fn a_final_waits_for_the_last_score() {
    let mut desk = near_the_end("mlb", 1);
    desk.score(2, 2);
    desk.again();
    assert!(desk.phase(Phase::Final).is_empty());
    assert!(desk.again().is_empty(), "baseball does not end level");
    assert!(desk.score(3, 2).is_empty());
    assert_eq!(short(&desk.again()), ["lead_change* 3-2", "final 3-2"]);
}

#[test]
fn a_final_that_contradicts_its_winner_must_last() {
    let mut desk = near_the_end("nhl", 1);
    desk.game.away.winner = Some(true);
    desk.game.home.winner = Some(false);
    desk.phase(Phase::Final);
    assert!(desk.times(14).is_empty());
    assert_eq!(short(&desk.times(2)), ["final 2-1"]);
}

#[test]
fn a_level_final_is_believed_by_the_sport() {
    let ends = [
        ("eng.1", 2, 1, true),
        ("nfl", 5, 1, true),
        ("nfl", 4, 1, false),
        ("nfl", 4, 16, true),
        ("mlb", 9, 1, false),
        ("mlb", 9, 16, true),
        ("nba", 4, 60, false),
    ];
    for (sport, period, boards, wanted) in ends {
        let mut desk = Desk::live(sport, 1);
        desk.game.period = period;
        desk.times(5);
        desk.score(2, 2);
        desk.again();
        desk.phase(Phase::Final);
        let told = desk.times(boards).iter().any(|story| story.kind == MomentKind::Final);
        assert_eq!(told, wanted, "{sport}, period {period}, {boards} further boards");
    }
}

#[test]
fn a_final_without_a_score_or_at_nil_nil_is_not_told() {
    let mut desk = near_the_end("nhl", 1);
    desk.board(|game| {
        game.phase = Phase::Final;
        game.home.score = None;
    });
    assert!(desk.times(10).is_empty());
    desk.score(0, 0);
    assert!(desk.times(60).is_empty());
}

#[test]
fn a_final_that_goes_on_and_ends_the_same_is_told_once() {
    let mut desk = near_the_end("nhl", 1);
    desk.phase(Phase::Final);
    desk.again();
    desk.phase(Phase::Live);
    assert!(desk.times(20).is_empty());
    desk.phase(Phase::Final);
    assert!(desk.times(20).is_empty());
}

#[test]
fn a_final_that_goes_on_and_ends_otherwise_is_corrected() {
    let mut desk = near_the_end("nhl", 1);
    desk.phase(Phase::Final);
    let told = desk.again();
    desk.phase(Phase::Live);
    desk.times(5);
    desk.score(2, 2);
    assert!(desk.times(5).is_empty(), "nothing is told until it is over");
    desk.score(2, 3);
    desk.times(2);
    desk.phase(Phase::Final);
    let stories = desk.again();
    assert_eq!(short(&stories), ["correction 2-3"]);
    assert_eq!((&stories[0].id, stories[0].revision), (&told[0].id, 2));
    assert_eq!(stories[0].facts.retracted, Some(Score { home: 2, away: 1 }));
}

#[test]
fn a_final_score_that_is_put_right_and_lasts_is_corrected_up_or_down() {
    for (home, away) in [(3, 1), (1, 1), (2, 0)] {
        let mut desk = near_the_end("eng.1", 1);
        desk.phase(Phase::Final);
        let told = desk.again();
        desk.score(home, away);
        assert!(desk.times(2).is_empty());
        let stories = desk.again();
        assert_eq!(short(&stories), [format!("correction {home}-{away}")]);
        assert_eq!(stories[0].id, told[0].id);
        assert!(desk.times(20).is_empty());
    }
}

#[test]
fn an_absent_game_has_not_ended() {
    let mut desk = near_the_end("nhl", 1);
    for _ in 0..10 {
        assert!(desk.boards(Vec::new()).stories.is_empty());
    }
    assert!(desk.times(3).is_empty());
}

#[test]
fn what_an_outage_hid_is_too_old_to_be_told_but_the_final_is_not() {
    let mut desk = near_the_end("nhl", 1);
    desk.wait(30 * 60);
    desk.score(2, 2);
    assert_eq!(short(&desk.again()), ["tie* 2-2"]);
    desk.wait(30 * 60);
    desk.game.phase = Phase::Final;
    desk.score(3, 2);
    let stories = desk.again();
    assert_eq!(short(&stories), ["lead_change* 3-2", "final 3-2"]);
    assert!(matches!(stories[0].verdict, Verdict::Untold { reason: Untold::Stale { age_seconds: 1840 } }));
}

#[test]
fn how_old_a_moment_may_be_is_the_operators_to_say() {
    let mut desk = near_the_end("nhl", 1);
    desk.rules.stale_after.insert(MomentKind::Tie, Duration::from_secs(3600));
    desk.wait(30 * 60);
    desk.score(2, 2);
    let stories = desk.again();
    assert_eq!(short(&stories), ["tie 2-2"]);
    assert_eq!(stories[0].stale_at, stories[0].after.checked_add(SignedDuration::from_hours(1)).unwrap());
}

#[test]
fn a_game_called_off_is_told_once_for_every_date() {
    let mut desk = Desk::new("mlb", 1);
    desk.phase(Phase::Postponed);
    assert_eq!(short(&desk.again()), ["postponed 0-0"]);
    desk.phase(Phase::Scheduled);
    desk.times(5);
    desk.phase(Phase::Postponed);
    assert!(desk.times(5).is_empty(), "the same date again");
    desk.phase(Phase::Scheduled);
    desk.times(5);
    desk.game.starts_at = "2024-10-24T23:30:00Z".parse().ok();
    desk.phase(Phase::Postponed);
    assert_eq!(short(&desk.times(5)), ["postponed 0-0"]);
    desk.phase(Phase::Cancelled);
    assert_eq!(short(&desk.times(5)), ["cancelled 0-0"]);
}

#[test]
fn a_delay_and_its_end_are_told_with_the_score() {
    let mut desk = near_the_end("mlb", 1);
    desk.phase(Phase::Delayed);
    assert_eq!(short(&desk.times(3)), ["delayed 2-1"]);
    desk.phase(Phase::Live);
    assert_eq!(short(&desk.times(3)), ["resumed 2-1"]);
}

#[test]
fn a_game_suspended_overnight_keeps_its_id_and_resumes() {
    let mut desk = near_the_end("mlb", 1);
    desk.phase(Phase::Suspended);
    let suspended = desk.times(3);
    assert_eq!(short(&suspended), ["suspended 2-1"]);
    desk.wait(20 * 3600);
    desk.game.starts_at = "2024-10-23T20:00:00Z".parse().ok();
    desk.phase(Phase::Scheduled);
    assert!(desk.times(5).is_empty());
    desk.phase(Phase::Live);
    let resumed = desk.times(3);
    assert_eq!(short(&resumed), ["resumed 2-1"]);
    assert_eq!(resumed[0].game, suspended[0].game);
}

#[test]
fn a_delayed_start_is_a_start() {
    let mut desk = Desk::new("mlb", 1);
    desk.phase(Phase::Delayed);
    assert_eq!(short(&desk.times(3)), ["delayed 0-0"]);
    desk.game.period = 1;
    desk.phase(Phase::Live);
    assert_eq!(short(&desk.times(3)), ["start 0-0"]);
}

#[test]
fn a_shoot_out_is_an_overtime_and_decides_a_level_final() {
    let mut desk = near_the_end("uefa.champions", 1);
    desk.game.period = 5;
    desk.score(2, 2);
    desk.times(3);
    desk.board(|game| {
        game.phase = Phase::Shootout;
        game.home.shootout = Some(0);
        game.away.shootout = Some(0);
    });
    assert_eq!(short(&desk.times(3)), ["overtime 2-2"]);
    desk.board(|game| {
        game.phase = Phase::Final;
        game.home.shootout = Some(3);
        game.away.shootout = Some(4);
    });
    let stories = desk.times(3);
    assert_eq!(short(&stories), ["final 2-2"]);
    assert_eq!(stories[0].facts.leader(), Some(Which::Away));
}
