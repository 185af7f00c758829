use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use wirereport_actors::wire::game::{
    Bases, Clock, FeedGameId, Game, Half, Phase, Play, PlayKind, Side, Snapshot, Team, Which,
};
use wirereport_actors::wire::sport::SportKey;

use super::format::{ClockText, TimeBase};
use super::{About, Recording, RecordingError};
use crate::feeds::text::{NAME, clean, person};

const HEADER: &str = r#"{"format":"wirereport-recording","version":1,"sport":"nba","title":"A at B","made_from":"hand","clock":"real","teams":{"AAA":{"id":"1","name":"Alpha Aces","short_name":"Aces","place":"Alpha","code":"AAA"},"BBB":{"id":"2","name":"Beta Bees","short_name":"Bees","place":"Beta","code":"BBB"}},"games":[{"id":"g","home":"BBB","away":"AAA"}]}"#;

fn parse(lines: &[&str]) -> Result<Recording, RecordingError> {
    Recording::parse(Path::new("night.jsonl"), (lines.join("\n") + "\n").as_bytes())
}

fn refusal(lines: &[&str]) -> String {
    parse(lines).expect_err("the recording is wrong").to_string()
}

#[test]
fn a_hand_written_recording_is_read_frame_by_frame() {
    let recording = parse(&[
        HEADER,
        r#"{"t":"2024-01-01T00:00:00Z","board":[0]}"#,
        r#"{"t":"2024-01-01T00:00:15Z","d":[{"p":"live","n":1,"c":719000,"s":[0,2],"pl":[{"s":"away","p":2,"k":"score"}]}]}"#,
        r#"{"t":"2024-01-01T00:00:30Z"}"#,
        r#"{"t":"2024-01-01T00:00:45Z","d":[{"c":null,"pl":[]}]}"#,
    ])
    .expect("it is right");
    let games: Vec<Game> =
        recording.snapshots("replay").filter_map(|snapshot| snapshot.games.into_iter().next()).collect();
    let phases: Vec<Phase> = games.iter().map(|game| game.phase).collect();
    assert_eq!(phases, [Phase::Scheduled, Phase::Live, Phase::Live, Phase::Live]);
    assert_eq!(games[0].score(), None);
    assert_eq!(games[1].score().map(|score| (score.home, score.away)), Some((0, 2)));
    assert_eq!(games[1].plays[0].side, Some(Which::Away));
    assert_eq!(games[2], games[1], "a frame of its time alone changes nothing");
    assert_eq!((games[3].clock, games[3].plays.len()), (None, 0), "null is none");
    assert_eq!(games[0].home.team.name, "Beta Bees");
}

#[test]
fn what_a_recording_calls_things_is_made_safe_to_print() {
    let header =
        HEADER.replace("Alpha Aces", "Alpha\\u202e\\u200b Aces").replace("Beta Bees", &"Bees ".repeat(2000));
    let play = r#"{"s":"away","p":2,"k":"score","b":"A\u200b. \u0007Player"}"#;
    let frame =
        format!(r#"{{"t":"2024-01-01T00:00:15Z","board":[0],"d":[{{"pl":[{play}],"o":"\u202enote"}}]}}"#);
    let recording = parse(&[&header, &frame]).expect("it is right");
    let game = recording.snapshots("replay").next().expect("a poll").games.remove(0);
    assert_eq!(game.away.team.name, "Alpha Aces");
    assert!(game.home.team.name.ends_with('…') && game.home.team.name.chars().count() <= NAME);
    assert_eq!(game.plays[0].player.as_deref(), Some("A. Player"));
    assert_eq!(game.note.as_deref(), Some("note"));
}

#[test]
fn a_file_that_is_no_recording_is_refused() {
    for first in ["", "{}", "[1]", "title,home,away", r#"{"format":"har","version":1}"#] {
        let text = refusal(&[first, r#"{"t":"2024-01-01T00:00:00Z"}"#]);
        assert!(
            text.starts_with("night.jsonl line 1 is not the header of a wirereport recording"),
            "{first}: {text}"
        );
        assert!(text.contains("wirereport record"), "it says what to do: {text}");
    }
}

#[test]
fn another_version_is_refused_by_its_number() {
    let header = HEADER.replace(r#""version":1"#, r#""version":7,"shape":"unheard of""#);
    let text = refusal(&[&header, r#"{"t":"2024-01-01T00:00:00Z"}"#]);
    assert_eq!(
        text,
        "night.jsonl line 1 is of format version 7, this wirereport reads version 1; \
         use a matching wirereport or make the recording again"
    );
}

#[test]
fn a_bad_line_is_named_with_what_is_wrong() {
    let cases = [
        ("nonsense", "expected ident at column 2)"),
        (r#"{"t":"2024-01-01T00:00:09Z","d":[{"zz":1}]}"#, "unknown field `zz`"),
        (r#"{"t":"2024-01-01T00:00:09Z","d":[{"c":"noonish"}]}"#, "`noonish` is not a clock"),
        (r#"{"t":"2024-01-01T00:00:09Z","d":[{"g":4,"n":1}]}"#, "game 4 changes, which no line declares"),
        (r#"{"t":"2024-01-01T00:00:09Z","board":[0,1]}"#, "the board shows game 1"),
        (
            r#"{"t":"yesterday"}"#,
            "four digit integer as year: invalid digit, expected 0-9 but got y at column 16)",
        ),
        (
            r#"{"t":"2024-01-01T00:00:09Z","games":[{"id":"h","home":"CCC","away":"AAA"}]}"#,
            "names team `CCC`",
        ),
    ];
    for (line, expected) in cases {
        let text =
            refusal(&[HEADER, r#"{"t":"2024-01-01T00:00:00Z"}"#, line, r#"{"t":"2024-01-01T00:01:00Z"}"#]);
        assert!(text.starts_with("night.jsonl line 3 is not a frame ("), "{text}");
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("mend that line"), "it says what to do: {text}");
    }
}

#[test]
fn time_that_goes_back_is_refused_and_time_that_stands_is_not() {
    let at = |time: &str| format!(r#"{{"t":"2024-01-01T{time}Z"}}"#);
    let text = refusal(&[HEADER, &at("00:00:10"), &at("00:00:09")]);
    assert!(
        text.contains("line 3 goes back in time, from 2024-01-01T00:00:10Z to 2024-01-01T00:00:09Z"),
        "{text}"
    );
    assert!(parse(&[HEADER, &at("00:00:10"), &at("00:00:10")]).is_ok());
}

#[test]
fn a_header_alone_and_a_missing_file_are_refused() {
    assert_eq!(refusal(&[HEADER]), "night.jsonl holds no frames; make the recording again");
    let error = Recording::read(Path::new("/nonexistent/night.jsonl")).expect_err("there is no such file");
    assert!(error.to_string().starts_with("read /nonexistent/night.jsonl: "), "{error}");
}

#[test]
fn a_line_cut_short_is_left_out_only_where_it_is_the_last() {
    let frames =
        [r#"{"t":"2024-01-01T00:00:00Z","board":[0]}"#, r#"{"t":"2024-01-01T00:00:15Z","d":[{"n":1}]}"#];
    let whole = format!("{HEADER}\n{}\n{}", frames[0], frames[1]);
    let complete = HEADER.len() + frames[0].len() + 2;
    for end in complete + 1..whole.len() {
        let recording =
            Recording::parse(Path::new("n.jsonl"), &whole.as_bytes()[..end]).expect("the rest is whole");
        assert_eq!((recording.frames().len(), recording.torn_line()), (1, Some(3)), "cut at {end}");
    }
    let unended =
        Recording::parse(Path::new("n.jsonl"), whole.as_bytes()).expect("only its line feed is missing");
    assert_eq!((unended.frames().len(), unended.torn_line()), (2, None));
    let text = refusal(&[HEADER, frames[0], &frames[1][..20], r#"{"t":"2024-01-01T00:00:30Z"}"#]);
    assert!(text.contains("line 3 is not a frame"), "{text}");
    let text = refusal(&[HEADER, frames[0], &frames[1][..20]]);
    assert!(text.contains("line 3 is not a frame"), "a line that was ended was not cut short: {text}");
}

#[test]
fn the_run_key_holds_the_name_and_changes_with_the_content() {
    let one = parse(&[HEADER, r#"{"t":"2024-01-01T00:00:00Z"}"#]).expect("right");
    let other = parse(&[HEADER, r#"{"t":"2024-01-01T00:00:01Z"}"#]).expect("right");
    assert_eq!(one.run_key(), parse(&[HEADER, r#"{"t":"2024-01-01T00:00:00Z"}"#]).expect("right").run_key());
    assert_ne!(one.run_key(), other.run_key());
    let (name, digest) =
        one.run_key().split_once('-').map(|(n, d)| (n.to_owned(), d.to_owned())).expect("two parts");
    assert_eq!((name.as_str(), digest.len()), ("night", 12));
}

fn clocks() -> impl Strategy<Value = Clock> {
    let half = prop_oneof![Just(Half::Top), Just(Half::Middle), Just(Half::Bottom), Just(Half::End)];
    prop_oneof![
        any::<u32>().prop_map(|millis| Clock::Left { millis }),
        (any::<u16>(), any::<u16>()).prop_map(|(minute, added)| Clock::Minute { minute, added }),
        (half, option::of(any::<u8>())).prop_map(|(half, outs)| Clock::Inning { half, outs }),
    ]
}

/// What a feed calls something: recordings hold it as it was cleaned.
fn words(pattern: &'static str) -> impl Strategy<Value = String> {
    pattern.prop_map(|text| clean(&text, NAME))
}

fn plays() -> impl Strategy<Value = Play> {
    let side = option::of(prop_oneof![Just(Which::Home), Just(Which::Away)]);
    let kind = prop_oneof![
        Just(PlayKind::Goal),
        Just(PlayKind::RedCard),
        Just(PlayKind::Score),
        Just(PlayKind::Other)
    ];
    let player = option::of(".{0,6}").prop_map(|name| name.and_then(|name| person(&name)));
    (option::of(".{0,6}"), side, any::<u32>(), kind, player, option::of(clocks()))
        .prop_map(|(id, side, points, kind, player, clock)| Play { id, side, points, kind, player, clock })
}

fn teams() -> impl Strategy<Value = Team> {
    ("[a-c]", words(".{0,8}"), "[A-C]{0,2}").prop_map(|(id, name, code)| Team {
        id,
        short_name: name.clone(),
        place: String::new(),
        name,
        code,
    })
}

fn sides() -> impl Strategy<Value = Side> {
    let numbers = (option::of(0..200u32), option::of(0..9u32), vec(0..50u32, 0..4));
    (teams(), numbers, option::of(1..25u8), option::of(any::<bool>())).prop_map(
        |(team, (score, shootout, periods), rank, winner)| Side {
            team,
            score,
            shootout,
            periods,
            rank,
            winner,
        },
    )
}

fn phases() -> impl Strategy<Value = Phase> {
    prop_oneof![
        Just(Phase::Scheduled),
        Just(Phase::Live),
        Just(Phase::Break),
        Just(Phase::Shootout),
        Just(Phase::Final),
        Just(Phase::Suspended),
        Just(Phase::Unknown),
    ]
}

prop_compose! {
    fn games()(
        id in 0..4u8,
        starts_at in option::of(0..2_000_000_000i64),
        (home, away) in (sides(), sides()),
        (phase, period, clock, neutral) in (phases(), any::<u8>(), option::of(clocks()), any::<bool>()),
        bases in option::of(any::<[bool; 3]>()),
        chance in option::of(0..=10_000i32),
        margin in option::of(-400_000..400_000i32),
        plays in vec(plays(), 0..3),
        note in option::of(words(".{0,12}").prop_filter("a note", |note| !note.is_empty())),
    ) -> Game {
        Game {
            feed_id: FeedGameId(format!("game {id}")),
            starts_at: starts_at.and_then(|second| Timestamp::from_second(second).ok()),
            home,
            away,
            phase,
            period,
            clock,
            neutral,
            bases: bases.map(|[first, second, third]| Bases { first, second, third }),
            home_win_probability: chance.map(|chance| f64::from(chance) / 1e4),
            expected_home_margin: margin.map(|margin| f64::from(margin) / 1e4),
            contest: None,
            leaders: Vec::new(),
            plays,
            note,
        }
    }
}

fn nights() -> impl Strategy<Value = Vec<Snapshot>> {
    vec((0..100_000i64, vec(games(), 0..5)), 1..8).prop_map(|polls| {
        let mut seen_at = Timestamp::UNIX_EPOCH;
        let mut night = Vec::new();
        for (millis, mut games) in polls {
            seen_at += SignedDuration::from_millis(millis);
            let mut ids = Vec::new();
            games.retain(|game| {
                let new = !ids.contains(&game.feed_id);
                ids.push(game.feed_id.clone());
                new
            });
            night.push(Snapshot { sport: SportKey::new("nba"), feed: "espn".to_owned(), seen_at, games });
        }
        night
    })
}

fn about() -> About {
    About {
        sport: SportKey::new("nba"),
        title: "a night".to_owned(),
        made_from: "proptest".to_owned(),
        clock: TimeBase::Real,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(night in nights()) {
        let made = Recording::of("night", &about(), &night).expect("a night has polls");
        let text = made.to_jsonl();
        let read = Recording::parse(Path::new("night.jsonl"), text.as_bytes()).expect("it was just written");
        prop_assert_eq!(&read, &made);
        prop_assert_eq!(read.snapshots("espn").collect::<Vec<_>>(), night);
        prop_assert_eq!(read.to_jsonl(), text);
    }

    #[test]
    fn no_bytes_at_all_make_the_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Recording::parse(Path::new("noise"), &bytes);
        let _ = Recording::parse(Path::new("noise"), &[HEADER.as_bytes(), b"\n", &bytes].concat());
    }

    #[test]
    fn a_clock_is_read_as_it_was_written(clock in clocks()) {
        let text = serde_json::to_string(&ClockText(clock)).expect("a clock is JSON");
        prop_assert_eq!(serde_json::from_str::<ClockText>(&text).expect("just written").0, clock);
    }
}
