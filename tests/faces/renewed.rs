//! Secrets that are renewed while the service runs.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, Service, eventually, nba};
use crate::receiver::{Behaviour, Receiver};

/// `whsec_` and the bytes 0 to 31 but for the first.
const OLD_SECRET: &str = "whsec_BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// What the status says is wrong with the channel.
pub(crate) async fn trouble_of(desk: &Desk, channel: &str, part: &str) -> String {
    let of = |status: &Value| {
        let publisher = status["tree"].as_array()?.iter().find(|actor| actor["name"] == "publisher")?;
        let channel = publisher["children"].as_array()?.iter().find(|actor| actor["name"] == channel)?;
        channel["health"]["reason"].as_str().filter(|reason| reason.contains(part)).map(str::to_owned)
    };
    let what = format!("{channel} is in trouble: {part}");
    eventually(&what, async || of(&desk.json(&["status"]).await)).await
}

async fn states(desk: &Desk, channel: &str) -> Vec<String> {
    let posts = desk.json(&["posts", "list", "--channel", channel]).await;
    posts.as_array().unwrap().iter().map(|post| post["state"].as_str().unwrap().to_owned()).collect()
}

/// A service that was to tell one story in the newsroom.
async fn with_one_story(desk: &Desk, scoreboard: &crate::scoreboard::Scoreboard) -> Service {
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service
}

#[tokio::test]
async fn a_secret_that_was_renewed_is_used_from_the_next_reload_on() {
    let (receiver, scoreboard) = (Receiver::start(SECRET).await, night().await);
    let settings = telling(&scoreboard) + &newsroom(&receiver.url());
    let mut desk = Desk::with(&settings);
    desk.write("secret", OLD_SECRET);
    desk.set("NEWSROOM_SECRET_FILE", "secret");
    let service = with_one_story(&desk, &scoreboard).await;
    let shown = trouble_of(&desk, "newsroom", "needs_auth since ").await;
    assert!(
        shown.contains("the receiver answered HTTP 401: check that both sides have the same secret"),
        "{shown}"
    );
    assert_eq!(states(&desk, "newsroom").await, ["pending"], "it waits, and has used up nothing");
    assert_eq!(states(&desk, "feed").await, ["sent"], "the others go on");
    let list = desk.run(&["posts", "list", "--channel", "newsroom"]).await.ok();
    assert!(list.contains("the channel is needs_auth since "), "{list}");

    assert_eq!(desk.run(&["reload"]).await.ok(), "nothing changed that takes effect while running\n");
    eventually("it is tried once more", async || (receiver.complaints().len() == 2).then_some(())).await;

    desk.write("secret", SECRET);
    assert_eq!(desk.run(&["reload"]).await.ok(), "changed: channels.newsroom.secret_env\n");
    eventually("the post is told", async || (!receiver.accepted().is_empty()).then_some(())).await;
    assert_eq!(desk.run(&["reload"]).await.ok(), "nothing changed that takes effect while running\n");
    let log = service.stop().await.join("\n");
    assert_eq!(log.matches("channel halted, needs the operator").count(), 1, "told once: {log}");
    for secret in [SECRET, OLD_SECRET] {
        assert!(!log.contains(&secret["whsec_".len()..]), "{log}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_left_alone_until_it_is_another_one() {
    let (gone, scoreboard) = (Receiver::start(SECRET).await, night().await);
    gone.script([Behaviour::Answer(410)]);
    let settings = telling(&scoreboard);
    let mut desk = Desk::with(&(settings.clone() + &newsroom(&gone.url())));
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = with_one_story(&desk, &scoreboard).await;
    let shown = trouble_of(&desk, "newsroom", "gone since ").await;
    assert!(shown.contains("the receiver answered HTTP 410, which asks for no more posts"), "{shown}");
    scoreboard.advance(NBA);
    desk.look("nba").await;
    eventually("both are on the feed", async || (states(&desk, "feed").await.len() == 2).then_some(())).await;
    assert_eq!((states(&desk, "newsroom").await, gone.seen()), (vec!["pending".to_owned(); 2], 1));

    let other = Receiver::start(SECRET).await;
    desk.settings(&(settings + &newsroom(&other.url())));
    assert_eq!(desk.run(&["reload"]).await.ok(), "changed: channels.newsroom.url\n");
    eventually("both are told there", async || (other.accepted().len() == 2).then_some(())).await;
    assert_eq!(gone.seen(), 1);
    service.stop().await;
}

#[tokio::test]
async fn a_secret_that_cannot_be_used_leaves_the_old_one_in_use() {
    let (receiver, scoreboard) = (Receiver::start(SECRET).await, night().await);
    let mut desk = Desk::with(&(telling(&scoreboard) + &newsroom(&receiver.url())));
    desk.write("secret", SECRET);
    desk.set("NEWSROOM_SECRET_FILE", "secret");
    let service = desk.start_ready().await;
    desk.write("secret", "changeme-changeme");
    let said = desk.run(&["reload"]).await.sentence(78);
    assert!(said.starts_with("the old settings stay: ") && said.contains("a placeholder"), "{said}");
    scoreboard.advance(NBA);
    desk.look("nba").await;
    eventually("it is told", async || (!receiver.accepted().is_empty()).then_some(())).await;
    assert_eq!(receiver.complaints(), [""; 0]);
    service.stop().await;
}

const OLD_KEY: &str = "stand-in-old-key-0123456789";
const NEW_KEY: &str = "stand-in-new-key-0123456789";

/// A host that lets in who has the new key in that header; its address, and the keys it was asked with.
async fn keyed_host(header: &'static str, refused: (StatusCode, Value)) -> (String, Arc<Mutex<Vec<String>>>) {
    let keys = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&keys);
    let answer = move |request: Request| {
        let key = request.headers().get(header).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let key = key.trim_start_matches("Bearer ").to_owned();
        let (status, body) = match key == NEW_KEY {
            true => (StatusCode::OK, json!({"errors": [], "results": 0, "response": []})),
            false => refused.clone(),
        };
        seen.lock().unwrap().push(key);
        async move { (status, axum::Json(body)) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    (url, keys)
}

#[tokio::test]
async fn a_feeds_key_that_was_renewed_is_used_from_the_next_reload_on_and_at_once() {
    let refusal = json!({"errors": {"token": format!("the key {OLD_KEY} is not valid")}, "response": []});
    let (url, keys) = keyed_host("x-apisports-key", (StatusCode::OK, refusal)).await;
    let settings = format!(
        "[sports]\nfollow = [\"nba\"]\n[sports.nba]\nfeed = \"api_sports\"\n\
         [feeds.api_sports]\nnba_url = \"{url}\"\n[channels.terminal]\nenabled = false\n"
    );
    let mut desk = Desk::with(&settings);
    desk.set("RAPIDAPI_KEY_FILE", "key");
    // Each stands in the environment once more, so that it is searched for in all that is said.
    desk.set("PLANTED_OLD_KEY", OLD_KEY);
    desk.set("PLANTED_NEW_KEY", NEW_KEY);
    desk.write("key", OLD_KEY);
    let service = desk.start_ready().await;
    let refuses = |status: &Value| {
        let reason = nba(status)["health"]["reason"].as_str();
        reason.is_some_and(|reason| reason.contains("refuses the key"))
    };
    desk.status_where("the key is refused", refuses).await;
    assert_eq!(desk.run(&["reload"]).await.ok(), "nothing changed that takes effect while running\n");
    let asked = keys.lock().unwrap().len();

    desk.write("key", NEW_KEY);
    assert_eq!(desk.run(&["reload"]).await.ok(), "changed: feeds.api_sports.secret_env\n");
    let well = |status: &Value| nba(status)["health"]["state"] == "ok" && !nba(status)["next"].is_null();
    desk.status_where("the board is read", |status| {
        well(status) && !keys.lock().unwrap()[asked..].is_empty()
    })
    .await;
    assert!(keys.lock().unwrap()[..asked].iter().all(|key| key == OLD_KEY));
    assert!(keys.lock().unwrap()[asked..].iter().all(|key| key == NEW_KEY));

    desk.run(&["actor", "pause", "sports/nba"]).await.ok();
    let paused = |status: &Value| nba(status)["phase"] == "paused";
    desk.status_where("it is paused", paused).await;
    desk.write("key", OLD_KEY);
    service.signal("HUP").await;
    service.logged("settings reloaded changed=\"feeds.api_sports.secret_env\"").await;
    assert!(paused(&desk.json(&["status"]).await), "a reload resumes nobody");
    service.stop().await;
}

#[tokio::test]
async fn a_models_key_that_was_renewed_is_used_from_the_next_reload_on() {
    let refusal = json!({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}});
    let (url, keys) = keyed_host("authorization", (StatusCode::UNAUTHORIZED, refusal)).await;
    let scoreboard = night().await;
    let writing = format!(
        "[writers.openai]\nenabled = true\nbase_url = \"{url}\"\nmodel = \"small\"\n\
         [writers.openai.wait]\nlead_change = \"60 s\"\n"
    );
    let mut desk = Desk::with(&(telling(&scoreboard) + &writing));
    desk.set("OPENAI_API_KEY_FILE", "key");
    desk.set("PLANTED_OLD_KEY", OLD_KEY);
    desk.set("PLANTED_NEW_KEY", NEW_KEY);
    desk.write("key", OLD_KEY);
    let service = with_one_story(&desk, &scoreboard).await;
    let standing = |status: &Value, standing: &str| status["writers"][0]["standing"] == standing;
    desk.status_where("it is left alone", |status| standing(status, "left_alone")).await;
    desk.write("key", NEW_KEY);
    assert_eq!(desk.run(&["reload"]).await.ok(), "changed: writers.openai.api_key_env\n");
    desk.status_where("it is asked again", |status| standing(status, "ready")).await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    let asked = async || keys.lock().unwrap().iter().any(|key| key == NEW_KEY).then_some(());
    eventually("it is asked with the new key", asked).await;
    service.stop().await;
}
