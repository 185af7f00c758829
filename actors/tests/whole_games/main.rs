//! Complete recorded games, folded to boards and taken in poll by poll: what the defaults tell of them.
//!
//! Reads the folder named by `WIREREPORT_CORPUS`; where it is absent each test says that it was skipped.
//! `cargo test -p wirereport-actors --test whole_games -- --nocapture` prints what is told.

#![expect(clippy::unwrap_used, reason = "a recorded game that cannot be read fails its test")]

mod fold;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use fold::{Tick, polls};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::Score;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step;
use wirereport_actors::wire::story::{Story, Verdict};

const POLL_SECONDS: u32 = 20;

fn play(sport: &str, ticks: &[Tick], rules: &Rules) -> Vec<Story> {
    let sport = Sport::of(sport).unwrap();
    let mut state = SportState::default();
    let mut stories = Vec::new();
    for snapshot in polls(&sport, ticks, POLL_SECONDS) {
        stories.extend(step(&mut state, &snapshot, &sport, rules).stories);
    }
    stories
}

fn usual(sport: &str) -> Rules {
    Rules::usual(&Sport::of(sport).unwrap())
}

fn told(stories: &[Story]) -> Vec<&Story> {
    stories.iter().filter(|story| story.verdict == Verdict::Told).collect()
}

fn show(name: &str, stories: &[Story]) {
    println!("{name}, home first: {} told of {}", told(stories).len(), stories.len());
    for story in told(stories) {
        let facts = &story.facts;
        let parts = story.significance.parts.iter().map(|p| format!("{} {:.2}", p.name, p.contribution));
        println!(
            "  {:12} period {} {:3}-{:<3} {:.2} = {}",
            story.kind.as_str(),
            facts.period,
            facts.score.home,
            facts.score.away,
            story.significance.total,
            parts.collect::<Vec<_>>().join(" + "),
        );
    }
}

/// What must hold of any game: its final is told once with its score, every score was on the board, nothing came twice.
fn check(stories: &[Story], ticks: &[Tick], posts: RangeInclusive<usize>) {
    let finals: Vec<&Story> = stories.iter().filter(|story| story.kind == MomentKind::Final).collect();
    let [end] = finals[..] else { panic!("{} finals", finals.len()) };
    assert_eq!((end.facts.score, &end.verdict), (ticks[ticks.len() - 1].score, &Verdict::Told));
    let mut ids = BTreeSet::new();
    for story in stories {
        assert!(ticks.iter().any(|tick| tick.score == story.facts.score), "{story:?}");
        assert!(ids.insert((story.id.clone(), story.revision)), "{} came twice", story.id);
    }
    assert!(posts.contains(&told(stories).len()), "{} told, {posts:?} wanted", told(stories).len());
}

#[test]
fn a_game_won_six_seconds_before_the_end_is_told_in_a_dozen_posts() {
    let Some(ticks) = fold::nba("nba/stats_playbyplayv3_0022400001_ATL_BOS_117-116.json") else { return };
    let stories = play("nba", &ticks, &usual("nba"));
    show("ATL at BOS", &stories);
    check(&stories, &ticks, 5..=14);
    let winner = stories
        .iter()
        .find(|story| {
            story.kind == MomentKind::LeadChange && story.facts.score == Score { home: 116, away: 117 }
        })
        .unwrap();
    assert!(winner.significance.total > 0.9, "{:?}", winner.significance);
}

#[test]
fn a_decided_game_with_a_score_that_went_back_is_told_in_few_posts() {
    let Some(ticks) = fold::espn("espn/sdvjs/nba_summary_401585607_TOR_ORL_20240317.json") else { return };
    let stories = play("nba", &ticks, &usual("nba"));
    show("TOR at ORL", &stories);
    check(&stories, &ticks, 2..=12);
}

#[test]
fn a_football_comeback_is_told_in_six_to_twelve_posts() {
    let Some(ticks) = fold::espn("espn/weldy/nfl_summary_401547417_GB_ATL_20230917.json") else { return };
    let stories = play("nfl", &ticks, &usual("nfl"));
    show("GB at ATL", &stories);
    check(&stories, &ticks, 6..=12);
}

#[test]
fn a_hockey_game_is_told_goal_by_goal() {
    let Some(ticks) = fold::espn("espn/weldy/nhl_summary_NYR_FLA_20240601.json") else { return };
    let stories = play("nhl", &ticks, &usual("nhl"));
    show("NYR at FLA", &stories);
    check(&stories, &ticks, 4..=10);
}

#[test]
fn a_baseball_game_is_told_in_a_handful_of_posts() {
    let Some(ticks) = fold::mlb("mlb/feed_live_777687_CIN_CHC_20250601.json") else { return };
    let stories = play("mlb", &ticks, &usual("mlb"));
    show("CIN at CHC", &stories);
    check(&stories, &ticks, 3..=10);
}

#[test]
fn a_soccer_match_is_told_goal_by_goal() {
    let Some(ticks) = fold::statsbomb("statsbomb/events_15986_Barcelona_Girona_2-2.json") else { return };
    let stories = play("esp.1", &ticks, &usual("esp.1"));
    show("Barcelona against Girona", &stories);
    check(&stories, &ticks, 5..=8);
}

#[test]
fn telling_every_change_at_once_takes_no_more_than_a_threshold_of_zero() {
    let Some(ticks) = fold::nba("nba/stats_playbyplayv3_0022400001_ATL_BOS_117-116.json") else { return };
    let rules = Rules { threshold: 0.0, confirmations: 0, ..Rules::default() };
    let stories = play("nba", &ticks, &rules);
    check(&stories, &ticks, 90..=128);
}
