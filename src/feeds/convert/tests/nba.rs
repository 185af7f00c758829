//! NBA play-by-plays.

use serde_json::{Value, json};
use wirereport_actors::wire::game::Phase;
use wirereport_actors::wire::game::Snapshot;

use super::super::{ConvertError, Options, Source, convert};
use super::{START, made, polls, scores, time};
use crate::feeds::recording::format::TimeBase;

fn action(period: u8, clock: &str, words: (&str, &str), score: (&str, &str)) -> Value {
    json!({
        "actionNumber": 1, "clock": clock, "period": period, "teamId": 0, "teamTricode": "", "location": "",
        "scoreHome": score.0, "scoreAway": score.1, "description": "", "actionType": words.0, "subType": words.1,
    })
}

fn nba(actions: &[Value]) -> Value {
    let named = |location: &str, code: &str| {
        let mut action = action(1, "PT12M00.00S", ("Jump Ball", ""), ("", ""));
        action["location"] = json!(location);
        action["teamTricode"] = json!(code);
        action
    };
    let actions = [&[named("h", "BOS"), named("v", "ATL")], actions].concat();
    json!({ "meta": {}, "game": { "gameId": "0022400001", "actions": actions } })
}

fn nba_without_times() -> Vec<Value> {
    let quarter = |period, end| {
        [
            action(period, "PT12M00.00S", ("period", "start"), ("0", "0")),
            action(period, "PT00M00.00S", ("period", "end"), end),
        ]
    };
    [quarter(1, ("0", "0")), quarter(2, ("0", "0")), quarter(3, ("0", "0")), quarter(4, ("1", "0"))].concat()
}

fn starting(at: &str) -> Options {
    Options { starts_at: Some(time(at)), ..Options::default() }
}

#[test]
fn a_game_without_any_time_of_day_is_stretched_to_the_length_of_a_usual_one() {
    let recording = made(&nba(&nba_without_times()), &starting(START)).expect("it is whole");
    assert_eq!(recording.header().clock, TimeBase::Stretched);
    let polls = polls(&recording);
    let at = |phase, period| {
        let stood = |poll: &&Snapshot| poll.games[0].phase == phase && poll.games[0].period == period;
        polls.iter().find(stood).map(|poll| poll.seen_at.duration_since(time(START)).as_mins())
    };
    assert_eq!(at(Phase::Live, 1), Some(0));
    assert_eq!(at(Phase::Break, 1), Some(28), "12 minutes at 115/48");
    assert_eq!(at(Phase::Live, 2), Some(31), "and 2½ minutes of break");
    assert_eq!(at(Phase::Live, 3), Some(75), "and 15 minutes of half-time");
    assert_eq!(at(Phase::Final, 4), Some(135));
}

#[test]
fn the_minutes_the_nba_does_say_are_kept_past_midnight_too() {
    let mut actions = nba_without_times();
    actions[0]["description"] = json!("Start of 1st Period (10:41 PM EST)");
    actions[7]["description"] = json!("End of 4th Period (1:03 AM EST)");
    let recording = made(&nba(&actions), &starting("2024-11-13T03:30:00Z")).expect("it is whole");
    let live = polls(&recording).into_iter().find(|poll| poll.games[0].phase == Phase::Live);
    assert_eq!(live.map(|poll| poll.seen_at), Some(time("2024-11-13T03:41:00Z")));
    let over = polls(&recording).into_iter().find(|poll| poll.games[0].phase == Phase::Final);
    assert_eq!(over.map(|poll| poll.seen_at), Some(time("2024-11-13T06:03:00Z")));
    // In summer time New York is an hour nearer, and the NBA writes EST all the same.
    let recording = made(&nba(&actions), &starting("2024-10-23T02:30:00Z")).expect("it is whole");
    let live = polls(&recording).into_iter().find(|poll| poll.games[0].phase == Phase::Live);
    assert_eq!(live.map(|poll| poll.seen_at), Some(time("2024-10-23T02:41:00Z")));
}

#[test]
fn free_throws_at_one_reading_of_the_clock_are_seen_apart() {
    let mut actions = nba_without_times();
    let free = |home| action(4, "PT00M10.00S", ("Free Throw", ""), (home, "0"));
    actions.splice(7..7, [free("1"), free("2"), free("3")]);
    actions[10]["scoreHome"] = json!("3");
    let recording = made(&nba(&actions), &starting(START)).expect("it is whole");
    assert_eq!(scores(&recording), [(0, 0), (1, 0), (2, 0), (3, 0)]);
}

#[test]
fn an_nba_file_says_what_it_lacks() {
    let whole = nba(&nba_without_times());
    let error = made(&whole, &Options::default()).expect_err("there is no date in it");
    assert_eq!(
        error.to_string(),
        "NBA stats play-by-play holds no date; say when the game was to start, such as 2024-11-13T00:00:00Z"
    );
    let half = nba(&nba_without_times()[..4]);
    let error = made(&half, &starting(START)).expect_err("it is half-time");
    assert_eq!(error, ConvertError::Unfinished { source_name: Source::NbaStats });
    let strange = whole.to_string().replace("BOS", "XYZ");
    let error = convert(strange.as_bytes(), "game", &starting(START)).expect_err("no such team");
    assert!(error.to_string().contains("no team known for location h (code XYZ)"), "{error}");
}
