//! What is asked for, and what comes of it, against a real server.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wirereport::feeds::breaker::BreakerSettings;
use wirereport::feeds::daily::DailySettings;
use wirereport::feeds::nhl::Nhl;
use wirereport::feeds::statsapi::StatsApi;
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::feed::{Answer as Answered, Feed, FeedError, Followed, Next, PollRequest};
use wirereport_actors::wire::game::{FeedGameId, Score};
use wirereport_actors::wire::sport::Sport;

use super::host::{Answer, Host};

const LONG: Duration = Duration::from_secs(600);

/// 22:30 on 10 January in New York.
fn evening() -> Timestamp {
    "2026-01-11T03:30:00Z".parse().unwrap()
}

fn schedule(day: &str) -> String {
    format!("/v1/schedule?sportId=1&date={day}&hydrate=linescore%2Cteam")
}

fn scores(day: &str) -> String {
    format!("/v1/score/{day}")
}

fn baseball(day: &str, id: u32) -> Value {
    let side = |id: u32, name: &str| json!({ "score": 1, "team": { "id": id, "name": name } });
    json!({ "dates": [{ "date": day, "games": [{
        "gamePk": id, "gameDate": format!("{day}T23:40:00Z"),
        "status": { "abstractGameState": "Live", "codedGameState": "I", "detailedState": "In Progress" },
        "teams": { "home": side(109, "Arizona Diamondbacks"), "away": side(145, "Chicago White Sox") },
        "linescore": { "currentInning": 2, "inningState": "Top", "outs": 0,
                       "teams": { "home": { "runs": 1 }, "away": { "runs": 1 } } },
    }] }] })
}

fn hockey(day: &str, id: u32) -> Value {
    let side =
        |id: u32, code: &str| json!({ "id": id, "abbrev": code, "name": { "default": code }, "score": 1 });
    json!({ "currentDate": day, "games": [{
        "id": id, "gameType": 2, "startTimeUTC": format!("{day}T23:00:00Z"),
        "gameState": "LIVE", "gameScheduleState": "OK", "homeTeam": side(1, "NJD"), "awayTeam": side(26, "LAK"),
        "clock": { "secondsRemaining": 60, "inIntermission": false },
        "periodDescriptor": { "number": 2, "periodType": "REG" }, "goals": [],
    }] })
}

struct Case {
    host: Host,
    feed: Box<dyn Feed>,
    key: &'static str,
    page: fn(&str) -> String,
    board: fn(&str, u32) -> Value,
}

async fn cases(change: impl Fn(&mut DailySettings)) -> [Case; 2] {
    let (mlb, nhl) = (Host::start().await, Host::start().await);
    let settings = |host: &Host| {
        let mut settings = DailySettings::at(&host.url);
        change(&mut settings);
        settings
    };
    let statsapi = Box::new(StatsApi::new(&settings(&mlb)).unwrap());
    let scores_feed = Box::new(Nhl::new(&settings(&nhl)).unwrap());
    [
        Case { host: mlb, feed: statsapi, key: "mlb", page: schedule, board: baseball },
        Case { host: nhl, feed: scores_feed, key: "nhl", page: scores, board: hockey },
    ]
}

async fn usual() -> [Case; 2] {
    cases(|_| {}).await
}

impl Case {
    fn set(&self, day: &str, id: u32) {
        self.host.set(&(self.page)(day), Answer::json(&(self.board)(day, id)));
    }

    async fn poll(&self, now: Timestamp, follow: &[(&str, Option<&str>)]) -> Result<Answered, FeedError> {
        let follow = follow.iter().map(|(id, start)| Followed {
            feed_id: Some(FeedGameId((*id).to_owned())),
            starts_at: start.map(|start| start.parse().unwrap()),
            teams: ["", ""].map(str::to_owned),
        });
        let request =
            PollRequest { sport: Sport::of(self.key).unwrap(), now, follow: follow.collect(), cursor: None };
        self.feed.poll(&request).await
    }

    async fn ids(&self, now: Timestamp, follow: &[(&str, Option<&str>)]) -> Vec<String> {
        let games = self.poll(now, follow).await.unwrap().snapshot.games;
        games.into_iter().map(|game| game.feed_id.0).collect()
    }

    async fn error_of(&self, answer: Answer) -> FeedError {
        self.host.set(&(self.page)("2026-01-10"), answer);
        self.poll(evening(), &[]).await.unwrap_err()
    }
}

#[tokio::test]
async fn one_request_for_the_us_eastern_day_brings_the_games() {
    for case in usual().await {
        case.set("2026-01-10", 7);
        let answer = case.poll(evening(), &[]).await.unwrap();
        assert_eq!(answer.snapshot.games[0].score(), Some(Score { home: 1, away: 1 }));
        assert_eq!(
            (answer.snapshot.sport.as_str(), answer.snapshot.feed.as_str()),
            (case.key, case.feed.name())
        );
        assert!(answer.snapshot.seen_at > evening());
        assert_eq!((answer.next, answer.cursor), (Next::BySchedule, None));
        assert_eq!(case.host.asked(), [(case.page)("2026-01-10")]);
        assert!(case.host.user_agents()[0].starts_with("wirereport/"));
    }
}

#[tokio::test]
async fn after_midnight_last_nights_board_is_asked_for_only_where_a_game_of_it_is_followed() {
    let after_midnight = "2026-01-11T05:30:00Z".parse().unwrap();
    for case in usual().await {
        case.set("2026-01-10", 7);
        case.set("2026-01-11", 8);
        assert_eq!(case.ids(after_midnight, &[]).await, ["8"]);
        assert_eq!(case.ids(after_midnight, &[("8", Some("2026-01-11T23:00:00Z"))]).await, ["8"]);
        assert_eq!(case.host.asked().len(), 2);
        assert_eq!(case.ids(after_midnight, &[("7", Some("2026-01-10T23:00:00Z"))]).await, ["8", "7"]);
        assert_eq!(case.host.asked()[2..], [(case.page)("2026-01-11"), (case.page)("2026-01-10")]);
    }
}

#[tokio::test]
async fn a_followed_game_that_is_missing_from_its_own_day_is_not_asked_for_twice() {
    for case in usual().await {
        case.set("2026-01-10", 7);
        let follow = [("9", Some("2026-01-10T23:00:00Z")), ("10", None)];
        assert_eq!(case.ids(evening(), &follow).await, ["7"]);
        assert_eq!(case.host.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_day_that_cannot_be_had_leaves_its_games_out() {
    let after_midnight = "2026-01-11T05:30:00Z".parse().unwrap();
    for case in usual().await {
        case.set("2026-01-11", 8);
        assert_eq!(case.ids(after_midnight, &[("7", Some("2026-01-10T23:00:00Z"))]).await, ["8"]);
        assert_eq!(case.host.asked().len(), 2);
    }
}

#[tokio::test]
async fn another_league_is_a_mistake_of_the_settings_and_nothing_is_asked() {
    for case in usual().await {
        let request = PollRequest {
            sport: Sport::of("nba").unwrap(),
            now: evening(),
            follow: Vec::new(),
            cursor: None,
        };
        let error = case.feed.poll(&request).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Misconfigured);
        assert_eq!(
            error.to_string(),
            format!("the {} feed does not carry `nba`; it carries {}", case.feed.name(), case.key)
        );
        assert!(case.host.asked().is_empty());
    }
}

#[test]
fn an_unusable_address_is_a_mistake_of_the_settings() {
    for url in ["", "mlb", "ftp://example.org", "https://example.org?key=1", "https://me@example.org"] {
        let settings = DailySettings::at(url);
        for error in [StatsApi::new(&settings).unwrap_err(), Nhl::new(&settings).unwrap_err()] {
            assert_eq!(error.fault(), Fault::Misconfigured, "{url}");
            assert!(error.to_string().contains("base_url"), "{error}");
        }
    }
}

#[tokio::test]
async fn refusals_limits_and_failures_are_named() {
    for case in usual().await {
        assert_eq!(case.error_of(Answer::status(403)).await, FeedError::Refused { status: 403 });
        assert_eq!(case.error_of(Answer::status(500)).await, FeedError::Status { status: 500 });
        assert_eq!(case.error_of(Answer::status(307)).await, FeedError::Status { status: 307 });
        let whole = (case.board)("2026-01-10", 7).to_string().into_bytes();
        let cut = Answer::Body(whole[..80].to_vec());
        assert_eq!(case.error_of(cut).await, FeedError::Truncated { at: 80 });
        let other_day = Answer::json(&(case.board)("2026-01-09", 7));
        assert!(matches!(case.error_of(other_day).await, FeedError::NotABoard { .. }));
        let limited = Answer::Status(429, vec![("retry-after", "120".to_owned())], Vec::new());
        let waits = FeedError::RateLimited { retry_after: Some(Duration::from_secs(120)) };
        assert_eq!(case.error_of(limited).await, waits);
    }
}

#[tokio::test]
async fn an_answer_above_the_cap_is_dropped_and_one_that_never_comes_is_given_up() {
    for case in cases(|settings| settings.body_cap = 100).await {
        let large = Answer::json(&(case.board)("2026-01-10", 7));
        assert_eq!(case.error_of(large).await, FeedError::TooLarge { limit: 100 });
    }
    let total = Duration::from_millis(50);
    for case in cases(|settings| (settings.total, settings.connect) = (total, LONG)).await {
        assert_eq!(case.error_of(Answer::Hang).await, FeedError::TimedOut { limit: total });
    }
}

#[tokio::test]
async fn a_host_that_is_not_there_is_unreachable_and_no_url_is_shown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret", listener.local_addr().unwrap());
    drop(listener);
    for case in cases(|settings| settings.base_url.clone_from(&url)).await {
        let error = case.poll(evening(), &[]).await.unwrap_err();
        assert!(matches!(&error, FeedError::Unreachable { host, .. } if host == "127.0.0.1"), "{error:?}");
        assert!(!error.to_string().contains("secret") && !error.to_string().contains("http:"), "{error}");
    }
}

#[tokio::test]
async fn after_failures_in_a_row_the_host_is_left_alone_and_then_probed() {
    let breaker = BreakerSettings { failures: 2, open_for: Duration::from_secs(60) };
    for case in cases(|settings| settings.breaker = breaker).await {
        for _ in 0..2 {
            assert_eq!(case.error_of(Answer::status(503)).await, FeedError::Status { status: 503 });
        }
        case.set("2026-01-10", 7);
        let left_alone = FeedError::BreakerOpen { failures: 2, retry_after: Duration::from_secs(60) };
        assert_eq!(case.poll(evening(), &[]).await.unwrap_err(), left_alone);
        assert_eq!(case.host.asked().len(), 2);
        assert_eq!(case.ids(evening() + SignedDuration::from_secs(60), &[]).await, ["7"]);
    }
}
