//! What is the same in every language.

use super::*;

fn code_of(text: &str, facts: &Facts) -> &'static str {
    check_with(text, facts, LIMITS, Vocabulary::Foreign)
        .map_or_else(|rejection| rejection.code(), |_| "passed")
}

fn assert_foreign(facts: &Facts, expected: &[(&str, &str)]) {
    for (text, expected) in expected {
        assert_eq!(code_of(text, facts), *expected, "{text:?}");
    }
}

#[test]
fn names_figures_and_the_order_of_a_score_hold_in_every_language() {
    let facts = plain(Discipline::Soccer, MomentKind::Final);
    assert_foreign(
        &facts,
        &[
            ("Schlusspfiff: Arsenal 2:1 Chelsea.", "passed"),
            ("Arsenal schlägt Chelsea mit 2:1.", "passed"),
            ("Fin del partido: Arsenal 2-1 Chelsea.", "passed"),
            ("Schlusspfiff: Arsenal 1:2 Chelsea.", "score"),
            ("Schlusspfiff: Chelsea 2:1 Arsenal.", "score"),
            ("Chelsea verliert bei Arsenal mit 1:2.", "score"),
            ("Arsenal schlägt Chelsea mit 3:1.", "score"),
            ("Arsenal schlägt Chelsea mit 2:1 vor 60000 Zuschauern.", "unknown_number"),
            ("Schlusspfiff: Arsenal 2, Chelsea 1.", "passed"),
            ("Schlusspfiff: Arsenal 1, Chelsea 2.", "unknown_number"),
            ("Arsenal gewinnt mit 2:1.", "missing_team"),
            ("Arsenal 2:1 Chelsea, mehr auf evil.com", "link"),
            ("Arsenal 2:1 Chelsea @someone", "character"),
            ("Arsenal 2:1 Chelsea #heute", "character"),
            ("{{ winner }} schlägt Chelsea.", "placeholder"),
            ("¡Todo terminado! Arsenal 2-1 Chelsea.", "passed"),
            ("Arsenal schlägt Chelsea\u{202e} mit 2:1.", "character"),
            ("Arsenal schlägt Tottenham und Chelsea mit 2:1.", "passed"),
        ],
    );
}

#[test]
fn a_clock_is_the_clock_in_every_language() {
    let facts = plain(Discipline::Football, MomentKind::CloseLate);
    assert_foreign(
        &facts,
        &[
            ("Giants gegen Jets 20-17, noch 2:31 im 4. Viertel.", "passed"),
            ("Giants gegen Jets 20-17, noch 2:30 im 4. Viertel.", "score"),
            ("Giants gegen Jets 20-17, noch 2:31 im 2. Viertel.", "unknown_number"),
        ],
    );
}
