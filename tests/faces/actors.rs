//! Actors and switches, as they are listed, restarted, paused and stopped.

use serde_json::Value;

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, eventually, nba, within};
use crate::receiver::Receiver;

fn paused(status: &Value) -> Vec<&str> {
    status["switches"]["paused"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

#[tokio::test]
async fn an_operator_lists_restarts_pauses_and_resumes_actors() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let listed = desk.run(&["actor", "list"]).await.ok();
    let actors: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(
        actors,
        [
            "ACTOR",
            "leader-election",
            "publisher",
            "publisher/feed",
            "generator",
            "sports",
            "sports/nba",
            "self-healing",
            "alerts"
        ]
    );

    assert_eq!(desk.run(&["actor", "restart", "nba"]).await.ok(), "sports/nba is being restarted\n");
    let restarted = |status: &Value| nba(status)["restarts"] == 1;
    desk.status_where("nba was restarted", restarted).await;

    assert_eq!(
        desk.run(&["actor", "pause", "feed"]).await.ok(),
        "publisher/feed is paused until it is resumed\n"
    );
    let is_paused = |status: &Value| status["tree"][1]["children"][0]["phase"] == "paused";
    let status = desk.status_where("the channel is paused", is_paused).await;
    assert_eq!(paused(&status), ["publisher/feed"]);
    assert!(
        desk.run(&["status"])
            .await
            .ok()
            .lines()
            .any(|line| line.contains("─ feed") && line.contains("paused"))
    );
    assert_eq!(desk.run(&["actor", "resume", "publisher/feed"]).await.ok(), "publisher/feed is resumed\n");
    let status = desk.status_where("the channel runs", |status| !is_paused(status)).await;
    assert!(paused(&status).is_empty());

    let near = desk.run(&["actor", "pause", "nbaa"]).await.sentence(1);
    assert_eq!(near, "no actor is called nbaa; did you mean nba?");
    let strange = desk.run(&["actor", "restart", "no such/actor?"]).await.sentence(1);
    assert_eq!(strange, "no actor is called no such/actor?; `wirereport actor list` lists them");
    service.stop().await;
}

#[tokio::test]
async fn what_is_paused_gets_no_chance_to_act_when_the_service_is_started_again() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    let mut desk = Desk::with(&(telling(&scoreboard) + &newsroom(&receiver.url())));
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = desk.start_ready().await;
    desk.run(&["actor", "pause", "newsroom"]).await.ok();
    scoreboard.advance(NBA);
    eventually("a post waits for the newsroom", async || {
        desk.look("nba").await;
        let posts = desk.json(&["posts", "list", "--channel", "newsroom", "--state", "pending"]).await;
        (!posts.as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    let listed = desk.run(&["posts", "list", "--channel", "newsroom"]).await.ok();
    assert!(listed.contains("newsroom is paused; expires"), "{listed}");
    service.kill().await;

    for _ in 0..3 {
        let service = desk.start_ready().await;
        let sentence = service.logged("paused, as before the restart").await;
        assert!(sentence.contains("publisher/newsroom"), "{sentence}");
        desk.look("nba").await;
        let posts = desk.json(&["posts", "list", "--channel", "newsroom", "--state", "pending"]).await;
        assert_eq!(posts.as_array().unwrap().len(), 1);
        service.kill().await;
    }
    assert!(receiver.accepted().is_empty());

    let service = desk.start_ready().await;
    desk.run(&["actor", "resume", "newsroom"]).await.ok();
    within("the receiver is asked", receiver.requests(1)).await;
    service.stop().await;
}

#[tokio::test]
async fn publishing_is_stopped_and_resumed_with_one_command_each_over_restarts() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let said = desk.run(&["stop-publishing"]).await.ok();
    assert_eq!(said, "publishing is stopped on every channel; attempts under way come to their end\n");
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged("story told").await;
    service.kill().await;

    let service = desk.start_ready().await;
    eventually("the post is written", async || {
        (desk.json(&["status"]).await["backlog"]["pending"] == 1).then_some(())
    })
    .await;
    assert!(desk.run(&["status"]).await.ok().contains("`wirereport resume-publishing` lets it go on"));
    let listed = desk.run(&["posts", "list"]).await.ok();
    assert!(listed.contains("publishing is stopped since 20"), "{listed}");
    assert_eq!(desk.json(&["posts", "list"]).await[0]["state"], "pending");

    assert_eq!(desk.run(&["resume-publishing"]).await.ok(), "publishing goes on\n");
    service.logged("post sent").await;
    assert!(!desk.run(&["status"]).await.ok().contains("publishing is stopped"));
    service.stop().await;
}
