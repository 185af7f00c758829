use wirereport_actors::wire::brief::Refused;
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::{Clock, Half, Phase, Score};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::{Operation, Outcome, PostState};
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::story::Untold;

use super::super::fixture::{attempted, facts as a_lead, plain, post, second, sent, story};
use super::*;

#[test]
fn a_told_story_is_explained_with_its_facts_its_weight_its_posts_and_every_attempt() {
    let mut told = story(1, Verdict::Told, a_lead());
    told.written_at = Some(second(71));
    told.notes = vec!["newsroom: no text is short enough".to_owned()];
    told.refused = vec![Refused {
        author: "openai:small".to_owned(),
        code: "relation".to_owned(),
        reason: "the facts do not grant \"routed\" here".to_owned(),
        text: "The Celtics routed the Hawks 117-116.".to_owned(),
    }];
    let retry_at = second(100);
    let failed = Outcome::NotSent { reason: "answered HTTP 503".to_owned(), retry_at };
    let doubtful = Outcome::Again { reason: "no answer within 15 s".to_owned(), retry_at };
    let unknown = Outcome::Unknown { reason: "its key is spent".to_owned() };
    let mut of_newsroom = post(8, "newsroom", PostState::Unknown);
    of_newsroom.reason = Some("its key is spent".to_owned());
    let posts = vec![
        attempted(post(7, "feed", PostState::Sent), vec![Some(sent("urn:uuid:1", None))]),
        attempted(of_newsroom, vec![Some(failed), Some(doubtful), Some(unknown), None]),
    ];
    insta::assert_snapshot!(plain(&render(&Explanation { revisions: vec![told], posts })));
}

#[test]
fn a_story_that_was_not_told_says_why_not() {
    let untold = Verdict::Untold { reason: Untold::BelowThreshold { threshold: 0.95 } };
    insta::assert_snapshot!(plain(&render(&Explanation {
        revisions: vec![story(1, untold, a_lead())],
        posts: Vec::new()
    })));
}

#[test]
fn a_correction_is_the_next_revision_of_the_story_it_corrects() {
    let taken_back = Facts {
        kind: MomentKind::Correction,
        score: Score { home: 116, away: 115 },
        before: Some(Score { home: 116, away: 117 }),
        retracted: Some(Score { home: 116, away: 117 }),
        play: None,
        ..a_lead()
    };
    let mut edit = post(9, "feed", PostState::Pending);
    (edit.revision, edit.operation) = (2, Operation::Edit);
    let mut told = story(1, Verdict::Told, a_lead());
    told.written_at = Some(second(71));
    let revisions = vec![told, story(2, Verdict::Told, taken_back)];
    let posts = vec![
        attempted(post(7, "feed", PostState::Sent), vec![Some(sent("urn:uuid:1", None))]),
        attempted(edit, Vec::new()),
    ];
    insta::assert_snapshot!(plain(&render(&Explanation { revisions, posts })));
}

#[test]
fn every_discipline_has_its_own_way_to_say_when() {
    let when = |discipline, regulation_periods, period, phase, clock| {
        let facts = Facts { discipline, regulation_periods, period, phase, clock, ..a_lead() };
        facts::lines(&facts)[1].split(" · ").nth(1).unwrap_or_default().to_owned()
    };
    let left = Some(Clock::Left { millis: 131_000 });
    let inning = Some(Clock::Inning { half: Half::Top, outs: Some(2) });
    let minute = Some(Clock::Minute { minute: 90, added: 4 });
    use Discipline::{Baseball, Basketball, Football, Hockey, Soccer};
    assert_eq!(when(Football, 4, 2, Phase::Live, left), "quarter 2, 2:11 left");
    assert_eq!(when(Basketball, 2, 1, Phase::Live, left), "half 1, 2:11 left");
    assert_eq!(when(Basketball, 4, 6, Phase::Live, left), "overtime 2, 2:11 left");
    assert_eq!(when(Hockey, 3, 3, Phase::Break, left), "break, period 3");
    assert_eq!(when(Soccer, 2, 2, Phase::Live, minute), "half 2, 90+4'");
    assert_eq!(when(Baseball, 9, 11, Phase::Live, inning), "inning 11, top, 2 out");
    assert_eq!(when(Basketball, 4, 4, Phase::Final, left), "final, quarter 4");
    assert_eq!(when(Soccer, 2, 0, Phase::Postponed, None), "postponed");
}
