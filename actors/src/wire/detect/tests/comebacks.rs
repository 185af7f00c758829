use super::*;
use crate::wire::game::Score;

#[test]
fn a_deficit_that_is_made_good_is_told_with_its_size_in_place_of_the_tie() {
    for (sport, deficit) in [("nba", 15), ("nfl", 14), ("mlb", 4), ("nhl", 3), ("eng.1", 2)] {
        for (behind, kind) in [(deficit - 1, "tie"), (deficit, "comeback")] {
            let mut desk = Desk::live(sport, 0);
            desk.score(0, behind);
            desk.score(behind - 1, behind);
            let stories = desk.score(behind, behind);
            assert_eq!(short(&stories)[0], format!("{kind} {behind}-{behind}"), "{sport}");
            assert_eq!(stories[0].facts.course.deficit, Score { home: behind, away: 0 });
        }
    }
}

#[test]
fn a_side_that_goes_ahead_at_one_go_has_come_back_and_one_that_was_level_has_not_again() {
    let mut desk = Desk::live("nba", 0);
    desk.score(10, 30);
    desk.score(29, 30);
    assert_eq!(short(&desk.score(31, 30))[0], "comeback 31-30");
    assert_eq!(short(&desk.score(31, 32)), ["lead_change 31-32"]);
    assert_eq!(short(&desk.score(32, 32)), ["tie 32-32"]);
    assert_eq!(short(&desk.score(34, 32)), ["lead_change 34-32"]);
}

#[test]
fn a_comeback_whose_last_goal_is_taken_back_is_corrected_and_may_come_again() {
    let mut desk = Desk::live("eng.1", 0);
    desk.score(0, 2);
    desk.score(1, 2);
    assert_eq!(short(&desk.score(2, 2)), ["comeback 2-2"]);
    desk.score(1, 2);
    assert_eq!(short(&desk.times(3)), ["correction 1-2"]);
    let again = desk.score(2, 2);
    assert_eq!(short(&again), ["comeback 2-2"]);
    assert_eq!(again[0].facts.came_back_from(), Some((Which::Home, 2)));
}

#[test]
fn a_final_knows_the_score_that_decided_it() {
    let mut desk = Desk::live("nhl", 0);
    desk.score(1, 0);
    desk.score(1, 1);
    desk.score(2, 1);
    let end = desk.phase(Phase::Final);
    assert_eq!(end[0].facts.before, Some(Score { home: 1, away: 1 }));
    assert_eq!(end[0].facts.decider(), Some(crate::wire::wording::derived::Feat::Goals(1)));
    assert_eq!(end[0].facts.scorer, Some(Which::Home));
}
