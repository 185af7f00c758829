//! `wirereport status`: the actor tree as it stands.

use std::fmt::Write;
use std::time::Duration;

use wirereport_actors::supervision::{ChildStatus, Health, Phase};

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::{BAD, BOLD, DIM, GOOD, Table, WARN, paint, print, print_json, span};
use crate::api::client::ClientError;
use crate::api::types::Status;

/// Show the actor tree: who is up, since when, what it does, and what last went wrong.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Show it anew every two seconds until interrupted.
    #[arg(long)]
    watch: bool,
}

const WATCH_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let client = connect(place)?;
    loop {
        let status = client.get::<Status>("/v1/status").await;
        match status {
            Ok(status) => show(&status, args)?,
            // While watching, a service that is being restarted is waited for.
            Err(error @ ClientError::NotRunning { .. }) if args.watch => print(&format!("{error}\n"))?,
            Err(error) => return Err(error.into()),
        }
        if !args.watch {
            return Ok(());
        }
        tokio::time::sleep(WATCH_EVERY).await;
    }
}

fn show(status: &Status, args: &Args) -> Result<(), Failure> {
    if args.json {
        return print_json(status);
    }
    if args.watch {
        print("\x1b[2J\x1b[H")?;
    }
    print(&render(status))
}

/// The status as text.
fn render(status: &Status) -> String {
    let up = Duration::try_from(status.taken_at.duration_since(status.started_at)).unwrap_or_default();
    let leads = match status.epoch {
        Some(epoch) => format!("leading, epoch {epoch}"),
        None => paint(WARN, "following"),
    };
    let mut text = format!(
        "{} {} · {} · up {} · {leads}\n",
        paint(BOLD, "wirereport"),
        status.version,
        status.instance,
        span(up)
    );
    let backlog = &status.backlog;
    let _ = writeln!(
        text,
        "stories to write {} · posts pending {} · under way {} · unknown {}",
        backlog.unwritten,
        backlog.pending,
        backlog.armed,
        if backlog.unknown > 0 { paint(BAD, backlog.unknown) } else { "0".to_owned() },
    );
    if let Some(since) = status.switches.publishing_stopped {
        let _ = writeln!(
            text,
            "{}",
            paint(BAD, format_args!("publishing stopped since {}", super::text::time(since)))
        );
    }
    if let Some(reload) = &status.last_reload {
        let outcome = match &reload.error {
            Some(error) => paint(BAD, format_args!("refused, the old settings stay: {error}")),
            None => format!("{} settings changed", reload.changed.len()),
        };
        let _ = writeln!(text, "settings last reloaded {}: {outcome}", super::text::time(reload.at));
    }
    text.push('\n');
    let mut rows = Table::new(["ACTOR", "PHASE", "SINCE", "RESTARTS", "NEXT", "DOING"]);
    rows.row(["root".into(), paint(GOOD, "running"), span(up), "0".into(), String::new(), String::new()]);
    let mut troubles = Vec::new();
    add_rows(&mut rows, &mut troubles, &status.tree, "");
    text.push_str(&rows.render());
    if !troubles.is_empty() {
        text.push('\n');
        troubles.iter().for_each(|trouble| text.push_str(trouble));
    }
    text
}

fn add_rows(rows: &mut Table<6>, troubles: &mut Vec<String>, children: &[ChildStatus], indent: &str) {
    for (place, child) in children.iter().enumerate() {
        let last = place + 1 == children.len();
        let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        rows.row([
            format!("{indent}{branch}{}", child.name),
            phase(child),
            span(child.since),
            child.restarts.to_string(),
            child.next.map(|next| format!("in {}", span(next))).unwrap_or_default(),
            child.doing.clone().unwrap_or_default(),
        ]);
        troubles.extend(trouble(child));
        add_rows(rows, troubles, &child.children, &format!("{indent}{below}"));
    }
}

fn phase(child: &ChildStatus) -> String {
    match (child.phase, &child.health) {
        (Phase::Running, Health::Ok) => paint(GOOD, "running"),
        (Phase::Running, Health::Degraded { .. }) => paint(WARN, "degraded"),
        (Phase::BackingOff, _) => paint(BAD, "backing off"),
        (Phase::Failed, _) => paint(BAD, "failed"),
        (Phase::Paused, _) => paint(WARN, "paused"),
        (Phase::Starting, _) => paint(DIM, "starting"),
        (Phase::Restarting, _) => paint(WARN, "restarting"),
        (Phase::Stopping, _) => paint(DIM, "stopping"),
        (Phase::Stopped, _) => paint(DIM, "stopped"),
    }
}

/// What is or was wrong with a child, a line each.
fn trouble(child: &ChildStatus) -> Vec<String> {
    let mut told = Vec::new();
    if let Health::Degraded { reason } = &child.health {
        told.push(format!("{} {}: {reason}\n", paint(WARN, "degraded"), child.name));
    }
    if let Some(exit) = &child.last_exit {
        told.push(format!(
            "{} {}, {} ago: {}\n",
            paint(DIM, "last exit"),
            child.name,
            span(exit.ago),
            exit.text
        ));
    }
    told
}
