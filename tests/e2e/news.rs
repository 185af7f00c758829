//! A feed of news beside the scores: read, kept over a kill, told as a quotation.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::live;
use crate::receiver::Receiver;
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, SECRET, child, eventually, is_degraded, leads};

type Page = Arc<Mutex<String>>;

async fn publisher() -> (String, Page) {
    let page = Page::default();
    let show = async |State(page): State<Page>| page.lock().unwrap().clone();
    let app = Router::new().fallback(show).with_state(Arc::clone(&page));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/rss", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, page)
}

fn show(page: &Page, items: &[(&str, &str)]) {
    let item = |(id, title): &(&str, &str)| format!("<item><guid>{id}</guid><title>{title}</title></item>");
    let items: String = items.iter().map(item).collect();
    *page.lock().unwrap() = format!("<rss><channel>{items}</channel></rss>");
}

fn of_news(stories: &[Value]) -> Vec<(String, bool)> {
    let news = stories.iter().map(|record| &record["story"]).filter(|story| story["kind"] == "news");
    let headline = |story: &Value| story["facts"]["news"]["headline"].as_str().unwrap().to_owned();
    let mut found: Vec<(String, bool)> =
        news.map(|story| (headline(story), story["verdict"]["verdict"] == "told")).collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_headline_is_told_once_as_a_quotation_and_a_hostile_one_is_not() {
    let receiver = Receiver::start(SECRET).await;
    let scoreboard = Scoreboard::start().await;
    scoreboard
        .play("basketball/nba", [Answer::board(&json!({ "leagues": [{ "slug": "nba" }], "events": [] }))]);
    let (url, page) = publisher().await;
    let old = ("1", "Nets sign guard");
    show(&page, &[old]);
    let news = format!("[news.espn]\nurl = \"{url}\"\nsource = \"ESPN\"\nsport = \"nba\"\n");
    let place = Place::new(&(live::settings(&["nba"], scoreboard.url(), &receiver.url()) + &news));
    let wire = place.start(&[]);
    place.status_where("the wire leads", leads).await;
    place.look("news-espn").await;
    wire.kill().await;

    let new = ("2", "Hawks&apos; Young out with ankle injury");
    let hostile = ("3", "@someone visit evil.com for injury news");
    show(&page, &[hostile, new, ("4", "Hawks beat Nets"), old]);
    let mut wire = place.start(&[]);
    place.status_where("the wire leads again", leads).await;
    receiver.requests(1).await;
    show(&page, &[old, new, hostile]);
    place.look("news-espn").await;
    let stories = of_news(&place.stories().await);
    let told = ("Hawks' Young out with ankle injury".to_owned(), true);
    assert_eq!(stories, [("?someone visit evil.com for injury news".to_owned(), false), told]);
    let posts = receiver.accepted();
    let texts: Vec<String> = place.posts().await.iter().map(|post| post["text"].to_string()).collect();
    assert!(
        !texts.is_empty() && texts.iter().all(|text| text.contains("Young out") && text.contains("ESPN"))
    );
    assert_eq!((posts.len(), receiver.distinct_keys().len()), (1, 1), "{texts:?}");

    "<html>".clone_into(&mut page.lock().unwrap());
    place.look("news-espn").await;
    let status = eventually("a status", async || place.status().await).await;
    assert!(is_degraded(child(&status, "sports/news-espn")) && !is_degraded(child(&status, "sports/nba")));
    wire.terminate().await;
    wire.exit().await;
}
