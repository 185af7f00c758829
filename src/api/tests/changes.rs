//! What changes something, and what it says where it cannot.

use super::*;

#[tokio::test]
async fn an_actor_is_paused_by_its_name_and_resumed_by_its_path() {
    let desk = Desk::running().await;
    let (status, done) = desk.post("/v1/actors/pause/nba").await;
    assert_eq!(
        (status, &done["detail"]),
        (StatusCode::OK, &json!("sports/nba is paused until it is resumed"))
    );
    desk.post("/v1/actors/pause/sports/nba").await;
    assert_eq!(desk.switches().await.paused, ["sports/nba"]);
    desk.post("/v1/actors/resume/sports/nba").await;
    assert!(desk.switches().await.paused.is_empty());

    desk.post("/v1/actors/pause/wire").await;
    desk.post("/v1/actors/restart/wire").await;
    assert!(desk.switches().await.paused.is_empty(), "what is restarted is paused no longer");
}

#[tokio::test]
async fn an_actor_that_is_not_there_is_told_with_the_nearest_name() {
    let desk = Desk::running().await;
    for order in ["restart", "pause", "resume"] {
        let refused = |name: &str| format!("/v1/actors/{order}/{name}");
        let sentence = desk.refused("POST", &refused("nbaa"), None, StatusCode::NOT_FOUND).await;
        assert_eq!(sentence, "no actor is called nbaa; did you mean nba?");
        let sentence = desk.refused("POST", &refused("sport/nba"), None, StatusCode::NOT_FOUND).await;
        assert_eq!(sentence, "no actor is called sport/nba; did you mean sports/nba?");
        let sentence = desk.refused("POST", &refused("zebra"), None, StatusCode::NOT_FOUND).await;
        assert_eq!(sentence, "no actor is called zebra; `wirereport actor list` lists them");
    }
    assert!(desk.switches().await.paused.is_empty());
}

#[tokio::test]
async fn switches_that_are_thrown_at_once_all_hold() {
    let desk = Desk::running().await;
    let paths = [
        "/v1/publishing/stop",
        "/v1/actors/pause/nba",
        "/v1/actors/pause/wire",
        "/v1/actors/pause/generator",
    ];
    let (a, b, c, d) =
        tokio::join!(desk.post(paths[0]), desk.post(paths[1]), desk.post(paths[2]), desk.post(paths[3]));
    assert!([a, b, c, d].iter().all(|(status, _)| status.is_success()));
    let mut switches = desk.switches().await;
    switches.paused.sort();
    assert_eq!(switches.paused, ["generator", "publisher/wire", "sports/nba"]);
    let stopped = switches.publishing_stopped;
    assert!(stopped.is_some());

    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    desk.post("/v1/publishing/stop").await;
    assert_eq!(desk.switches().await.publishing_stopped, stopped, "it is stopped since it was first stopped");
    desk.post("/v1/publishing/resume").await;
    assert_eq!(desk.switches().await.publishing_stopped, None);
}

#[tokio::test]
async fn posts_are_retried_discarded_and_resolved() {
    let desk = Desk::running().await;
    let (steps, first) = Steps::begin_with_a_post(&*desk.ledger).await;
    steps.attempted(first, refused()).await;
    let (status, retried) = desk.post("/v1/posts/1/retry").await;
    assert_eq!((status, &retried["state"]), (StatusCode::OK, &json!("pending")));
    assert_eq!(desk.post("/v1/posts/1/discard").await.1["state"], "discarded");

    let second = steps.told(2, 1).await.unwrap().id;
    steps.attempted(second, unknown()).await;
    let path = format!("/v1/posts/{second}/resolve");
    let (_, resolved) = desk.ask("POST", &path, Some(json!({ "sent": true, "remote_id": "4711" }))).await;
    assert_eq!((&resolved["state"], &resolved["remote"]["id"]), (&json!("sent"), &json!("4711")));
    let sentence = desk
        .refused("POST", &path, Some(json!({ "sent": false, "remote_id": null })), StatusCode::CONFLICT)
        .await;
    assert!(sentence.contains("sent"), "{sentence}");
    let sentence =
        desk.refused("POST", &format!("/v1/posts/{second}/retry"), None, StatusCode::CONFLICT).await;
    assert!(sentence.contains("sent"), "{sentence}");
}

#[tokio::test]
async fn an_editor_approves_edits_and_rejects_what_awaits_approval() {
    let desk = Desk::running().await;
    let steps = Steps::begin(&*desk.ledger).await;
    for number in [1, 2] {
        steps.recorded(number, 1).await;
        let mut drafts = drafts(number, 1);
        drafts.posts[0].state = PostState::AwaitingApproval;
        desk.ledger.record_drafts(&drafts).await.unwrap();
    }
    let (_, listed) = desk.get("/v1/posts?state=awaiting_approval").await;
    let ids: Vec<i64> =
        listed["items"].as_array().unwrap().iter().filter_map(|post| post["id"].as_i64()).collect();
    let (second, first) = (ids[0], ids[1]);

    let path = format!("/v1/posts/{first}/edit");
    let wrong = json!({ "text": "The Aways won 999-3." });
    let sentence = desk.refused("POST", &path, Some(wrong.clone()), StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(
        sentence.starts_with("the text is refused (") && sentence.ends_with("(--own) to answer for it"),
        "{sentence}"
    );
    let own = json!({ "text": wrong["text"], "own": true });
    let (_, edited) = desk.ask("POST", &path, Some(own)).await;
    assert_eq!(
        (&edited["state"], &edited["text"], &edited["author"]),
        (&json!("awaiting_approval"), &wrong["text"], &json!("editor:own"))
    );
    let (_, approved) = desk.post(&format!("/v1/posts/{first}/approve")).await;
    assert_eq!(approved["state"], "pending");
    let again = format!("/v1/posts/{first}/approve");
    let sentence = desk.refused("POST", &again, None, StatusCode::CONFLICT).await;
    assert_eq!(sentence, format!("post {first} is pending and cannot be approved"));

    let reject = format!("/v1/posts/{second}/reject");
    let (_, rejected) = desk.ask("POST", &reject, Some(json!({ "reason": "not news" }))).await;
    assert_eq!(
        (&rejected["state"], &rejected["reason"]),
        (&json!("discarded"), &json!("rejected by an editor: not news"))
    );
}

#[tokio::test]
async fn a_backup_goes_where_nothing_is_lost_by_it() {
    let desk = Desk::offline();
    let (_, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    let path = desk.dir.path().join("backup.db");
    let asked = |path: &std::path::Path, replace: bool| Some(json!({ "path": path, "replace": replace }));
    let (status, done) = desk.ask("POST", "/v1/backup", Some(json!({ "path": path }))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(done["detail"], format!("ledger backed up to {}", path.display()));
    let copy = SqliteLedger::open(&path).unwrap();
    assert!(copy.post(post).await.unwrap().is_some());
    drop(copy);

    let there = desk.refused("POST", "/v1/backup", asked(&path, false), StatusCode::CONFLICT).await;
    assert_eq!(there, format!("{} is already there; name another file, or give --replace", path.display()));
    assert_eq!(desk.ask("POST", "/v1/backup", asked(&path, true)).await.0, StatusCode::OK);

    let bad = StatusCode::BAD_REQUEST;
    let folder = desk.refused("POST", "/v1/backup", asked(desk.dir.path(), true), bad).await;
    assert!(folder.ends_with("is a directory; name a file in it"), "{folder}");
    let nowhere = desk.dir.path().join("nowhere/backup.db");
    let sentence = desk.refused("POST", "/v1/backup", asked(&nowhere, false), bad).await;
    assert!(sentence.ends_with("is in no directory; make that first"), "{sentence}");
    assert!(!desk.dir.path().join("nowhere").exists());
    let sentence = desk.refused("POST", "/v1/backup", asked("backup.db".as_ref(), true), bad).await;
    assert_eq!(sentence, "backup.db is not an absolute path");
    let itself = desk.dir.path().join("ledger.db");
    let sentence =
        desk.refused("POST", "/v1/backup", asked(&itself, true), StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(sentence.contains("is the ledger itself"), "{sentence}");
}

#[tokio::test]
async fn a_reload_says_what_came_of_it_and_the_status_remembers() {
    let mut desk = Desk::running().await;
    let mut asked = desk.asked.take().unwrap();
    let reload = Reload {
        at: at(41),
        error: Some("w.toml:1:1: wrong".to_owned()),
        changed: Vec::new(),
        needs_restart: vec!["http.listen".to_owned()],
    };
    let answer = reload.clone();
    let (reloaded, ()) = tokio::join!(desk.post("/v1/reload"), async {
        asked.recv().await.unwrap().send(answer).unwrap();
    });
    assert_eq!(reloaded, (StatusCode::OK, serde_json::to_value(&reload).unwrap()));
    assert_eq!(desk.get("/v1/status").await.1["last_reload"], serde_json::to_value(&reload).unwrap());

    drop(asked);
    let sentence = desk.refused("POST", "/v1/reload", None, StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(sentence.contains("not running"), "{sentence}");
}
