//! What happens, as it is heard on a stream: in order, from where one left off, and no longer than one may.

use std::collections::BTreeSet;

use secrecy::SecretString;
use wirereport_actors::wire::alert::{AlertBook, AlertKind, AlertRules, Condition};

use super::*;
use crate::api::auth::{Caller, Scope};
use crate::api::types::TokenOrder;
use crate::telemetry::Redactor;

/// What stands in one event.
#[derive(Debug, PartialEq)]
struct Heard {
    id: Option<i64>,
    kind: String,
    data: Value,
}

/// A stream that is listened to.
struct Ear(Body);

impl Ear {
    async fn open(desk: &Desk, path: &str, last: Option<&str>, caller: Option<Caller>) -> Self {
        let mut request = Request::builder().uri(path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let mut request = request.body(Body::empty()).unwrap();
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller);
        }
        let response = desk.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self(response.into_body())
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Heard> {
        let waited = Duration::from_secs(60);
        let frame = tokio::time::timeout(waited, self.0.frame()).await.expect("an event or the end")?;
        let bytes = frame.unwrap().into_data().unwrap();
        let text = std::str::from_utf8(&bytes).unwrap().strip_suffix("\n\n").expect("a whole event");
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        Some(Heard {
            id: field("id").map(|id| id.parse().unwrap()),
            kind: field("event").unwrap_or_default().to_owned(),
            data: serde_json::from_str(field("data").unwrap_or("null")).unwrap(),
        })
    }

    async fn until(&mut self, kind: &str) -> Heard {
        loop {
            let heard = self.next().await.unwrap_or_else(|| panic!("it ended before {kind}"));
            if heard.kind == kind {
                return heard;
            }
        }
    }
}

#[tokio::test]
async fn what_is_committed_is_heard_in_order_and_again_from_where_one_left_off() {
    let desk = Desk::running().await;
    let steps = Steps::begin(&*desk.ledger).await;
    let mut ear = Ear::open(&desk, "/v1/stream?types=story.*,post.*", None, None).await;
    let opened = ear.next().await.unwrap();
    assert_eq!((opened.kind.as_str(), opened.id), ("stream.opened", Some(0)));
    let post = steps.told(1, 1).await.unwrap().id;
    steps.attempted(post, sent()).await;
    let (mut kinds, mut ids) = (Vec::new(), Vec::new());
    while kinds.last().map(String::as_str) != Some("post.sent") {
        let heard = ear.next().await.unwrap();
        kinds.push(heard.kind);
        ids.push(heard.id.unwrap());
    }
    assert_eq!(kinds, ["story.recorded", "post.pending", "post.armed", "post.sent"]);
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");

    steps.told(2, 1).await;
    let mut again =
        Ear::open(&desk, "/v1/stream?types=post.*,story.*", Some(&ids[1].to_string()), None).await;
    let mut heard = Vec::new();
    for _ in 0..4 {
        heard.push(again.next().await.unwrap());
    }
    let kinds: Vec<&str> = heard.iter().map(|heard| heard.kind.as_str()).collect();
    assert_eq!(kinds, ["post.armed", "post.sent", "story.recorded", "post.pending"]);
    assert_eq!((&heard[1].data["post"], &heard[1].data["channel"]), (&json!(1), &json!("wire")));
    assert_eq!((&heard[2].data["story"], &heard[2].data["told"]), (&json!(story_id(2).0), &json!(true)));

    let mut lost = Ear::open(&desk, "/v1/stream?types=post.*", Some("4711"), None).await;
    assert_eq!(lost.next().await.unwrap().kind, "stream.gap", "of another ledger, or too long ago");
}

#[tokio::test]
async fn actors_channels_and_switches_are_heard_as_they_come_to_stand() {
    let desk = Desk::running().await;
    let mut ear = Ear::open(&desk, "/v1/stream?types=actor.*,channel.*,switch.*", None, None).await;
    desk.post("/v1/actors/pause/nba").await;
    let paused = ear.until("actor.paused").await;
    assert_eq!((paused.data["actor"].as_str(), paused.id), (Some("sports/nba"), None));
    desk.post("/v1/publishing/stop").await;
    let stopped = ear.until("channel.stopped").await;
    assert_eq!(stopped.data["name"], "wire");
    let mut ear = Ear::open(&desk, "/v1/stream?types=switch.*", Some("0"), None).await;
    assert_eq!(ear.until("switch.changed").await.data["paused"][0], "sports/nba");
    assert!(ear.until("switch.changed").await.data["publishing_stopped"].is_string());
}

#[tokio::test]
async fn an_alert_is_heard_when_it_is_told_and_when_it_is_over() {
    let desk = Desk::running().await;
    let mut ear = Ear::open(&desk, "/v1/stream?types=alert.*", None, None).await;
    let epoch = desk.ledger.mint_epoch("desk", at(40)).await.unwrap();
    let condition = |post: &str| Condition {
        kind: AlertKind::UnknownPost,
        subject: post.to_owned(),
        detail: format!("nobody can tell of {post}"),
    };
    let (seven, eight) = (condition("7"), condition("8"));
    let looks =
        [(vec![seven.clone()], 41), (vec![seven, eight.clone()], 42), (vec![eight], 43), (vec![], 44)];
    let mut book = AlertBook::default();
    for (wrong, second) in looks {
        book.look(&wrong, &BTreeSet::new(), &AlertRules::default(), at(second));
        desk.ledger.set_alerts(epoch, &book).await.unwrap();
        if second == 42 {
            let (_, status) = desk.get("/v1/status").await;
            assert_eq!(
                status["alerts"]["open"].as_array().map(Vec::len),
                Some(2),
                "it is shown as it is told"
            );
        }
    }
    assert_eq!(ear.next().await.unwrap().kind, "stream.opened");
    let mut heard = Vec::new();
    for _ in 0..4 {
        let Heard { id, kind, data } = ear.next().await.unwrap();
        assert!(id.is_some() && data["kind"] == "unknown_post" && data["at"].is_string(), "{data}");
        let since = if kind == "alert.raised" { &data["raised_at"] } else { &data["resolved_at"] };
        heard.push((kind, data["subject"].as_str().unwrap().to_owned(), since.clone()));
    }
    let expected = [("raised", "7", 41), ("raised", "8", 42), ("resolved", "7", 43), ("resolved", "8", 44)];
    let expected =
        expected.map(|(kind, post, second)| (format!("alert.{kind}"), post.to_owned(), json!(at(second))));
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn no_event_holds_a_secret() {
    let desk = Desk::running().await;
    let secret = "zq-str3am-tr0ub4dor";
    Redactor::of_process().register(&SecretString::from(secret));
    let mut ear = Ear::open(&desk, "/v1/stream?types=post.failed", None, None).await;
    let (steps, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    let reason = format!("https://hook.example/{secret}: 403");
    steps.attempted(post, wirereport_actors::wire::post::Outcome::Refused { reason }).await;
    let failed = ear.until("post.failed").await;
    assert_eq!(failed.data["reason"], "https://hook.example/(secret): 403");
}

#[tokio::test]
async fn who_is_shut_out_hears_nothing_more() {
    let desk = Desk::running().await;
    let tokens = desk.tokens.clone().unwrap();
    let order = TokenOrder { name: "screen".to_owned(), scopes: vec![Scope::Read], expires_in: None };
    let issued = tokens.issue(&order, &Caller::Local, "id-7".to_owned(), at(40)).await.unwrap();
    let caller = tokens.check(&issued.token, "127.0.0.1", at(41)).unwrap();
    let mut ear = Ear::open(&desk, "/v1/stream", None, Some(caller)).await;
    ear.until("stream.opened").await;
    tokens.revoke("screen", at(42)).await.unwrap();
    desk.post("/v1/publishing/stop").await;
    assert_eq!(ear.next().await, None);
}

#[tokio::test]
async fn who_does_not_keep_up_is_cut_off_and_holds_nobody_up() {
    let desk = Desk::running().await;
    let steps = Steps::begin(&*desk.ledger).await;
    let mut slow = Ear::open(&desk, "/v1/stream?types=story.*,post.*", None, None).await;
    let mut quick = Ear::open(&desk, "/v1/stream?types=post.pending", None, None).await;
    for number in 1..=600 {
        let post = steps.told(number, 1).await.unwrap().id;
        while number % 50 == 0 && quick.until("post.pending").await.data["post"] != post.0 {}
    }
    let mut heard = Vec::new();
    while let Some(event) = slow.next().await {
        heard.push(event.id.unwrap());
    }
    assert!(heard.len() < 1_200, "{} events were kept for it", heard.len());
    let last = heard.last().unwrap().to_string();
    let mut again = Ear::open(&desk, "/v1/stream?types=story.*,post.*", Some(&last), None).await;
    while heard.len() < 1_201 {
        heard.push(again.next().await.unwrap().id.unwrap());
    }
    assert_eq!(heard, (0..=1_200).collect::<Vec<i64>>(), "nothing was lost and nothing is heard twice");
}

#[tokio::test]
async fn a_stream_ends_with_the_wire_and_needs_it() {
    let mut desk = Desk::running().await;
    let mut ear = Ear::open(&desk, "/v1/stream", None, None).await;
    ear.until("stream.opened").await;
    desk.ended.take().unwrap().send_replace(true);
    while ear.next().await.is_some() {}
    for (path, sentence) in [
        ("/v1/stream?types=post.snt", "no event is of the type post.snt; did you mean post.sent?"),
        (
            "/v1/stream?kinds=post.sent",
            "the query is not understood: kinds: unknown field `kinds`, expected `types` or `last_event_id`",
        ),
    ] {
        assert_eq!(desk.refused("GET", path, None, StatusCode::BAD_REQUEST).await, sentence);
    }
    Desk::offline().refused("GET", "/v1/stream", None, StatusCode::SERVICE_UNAVAILABLE).await;
}
