use super::*;
use crate::wire::moment::MomentKind;
use crate::wire::story::Untold;

fn untold(story: &Story) -> &Untold {
    match &story.verdict {
        Verdict::Untold { reason } => reason,
        Verdict::Told => panic!("{} is told", story.id),
    }
}

#[test]
fn a_kind_that_is_not_told_leaves_its_change_to_another_kind() {
    let mut desk = Desk::live("nhl", 1);
    desk.rules.kinds.remove(&MomentKind::Final);
    desk.game.period = 3;
    desk.times(5);
    desk.game.phase = Phase::Final;
    desk.score(1, 0);
    let stories = desk.again();
    assert_eq!(short(&stories), ["lead_change 1-0", "final* 1-0"]);
    assert_eq!(untold(&stories[1]), &Untold::KindNotTold);
}

#[test]
fn what_is_below_the_threshold_says_so_and_hides_nothing() {
    let mut desk = Desk::live("nba", 0);
    desk.rules.threshold = 0.3;
    let stories = desk.score(2, 0);
    assert_eq!(untold(&stories[0]), &Untold::BelowThreshold { threshold: 0.3 });
}

#[test]
fn of_two_scores_confirmed_by_one_board_the_higher_kind_is_told_and_of_equals_the_later() {
    let touchdown = |id: &str| Play { points: 6, kind: PlayKind::Score, ..goal(id, Which::Home) };
    let mut desk = Desk::live("nfl", 2);
    desk.score(7, 0);
    let stories = desk.board(|game| {
        set_score(game, 13, 0);
        game.plays = vec![touchdown("a")];
    });
    assert_eq!(short(&stories), ["lead_change 7-0", "score* 13-0"]);
    desk.score(20, 0);
    let stories = desk.board(|game| {
        set_score(game, 26, 0);
        game.plays = vec![touchdown("b")];
    });
    assert_eq!(short(&stories), ["score* 20-0", "score 26-0"]);
}

#[test]
fn a_story_is_stale_at_its_limit_after_the_last_sight_without_it() {
    let mut desk = Desk::live("nhl", 0);
    let stories = desk.score(1, 0);
    assert_eq!(stories[0].stale_at, stories[0].after + SignedDuration::from_mins(6));
}

#[test]
fn a_run_of_baskets_is_told_once_it_has_turned_the_game() {
    let mut desk = Desk::live("nba", 0);
    desk.rules.threshold = 0.3;
    desk.game.period = 4;
    desk.game.clock = left(400);
    desk.score(80, 80);
    let mut told = Vec::new();
    for home in [82, 84, 86, 88, 90, 92, 94, 96] {
        told.extend(desk.score(home, 80).into_iter().filter(|story| story.verdict == Verdict::Told));
    }
    assert_eq!(told.len(), 1, "{:?}", short(&told));
}
