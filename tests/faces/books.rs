//! Backups, and the way back from one.

use serde_json::Value;

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, Service, eventually, within};
use crate::receiver::{Behaviour, Receiver};
use crate::scoreboard::Scoreboard;

async fn posts(desk: &Desk, state: &str) -> Vec<Value> {
    desk.json(&["posts", "list", "--state", state]).await.as_array().unwrap().clone()
}

/// Goes on to the next score, and waits for its story.
async fn goes_on(desk: &Desk, service: &Service, scoreboard: &Scoreboard) {
    let before = service.log().len();
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged_after(before, "story told").await;
}

#[tokio::test]
async fn a_backup_is_made_while_the_service_runs_and_while_it_does_not() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    goes_on(&desk, &service, &scoreboard).await;
    service.logged("post sent").await;
    let made = desk.run(&["backup", "one.db"]).await.ok();
    assert_eq!(made, format!("ledger backed up to {}\n", desk.path("one.db").display()));
    service.stop().await;

    let there = desk.run(&["backup", "one.db"]).await.sentence(1);
    assert!(there.ends_with("one.db is already there; name another file, or give --replace"), "{there}");
    desk.run(&["backup", "one.db", "--replace"]).await.ok();
    desk.run(&["backup", "two.db"]).await.ok();
    let nowhere = desk.run(&["backup", "no/where.db"]).await.sentence(1);
    assert!(nowhere.ends_with("is in no directory; make that first"), "{nowhere}");
    let itself = desk.run(&["backup", "state/ledger.db", "--replace"]).await.sentence(1);
    assert!(itself.contains("is the ledger itself"), "{itself}");

    std::fs::create_dir(desk.path("other")).unwrap();
    std::fs::copy(desk.path("two.db"), desk.path("other/ledger.db")).unwrap();
    let here = desk.json(&["stories"]).await;
    assert_eq!(here.as_array().unwrap().len(), 1);
    assert_eq!(desk.json(&["stories", "--state-dir", "other"]).await, here);
}

#[tokio::test]
async fn what_is_restored_tells_nothing_by_itself() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::AcceptThenHang]);
    let mut desk = Desk::with(&(telling(&scoreboard) + &newsroom(&receiver.url()) + "in_flight = 1\n"));
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = desk.start_ready().await;
    goes_on(&desk, &service, &scoreboard).await;
    within("the receiver is asked", receiver.requests(1)).await;
    goes_on(&desk, &service, &scoreboard).await;
    eventually("one post is under way and one waits behind it", async || {
        let backlog = &desk.json(&["status"]).await["backlog"];
        (backlog["armed"] == 1 && backlog["pending"] == 1).then_some(())
    })
    .await;
    desk.run(&["backup", "night.db"]).await.ok();
    service.kill().await;

    let said = desk.run(&["restore", "night.db"]).await.ok();
    let first = "restored night.db: 1 posts held, 1 of unknown outcome, every game a baseline";
    assert_eq!(said.lines().next(), Some(first), "{said}");
    assert!(said.contains("ledger.db.before-restore"), "{said}");
    assert!(said.ends_with("then `wirereport resume-publishing`\n"), "{said}");

    // The next board is a baseline: its change of score is no news.
    scoreboard.advance(NBA);
    let service = desk.start_ready().await;
    desk.look("nba").await;
    assert!(desk.json(&["status"]).await["switches"]["publishing_stopped"].is_string());
    let listed = desk.run(&["posts", "list", "--channel", "newsroom"]).await.ok();
    for part in [
        "held: a backup was restored in which it had not been sent; it may have been since",
        "publishing is stopped since",
        "look on the channel, then `wirereport posts resolve",
    ] {
        assert!(listed.contains(part), "no {part:?} in\n{listed}");
    }
    assert_eq!(desk.json(&["stories"]).await.as_array().unwrap().len(), 2);
    assert_eq!(receiver.accepted().len(), 1);

    let [unknown] = &posts(&desk, "unknown").await[..] else { panic!("one is unknown") };
    let id = unknown["id"].to_string();
    let resolved = desk.run(&["posts", "resolve", &id, "--sent", "--remote-id", "4711"]).await.ok();
    assert_eq!(resolved, format!("post {id} on newsroom is sent\n"));
    receiver.release();
    desk.run(&["resume-publishing"]).await.ok();
    within("the receiver is asked", receiver.requests(2)).await;
    eventually("what was held is sent", async || {
        (posts(&desk, "pending").await.is_empty() && posts(&desk, "armed").await.is_empty()).then_some(())
    })
    .await;
    assert_eq!(receiver.accepted().len(), 2);
    let shown = desk.run(&["posts", "show", &id]).await.ok();
    assert!(shown.contains("· new on newsroom · sent ·") && shown.contains("wirereport explain "), "{shown}");
    service.stop().await;
}

#[tokio::test]
async fn what_is_no_backup_changes_nothing() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    service.stop().await;
    let before = std::fs::read(desk.path("state/ledger.db")).unwrap();
    desk.write("garbage.db", vec![7; 9000]);
    desk.write("empty.db", "");
    let none = desk.run(&["restore", "none.db"]).await.sentence(1);
    assert!(none.starts_with("cannot read the backup none.db: No such file"), "{none}");
    for name in ["garbage.db", "empty.db"] {
        let said = desk.run(&["restore", name]).await.sentence(1);
        assert!(said.starts_with(&format!("{name} is no sound backup (")), "{said}");
    }
    assert_eq!(std::fs::read(desk.path("state/ledger.db")).unwrap(), before);
}

#[tokio::test]
async fn a_post_is_discarded_and_retried_by_its_number() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    desk.run(&["stop-publishing"]).await.ok();
    goes_on(&desk, &service, &scoreboard).await;
    let waiting = eventually("the post is written", async || posts(&desk, "pending").await.pop()).await;
    let id = waiting["id"].to_string();
    assert_eq!(desk.run(&["posts", "discard", &id]).await.ok(), format!("post {id} on feed is discarded\n"));
    desk.run(&["resume-publishing"]).await.ok();
    assert_eq!(desk.run(&["posts", "retry", &id]).await.ok(), format!("post {id} on feed is pending\n"));
    service.logged("post sent").await;
    let again = desk.run(&["posts", "retry", &id]).await.sentence(1);
    assert!(again.contains("sent"), "{again}");
    service.stop().await;
}
