//! Getting in and out: by a link that is good once, by a token, under a path of a proxy's; and what a reader may not do.

use crate::boards::{night, telling};
use crate::desk::Desk;
use crate::page::Page;

/// What a browser notes of an answer that says no.
const NOTED: &str = "the server responded with a status of 401";

#[tokio::test]
async fn a_link_signs_in_once_and_signing_out_ends_its_session() {
    let scoreboard = night().await;
    let Some(page) = Page::strange(&telling(&scoreboard), &[]).await else { return };
    let browser = &page.browser;
    let link = page.link("admin").await;
    browser.open(&link).await;
    browser.says("#who", "dashboard · admin").await;
    let address = browser.run("return location.href;").await;
    assert_eq!(address, link.split_once('#').unwrap().0, "the code is gone from the address");
    let kept = browser.run("return document.cookie + JSON.stringify(localStorage);").await;
    assert!(!kept.as_str().unwrap().contains("eyJ"), "no script sees the token: {kept}");
    browser.says("#now", "All is well").await;
    assert_eq!(browser.count("#sign-in").await, 0);

    let tokens = page.desk.json(&["token", "list"]).await;
    assert_eq!((&tokens[0]["name"], &tokens[0]["revoked_at"]), (&"dashboard".into(), &().into()));
    browser.press(".bar", "Sign out").await;
    browser.says("#sign-in", "Sign in").await;
    assert_eq!(browser.count("#desk").await, 0);
    let tokens = page.desk.json(&["token", "list"]).await;
    assert!(tokens[0]["revoked_at"].is_string(), "{tokens}");

    browser.open("about:blank").await;
    browser.open(&link).await;
    browser.says("#sign-in-trouble", "The link is not good, or no longer").await;
    let entries = page.desk.json(&["changes"]).await;
    let status = |action: &str| {
        let of = entries.as_array().unwrap().iter().filter(|entry| entry["action"] == action);
        of.map(|entry| (entry["who"].clone(), entry["status"].clone())).collect::<Vec<_>>()
    };
    let sign_ins = [("unknown".into(), 401.into()), ("token:dashboard".into(), 200.into())];
    assert_eq!(status("POST /v1/sign-in"), sign_ins);
    assert_eq!(status("POST /v1/sign-out"), [("token:dashboard".into(), 200.into())]);
    let code = link.split_once("#code=").unwrap().1;
    assert!(!entries.to_string().contains(code) && !page.service.log().join("\n").contains(code));
    page.quit(&[NOTED]).await;
}

#[tokio::test]
async fn a_token_that_reads_is_pasted_and_sees_no_button_and_changes_nothing() {
    let scoreboard = night().await;
    let settings = format!("api.path_prefix = \"/wire\"\n{}", telling(&scoreboard));
    let Some(page) = Page::strange(&settings, &[]).await else { return };
    let browser = &page.browser;
    browser.open(&format!("http://{}/wire/", page.service.address("api").await)).await;
    browser.fill("#token", "not.a.token").await;
    browser.press("#sign-in", "Sign in").await;
    browser.says("#sign-in-trouble", "This is no token of this service").await;

    let issued = page.desk.run(&["token", "issue", "--name", "screen", "--scope", "read"]).await;
    browser.fill("#token", issued.out.trim()).await;
    browser.press("#sign-in", "Sign in").await;
    browser.says("#who", "screen · read").await;
    browser.says("#tree", "self-healing").await;
    scoreboard.advance(crate::boards::NBA);
    browser.says("#outbox .list", "sent").await;
    assert_eq!(browser.count("#desk button, #desk input[type=checkbox]").await, 0);

    let refused = browser
        .promised(
            "const headers = {'content-type': 'application/json', 'x-wirereport': '1'}; \
             const answer = await fetch('v1/publishing/stop', {method: 'POST', headers, body: 'null'}); \
             return [answer.status, (await answer.json()).detail];",
        )
        .await;
    assert_eq!(refused[0], 403);
    assert_eq!(refused[1], "the token may not do that; it needs the scope publish");
    let bare = "return (await fetch('v1/publishing/stop', {method: 'POST'})).status;";
    assert_eq!(browser.promised(bare).await, 403, "the header of our own page is missing");
    let switches = page.desk.json(&["status"]).await["switches"]["publishing_stopped"].clone();
    assert!(switches.is_null());

    page.desk.run(&["token", "revoke", "screen"]).await.ok();
    browser.says("#sign-in", "Sign in").await;
    page.quit(&[NOTED, "a status of 403", "a status of 429"]).await;
}

#[tokio::test]
async fn two_wires_on_one_host_are_signed_in_to_side_by_side() {
    let scoreboard = night().await;
    let Some(page) = Page::signed_in("admin", &telling(&scoreboard), &[]).await else { return };
    let browser = &page.browser;
    let first = browser.run("return location.href;").await.as_str().unwrap().to_owned();
    let neighbour = Desk::with(&telling(&scoreboard));
    let service = neighbour.start_ready().await;
    let link = neighbour.run(&["dashboard", "--scope", "read"]).await.out.trim().to_owned();
    browser.open(&link).await;
    browser.says("#who", "read").await;
    browser.open(&first).await;
    browser.says("#who", "admin").await;
    browser.press(".bar", "Sign out").await;
    browser.says("#sign-in", "Sign in").await;
    browser.open(link.split_once('#').unwrap().0).await;
    browser.says("#who", "read").await;
    browser.says("#now", "All is well").await;
    service.stop().await;
    page.quit(&[]).await;
}

#[tokio::test]
async fn a_link_without_the_slash_at_the_end_of_its_path_leads_to_the_page() {
    let scoreboard = night().await;
    let settings = format!("api.path_prefix = \"/news/wire\"\n{}", telling(&scoreboard));
    let Some(page) = Page::strange(&settings, &[]).await else { return };
    let browser = &page.browser;
    let link = page.link("read").await;
    let without = link.replace("/wire/#", "/wire#");
    assert_ne!(link, without);
    browser.open(&without).await;
    browser.says("#who", "read").await;
    browser.says("#now", "All is well").await;
    let address = browser.run("return location.href;").await;
    assert_eq!(address, link.split_once('#').unwrap().0);
    page.quit(&[]).await;
}
