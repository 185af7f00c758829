//! Feeds of news, against a stand-in of their host.

use std::time::Duration;

use jiff::Timestamp;
use wirereport::feeds::breaker::BreakerSettings;
use wirereport::feeds::news::{News, NewsSettings};
use wirereport_actors::ports::feed::{Answer as Answered, Feed, FeedError, Next, PollRequest};
use wirereport_actors::wire::sport::Sport;

use super::host::{Answer, Host};

const PAGE: &str = "/rss/news?league=nba";

fn rss(ttl: &str, titles: &[&str]) -> Vec<u8> {
    let item = |title: &&str| format!("<item><guid>{title}</guid><title>{title}</title></item>");
    let items: String = titles.iter().map(item).collect();
    format!("<rss version=\"2.0\"><channel>{ttl}{items}</channel></rss>").into_bytes()
}

fn settings(host: &Host) -> NewsSettings {
    let breaker = BreakerSettings { failures: 2, open_for: Duration::from_secs(60) };
    NewsSettings {
        breaker,
        body_cap: 4_096,
        ..NewsSettings::at("espn", format!("{}{PAGE}", host.url), "ESPN")
    }
}

async fn ask(news: &News) -> Result<Answered, FeedError> {
    let now: Timestamp = "2026-11-25T20:00:00Z".parse().unwrap();
    let sport = Sport::of("nba").unwrap();
    let request = PollRequest { sport, now, follow: Vec::new(), cursor: None };
    news.poll(&request).await
}

fn titles(answer: Answered) -> Vec<String> {
    answer.news.unwrap().items.into_iter().map(|item| item.title).collect()
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_asked_for_by_its_tag_and_shown_again() {
    let host = Host::start().await;
    let head = |tag: &str| {
        vec![("etag", tag.to_owned()), ("last-modified", "Wed, 25 Nov 2026 19:00:00 GMT".to_owned())]
    };
    host.set(PAGE, Answer::Status(200, head("\"a\""), rss("", &["one"])));
    let news = News::new(settings(&host)).unwrap();
    assert_eq!(titles(ask(&news).await.unwrap()), ["one"]);
    host.set(PAGE, Answer::status(304));
    assert_eq!(titles(ask(&news).await.unwrap()), ["one"]);
    assert_eq!(titles(ask(&news).await.unwrap()), ["one"], "as often as it does not change");
    host.set(PAGE, Answer::Status(200, Vec::new(), rss("", &["two", "one"])));
    assert_eq!(titles(ask(&news).await.unwrap()), ["two", "one"]);
    ask(&news).await.unwrap();
    assert_eq!(host.headers("if-none-match"), ["\"a\""; 3], "the last page had no tag");
    assert_eq!(host.headers("if-modified-since").len(), 3);
    assert_eq!(host.asked(), [PAGE; 5]);
    assert!(host.user_agents().iter().all(|agent| agent.starts_with("wirereport/")));
}

#[tokio::test]
async fn it_is_asked_as_often_as_is_set_and_never_within_its_own_ttl() {
    let host = Host::start().await;
    let news = News::new(settings(&host)).unwrap();
    for (ttl, minutes) in [("", 30), ("<ttl>5</ttl>", 30), ("<ttl>120</ttl>", 120), ("<ttl>soon</ttl>", 30)] {
        host.set(PAGE, Answer::Body(rss(ttl, &["one"])));
        let answer = ask(&news).await.unwrap();
        assert_eq!(answer.next, Next::After(Duration::from_secs(minutes * 60)), "{ttl}");
        assert!(answer.snapshot.games.is_empty());
    }
}

#[tokio::test]
async fn what_is_too_large_broken_or_refused_is_an_error_and_never_an_empty_page() {
    let host = Host::start().await;
    let news = News::new(settings(&host)).unwrap();
    host.set(PAGE, Answer::Body(rss("", &["x"; 500])));
    assert_eq!(ask(&news).await.unwrap_err(), FeedError::TooLarge { limit: 4_096 });
    host.set(PAGE, Answer::Body(b"<rss><channel>".to_vec()));
    assert!(matches!(ask(&news).await.unwrap_err(), FeedError::Truncated { .. }));
    host.set(PAGE, Answer::Body(b"<html/>".to_vec()));
    assert!(matches!(ask(&news).await.unwrap_err(), FeedError::Malformed { .. }));
    host.set(PAGE, Answer::status(304));
    assert_eq!(ask(&news).await.unwrap_err(), FeedError::Status { status: 304 }, "nothing was read before");
    host.set(PAGE, Answer::Status(301, vec![("location", "https://evil.example".to_owned())], Vec::new()));
    assert_eq!(ask(&news).await.unwrap_err(), FeedError::Status { status: 301 });
    host.set(PAGE, Answer::status(403));
    for _ in 0..2 {
        assert_eq!(ask(&news).await.unwrap_err(), FeedError::Refused { status: 403 });
    }
    let asked = host.asked().len();
    assert!(matches!(ask(&news).await.unwrap_err(), FeedError::BreakerOpen { failures: 2, .. }));
    assert_eq!(host.asked().len(), asked, "the host is left alone");
}
