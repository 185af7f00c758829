//! `wirereport posts`: what was sent, what was not, and what an operator does about it.

use std::fmt::Write;

use clap::builder::PossibleValuesParser;
use wirereport_actors::ports::ledger::{Attempt, PostRecord, Switches};
use wirereport_actors::wire::post::{Operation, Outcome, Post, PostState};

use super::Place;
use super::connect::{connect, reader};
use super::exit::Failure;
use super::pages::{LISTED, listed};
use super::text::{BAD, BOLD, DIM, GOOD, Table, WARN, paint, print, print_json, time, time_beside, width};
use crate::api::types::{ListedPost, PostQuery, Resolution, Wait};

/// List posts, show one, retry, discard or resolve it.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List posts, newest first, with why those that have not left are waiting.
    List {
        /// Only this state.
        #[arg(long, value_parser = PossibleValuesParser::new(PostState::ALL.map(PostState::as_str)))]
        state: Option<String>,
        /// Only this channel.
        #[arg(long)]
        channel: Option<String>,
        /// Only posts with a smaller number: the next page.
        #[arg(long, value_name = "POST")]
        before: Option<i64>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=i64::from(LISTED)))]
        limit: u16,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one post with every attempt.
    Show {
        /// Its number.
        post: i64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Send a post that failed, expired, was discarded, or is unknown on its way again.
    ///
    /// Of an unknown post nobody can tell whether it is on the channel: retrying it may tell it twice.
    Retry {
        /// Its number.
        post: i64,
    },
    /// Drop a post that has not left.
    Discard {
        /// Its number.
        post: i64,
    },
    /// Say what became of a post of unknown outcome.
    #[command(group(clap::ArgGroup::new("outcome").required(true)))]
    Resolve {
        /// Its number.
        post: i64,
        /// It is on the channel.
        #[arg(long, group = "outcome")]
        sent: bool,
        /// It is not on the channel, and is to be sent.
        #[arg(long, group = "outcome")]
        not_sent: bool,
        /// What the channel calls it.
        #[arg(long, value_name = "ID", requires = "sent")]
        remote_id: Option<String>,
    },
}

pub(super) async fn execute(place: &Place, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { state, channel, before, limit, json } => {
            let query = PostQuery { state, channel, before, ..PostQuery::default() };
            list(place, &query, limit, json).await
        }
        Command::Show { post, json } => show(place, post, json).await,
        Command::Retry { post } => change(place, post, "retry", &()).await,
        Command::Discard { post } => change(place, post, "discard", &()).await,
        Command::Resolve { post, sent, remote_id, .. } => {
            change(place, post, "resolve", &Resolution { sent, remote_id }).await
        }
    }
}

async fn list(place: &Place, query: &PostQuery, limit: u16, json: bool) -> Result<(), Failure> {
    let client = reader(place).await?;
    let posts: Vec<ListedPost> = listed(&client, "/v1/posts", query, limit).await?;
    if json {
        return print_json(&posts);
    }
    if posts.is_empty() {
        return print("no posts\n");
    }
    let switches: Switches = client.get("/v1/switches").await?;
    print(&render(&posts, &switches, width()))
}

/// A line a post, and under each that has not left as it should, why not.
fn render(posts: &[ListedPost], switches: &Switches, width: Option<usize>) -> String {
    let mut rows = Table::new(["POST", "STATE", "CHANNEL", "WRITTEN", "TEXT"]);
    for listed in posts {
        let post = &listed.post;
        rows.row([
            post.id.to_string(),
            paint(style(post.state), post.state),
            post.channel.to_string(),
            time(post.created_at),
            post.text.clone(),
        ]);
        if let Some(why) = why(listed, switches) {
            rows.below(paint(style(post.state), why));
        }
    }
    rows.render(width)
}

/// Why a post is not on its channel, or is still waiting.
fn why(listed: &ListedPost, switches: &Switches) -> Option<String> {
    let post = &listed.post;
    let mut reasons: Vec<String> = Vec::new();
    if post.state != PostState::Sent {
        reasons.extend(post.reason.clone());
    }
    match post.state {
        PostState::AwaitingApproval => {
            let id = post.id;
            reasons.push(format!("`wirereport approve {id}`, `edit {id} --text …` or `reject {id}`"));
            reasons.push(format!("expires {}", time(post.send_before)));
        }
        PostState::Pending => reasons.extend(waits(listed, switches)),
        PostState::Unknown => reasons.push(format!(
            "look on the channel, then `wirereport posts resolve {} --sent` or `--not-sent`",
            post.id
        )),
        _ => {}
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

fn waits(listed: &ListedPost, switches: &Switches) -> Vec<String> {
    let post = &listed.post;
    let mut reasons = Vec::new();
    if let Some(since) = switches.publishing_stopped {
        reasons.push(format!("publishing is stopped since {}", time(since)));
    }
    let channel = format!("publisher/{}", post.channel);
    if switches.paused.contains(&channel) {
        reasons.push(format!("{} is paused", post.channel));
    } else if switches.paused.iter().any(|paused| paused == "publisher") {
        reasons.push("the publisher is paused".to_owned());
    }
    if let Some(Wait { reason, until }) = &listed.waits {
        let until = until.map(|until| format!(", until {}", time(until))).unwrap_or_default();
        reasons.push(format!("{reason}{until}"));
    }
    if let Some(at) = post.not_before {
        reasons.push(format!("tried again at {}", time(at)));
    }
    reasons.push(format!("expires {}", time(post.send_before)));
    reasons
}

async fn show(place: &Place, post: i64, json: bool) -> Result<(), Failure> {
    let record: PostRecord = reader(place).await?.get(&format!("/v1/posts/{post}")).await?;
    if json {
        return print_json(&record);
    }
    print(&format!("{}  why: wirereport explain {}\n", describe(&record), record.post.story))
}

pub(super) async fn change(
    place: &Place,
    post: i64,
    order: &str,
    body: &impl serde::Serialize,
) -> Result<(), Failure> {
    let post: Post = connect(place)?.post(&format!("/v1/posts/{post}/{order}"), body).await?;
    print(&format!("post {} on {} is {}\n", post.id, post.channel, post.state))
}

pub(super) fn style(state: PostState) -> anstyle::Style {
    match state {
        PostState::Sent => GOOD,
        PostState::Unknown | PostState::Failed => BAD,
        PostState::Armed | PostState::AwaitingApproval => WARN,
        _ => DIM,
    }
}

/// A post and its attempts, as `posts show` and `explain` tell them.
pub(super) fn describe(record: &PostRecord) -> String {
    let post = &record.post;
    let mut text = format!(
        "{} · {} on {} · {} · by {}\n  {}\n",
        paint(BOLD, format_args!("post {}", post.id)),
        operation(post.operation),
        post.channel,
        paint(style(post.state), post.state),
        post.author,
        post.text
    );
    if let Some(reason) = &post.reason {
        let _ = writeln!(text, "  {reason}");
    }
    if let Some(url) = post.remote.as_ref().and_then(|remote| remote.url.as_ref()) {
        let _ = writeln!(text, "  {url}");
    }
    for attempt in &record.attempts {
        let _ = writeln!(text, "  {}", describe_attempt(attempt));
    }
    text
}

fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "new",
        Operation::Edit => "edit",
        Operation::Reply => "reply",
        Operation::Delete => "deletion",
    }
}

fn describe_attempt(attempt: &Attempt) -> String {
    let begun =
        format!("attempt {}, armed {} under epoch {}", attempt.number, time(attempt.armed_at), attempt.epoch);
    match &attempt.settled {
        None => format!("{begun}: under way"),
        Some((at, outcome)) => {
            format!("{begun}: {} {}", time_beside(attempt.armed_at, *at), outcome_text(outcome))
        }
    }
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Sent { remote } => format!("sent as {}", remote.id),
        Outcome::NotSent { reason, retry_at } => {
            format!("not sent ({reason}), to be tried again at {}", time(*retry_at))
        }
        Outcome::Halted { halt, reason, .. } => format!("not sent, the channel is {halt} ({reason})"),
        Outcome::Again { reason, .. } => format!("in doubt ({reason}), sent again under the same key"),
        Outcome::Refused { reason } => format!("given up ({reason})"),
        Outcome::Unknown { reason } => format!("unknown ({reason})"),
    }
}

#[cfg(test)]
mod tests;
