//! What the bot says.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use wirereport_actors::ports::ledger::Backlog;
use wirereport_actors::wire::alert::AlertBook;
use wirereport_actors::wire::post::{Post, PostId};

use crate::cli::{span, time};

/// The longest message; Telegram's own limit is 4096.
const LONGEST: usize = 3900;
/// The longest word on a button that was pressed; Telegram's own limit is 200.
const SHORT: usize = 190;

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What appears for a moment when a button was pressed.
pub(super) fn short(text: &str) -> String {
    cut(text, SHORT)
}

/// A text that waits, with what it is about.
pub(super) fn waits(post: &Post, now: Timestamp) -> String {
    let Post { id, channel, sport, significance, author, text, .. } = post;
    let left = left(post, now);
    let title = post.title.as_deref().map(|title| format!("{title}\n")).unwrap_or_default();
    let head = format!(
        "post {id} for {channel} · {sport} · significance {significance:.2} · {author}\n\n{title}{text}"
    );
    format!("{}\n\nit expires {left}", cut(&head, LONGEST))
}

fn left(post: &Post, now: Timestamp) -> String {
    match Duration::try_from(post.send_before.duration_since(now)) {
        Ok(left) if !left.is_zero() => format!("in {}", span(left)),
        _ => "now".to_owned(),
    }
}

/// The buttons under it.
pub(super) fn buttons(post: PostId, mark: &str) -> Value {
    let button =
        |text: &str, order: &str| json!({"text": text, "callback_data": format!("{order}:{post}:{mark}")});
    json!({"inline_keyboard": [[button("Approve", "approve"), button("Reject", "reject")]]})
}

/// The texts that wait, one a line.
pub(super) fn pending(waiting: &[Post], now: Timestamp) -> String {
    if waiting.is_empty() {
        return "no text waits for you".to_owned();
    }
    let line = |post: &Post| {
        format!("post {} for {}, expires {}: {}", post.id, post.channel, left(post, now), post.text)
    };
    let lines: Vec<String> = waiting.iter().rev().map(line).collect();
    cut(&lines.join("\n\n"), LONGEST)
}

/// How the wire stands.
pub(super) fn status(
    instance: &str,
    leads: bool,
    stopped: Option<Timestamp>,
    backlog: &Backlog,
    alerts: &AlertBook,
) -> String {
    let mut lines = vec![format!("{instance} {}", if leads { "leads" } else { "follows" })];
    if let Some(since) = stopped {
        lines.push(format!("publishing is stopped since {}; /resume lets it go on", time(since)));
    }
    lines.push(format!(
        "stories to write {} · posts pending {} · under way {} · awaiting approval {} · unknown {}",
        backlog.unwritten, backlog.pending, backlog.armed, backlog.awaiting_approval, backlog.unknown
    ));
    let open: Vec<String> = alerts
        .alerts
        .iter()
        .filter(|alert| alert.is_open())
        .map(|alert| format!("! {}", alert.detail))
        .collect();
    match open.is_empty() {
        true => lines.push("nothing is wrong".to_owned()),
        false => lines.extend(open),
    }
    cut(&lines.join("\n"), LONGEST)
}
