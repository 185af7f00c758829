//! Players sent off and penalties missed.

use proptest::prelude::*;

use super::*;
use crate::wire::moment::MomentKind;

fn at(minute: u16) -> Option<Clock> {
    Some(Clock::Minute { minute, added: 0 })
}

fn incident(kind: PlayKind, side: Which, player: Option<&str>, minute: u16) -> Play {
    Play { id: None, side: Some(side), points: 0, kind, player: player.map(str::to_owned), clock: at(minute) }
}

fn red(side: Which, player: &str, minute: u16) -> Play {
    incident(PlayKind::RedCard, side, Some(player), minute)
}

/// A match in its 50th minute.
fn desk(confirmations: u8) -> Desk {
    let mut desk = Desk::live("eng.1", confirmations);
    desk.game.period = 2;
    desk.game.clock = at(50);
    desk.times(3);
    desk
}

/// What is told of incidents: kind, side, player.
fn told(stories: &[Story]) -> Vec<(MomentKind, Which, String)> {
    let of_note = stories.iter().filter(|story| story.facts.incident().is_some());
    of_note
        .map(|story| {
            let play = story.facts.incident().unwrap();
            (story.kind, play.side.unwrap(), play.player.clone().unwrap_or_default())
        })
        .collect()
}

fn one_red(side: Which, player: &str) -> Vec<(MomentKind, Which, String)> {
    vec![(MomentKind::RedCard, side, player.to_owned())]
}

#[test]
fn a_red_card_is_told_once_it_is_confirmed_with_player_side_and_minute() {
    let mut desk = desk(1);
    assert!(desk.board(|game| game.plays.push(red(Which::Away, "A. Back", 49))).is_empty());
    let stories = desk.again();
    assert_eq!(told(&stories), one_red(Which::Away, "A. Back"));
    assert_eq!(stories[0].facts.play.as_ref().unwrap().clock, at(49));
    assert!(desk.times(5).is_empty());
}

#[test]
fn two_red_cards_on_one_board_are_two_moments_and_both_are_told() {
    let mut desk = desk(0);
    let stories = desk.board(|game| {
        game.plays = vec![red(Which::Away, "A. Back", 49), red(Which::Home, "B. Wing", 49)];
    });
    assert_eq!(told(&stories).len(), 2);
    assert!(stories.iter().all(|story| story.verdict == Verdict::Told));
    assert_ne!(stories[0].id, stories[1].id);
}

#[test]
fn two_of_one_side_sent_off_in_one_minute_are_two() {
    let mut desk = desk(1);
    desk.board(|game| game.plays = vec![red(Which::Away, "A. Back", 49), red(Which::Away, "B. Wing", 49)]);
    assert_eq!(told(&desk.again()).len(), 2);
}

#[test]
fn a_card_that_is_rescinded_and_shown_again_is_no_second_card() {
    let mut desk = desk(1);
    desk.board(|game| game.plays.push(red(Which::Away, "A. Back", 49)));
    assert_eq!(told(&desk.again()).len(), 1);
    desk.board(|game| game.plays.clear());
    desk.times(3);
    desk.board(|game| game.plays.push(red(Which::Away, "A. Back", 53)));
    assert!(desk.times(4).is_empty());
}

#[test]
fn a_card_that_is_gone_from_the_next_board_is_never_told() {
    let mut desk = desk(1);
    desk.board(|game| game.plays.push(red(Which::Away, "A. Back", 49)));
    assert!(desk.board(|game| game.plays.clear()).is_empty());
    assert!(desk.times(3).is_empty());
}

#[test]
fn a_card_whose_name_or_minute_is_put_right_stays_one_card() {
    let mut desk = desk(1);
    desk.board(|game| game.plays.push(incident(PlayKind::RedCard, Which::Away, None, 48)));
    let named = desk.board(|game| game.plays[0] = red(Which::Away, "A. Back", 49));
    assert_eq!(told(&named), one_red(Which::Away, "A. Back"));
    assert!(desk.board(|game| game.plays[0] = red(Which::Away, "C. Keeper", 49)).is_empty());
    assert!(desk.times(3).is_empty());
}

#[test]
fn what_a_first_board_shows_is_no_news_and_what_follows_is() {
    let mut desk = Desk::unseen("eng.1", 1);
    desk.game.phase = Phase::Live;
    desk.game.period = 2;
    desk.game.clock = at(60);
    set_score(&mut desk.game, 1, 0);
    desk.game.plays = vec![red(Which::Away, "A. Back", 49)];
    assert!(desk.times(4).is_empty());
    desk.board(|game| game.plays.push(red(Which::Home, "B. Wing", 61)));
    assert_eq!(told(&desk.again()), one_red(Which::Home, "B. Wing"));
}

#[test]
fn another_feed_that_takes_over_brings_no_news_of_old_cards() {
    let mut desk = desk(1);
    desk.board(|game| game.plays.push(red(Which::Away, "A. Back", 49)));
    desk.again();
    desk.feed = "other";
    desk.game.plays = vec![red(Which::Away, "Anton Back", 45)];
    assert!(desk.times(4).is_empty());
}

#[test]
fn a_ledger_that_knows_of_no_incidents_makes_no_news_of_old_cards() {
    let mut desk = desk(1);
    desk.board(|game| game.plays.push(red(Which::Away, "A. Back", 49)));
    let mut kept = serde_json::to_value(&desk.state).unwrap();
    for game in kept["games"].as_object_mut().unwrap().values_mut() {
        game.as_object_mut().unwrap().remove("incidents");
    }
    desk.state = serde_json::from_value(kept).unwrap();
    assert!(desk.times(4).is_empty());
}

#[test]
fn a_card_that_comes_with_the_final_is_told_and_one_after_it_is_not() {
    let mut desk = desk(1);
    desk.board(|game| {
        game.phase = Phase::Final;
        game.plays.push(red(Which::Away, "A. Back", 90));
    });
    assert_eq!(told(&desk.again()), one_red(Which::Away, "A. Back"));
    desk.board(|game| game.plays.push(red(Which::Home, "B. Wing", 90)));
    assert!(desk.times(3).is_empty());
}

#[test]
fn a_missed_penalty_is_told_in_play_and_not_in_a_shootout() {
    let miss = |minute| incident(PlayKind::SavedPenalty, Which::Home, Some("A. Wing"), minute);
    let mut desk = desk(1);
    desk.board(|game| game.plays.push(miss(49)));
    assert_eq!(told(&desk.again()), [(MomentKind::MissedPenalty, Which::Home, "A. Wing".to_owned())]);
    desk.board(|game| game.plays.push(miss(70)));
    assert_eq!(told(&desk.again()).len(), 1, "a second one, twenty minutes later");
    desk.game.phase = Phase::Shootout;
    desk.game.plays.push(miss(120));
    assert!(told(&desk.times(4)).is_empty());
}

#[test]
fn an_incident_on_a_board_behind_the_confirmed_score_waits() {
    let mut desk = desk(1);
    desk.score(1, 0);
    desk.again();
    desk.board(|game| {
        set_score(game, 0, 0);
        game.plays.push(red(Which::Away, "A. Back", 49));
    });
    assert!(desk.times(1).is_empty());
    desk.score(1, 0);
    assert_eq!(told(&desk.again()).len(), 1);
}

proptest! {
    #[test]
    fn whatever_the_boards_show_each_card_is_told_at_most_once(
        shown in prop::collection::vec(prop::collection::vec(any::<bool>(), 3), 1..40),
    ) {
        let cards =
            [red(Which::Away, "A. Back", 49), red(Which::Away, "B. Wing", 70), red(Which::Home, "C. Half", 49)];
        let mut desk = desk(1);
        let mut stories = Vec::new();
        for board in shown {
            let plays = cards.iter().zip(board).filter(|(_, shown)| *shown).map(|(card, _)| card.clone());
            desk.game.plays = plays.collect();
            stories.extend(desk.again());
        }
        let mut names: Vec<String> = told(&stories).into_iter().map(|(.., name)| name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), all);
    }
}
