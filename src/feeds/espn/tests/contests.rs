use wirereport_actors::wire::contest::{Contest, Ending};
use wirereport_actors::wire::game::{Game, Phase, Score, Which};

use super::*;

fn over(name: &str) -> Value {
    status("3", name, "post", true, "Final")
}

fn player(order: u32, name: &str, winner: Option<bool>, sets: &[f64]) -> Value {
    let sets: Vec<Value> = sets.iter().map(|games| json!({ "value": games })).collect();
    let home_away = if order == 1 { "home" } else { "away" };
    json!({
        "id": format!("9{order}"), "order": order, "homeAway": home_away, "winner": winner,
        "athlete": { "displayName": name }, "linescores": sets,
    })
}

fn tennis(status: impl Into<Value>, competitors: impl Into<Value>) -> Value {
    json!({
        "id": "158610", "date": "2025-06-06T12:30Z", "timeValid": true, "status": status.into(),
        "competitors": competitors.into(), "type": { "id": "1", "text": "Men's Singles" },
        "round": { "displayName": "Semifinal" },
    })
}

fn grouped(competitions: impl Into<Value>) -> Value {
    json!({
        "id": "172-2025", "uid": "s:850~l:851~e:172-2025", "date": "2025-05-19T04:00Z", "name": "Roland Garros",
        "status": over("STATUS_FINAL"), "groupings": [{ "competitions": competitions.into() }],
    })
}

/// The contests of an event, by the feed of that league.
fn games(key: &str, event: Value) -> Vec<Game> {
    let board = board_of(key, &[event]);
    assert_eq!(board.skipped, []);
    board.games
}

fn contest(key: &str, event: Value) -> (Phase, Contest) {
    let game = games(key, event).remove(0);
    (game.phase, game.contest.unwrap())
}

fn field(uid: &str, name: &str, competition: impl Into<Value>) -> Value {
    json!({ "id": "7", "uid": uid, "name": name, "status": over("STATUS_FINAL"), "competitions": [competition.into()] })
}

fn race(status: impl Into<Value>, competitors: impl Into<Value>) -> Value {
    field(
        "s:2000~l:2030~e:7",
        "Azerbaijan Grand Prix",
        json!({ "id": "71", "date": "2023-04-30T11:00Z", "status": status.into(), "competitors": competitors.into(),
                "type": { "id": "3", "abbreviation": "Race" } }),
    )
}

fn driver(order: Option<u32>, name: &str, winner: bool) -> Value {
    json!({ "id": name, "order": order, "winner": winner, "athlete": { "displayName": name } })
}

fn golf(competitors: impl Into<Value>) -> Value {
    let status = over("STATUS_FINAL");
    field(
        "s:1100~l:1106~e:7",
        "the Memorial Tournament pres. by Somebody",
        json!({ "id": "72", "date": "2025-05-29T04:00Z", "status": status, "competitors": competitors.into() }),
    )
}

fn golfer(order: u32, name: &str, score: &str) -> Value {
    json!({ "id": name, "order": order, "score": score, "athlete": { "displayName": name } })
}

fn standings(contest: &Contest) -> Vec<(&str, Option<i32>)> {
    contest.standings.iter().map(|standing| (standing.name.as_str(), standing.to_par)).collect()
}

#[test]
fn a_match_is_read_with_its_sets_from_either_shape_of_a_tournament() {
    let competition = || {
        let players = vec![
            player(2, "B. Guest", Some(false), &[3.0, 6.0, 6.0]),
            player(1, "A. Host", Some(true), &[6.0, 4.0, 7.0]),
        ];
        tennis(over("STATUS_FINAL"), players)
    };
    let mut flat = grouped(Vec::<Value>::new());
    flat["competitions"] = json!([competition()]);
    for event in [grouped(vec![competition()]), flat] {
        let (phase, contest) = contest("atp", event);
        assert_eq!(
            (phase, contest.winner, contest.ending),
            (Phase::Final, Some(Which::Home), Ending::Played)
        );
        let set = |home, away| Score { home, away };
        assert_eq!(contest.sets, [set(6, 3), set(4, 6), set(7, 6)]);
        assert_eq!(contest.event, "Roland Garros");
        assert_eq!(contest.part.as_deref(), Some("Men's Singles Semifinal"));
    }
}

#[test]
fn the_contests_own_status_counts_and_not_the_events() {
    let players = || vec![player(1, "A. Host", None, &[]), player(2, "B. Guest", None, &[])];
    let before = status("1", "STATUS_SCHEDULED", "pre", false, "8:30 AM");
    let (phase, contest_before) = contest("atp", grouped(vec![tennis(before, players())]));
    assert_eq!((phase, contest_before.winner), (Phase::Scheduled, None));
    let grid = vec![driver(Some(1), "A. First", false), driver(Some(2), "B. Second", false)];
    let before = status("1", "STATUS_SCHEDULED", "pre", false, "7:00 AM");
    let (phase, race) = contest("f1", race(before, grid));
    assert_eq!((phase, race.standings.len()), (Phase::Scheduled, 0));
}

#[test]
fn a_walkover_and_a_retirement_are_told_apart() {
    let players =
        |sets: &[f64]| vec![player(1, "A. Host", Some(true), sets), player(2, "B. Guest", Some(false), sets)];
    let (phase, walkover) = contest("atp", grouped(vec![tennis(over("STATUS_WALKOVER"), players(&[]))]));
    assert_eq!((phase, walkover.ending), (Phase::Final, Ending::Walkover));
    assert_eq!(walkover.winner, Some(Which::Home));
    let (phase, retired) = contest("atp", grouped(vec![tennis(over("STATUS_RETIRED"), players(&[2.0]))]));
    assert_eq!((phase, retired.ending, retired.sets.len()), (Phase::Final, Ending::Retired, 1));
}

#[test]
fn a_winner_whom_the_sets_contradict_is_none() {
    let players =
        vec![player(1, "A. Host", Some(true), &[3.0, 4.0]), player(2, "B. Guest", Some(false), &[6.0, 6.0])];
    assert_eq!(contest("atp", grouped(vec![tennis(over("STATUS_FINAL"), players)])).1.winner, None);
    let both = vec![player(1, "A. Host", Some(true), &[]), player(2, "B. Guest", Some(true), &[])];
    assert_eq!(contest("atp", grouped(vec![tennis(over("STATUS_FINAL"), both)])).1.winner, None);
}

#[test]
fn each_tour_has_its_own_half_of_a_joint_tournament() {
    let womens = |number: &str| {
        let players = vec![player(1, "A. Host", None, &[]), player(2, "B. Guest", None, &[])];
        let mut one = tennis(status("1", "STATUS_SCHEDULED", "pre", false, ""), players);
        one["type"]["id"] = json!(number);
        one["id"] = json!(number);
        one
    };
    let all = || grouped(["1", "2", "3", "4", "6"].map(womens).to_vec());
    let ids = |key| games(key, all()).into_iter().map(|game| game.feed_id.0).collect::<Vec<_>>();
    assert_eq!(ids("atp"), ["1", "3", "6"]);
    assert_eq!(ids("wta"), ["2", "4"]);
}

#[test]
fn a_match_whose_sides_are_not_known_is_passed_over_and_a_pair_has_one_name() {
    let mut pair = player(1, "", None, &[]);
    pair["athlete"] = Value::Null;
    pair["roster"] = json!({ "displayName": "A. One / B. Two" });
    let open =
        tennis(over("STATUS_FINAL"), vec![player(1, "TBD", None, &[]), player(2, "B. Guest", None, &[])]);
    let mut known = tennis(over("STATUS_FINAL"), vec![pair, player(2, "C. Three", None, &[])]);
    known["id"] = json!("2");
    let games = games("atp", grouped(vec![open, known]));
    assert_eq!(games.len(), 1);
    assert_eq!(games[0].home.team.name, "A. One and B. Two");
}

#[test]
fn a_bout_is_told_by_its_winner_and_its_weight() {
    let fighters = |winner| {
        vec![
            json!({ "id": "1", "order": 1, "winner": winner, "athlete": { "displayName": "A. Red" } }),
            json!({ "id": "2", "order": 2, "winner": false, "athlete": { "displayName": "B. Blue" } }),
        ]
    };
    let card = |status: Value, winner| {
        let bout = json!({ "id": "5", "date": "2022-12-17T21:00Z", "status": status,
                           "competitors": fighters(winner), "type": { "abbreviation": "Bantamweight" } });
        field("s:3301~l:3321~e:7", "UFC Fight Night: Red vs. Blue", bout)
    };
    let (phase, bout) = contest("ufc", card(over("STATUS_FINAL"), true));
    assert_eq!((phase, bout.winner), (Phase::Final, Some(Which::Home)));
    assert_eq!((bout.event.as_str(), bout.part.as_deref()), ("UFC Fight Night", Some("Bantamweight")));
    assert_eq!(contest("ufc", card(over("STATUS_FINAL"), false)).1.winner, None, "a draw");
    let before = status("1", "STATUS_SCHEDULED", "pre", false, "");
    assert_eq!(contest("ufc", card(before, true)).1.winner, None, "before the bout");
}

#[test]
fn a_race_has_its_first_three_where_their_order_is_whole() {
    let grid = |orders: [Option<u32>; 3], winner: usize| {
        let names = ["A. First", "B. Second", "C. Third"];
        let one = |(at, name): (usize, &str)| driver(orders[at], name, at == winner);
        let drivers: Vec<Value> = names.into_iter().enumerate().map(one).rev().collect();
        let (_, race) = contest("f1", race(over("STATUS_FINAL"), drivers));
        standings(&race).into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(grid([Some(1), Some(2), Some(3)], 0), ["A. First", "B. Second", "C. Third"]);
    assert!(grid([Some(1), Some(2), Some(3)], 1).is_empty(), "another one is called the winner");
    assert!(grid([Some(1), Some(1), Some(3)], 0).is_empty());
    assert!(grid([None, Some(2), Some(3)], 0).is_empty());
}

#[test]
fn practice_and_qualifying_are_passed_over() {
    let mut practice = race(over("STATUS_FINAL"), Vec::<Value>::new());
    practice["competitions"][0]["type"] = json!({ "id": "1", "abbreviation": "FP1" });
    assert_eq!(games("f1", practice), []);
}

#[test]
fn a_leader_board_says_no_more_than_its_scores_tell_apart() {
    let board = |scores: [&str; 3]| {
        let names = ["A. First", "B. Second", "C. Third"];
        names.iter().zip(scores).zip(1..).map(|((name, score), n)| golfer(n, name, score)).collect::<Vec<_>>()
    };
    let of = |competitors: Vec<Value>| {
        let (_, contest) = contest("pga", golf(competitors));
        standings(&contest).into_iter().map(|(name, par)| (name.to_owned(), par)).collect::<Vec<_>>()
    };
    let first = || ("A. First".to_owned(), Some(-10));
    let second = || ("B. Second".to_owned(), Some(-6));
    assert_eq!(of(board(["-10", "-6", "E"])), [first(), second(), ("C. Third".to_owned(), Some(0))]);
    assert_eq!(of(board(["-10", "-6", "-6"])), [first()], "two are level behind the first");
    assert_eq!(of(board(["-10", "-10", "-6"])), [], "a play-off that the board does not show");
    assert_eq!(of(board(["+3", "-6", "E"])), [], "the first is not the best");
    assert_eq!(of(board(["48", "40", "39"])), [], "points, and not strokes");
    let mut decided = board(["-10", "-10", "-6"]);
    decided[0]["winner"] = json!(true);
    assert_eq!(of(decided), [first()]);
    let mut other = board(["-10", "-6", "-5"]);
    other[1]["winner"] = json!(true);
    assert_eq!(of(other), []);
    assert_eq!(contest("pga", golf(Vec::<Value>::new())).1.event, "Memorial Tournament");
}

#[test]
fn an_event_of_another_sport_and_a_contest_of_three_are_refused_by_name() {
    let board = board_of_refused("atp", golf(Vec::<Value>::new()));
    assert_eq!(board, "an event of the feed's sport 1100");
    let three: Vec<Value> = (1..4).map(|n| player(n, "A. Player", None, &[])).collect();
    let board = board_of_refused("atp", grouped(vec![tennis(over("STATUS_FINAL"), three)]));
    assert_eq!(board, "a contest of 3");
}

/// Why an event beside a good one gives nothing.
fn board_of_refused(key: &str, event: Value) -> String {
    let players = vec![player(1, "A. Host", None, &[]), player(2, "B. Guest", None, &[])];
    let mut good = grouped(vec![tennis(over("STATUS_FINAL"), players)]);
    good["groupings"][0]["competitions"][0]["id"] = json!("good");
    let board = board_of(key, &[event, good]);
    board.skipped[0].reason.as_str().to_owned()
}
