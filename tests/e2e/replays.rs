//! Replays of the committed recordings, from the command line to the feed files.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::corpus::numbers;
use crate::receiver::{Behaviour, Receiver};
use crate::recording::{self, Course, Score};
use crate::wire::{self, Place, SECRET, eventually};

/// What a run of a recording published, in order: each story with its text.
async fn published(place: &mut Place, name: &str, speed: &str) -> Vec<(String, String)> {
    let printed = place.ok(&["run", "--replay", &recording::path(name), "--speed", speed]).await;
    assert!(printed.contains(" moments noticed, ") && printed.contains("\n  feed: "), "{printed}");
    place.ask_about_replay("replays");
    let items = place.feed_items();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = |item: &Value| (text(&item["_wirereport"]["story"]), text(&item["content_text"]));
    items.iter().rev().map(told).collect()
}

async fn is_replayed_faithfully(name: &str) {
    let mut place = Place::new("");
    let first = published(&mut place, name, "max").await;
    assert!(!first.is_empty());
    feeds_are_whole(&place);
    facts_agree(&place, &Course::of(name)).await;
    assert_eq!(
        published(&mut place, name, "max").await,
        first,
        "the same recording is told in the same words"
    );
    assert_eq!(published(&mut place, name, "2000").await, first, "speed makes no difference");
}

/// The feeds are what JSON Feed 1.1 and RFC 4287 ask for, and say the same.
fn feeds_are_whole(place: &Place) {
    let folder = place.state().join("feeds/feed");
    let feed: Value = serde_json::from_slice(&std::fs::read(folder.join("feed.json")).unwrap()).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert!(feed["title"].is_string());
    let items = feed["items"].as_array().unwrap();
    let ids: BTreeSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), items.len(), "each story once");
    let dated = |item: &Value| item["date_published"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(items.iter().map(dated).rev().is_sorted(), "newest first");

    let atom = std::fs::read_to_string(folder.join("feed.atom")).unwrap();
    let mut reader = Reader::from_str(&atom);
    let (mut depth, mut entries, mut ids_in_atom) = (0_usize, 0_usize, BTreeSet::new());
    let mut is_id = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                depth += 1;
                entries += usize::from(tag.name().as_ref() == "entry");
                is_id = depth == 3 && tag.name().as_ref() == "id";
            }
            Event::Text(text) if is_id => {
                ids_in_atom.insert((*text).to_owned());
            }
            Event::End(_) => {
                depth -= 1;
                is_id = false;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((depth, entries), (0, items.len()));
    assert_eq!(ids_in_atom.iter().map(String::as_str).collect::<BTreeSet<_>>(), ids);
}

fn score(value: &Value) -> Option<Score> {
    Some((value["home"].as_u64()?, value["away"].as_u64()?))
}

/// Every lead change of the game was noticed, no other was, and the final says how it ended.
async fn facts_agree(place: &Place, course: &Course) {
    let mut stories: Vec<Value> = place.stories().await;
    stories.reverse();
    let of_kind = |kind: &'static str| stories.iter().filter(move |record| record["story"]["kind"] == kind);
    let turn = |record: &Value| {
        let facts = &record["story"]["facts"];
        (score(&facts["before"]).unwrap(), score(&facts["score"]).unwrap())
    };
    let leads = |record: &&Value| {
        record["story"]["facts"]["score"]["home"] != record["story"]["facts"]["score"]["away"]
    };
    let turns = stories.iter().filter(|record| match record["story"]["kind"].as_str() {
        Some("lead_change") => true,
        // A side that comes back and leads has changed the lead, one that draws level has not.
        Some("comeback") => leads(record),
        _ => false,
    });
    assert_eq!(turns.map(turn).collect::<Vec<_>>(), course.lead_changes());
    for record in &stories {
        let told = score(&record["story"]["facts"]["score"]).unwrap();
        assert!(course.scores.contains(&told) || told == (0, 0), "{record:#}");
        assert_ne!(record["story"]["kind"], "correction", "nothing is taken back in these games");
    }
    let finals: Vec<&Value> = of_kind("final").collect();
    let [last] = finals[..] else { panic!("one final: {finals:#?}") };
    assert_eq!(score(&last["story"]["facts"]["score"]), Some(course.last()));
    assert_eq!(last["story"]["verdict"]["verdict"], "told");
    let posts = place.posts().await;
    let of_final: Vec<&Value> = posts.iter().filter(|post| post["story"] == last["story"]["id"]).collect();
    assert_eq!(of_final.len(), 2, "on the feed and on the terminal");
    for post in of_final {
        says_how_it_ended(post["text"].as_str().unwrap(), course);
    }
    assert!(posts.iter().all(|post| post["state"] == "sent"), "{posts:#?}");
}

fn says_how_it_ended(text: &str, course: &Course) {
    let (home, away) = course.last();
    let said = numbers(text);
    assert!(text.contains(&course.names.0) && text.contains(&course.names.1), "{text}");
    assert!(said.contains(&home) && said.contains(&away), "{text}");
    let decided = course.shootout.unwrap_or((home, away));
    let winner = if decided.0 > decided.1 { &course.names.0 } else { &course.names.1 };
    let loser = if decided.0 > decided.1 { &course.names.1 } else { &course.names.0 };
    assert!(text.find(winner.as_str()) < text.find(loser.as_str()), "the winner first: {text}");
}

#[tokio::test]
async fn the_basketball_game_is_replayed_faithfully() {
    is_replayed_faithfully(recording::ALL[0]).await;
}

#[tokio::test]
async fn the_football_game_is_replayed_faithfully() {
    is_replayed_faithfully(recording::ALL[1]).await;
}

#[tokio::test]
async fn the_baseball_game_is_replayed_faithfully() {
    is_replayed_faithfully(recording::ALL[2]).await;
}

#[tokio::test]
async fn the_hockey_game_is_replayed_faithfully() {
    is_replayed_faithfully(recording::ALL[3]).await;
}

#[tokio::test]
async fn the_soccer_match_is_replayed_faithfully() {
    is_replayed_faithfully(recording::ALL[4]).await;
}

#[tokio::test]
async fn a_rehearsed_replay_sends_nothing_and_the_real_one_afterwards_everything() {
    let receiver = Receiver::start(SECRET).await;
    let mut place = Place::new(&wire::hook(&receiver.url()));
    let path = recording::path("soccer-mex-rsa-2-0");
    let run = ["--replay", &path, "--channel", "hook", "--speed"];
    let printed = place.ok(&[&["run", "--dry-run"], &run[..], &["max"]].concat()).await;
    let would = printed.lines().filter(|line| line.starts_with("dry run, would send to hook: ")).count();
    assert!(would > 1, "{printed}");

    // A rehearsal that is cut short leaves nothing that a real run would take for sent.
    let cut_short = place.start(&[&["--dry-run"], &run[..], &["1000"]].concat());
    place.ask_about_replay("dry-run/replays");
    let begun = async || {
        place.status().await?;
        let posts = place.posts().await;
        (!posts.is_empty() && posts.len() < 3 * would).then_some(())
    };
    eventually("the rehearsal is under way", begun).await;
    cut_short.kill().await;
    assert_eq!(receiver.seen(), 0, "nothing was sent");
    assert!(place.feed_items().is_empty(), "nor written to the feed");

    place.ok(&[&["run"], &run[..], &["max"]].concat()).await;
    assert_eq!((receiver.accepted().len(), receiver.repeats()), (would, 0));
    assert_eq!(receiver.complaints(), [""; 0]);
    place.ask_about_replay("replays");
    assert_eq!(place.feed_items().len(), would);
}

#[tokio::test]
async fn a_replay_whose_receiver_is_away_for_a_while_waits_for_it_and_tells_everything() {
    for speed in ["max", "2000"] {
        let receiver = Receiver::start(SECRET).await;
        receiver.script([Behaviour::Reset, Behaviour::Answer(503), Behaviour::NotBefore(429, 1)]);
        let mut place = Place::new(&wire::hook(&receiver.url()));
        let path = recording::path("soccer-mex-rsa-2-0");
        place.ok(&["run", "--replay", &path, "--channel", "hook", "--speed", speed]).await;
        place.ask_about_replay("replays");
        assert_eq!(receiver.accepted().len(), place.feed_items().len(), "at speed {speed}");
        assert!(place.posts().await.iter().all(|post| post["state"] == "sent"), "at speed {speed}");
    }
}
