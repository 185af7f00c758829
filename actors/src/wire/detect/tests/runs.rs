use super::*;

fn runs(stories: &[Story]) -> Vec<String> {
    short(stories).into_iter().filter(|story| story.starts_with("run")).collect()
}

/// A basketball game at 20-20 in its second quarter.
fn level() -> Desk {
    let mut desk = Desk::live("nba", 0);
    desk.score(20, 20);
    desk.board(|game| {
        game.period = 2;
        game.clock = left(600);
    });
    desk
}

#[test]
fn ten_unanswered_points_are_a_run_and_six_more_are_another() {
    let mut desk = level();
    assert_eq!(runs(&desk.score(29, 20)), [""; 0]);
    assert_eq!(short(&desk.score(31, 20)), ["score* 31-20", "run 31-20"]);
    assert_eq!(runs(&desk.score(34, 20)), [""; 0]);
    assert_eq!(runs(&desk.score(37, 20)), ["run 37-20"]);
    assert_eq!(runs(&desk.score(37, 22)), [""; 0]);
    assert_eq!(runs(&desk.score(46, 22)), [""; 0], "an answer ends it");
    assert_eq!(runs(&desk.score(47, 22)), ["run 47-22"]);
}

#[test]
fn a_run_knows_the_score_it_began_at() {
    let mut desk = level();
    desk.score(25, 20);
    let stories = desk.score(32, 20);
    let facts = &stories.last().unwrap().facts;
    assert_eq!(facts.run(), Some((Which::Home, 12)));
    assert_eq!(facts.course.run_from, Some(crate::wire::game::Score { home: 20, away: 20 }));
}

#[test]
fn where_both_scored_between_two_sights_no_run_goes_through() {
    let mut desk = level();
    desk.score(28, 20);
    assert_eq!(runs(&desk.score(33, 22)), [""; 0]);
    assert_eq!(runs(&desk.score(42, 22)), [""; 0]);
    assert_eq!(runs(&desk.score(43, 22)), ["run 43-22"]);
}

#[test]
fn a_run_in_basketball_ends_with_the_half_and_not_with_the_quarter() {
    for (period, told) in [(2, 1), (3, 0)] {
        let mut desk = Desk::live("nba", 0);
        desk.score(10, 10);
        desk.board(|game| game.period = period - 1);
        desk.score(16, 10);
        let stories = desk.board(|game| {
            game.period = period;
            set_score(game, 22, 10);
        });
        assert_eq!(runs(&stories).len(), told, "into period {period}");
    }
}

#[test]
fn a_run_whose_last_basket_is_taken_back_is_not_told_again_at_its_size() {
    let mut desk = level();
    desk.score(28, 20);
    assert_eq!(runs(&desk.score(30, 20)), ["run 30-20"]);
    desk.score(28, 20);
    assert_eq!(short(&desk.times(3)).len(), 1, "the correction");
    assert_eq!(runs(&desk.score(31, 20)), [""; 0]);
    assert_eq!(runs(&desk.score(36, 20)), ["run 36-20"]);
}

#[test]
fn elsewhere_a_run_follows_what_the_other_side_scored() {
    let mut desk = Desk::live("nfl", 0);
    assert_eq!(runs(&desk.score(21, 0)), [""; 0], "the score says as much");
    let mut desk = Desk::live("nfl", 0);
    desk.score(0, 10);
    desk.score(7, 10);
    desk.score(14, 10);
    assert_eq!(runs(&desk.score(21, 10)), ["run 21-10"]);
    assert_eq!(runs(&desk.score(28, 10)), [""; 0]);
    assert_eq!(runs(&desk.score(35, 10)), ["run 35-10"]);
    for (sport, least) in [("mlb", 6), ("nhl", 4), ("eng.1", 3)] {
        let mut desk = Desk::live(sport, 0);
        desk.score(0, 1);
        for goals in 1..least {
            assert_eq!(runs(&desk.score(goals, 1)), [""; 0], "{sport}");
        }
        assert_eq!(runs(&desk.score(least, 1)).len(), 1, "{sport}");
    }
}

#[test]
fn a_run_that_takes_the_lead_is_told_as_the_lead_change() {
    let mut desk = level();
    desk.score(20, 26);
    assert_eq!(short(&desk.score(30, 26)), ["lead_change 30-26", "run* 30-26"]);
}
