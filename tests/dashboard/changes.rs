//! What an operator changes from the page: approvals, the outbox, actors, publishing.

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::page::Page;
use crate::receiver::{Behaviour, Receiver};

const EVENT: &str = r#"{"type":"score_update","game_id":"test_123","home_score":100,"away_score":98,"time_remaining":"0:05"}"#;
const OWN: &str = "Five seconds, two points: it is Hosts 100, Visitors 98.";

#[tokio::test]
async fn a_text_is_edited_beside_its_facts_and_approved_and_another_rejected() {
    let scoreboard = night().await;
    let settings = format!("{}\n[approval.all]\nexpires = \"1 h\"\n", telling(&scoreboard));
    let Some(page) = Page::signed_in("publish", &settings, &[]).await else { return };
    let browser = &page.browser;
    browser.says("#approvals", "No text waits for an editor.").await;
    page.desk.write("event.json", EVENT);
    page.desk.run(&["submit", "event.json", "--publish"]).await.ok();
    let waits = browser.says("#approvals .beside", "VIS 98, HOS 100").await;
    assert!(waits.contains("Facts"), "{waits}");
    let expires = browser.text("#approvals time").await;
    assert!(expires.starts_with("59:") || expires == "1:00:00", "{expires}");
    browser.says("#now", "1 text waits for an editor").await;

    browser.press("#approvals", "Edit…").await;
    browser.fill("#field-text", "The Visitors beat the Hosts 98-100.").await;
    browser.press("dialog", "Save").await;
    browser.says("dialog .trouble", "The text is refused (").await;
    browser.fill("#field-text", OWN).await;
    browser.click("dialog input[name=own]").await;
    browser.press("dialog", "Save").await;
    browser.says("#approvals blockquote", OWN).await;
    browser.press("#approvals", "Approve").await;
    browser.says("#approvals", "No text waits for an editor.").await;
    browser
        .until("it is sent", "return document.querySelector('#outbox .pill.good')?.textContent === 'sent';")
        .await;
    browser.says("#outbox .list", OWN).await;

    scoreboard.advance(NBA);
    browser.press("#approvals", "Reject…").await;
    browser.fill("#field-reason", "not here").await;
    browser.press("dialog", "Reject").await;
    browser.says("#outbox .list", "rejected by an editor: not here").await;
    // The scope publish steers no actors.
    assert_eq!(browser.count("#tree button").await, 0);
    page.quit(&["a status of 422"]).await;
}

#[tokio::test]
async fn failed_posts_are_retried_and_discarded_one_by_one_and_together() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::Answer(400), Behaviour::Answer(400), Behaviour::Answer(400)]);
    let settings =
        format!("{}[channels.feed]\nenabled = false\n{}", telling(&scoreboard), newsroom(&receiver.url()));
    let Some(page) = Page::signed_in("publish", &settings, &[("NEWSROOM_SECRET", SECRET)]).await else {
        return;
    };
    let browser = &page.browser;
    let failed = |count: u64| async move {
        let script = format!(
            "return [...document.querySelectorAll('#outbox .pill')].filter((pill) => pill.textContent === 'failed').length === {count};"
        );
        browser.until(&format!("{count} posts have failed"), &script).await;
    };
    for count in 1..=3 {
        scoreboard.advance(NBA);
        failed(count).await;
    }
    browser.press("#outbox", "Retry").await;
    browser.says("dialog", "on newsroom?").await;
    browser.press("dialog", "Retry").await;
    browser.says("#outbox .list", "sent").await;
    assert_eq!(receiver.accepted().len(), 1);

    for _ in 0..2 {
        browser.click("#outbox input:not(:checked)").await;
    }
    browser.says("#outbox .bulk", "2 chosen").await;
    browser.press("#outbox .bulk", "Discard 2").await;
    browser.press("dialog", "Discard 2").await;
    browser.says("#notice", "2 posts discarded").await;
    failed(0).await;
    browser.choose("#outbox-state", "discarded").await;
    browser.until("both are listed", "return document.querySelectorAll('#outbox .post').length === 2;").await;
    page.quit(&[]).await;
}

#[tokio::test]
async fn an_actor_is_restarted_paused_and_resumed_and_publishing_is_stopped() {
    let scoreboard = night().await;
    let Some(page) = Page::signed_in("admin", &telling(&scoreboard), &[]).await else { return };
    let browser = &page.browser;
    let nba = "#tree li[data-key='sports/nba']";
    browser.press(nba, "Restart").await;
    browser.says("dialog", "Restart sports/nba?").await;
    browser.press("dialog", "Restart").await;
    browser.says(nba, "1 restart").await;
    browser.press(nba, "Pause").await;
    browser.press("dialog", "Pause").await;
    browser.says(nba, "paused").await;
    browser.says("#now", "sports/nba is paused").await;
    browser.press(nba, "Resume").await;
    browser.says(nba, "running").await;

    browser.press("#now", "Stop publishing").await;
    browser.press("dialog", "Cancel").await;
    browser.press("#now", "Stop publishing").await;
    browser.press("dialog", "Stop publishing").await;
    browser.says("#now", "Publishing is stopped on every channel").await;
    browser.until("the tab says it too", "return document.title === '(1) wirereport';").await;
    let status = page.desk.json(&["status"]).await;
    assert!(status["switches"]["publishing_stopped"].is_string());
    browser.press("#now", "Resume publishing").await;
    browser.press("dialog", "Resume publishing").await;
    browser.says("#now", "All is well").await;
    let changes = page.desk.json(&["changes", "--who", "token:dashboard"]).await;
    assert_eq!(changes[0]["action"], "POST /v1/publishing/resume");
    page.quit(&[]).await;
}

#[tokio::test]
async fn a_post_that_nobody_can_tell_of_is_resolved_by_who_looked() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::AcceptThenReset]);
    let settings =
        format!("{}[channels.feed]\nenabled = false\n{}", telling(&scoreboard), newsroom(&receiver.url()));
    let Some(page) = Page::signed_in("publish", &settings, &[("NEWSROOM_SECRET", SECRET)]).await else {
        return;
    };
    let browser = &page.browser;
    scoreboard.advance(NBA);
    browser.says("#now", "1 post of unknown outcome").await;
    browser.press("#outbox", "Resolve…").await;
    browser.says("dialog", "Is post 1 on newsroom?").await;
    browser.click("dialog input[name=sent]").await;
    browser.press("dialog", "Resolve").await;
    browser.says("#outbox .list", "sent").await;
    browser.says("#now", "All is well").await;
    assert_eq!((receiver.accepted().len(), receiver.repeats()), (1, 0));
    page.quit(&[]).await;
}
