use super::*;
use crate::wire::facts::Facts;
use crate::wire::fit::{LengthUnit, Limits};
use crate::wire::game::{Clock, Half, Phase, Score, Which};
use crate::wire::moment::MomentKind;
use crate::wire::samples::{self, plain};
use crate::wire::sport::Discipline;

mod athletes;
mod closing;
mod course;
mod foreign;
mod form;
mod players;
mod turns;

const LIMITS: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };

fn code(text: &str, facts: &Facts) -> &'static str {
    check(text, facts, LIMITS).map_or_else(|rejection| rejection.code(), |_| "passed")
}

fn assert_all(facts: &Facts, expected: &[(&str, &str)]) {
    let wrong: Vec<String> = expected
        .iter()
        .filter(|(text, expected)| code(text, facts) != *expected)
        .map(|(text, expected)| format!("{text:?}: {:?}, not {expected}", check(text, facts, LIMITS)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Celtics 117, Hawks 116 with 6.1 seconds left in the fourth quarter; before it was 116-114 for the Hawks.
fn basketball() -> Facts {
    plain(Discipline::Basketball, MomentKind::LeadChange)
}

#[test]
fn what_the_facts_hold_passes() {
    let texts = [
        "The Celtics lead the Hawks 117-116 with 6.1 seconds left in the fourth quarter.",
        "The Celtics lead the Hawks 117–116.",
        "Boston leads Atlanta 117-116.",
        "The Hawks trail the Celtics 117-116.",
        "The Hawks are behind the Celtics 117-116.",
        "The Celtics are up 117-116 on the Hawks.",
        "The Celtics are 117-116 ahead of the Hawks.",
        "The Boston Celtics have taken the lead from the Atlanta Hawks, 117-116.",
        "The Celtics lead the Hawks 117-116, after trailing 116-114.",
        "The Celtics' lead over the Hawks: Celtics 117, Hawks 116.",
        "The Celtics scored three points and lead the Hawks by one.",
        "It is 117-116 to the Celtics against the Hawks.",
        "BOS 117, ATL 116 with 6.1 seconds left",
        "#NBA: Celtics 117, Hawks 116",
        "🏀 Celtics 117, Hawks 116",
    ];
    let expected = texts.map(|text| (text, "passed"));
    assert_all(&basketball(), &expected);
}

#[test]
fn a_number_that_the_facts_do_not_hold_is_refused() {
    assert_all(
        &basketball(),
        &[
            ("The Celtics lead the Hawks 118-116.", "score"),
            ("The Celtics lead the Hawks 116-114.", "score"),
            ("The Celtics lead the Hawks 117-116 with 6.2 seconds left.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 with 61 seconds left.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 with 6:10 left.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 in the third quarter.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 in the fourth period.", "unknown_number"),
            ("The Celtics lead the Hawks by two.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 in game seven.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 before 19,156.", "unknown_number"),
            ("The Celtics lead the Hawks 117-116 after a dozen ties.", "unknown_number"),
            ("The Celtics scored four points against the Hawks.", "unknown_number"),
            ("Celtics 117, Hawks 115", "unknown_number"),
            ("Celtics 116, Hawks 117", "unknown_number"),
            ("Celtics 117, Hawks 116²", "unknown_number"),
            ("Celtics 117, Hawks 116 ½", "unknown_number"),
            ("Celtics ١١٧, Hawks 116", "unknown_number"),
            ("Celtics 0117, Hawks 116", "unknown_number"),
            ("Celtics 99999999999, Hawks 116", "unknown_number"),
            ("There were nine lead changes between the Celtics and the Hawks.", "unknown_number"),
        ],
    );
}

#[test]
fn a_score_given_to_the_wrong_team_or_to_none_is_refused() {
    assert_all(
        &basketball(),
        &[
            ("The Hawks lead the Celtics 117-116.", "score"),
            ("The Celtics lead the Hawks 116-117.", "score"),
            ("The Celtics trail the Hawks 117-116.", "score"),
            ("The Celtics lead the Hawks 117-116, after leading 116-114.", "score"),
            ("The Celtics lead the Hawks, after the Hawks trailed 116-114.", "score"),
            ("It is 117-116 to the Hawks against the Celtics.", "score"),
            ("Celtics and Hawks: 117-116.", "score"),
            ("Hawks 117-116 Celtics", "score"),
            ("The Celtics vanquished the Hawks 117-116.", "score"),
            ("The Celtics and the Hawks lead 117-116.", "score"),
            ("The Celtics lead the Celtics, Hawks 116.", "relation"),
            ("Hawks at Celtics: the Celtics are led by the Hawks.", "relation"),
            ("Celtics at Hawks is under way.", "relation"),
        ],
    );
}

#[test]
fn a_sentence_that_only_looks_true_is_refused() {
    assert_all(
        &basketball(),
        &[
            ("Behind the Hawks are the Celtics.", "relation"),
            ("Leading the Celtics are the Hawks.", "relation"),
            ("The Hawks: ahead in Boston.", "relation"),
            ("The Hawks are on top of the Celtics.", "relation"),
            ("Hawks top Celtics", "relation"),
            ("Hawks down Celtics", "relation"),
            ("The Hawks are up on the Celtics.", "relation"),
            ("The Hawks took the game from the Celtics.", "relation"),
            ("The Hawks held the Celtics.", "relation"),
            ("The Celtics have no lead over the Hawks.", "relation"),
            ("The Celtics no longer lead the Hawks.", "forbidden"),
            ("The Celtics gave victory to the Hawks.", "relation"),
            ("The Celtics gave the lead to the Hawks.", "relation"),
            ("The Celtics gave the Hawks the lead.", "relation"),
            ("The Celtics lost the lead to the Hawks.", "relation"),
            ("The Hawks score against the Celtics.", "relation"),
            ("Points for the Hawks against the Celtics.", "relation"),
            ("It is over: Celtics 117, Hawks 116", "relation"),
            ("At the half: Celtics 117, Hawks 116", "relation"),
            ("At the break: Celtics 117, Hawks 116", "relation"),
            ("The Celtics were beaten by the Hawks.", "relation"),
            ("The Celtics are ahead, or the Hawks are ahead.", "relation"),
        ],
    );
}

#[test]
fn a_relation_that_does_not_hold_is_refused() {
    assert_all(
        &basketball(),
        &[
            ("The Hawks lead the Celtics.", "relation"),
            ("The Celtics beat the Hawks.", "relation"),
            ("The Celtics beat the Hawks 117-116.", "score"),
            ("The Celtics held off the Hawks.", "relation"),
            ("The Hawks came back against the Celtics.", "relation"),
            ("The Hawks have taken the lead from the Celtics.", "relation"),
            ("The Celtics and the Hawks are tied.", "relation"),
            ("The Hawks scored against the Celtics.", "relation"),
            ("The Celtics scored a touchdown against the Hawks.", "relation"),
            ("The Celtics lead the Hawks in overtime.", "relation"),
            ("The Celtics lead the Hawks at halftime.", "relation"),
            ("Final: Celtics 117, Hawks 116", "relation"),
            ("Hawks at Celtics has been postponed.", "relation"),
            ("Hawks at Celtics is delayed.", "relation"),
            ("The Celtics lead the Hawks because of rain.", "forbidden"),
            ("Correction: Celtics 117, Hawks 116", "relation"),
        ],
    );
}

#[test]
fn a_final_is_won_by_its_winner_and_by_its_margin() {
    let final_score = plain(Discipline::Basketball, MomentKind::Final);
    assert_all(
        &final_score,
        &[
            ("The Celtics beat the Hawks 117-116.", "passed"),
            ("The Celtics edged the Hawks.", "passed"),
            ("The Hawks lost to the Celtics 117-116.", "passed"),
            ("Celtics over Hawks 117-116", "passed"),
            ("The Celtics won by one point against the Hawks.", "passed"),
            ("The Celtics routed the Hawks.", "relation"),
            ("The Hawks edged the Celtics.", "relation"),
            ("The Celtics lost to the Hawks.", "relation"),
            ("The Hawks were edged by the Celtics.", "passed"),
            ("The Celtics were edged by the Hawks.", "relation"),
            ("Hawks over Celtics", "relation"),
            ("The Celtics beat the Hawks 117-116 in overtime.", "relation"),
            ("The Celtics came back from 18 points down to beat the Hawks.", "relation"),
            ("The Celtics stunned the Hawks.", "forbidden"),
        ],
    );
    let mut comeback = final_score;
    comeback.seen_from_start = true;
    comeback.largest_deficit.home = 18;
    assert_all(
        &comeback,
        &[
            ("The Celtics came back from 18 points down to beat the Hawks.", "passed"),
            ("The Celtics came back from 19 points down to beat the Hawks.", "unknown_number"),
            ("The Hawks came back from 18 points down to beat the Celtics.", "relation"),
        ],
    );
}

#[test]
fn what_happened_between_two_sights_gets_no_time_but_what_stands_now_does() {
    let mut soccer = plain(Discipline::Soccer, MomentKind::LeadChange);
    assert_all(
        &soccer,
        &[
            ("Arsenal lead Chelsea 2-1 in the 88th minute.", "passed"),
            ("Arsenal scored against Chelsea in the 88th minute.", "unknown_number"),
            ("Arsenal took the lead against Chelsea in the 88th minute.", "unknown_number"),
            ("Arsenal lead Chelsea 2-1 in the 88st minute.", "unknown_number"),
            ("Bukayo Saka put Arsenal ahead of Chelsea.", "unknown_name"),
        ],
    );
    let with_play = samples::of(Discipline::Soccer, MomentKind::LeadChange)
        .into_iter()
        .find(|sample| sample.name.ends_with("with_play"));
    soccer = with_play.expect("there is a sample with a play").facts;
    assert_all(
        &soccer,
        &[
            ("Bukayo Saka put Arsenal ahead of Chelsea in the 86th minute.", "passed"),
            ("Bukayo Saka put Arsenal ahead of Chelsea in the 88th minute.", "unknown_number"),
            ("Bukayo Saka scored for Chelsea against Arsenal.", "relation"),
        ],
    );
}

#[test]
fn runs_are_told_of_no_inning_and_the_inning_only_of_the_score() {
    let mut baseball = plain(Discipline::Baseball, MomentKind::Score);
    (baseball.period, baseball.clock) = (7, Some(Clock::Inning { half: Half::Top, outs: Some(2) }));
    assert_all(
        &baseball,
        &[
            ("The Red Sox scored four runs and trail the Yankees 9-4 in the top of the seventh.", "passed"),
            ("The Red Sox trail the Yankees 9-4 with two outs in the top of the seventh.", "passed"),
            ("The Red Sox scored four runs against the Yankees in the seventh.", "unknown_number"),
            ("The Red Sox trail the Yankees 9-4 in the bottom of the seventh.", "unknown_number"),
            ("The Red Sox trail the Yankees 9-4 with one out.", "unknown_number"),
            ("The Red Sox trail the Yankees 9-4 in the seventh quarter.", "unknown_number"),
        ],
    );
}

#[test]
fn where_both_sides_scored_nobody_is_said_to_have() {
    let mut facts = plain(Discipline::Football, MomentKind::Score);
    facts.scorer = None;
    assert_all(
        &facts,
        &[
            ("The Giants lead the Jets 15-7.", "passed"),
            ("The Jets scored against the Giants.", "relation"),
            ("A touchdown for the Jets against the Giants.", "relation"),
        ],
    );
}

#[test]
fn a_penalty_shoot_out_is_not_the_score() {
    let mut facts = plain(Discipline::Soccer, MomentKind::Final);
    (facts.score, facts.shootout) = (Score { home: 1, away: 1 }, Some(Score { home: 2, away: 4 }));
    assert_all(
        &facts,
        &[
            ("Chelsea beat Arsenal 4-2 on penalties after a 1-1 draw.", "passed"),
            ("Chelsea beat Arsenal 4-2.", "score"),
            ("Chelsea beat Arsenal.", "relation"),
            ("Arsenal beat Chelsea 4-2 on penalties.", "score"),
            ("Arsenal beat Chelsea on penalties.", "relation"),
        ],
    );
}

#[test]
fn of_a_drawn_game_it_is_not_said_who_drew_level() {
    let mut facts = plain(Discipline::Football, MomentKind::Final);
    facts.score = Score { home: 20, away: 20 };
    assert_all(
        &facts,
        &[
            ("The Giants and the Jets tied 20-20.", "passed"),
            ("The Giants tied the Jets 20-20.", "passed"),
            ("The Giants tied it against the Jets.", "relation"),
            ("The Giants tied the game against the Jets at 20-20.", "score"),
        ],
    );
}

#[test]
fn no_score_is_told_of_a_game_that_was_not_played() {
    for kind in [MomentKind::Postponed, MomentKind::Cancelled] {
        let facts = plain(Discipline::Baseball, kind);
        assert_ne!(code("Red Sox 0, Yankees 0", &facts), "passed");
        assert_ne!(code("The Red Sox and the Yankees are tied 0-0.", &facts), "passed");
        assert_ne!(code("The Red Sox and the Yankees are scoreless.", &facts), "passed");
    }
}

#[test]
fn a_correction_names_the_wrong_score_as_wrong_and_the_right_one_as_right() {
    let facts = plain(Discipline::Basketball, MomentKind::Correction);
    assert_all(
        &facts,
        &[
            ("Correction: Celtics 117, Hawks 116. We earlier reported Celtics 118, Hawks 116.", "passed"),
            (
                "Correction: Celtics 118, Hawks 116. We earlier reported Celtics 117, Hawks 116.",
                "unknown_number",
            ),
            (
                "Correction: Celtics 117, Hawks 116. We earlier reported Celtics 119, Hawks 116.",
                "unknown_number",
            ),
        ],
    );
}

#[test]
fn facts_that_contradict_themselves_grant_nothing_of_it() {
    let mut facts = basketball();
    facts.before = Some(Score { home: 130, away: 114 });
    assert_eq!(facts.sole_scorer(), None);
    assert_eq!(code("The Celtics scored against the Hawks.", &facts), "relation");
    facts.scorer = Some(Which::Away);
    assert_eq!(facts.feat(), None);
    facts.phase = Phase::Scheduled;
    assert_ne!(code("The Celtics lead the Hawks 117-116.", &facts), "passed");
}
