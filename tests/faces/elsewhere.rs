//! Commands about a service elsewhere: what they do here they do there, as far as their token goes.

use serde_json::json;

use crate::boards::{night, telling};
use crate::desk::{Desk, eventually};
use crate::network::Reader;

const EVENT: &str = r#"{"type":"score_update","game_id":"test_123","home_score":100,"away_score":98,"time_remaining":"0:05"}"#;

/// A desk without a service of its own that is about the one at `address`.
async fn elsewhere(desk: &Desk, address: &str, scope: &str) -> Desk {
    let token = desk.run(&["token", "issue", "--name", scope, "--scope", scope]).await.out;
    let mut away = Desk::bare();
    away.write("token", &token);
    away.set("WIREREPORT_URL", &format!("http://{address}"));
    away.set("WIREREPORT_TOKEN", token.trim());
    away
}

#[tokio::test]
async fn whatever_is_done_here_is_done_from_elsewhere_with_a_token() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let address = service.address("api").await;
    let away = elsewhere(&desk, &address, "admin").await;
    away.write("event.json", EVENT);

    assert_eq!(away.json(&["status"]).await["instance"], desk.json(&["status"]).await["instance"]);
    away.run(&["actor", "pause", "nba"]).await.ok();
    assert_eq!(desk.json(&["status"]).await["switches"]["paused"], json!(["sports/nba"]));
    away.run(&["actor", "resume", "nba"]).await.ok();
    away.run(&["actor", "restart", "nba"]).await.ok();
    away.run(&["stop-publishing"]).await.ok();
    assert!(desk.json(&["status"]).await["switches"]["publishing_stopped"].is_string());
    away.run(&["resume-publishing"]).await.ok();
    assert_eq!(away.json(&["channel", "list"]).await[0]["channel"], "feed");
    away.run(&["reload"]).await.ok();
    let copy = desk.path("copy.db");
    away.run(&["backup", copy.to_str().unwrap()]).await.ok();
    assert!(copy.exists());

    let said = away.run(&["submit", "event.json", "--publish"]).await.ok();
    assert!(said.lines().last().unwrap().starts_with("recorded; "), "{said}");
    eventually("it is sent", async || {
        let posts = away.json(&["posts", "list", "--state", "sent"]).await;
        posts
            .as_array()
            .unwrap()
            .iter()
            .any(|post| post["game"].as_str().unwrap().contains("test_123"))
            .then_some(())
    })
    .await;
    let story = away.json(&["stories", "--told"]).await[0]["story"]["id"].as_str().unwrap().to_owned();
    assert!(away.run(&["explain", &story]).await.ok().contains("post 1"));
    away.run(&["token", "issue", "--name", "screen", "--scope", "read"]).await;
    away.run(&["token", "revoke", "screen"]).await.ok();
    let changes = away.run(&["changes", "--who", "token:admin"]).await.ok();
    for change in ["actors/pause/nba", "publishing/stop", "reload", "backup", "submissions", "tokens"] {
        assert!(changes.contains(change), "{change} is not in {changes}");
    }
    service.stop().await;
    let said = away.run(&["status"]).await.sentence(69);
    assert!(said.starts_with(&format!("no service answers at http://{address} (")), "{said}");
}

#[tokio::test]
async fn an_event_is_shown_to_who_reads_and_published_by_who_may() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let address = service.address("api").await;
    let reader = Reader::with(&desk, &address, "read").await;
    let mut event: serde_json::Value = serde_json::from_str(EVENT).unwrap();
    let shown = reader.post("/v1/submissions", &event).await;
    assert!(shown["text"].as_str().unwrap().to_lowercase().contains("close game"), "{shown}");
    assert!(shown["story"]["significance"]["total"].as_f64().unwrap() > 0.8, "{shown}");
    assert!(shown.get("recorded").is_none() && desk.json(&["stories"]).await == json!([]), "{shown}");

    event["publish"] = true.into();
    let refused = reader.send(reqwest::Method::POST, "/v1/submissions", Some(&event)).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(desk.json(&["stories"]).await, json!([]));
    let editor = Reader::with(&desk, &address, "publish").await;
    assert_eq!(editor.post("/v1/submissions", &event).await["recorded"], true);
    assert_eq!(editor.post("/v1/submissions", &event).await["recorded"], false);
    assert_eq!(desk.json(&["stories"]).await.as_array().unwrap().len(), 1);
    let log = desk.run(&["changes", "--refused"]).await.ok();
    assert!(log.contains("token:read") && log.contains("POST /v1/submissions"), "{log}");
    service.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_the_way_there_is_said() {
    let mut away = Desk::bare();
    away.write("token", "eyJ.not.one");
    let said =
        away.run(&["status", "--url", "http://wire.example.org", "--token-file", "token"]).await.sentence(64);
    assert!(said.contains("over plain HTTP the token can be read on the way"), "{said}");
    let said = away.run(&["status", "--url", "http://127.0.0.1:9"]).await.sentence(64);
    assert!(said.contains("--token-file, or set WIREREPORT_TOKEN"), "{said}");
    let said =
        away.run(&["status", "--url", "http://127.0.0.1:9", "--token-file", "absent"]).await.sentence(1);
    assert!(said.starts_with("cannot read the token in absent: "), "{said}");
    let said = away.run(&["validate", "--url", "http://127.0.0.1:9"]).await.sentence(64);
    assert_eq!(said, "this command is about this machine; it takes no --url");
    away.set("WIREREPORT_TOKEN", "eyJ.not.one");
    let said = away.run(&["status", "--url", "http://127.0.0.1:9"]).await.sentence(69);
    assert!(said.starts_with("no service answers at http://127.0.0.1:9 ("), "{said}");
}
