//! What the tests of every platform have in common.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use wirereport_actors::ports::channel::{Channel, Fence};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::post::{Earlier, Frozen, Operation, Outcome, Post, PostState, Remote};

use crate::book;
use crate::stand_in::TODAY;

/// Long enough for a stand-in to read a request, and no longer.
pub(super) const ATTEMPT_WITHIN: Duration = Duration::from_secs(2);

pub(super) fn post(number: i64) -> Post {
    let text = format!("The Celtics lead the Knicks 9{number}-90 in the fourth quarter.");
    Post { text, attempt: 1, ..book::post(number, "nba-20241022-nyk-bos") }
}

/// A revision of what stands on the channel under that id.
pub(super) fn follow_up(of: &Post, operation: Operation, remote: &Remote) -> Post {
    let earlier = Earlier { id: of.id, state: PostState::Sent, remote: Some(remote.clone()) };
    Post {
        operation,
        earlier: Some(earlier),
        text: "Correction: the Celtics lead the Knicks 88-87.".to_owned(),
        attempt: 1,
        ..book::revision(of.id.0 + 100, of)
    }
}

pub(super) fn frozen(channel: &dyn Channel, post: &Post) -> Frozen {
    channel.render(post).unwrap()
}

pub(super) async fn send(channel: &dyn Channel, post: &Post) -> Outcome {
    channel.send(post, &frozen(channel, post), book::second(5), &Fence::of_nobody_else()).await
}

pub(super) async fn told(channel: &dyn Channel, post: &Post) -> Remote {
    match send(channel, post).await {
        Outcome::Sent { remote } => remote,
        other => panic!("{other:?}"),
    }
}

/// The outcome in a word, with its wait or reason.
pub(super) fn gist(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Sent { remote } => format!("sent as {}", remote.id),
        Outcome::NotSent { reason, retry_at } => {
            let wait = retry_at.duration_since(book::second(5)).as_secs_f64();
            format!("not sent, again in {wait} s: {reason}")
        }
        Outcome::Halted { halt, reason, retry_at } => {
            let wait = retry_at.duration_since(book::second(5)).as_secs_f64();
            format!("halted as {halt}, again in {wait} s: {reason}")
        }
        Outcome::Refused { reason } => format!("refused: {reason}"),
        Outcome::Unknown { reason } => format!("unknown: {reason}"),
        Outcome::Again { reason, .. } => format!("again: {reason}"),
    }
}

/// The stand-in's day, by which platforms' dates are.
pub(super) struct Today;

impl Clock for Today {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(i64::try_from(TODAY).unwrap()).unwrap()
    }
}

/// A recorded payload of a platform, or nothing, said in one line.
pub(super) fn recorded(path: &str) -> Option<Value> {
    Some(serde_json::from_str(&recorded_text(path)?).unwrap())
}

/// The lines of a recorded text that hold something.
pub(super) fn recorded_lines(path: &str) -> Option<Vec<String>> {
    let lines = recorded_text(path)?;
    let lines = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    Some(lines.map(str::to_owned).collect())
}

fn recorded_text(path: &str) -> Option<String> {
    let folder = std::env::var_os("WIREREPORT_PLATFORMS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/platforms"),
        PathBuf::from,
    );
    let file = folder.join(path);
    let Ok(text) = std::fs::read_to_string(&file) else {
        assert!(std::env::var_os("CI").is_none(), "there is no recording at {}", file.display());
        println!("skipped: there is no recording at {}", file.display());
        return None;
    };
    Some(text)
}
