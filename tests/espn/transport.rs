//! What comes of a request, against a real server.

use std::time::Duration;

use axum::body::Bytes;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use wirereport::feeds::breaker::BreakerSettings;
use wirereport::feeds::espn::{Espn, EspnSettings};
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::feed::{Feed, FeedError, Next};
use wirereport_actors::wire::game::Score;

use super::events::{AGES, board, event, now, poll, poll_at, request, settings};
use super::scoreboard::{Answer, Scoreboard};

const NBA: &str = "basketball/nba";

async fn host(answers: impl IntoIterator<Item = Answer>) -> (Scoreboard, Espn) {
    let host = Scoreboard::start().await;
    host.play(NBA, answers);
    let espn = Espn::new(&settings(host.url())).unwrap();
    (host, espn)
}

fn good() -> Answer {
    Answer::board(&board("nba", &[event("1", 87, 73)]))
}

async fn error_of(answer: Answer) -> FeedError {
    let (_host, espn) = host([answer]).await;
    poll(&espn).await.unwrap_err()
}

#[tokio::test]
async fn a_board_becomes_a_snapshot_seen_when_it_arrived() {
    let (host, espn) = host([good()]).await;
    let answer = poll(&espn).await.unwrap();
    assert_eq!(answer.snapshot.games[0].score(), Some(Score { home: 87, away: 73 }));
    assert_eq!((answer.snapshot.sport.as_str(), answer.snapshot.feed.as_str()), ("nba", "espn"));
    assert!(answer.snapshot.seen_at > now());
    assert_eq!((answer.next, answer.cursor), (Next::BySchedule, None));
    assert_eq!(host.hits(NBA), 1);
}

#[tokio::test]
async fn it_says_who_it_is_and_takes_packed_answers() {
    let (host, espn) = host([good()]).await;
    poll(&espn).await.unwrap();
    let request = &host.requests()[0];
    assert!(request.user_agent.starts_with("wirereport/") && request.user_agent.contains("(+https://"));
    assert!(request.takes_gzip);
    assert!(request.query.is_empty());
}

#[tokio::test]
async fn college_boards_are_asked_for_by_group_and_no_board_for_more_than_500() {
    let host = Scoreboard::start().await;
    let espn = Espn::new(&settings(host.url())).unwrap();
    for (key, path, slug, group) in [
        ("ncaam", "basketball/mens-college-basketball", "mens-college-basketball", Some("50")),
        ("ncaaw", "basketball/womens-college-basketball", "womens-college-basketball", Some("50")),
        ("ncaaf", "football/college-football", "college-football", Some("80")),
        ("nfl", "football/nfl", "nfl", None),
        ("mlb", "baseball/mlb", "mlb", None),
        ("nhl", "hockey/nhl", "nhl", None),
        ("wnba", "basketball/wnba", "wnba", None),
        ("eng.1", "soccer/eng.1", "eng.1", None),
        ("conmebol.libertadores", "soccer/conmebol.libertadores", "conmebol.libertadores", None),
    ] {
        host.play(path, [Answer::board(&board(slug, &[]))]);
        espn.poll(&request(key, now())).await.unwrap();
        let query = host.requests().pop().unwrap().query;
        assert_eq!(query.get("groups").map(String::as_str), group, "{key}");
        let limit = query.get("limit").map(|limit| limit.parse::<u32>().unwrap());
        assert!(limit.is_none_or(|limit| limit <= 500) && limit.is_some() == group.is_some(), "{key}");
    }
}

#[tokio::test]
async fn a_league_the_feed_does_not_carry_is_a_mistake_of_the_settings() {
    let (host, espn) = host([good()]).await;
    let mut request = request("nba", now());
    request.sport.key = wirereport_actors::wire::sport::SportKey::new("quidditch");
    let error = espn.poll(&request).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Misconfigured);
    assert!(error.to_string().contains("does not carry `quidditch`"));
    assert!(host.requests().is_empty());
}

#[tokio::test]
async fn an_unusable_address_is_a_mistake_of_the_settings() {
    for url in ["", "espn", "ftp://espn.com", "https://espn.com?key=1", "https://me@espn.com"] {
        let error = Espn::new(&settings(url)).unwrap_err();
        assert_eq!(error.fault(), Fault::Misconfigured, "{url}");
        assert!(error.to_string().contains("base_url"), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_refusal_whatever_its_body_says() {
    for status in [401, 403] {
        assert_eq!(error_of(Answer::status(status)).await, FeedError::Refused { status });
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let limited =
        |retry_after: &str| Answer::Status(429, vec![("retry-after", retry_after.to_owned())], Bytes::new());
    let waits = |seconds| FeedError::RateLimited { retry_after: Some(Duration::from_secs(seconds)) };
    assert_eq!(error_of(limited("120")).await, waits(120));
    assert_eq!(error_of(limited("Mon, 08 Dec 2025 03:01:30 GMT")).await, waits(90));
    assert_eq!(error_of(limited("Mon, 08 Dec 2025 02:00:00 GMT")).await, waits(0));
    assert_eq!(error_of(limited("soon")).await, FeedError::RateLimited { retry_after: None });
    assert_eq!(error_of(Answer::status(429)).await, FeedError::RateLimited { retry_after: None });
}

#[tokio::test]
async fn other_statuses_carry_the_feeds_own_words_where_it_has_any() {
    assert_eq!(error_of(Answer::status(500)).await, FeedError::Status { status: 500 });
    assert_eq!(error_of(Answer::status(302)).await, FeedError::Status { status: 302 });
    let body = Bytes::from_static(br#"{"code":400,"message":"Failed to get events endpoint."}"#);
    let said = FeedError::ErrorBody { code: 400, message: "Failed to get events endpoint.".into() };
    assert_eq!(error_of(Answer::Status(400, Vec::new(), body)).await, said);
    let page = Bytes::from_static(b"<html>gone</html>");
    assert_eq!(error_of(Answer::Status(404, Vec::new(), page)).await, FeedError::Status { status: 404 });
}

#[tokio::test]
async fn an_error_with_status_200_is_no_empty_board() {
    let error = error_of(Answer::Body(Bytes::from_static(b"{\"code\":404}"))).await;
    assert_eq!(error, FeedError::ErrorBody { code: 404, message: String::new() });
}

#[tokio::test]
async fn a_body_cut_short_is_truncated_whether_or_not_the_connection_broke() {
    let whole = board("nba", &[event("1", 87, 73)]);
    assert_eq!(error_of(Answer::cut(&whole, 100)).await, FeedError::Truncated { at: 100 });
    let body = Bytes::from(whole.to_string());
    assert_eq!(error_of(Answer::Torn(body, 100)).await, FeedError::Truncated { at: 100 });
}

#[tokio::test]
async fn a_small_answer_that_unpacks_into_a_large_one_is_dropped() {
    let (host, _) = host([Answer::oversize(4 << 20)]).await;
    let espn = Espn::new(&EspnSettings { body_cap: 1 << 20, ..settings(host.url()) }).unwrap();
    assert_eq!(poll(&espn).await.unwrap_err(), FeedError::TooLarge { limit: 1 << 20 });
    let espn = Espn::new(&settings(host.url())).unwrap();
    assert_eq!(poll(&espn).await.unwrap().snapshot.games, []);
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    let (host, _) = host([Answer::Hang]).await;
    let total = Duration::from_millis(50);
    let espn = Espn::new(&EspnSettings { total, connect: AGES, ..settings(host.url()) }).unwrap();
    assert_eq!(poll(&espn).await.unwrap_err(), FeedError::TimedOut { limit: total });
}

#[tokio::test]
async fn a_host_that_is_not_there_is_unreachable_and_no_url_is_shown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret", listener.local_addr().unwrap());
    drop(listener);
    let error = poll(&Espn::new(&settings(&url)).unwrap()).await.unwrap_err();
    assert!(matches!(&error, FeedError::Unreachable { host, .. } if host == "127.0.0.1"), "{error:?}");
    assert!(!error.to_string().contains("secret") && !error.to_string().contains("http:"), "{error}");
}

#[tokio::test]
async fn after_failures_in_a_row_the_host_is_left_alone_and_then_probed() {
    let (host, _) = host([Answer::status(503), Answer::status(503), good()]).await;
    host.advance_after(NBA, 1);
    let breaker = BreakerSettings { failures: 2, open_for: Duration::from_secs(60) };
    let espn = Espn::new(&EspnSettings { breaker, ..settings(host.url()) }).unwrap();
    for _ in 0..2 {
        assert_eq!(poll(&espn).await.unwrap_err(), FeedError::Status { status: 503 });
    }
    let left_alone = FeedError::BreakerOpen { failures: 2, retry_after: Duration::from_secs(50) };
    assert_eq!(poll_at(&espn, now() + SignedDuration::from_secs(10)).await.unwrap_err(), left_alone);
    assert_eq!(host.hits(NBA), 2);
    poll_at(&espn, now() + SignedDuration::from_secs(60)).await.unwrap();
    poll_at(&espn, now() + SignedDuration::from_secs(61)).await.unwrap();
}

#[tokio::test]
async fn a_rate_limit_is_heeded_at_once_for_every_league() {
    let limited = Answer::Status(429, vec![("retry-after", "30".to_owned())], Bytes::new());
    let (_host, espn) = host([limited]).await;
    poll(&espn).await.unwrap_err();
    let left_alone = FeedError::BreakerOpen { failures: 1, retry_after: Duration::from_secs(30) };
    assert_eq!(espn.poll(&request("nfl", now())).await.unwrap_err(), left_alone);
}

#[tokio::test]
async fn a_leagues_broken_board_does_not_keep_the_others_from_being_asked() {
    let (host, espn) = host([Answer::Body(Bytes::from_static(b"<html>"))]).await;
    host.play("football/nfl", [Answer::board(&board("nfl", &[]))]);
    for _ in 0..20 {
        assert!(matches!(poll(&espn).await.unwrap_err(), FeedError::Malformed { .. }));
    }
    espn.poll(&request("nfl", now())).await.unwrap();
}

#[tokio::test]
async fn the_stand_in_refuses_what_espn_refuses() {
    let (host, _) = host([Answer::board(&board(
        "nba",
        &(0..30).map(|n| event(&n.to_string(), 1, 0)).collect::<Vec<_>>(),
    ))])
    .await;
    let ask = async |query: &str, user_agent: &str| {
        let url = format!("{}/apis/site/v2/sports/basketball/nba/scoreboard{query}", host.url());
        let client = wirereport::http::client(AGES, AGES).unwrap();
        let response = client.get(url).header("user-agent", user_agent).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let honest = wirereport::http::USER_AGENT;
    for unwelcome in ["", "Mozilla/5.0 (X11; Linux) (+https://example.org)", "Foo/1.0", "Wget/1.21"] {
        assert_eq!(ask("", unwelcome).await.0, 403, "{unwelcome}");
    }
    assert_eq!(ask("", honest).await.1.matches("\"uid\"").count(), 30);
    assert_eq!(ask("?limit=1000", honest).await.1.matches("\"uid\"").count(), 25);
    assert_eq!(ask("?dates=20251207-20251208", honest).await.0, 400);
    assert_eq!(ask("?dates=20251207", honest).await, (200, "{\"events\":[]}".to_owned()));
}

#[tokio::test]
async fn the_stand_ins_script_advances_on_demand_and_its_last_answer_stays() {
    let (host, espn) = host([good(), Answer::board(&board("nba", &[event("1", 90, 73)]))]).await;
    let home = async || poll(&espn).await.unwrap().snapshot.games[0].home.score;
    assert_eq!((home().await, home().await), (Some(87), Some(87)));
    host.advance(NBA);
    host.advance(NBA);
    assert_eq!(home().await, Some(90));
}
