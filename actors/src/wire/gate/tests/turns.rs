//! Turns of phrase: true of a moment and, said of its opposite or by another margin, refused.

use super::*;

/// Celtics 117, Hawks 116, final; the Celtics led before the last score.
fn final_score() -> Facts {
    let mut facts = plain(Discipline::Basketball, MomentKind::Final);
    facts.before = Some(Score { home: 117, away: 114 });
    facts
}

#[test]
fn who_won_is_said_in_many_ways_and_never_of_the_loser() {
    let of = |winner: &str, loser: &str| {
        [
            format!("The {winner} got past the {loser} 117-116."),
            format!("The {winner} saw off the {loser} 117-116."),
            format!("The {winner} got the better of the {loser}."),
            format!("The {winner} prevailed over the {loser} 117-116."),
            format!("The {winner} took care of the {loser}."),
            format!("The {winner} were too good for the {loser}."),
            format!("The {winner} came out on top against the {loser}, 117-116."),
            format!("The {winner} earned a 117-116 victory over the {loser}."),
            format!("The {winner} survived the {loser} 117-116."),
            format!("The {winner} held on to beat the {loser} 117-116."),
            format!("The {winner} took a narrow 117-116 win over the {loser}."),
            format!("The {loser} fell to the {winner} 117-116."),
            format!("The {loser} came up short against the {winner}."),
            format!("The {loser} were beaten 117-116 by the {winner}."),
            format!("The {loser} were edged by the {winner}."),
            format!("The final score was 117-116 as the {winner} beat the {loser}."),
        ]
    };
    let facts = final_score();
    for text in of("Celtics", "Hawks") {
        assert_eq!(code(&text, &facts), "passed", "{text}: {:?}", check(&text, &facts, LIMITS));
    }
    for text in of("Hawks", "Celtics") {
        assert_ne!(code(&text, &facts), "passed", "{text}");
    }
}

#[test]
fn a_word_of_a_clear_win_is_refused_of_a_close_one_and_the_other_way_round() {
    let clear = [
        "The Celtics cruised past the Hawks.",
        "The Celtics crushed the Hawks.",
        "The Celtics rolled to a win over the Hawks.",
        "The Celtics beat the Hawks easily.",
        "The Celtics took a lopsided win over the Hawks.",
        "The Hawks were hammered by the Celtics.",
        "The Celtics blew out the Hawks.",
    ];
    let close = [
        "The Celtics squeezed past the Hawks.",
        "The Celtics survived the Hawks.",
        "The Celtics narrowly beat the Hawks.",
        "The Celtics eked out a win over the Hawks.",
    ];
    let (narrow, mut rout) = (final_score(), final_score());
    rout.score.home = 150;
    for (text, granted, refused) in
        clear.iter().map(|text| (text, &rout, &narrow)).chain(close.iter().map(|text| (text, &narrow, &rout)))
    {
        assert_eq!(code(text, granted), "passed", "{text}: {:?}", check(text, granted, LIMITS));
        assert_eq!(code(text, refused), "relation", "{text}");
    }
}

#[test]
fn what_a_score_changed_is_said_of_whom_it_changed_it_for() {
    let mut facts = basketball();
    facts.before = Some(Score { home: 114, away: 116 });
    assert_all(
        &facts,
        &[
            ("Lead change: the Celtics now lead the Hawks 117-116.", "passed"),
            ("The Celtics went 117-116 up on the Hawks.", "passed"),
            ("After trailing 116-114, the Celtics lead the Hawks 117-116.", "passed"),
            ("The Celtics took the lead against the Hawks: it is 117-116 with 6.1 seconds left.", "passed"),
            ("The Celtics scored, and it is Celtics 117, Hawks 116 with 6.1 seconds to go.", "passed"),
            ("The Celtics scored against the Hawks with 6.1 seconds to go.", "unknown_number"),
            ("The Celtics extended their lead over the Hawks to 117-116.", "score"),
            ("The Hawks cut the Celtics' lead to 117-116.", "relation"),
            ("After trailing 116-114, the Hawks lead the Celtics 117-116.", "score"),
            ("The Celtics broke the tie with the Hawks.", "relation"),
            ("The Celtics are within one point of the Hawks.", "relation"),
        ],
    );
    facts.before = Some(Score { home: 114, away: 110 });
    (facts.score, facts.scorer) = (Score { home: 114, away: 113 }, Some(Which::Away));
    assert_all(
        &facts,
        &[
            ("The Hawks cut the Celtics' lead to 114-113.", "passed"),
            ("The Hawks cut the Celtics' lead to one point.", "passed"),
            ("The Hawks are within one point of the Celtics.", "passed"),
            ("The Hawks cut the Celtics' lead to two points.", "unknown_number"),
            ("The Celtics cut the Hawks' lead to 114-113.", "relation"),
            ("Lead change: the Celtics now lead the Hawks 114-113.", "relation"),
            ("The Celtics went 114-113 up on the Hawks.", "score"),
        ],
    );
}

#[test]
fn a_level_score_may_be_said_once() {
    let facts = plain(Discipline::Basketball, MomentKind::Tie);
    assert_all(
        &facts,
        &[
            ("The Celtics and the Hawks are tied at 116.", "passed"),
            ("The Celtics and the Hawks are knotted at 116-116.", "passed"),
            ("The Celtics and the Hawks are tied at 115.", "unknown_number"),
            ("The Celtics and the Hawks played out a 116-116 tie.", "relation"),
            ("# Celtics and Hawks are tied at 116.", "untidy"),
        ],
    );
}

#[test]
fn a_shut_out_is_one_of_the_loser_that_scored_nothing() {
    let mut facts = plain(Discipline::Hockey, MomentKind::Final);
    facts.score = Score { home: 3, away: 0 };
    let texts = [
        "The Bruins shut out the Maple Leafs 3-0.",
        "The Maple Leafs were blanked 3-0 by the Bruins.",
        "The Bruins beat the Maple Leafs 3-0, keeping a clean sheet.",
    ];
    assert_all(&facts, &texts.map(|text| (text, "passed")));
    facts.score.away = 1;
    for text in texts.map(|text| text.replace("3-0", "3-1")) {
        assert_ne!(code(&text, &facts), "passed", "{text}");
    }
}

#[test]
fn a_headline_has_an_end() {
    let facts = final_score();
    let title = |times: usize| "The Celtics beat the Hawks 117-116. ".repeat(times).trim_end().to_owned();
    assert_eq!(check_title(&title(1), &facts, Vocabulary::House), Ok(()));
    let refused = check_title(&title(40), &facts, Vocabulary::House).expect_err("it is far too long");
    assert_eq!(refused.code(), "too_long");
    for nothing in ["", "—", "..."] {
        assert_eq!(check_title(nothing, &facts, Vocabulary::House), Err(Rejection::Empty), "{nothing}");
    }
}
