use proptest::prelude::*;

use super::*;
use crate::wire::gate;

fn event() -> Submission {
    Submission {
        kind: "score_update".to_owned(),
        game_id: "test_123".to_owned(),
        home_score: 100,
        away_score: 98,
        sport: None,
        home_team: None,
        away_team: None,
        period: None,
        time_remaining: Some("0:05".to_owned()),
        minute: None,
        half: None,
    }
}

fn submitted(event: &Submission) -> Submitted {
    submit(event, Timestamp::UNIX_EPOCH).expect("it is fit")
}

fn refused(event: &Submission) -> String {
    submit(event, Timestamp::UNIX_EPOCH).expect_err("it is unfit").to_string()
}

#[test]
fn two_points_with_five_seconds_left_are_a_close_game_of_great_significance_and_what_is_missing_is_assumed() {
    let Submitted { story, assumed } = submitted(&event());
    assert_eq!((story.kind, &story.verdict), (MomentKind::CloseLate, &Verdict::Told));
    assert!(story.significance.total > 0.8, "{:?}", story.significance);
    let sum: f64 = story.significance.parts.iter().map(|part| part.contribution).sum();
    assert!((sum - story.significance.total).abs() < 1e-9, "it adds up");
    assert_eq!(story.facts.clock, Some(Clock::Left { millis: 5000 }));
    let assumed: Vec<(&str, &str)> = assumed.iter().map(|a| (a.field.as_str(), a.value.as_str())).collect();
    assert_eq!(
        assumed,
        [("sport", "nba"), ("period", "4"), ("home_team", "Hosts"), ("away_team", "Visitors")]
    );
}

#[test]
fn a_game_that_is_decided_or_young_is_worth_little() {
    let decided = submitted(&Submission { home_score: 130, ..event() }).story;
    let young = submitted(&Submission { period: Some(1), ..event() }).story;
    assert_eq!(decided.kind, MomentKind::Score);
    assert!(decided.significance.total < 0.1, "{:?}", decided.significance);
    assert!(young.significance.total < 0.3, "{:?}", young.significance);
}

#[test]
fn the_same_event_is_the_same_story_and_another_is_another() {
    let id = |event: &Submission, at| submit(event, at).expect("it is fit").story.id;
    let one = id(&event(), Timestamp::UNIX_EPOCH);
    assert_eq!(one, id(&event(), Timestamp::UNIX_EPOCH + SignedDuration::from_mins(3)));
    assert!(one.0.starts_with("submitted-nba-test_123/close_late/4/"), "{one}");
    let later = Submission { time_remaining: Some("0:04".to_owned()), ..event() };
    assert_ne!(one, id(&later, Timestamp::UNIX_EPOCH));
}

#[test]
fn sides_go_by_the_names_that_readers_use() {
    let called = |sport: &str, name: &str| {
        let event = Submission {
            sport: Some(sport.to_owned()),
            home_team: Some(name.to_owned()),
            time_remaining: None,
            ..event()
        };
        let home = submitted(&event).story.facts.home;
        (home.short_name, home.place)
    };
    let of = |short: &str, place: &str| (short.to_owned(), place.to_owned());
    assert_eq!(called("nba", "Portland Trail Blazers"), of("Trail Blazers", "Portland"));
    assert_eq!(called("nfl", "New York Giants"), of("Giants", "New York"));
    assert_eq!(called("nba", "Celtics"), of("Celtics", ""));
    assert_eq!(called("ncaam", "Duke"), of("Duke", ""));
    assert_eq!(called("eng.1", "Aston Villa"), of("Aston Villa", ""));
}

#[test]
fn what_cannot_be_is_refused_with_its_field() {
    let clock = |text: &str| refused(&Submission { time_remaining: Some(text.to_owned()), ..event() });
    let wanted = "`time_remaining` must be a clock such as 7:21, 0:05 or 6.1, up to 12:00, and ";
    for text in ["12:01", "0:60", "soon", "-1:00", "1:2:3", "", "+5", "0:5.55"] {
        assert_eq!(clock(text), format!("{wanted}{text:?} is not"));
    }
    let with = |change: &dyn Fn(&mut Submission)| {
        let mut event = event();
        change(&mut event);
        refused(&event)
    };
    assert!(
        with(&|event| event.kind = "goal".to_owned()).starts_with("`type` must be score_update or final")
    );
    assert!(with(&|event| event.period = Some(0)).starts_with("`period` must be from 1 to 30"));
    assert!(
        with(&|event| event.game_id = "a b".to_owned()).starts_with("`game_id` must be up to 64 letters")
    );
    assert!(with(&|event| event.home_score = 5000).starts_with("`home_score` must be from 0 to 999"));
    assert!(
        with(&|event| event.home_team = Some("http://x.com".to_owned())).starts_with("`home_team` must be")
    );
    assert!(
        with(&|event| event.minute = Some("88".to_owned()))
            .contains("is not told of NBA; give `time_remaining`")
    );
    let level = with(&|event| {
        event.kind = "final".to_owned();
        event.home_score = 98;
    });
    assert!(level.contains("leaves the game level"), "{level}");
}

proptest! {
    #[test]
    fn whatever_is_fit_has_names_that_may_be_printed_and_a_significance_that_adds_up(
        sport in prop::sample::select(vec!["nba", "nfl", "mlb", "nhl", "eng.1", "ncaam"]),
        (home_score, away_score) in (0..200u32, 0..200u32),
        period in 1..8u8,
        seconds in prop::option::of(0..60u32),
    ) {
        let clocked = !matches!(sport, "mlb" | "eng.1");
        let event = Submission {
            sport: Some(sport.to_owned()), home_score, away_score, period: Some(period),
            time_remaining: seconds.filter(|_| clocked).map(|seconds| format!("0:{seconds:02}")),
            ..event()
        };
        let story = submitted(&event).story;
        prop_assert!(gate::quarantine(&story.facts).is_none());
        let sum: f64 = story.significance.parts.iter().map(|part| part.contribution).sum();
        prop_assert!((sum - story.significance.total).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&story.significance.total));
    }
}
