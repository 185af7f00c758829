use std::time::Duration;

use jiff::civil::{Date, date};
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Clock, Game, Phase, Score, Team};
use wirereport_actors::wire::quota::{Limit, Reading};
use wirereport_actors::wire::sport::Sport;

use super::{board, leagues, limits};
use crate::feeds::daily::Board;

const DAY: Date = date(2026, 1, 10);

fn sport(key: &str) -> Sport {
    Sport::of(key).unwrap()
}

fn envelope(entries: &[Value]) -> Value {
    json!({ "get": "games", "parameters": { "date": "2026-01-10" }, "errors": [], "results": entries.len(),
            "response": entries })
}

fn read_board(key: &str, entries: &[Value]) -> Result<Board, FeedError> {
    board(envelope(entries).to_string().as_bytes(), &sport(key), DAY)
}

fn read(key: &str, entry: Value) -> Game {
    read_board(key, &[entry]).unwrap().games.pop().unwrap()
}

/// Why an entry is left out.
fn left_out(key: &str, entry: Value) -> String {
    match read_board(key, &[entry]) {
        Err(FeedError::Malformed { detail }) => detail.rsplit_once(": ").unwrap().1.to_owned(),
        other => panic!("{other:?}"),
    }
}

fn with(mut entry: Value, path: &str, value: Value) -> Value {
    *entry.pointer_mut(path).unwrap() = value;
    entry
}

/// Suns at Knicks in the third quarter, 71-68.
fn nba() -> Value {
    json!({
        "id": 12637, "league": "standard", "date": { "start": "2026-01-10T00:30:00.000Z" },
        "status": { "clock": "4:57", "halftime": false, "short": 2, "long": "In Play" },
        "periods": { "current": 3, "total": 4, "endOfPeriod": false },
        "teams": {
            "visitors": { "id": 28, "name": "Phoenix Suns", "nickname": "Suns", "code": "PHX" },
            "home": { "id": 24, "name": "New York Knicks", "nickname": "Knicks", "code": "NYK" },
        },
        "scores": {
            "visitors": { "linescore": ["30", "25", "16", ""], "points": 71 },
            "home": { "linescore": ["28", "27", "13", ""], "points": 68 },
        },
    })
}

/// Bills at Chiefs in the fourth quarter, 17-20.
fn nfl() -> Value {
    let points = |quarters: [u32; 4], total: u32| {
        json!({ "quarter_1": quarters[0], "quarter_2": quarters[1], "quarter_3": quarters[2],
            "quarter_4": quarters[3], "overtime": null, "total": total })
    };
    json!({
        "game": { "id": 7532, "stage": "Regular Season", "week": "Week 18",
                  "date": { "timezone": "UTC", "date": "2026-01-10", "timestamp": 1_768_080_600 },
                  "status": { "short": "Q4", "long": "Fourth Quarter", "timer": "02:05" } },
        "league": { "id": 1, "name": "NFL", "season": "2025" },
        "teams": { "home": { "id": 17, "name": "Kansas City Chiefs" }, "away": { "id": 20, "name": "Buffalo Bills" } },
        "scores": { "home": points([7, 3, 7, 3], 20), "away": points([0, 10, 7, 0], 17) },
    })
}

/// Wolves at Brighton in the second half, 1-2.
fn soccer() -> Value {
    let none = || json!({ "home": null, "away": null });
    json!({
        "fixture": { "id": 867_986, "date": "2026-01-10T15:00:00+00:00",
                     "status": { "long": "Second Half", "short": "2H", "elapsed": 78, "extra": null } },
        "league": { "id": 39, "name": "Premier League", "country": "England", "season": 2025 },
        "teams": { "home": { "id": 51, "name": "Brighton", "winner": false },
                   "away": { "id": 39, "name": "Wolves", "winner": true } },
        "goals": { "home": 1, "away": 2 },
        "score": { "halftime": { "home": 1, "away": 0 }, "fulltime": none(), "extratime": none(), "penalty": none() },
    })
}

fn code_place_nickname(team: &Team) -> [&str; 3] {
    [&team.code, &team.place, &team.short_name]
}

#[test]
fn a_basketball_game_under_way_is_read_with_its_clock_and_under_the_other_feeds_codes() {
    let game = read("nba", nba());
    assert_eq!((game.phase, game.period, game.score()), (Phase::Live, 3, Some(Score { home: 68, away: 71 })));
    assert_eq!(game.clock, Some(Clock::Left { millis: 297_000 }));
    assert_eq!(code_place_nickname(&game.home.team), ["NY", "New York", "Knicks"]);
    assert_eq!(
        (game.away.team.code.as_str(), game.away.periods.as_slice()),
        ("PHX", [30, 25, 16].as_slice())
    );
    assert_eq!(game.starts_at, Some("2026-01-10T00:30:00Z".parse().unwrap()));
    for (text, millis) in [("38.5", 38_500), (":07.1", 7_100), ("12:00", 720_000)] {
        let game = read("nba", with(nba(), "/status/clock", text.into()));
        assert_eq!(game.clock, Some(Clock::Left { millis }), "{text}");
    }
    for text in ["13:00", "4:77", "late", ""] {
        assert_eq!(read("nba", with(nba(), "/status/clock", text.into())).clock, None, "{text}");
    }
}

#[test]
fn basketballs_phases_are_the_statuss() {
    let halftime = with(with(nba(), "/status/halftime", true.into()), "/periods/current", 2.into());
    let at_half = |entry: Value, side: &str, points: u32| {
        let entry = with(entry, &format!("/scores/{side}/linescore"), json!([points - 20, 20, "", ""]));
        with(entry, &format!("/scores/{side}/points"), points.into())
    };
    let halftime = at_half(at_half(halftime, "home", 55), "visitors", 50);
    let game = read("nba", halftime);
    assert_eq!((game.phase, game.period, game.clock), (Phase::Break, 2, Some(Clock::Left { millis: 0 })));
    for (short, phase) in
        [(1, Phase::Scheduled), (4, Phase::Postponed), (5, Phase::Delayed), (6, Phase::Cancelled)]
    {
        let game = read("nba", with(nba(), "/status/short", short.into()));
        assert_eq!((game.phase, game.score(), game.period, game.clock), (phase, None, 0, None));
    }
    assert_eq!(left_out("nba", with(nba(), "/status/short", 9.into())), "a status that is not known");
}

#[test]
fn a_period_that_the_line_score_contradicts_is_not_told() {
    // The line score is further: it has points of that period.
    assert_eq!(read("nba", with(nba(), "/periods/current", 1.into())).period, 3);
    // It is behind: the next one may have begun, or not.
    assert_eq!(left_out("nba", with(nba(), "/periods/current", 4.into())), "period 4 with points in 3");
    let sums = with(nba(), "/scores/home/points", 70.into());
    assert_eq!(left_out("nba", sums), "a line score of 68 beside a score of 70");
    let gap = with(nba(), "/scores/home/linescore", json!(["28", "", "40", ""]));
    assert!(left_out("nba", gap).starts_with("a line score"));
}

#[test]
fn the_recorded_contradiction_of_a_period_that_is_over_and_a_running_clock_ends_no_period() {
    let game = read("nba", with(nba(), "/periods/endOfPeriod", true.into()));
    assert_eq!((game.phase, game.period), (Phase::Live, 3));
}

#[test]
fn a_basketball_game_of_another_league_or_of_nobodys_clubs_is_left_out() {
    assert_eq!(left_out("nba", with(nba(), "/league", "vegas".into())), "a game of the league `vegas`");
    let stars = with(nba(), "/teams/home", json!({ "id": 1, "name": "Team LeBron" }));
    let stars = with(stars, "/teams/visitors", json!({ "id": 2, "name": "Team Giannis" }));
    assert!(left_out("nba", stars).starts_with("neither Team LeBron nor Team Giannis"));
}

#[test]
fn an_american_football_game_under_way_is_read() {
    let game = read("nfl", nfl());
    assert_eq!((game.phase, game.period, game.score()), (Phase::Live, 4, Some(Score { home: 20, away: 17 })));
    assert_eq!(game.clock, Some(Clock::Left { millis: 125_000 }));
    assert_eq!(code_place_nickname(&game.home.team), ["KC", "Kansas City", "Chiefs"]);
    assert_eq!((game.home.periods.as_slice(), game.home.winner), ([7, 3, 7, 3].as_slice(), None));
}

#[test]
fn american_footballs_phases_are_the_statuss() {
    for (short, phase, period) in [
        ("NS", Phase::Scheduled, 0),
        ("Q1", Phase::Live, 1),
        ("HT", Phase::Break, 2),
        ("OT", Phase::Live, 5),
        ("FT", Phase::Final, 4),
        ("AOT", Phase::Final, 5),
        ("PST", Phase::Postponed, 0),
        ("CANC", Phase::Cancelled, 0),
    ] {
        let game = read("nfl", with(nfl(), "/game/status/short", short.into()));
        assert_eq!((game.phase, game.period), (phase, period), "{short}");
        assert_eq!(game.score().is_some(), period > 0, "{short}");
    }
    assert_eq!(
        left_out("nfl", with(nfl(), "/game/status/short", "??".into())),
        "a status that is not known, `??`"
    );
    let after_overtime = with(nfl(), "/game/status/short", "FT".into());
    assert_eq!(read("nfl", with(after_overtime, "/scores/home/overtime", 0.into())).period, 5);
}

#[test]
fn college_games_that_come_with_the_nfls_are_no_nfl_games() {
    let college = with(with(nfl(), "/league/id", 2.into()), "/league/name", "NCAA".into());
    let board = read_board("nfl", &[college, nfl()]).unwrap();
    assert_eq!((board.games.len(), board.skipped.len()), (1, 0));
}

#[test]
fn a_soccer_match_under_way_is_read() {
    let game = read("eng.1", soccer());
    assert_eq!((game.phase, game.period, game.score()), (Phase::Live, 2, Some(Score { home: 1, away: 2 })));
    assert_eq!(game.clock, Some(Clock::Minute { minute: 78, added: 0 }));
    assert_eq!((game.home.team.code.as_str(), game.away.team.code.as_str()), ("BHA", "WOL"));
    assert_eq!((&game.home.periods, &game.away.periods), (&vec![1, 0], &vec![0, 2]));
    assert_eq!((game.home.winner, game.plays.len()), (None, 0));
    let late = with(with(soccer(), "/fixture/status/elapsed", 90.into()), "/fixture/status/extra", 4.into());
    assert_eq!(read("eng.1", late).clock, Some(Clock::Minute { minute: 90, added: 4 }));
}

#[test]
fn soccers_phases_are_the_statuss() {
    let of = |short: &str, elapsed: u32| {
        let entry = with(soccer(), "/fixture/status/short", short.into());
        let game = read("eng.1", with(entry, "/fixture/status/elapsed", elapsed.into()));
        (game.phase, game.period, game.score().is_some())
    };
    for (short, elapsed, phase, period) in [
        ("NS", 0, Phase::Scheduled, 0),
        ("TBD", 0, Phase::Scheduled, 0),
        ("1H", 12, Phase::Live, 1),
        ("HT", 45, Phase::Break, 1),
        ("ET", 100, Phase::Live, 3),
        ("ET", 110, Phase::Live, 4),
        ("BT", 90, Phase::Break, 2),
        ("BT", 105, Phase::Break, 3),
        ("P", 120, Phase::Shootout, 5),
        ("SUSP", 60, Phase::Suspended, 2),
        ("INT", 60, Phase::Delayed, 2),
        ("FT", 90, Phase::Final, 2),
        ("AET", 120, Phase::Final, 4),
        ("PEN", 120, Phase::Final, 5),
        ("PST", 0, Phase::Postponed, 0),
        ("CANC", 0, Phase::Cancelled, 0),
        ("ABD", 60, Phase::Unknown, 0),
        ("AWD", 0, Phase::Unknown, 0),
        ("WO", 0, Phase::Unknown, 0),
    ] {
        assert_eq!(of(short, elapsed), (phase, period, period > 0), "{short}");
    }
    let strange = with(soccer(), "/fixture/status/short", "LIVE".into());
    assert_eq!(left_out("eng.1", strange), "a status that is not known, `LIVE`");
}

#[test]
fn a_shoot_outs_goals_stand_beside_the_score() {
    let entry = with(soccer(), "/fixture/status/short", "PEN".into());
    let entry = with(entry, "/score/penalty", json!({ "home": 4, "away": 3 }));
    let game = read("eng.1", with(entry, "/goals", json!({ "home": 2, "away": 2 })));
    assert_eq!((game.home.shootout, game.away.shootout), (Some(4), Some(3)));
    assert_eq!(game.score(), Some(Score { home: 2, away: 2 }));
    assert_eq!(read("eng.1", soccer()).home.shootout, None);
}

#[test]
fn a_match_of_another_league_under_the_same_number_is_left_out() {
    let other = with(soccer(), "/league/country", "Kazakhstan".into());
    assert_eq!(left_out("eng.1", other), "a match of `Premier League` in `Kazakhstan`");
}

#[test]
fn a_season_is_called_by_the_year_it_begins_in() {
    let season = |key: &str, day| leagues::of(&sport(key)).unwrap().query(day)[1].1.clone();
    assert_eq!((season("eng.1", DAY), season("eng.1", date(2025, 8, 16))), ("2025".into(), "2025".into()));
    assert_eq!(
        (season("usa.1", DAY), season("uefa.champions", date(2026, 5, 30))),
        ("2026".into(), "2025".into())
    );
    assert_eq!(leagues::of(&sport("mlb")), None);
}

fn refusal(errors: &Value) -> FeedError {
    let body = json!({ "get": "games", "parameters": [], "errors": errors, "results": 0, "response": [] });
    board(body.to_string().as_bytes(), &sport("nba"), DAY).unwrap_err()
}

#[test]
fn a_refusal_with_status_200_is_named_for_what_it_is() {
    for errors in [
        json!({ "token": "Error/Missing application key. Go to the documentation to learn how." }),
        json!({ "plan": "Free plans do not have access to this season, try from 2021 to 2023." }),
        json!({ "access": "Your account is suspended, check on the dashboard." }),
        json!({ "season": "The Season field is required.", "token": "Invalid key" }),
    ] {
        assert_eq!(refusal(&errors).fault(), Fault::Misconfigured, "{errors}");
    }
    let day = json!({ "requests": "You have reached the request limit for the day, upgrade your plan." });
    assert!(matches!(refusal(&day), FeedError::OutOfRequests { limit: Limit::Day, .. }));
    let minute = json!({ "rateLimit": "Too many requests. Your rate limit is 10 requests per minute." });
    assert!(matches!(refusal(&minute), FeedError::OutOfRequests { limit: Limit::Minute, .. }));
    let field = refusal(&json!({ "season": "The Season field is required." }));
    assert_eq!(field.to_string(), "answered error 0: season: The Season field is required.");
    assert_eq!(refusal(&json!(["Something broke"])).to_string(), "answered error 0: Something broke");
}

#[test]
fn an_empty_day_is_empty_and_anything_else_is_no_board() {
    assert_eq!(read_board("nba", &[]).unwrap().games, []);
    assert_eq!(
        read_board("nba", &[nfl()]).unwrap_err().to_string(),
        "answered games of another product, not the league's board"
    );
    assert_eq!(
        read_board("nfl", &[nba()]).unwrap_err().to_string(),
        "answered games of another product, not the league's board"
    );
    assert_eq!(
        read_board("eng.1", &[nba()]).unwrap_err().to_string(),
        "answered games of another product, not the league's board"
    );
    let other_day = board(envelope(&[]).to_string().as_bytes(), &sport("nba"), DAY.tomorrow().unwrap());
    assert_eq!(other_day.unwrap_err(), FeedError::NotABoard { found: "the games of 2026-01-10".into() });
    let mut pages = envelope(&[soccer()]);
    pages["paging"] = json!({ "current": 1, "total": 3 });
    let pages = board(pages.to_string().as_bytes(), &sport("eng.1"), DAY);
    assert_eq!(pages.unwrap_err(), FeedError::NotABoard { found: "the first of 3 pages".into() });
    assert!(matches!(board(b"{\"response\":[", &sport("nba"), DAY), Err(FeedError::Truncated { at: 13 })));
    assert!(matches!(board(b"<html>", &sport("nba"), DAY), Err(FeedError::Malformed { .. })));
    assert!(matches!(board(b"{\"message\":\"no\"}", &sport("nba"), DAY), Err(FeedError::ErrorBody { .. })));
    assert!(matches!(board(b"[]", &sport("mlb"), DAY), Err(FeedError::Misconfigured { .. })));
}

#[test]
fn both_dialects_of_what_is_left_are_read() {
    let head = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    };
    let direct = head(&[
        ("x-ratelimit-requests-limit", "100"),
        ("x-ratelimit-requests-remaining", "87"),
        ("X-RateLimit-Limit", "10"),
        ("X-RateLimit-Remaining", "9"),
    ]);
    assert_eq!(limits::left(&direct), Reading { day: Some(87), day_resets_in: None, minute: Some(9) });
    let rapid = head(&[("x-ratelimit-requests-remaining", "-3"), ("x-ratelimit-requests-reset", "7200")]);
    let reading = Reading { day: Some(0), day_resets_in: Some(Duration::from_secs(7200)), minute: None };
    assert_eq!(limits::left(&rapid), reading);
    assert_eq!(limits::left(&head(&[("x-ratelimit-remaining", "many")])), Reading::default());
}
