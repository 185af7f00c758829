//! A final and the word of a second feed.

use std::time::Duration;

use super::*;
use crate::wire::moment::MomentKind;

/// A desk that checks finals with another feed, a game at 3-2 in its last period, and that feed's board.
fn checked() -> (Desk, Game) {
    let mut desk = Desk::live("nhl", 1);
    desk.rules.cross_check = Some(Duration::from_secs(60));
    desk.game.period = 3;
    desk.score(3, 2);
    desk.again();
    desk.again();
    let mut other = desk.game.clone();
    other.feed_id = FeedGameId("2024020001".to_owned());
    (other.home.team.id, other.away.team.id) = ("6".to_owned(), "99".to_owned());
    other.phase = Phase::Final;
    (desk, other)
}

fn hear(desk: &mut Desk, other: &Game) {
    let snapshot = Snapshot {
        sport: desk.sport.key.clone(),
        feed: "nhl".to_owned(),
        seen_at: desk.now,
        games: vec![other.clone()],
    };
    let (sport, rules) = (desk.sport.clone(), desk.rules.clone());
    desk.state.hear(&snapshot, &sport, &rules);
}

fn tells_a_final(stories: &[Story]) -> bool {
    stories.iter().any(|story| story.kind == MomentKind::Final && story.verdict == Verdict::Told)
}

#[test]
fn a_final_on_which_two_feeds_agree_is_told_at_once() {
    let (mut desk, other) = checked();
    desk.rules.confirmations = 5;
    assert!(!tells_a_final(&desk.phase(Phase::Final)));
    assert!(desk.state.awaits_word());
    hear(&mut desk, &other);
    assert!(tells_a_final(&desk.again()));
    assert!(!desk.state.awaits_word());
}

#[test]
fn a_final_that_another_feed_contradicts_is_held_until_they_agree() {
    for change in [
        (|other| set_score(other, 3, 3)) as fn(&mut Game),
        |other| other.phase = Phase::Suspended,
        |other| {
            other.phase = Phase::Live;
            set_score(other, 2, 2);
        },
    ] {
        let (mut desk, other) = checked();
        let mut wrong = other.clone();
        change(&mut wrong);
        desk.phase(Phase::Final);
        for _ in 0..20 {
            hear(&mut desk, &wrong);
            assert!(!tells_a_final(&desk.again()));
            assert_eq!(desk.state.held().count(), 1);
        }
        hear(&mut desk, &other);
        assert!(tells_a_final(&desk.again()));
        assert_eq!(desk.state.held().count(), 0);
    }
}

#[test]
fn a_feed_that_says_nothing_to_a_final_holds_it_for_the_limit_and_no_longer() {
    let unsaid = |_: &mut Desk, _: &Game| {};
    let not_yet = |desk: &mut Desk, other: &Game| hear(desk, &Game { phase: Phase::Live, ..other.clone() });
    for say in [unsaid as fn(&mut Desk, &Game), not_yet] {
        let (mut desk, other) = checked();
        desk.phase(Phase::Final);
        say(&mut desk, &other);
        // Twenty seconds a board.
        assert!(!tells_a_final(&desk.again()));
        say(&mut desk, &other);
        assert!(!tells_a_final(&desk.again()));
        assert!(tells_a_final(&desk.again()));
    }
}

#[test]
fn what_was_said_before_the_final_was_seen_does_not_contradict_it() {
    let (mut desk, other) = checked();
    hear(&mut desk, &Game { phase: Phase::Suspended, ..other });
    desk.wait(1);
    desk.phase(Phase::Final);
    assert_eq!(desk.state.held().count(), 0);
}

#[test]
fn a_held_final_is_told_when_the_operator_turns_the_check_off() {
    let (mut desk, mut other) = checked();
    set_score(&mut other, 3, 3);
    desk.phase(Phase::Final);
    hear(&mut desk, &other);
    assert!(!tells_a_final(&desk.again()));
    desk.rules.cross_check = None;
    assert!(tells_a_final(&desk.again()));
}

#[test]
fn a_final_that_is_contradicted_for_too_long_is_over_and_stays_untold() {
    let (mut desk, mut other) = checked();
    set_score(&mut other, 3, 3);
    desk.phase(Phase::Final);
    let mut stories = Vec::new();
    for _ in 0..200 {
        hear(&mut desk, &other);
        stories.extend(desk.again());
    }
    let finals: Vec<&Story> = stories.iter().filter(|story| story.kind == MomentKind::Final).collect();
    let [untold] = finals.as_slice() else { panic!("{} finals", finals.len()) };
    assert!(matches!(untold.verdict, Verdict::Untold { .. }), "{:?}", untold.verdict);
}

#[test]
fn one_feed_alone_is_not_waited_for() {
    let (mut desk, _) = checked();
    desk.rules.cross_check = None;
    desk.phase(Phase::Final);
    assert!(tells_a_final(&desk.again()));
}

#[test]
fn what_is_heard_is_no_sight_of_a_game() {
    let (mut desk, other) = checked();
    let before = desk.state.games.values().next().unwrap().last.clone();
    let mut stranger = game("7", "NYK", "PHI");
    stranger.phase = Phase::Live;
    hear(&mut desk, &other);
    hear(&mut desk, &stranger);
    assert_eq!(desk.state.games.len(), 1);
    assert_eq!(desk.state.games.values().next().unwrap().last, before);
}
