//! Claims of a lead that grows or shrinks, of a side that scored nothing, and of a clock that has run out.

use super::*;

#[test]
fn a_side_pulls_within_the_margin_if_it_scored_and_still_trails() {
    let mut facts = plain(Discipline::Basketball, MomentKind::Score);
    facts.score = Score { home: 114, away: 113 };
    facts.before = Some(Score { home: 114, away: 110 });
    facts.scorer = Some(Which::Away);
    assert_all(
        &facts,
        &[
            ("The Hawks have pulled within one point of the Celtics: Celtics 114, Hawks 113.", "passed"),
            ("The Hawks are within one point of the Celtics.", "passed"),
            ("The Hawks have pulled within one point of the Celtics, 114-113.", "passed"),
            ("The Hawks have pulled within two points of the Celtics.", "unknown_number"),
            ("The Celtics have pulled within one point of the Hawks.", "relation"),
            ("The Celtics are within one point of the Hawks.", "relation"),
            ("The Celtics have extended the lead over the Hawks to 114-113.", "score"),
        ],
    );
    facts.scorer = None;
    assert_all(&facts, &[("The Hawks have pulled within one point of the Celtics.", "relation")]);
}

#[test]
fn a_lead_is_extended_by_the_side_that_had_it() {
    let mut facts = plain(Discipline::Basketball, MomentKind::Score);
    facts.score = Score { home: 116, away: 113 };
    facts.before = Some(Score { home: 114, away: 113 });
    facts.scorer = Some(Which::Home);
    assert_all(
        &facts,
        &[
            ("The Celtics have extended the lead over the Hawks to 116-113.", "passed"),
            ("The Celtics have extended the lead: Celtics 116, Hawks 113.", "passed"),
            ("The Hawks have extended the lead over the Celtics to 116-113.", "score"),
            ("The Celtics have extended the lead over the Hawks to 114-113.", "score"),
        ],
    );
    facts.before = Some(Score { home: 113, away: 113 });
    assert_all(&facts, &[("The Celtics have extended the lead over the Hawks.", "relation")]);
}

#[test]
fn only_a_side_that_scored_nothing_was_shut_out() {
    let mut facts = plain(Discipline::Baseball, MomentKind::Final);
    assert_all(&facts, &[("The Yankees shut out the Red Sox 6-5.", "relation")]);
    facts.score.away = 0;
    assert_all(
        &facts,
        &[
            ("The Yankees shut out the Red Sox 6-0.", "passed"),
            ("Final: Yankees 6, Red Sox 0. The Yankees shut out the Red Sox.", "passed"),
            ("The Red Sox shut out the Yankees 6-0.", "score"),
        ],
    );
}

#[test]
fn no_time_is_left_only_when_the_clock_has_run_out() {
    let mut facts = plain(Discipline::Football, MomentKind::LeadChange);
    let text = "The Giants lead the Jets 20-17 with no time left in the fourth quarter.";
    assert_all(&facts, &[(text, "relation")]);
    facts.clock = Some(Clock::Left { millis: 0 });
    assert_all(&facts, &[(text, "passed")]);
}

#[test]
fn another_overtime_follows_one() {
    let mut facts = plain(Discipline::Basketball, MomentKind::Overtime);
    let text = "The Hawks and the Celtics are going to another overtime, tied 116-116.";
    assert_all(&facts, &[(text, "relation")]);
    facts.period += 1;
    assert_all(&facts, &[(text, "passed")]);
}
