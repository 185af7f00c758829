//! What only reads, and what it says where it cannot.

use super::*;

#[tokio::test]
async fn what_only_reads_is_answered_without_a_service() {
    let desk = Desk::offline();
    let (steps, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    steps.attempted(post, sent()).await;
    assert_eq!(post, PostId(1));

    let (status, posts) = desk.get("/v1/posts?state=sent&channel=wire&limit=1").await;
    assert_eq!((status, posts["items"][0]["id"].clone()), (StatusCode::OK, json!(1)));
    assert_eq!(desk.get("/v1/posts?state=failed").await.1, json!({ "items": [], "next": null }));
    let (_, shown) = desk.get("/v1/posts/1").await;
    assert_eq!(shown["attempts"][0]["settled"][1]["outcome"], "sent");
    let (_, stories) = desk.get("/v1/stories?sport=nba&told=true").await;
    assert_eq!(stories["items"][0]["story"]["id"], story_id(1).0);
    let (_, explained) = desk.get(&format!("/v1/stories/{}", story_id(1))).await;
    assert_eq!(explained["revisions"][0]["story"]["revision"], 1);
    assert_eq!(explained["posts"][0]["post"]["state"], "sent");
    assert_eq!(desk.get("/v1/switches").await.1["publishing_stopped"], Value::Null);
}

#[tokio::test]
async fn whatever_needs_the_service_says_that_there_is_none() {
    let desk = Desk::offline();
    Steps::begin_with_a_post(&*desk.ledger).await;
    let resolution = Some(json!({ "sent": true, "remote_id": null }));
    let asked = [
        ("GET", "/v1/status", None),
        ("POST", "/v1/actors/restart/nba", None),
        ("POST", "/v1/actors/pause/sports/nba", None),
        ("POST", "/v1/actors/resume/nba", None),
        ("POST", "/v1/posts/1/retry", None),
        ("POST", "/v1/posts/1/discard", None),
        ("POST", "/v1/posts/1/resolve", resolution),
        ("POST", "/v1/publishing/stop", None),
        ("POST", "/v1/publishing/resume", None),
        ("POST", "/v1/reload", None),
    ];
    for (method, path, body) in asked {
        let sentence = desk.refused(method, path, body, StatusCode::SERVICE_UNAVAILABLE).await;
        assert!(sentence.contains("`wirereport run`"), "{path}: {sentence}");
    }
    assert_eq!(desk.switches().await, Switches::default(), "nothing was changed");
}

#[tokio::test]
async fn the_status_shows_the_tree_the_switches_and_the_work_that_waits() {
    let desk = Desk::running().await;
    Steps::begin_with_a_post(&*desk.ledger).await;
    desk.post("/v1/publishing/stop").await;
    let (status, shown) = desk.get("/v1/status").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&shown["instance"], &shown["epoch"]), (&json!("desk-1"), &Value::Null));
    assert_eq!(shown["backlog"]["pending"], 1);
    assert!(shown["switches"]["publishing_stopped"].is_string());
    let names: Vec<&str> =
        shown["tree"].as_array().unwrap().iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(names, ["leader-election", "publisher", "generator", "sports", "self-healing"]);
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_may_have_been_meant() {
    let desk = Desk::running().await;
    Steps::begin_with_a_post(&*desk.ledger).await;
    let not_found = StatusCode::NOT_FOUND;
    for (method, path) in
        [("GET", "/v1/posts/999"), ("POST", "/v1/posts/999/retry"), ("POST", "/v1/posts/999/discard")]
    {
        assert_eq!(desk.refused(method, path, None, not_found).await, "no post 999");
    }
    let near = client::path("/v1/stories/", &story_id(2).0);
    let sentence = desk.refused("GET", &near, None, not_found).await;
    assert_eq!(sentence, format!("no story {}; did you mean {}?", story_id(2), story_id(1)));
    let strange = client::path("/v1/stories/", "a story? 100% ‹new›");
    let sentence = desk.refused("GET", &strange, None, not_found).await;
    assert_eq!(sentence, "no story a story? 100% ‹new›; `wirereport stories` lists them");
    assert_eq!(desk.refused("GET", "/v2/status", None, not_found).await, "no such path in this API");
}

#[tokio::test]
async fn no_answer_holds_a_secret_however_it_came_into_the_ledger() {
    let desk = Desk::running().await;
    let (steps, post) = Steps::begin_with_a_post(&*desk.ledger).await;
    let secret = "p9-\"Q/tr0ub4dor";
    crate::telemetry::Redactor::of_process().register(&secrecy::SecretString::from(secret));
    let reason = format!("https://hook.example/{secret}: 403; redis://:hunter2hunter2@cache");
    steps.attempted(post, wirereport_actors::wire::post::Outcome::Refused { reason }).await;
    for path in ["/v1/posts/1", "/v1/posts", &client::path("/v1/stories/", &story_id(1).0)] {
        let answer = desk.get(path).await.1.to_string();
        assert!(answer.contains("https://hook.example/(secret): 403; redis://(secret)@cache"), "{answer}");
        assert!(!answer.contains("tr0ub4dor") && !answer.contains("hunter2"), "{answer}");
    }
    let sentence =
        desk.refused("GET", "/v1/posts?state=sk-abcdefghijklmnopqrstuvwx", None, StatusCode::BAD_REQUEST);
    assert!(sentence.await.starts_with("no post is ever (secret);"));
}

#[tokio::test]
async fn a_query_that_cannot_be_answered_is_refused_in_one_sentence() {
    let desk = Desk::running().await;
    let cases = [
        (
            "/v1/posts?state=lost",
            "no post is ever lost; its state may be awaiting_approval, pending, armed, sent, unknown, failed, expired, discarded, superseded",
        ),
        ("/v1/posts?limit=0", "limit must be from 1 to 500, and 0 is not"),
        ("/v1/stories?limit=501", "limit must be from 1 to 500, and 501 is not"),
        ("/v1/stories?sport=nbaa", "no league is called nbaa; did you mean nba?"),
        ("/v1/posts?limit=many", "the query is not understood: limit: invalid digit found in string"),
        (
            "/v1/posts?chanel=wire",
            "the query is not understood: chanel: unknown field `chanel`, expected one of `state`, `channel`, `story`, `before`, `cursor`, `limit`",
        ),
        (
            "/v1/stories?told=perhaps",
            "the query is not understood: told: provided string was not `true` or `false`",
        ),
        ("/v1/posts/seven", "the path is not understood: Cannot parse `seven` to a `i64`"),
    ];
    for (path, sentence) in cases {
        assert_eq!(desk.refused("GET", path, None, StatusCode::BAD_REQUEST).await, sentence, "{path}");
    }
    let body = Some(json!({ "sent": true, "remote_id": null, "by": "me" }));
    let sentence = desk.refused("POST", "/v1/posts/1/resolve", body, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(sentence.starts_with("the body is not understood: by: unknown field `by`"), "{sentence}");
    let sentence = desk.refused("DELETE", "/v1/posts/1", None, StatusCode::METHOD_NOT_ALLOWED).await;
    assert_eq!(sentence, "/v1/posts/1 does not take DELETE");
}
