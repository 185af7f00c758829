//! Logs: a line an event, for people or for machines, without secrets.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, nba, plain, within};
use crate::receiver::{Behaviour, Receiver};

const TOKEN: &str = "t0ken-in-the-url";

/// A night with a story, a post that fails first, and a feed that fails; every line that was logged.
async fn logged(args: &[&str]) -> Vec<String> {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::Reset, Behaviour::Answer(503)]);
    let url = format!("{}?token={TOKEN}", receiver.url());
    let mut desk = Desk::with(&(telling(&scoreboard) + &newsroom(&url)));
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = desk.start(args);
    service.logged("leading").await;
    desk.status_where("the first board was seen", |status| !nba(status)["next"].is_null()).await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged("story told").await;
    within("the receiver is asked", receiver.requests(1)).await;
    let before = service.log().len();
    desk.run(&["reload"]).await.ok();
    service.logged_after(before, "settings reloaded").await;
    service.stop().await
}

#[tokio::test]
async fn a_log_for_machines_has_an_object_a_line_with_what_it_is_about() {
    let lines = logged(&["--log-format", "json"]).await;
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        for field in ["timestamp", "level", "message", "target"] {
            assert!(line[field].is_string(), "no {field} in {line}");
        }
    }
    let of = |message: &str| {
        let found = lines.iter().find(|line| line["message"] == message);
        found.unwrap_or_else(|| panic!("no line says {message}"))
    };
    assert_eq!((&of("leading")["actor"], &of("leading")["epoch"]), (&"leader-election".into(), &"1".into()));
    let told = of("story told");
    assert_eq!((&told["actor"], &told["sport"]), (&"sport".into(), &"nba".into()));
    assert!(told["story"].as_str().unwrap().contains("-atl-bos/"), "{told}");
    let sent = of("post sent");
    assert_eq!(sent["actor"], "channel");
    assert!(sent["channel"].is_string() && !sent["post"].is_null(), "{sent}");
    assert!(of("ready")["health"].as_str().unwrap().starts_with("127.0.0.1:"));
}

#[tokio::test]
async fn a_log_for_people_has_a_line_an_event_and_no_colours_in_a_file() {
    let lines = logged(&[]).await;
    for line in &lines {
        assert_eq!(plain(line), *line, "no colours where there is no terminal");
        let level = line.split_whitespace().nth(1).unwrap_or_default();
        assert!(["INFO", "WARN", "ERROR"].contains(&level), "a line of its own: {line}");
    }
}

#[tokio::test]
async fn no_log_ever_holds_a_secret() {
    for level in ["info", "trace"] {
        let lines = logged(&["--log-level", level]).await;
        assert!(lines.iter().any(|line| line.contains("newsroom")));
        let secrets = [SECRET, &SECRET["whsec_".len()..], TOKEN];
        for line in &lines {
            assert!(!secrets.iter().any(|secret| line.contains(secret)), "{line}");
        }
    }
}

#[tokio::test]
async fn looking_without_finding_anything_is_not_logged() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let quiet = service.log().len();
    let mut looks = BTreeSet::new();
    while looks.len() < 3 {
        desk.look("nba").await;
        let status = desk.status_where("nba looks", |status| !nba(status)["next"].is_null());
        looks.insert(nba(&status.await)["restarts"].to_string());
    }
    let lines = service.log();
    // What an operator orders is an event; what came of the looks is none.
    let of_looks: Vec<&String> = lines[quiet..]
        .iter()
        .filter(|line| {
            !["operator command", "child exited", "child started"].iter().any(|of| line.contains(of))
        })
        .collect();
    assert!(of_looks.is_empty(), "{of_looks:#?}");
    assert!(scoreboard.hits(NBA) >= 3);
    service.stop().await;
}
