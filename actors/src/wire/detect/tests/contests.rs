//! Matches, races and tournaments of athletes.

use super::*;
use crate::wire::contest::{Contest, Ending, Standing};
use crate::wire::game::Score;
use crate::wire::moment::MomentKind;
use crate::wire::story::Untold;

fn scheduled(sport: &str) -> Desk {
    let mut desk = Desk::unseen(sport, 1);
    let part = if sport == "f1" { None } else { Some("Men's Singles Final".to_owned()) };
    desk.game.contest = Some(Contest { event: "Grand Event".to_owned(), part, ..Contest::default() });
    assert!(desk.again().is_empty());
    desk
}

fn won(winner: Which, sets: &[(u32, u32)]) -> impl FnOnce(&mut Game) {
    let sets = sets.iter().map(|(home, away)| Score { home: *home, away: *away }).collect();
    move |game| {
        game.phase = Phase::Final;
        let contest = game.contest.as_mut().unwrap();
        (contest.winner, contest.sets) = (Some(winner), sets);
    }
}

fn order(names: [&str; 3]) -> impl FnOnce(&mut Game) {
    let standings = names.map(|name| Standing { name: name.to_owned(), to_par: None }).into();
    move |game| {
        game.phase = Phase::Final;
        game.contest.as_mut().unwrap().standings = standings;
    }
}

#[test]
fn a_match_is_told_by_its_result_alone_and_once() {
    let mut desk = scheduled("atp");
    assert!(desk.phase(Phase::Live).is_empty());
    assert!(desk.times(3).is_empty());
    assert!(desk.board(won(Which::Away, &[(4, 6), (3, 6)])).is_empty());
    let stories = desk.again();
    assert_eq!(short(&stories), ["final 0-0"]);
    assert_eq!(stories[0].verdict, Verdict::Told);
    assert_eq!(stories[0].facts.winner(), Some(Which::Away));
    assert!(desk.times(5).is_empty());
}

#[test]
fn a_result_that_differs_from_board_to_board_waits_until_two_agree() {
    let mut desk = scheduled("atp");
    desk.board(won(Which::Away, &[(4, 6), (3, 6)]));
    assert!(desk.board(won(Which::Away, &[(4, 6), (4, 6)])).is_empty());
    assert!(desk.phase(Phase::Live).is_empty());
    assert!(desk.board(won(Which::Away, &[(4, 6), (4, 6)])).is_empty());
    assert_eq!(desk.again().len(), 1);
    desk.phase(Phase::Live);
    desk.phase(Phase::Final);
    assert!(desk.times(9).is_empty(), "it was told");
}

#[test]
fn what_a_first_board_shows_as_decided_is_no_news() {
    let mut desk = Desk::unseen("atp", 0);
    desk.game.contest = Some(Contest { event: "Grand Event".to_owned(), ..Contest::default() });
    won(Which::Home, &[(6, 0), (6, 0)])(&mut desk.game);
    assert!(desk.times(4).is_empty());
}

#[test]
fn a_contest_that_is_over_without_a_winner_says_nothing() {
    let mut desk = scheduled("f1");
    assert!(desk.phase(Phase::Final).is_empty());
    assert!(desk.times(4).is_empty());
    desk.board(order(["A. First", "B. Second", "C. Third"]));
    assert_eq!(short(&desk.again()), ["final 0-0"]);
}

#[test]
fn a_result_that_is_put_right_and_lasts_corrects_what_was_told() {
    let mut desk = scheduled("f1");
    desk.board(order(["A. First", "B. Second", "C. Third"]));
    let told = desk.again();
    assert_eq!(short(&told), ["final 0-0"]);
    assert!(desk.board(order(["B. Second", "A. First", "C. Third"])).is_empty());
    let stories = desk.times(5);
    assert_eq!(short(&stories), ["correction 0-0"]);
    assert_eq!((&stories[0].id, stories[0].revision), (&told[0].id, 2));
    assert_eq!(stories[0].facts.contest.as_ref().unwrap().standings[0].name, "B. Second");
    assert!(desk.times(5).is_empty());
}

#[test]
fn a_result_that_flaps_is_not_corrected() {
    let mut desk = scheduled("f1");
    desk.board(order(["A. First", "B. Second", "C. Third"]));
    desk.again();
    for _ in 0..5 {
        assert!(desk.board(order(["B. Second", "A. First", "C. Third"])).is_empty());
        assert!(desk.board(order(["A. First", "B. Second", "C. Third"])).is_empty());
    }
}

#[test]
fn a_correction_of_what_was_not_told_is_not_told() {
    let mut desk = Desk::unseen("f1", 0);
    desk.game.contest = Some(Contest { event: "Grand Event".to_owned(), ..Contest::default() });
    order(["A. First", "B. Second", "C. Third"])(&mut desk.game);
    desk.again();
    desk.board(order(["B. Second", "A. First", "C. Third"]));
    let stories = desk.times(5);
    assert_eq!(stories[0].verdict, Verdict::Untold { reason: Untold::NothingToCorrect });
}

#[test]
fn a_contest_called_off_is_told_once_for_its_date() {
    let mut desk = scheduled("f1");
    desk.phase(Phase::Postponed);
    assert_eq!(short(&desk.again()), ["postponed 0-0"]);
    assert!(desk.times(3).is_empty());
    desk.phase(Phase::Scheduled);
    desk.phase(Phase::Postponed);
    assert!(desk.times(3).is_empty());
    desk.phase(Phase::Cancelled);
    assert_eq!(short(&desk.again()), ["cancelled 0-0"]);
}

#[test]
fn a_walkover_and_a_retirement_are_results() {
    for ending in [Ending::Walkover, Ending::Retired] {
        let mut desk = scheduled("wta");
        desk.game.contest.as_mut().unwrap().ending = ending;
        desk.board(won(Which::Home, &[]));
        let stories = desk.again();
        assert_eq!(stories[0].kind, MomentKind::Final);
        assert_eq!(stories[0].facts.contest.as_ref().unwrap().ending, ending);
    }
}

#[test]
fn an_early_round_is_untold_by_the_usual_threshold() {
    let mut desk = scheduled("atp");
    desk.rules.threshold = Rules::default().threshold;
    desk.game.contest.as_mut().unwrap().part = Some("Men's Singles Round 1".to_owned());
    desk.board(won(Which::Home, &[(6, 0), (6, 0)]));
    assert!(matches!(desk.again()[0].verdict, Verdict::Untold { reason: Untold::BelowThreshold { .. } }));
}
