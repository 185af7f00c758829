use super::*;
use crate::wire::game::Half;
use crate::wire::moment::MomentKind;
use crate::wire::story::Untold;

fn quarter(game: &mut Game, period: u8, seconds: u32) {
    game.period = period;
    game.clock = left(seconds);
}

fn in_the_fourth(seconds: u32, home: u32, away: u32) -> Desk {
    let mut desk = Desk::live("nba", 1);
    quarter(&mut desk.game, 4, seconds);
    desk.score(home, away);
    desk.times(4);
    desk
}

#[test]
fn a_break_ends_the_period_with_the_score_on_its_board() {
    let mut desk = Desk::live("nba", 1);
    quarter(&mut desk.game, 1, 0);
    desk.game.phase = Phase::Break;
    desk.score(30, 28);
    let stories = desk.again();
    assert_eq!(short(&stories), ["lead_change 30-28", "period_end* 30-28"]);
    assert_eq!(stories[1].facts.period, 1);
    desk.game.phase = Phase::Live;
    quarter(&mut desk.game, 2, 700);
    assert!(desk.times(5).is_empty(), "the next period does not end it again");
}

#[test]
fn a_score_that_was_never_there_on_the_first_board_of_a_period_does_not_keep_it_from_turning() {
    let mut desk = Desk::live("nba", 1);
    desk.score(30, 28);
    desk.again();
    quarter(&mut desk.game, 2, 715);
    desk.score(90, 28);
    desk.score(30, 28);
    assert!(desk.times(3).is_empty());
    assert_eq!(desk.state.games.values().map(|game| game.period).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_period_that_turned_unseen_ends_with_a_score_only_where_that_is_sure() {
    let mut still = Desk::live("nba", 1);
    still.score(30, 28);
    still.again();
    quarter(&mut still.game, 2, 715);
    assert_eq!(short(&still.times(3)), ["period_end 30-28"]);

    let mut moved = Desk::live("nba", 1);
    moved.score(30, 28);
    moved.again();
    quarter(&mut moved.game, 2, 690);
    moved.score(32, 30);
    assert_eq!(short(&moved.times(3)), ["score 32-30"], "nobody knows where it stood");

    let mut lines = Desk::live("nba", 1);
    lines.score(30, 28);
    lines.again();
    quarter(&mut lines.game, 2, 690);
    lines.game.home.periods = vec![30, 2];
    lines.game.away.periods = vec![29, 1];
    lines.score(32, 30);
    let stories = lines.times(3);
    assert_eq!(short(&stories), ["score 32-30", "period_end* 30-29"]);
    assert_eq!((stories[1].facts.period, stories[1].facts.phase), (1, Phase::Break));
}

#[test]
fn the_middle_of_an_inning_is_no_end() {
    let mut desk = Desk::live("mlb", 1);
    desk.game.clock = Some(Clock::Inning { half: Half::Middle, outs: None });
    desk.phase(Phase::Break);
    assert!(desk.times(3).is_empty());
    desk.game.clock = None;
    desk.phase(Phase::Live);
    desk.again();
    desk.phase(Phase::Break);
    assert!(desk.times(3).is_empty(), "which break it is, is not said");
    desk.phase(Phase::Live);
    desk.again();
    desk.game.clock = Some(Clock::Inning { half: Half::End, outs: None });
    desk.phase(Phase::Break);
    assert_eq!(short(&desk.times(3)), ["period_end 0-0"]);
}

#[test]
fn regulation_ends_as_the_overtime_and_every_overtime_is_told() {
    let mut desk = in_the_fourth(400, 100, 100);
    quarter(&mut desk.game, 4, 0);
    desk.phase(Phase::Break);
    assert!(desk.times(3).is_empty());
    quarter(&mut desk.game, 5, 300);
    desk.phase(Phase::Live);
    assert_eq!(short(&desk.times(1)), ["overtime 100-100"]);
    desk.times(2);
    quarter(&mut desk.game, 6, 300);
    let stories = desk.times(2);
    assert_eq!(short(&stories), ["overtime 100-100"]);
    assert_eq!(stories[0].facts.period, 6);
}

#[test]
fn baseball_goes_into_extra_innings_once() {
    let mut desk = Desk::live("mlb", 1);
    desk.game.period = 9;
    desk.times(3);
    desk.game.period = 10;
    let overtime = desk.times(2);
    assert!(short(&overtime).contains(&"overtime 0-0".to_owned()), "{:?}", short(&overtime));
    desk.game.period = 11;
    assert!(desk.times(3).is_empty());
}

#[test]
fn a_period_that_goes_back_is_not_believed_until_it_lasts() {
    let mut desk = in_the_fourth(600, 90, 80);
    quarter(&mut desk.game, 3, 20);
    assert!(desk.times(2).is_empty());
    quarter(&mut desk.game, 4, 560);
    assert!(desk.times(3).is_empty());
    quarter(&mut desk.game, 3, 20);
    let stories = desk.score(92, 80);
    assert!(stories.is_empty());
    let stories = desk.again();
    assert_eq!((stories[0].facts.period, stories[0].facts.clock), (4, None));
}

#[test]
fn close_and_late_is_told_once() {
    let mut desk = in_the_fourth(301, 100, 96);
    quarter(&mut desk.game, 4, 290);
    assert!(desk.again().is_empty());
    assert_eq!(short(&desk.again()), ["close_late 100-96"]);
    desk.score(106, 96);
    desk.again();
    assert_eq!(
        short(&{
            desk.score(106, 103);
            desk.again()
        }),
        ["score 106-103"]
    );
    assert!(desk.times(3).is_empty());
}

#[test]
fn close_and_late_is_not_told_of_a_board_that_does_not_last() {
    let mut desk = in_the_fourth(400, 100, 96);
    quarter(&mut desk.game, 4, 30);
    assert!(desk.again().is_empty());
    quarter(&mut desk.game, 4, 380);
    assert!(desk.times(3).is_empty());
}

#[test]
fn close_and_late_is_told_as_the_score_that_made_it_so() {
    let mut desk = in_the_fourth(200, 100, 90);
    desk.score(100, 95);
    let stories = desk.again();
    assert_eq!(short(&stories), ["score 100-95", "close_late* 100-95"]);
    let reason = Untold::ToldOtherwise { by: MomentKind::Score };
    assert_eq!(stories[1].verdict, Verdict::Untold { reason });
}

#[test]
fn every_sport_has_its_own_close_and_late() {
    let minute = |minute| Some(Clock::Minute { minute, added: 0 });
    let top = Some(Clock::Inning { half: Half::Top, outs: Some(0) });
    let cases = [
        ("nfl", 4, left(299), (20, 12), true),
        ("nfl", 4, left(299), (21, 12), false),
        ("nfl", 3, left(299), (20, 12), false),
        ("nhl", 3, left(299), (2, 1), true),
        ("nhl", 3, left(299), (3, 1), false),
        ("eng.1", 2, minute(85), (1, 0), true),
        ("eng.1", 2, minute(84), (1, 0), false),
        ("mlb", 9, top, (4, 3), true),
        ("mlb", 8, top, (4, 3), false),
        ("ncaam", 2, left(299), (60, 55), true),
        ("nba", 2, left(299), (60, 55), false),
    ];
    for (sport, period, clock, (home, away), wanted) in cases {
        let mut desk = Desk::live(sport, 0);
        desk.game.period = period;
        desk.game.clock = clock;
        let stories = desk.score(home, away);
        let close = stories.iter().any(|story| story.kind == MomentKind::CloseLate);
        assert_eq!(close, wanted, "{sport} {period} {clock:?} {home}-{away}: {:?}", short(&stories));
    }
}
