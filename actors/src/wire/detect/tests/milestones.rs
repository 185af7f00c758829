//! Round figures of players.

use proptest::prelude::*;

use super::*;
use crate::wire::milestone::{Leader, Stat};
use crate::wire::moment::MomentKind;

fn leader(player: &str, stats: &[(Stat, u32)]) -> Leader {
    Leader {
        id: Some(format!("id-{player}")),
        player: player.to_owned(),
        side: Which::Home,
        stats: stats.iter().copied().collect(),
    }
}

fn points(points: u32) -> Vec<Leader> {
    vec![leader("A. Guard", &[(Stat::Points, points)])]
}

/// A game of the NBA at 60-55 in its third quarter.
fn desk(confirmations: u8) -> Desk {
    let mut desk = Desk::live("nba", confirmations);
    desk.game.period = 3;
    desk.score(60, 55);
    desk.times(3);
    desk
}

/// What is told of milestones: who, in what, the round figure, his figure.
fn told(stories: &[Story]) -> Vec<(String, Stat, u32, u32)> {
    let milestones = stories.iter().filter_map(|story| story.facts.milestone());
    milestones
        .map(|one| (one.player.clone(), one.stat, one.reached, *one.stats.values().min().unwrap()))
        .collect()
}

fn of_points(reached: u32, figure: u32) -> Vec<(String, Stat, u32, u32)> {
    vec![("A. Guard".to_owned(), Stat::Points, reached, figure)]
}

#[test]
fn a_round_figure_is_told_once_it_is_confirmed_with_the_figure_of_the_board() {
    let mut desk = desk(1);
    assert!(desk.board(|game| game.leaders = points(38)).is_empty());
    assert!(desk.board(|game| game.leaders = points(41)).is_empty());
    let stories = desk.again();
    assert_eq!(told(&stories), of_points(40, 41));
    assert_eq!((stories[0].kind, &stories[0].verdict), (MomentKind::Milestone, &Verdict::Told));
    assert!(desk.board(|game| game.leaders = points(44)).is_empty());
    assert!(desk.times(3).is_empty());
}

#[test]
fn a_figure_that_goes_back_and_comes_again_is_told_once() {
    let mut desk = desk(1);
    desk.board(|game| game.leaders = points(40));
    assert!(desk.board(|game| game.leaders = points(39)).is_empty(), "it did not last");
    desk.board(|game| game.leaders = points(42));
    assert_eq!(
        told(&desk.board(|game| game.leaders = points(40))),
        of_points(40, 40),
        "what both boards cover"
    );
    for figure in [38, 41, 39, 45] {
        assert!(desk.board(|game| game.leaders = points(figure)).is_empty());
        assert!(desk.times(2).is_empty());
    }
}

#[test]
fn of_two_figures_reached_at_once_the_higher_is_told_and_the_next_later() {
    let mut desk = desk(0);
    assert_eq!(told(&desk.board(|game| game.leaders = points(52))), of_points(50, 52));
    assert!(desk.board(|game| game.leaders = points(45)).is_empty());
    assert_eq!(told(&desk.board(|game| game.leaders = points(60))), of_points(60, 60));
}

#[test]
fn figures_that_the_game_cannot_have_brought_yet_are_the_seasons() {
    let mut desk = desk(0);
    assert!(desk.board(|game| game.leaders = points(61)).is_empty(), "the side has 60");
    let mut desk = Desk::live("nfl", 0);
    let passer = |yards| vec![leader("A. Passer", &[(Stat::PassingYards, yards)])];
    assert!(desk.board(|game| game.leaders = passer(3130)).is_empty());
    assert!(desk.board(|game| game.leaders = passer(301)).is_empty(), "in a first quarter");
    desk.game.period = 3;
    assert_eq!(told(&desk.times(3)), [("A. Passer".to_owned(), Stat::PassingYards, 300, 301)]);
}

#[test]
fn a_triple_double_is_told_with_its_three_figures() {
    let mut desk = desk(1);
    let with = |assists| {
        vec![leader("A. Guard", &[(Stat::Points, 22), (Stat::Rebounds, 11), (Stat::Assists, assists)])]
    };
    desk.board(|game| game.leaders = with(9));
    desk.board(|game| game.leaders = with(10));
    let stories = desk.again();
    assert_eq!(told(&stories), [("A. Guard".to_owned(), Stat::TripleDouble, 10, 10)]);
    assert_eq!(stories[0].facts.milestone().unwrap().stats.len(), 3);
}

#[test]
fn three_goals_that_the_board_names_are_a_hat_trick_where_it_names_them_all() {
    let mut desk = Desk::live("eng.1", 1);
    let named = |n: usize| -> Vec<Play> {
        let one = |n: usize| goal(&n.to_string(), Which::Away);
        (0..n).map(one).collect()
    };
    desk.board(|game| {
        set_score(game, 0, 2);
        game.plays = named(2);
    });
    desk.board(|game| set_score(game, 0, 3));
    assert!(told(&desk.times(3)).is_empty(), "one of three is not named");
    desk.board(|game| game.plays = named(3));
    let stories = desk.again();
    assert_eq!(told(&stories), [("A. Player".to_owned(), Stat::Goals, 3, 3)]);
    assert_eq!(stories[0].facts.milestone().unwrap().side, Which::Away);
}

#[test]
fn what_a_first_board_shows_is_no_news_nor_what_another_feed_shows() {
    let mut desk = Desk::unseen("nba", 0);
    desk.game.phase = Phase::Live;
    desk.game.period = 4;
    set_score(&mut desk.game, 90, 80);
    desk.game.leaders = points(44);
    assert!(desk.times(3).is_empty());
    desk.feed = "other";
    desk.game.leaders = vec![Leader { id: None, ..leader("Anton Guard", &[(Stat::Points, 44)]) }];
    assert!(desk.times(3).is_empty());
    assert_eq!(
        told(&desk.board(|game| {
            game.leaders = vec![Leader { id: None, ..leader("Anton Guard", &[(Stat::Points, 50)]) }];
        }))
        .len(),
        1
    );
}

#[test]
fn an_operator_may_want_other_figures_or_none() {
    let mut desk = desk(0);
    desk.rules.milestones.0.insert(Stat::Points, vec![30]);
    assert_eq!(told(&desk.board(|game| game.leaders = points(33))), of_points(30, 33));
    desk.rules.milestones.0.insert(Stat::Points, Vec::new());
    assert!(desk.board(|game| game.leaders = points(60)).is_empty());
}

#[test]
fn a_name_that_is_none_is_not_told() {
    let mut desk = desk(0);
    desk.game.leaders = vec![leader("visit http://spam.example", &[(Stat::Points, 55)])];
    assert!(desk.times(2).is_empty());
}

proptest! {
    #[test]
    fn whatever_the_boards_show_each_figure_is_told_at_most_once_and_never_before_a_lower_one(
        shown in prop::collection::vec(30u32..75, 1..60),
    ) {
        let mut desk = desk(1);
        desk.score(90, 70);
        desk.times(3);
        let mut reached = Vec::new();
        for figure in shown {
            reached.extend(told(&desk.board(|game| game.leaders = points(figure))).into_iter().map(|t| t.2));
        }
        prop_assert!(reached.windows(2).all(|pair| pair[0] < pair[1]), "{reached:?}");
    }
}
