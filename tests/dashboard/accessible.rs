//! axe-core finds no serious fault: signed out and signed in, light and dark, on a desk and on a phone.
//!
//! `WIREREPORT_PICTURES` names a folder for pictures of all of it. axe-core is fetched into `target/axe-core` by `.ci/install`, and is no part of the project.

use std::path::Path;

use serde_json::Value;

use crate::boards::{NBA, SECRET, newsroom, night, telling, webhook};
use crate::browser::{Browser, Look};
use crate::page::Page;
use crate::receiver::{Behaviour, Receiver};

const LOOKS: [Look; 4] = [
    Look { scheme: "light", width: 1280, height: 900 },
    Look { scheme: "dark", width: 1280, height: 900 },
    Look { scheme: "light", width: 360, height: 740 },
    Look { scheme: "dark", width: 390, height: 844 },
];

fn axe() -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe-core/package/axe.min.js");
    match std::fs::read_to_string(&file) {
        Ok(script) => Some(script),
        Err(_) => crate::browser::absent("axe-core"),
    }
}

/// Looks at the page in every way, and finds nothing that is serious and nothing that runs over the edge.
async fn check(browser: &Browser, axe: &str, what: &str) {
    for look in LOOKS {
        browser.look(look).await;
        if let Some(folder) = std::env::var_os("WIREREPORT_PICTURES") {
            let Look { scheme, width, .. } = look;
            let file = Path::new(&folder).join(format!("{what}, {scheme}, {width}.png"));
            browser.run("scrollTo({top: 0, behavior: 'instant'});").await;
            std::fs::write(file, browser.picture().await).unwrap();
        }
        browser.run(axe).await;
        let found = browser.promised("return (await axe.run(document)).violations;").await;
        let grave = |fault: &&Value| fault["impact"] == "serious" || fault["impact"] == "critical";
        let faults: Vec<String> = (found.as_array().unwrap().iter().filter(grave))
            .map(|fault| format!("{}: {} at {}", fault["id"], fault["help"], fault["nodes"][0]["html"]))
            .collect();
        assert!(faults.is_empty(), "{what}, {look:?}: {faults:#?}");
        let over = browser.run("return document.documentElement.scrollWidth - innerWidth;").await;
        assert!(over.as_i64().unwrap() <= 0, "{what}, {look:?}: {over} pixels run over the edge");
    }
}

#[tokio::test]
async fn axe_finds_no_serious_fault_in_light_or_dark_on_a_desk_or_a_phone() {
    let Some(axe) = axe() else { return };
    let scoreboard = night().await;
    let settings = format!("{}\n[approval.all]\nkinds = [\"score\", \"tie\"]\n", telling(&scoreboard));
    let Some(page) = Page::strange(&settings, &[]).await else { return };
    let browser = &page.browser;
    browser.open(&format!("http://{}/", page.service.address("api").await)).await;
    browser.says("#sign-in", "Sign in").await;
    check(browser, &axe, "signed out").await;

    browser.open("about:blank").await;
    browser.open(&page.link("admin").await).await;
    browser.says("#stories", "Nothing was noticed yet.").await;
    check(browser, &axe, "nothing yet").await;
    page.desk.run(&["stop-publishing"]).await.ok();
    for _ in 0..3 {
        scoreboard.advance(NBA);
        page.desk.look("nba").await;
    }
    browser.says("#outbox .list", "pending").await;
    browser.click("#stories .list summary").await;
    check(browser, &axe, "a game and a stop").await;
    browser.press("#now", "Resume publishing").await;
    check(browser, &axe, "a question").await;
    page.quit(&[]).await;
}

#[tokio::test]
async fn axe_finds_no_serious_fault_while_much_is_wrong() {
    let Some(axe) = axe() else { return };
    let (scoreboard, receiver, other) =
        (night().await, Receiver::start(SECRET).await, Receiver::start(SECRET).await);
    receiver.script([Behaviour::AcceptThenReset, Behaviour::Answer(400), Behaviour::Answer(401)]);
    let settings = format!(
        "{}[alerts]\nevery = \"1 s\"\n[approval.own]\nchannels = [\"feed\"]\nexpires = \"1 h\"\n{}per_hour = 30\n{}",
        telling(&scoreboard),
        newsroom(&receiver.url()),
        webhook("partner", &other.url())
    );
    let Some(page) = Page::signed_in("admin", &settings, &[("NEWSROOM_SECRET", SECRET)]).await else {
        return;
    };
    let browser = &page.browser;
    for state in ["unknown", "failed", "pending"] {
        scoreboard.advance(NBA);
        let script = format!(
            "return [...document.querySelectorAll('#outbox .pill')].some((pill) => pill.textContent === '{state}');"
        );
        browser.until(&format!("a post is {state}"), &script).await;
    }
    browser.says("#alerts", "channel halted").await;
    browser.says("#alerts", "unknown post").await;
    browser.says("#approvals", "Approve").await;
    browser.click("#outbox input[type=checkbox]").await;
    check(browser, &axe, "much is wrong").await;
    page.quit(&[]).await;
}
