//! Texts that wait for an editor: listed with what to do, edited, approved, rejected.

use crate::boards::{night, telling};
use crate::desk::{Desk, eventually};

const EVENT: &str = r#"{"type":"score_update","game_id":"test_123","home_score":100,"away_score":98,"time_remaining":"0:05"}"#;
const OWN: &str = "Five seconds, two points: it is Hosts 100, Visitors 98.";

#[tokio::test]
async fn an_editor_sees_a_text_first_edits_it_and_lets_it_go() {
    let scoreboard = night().await;
    let desk = Desk::with(&format!("{}\n[approval.all]\nexpires = \"1 h\"\n", telling(&scoreboard)));
    desk.write("event.json", EVENT);
    let service = desk.start_ready().await;
    desk.run(&["submit", "event.json", "--publish"]).await.ok();
    let waiting = async || {
        let posts = desk.json(&["posts", "list", "--state", "awaiting_approval"]).await;
        Some(posts.as_array().unwrap().clone()).filter(|posts| !posts.is_empty())
    };
    let posts = eventually("an editor is asked", waiting).await;
    let ids: Vec<String> = posts.iter().map(|post| post["id"].to_string()).collect();
    let post = ids[0].as_str();
    let listed = desk.run(&["posts", "list"]).await.ok();
    assert!(
        listed.contains(&format!("`wirereport approve {post}`, `edit {post} --text …` or `reject {post}`")),
        "{listed}"
    );

    let wrong = desk.run(&["edit", post, "--text", "The Visitors beat the Hosts 98-100."]).await.sentence(1);
    assert!(wrong.starts_with("the text is refused (") && wrong.contains("--own"), "{wrong}");
    desk.run(&["edit", post, "--own", "--text", OWN]).await.ok();
    desk.run(&["approve", post]).await.ok();
    for other in &ids[1..] {
        desk.run(&["reject", other, "--reason", "not here"]).await.ok();
    }
    let sent = async || {
        let posts = desk.json(&["posts", "list", "--state", "sent"]).await;
        posts.as_array().unwrap().first().cloned()
    };
    let sent = eventually("it is sent", sent).await;
    assert_eq!((sent["text"].as_str(), sent["author"].as_str()), (Some(OWN), Some("editor:own")));
    let again = desk.run(&["approve", post]).await.sentence(1);
    assert_eq!(again, format!("post {post} is sent and cannot be approved"));
    service.stop().await;
}
