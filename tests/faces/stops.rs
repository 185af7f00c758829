//! How the process ends: in order, at once, or because it gave up.

use crate::boards::{NBA, SECRET, newsroom, night, telling, webhook};
use crate::desk::{Desk, Service, eventually, within};
use crate::receiver::{Behaviour, Receiver};

/// A service of whose channels, each with a receiver of its own, every one has a post under way that is not answered.
async fn with_hanging(settings: &str, channels: &[&str]) -> (Desk, Service, Vec<Receiver>) {
    let scoreboard = night().await;
    let mut text = settings.to_owned() + &telling(&scoreboard);
    let mut receivers = Vec::new();
    for name in channels {
        let receiver = Receiver::start(SECRET).await;
        receiver.script([Behaviour::AcceptThenHang]);
        text += &webhook(name, &receiver.url());
        receivers.push(receiver);
    }
    let mut desk = Desk::with(&text);
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    for receiver in &receivers {
        within("the receiver is asked", receiver.requests(1)).await;
    }
    (desk, service, receivers)
}

#[tokio::test]
async fn an_interrupt_stops_in_order_and_says_so() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    for signal in ["INT", "TERM"] {
        let service = desk.start_ready().await;
        service.signal(signal).await;
        let (code, log) = service.ended().await;
        assert_eq!(code, Some(0));
        assert!(log.iter().any(|line| line.contains("stopping; a second signal leaves at once")));
        assert!(log.last().unwrap().contains("stopped"), "{log:#?}");
    }
}

#[tokio::test]
async fn a_second_signal_leaves_at_once_and_loses_nothing() {
    let patient = "shutdown = \"60 s\"\nsupervision.stop_within = \"60 s\"\n";
    let (desk, service, receivers) = with_hanging(patient, &["newsroom"]).await;
    service.signal("TERM").await;
    service.logged("stopping; a second signal").await;
    service.signal("TERM").await;
    let (code, log) = service.ended().await;
    assert_eq!(code, Some(143));
    assert!(log.iter().any(|line| line.contains("leaving at once")));
    drop(receivers);
    let posts = desk.json(&["posts", "list", "--channel", "newsroom"]).await;
    assert_eq!(posts[0]["state"], "armed", "what was under way is reconciled at the next start");
    let service = desk.start_ready().await;
    eventually("it is unknown", async || {
        let posts = desk.json(&["posts", "list", "--channel", "newsroom"]).await;
        (posts[0]["state"] == "unknown").then_some(())
    })
    .await;
    let shown = desk.run(&["status"]).await.ok();
    assert!(shown.contains("unknown 1: see `wirereport posts list --state unknown`"), "{shown}");
    service.stop().await;
}

#[tokio::test]
async fn a_tree_that_does_not_stop_in_time_is_given_up_with_70() {
    // Channels stop one after the other, each within its own second: two are too many for one.
    let hurried = "shutdown = \"1 s\"\nsupervision.stop_within = \"1 s\"\n";
    let (desk, service, _receivers) = with_hanging(hurried, &["newsroom", "website"]).await;
    service.signal("TERM").await;
    let (code, log) = service.ended().await;
    assert_eq!(code, Some(70), "{}", log.join("\n"));
    let said = log.last().unwrap();
    assert!(said.starts_with("wirereport: gave up: the tree did not stop within 1s"), "{said}");
    assert!(said.ends_with("what was under way is reconciled at the next start"), "{said}");
    let armed = desk.json(&["posts", "list", "--state", "armed"]).await;
    assert!(!armed.as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_command_ends_also_where_nobody_hears_what_it_says() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&(telling(&scoreboard) + &newsroom("http://127.0.0.1:9/")));
    desk.set("NEWSROOM_SECRET", "changeme");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = desk.command(&["validate"]).stderr(full).spawn().unwrap().wait().await.unwrap();
    assert_eq!(status.code(), Some(78), "its code still says what was wrong");
}
