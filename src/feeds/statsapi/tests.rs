use serde_json::{Value, json};
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Bases, Clock, Game, Half, Phase, Score};

use super::parse::board;

const DAY: jiff::civil::Date = jiff::civil::date(2026, 6, 1);

/// White Sox at Diamondbacks, 3-2 in the seventh.
fn game() -> Value {
    let frame = |home: u32, away: u32| json!({ "home": { "runs": home }, "away": { "runs": away } });
    json!({
        "gamePk": 1, "gameDate": "2026-06-01T23:40:00Z",
        "status": { "abstractGameState": "Live", "codedGameState": "I", "detailedState": "In Progress" },
        "teams": {
            "home": { "score": 3, "team": { "id": 109, "name": "Arizona Diamondbacks", "abbreviation": "AZ" } },
            "away": { "score": 2, "team": { "id": 145, "name": "Chicago White Sox", "abbreviation": "CWS" } },
        },
        "linescore": {
            "currentInning": 7, "inningState": "Top", "outs": 1, "teams": frame(3, 2),
            "innings": [frame(3, 0), { "home": {}, "away": { "runs": 2 } }],
        },
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut game = game();
    set(&mut game, path, value);
    game
}

fn set(game: &mut Value, path: &str, value: Value) {
    let (parent, key) = path.rsplit_once('/').unwrap();
    game.pointer_mut(parent).unwrap()[key] = value;
}

fn state(abstractly: &str, coded: &str, wording: &str) -> Value {
    with(
        "/status",
        json!({ "abstractGameState": abstractly, "codedGameState": coded, "detailedState": wording }),
    )
}

fn page(games: &[Value]) -> Vec<u8> {
    json!({ "dates": [{ "date": "2026-06-01", "games": games }] }).to_string().into_bytes()
}

fn read(game: &Value) -> Game {
    let mut board = board(&page(std::slice::from_ref(game)), DAY).unwrap();
    board.games.pop().unwrap()
}

#[test]
fn a_game_under_way_is_read_with_its_inning() {
    let game = read(&game());
    assert_eq!((game.phase, game.period, game.score()), (Phase::Live, 7, Some(Score { home: 3, away: 2 })));
    assert_eq!(game.clock, Some(Clock::Inning { half: Half::Top, outs: Some(1) }));
    assert_eq!((game.home.periods, game.away.periods), (vec![3], vec![0, 2]));
    assert_eq!(game.starts_at, Some("2026-06-01T23:40:00Z".parse().unwrap()));
}

#[test]
fn teams_have_the_codes_and_places_of_the_other_feeds() {
    let game = read(&game());
    let of = |team: &wirereport_actors::wire::game::Team| {
        (team.code.clone(), team.place.clone(), team.short_name.clone(), team.name.clone())
    };
    let team = |texts: [&str; 4]| {
        let [code, place, short_name, name] = texts.map(str::to_owned);
        (code, place, short_name, name)
    };
    assert_eq!(of(&game.home.team), team(["ARI", "Arizona", "Diamondbacks", "Arizona Diamondbacks"]));
    assert_eq!(of(&game.away.team), team(["CHW", "Chicago", "White Sox", "Chicago White Sox"]));
    let athletics = with("/teams/home/team", json!({ "id": 133, "name": "Athletics" }));
    assert_eq!(of(&read(&athletics).home.team), team(["ATH", "Athletics", "Athletics", "Athletics"]));
}

#[test]
fn another_name_under_a_clubs_id_is_believed_before_the_list() {
    let names = json!({ "id": 146, "name": "Miami Herons", "abbreviation": "MIA", "teamName": "Herons",
                        "franchiseName": "Miami" });
    let team = read(&with("/teams/home/team", names)).home.team;
    assert_eq!((team.short_name.as_str(), team.place.as_str()), ("Herons", "Miami"));
}

#[test]
fn a_place_that_is_held_for_a_team_is_told_by_its_sign() {
    let names = json!({ "id": 4924, "name": "AL Champion", "placeholder": true });
    assert_eq!(read(&with("/teams/home/team", names)).home.team.id, "-4924");
}

#[test]
fn only_a_coded_final_that_is_abstractly_final_is_one() {
    for (abstractly, coded, wording, phase) in [
        ("Final", "F", "Final", Phase::Final),
        ("Final", "F", "Completed Early: Rain", Phase::Final),
        ("Final", "O", "Game Over", Phase::Final),
        ("Live", "O", "Game Over", Phase::Unknown),
        ("Final", "D", "Postponed: Rain", Phase::Postponed),
        ("Final", "D", "Postponed", Phase::Postponed),
        ("Final", "C", "Cancelled", Phase::Cancelled),
        ("Live", "T", "Suspended: Rain", Phase::Suspended),
        ("Final", "U", "Suspended", Phase::Suspended),
        ("Final", "F", "Forfeit: Willful Rule Violation", Phase::Unknown),
        ("Final", "R", "Forfeit", Phase::Unknown),
        ("Live", "I", "In Progress", Phase::Live),
        ("Live", "M", "Manager challenge: Tag play", Phase::Live),
        ("Live", "N", "Umpire review: Home run", Phase::Live),
        ("Live", "I", "Delayed: Rain", Phase::Delayed),
        ("Preview", "P", "Delayed Start: Rain", Phase::Delayed),
        ("Preview", "S", "Scheduled", Phase::Scheduled),
        ("Preview", "P", "Pre-Game", Phase::Scheduled),
        ("Live", "P", "Warmup", Phase::Scheduled),
        ("Final", "I", "In Progress", Phase::Unknown),
        ("Preview", "X", "Something new", Phase::Unknown),
    ] {
        assert_eq!(read(&state(abstractly, coded, wording)).phase, phase, "{wording}");
    }
}

#[test]
fn nothing_is_read_of_a_game_that_has_not_begun() {
    for coded in ["S", "P"] {
        let game = read(&state("Preview", coded, "Delayed Start: Rain"));
        assert_eq!((game.score(), game.period, game.clock), (None, 0, None));
        assert_eq!(game.home.periods, Vec::<u32>::new());
    }
    let postponed = read(&state("Final", "D", "Postponed: Rain"));
    assert_eq!((postponed.score(), postponed.period), (None, 0));
    assert_eq!(postponed.note.as_deref(), Some("Rain"));
}

#[test]
fn a_game_held_up_under_way_keeps_score_and_inning_and_says_why() {
    for held_up in [state("Live", "I", "Delayed: Rain"), state("Live", "T", "Suspended: Rain")] {
        let game = read(&held_up);
        assert_eq!((game.score(), game.period), (Some(Score { home: 3, away: 2 }), 7));
        assert_eq!(game.note.as_deref(), Some("Rain"));
    }
}

#[test]
fn a_missing_line_score_is_never_nil_nil() {
    let mut missing = with("/teams/home/score", json!(0));
    set(&mut missing, "/teams/away/score", json!(0));
    for linescore in [json!(null), json!({}), json!({ "teams": { "home": {}, "away": {} } }), json!("gone")] {
        set(&mut missing, "/linescore", linescore);
        let game = read(&missing);
        assert_eq!((game.phase, game.home.score, game.away.score), (Phase::Live, None, None));
    }
}

#[test]
fn scores_that_contradict_each_other_are_none() {
    let game = read(&with("/teams/home/score", json!(4)));
    assert_eq!((game.home.score, game.away.score), (None, Some(2)));
}

#[test]
fn a_final_is_read_without_a_line_score_and_names_its_winner() {
    let mut game = state("Final", "F", "Final");
    set(&mut game, "/linescore", json!(null));
    set(&mut game, "/teams/home/isWinner", json!(true));
    set(&mut game, "/teams/away/isWinner", json!(false));
    let game = read(&game);
    assert_eq!((game.phase, game.score()), (Phase::Final, Some(Score { home: 3, away: 2 })));
    assert_eq!((game.home.winner, game.away.winner, game.clock), (Some(true), Some(false), None));
}

#[test]
fn three_outs_end_a_half_also_where_the_feed_has_not_turned_it() {
    for (state, outs, half, left) in [
        ("Top", 3, Half::Middle, None),
        ("Bottom", 3, Half::End, None),
        ("Bottom", 2, Half::Bottom, Some(2)),
        ("Middle", 3, Half::Middle, None),
        ("End", 0, Half::End, None),
    ] {
        let mut game = with("/linescore/inningState", json!(state));
        set(&mut game, "/linescore/outs", json!(outs));
        assert_eq!(read(&game).clock, Some(Clock::Inning { half, outs: left }), "{state} {outs}");
    }
}

#[test]
fn a_start_that_is_still_open_is_none() {
    assert_eq!(read(&with("/status/startTimeTBD", json!(true))).starts_at, None);
}

#[test]
fn the_games_of_a_doubleheader_are_two_and_a_game_listed_twice_is_one() {
    let second = with("/gamePk", json!(2));
    let board = board(&page(&[game(), second, game()]), DAY).unwrap();
    let ids: Vec<&str> = board.games.iter().map(|game| game.feed_id.0.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
}

#[test]
fn a_game_that_cannot_be_read_is_left_out_and_a_board_of_such_is_an_error() {
    let broken = with("/teams/home/score", json!("-3"));
    let whole = board(&page(&[broken.clone(), with("/gamePk", json!(2))]), DAY).unwrap();
    assert_eq!((whole.games.len(), whole.skipped.len()), (1, 1));
    assert_eq!(whole.skipped[0].reason, "score `-3`");
    assert!(matches!(board(&page(&[broken]), DAY), Err(FeedError::Malformed { .. })));
}

#[test]
fn a_day_without_games_is_empty_and_another_day_is_no_answer() {
    assert_eq!(board(br#"{"totalGames":0,"dates":[]}"#, DAY).unwrap().games, []);
    let found = "the schedule of 2026-06-01".to_owned();
    assert_eq!(board(&page(&[game()]), DAY.tomorrow().unwrap()), Err(FeedError::NotABoard { found }));
}

#[test]
fn the_feeds_own_errors_are_told_apart_from_boards() {
    let error = board(br#"{"messageNumber":10,"message":"Object not found","timestamp":"x"}"#, DAY);
    assert_eq!(error, Err(FeedError::ErrorBody { code: 10, message: "Object not found".into() }));
    assert_eq!(board(br#"{"dates":[{"#, DAY), Err(FeedError::Truncated { at: 11 }));
    assert!(matches!(board(b"<html>", DAY), Err(FeedError::Malformed { .. })));
    assert!(matches!(board(b"[]", DAY), Err(FeedError::Malformed { .. })));
}

#[test]
fn who_is_on_base_is_taken_while_a_side_is_at_bat() {
    let bases = |state: &str, offense: Value| {
        let mut game = with("/linescore/inningState", json!(state));
        set(&mut game, "/linescore/offense", offense);
        read(&game).bases
    };
    let corners = json!({ "batter": { "id": 1 }, "first": { "id": 2 }, "third": { "id": 3 } });
    assert_eq!(bases("Top", corners.clone()), Some(Bases { first: true, second: false, third: true }));
    assert_eq!(bases("Bottom", json!({ "batter": { "id": 1 } })), Some(Bases::default()));
    assert_eq!(bases("Middle", corners), None);
    assert_eq!(bases("Top", Value::Null), None);
}
