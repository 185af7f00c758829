//! Tokens and the audit log, as an operator meets them.

use serde_json::Value;

use crate::boards::{night, telling};
use crate::desk::Desk;

#[tokio::test]
async fn a_token_is_shown_once_listed_without_it_and_revoked() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let issued =
        desk.run(&["token", "issue", "--name", "screen", "--scope", "read", "--expires", "7d"]).await;
    assert_eq!(issued.code, Some(0), "{}", issued.err);
    let token = issued.out.trim();
    assert!(token.starts_with("eyJ") && token.split('.').count() == 3 && issued.out.lines().count() == 1);
    assert!(
        issued.err.starts_with("screen may read until 2") && !issued.err.contains(token),
        "{}",
        issued.err
    );

    let tokens = desk.json(&["token", "list"]).await;
    assert_eq!((&tokens[0]["name"], &tokens[0]["scopes"]), (&"screen".into(), &"read".into()));
    let shown = desk.run(&["token", "list"]).await.ok();
    assert!(shown.contains("screen") && shown.contains("good") && !shown.contains(token), "{shown}");
    let id = tokens[0]["id"].as_str().unwrap();
    assert!(issued.err.contains(id));
    let said = desk.run(&["token", "revoke", "screen"]).await.ok();
    assert_eq!(said, format!("token {id} of screen is revoked\n"));
    let said = desk.run(&["token", "revoke", "nobody"]).await.sentence(1);
    assert_eq!(said, "no token nobody");
    let lines = service.stop().await;
    assert!(!lines.iter().any(|line| line.contains(token)));
    let shown = desk.run(&["token", "list"]).await.ok();
    assert!(shown.contains("revoked 2"), "it is listed while the service is down: {shown}");
    desk.run(&["token", "issue", "--name", "x", "--scope", "read"]).await.sentence(69);
}

#[tokio::test]
async fn an_order_for_a_token_that_cannot_be_is_refused_in_one_sentence() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let issue = async |name: &str, expires: &str| {
        let args = ["token", "issue", "--name", name, "--scope", "admin", "--expires", expires];
        desk.run(&args).await.sentence(1)
    };
    for expires in ["400d", "1s", "soon"] {
        let said = issue("desk", expires).await;
        assert_eq!(said, "a token is good for 1 min to 365 days, such as \"30 days\"");
    }
    let said = issue("two words", "1d").await;
    assert!(said.starts_with("a token's name has up to 64 letters"), "{said}");
    service.stop().await;
}

#[tokio::test]
async fn every_change_is_recorded_with_who_made_it_and_what_came_of_it() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    desk.run(&["stop-publishing"]).await.ok();
    desk.run(&["posts", "retry", "999"]).await.sentence(1);
    desk.run(&["actor", "pause", "nba"]).await.ok();
    let uid = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(desk.path("state")).unwrap());
    let who = Value::from(format!("socket:{uid}"));
    let entries = desk.json(&["changes"]).await;
    let entries = entries.as_array().unwrap();
    let actions: Vec<&str> = entries.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(
        actions,
        ["POST /v1/actors/pause/nba", "POST /v1/posts/999/retry", "POST /v1/publishing/stop"]
    );
    assert!(entries.iter().all(|entry| entry["who"] == who), "{entries:?}");
    let refused = desk.json(&["changes", "--refused"]).await;
    assert_eq!(refused.as_array().unwrap().len(), 1);
    assert_eq!((&refused[0]["status"], &refused[0]["detail"]), (&404.into(), &"no post 999".into()));
    let before = service.log().len();
    service.signal("HUP").await;
    service.logged_after(before, "settings reloaded").await;
    let entry = &desk.json(&["changes", "--who", "signal"]).await[0];
    assert_eq!((&entry["action"], &entry["request"]), (&"SIGHUP".into(), &Value::Null));
    service.stop().await;
    let shown = desk.run(&["changes", "--who", who.as_str().unwrap(), "--limit", "2"]).await.ok();
    assert!(shown.contains("POST /v1/actors/pause/nba") && !shown.contains("publishing/stop"), "{shown}");
    assert!(shown.contains("no (404)") && shown.contains("no post 999"), "{shown}");
}
