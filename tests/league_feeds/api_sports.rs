//! API-Sports against a stand-in of its hosts, and against recorded payloads.

use std::time::Duration;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use wirereport::feeds::api_sports::{self, ApiSports, ApiSportsSettings, Gateway};
use wirereport::feeds::daily::Board;
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::feed::{Feed, FeedError, PollRequest};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::{Clock, Game, Phase, Score, Which};
use wirereport_actors::wire::quota::Limit;
use wirereport_actors::wire::sport::Sport;

use super::corpus::corpus;
use super::host::{Answer, Host};

const KEY: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

fn evening() -> Timestamp {
    "2026-01-10T22:30:00Z".parse().unwrap()
}

async fn feed(gateway: Gateway) -> (Host, ApiSports) {
    let host = Host::start().await;
    let url = Some(host.url.clone());
    let settings = ApiSportsSettings {
        football_url: url.clone(),
        nba_url: url.clone(),
        american_football_url: url,
        ..ApiSportsSettings::new(gateway, SecretString::from(KEY.to_owned()), "RAPIDAPI_KEY")
    };
    let feed = ApiSports::new(&settings).unwrap();
    assert!(!format!("{feed:?} {settings:?}").contains(KEY));
    (host, feed)
}

async fn poll(feed: &ApiSports, key: &str, now: Timestamp) -> Result<Vec<Game>, FeedError> {
    let sport = Sport::of(key).unwrap();
    let request = PollRequest::new(&sport, feed.name(), &SportState::default(), now);
    feed.poll(&request).await.map(|answer| answer.snapshot.games)
}

fn envelope(errors: &Value) -> Value {
    json!({ "get": "games", "parameters": { "date": "2026-01-10" }, "errors": errors, "results": 0, "response": [] })
}

fn headed(head: &[(&'static str, &str)], body: &Value) -> Answer {
    let head = head.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Answer::Status(200, head, body.to_string().into_bytes())
}

const NBA: &str = "/games?date=2026-01-10";
const NFL: &str = "/games?league=1&season=2025&date=2026-01-10";
const SOCCER: &str = "/fixtures?league=39&season=2025&date=2026-01-10";

#[tokio::test]
async fn each_product_is_asked_for_its_league_on_the_day_in_utc_with_the_key_in_a_header() {
    let (host, feed) = feed(Gateway::Direct).await;
    for page in [NBA, NFL, SOCCER] {
        host.set(page, Answer::json(&envelope(&json!([]))));
    }
    for key in ["nba", "nfl", "eng.1"] {
        assert_eq!(poll(&feed, key, evening()).await.unwrap(), []);
    }
    assert_eq!(host.asked(), [NBA, NFL, SOCCER]);
    assert_eq!(host.headers("x-apisports-key"), [KEY; 3]);
    assert_eq!(host.headers("x-rapidapi-key"), [""; 0]);
    let error = poll(&feed, "mlb", evening()).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Misconfigured);
    assert!(error.to_string().contains("does not carry `mlb`"), "{error}");
}

#[tokio::test]
async fn through_rapidapi_the_key_goes_with_the_hosts_name() {
    let (host, feed) = feed(Gateway::Rapidapi).await;
    host.set(NBA, Answer::json(&envelope(&json!({}))));
    poll(&feed, "nba", evening()).await.unwrap();
    assert_eq!(host.headers("x-rapidapi-key"), [KEY]);
    assert_eq!(host.headers("x-rapidapi-host"), ["127.0.0.1"]);
    assert_eq!(host.headers("x-apisports-key"), [""; 0]);
}

#[tokio::test]
async fn a_key_that_is_refused_is_a_mistake_of_the_settings_and_stays_out_of_the_words() {
    let (host, feed) = feed(Gateway::Direct).await;
    let said = json!({ "token": format!("Error: the key {KEY} is not valid") });
    host.set(NBA, Answer::json(&envelope(&said)));
    let error = poll(&feed, "nba", evening()).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Misconfigured);
    let wanted = "the feed refuses the key or its plan: Error: the key (secret) is not valid";
    assert_eq!(error.to_string(), wanted);
    host.set(NBA, Answer::status(403));
    let error = poll(&feed, "nba", evening()).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Misconfigured);
    let wanted = "refused with HTTP 403; check the key in RAPIDAPI_KEY and what its plan covers";
    assert_eq!(error.to_string(), wanted);
    host.set(NBA, Answer::json(&envelope(&json!({ "date": format!("no date in {KEY}") }))));
    assert!(!poll(&feed, "nba", evening()).await.unwrap_err().to_string().contains(KEY));
}

#[tokio::test]
async fn when_the_days_requests_are_spent_nothing_is_asked_until_midnight_utc() {
    let (host, feed) = feed(Gateway::Direct).await;
    host.set(NBA, headed(&[("x-ratelimit-requests-remaining", "1")], &envelope(&json!([]))));
    poll(&feed, "nba", evening()).await.unwrap();
    host.set(NBA, headed(&[("x-ratelimit-requests-remaining", "0")], &envelope(&json!([]))));
    poll(&feed, "nba", evening()).await.unwrap();
    let spent = FeedError::OutOfRequests { limit: Limit::Day, retry_after: Duration::from_secs(90 * 60) };
    let error = poll(&feed, "nba", evening()).await.unwrap_err();
    assert_eq!(error, spent);
    assert_eq!(error.to_string(), "the requests of this day are spent; asked again in 1 h 30 min");
    assert_eq!(error.fault(), Fault::Transient { retry_after: Some(Duration::from_secs(90 * 60)) });
    assert_eq!(host.asked().len(), 2);
    // Each product has limits of its own.
    host.set(SOCCER, Answer::json(&envelope(&json!([]))));
    poll(&feed, "eng.1", evening()).await.unwrap();
    let midnight: Timestamp = "2026-01-11T00:00:00Z".parse().unwrap();
    host.set("/games?date=2026-01-11", Answer::json(&json!({ "errors": [], "response": [] })));
    poll(&feed, "nba", midnight).await.unwrap();
}

#[tokio::test]
async fn a_limit_that_only_the_refusal_names_is_kept_to() {
    let (host, feed) = feed(Gateway::Direct).await;
    let day = json!({ "requests": "You have reached the request limit for the day" });
    host.set(NBA, Answer::json(&envelope(&day)));
    let spent = FeedError::OutOfRequests { limit: Limit::Day, retry_after: Duration::from_secs(90 * 60) };
    assert_eq!(poll(&feed, "nba", evening()).await, Err(spent.clone()));
    assert_eq!(poll(&feed, "nba", evening()).await, Err(spent));
    assert_eq!(host.asked().len(), 1);
    host.set(NFL, Answer::Status(429, vec![("x-ratelimit-remaining", "0".to_owned())], Vec::new()));
    let spent = FeedError::OutOfRequests { limit: Limit::Minute, retry_after: Duration::from_secs(60) };
    assert_eq!(poll(&feed, "nfl", evening()).await, Err(spent));
    host.set(NFL, Answer::json(&envelope(&json!([]))));
    assert_eq!(poll(&feed, "nfl", evening() + SignedDuration::from_secs(60)).await, Ok(Vec::new()));
}

#[tokio::test]
async fn what_is_left_sets_the_pace_and_leagues_of_one_product_share_it() {
    let (host, feed) = feed(Gateway::Direct).await;
    let sport = |key: &str| Sport::of(key).unwrap();
    assert_eq!(feed.pace(&sport("eng.1"), evening()), None);
    let left = [("x-ratelimit-requests-remaining", "90"), ("X-RateLimit-Remaining", "9")];
    host.set(SOCCER, headed(&left, &envelope(&json!([]))));
    poll(&feed, "eng.1", evening()).await.unwrap();
    assert_eq!(feed.pace(&sport("eng.1"), evening()).map(|pace| pace.even), Some(Duration::from_secs(60)));
    let spanish = SOCCER.replace("=39", "=140");
    host.set(&spanish, headed(&left, &envelope(&json!([]))));
    poll(&feed, "esp.1", evening()).await.unwrap();
    assert_eq!(feed.pace(&sport("eng.1"), evening()).map(|pace| pace.even), Some(Duration::from_secs(120)));
    assert_eq!(feed.pace(&sport("nba"), evening()), None);
}

fn recorded(file: &str, key: &str, day: Date) -> Option<Board> {
    let body = std::fs::read(corpus()?.join("api-sports").join(file)).unwrap();
    let mut value: Value = serde_json::from_slice(&body).unwrap();
    // One of them was put into a list by those who kept it.
    if let Some(first) = value.get_mut(0) {
        value = first.take();
    }
    Some(api_sports::board(value.to_string().as_bytes(), &Sport::of(key).unwrap(), day).unwrap())
}

fn line(game: &Game) -> String {
    let score = game.score().unwrap();
    let (away, home) = (&game.away.team.code, &game.home.team.code);
    format!("{away} {} {home} {} in {}", score.away, score.home, game.period)
}

fn winner(game: &Game) -> Option<Which> {
    [Which::Home, Which::Away].into_iter().find(|which| game.side(*which).winner == Some(true))
}

fn adds_up(game: &Game) {
    for side in [&game.home, &game.away] {
        assert_eq!(side.periods.iter().sum::<u32>(), side.score.unwrap(), "{}", side.team.name);
    }
}

#[test]
fn a_last_day_of_the_nbas_season_is_read_game_by_game_under_the_usual_codes() {
    let Some(board) = recorded("api_nba_v2_games_20240414.json", "nba", date(2024, 4, 14)) else { return };
    assert_eq!(board.skipped, []);
    let lines: Vec<String> = board.games.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "WSH 122 BOS 132 in 4",
            "CHA 120 CLE 110 in 4",
            "ATL 115 IND 157 in 4",
            "TOR 103 MIA 118 in 4",
            "CHI 119 NY 120 in 5",
            "MIL 88 ORL 113 in 4",
            "BKN 86 PHI 107 in 4",
            "DEN 126 MEM 111 in 4",
            "PHX 125 MIN 106 in 4",
            "LAL 124 NO 108 in 4",
            "DAL 86 OKC 135 in 4",
            "DET 95 SA 123 in 4",
            "UTAH 116 GS 123 in 4",
            "HOU 116 LAC 105 in 4",
            "POR 82 SAC 121 in 4",
        ]
    );
    for game in &board.games {
        assert_eq!((game.phase, winner(game)), (Phase::Final, game.score().unwrap().leader()));
        adds_up(game);
    }
    assert_eq!(board.games[13].home.team.place, "LA");
}

#[test]
fn of_two_live_games_the_one_that_contradicts_itself_is_left_out() {
    let Some(board) = recorded("api_nba_v2_games_live_20231105.json", "nba", date(2023, 11, 5)) else {
        return;
    };
    let [game] = board.games.as_slice() else { panic!("{} games", board.games.len()) };
    assert_eq!((game.phase, line(game).as_str()), (Phase::Live, "GS 98 CLE 112 in 4"));
    assert_eq!(game.clock, Some(Clock::Left { millis: 137_000 }));
    assert_eq!(board.skipped[0].reason, "period 3 with points in 2");
}

#[test]
fn the_nfls_first_weeks_are_read_with_their_overtimes_and_their_tie() {
    let Some(board) = recorded("nflFixtures-2022-09-01.json", "nfl", date(2022, 9, 11)) else { return };
    assert_eq!((board.skipped.len(), board.games.len()), (0, 38));
    for game in &board.games {
        assert_eq!((game.phase, winner(game)), (Phase::Final, game.score().unwrap().leader()));
        adds_up(game);
        assert!(game.home.team.code.len() <= 3 && game.away.team.code.len() <= 3, "{}", line(game));
    }
    let beyond: Vec<String> = board.games.iter().filter(|game| game.period == 5).map(line).collect();
    assert_eq!(beyond, ["PIT 23 CIN 20 in 5", "IND 20 HOU 20 in 5", "ARI 29 LV 23 in 5"]);
    assert_eq!(recorded("nflFixtures-2022-08-01.json", "nfl", date(2022, 8, 1)).unwrap().games, []);
}

#[test]
fn the_premier_leagues_weeks_are_read_match_by_match_under_the_usual_codes() {
    let Some(first) = recorded("footballFixtures-2022-08-29.json", "eng.1", date(2022, 8, 29)) else {
        return;
    };
    assert_eq!((first.skipped.len(), first.games.len()), (0, 20));
    for game in &first.games {
        assert_eq!((game.phase, winner(game)), (Phase::Final, game.score().unwrap().leader()));
        assert_eq!(game.home.periods.len(), 2);
        adds_up(game);
        assert_eq!((game.home.team.code.len(), game.away.team.code.len()), (3, 3), "{}", line(game));
    }
    assert!(first.games.iter().map(line).any(|line| line == "NFO 0 MNC 6 in 2"));
    let second = recorded("footballFixtures-2022-09-05.json", "eng.1", date(2022, 9, 5)).unwrap();
    let of = |phase: Phase| second.games.iter().filter(move |game| game.phase == phase);
    let counts = [Phase::Postponed, Phase::Final, Phase::Scheduled].map(|phase| of(phase).count());
    assert_eq!((counts.iter().sum::<usize>(), second.skipped.len()), (second.games.len(), 0));
    assert!(of(Phase::Postponed).count() >= 10 && of(Phase::Scheduled).all(|game| game.score().is_none()));
    let spurs = of(Phase::Final).find(|game| game.home.team.code == "TOT").unwrap();
    assert_eq!(spurs.score(), Some(Score { home: 6, away: 2 }));
}

#[test]
fn every_other_recorded_answer_of_the_product_is_refused_by_name() {
    let Some(corpus) = corpus() else { return };
    let files = [
        ("basketballFixtures.json", date(2021, 10, 20)),
        ("api_nba_v2_games_live_20231105.json", date(2023, 11, 5)),
        ("nflFixtures-2022-09-01.json", date(2022, 9, 11)),
        ("footballFixtures-2022-08-29.json", date(2022, 8, 29)),
        ("footballFixtures-2022-09-05.json", date(2022, 9, 5)),
    ];
    for (file, day) in files {
        let body = std::fs::read(corpus.join("api-sports").join(file)).unwrap();
        for key in ["nba", "nfl", "eng.1"] {
            let own = [("api_nba", "nba"), ("nfl", "nfl"), ("football", "eng.1")]
                .iter()
                .any(|(name, own)| file.starts_with(name) && *own == key);
            let board = api_sports::board(&body, &Sport::of(key).unwrap(), day);
            assert_eq!(board.is_ok(), own, "{file} as {key}");
            assert!(own || matches!(board, Err(FeedError::NotABoard { .. })), "{file} as {key}: {board:?}");
        }
    }
    // The same day of another league, and another day of the same one.
    let body = std::fs::read(corpus.join("api-sports/footballFixtures-2022-08-29.json")).unwrap();
    let spain = api_sports::board(&body, &Sport::of("esp.1").unwrap(), date(2022, 8, 29));
    assert!(matches!(spain, Err(FeedError::Malformed { .. })), "{spain:?}");
    let body = std::fs::read(corpus.join("api-sports/nflFixtures-2022-09-01.json")).unwrap();
    let later = api_sports::board(&body, &Sport::of("nfl").unwrap(), date(2022, 9, 12));
    assert_eq!(later.unwrap_err(), FeedError::NotABoard { found: "the games of 2022-09-11".into() });
}
