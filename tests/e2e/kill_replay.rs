//! A replay that is killed again and again tells what an undisturbed one tells, each story once.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::receiver::{Behaviour, Receiver};
use crate::recording;
use crate::wire::{self, Place, SECRET, Wire, within};

const KILLS: usize = 25;

fn settings(receiver: &Receiver) -> String {
    let hook = wire::hook(&receiver.url());
    format!(
        "[sports]\nthreshold = 0\n[channels.feed]\nitems = 1000\n[channels.terminal]\nenabled = false\n{hook}"
    )
}

/// What a receiver accepted: each key with the story and the text under it.
fn journal(receiver: &Receiver) -> BTreeMap<String, (String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |accepted: crate::receiver::Accepted| {
        let body: Value = serde_json::from_str(&accepted.body).unwrap();
        (accepted.key, (text(&body["data"]["story"]), text(&body["data"]["text"])))
    };
    receiver.accepted().into_iter().map(entry).collect()
}

fn check(place: &Place, receiver: &Receiver) {
    assert_eq!(receiver.complaints(), [""; 0]);
    let mut told: Vec<(String, String)> = journal(receiver).into_values().collect();
    assert_eq!(told.len(), receiver.accepted().len());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let item = |item: &Value| (text(&item["_wirereport"]["story"]), text(&item["content_text"]));
    let mut items: Vec<(String, String)> = place.feed_items().iter().map(item).collect();
    told.sort();
    items.sort();
    assert_eq!(items, told, "the feed holds each story once");
}

/// One life, ended after so many posts more, or at a random moment, or while the receiver hangs. `None` if it was killed.
async fn live(place: &Place, receiver: &Receiver, run: &[&str], rng: &mut fastrand::Rng) -> Option<Wire> {
    let posts = rng.usize(1..6);
    let last = rng.choice([Behaviour::Accept, Behaviour::AcceptThenHang, Behaviour::HangThenRefuse]);
    let last = last.unwrap_or(Behaviour::Accept);
    let hangs = last != Behaviour::Accept;
    receiver.behave();
    receiver.script(std::iter::repeat_n(Behaviour::Accept, posts - 1).chain([last]));
    let reached = receiver.seen() + posts;
    let mut wire = place.start(run);
    let left = within("the replay goes on", async {
        tokio::select! {
            _ = wire.exit() => true,
            () = receiver.requests(reached) => false,
        }
    })
    .await;
    if left {
        return Some(wire);
    }
    if !hangs {
        let moment = Duration::from_millis(rng.u64(0..30));
        // Some moment after the receiver's answer: before, while or after it is settled.
        let _ = tokio::time::timeout(moment, wire.exit()).await;
    }
    wire.kill().await;
    None
}

/// Whether every story is told and its posts are settled.
async fn has_finished(place: &mut Place, receiver: &Receiver, stories: usize) -> bool {
    if journal(receiver).len() < stories {
        return false;
    }
    place.ask_about_replay("replays");
    place.posts().await.iter().all(|post| post["state"] == "sent")
}

#[tokio::test]
async fn a_replay_that_is_killed_again_and_again_tells_each_story_once_in_the_same_words() {
    let path = recording::path("nba-atl-bos-117-116");
    let run = ["--replay", &path, "--speed", "max", "--channel", "hook"];
    let undisturbed = Receiver::start(SECRET).await;
    let mut place = Place::new(&settings(&undisturbed));
    place.ok(&[&["run"], &run[..]].concat()).await;
    place.ask_about_replay("replays");
    check(&place, &undisturbed);
    let expected = journal(&undisturbed);
    assert!(expected.len() > 3 * KILLS, "{} stories are too few to be killed at", expected.len());

    let receiver = Receiver::start(SECRET).await;
    let mut place = Place::new(&settings(&receiver));
    let mut rng = fastrand::Rng::with_seed(11);
    let mut kills = 0;
    let mut last = None;
    // One that is killed on its way out has finished too, and would start anew.
    while last.is_none() && !has_finished(&mut place, &receiver, expected.len()).await {
        last = live(&place, &receiver, &run, &mut rng).await;
        kills += usize::from(last.is_none());
    }
    if let Some(mut last) = last {
        assert!(last.exit().await.success());
    }
    assert!(kills >= KILLS, "{kills}");
    place.ask_about_replay("replays");
    check(&place, &receiver);
    assert_eq!(journal(&receiver), expected);
    let posts = place.posts().await;
    assert!(posts.iter().all(|post| post["state"] == "sent"), "{posts:#?}");
    eprintln!("{kills} kills, {} stories, {} repeats under the same key", expected.len(), receiver.repeats());
}
