//! One service a state directory, and the one that stands by.

use crate::boards::{NBA, night, telling};
use crate::desk::Desk;

#[tokio::test]
async fn a_standby_says_so_and_takes_over_when_the_other_is_killed() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let pid = service.pid();
    let standby = desk.start(&["--standby"]);
    let line = standby.logged("standing by while").await;
    assert!(line.contains(&format!("process {pid} works in ")), "{line}");
    assert_eq!(desk.run(&["healthcheck"]).await.ok(), "alive\n");
    service.kill().await;
    standby.logged("taking over").await;
    standby.logged("ready sports=").await;
    standby.logged("leading").await;
    let status = desk.json(&["status"]).await;
    assert_eq!(status["instance"], format!("wirereport-{}", standby.pid()));
    assert_eq!(status["epoch"], 2);
    standby.stop().await;
}

#[tokio::test]
async fn reading_commands_answer_alike_with_and_without_a_service() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged("post sent").await;
    let ask = async || {
        let mut said = Vec::new();
        for command in [&["stories"][..], &["posts", "list"], &["posts", "show", "1"]] {
            said.push(desk.run(command).await.ok());
            said.push(desk.json(command).await.to_string());
        }
        said
    };
    let online = ask().await;
    service.stop().await;
    assert_eq!(ask().await, online);
}

#[tokio::test]
async fn what_is_told_appears_on_standard_output_a_line_a_story() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard).replace("enabled = false", "enabled = true"));
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    let line = service.printed("  nba  ").await;
    assert!(line.contains("Hawks") && line.contains("99"), "{line}");
    service.stop().await;
}
