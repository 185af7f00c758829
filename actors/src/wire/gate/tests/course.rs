//! Claims of what led to where a game stands.

use super::*;

#[test]
fn a_run_is_granted_to_the_side_on_it_at_its_size() {
    let facts = plain(Discipline::Basketball, MomentKind::Run);
    assert_all(
        &facts,
        &[
            ("The Celtics have scored 12 unanswered points; the Celtics lead the Hawks 117-116.", "passed"),
            ("A 12-0 run for the Celtics: Celtics 117, Hawks 116.", "passed"),
            ("The Celtics lead the Hawks 117-116 after a 12-0 run.", "passed"),
            ("The Hawks trail the Celtics 117-116 after a 12-0 run by the Celtics.", "passed"),
            ("12 unanswered points for the Celtics: Celtics 117, Hawks 116.", "passed"),
            ("The Celtics have scored 11 unanswered points against the Hawks.", "unknown_number"),
            ("The Celtics have scored 12 unanswered goals against the Hawks.", "unknown_number"),
            ("The Hawks have scored 12 unanswered points against the Celtics.", "relation"),
            ("12 unanswered points for the Hawks: Celtics 117, Hawks 116.", "unknown_number"),
            ("A 12-0 run for the Hawks: Celtics 117, Hawks 116.", "score"),
            ("The Hawks trail the Celtics 117-116 after a 12-0 run.", "score"),
            ("A 10-0 run for the Celtics: Celtics 117, Hawks 116.", "score"),
            ("A 12-2 run for the Celtics: Celtics 117, Hawks 116.", "score"),
            ("A 12-0 run: Celtics 117, Hawks 116.", "score"),
        ],
    );
    let answered = plain(Discipline::Basketball, MomentKind::LeadChange);
    assert_all(
        &answered,
        &[
            ("The Celtics have scored three unanswered points against the Hawks.", "relation"),
            ("A 3-0 run for the Celtics: Celtics 117, Hawks 116.", "score"),
        ],
    );
}

#[test]
fn a_comeback_is_granted_to_the_side_that_was_behind_at_its_size() {
    assert_all(
        &plain(Discipline::Basketball, MomentKind::Comeback),
        &[
            ("The Celtics have come back from 16 points down against the Hawks.", "passed"),
            ("The Celtics lead the Hawks 118-117, after trailing by 16 points.", "passed"),
            ("The Celtics have come back from 15 points down against the Hawks.", "unknown_number"),
            ("The Hawks have come back from 16 points down against the Celtics.", "relation"),
            ("The Celtics lead the Hawks 118-117, after the Hawks trailed by 16 points.", "unknown_number"),
        ],
    );
}

#[test]
fn an_upset_is_granted_where_the_underdog_won() {
    let mut facts = plain(Discipline::Basketball, MomentKind::Final);
    let texts = [
        "Upset: the Celtics edged the Hawks 117-116.",
        "The Celtics upset the Hawks 117-116.",
        "The Celtics, the underdogs, edged the Hawks 117-116.",
    ];
    assert_all(&facts, &texts.map(|text| (text, "relation")));
    facts.course.underdog = Some(Which::Away);
    assert_all(&facts, &texts.map(|text| (text, "relation")));
    assert_all(&facts, &[("The Celtics edged the Hawks, the underdogs.", "passed")]);
    facts.course.underdog = Some(Which::Home);
    assert_all(&facts, &texts.map(|text| (text, "passed")));
    assert_all(
        &facts,
        &[
            ("The Hawks upset the Celtics 117-116.", "score"),
            ("Upset watch: Celtics 117, Hawks 116", "relation"),
        ],
    );
}

#[test]
fn a_clean_sheet_is_granted_to_the_side_that_has_allowed_nothing() {
    assert_all(
        &plain(Discipline::Baseball, MomentKind::CleanSheet),
        &[
            ("The Yankees have allowed no runs through nine innings and lead the Red Sox 6-0.", "passed"),
            (
                "The Yankees have kept the Red Sox scoreless through nine innings: Yankees 6, Red Sox 0.",
                "passed",
            ),
            (
                "The Yankees have allowed no runs through eight innings and lead the Red Sox 6-0.",
                "unknown_number",
            ),
            ("The Yankees lead the Red Sox 6-0 through nine innings.", "unknown_number"),
            ("The Red Sox have allowed no runs and trail the Yankees 6-0.", "relation"),
            ("The Red Sox have kept the Yankees scoreless.", "relation"),
            ("The Yankees have allowed no goals and lead the Red Sox 6-0.", "relation"),
            ("The Yankees have allowed six runs and lead the Red Sox 6-0.", "relation"),
        ],
    );
    assert_all(
        &plain(Discipline::Baseball, MomentKind::CloseLate),
        &[("The Yankees have allowed no runs and lead the Red Sox 6-5.", "relation")],
    );
}

#[test]
fn a_close_game_is_granted_within_the_margin_of_one() {
    let mut facts = plain(Discipline::Basketball, MomentKind::CloseLate);
    assert_all(&facts, &[("A close game: Celtics 117, Hawks 116", "passed")]);
    facts.score.home += 5;
    assert_all(&facts, &[("A close game: Celtics 122, Hawks 116", "relation")]);
    let mut facts = plain(Discipline::Football, MomentKind::CloseLate);
    assert_all(&facts, &[("A one-score game: Giants 20, Jets 17", "passed")]);
    assert_all(&facts, &[("A two-score game: Giants 20, Jets 17", "unknown_number")]);
    facts.score.home += 6;
    assert_all(&facts, &[("A one-score game: Giants 26, Jets 17", "unknown_number")]);
}

#[test]
fn a_score_that_was_taken_back_is_granted_as_what_it_was() {
    assert_all(
        &plain(Discipline::Soccer, MomentKind::Correction),
        &[
            ("Correction: a goal for Arsenal was taken back. It is Arsenal 2-1 Chelsea.", "passed"),
            ("Correction: a goal for Chelsea was taken back. It is Arsenal 2-1 Chelsea.", "relation"),
            ("Correction: a touchdown for Arsenal was taken back. It is Arsenal 2-1 Chelsea.", "relation"),
        ],
    );
    assert_all(
        &plain(Discipline::Soccer, MomentKind::LeadChange),
        &[("A goal for Arsenal was taken back. It is Arsenal 2-1 Chelsea.", "relation")],
    );
}

#[test]
fn what_decided_a_game_is_granted_as_the_last_score_of_the_winner() {
    let decided = samples::of(Discipline::Hockey, MomentKind::Final);
    let facts = decided.into_iter().find(|sample| sample.name.ends_with("/decided")).expect("a sample").facts;
    assert_all(
        &facts,
        &[
            ("The Bruins edged the Maple Leafs 4-3. A goal decided it.", "passed"),
            ("The Bruins edged the Maple Leafs 4-3. A touchdown decided it.", "relation"),
        ],
    );
    assert_all(
        &plain(Discipline::Hockey, MomentKind::Final),
        &[("The Bruins edged the Maple Leafs 4-3. A goal decided it.", "relation")],
    );
}
