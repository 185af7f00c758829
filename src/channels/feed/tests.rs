use std::fs;
use std::path::Path;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use tempfile::TempDir;

use super::super::fixture::{correction, post, second};
use super::*;

fn settings(items: usize) -> FeedSettings {
    FeedSettings {
        title: "Scores & more".to_owned(),
        home_page_url: Some("https://example.com/?a=1&b=2".to_owned()),
        base_url: Some("https://example.com/wire".to_owned()),
        items,
    }
}

fn open(dir: &Path) -> FeedChannel {
    FeedChannel::open(dir, settings(3)).unwrap()
}

async fn send(channel: &FeedChannel, post: &Post) -> Outcome {
    let frozen = channel.render(post).unwrap();
    channel.send(post, &frozen, second(500), &Fence::of_nobody_else()).await
}

async fn tell(channel: &FeedChannel, post: &Post) -> Remote {
    match send(channel, post).await {
        Outcome::Sent { remote } => remote,
        other => panic!("{other:?}"),
    }
}

fn json(dir: &TempDir) -> serde_json::Value {
    serde_json::from_slice(&fs::read(dir.path().join("feed.json")).unwrap()).unwrap()
}

fn atom(dir: &TempDir) -> String {
    fs::read_to_string(dir.path().join("feed.atom")).unwrap()
}

fn texts(dir: &TempDir) -> Vec<String> {
    let items = json(dir)["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["content_text"].as_str().unwrap().to_owned()).collect()
}

fn names(dir: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(dir.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_item_stands_in_both_files() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    let untitled = Post { title: None, text: "\"<90 & rising>\"\u{8}".to_owned(), ..post(2) };
    tell(&channel, &post(1)).await;
    tell(&channel, &untitled).await;
    tell(&channel, &correction(&post(1), "")).await;
    insta::assert_snapshot!("feed.json", fs::read_to_string(dir.path().join("feed.json")).unwrap());
    insta::assert_snapshot!("feed.atom", atom(&dir));
    assert_eq!(names(&dir), ["feed.atom", "feed.json"], "and nothing else is left there");
}

#[tokio::test]
async fn sending_again_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    let remote = tell(&channel, &post(1)).await;
    let modified = || fs::metadata(dir.path().join("feed.json")).unwrap().modified().unwrap();
    let (before, written) = (json(&dir), modified());
    assert_eq!(tell(&channel, &post(1)).await, remote);
    assert_eq!((json(&dir), modified()), (before, written));
}

#[tokio::test]
async fn a_correction_keeps_the_id_and_the_place_and_moves_the_date() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    let first = tell(&channel, &post(1)).await;
    tell(&channel, &post(2)).await;
    let corrected = correction(&post(1), &first.id);
    assert_eq!(tell(&channel, &corrected).await.id, first.id);
    let item = &json(&dir)["items"][1];
    assert_eq!(item["id"], first.id);
    assert_eq!(item["content_text"], corrected.text);
    assert_eq!(item["date_published"], post(1).happened_at.to_string());
    assert_eq!(item["date_modified"], corrected.created_at.to_string());
    tell(&channel, &post(1)).await;
    assert_eq!(
        json(&dir)["items"][1]["content_text"],
        corrected.text,
        "the first revision does not come back"
    );
}

#[tokio::test]
async fn the_newest_stay_and_what_was_let_go_does_not_come_back() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    for number in [2, 4, 1, 5, 3] {
        tell(&channel, &post(number)).await;
    }
    tell(&channel, &post(2)).await;
    assert_eq!(texts(&dir), [post(5).text, post(4).text, post(3).text]);
}

#[tokio::test]
async fn another_process_goes_on_where_this_one_ended() {
    let dir = TempDir::new().unwrap();
    let (ours, standby) = (open(dir.path()), open(dir.path()));
    tell(&ours, &post(1)).await;
    tell(&standby, &post(2)).await;
    tell(&ours, &post(3)).await;
    assert_eq!(texts(&dir), [post(3).text, post(2).text, post(1).text]);
}

#[tokio::test]
async fn a_damaged_file_is_kept_aside_and_the_feed_goes_on() {
    let dir = TempDir::new().unwrap();
    tell(&open(dir.path()), &post(1)).await;
    let whole = fs::read(dir.path().join("feed.json")).unwrap();
    for half in [&whole[..whole.len() / 2], &[]] {
        fs::write(dir.path().join("feed.json"), half).unwrap();
        tell(&open(dir.path()), &post(2)).await;
        assert_eq!(texts(&dir), [post(2).text]);
    }
    let kept: Vec<_> = names(&dir).into_iter().filter(|name| name.contains("damaged")).collect();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().any(|name| fs::read(dir.path().join(name)).unwrap() == whole[..whole.len() / 2]));
}

#[tokio::test]
async fn what_a_killed_write_left_behind_is_removed_and_never_read() {
    let dir = TempDir::new().unwrap();
    tell(&open(dir.path()), &post(1)).await;
    fs::write(dir.path().join(".writing-feed.json-1"), "{\"half").unwrap();
    let channel = open(dir.path());
    assert_eq!(texts(&dir), [post(1).text]);
    tell(&channel, &post(2)).await;
    assert_eq!(names(&dir), ["feed.atom", "feed.json"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_said_and_tried_again() {
    let parent = TempDir::new().unwrap();
    let dir = parent.path().join("feeds");
    let channel = open(&dir);
    fs::remove_dir_all(&dir).unwrap();
    let Outcome::NotSent { reason, .. } = send(&channel, &post(1)).await else {
        panic!("what is not on disk is not sent");
    };
    assert!(reason.contains("feeds/feed.json: No such file"), "{reason}");
    fs::create_dir(&dir).unwrap();
    tell(&channel, &post(1)).await;
}

#[tokio::test]
async fn half_a_write_is_unknown_and_the_next_attempt_completes_it() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    let in_the_way = dir.path().join("feed.atom");
    fs::remove_file(&in_the_way).unwrap();
    fs::create_dir_all(in_the_way.join("x")).unwrap();
    let outcome = send(&channel, &post(1)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(texts(&dir), [post(1).text]);
    fs::remove_dir_all(&in_the_way).unwrap();
    tell(&channel, &post(1)).await;
    assert!(atom(&dir).contains(&post(1).text));
}

#[tokio::test]
async fn an_attempt_can_be_looked_up() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    for number in 2..5 {
        tell(&channel, &post(number)).await;
    }
    let look_up = async |post: &Post| {
        let frozen = channel.render(post).unwrap();
        channel.reconcile(post, &frozen, second(500)).await
    };
    assert!(matches!(look_up(&post(3)).await, Reconciled::Found(_)));
    assert_eq!(look_up(&post(5)).await, Reconciled::Absent);
    assert_eq!(look_up(&correction(&post(3), "")).await, Reconciled::Absent);
    assert!(matches!(look_up(&post(1)).await, Reconciled::CannotTell { .. }), "it would have been let go");
}

#[test]
fn a_folder_that_cannot_be_created_is_refused_with_what_to_do() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = FeedChannel::open(&file.path().join("feeds"), settings(3)).unwrap_err().to_string();
    assert!(error.ends_with("choose a folder that wirereport may write to"), "{error}");
}

#[test]
fn an_item_is_not_taken_back() {
    let dir = TempDir::new().unwrap();
    let withdrawal = Post { operation: Operation::Delete, ..correction(&post(1), "") };
    assert!(open(dir.path()).render(&withdrawal).is_err());
}

#[tokio::test]
async fn a_reader_who_has_the_feed_is_not_sent_it_again() {
    let dir = TempDir::new().unwrap();
    let channel = open(dir.path());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let served = router(dir.path());
    tokio::spawn(async move { axum::serve(listener, served).await });
    let limit = Duration::from_secs(60);
    let client = crate::http::client(limit, limit).unwrap();
    let get = async |path: &str, tag: &str| {
        let request = client.get(format!("{base}{path}")).header("if-none-match", tag);
        request.send().await.unwrap()
    };
    for (path, kind) in [("/feed.json", "application/feed+json"), ("/feed.atom", "application/atom+xml")] {
        let response = get(path, "\"other\"").await;
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(kind));
        assert!(response.headers()["last-modified"].to_str().unwrap().ends_with(" GMT"));
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        let file = fs::read(dir.path().join(&path[1..])).unwrap();
        assert_eq!(response.bytes().await.unwrap(), file);
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let response = get(path, &known).await;
            assert_eq!(
                (response.status().as_u16(), response.headers()["etag"].to_str().unwrap()),
                (304, &*tag)
            );
        }
        tell(&channel, &post(kind.len().try_into().unwrap())).await;
        assert_eq!(get(path, &tag).await.status(), 200, "it has changed since");
    }
    fs::remove_file(dir.path().join("feed.json")).unwrap();
    assert_eq!(get("/feed.json", "").await.status(), 404);
}

/// The texts of the entries' `content`, as an XML reader sees them.
fn contents(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut inside, mut contents) = (false, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "content" => {
                inside = true;
                contents.push(String::new());
            }
            Event::End(tag) if tag.name().as_ref() == "content" => inside = false,
            Event::Text(text) if inside => contents.last_mut().unwrap().push_str(&text.xml10_content()),
            Event::GeneralRef(name) if inside => {
                let escaped = format!("&{};", &*name);
                let text = quick_xml::escape::unescape(&escaped).unwrap().into_owned();
                contents.last_mut().unwrap().push_str(&text);
            }
            Event::Eof => return contents,
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn an_xml_reader_sees_every_text_as_it_was_written(text in "\\PC{0,40}") {
        let written = Post { text: text.clone(), title: None, ..post(1) };
        let document = document::Document::new(&settings(3), vec![item_of(&written)]);
        let xml = atom::render(&document, &settings(3)).unwrap();
        prop_assert_eq!(contents(&String::from_utf8(xml).unwrap()), [text]);
    }

    #[test]
    fn no_text_makes_an_atom_feed_that_cannot_be_read(text in any::<String>()) {
        let written = Post { text: text.clone(), title: Some(text), ..post(1) };
        let document = document::Document::new(&settings(3), vec![item_of(&written)]);
        let xml = atom::render(&document, &settings(3)).unwrap();
        prop_assert_eq!(contents(&String::from_utf8(xml).unwrap()).len(), 1);
    }
}
