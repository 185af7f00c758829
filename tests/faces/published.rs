//! What is served: the feeds for readers, the probes for whoever watches over the process.

use reqwest::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, eventually, within};
use crate::receiver::{Behaviour, Receiver};

fn client() -> Client {
    wirereport::http::client(std::time::Duration::from_secs(10), std::time::Duration::from_secs(30)).unwrap()
}

async fn get(url: &str) -> Response {
    client().get(url).send().await.unwrap()
}

async fn probe(address: &str, probe: &str) -> (StatusCode, String) {
    let response = get(&format!("http://{address}/{probe}")).await;
    (response.status(), response.text().await.unwrap())
}

fn answer(status: StatusCode, text: &str) -> (StatusCode, String) {
    (status, format!("{text}\n"))
}

#[tokio::test]
async fn the_feed_is_served_with_a_tag_and_not_again_to_who_has_it() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let url = format!("http://{}/feeds/feed/feed.json", service.address("http").await);
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged("post sent").await;

    let response = get(&url).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("application/feed+json"));
    let tag = response.headers()[ETAG].clone();
    let feed: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let item = feed["items"][0]["content_text"].as_str().unwrap();
    assert!(item.contains("Hawks") && item.contains("99"), "{item}");
    let again = client().get(&url).header(IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.text().await.unwrap(), "");

    let before = service.log().len();
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged_after(before, "post sent").await;
    let renewed = client().get(&url).header(IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!(renewed.status(), StatusCode::OK);
    let atom = get(&url.replace("feed.json", "feed.atom")).await.text().await.unwrap();
    assert!(atom.contains("<feed") && atom.contains("Hawks"), "{atom}");
    assert_eq!(get(&url.replace("/feed/", "/nosuch/")).await.status(), StatusCode::NOT_FOUND);
    service.stop().await;
}

#[tokio::test]
async fn probes_answer_on_the_port_and_on_the_socket_also_while_the_wire_drains() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::AcceptThenHang]);
    let patient = "shutdown = \"60 s\"\nsupervision.stop_within = \"60 s\"\n";
    let mut desk = Desk::with(&(patient.to_owned() + &telling(&scoreboard) + &newsroom(&receiver.url())));
    desk.set("NEWSROOM_SECRET", SECRET);
    let service = desk.start_ready().await;
    let address = service.address("health").await;
    assert_eq!(probe(&address, "health").await, answer(StatusCode::OK, "alive"));
    assert_eq!(probe(&address, "ready").await, answer(StatusCode::OK, "ready"));
    assert_eq!(probe(&address, "startup").await, answer(StatusCode::OK, "started"));
    assert_eq!(desk.run(&["healthcheck"]).await.ok(), "alive\n");
    assert_eq!(desk.run(&["healthcheck", "--ready"]).await.ok(), "ready\n");

    scoreboard.advance(NBA);
    desk.look("nba").await;
    within("the receiver is asked", receiver.requests(1)).await;
    service.signal("TERM").await;
    let draining = answer(StatusCode::SERVICE_UNAVAILABLE, "draining");
    eventually("it drains", async || (probe(&address, "ready").await == draining).then_some(())).await;
    assert_eq!(probe(&address, "health").await, answer(StatusCode::OK, "alive"));
    assert_eq!(probe(&address, "startup").await, answer(StatusCode::OK, "started"));
    assert_eq!(desk.run(&["healthcheck", "--ready"]).await.sentence(1), "draining");
    assert_eq!(desk.run(&["healthcheck"]).await.ok(), "alive\n");
    let status = desk.run(&["status"]).await.ok();
    assert!(status.contains("stopping"), "{status}");

    receiver.release();
    let (code, log) = service.ended().await;
    assert_eq!(code, Some(0), "{}", log.join("\n"));
    let posts = desk.json(&["posts", "list", "--channel", "newsroom"]).await;
    assert_eq!(posts[0]["state"], "sent", "what was under way came to its end");
    assert!(!desk.path("state/wirereport.sock").exists());
}

#[tokio::test]
async fn a_service_without_ports_is_checked_over_its_socket() {
    let scoreboard = night().await;
    let desk = Desk::bare();
    desk.write(
        "wire.toml",
        format!(
            "state_dir = \"state\"\nhttp.listen = \"off\"\napi.listen = \"off\"\nhealth.listen = \"off\"\n{}",
            telling(&scoreboard)
        ),
    );
    let service = desk.start_ready().await;
    assert_eq!(
        (service.address("http").await, service.address("health").await),
        ("off".into(), "off".into())
    );
    assert_eq!(desk.run(&["healthcheck", "--ready"]).await.ok(), "ready\n");
    service.stop().await;
}
