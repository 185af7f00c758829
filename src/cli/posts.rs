//! `wirereport posts`: what was sent, what was not, and what an operator does about it.

use std::fmt::Write;

use wirereport_actors::ports::ledger::{Attempt, PostRecord};
use wirereport_actors::wire::post::{Outcome, Post, PostState};

use super::Place;
use super::connect::{connect, reader};
use super::exit::Failure;
use super::text::{BAD, BOLD, DIM, GOOD, Table, WARN, paint, print, print_json, time};
use crate::api::types::{PostQuery, Resolution};

/// List, show, retry, discard or resolve posts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List posts, newest first.
    List {
        /// Only this state: pending, armed, sent, unknown, failed, expired, discarded, superseded, awaiting_approval.
        #[arg(long)]
        state: Option<String>,
        /// Only this channel.
        #[arg(long)]
        channel: Option<String>,
        /// Only posts with a smaller number: the next page.
        #[arg(long, value_name = "POST")]
        before: Option<i64>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
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
            let query = PostQuery { state, channel, story: None, before, limit: Some(limit) };
            list(place, &query, json).await
        }
        Command::Show { post, json } => show(place, post, json).await,
        Command::Retry { post } => change(place, post, "retry", &()).await,
        Command::Discard { post } => change(place, post, "discard", &()).await,
        Command::Resolve { post, sent, remote_id, .. } => {
            change(place, post, "resolve", &Resolution { sent, remote_id }).await
        }
    }
}

async fn list(place: &Place, query: &PostQuery, json: bool) -> Result<(), Failure> {
    let query = serde_urlencoded::to_string(query).map_err(Failure::failed)?;
    let posts: Vec<Post> = reader(place).await?.get(&format!("/v1/posts?{query}")).await?;
    if json {
        return print_json(&posts);
    }
    if posts.is_empty() {
        return print("no posts\n");
    }
    let mut rows = Table::new(["POST", "STATE", "CHANNEL", "WRITTEN", "TEXT"]);
    for post in &posts {
        let text = match (&post.reason, post.state) {
            (Some(reason), state) if state != PostState::Sent => format!("{} ({reason})", post.text),
            _ => post.text.clone(),
        };
        rows.row([
            post.id.to_string(),
            paint(style(post.state), post.state),
            post.channel.to_string(),
            time(post.created_at),
            text,
        ]);
    }
    print(&rows.render())
}

async fn show(place: &Place, post: i64, json: bool) -> Result<(), Failure> {
    let record: PostRecord = reader(place).await?.get(&format!("/v1/posts/{post}")).await?;
    if json {
        return print_json(&record);
    }
    print(&format!("{}story {}\n", describe(&record), record.post.story))
}

async fn change(place: &Place, post: i64, order: &str, body: &impl serde::Serialize) -> Result<(), Failure> {
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
        "{} on {} · {} · {:?} · by {}\n  {}\n",
        paint(BOLD, format_args!("post {}", post.id)),
        post.channel,
        paint(style(post.state), post.state),
        post.operation,
        post.author,
        post.text
    );
    if let Some(reason) = &post.reason {
        let _ = writeln!(text, "  {reason}");
    }
    for attempt in &record.attempts {
        let _ = writeln!(text, "  {}", describe_attempt(attempt));
    }
    text
}

fn describe_attempt(attempt: &Attempt) -> String {
    let begun =
        format!("attempt {}, armed {} under epoch {}", attempt.number, time(attempt.armed_at), attempt.epoch);
    match &attempt.settled {
        None => format!("{begun}: under way"),
        Some((at, outcome)) => format!("{begun}: {} at {}", outcome_text(outcome), time(*at)),
    }
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Sent { remote } => format!("sent as {}", remote.id),
        Outcome::NotSent { reason, retry_at } => {
            format!("not sent ({reason}), to be tried again at {}", time(*retry_at))
        }
        Outcome::Again { reason, .. } => format!("in doubt ({reason}), sent again under the same key"),
        Outcome::Refused { reason } => format!("given up ({reason})"),
        Outcome::Unknown { reason } => format!("unknown ({reason})"),
    }
}
