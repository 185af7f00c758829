//! Claims of a single player: cards, penalties, and figures of the game.

use super::*;

#[test]
fn whose_card_and_whose_penalty_it_was_is_held_against_the_facts() {
    // Thiago Silva of Chelsea, in the 86th minute of Arsenal 2-1 Chelsea.
    let facts = plain(Discipline::Soccer, MomentKind::RedCard);
    assert_all(
        &facts,
        &[
            ("Thiago Silva of Chelsea was sent off in the 86th minute: Arsenal 2-1 Chelsea.", "passed"),
            ("Chelsea had Thiago Silva sent off against Arsenal.", "passed"),
            ("Red card for Chelsea in the 86th minute. Arsenal lead Chelsea 2-1.", "passed"),
            ("Thiago Silva of Arsenal was sent off: Arsenal 2-1 Chelsea.", "relation"),
            ("Chelsea had Thiago Silva sent off against Chelsea: Arsenal 2-1 Chelsea.", "relation"),
            ("Red card for Arsenal: Arsenal 2-1 Chelsea.", "relation"),
            ("Chelsea had no player sent off: Arsenal 2-1 Chelsea.", "relation"),
            (
                "Thiago Silva of Chelsea was sent off in the 88th minute: Arsenal 2-1 Chelsea.",
                "unknown_number",
            ),
            ("Two red cards for Chelsea: Arsenal 2-1 Chelsea.", "forbidden"),
            ("Chelsea missed a penalty: Arsenal 2-1 Chelsea.", "forbidden"),
            ("Thiago Silva of Chelsea was sent home: Arsenal 2-1 Chelsea.", "forbidden"),
            ("Yellow card for Chelsea: Arsenal 2-1 Chelsea.", "forbidden"),
            ("Bukayo Saka was sent off: Arsenal 2-1 Chelsea.", "unknown_name"),
        ],
    );
    let facts = plain(Discipline::Soccer, MomentKind::MissedPenalty);
    assert_all(
        &facts,
        &[
            ("Bukayo Saka of Chelsea had a penalty saved in the 86th minute: Arsenal 2-1 Chelsea.", "passed"),
            ("Bukayo Saka of Chelsea missed a penalty: Arsenal 2-1 Chelsea.", "forbidden"),
            ("Arsenal had a penalty saved: Arsenal 2-1 Chelsea.", "relation"),
            ("Bukayo Saka of Chelsea scored a penalty: Arsenal 2-1 Chelsea.", "relation"),
            ("Chelsea were beaten on penalties: Arsenal 2-1 Chelsea.", "relation"),
        ],
    );
    let score = plain(Discipline::Soccer, MomentKind::Score);
    assert_eq!(code("Red card for Chelsea: Chelsea 2-1 Arsenal.", &score), "forbidden");
}

#[test]
fn a_players_figures_are_held_against_the_facts() {
    // Jayson Tatum of the Celtics has 41 points; Celtics 117, Hawks 116.
    let facts = plain(Discipline::Basketball, MomentKind::Milestone);
    assert_all(
        &facts,
        &[
            ("Jayson Tatum has 41 points for the Celtics. The Celtics lead the Hawks 117-116.", "passed"),
            ("Jayson Tatum has 40 points for the Celtics: Celtics 117, Hawks 116.", "unknown_number"),
            ("Jayson Tatum has 41 rebounds for the Celtics: Celtics 117, Hawks 116.", "forbidden"),
            ("Jayson Tatum has 41 points for the Hawks: Celtics 117, Hawks 116.", "relation"),
            ("Jayson Tatum has a triple-double for the Celtics: Celtics 117, Hawks 116.", "forbidden"),
            ("Jayson Tatum has a hat-trick for the Celtics: Celtics 117, Hawks 116.", "forbidden"),
            ("Jayson Tatum has 41 points and 12 assists: Celtics 117, Hawks 116.", "forbidden"),
            ("Jaylen Brown has 41 points: Celtics 117, Hawks 116.", "unknown_name"),
            ("Jayson Tatum was sent off: Celtics 117, Hawks 116.", "forbidden"),
            ("The Celtics have 41 points from the bench: Celtics 117, Hawks 116.", "unknown_number"),
        ],
    );
    let facts = plain(Discipline::Soccer, MomentKind::Milestone);
    assert_all(
        &facts,
        &[
            ("Bukayo Saka has a hat-trick for Arsenal: Arsenal 2-1 Chelsea.", "passed"),
            ("Bukayo Saka has three goals for Arsenal: Arsenal 2-1 Chelsea.", "passed"),
            ("Bukayo Saka has four goals for Arsenal: Arsenal 2-1 Chelsea.", "unknown_number"),
            ("A hat-trick for Chelsea: Arsenal 2-1 Chelsea.", "forbidden"),
        ],
    );
    let facts = plain(Discipline::Baseball, MomentKind::Milestone);
    assert_all(
        &facts,
        &[
            ("Aaron Judge has three home runs for the Yankees: Yankees 6, Red Sox 5.", "passed"),
            ("Aaron Judge has two home runs for the Yankees: Yankees 6, Red Sox 5.", "unknown_number"),
            ("Aaron Judge has three runs for the Yankees: Yankees 6, Red Sox 5.", "unknown_number"),
            ("The home side lead: Yankees 6, Red Sox 5.", "forbidden"),
        ],
    );
}
