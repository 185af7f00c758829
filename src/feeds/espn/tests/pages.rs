//! Which pages are boards, and what the others are.

use proptest::prelude::*;
use wirereport_actors::ports::feed::FeedError;

use super::parse::Reason;
use super::*;

fn read(key: &str, body: &Value) -> Result<Board, FeedError> {
    parse::board(body.to_string().as_bytes(), &league(key))
}

fn not_a_board(found: &str) -> Result<Board, FeedError> {
    Err(FeedError::NotABoard { found: found.into() })
}

#[test]
fn an_empty_board_is_a_board() {
    assert_eq!(read("nfl", &json!({ "leagues": [{ "slug": "nfl" }], "events": [] })).unwrap().games, []);
}

#[test]
fn the_cdns_page_is_read_like_the_scoreboard() {
    let page = json!({ "content": { "sbData": { "leagues": [{ "slug": "nfl" }], "events": [live()] } } });
    assert_eq!(read("nfl", &page).unwrap().games, [game_of("nfl", live())]);
}

#[test]
fn the_header_board_is_read_for_the_league_alone() {
    let status = live()["competitions"][0]["status"].clone();
    let flat = |home_away: &str, id: &str, code: &str, score: &str| {
        json!({ "id": id, "homeAway": home_away, "displayName": format!("{code} Club"), "name": code,
                "abbreviation": code, "location": format!("{code} Town"), "score": score })
    };
    let event = json!({ "id": "401772792", "uid": "s:20~l:28~e:401772792~c:401772792", "date": "2025-12-07T18:00:00Z",
        "status": "in", "fullStatus": status, "competitors": [flat("away", "18", "NO", "7"), flat("home", "27", "TB", "10")] });
    let page = json!({ "sports": [{ "leagues": [{ "slug": "ufl", "events": [] }, { "slug": "nfl", "events": [event] }] }] });
    assert_eq!(read("nfl", &page).unwrap().games, [game_of("nfl", live())]);
    assert_eq!(read("nba", &page), not_a_board("a header board without the league"));
}

#[test]
fn another_leagues_board_is_refused() {
    let board = json!({ "leagues": [{ "slug": "nba-development" }], "events": [live()] });
    assert_eq!(read("nba", &board), not_a_board("the board of nba-development"));
}

#[test]
fn pages_that_are_no_boards_are_named() {
    for (page, found) in [
        (json!({ "boxscore": {}, "header": {}, "news": {} }), "a game summary"),
        (json!({ "header": "NBA News", "articles": [] }), "a list of news"),
        (json!({ "injuries": [] }), "a list of injuries"),
        (json!({ "count": 1, "items": [] }), "a resource of the core API"),
        (json!({ "$ref": "http://core", "clock": 1.0 }), "a resource of the core API"),
        (json!({}), "JSON without events"),
        (json!({ "events": null }), "JSON without events"),
    ] {
        assert_eq!(read("nba", &page), not_a_board(found), "{page}");
    }
}

#[test]
fn errors_in_place_of_a_board_are_read_in_all_three_shapes() {
    let error = |code, message: &str| Err(FeedError::ErrorBody { code, message: message.into() });
    assert_eq!(read("nba", &json!({ "code": 404 })), error(404, ""));
    assert_eq!(
        read("nba", &json!({ "code": 400, "message": "no events", "detail": 1 })),
        error(400, "no events")
    );
    assert_eq!(read("nba", &json!({ "error": { "message": "none", "code": 404 } })), error(404, "none"));
    assert_eq!(read("nba", &json!({ "error": "down" })), error(0, ""));
}

#[test]
fn a_body_cut_short_is_told_from_one_that_is_wrong() {
    let body = json!({ "events": [live()] }).to_string();
    let league = league("nfl");
    for at in [0, 1, 20, body.len() / 2, body.len() - 1] {
        assert_eq!(parse::board(&body.as_bytes()[..at], &league), Err(FeedError::Truncated { at }), "{at}");
    }
    for wrong in ["<html>Access Denied</html>", "{\"events\":[]} trailing", "{\"events\":{}}", "\u{feff}{}"] {
        assert!(
            matches!(parse::board(wrong.as_bytes(), &league), Err(FeedError::Malformed { .. })),
            "{wrong}"
        );
    }
}

#[test]
fn one_bad_event_does_not_lose_the_board() {
    let broken = json!({ "id": "1", "competitions": "none" });
    let board = board_of("nfl", &[broken, json!(null), live()]);
    assert_eq!((board.games.len(), board.skipped.len(), board.listed), (1, 2, 3));
}

#[test]
fn a_board_of_which_no_event_can_be_read_is_malformed() {
    let nameless = changed(live(), "/competitions/0/competitors/0/team", json!({ "id": "27" }));
    let expected = "none of 1 events can be read; event 401772792: a side without a name";
    assert_eq!(
        read("nfl", &json!({ "events": [nameless] })),
        Err(FeedError::Malformed { detail: expected.into() })
    );
}

#[test]
fn contests_of_athletes_and_tournaments_invent_no_sides() {
    let bout = json!({ "id": "1", "uid": "s:3301~l:3321~e:1", "competitions": [] });
    let athletes =
        json!([{ "id": "9", "athlete": {}, "score": "-14" }, { "id": "8", "athlete": {}, "score": "-13" }]);
    let golf = json!({ "id": "2", "competitions": [{ "competitors": athletes }] });
    let race = json!({ "id": "3", "competitions": [{ "competitors": [] }] });
    let tournament = json!({ "id": "4", "groupings": [], "competitions": [{}, {}] });
    for (event, found) in [
        (bout, "an event of the feed's sport 3301"),
        (golf, "a contest of athletes"),
        (race, "a contest of 0"),
        (tournament, "an event of 2 contests"),
    ] {
        assert_eq!(read("nba", &json!({ "events": [event] })), not_a_board(found));
    }
}

#[test]
fn another_sports_event_is_left_out_of_a_mixed_board() {
    let baseball = changed(changed(live(), "/uid", "s:1~l:10~e:5"), "/id", "5");
    let board = board_of("nfl", &[baseball, live()]);
    assert_eq!(board.games.len(), 1);
    assert_eq!(board.skipped[0].reason, Reason::Foreign("an event of the feed's sport 1".into()));
}

#[test]
fn both_games_of_a_doubleheader_are_kept_and_a_repeated_event_once() {
    let second = changed(live(), "/id", "401772793");
    assert_eq!(board_of("nfl", &[live(), second, live()]).games.len(), 2);
}

/// Any JSON, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop::sample::select(vec!["id", "value", "displayValue", "type", "team", "clock", "other"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn any_place() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "/id",
        "/uid",
        "/date",
        "/status",
        "/competitions",
        "/competitions/0",
        "/competitions/0/competitors",
        "/competitions/0/competitors/0",
        "/competitions/0/competitors/0/id",
        "/competitions/0/competitors/0/score",
        "/competitions/0/competitors/0/team",
        "/competitions/0/competitors/0/linescores",
        "/competitions/0/competitors/1/homeAway",
        "/competitions/0/competitors/1/team/displayName",
        "/competitions/0/status",
        "/competitions/0/status/clock",
        "/competitions/0/status/period",
        "/competitions/0/status/type",
        "/competitions/0/status/type/state",
        "/competitions/0/situation",
        "/competitions/0/odds",
        "/competitions/0/details",
        "/competitions/0/notes",
    ])
}

proptest! {
    #[test]
    fn whatever_stands_in_one_place_the_other_game_is_kept(place in any_place(), value in any_json()) {
        let board = board_of("nfl", &[changed(live(), place, value), changed(live(), "/id", "2")]);
        prop_assert!(board.games.iter().any(|game| game.feed_id.0 == "2"));
        prop_assert_eq!(board.games.len() + board.skipped.len(), board.listed);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(parse::board(&bytes, &league("nfl")).is_err());
    }
}
