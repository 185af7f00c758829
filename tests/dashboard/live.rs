//! A recorded game, what waits to be confirmed of one, and an alert arrive on the page while it is looked at.

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::eventually;
use crate::game::last_minutes;
use crate::page::Page;
use crate::receiver::{Behaviour, Receiver};
use crate::scoreboard::Scoreboard;

#[tokio::test]
async fn a_recorded_game_arrives_while_the_page_is_open() {
    let scoreboard = Scoreboard::start().await;
    scoreboard.play(NBA, last_minutes(30));
    let settings = format!(
        "[sports]\nfollow = [\"nba\"]\nthreshold = 0.5\nconfirmations = 0\nshortest_poll = \"250 ms\"\n\
         [feeds.espn]\nbase_url = \"{}\"\n[channels.terminal]\nenabled = false\n",
        scoreboard.url()
    );
    let Some(page) = Page::signed_in("admin", &settings, &[]).await else { return };
    let browser = &page.browser;
    browser.says("#games", "Boston Celtics").await;
    browser.says("#stories", "Nothing was noticed yet.").await;
    browser.run("window.stayed = true;").await;
    scoreboard.advance_after(NBA, 1);

    browser
        .until(
            "the chance to win is drawn",
            "return document.querySelector('.game .spark .chance') !== null;",
        )
        .await;
    browser.says("#stories", "Lead change").await;
    browser.says("#outbox .list", "sent").await;
    let end = browser.says("#stories", "Final").await;
    assert!(end.contains("ATL 117, BOS 116") && end.contains("not told") && end.contains("told"), "{end}");
    // How it is worded depends on the game's day.
    let told = async || {
        let posts = page.desk.json(&["posts", "list", "--state", "sent"]).await;
        let end =
            posts.as_array()?.iter().find(|post| post["story"].as_str().unwrap().contains("/final/"))?;
        Some(end["text"].as_str()?.to_owned())
    };
    let told = eventually("the end is sent", told).await;
    assert!(told.contains("Hawks") && told.contains("117"), "{told}");
    browser.says("#outbox .list", &told).await;
    browser.says("#games", "No game is on.").await;

    browser.choose("#stories-told", "false").await;
    browser
        .until(
            "only what is not told is listed",
            "const pills = [...document.querySelectorAll('#stories .list .pill')]; \
         return pills.length > 0 && pills.every((pill) => pill.textContent === 'not told');",
        )
        .await;
    browser.click("#stories .list summary").await;
    let why = browser.says("#stories details[open]", "Not told: ").await;
    assert!(why.contains("What it is worth") && why.contains("Atlanta Hawks at Boston Celtics"), "{why}");
    browser.says("#now", "All is well").await;
    assert_eq!(browser.run("return window.stayed;").await, true, "the page was never loaded again");
    page.quit(&[]).await;
}

/// Has the page take itself for hidden, or for seen again.
async fn hide(page: &Page, hidden: bool) {
    let script = format!(
        "Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {hidden}}}); \
         window.asked.length = 0; document.dispatchEvent(new Event('visibilitychange'));"
    );
    page.browser.run(&script).await;
}

#[tokio::test]
async fn a_page_that_is_hidden_asks_for_nothing_and_catches_up_where_it_left_off() {
    let scoreboard = night().await;
    let Some(page) = Page::signed_in("read", &telling(&scoreboard), &[]).await else { return };
    let browser = &page.browser;
    scoreboard.advance(NBA);
    browser.says("#outbox .list", "sent").await;
    browser
        .run("window.asked = []; const ask = fetch; window.fetch = (...of) => (asked.push(of), ask(...of));")
        .await;
    hide(&page, true).await;
    browser.says("#connection", "paused").await;
    scoreboard.advance(NBA);
    let told = async || {
        Some(page.desk.json(&["posts", "list", "--state", "sent"]).await).filter(|posts| !posts[1].is_null())
    };
    eventually("the next story is sent", told).await;
    assert!(!browser.text("#stories").await.contains("ATL 99, BOS 101"), "nothing was asked for");
    assert_eq!(browser.run("return asked.length;").await, 0);
    hide(&page, false).await;
    browser.says("#connection", "live").await;
    browser.says("#stories", "ATL 99, BOS 101").await;
    let resumed = "return asked.find(([path]) => path === 'v1/stream')[1].headers['last-event-id'];";
    let id = browser.run(resumed).await;
    assert!(
        id.as_str().is_some_and(|id| id.parse::<u64>().is_ok()),
        "it resumes after the last event it saw: {id}"
    );
    page.quit(&[]).await;
}

#[tokio::test]
async fn an_alert_arrives_while_the_page_is_open_and_goes_once_it_is_over() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::Answer(401)]);
    let settings = format!(
        "{}[alerts]\nevery = \"1 s\"\n[channels.feed]\nenabled = false\n{}",
        telling(&scoreboard),
        newsroom(&receiver.url())
    );
    let Some(page) = Page::signed_in("admin", &settings, &[("NEWSROOM_SECRET", SECRET)]).await else {
        return;
    };
    let browser = &page.browser;
    browser.says("#now", "All is well").await;
    assert_eq!(browser.count("#alerts").await, 0, "there is no panel while nothing is wrong");
    scoreboard.advance(NBA);
    let alert = browser.says("#alerts", "newsroom").await;
    assert!(
        alert.contains("1 alert") && alert.contains("channel halted") && alert.contains("since "),
        "{alert}"
    );
    assert!(
        alert.contains("Channel newsroom waits for you (needs_auth): the receiver answered HTTP 401"),
        "{alert}"
    );
    assert_eq!(browser.text("#alerts code").await, "wirereport reload", "what is to be typed is set apart");
    browser.says("#now", "newsroom: needs auth").await;
    // Only an event is said in passing.
    browser.says("#notice", "Alert: channel halted, newsroom.").await;

    browser.press("#tree li[data-key='publisher/newsroom']", "Pause").await;
    browser.press("dialog", "Pause").await;
    browser.press("#tree li[data-key='publisher/newsroom']", "Resume").await;
    browser.says("#outbox .list", "sent").await;
    browser.until("the alert is gone", "return !document.querySelector('#alerts').checkVisibility();").await;
    browser.says("#notice", "Over: channel halted, newsroom.").await;
    browser.says("#now", "All is well").await;
    page.quit(&[]).await;
}

#[tokio::test]
async fn what_waits_to_be_confirmed_is_said_beside_its_game_until_it_is() {
    let scoreboard = night().await;
    // Nothing is looked at but when the test asks.
    let settings = telling(&scoreboard)
        .replace("confirmations = 0", "confirmations = 1")
        .replace("shortest_poll = \"250 ms\"", "shortest_poll = \"1 h\"");
    let Some(page) = Page::signed_in("read", &settings, &[]).await else { return };
    let browser = &page.browser;
    browser.says("#games", "Boston Celtics").await;
    assert_eq!(browser.count("#games .waiting").await, 0);
    scoreboard.advance(NBA);
    page.desk.look("nba").await;
    let waits = browser.says("#games .waiting", "confirming").await;
    assert!(waits.contains("99"), "{waits}");
    assert!(browser.text("#games .game").await.contains("96"), "the board shows what is confirmed");
    browser.says("#stories", "Nothing was noticed yet.").await;
    page.desk.look("nba").await;
    browser.says("#stories", "ATL 99, BOS 98").await;
    browser.until("nothing waits", "return document.querySelector('#games .waiting') === null;").await;
    assert!(browser.text("#games .game").await.contains("99"));
    page.quit(&[]).await;
}
