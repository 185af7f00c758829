//! `wirereport status`: the actor tree as it stands.

use std::fmt::Write;
use std::time::Duration;

use wirereport_actors::ports::ledger::Backlog;
use wirereport_actors::supervision::{ChildStatus, ExitKind, Health, Phase};
use wirereport_actors::wire::alert::{Lost, Notice};

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::{
    BAD, BOLD, DIM, GOOD, Table, WARN, paint, print, print_json, print_trouble, span, time, width,
};
use crate::api::client::{Client, ClientError};
use crate::api::types::{Alerts, Reload, Status};

mod writers;

/// Show the actor tree as it stands.
///
/// Every actor with its phase, since when it is in it, how often it was restarted, when it does something next and what
/// it does; then what is wrong now, and what last went wrong.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Show it anew every two seconds until interrupted; with --json, as one line each.
    #[arg(long)]
    watch: bool,
}

const WATCH_EVERY: Duration = Duration::from_secs(2);
const CLEAR: &str = "\x1b[2J\x1b[H";

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let client = connect(place)?;
    if args.watch {
        return watch(&client, args.json).await;
    }
    let status: Status = client.get("/v1/status").await?;
    if args.json { print_json(&status) } else { print(&render(&status, width())) }
}

/// Shows the status again and again. A service that is being restarted is waited for.
async fn watch(client: &Client, json: bool) -> Result<(), Failure> {
    loop {
        match client.get::<Status>("/v1/status").await {
            Ok(status) if json => print(&(serde_json::to_string(&status).map_err(Failure::failed)? + "\n"))?,
            Ok(status) => print(&format!("{CLEAR}{}", render(&status, width())))?,
            Err(error @ (ClientError::NotRunning { .. } | ClientError::Unreachable { .. })) if json => {
                print_trouble(&error);
            }
            Err(error @ (ClientError::NotRunning { .. } | ClientError::Unreachable { .. })) => {
                print(&format!("{CLEAR}{error}\n"))?;
            }
            Err(error) => return Err(error.into()),
        }
        tokio::time::sleep(WATCH_EVERY).await;
    }
}

/// The status as text.
pub(super) fn render(status: &Status, width: Option<usize>) -> String {
    let mut text = headline(status);
    text.push('\n');
    let mut rows = Table::new(["ACTOR", "PHASE", "SINCE", "RESTARTS", "NEXT", "DOING"]);
    let up = span(up(status));
    rows.row(["root".into(), paint(GOOD, "running"), up, "0".into(), String::new(), String::new()]);
    let mut troubles = Vec::new();
    add_rows(&mut rows, &mut troubles, &status.tree, "", "");
    text.push_str(&rows.render(width));
    text.push_str(&writers::render(&status.writers, width));
    troubles.extend(status.writers.iter().filter_map(writers::trouble));
    if !status.alerts.open.is_empty() {
        let mut rows = Table::new(["ALERT", "SINCE", ""]);
        for alert in &status.alerts.open {
            let kind = paint(BAD, alert.kind);
            rows.row([kind, time(alert.since), alert.detail.clone()]);
        }
        text.push('\n');
        text.push_str(&rows.render(None));
    }
    let undelivered = undelivered(&status.alerts);
    if !undelivered.is_empty() {
        let mut rows = Table::new(["NOT TOLD", "ON", ""]);
        undelivered.into_iter().for_each(|notice| rows.row(notice));
        text.push('\n');
        text.push_str(&rows.render(None));
    }
    if !troubles.is_empty() {
        let mut rows = Table::new(["TROUBLE", ""]);
        troubles.into_iter().for_each(|trouble| rows.row(trouble));
        text.push('\n');
        text.push_str(&rows.render(None));
    }
    text
}

/// What the operator was not told, on which route, and why.
fn undelivered(alerts: &Alerts) -> Vec<[String; 3]> {
    let waiting = alerts.undelivered.iter().flat_map(|notice| {
        let Notice { notice, kind, subject, left, .. } = notice;
        left.iter().filter_map(move |(route, delivery)| {
            let why = delivery.why.as_ref()?;
            let again = delivery.not_before.map(|at| format!("; tried again {}", time(at)));
            let what = format!("{kind} of {subject} {}", notice.as_str());
            Some([paint(WARN, what), route.clone(), format!("{why}{}", again.unwrap_or_default())])
        })
    });
    let lost = alerts.lost.iter().map(|lost| {
        let Lost { notice, kind, subject, route, why, at } = lost;
        let what = format!("{kind} of {subject} {}", notice.as_str());
        [paint(BAD, what), route.clone(), format!("{why}; given up {}", time(*at))]
    });
    waiting.chain(lost).collect()
}

fn up(status: &Status) -> Duration {
    Duration::try_from(status.taken_at.duration_since(status.started_at)).unwrap_or_default()
}

fn headline(status: &Status) -> String {
    let leads = match status.epoch {
        Some(epoch) => format!("leading, epoch {epoch}"),
        None => paint(WARN, "following"),
    };
    let mut text = format!(
        "{} {} · {} · up {} · {leads}\n{}\n",
        paint(BOLD, "wirereport"),
        status.version,
        status.instance,
        span(up(status)),
        backlog(&status.backlog),
    );
    if let Some(since) = status.switches.publishing_stopped {
        let stopped = format!("publishing is stopped since {}", time(since));
        let _ = writeln!(text, "{}; `wirereport resume-publishing` lets it go on", paint(BAD, stopped));
    }
    if let Some(reload) = &status.last_reload {
        let _ = writeln!(text, "{}", last_reload(reload));
    }
    text
}

fn backlog(backlog: &Backlog) -> String {
    let mut parts = vec![
        format!("stories to write {}", backlog.unwritten),
        format!("posts pending {}", backlog.pending),
        format!("under way {}", backlog.armed),
    ];
    if backlog.awaiting_approval > 0 {
        parts.push(paint(WARN, format_args!("awaiting approval {}", backlog.awaiting_approval)));
    }
    parts.push(match backlog.unknown {
        0 => "unknown 0".to_owned(),
        unknown => {
            paint(BAD, format_args!("unknown {unknown}")) + ": see `wirereport posts list --state unknown`"
        }
    });
    parts.join(" · ")
}

fn last_reload(reload: &Reload) -> String {
    let at = time(reload.at);
    if let Some(error) = &reload.error {
        return format!(
            "{}: {error}",
            paint(BAD, format_args!("settings not reloaded {at}, the old ones stay"))
        );
    }
    let changed = match reload.changed.as_slice() {
        [] => "nothing changed".to_owned(),
        changed => format!("changed {}", changed.join(", ")),
    };
    let waiting = match reload.needs_restart.as_slice() {
        [] => String::new(),
        waiting => format!("; {} {}", paint(WARN, "needs a restart:"), waiting.join(", ")),
    };
    format!("settings reloaded {at}: {changed}{waiting}")
}

fn add_rows(
    rows: &mut Table<6>,
    troubles: &mut Vec<[String; 2]>,
    children: &[ChildStatus],
    indent: &str,
    above: &str,
) {
    for (place, child) in children.iter().enumerate() {
        let last = place + 1 == children.len();
        let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        rows.row([
            format!("{indent}{branch}{}", child.name),
            phase(child),
            span(child.since),
            child.restarts.to_string(),
            child.next.map(next).unwrap_or_default(),
            child.doing.clone().unwrap_or_default(),
        ]);
        let path = format!("{above}{}", child.name);
        troubles.extend(trouble(child).into_iter().map(|trouble| [path.clone(), trouble]));
        add_rows(rows, troubles, &child.children, &format!("{indent}{below}"), &format!("{path}/"));
    }
}

fn next(wait: Duration) -> String {
    if wait < Duration::from_secs(1) { "now".to_owned() } else { format!("in {}", span(wait)) }
}

/// A child's phase in a word or two, by colour of how well that is.
pub(super) fn phase(child: &ChildStatus) -> String {
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

/// What is or was wrong with a child. That somebody stopped it is no trouble.
fn trouble(child: &ChildStatus) -> Vec<String> {
    let mut told = Vec::new();
    if let (Phase::Running, Health::Degraded { reason }) = (child.phase, &child.health) {
        told.push(paint(WARN, reason));
    }
    if let Some(exit) = &child.last_exit
        && !matches!(exit.kind, ExitKind::Normal | ExitKind::Stopped)
    {
        told.push(format!("{} ago: {}", span(exit.ago), exit.text));
    }
    told
}

#[cfg(test)]
mod tests;
