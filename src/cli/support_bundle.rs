//! `wirereport support-bundle`: what somebody who helps needs to know, in one plain text without secrets.
//!
//! The text is redacted as a whole, last of all: every secret that the settings name is registered first, wherever it
//! comes from, and what merely looks like one goes too. Texts of posts stay, since they are public. A part that cannot be
//! had says why, so that a wire that is down can be helped as well.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use serde::Serialize;
use serde_json::Value;
use tokio::process::Command;
use wirereport_actors::ports::clock::Clock;

use super::Place;
use super::connect::reader;
use super::doctor::{patient, render};
use super::exit::Failure;
use super::status;
use super::text::print;
use crate::clock::SystemClock;
use crate::doctor::{Patient, Service, examine, inspected};
use crate::settings::secrets::{self, GENERATED};
use crate::settings::{self, SecretCheck};
use crate::telemetry::Redactor;

/// Lines of a log that are kept, and entries of each list.
const LINES: usize = 500;
const ENTRIES: usize = 50;
/// The longest end of a log that is read, in bytes.
const LOG_END: u64 = 4 << 20;
/// How long the journal may take.
const JOURNAL_WITHIN: Duration = Duration::from_secs(15);

/// Put what somebody who helps needs to know into one plain text, without secrets.
///
/// It holds versions, settings with their origins, the status, what the doctor found, the last posts and changes, figures
/// of the ledger, and the end of the log. Read it before you send it to anybody.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to make [default: wirereport-support-DATE.txt here]
    file: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
    /// Put the end of this log into it; may be given several times [default: the unit's journal]
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let now = SystemClock.now();
    let file = args.file.clone().unwrap_or_else(|| {
        PathBuf::from(format!("wirereport-support-{}.txt", now.strftime("%Y%m%dT%H%M%SZ")))
    });
    // Said before anything is asked of anybody.
    if file.exists() && !args.force {
        let shown = file.display();
        return Err(Failure::failed(format_args!("{shown} is there: name another file, or give --force")));
    }
    let patient = patient(place, now).await?;
    register(&patient);
    let text = Redactor::of_process().redact(&compose(place, &patient, args, now).await).into_owned();
    let written = write(&file, &text, args.force);
    written.map_err(|error| Failure::failed(format_args!("cannot write {}: {error}", file.display())))?;
    print(&format!(
        "{}: {} lines; read it before you send it to anybody\n",
        file.display(),
        text.lines().count()
    ))
}

/// Registers every secret that can be found, whether or not the others can.
fn register(patient: &Patient) {
    let redactor = Redactor::of_process();
    let env = &patient.sources.env;
    for file in env.secret_files() {
        if let Ok(secret) = std::fs::read_to_string(file) {
            redactor.register(&secret.trim_end().into());
        }
    }
    let Some(loaded) = &patient.loaded else { return };
    let of_channels = loaded.settings.channels.keys().map(|name| secrets::of_channel(loaded, env, name));
    let others =
        [secrets::of_feeds(loaded, env), secrets::of_writers(loaded, env), secrets::of_alerts(loaded, env)];
    for secrets in of_channels.chain(others).flatten() {
        secrets.iter().for_each(|secret| redactor.register(secret));
    }
    if let Ok(Some(keys)) = secrets::signing_keys(loaded, env) {
        keys.iter().for_each(|key| redactor.register(key));
    }
    let generated = patient.state_dir.as_ref().map(|dir| dir.join(GENERATED));
    if let Some(key) = generated.and_then(|file| std::fs::read_to_string(file).ok()) {
        redactor.register(&key.trim().into());
    }
}

/// A file that only its owner may read, new or in place of one that was there.
fn write(file: &Path, text: &str, force: bool) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    if !force {
        return options.open(file)?.write_all(text.as_bytes());
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // One that an earlier run left behind.
    let _ = std::fs::remove_file(&beside);
    options.open(&beside)?.write_all(text.as_bytes())?;
    std::fs::rename(&beside, file)
}

async fn compose(place: &Place, patient: &Patient, args: &Args, now: Timestamp) -> String {
    let mut text = format!(
        "wirereport {} · {} · secrets are shown as (secret)\n",
        env!("CARGO_PKG_VERSION"),
        super::text::time(now)
    );
    let mut part = |title: &str, body: &str| {
        let body = anstream::adapter::strip_str(body).to_string();
        text.push_str(&format!("\n== {title}\n{}\n", body.trim_end()));
    };
    part("system", &system());
    part("doctor", &render(&examine(patient).await, false));
    part("status", &status_of(patient));
    part("settings", &settings_of(patient));
    part("ledger", &ledger_of(patient).await);
    for (title, path) in [
        ("last posts", "/v1/posts"),
        ("last posts that failed", "/v1/posts?state=failed"),
        ("posts of which nobody can tell", "/v1/posts?state=unknown"),
        ("last stories", "/v1/stories"),
        ("last changes", "/v1/audit-log"),
    ] {
        part(title, &entries(place, path).await);
    }
    part("attempts of what did not arrive", &attempts(place).await);
    for log in &args.log {
        part(&format!("log {}", log.display()), &end_of(log));
    }
    if args.log.is_empty() {
        part("journal of wirereport.service", &journal().await);
    }
    text
}

fn system() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let release = read("/etc/os-release");
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("unknown");
    let memory = read("/proc/meminfo");
    let memory: Vec<&str> = memory.lines().filter(|line| line.starts_with("Mem")).collect();
    let cores = std::thread::available_parallelism().map_or_else(|_| "?".to_owned(), |n| n.to_string());
    let set: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("WIREREPORT_") || name == "TZ" || name == "STATE_DIRECTORY")
        .collect();
    let (kernel, load) = (read("/proc/version"), read("/proc/loadavg"));
    format!(
        "system {}\nkernel {}\narchitecture {} · {cores} cores · load {}\n{}\nvariables set: {}\n",
        name.trim_matches('"'),
        kernel.trim(),
        std::env::consts::ARCH,
        load.trim(),
        memory.join("\n"),
        if set.is_empty() { "none of ours".to_owned() } else { set.join(" ") },
    )
}

fn status_of(patient: &Patient) -> String {
    match &patient.service {
        Service::Running(status) => {
            format!("{}\n{}", status::render(status, None), json(&**status))
        }
        Service::NotRunning => "no service is running".to_owned(),
        Service::Unwell(detail) => detail.clone(),
    }
}

fn settings_of(patient: &Patient) -> String {
    match settings::validate(&patient.sources, SecretCheck::Skip) {
        Ok(report) => {
            let leaves = report.origins.into_iter().map(|leaf| {
                let value = if may_hold_a_secret(&leaf.key) { host_of(&leaf.value) } else { leaf.value };
                format!("{} = {value}  # {}\n", leaf.key, leaf.origin)
            });
            leaves.collect()
        }
        Err(errors) => errors.to_string(),
    }
}

/// Whether the setting is an address whose path or query may be somebody's secret.
fn may_hold_a_secret(key: &str) -> bool {
    let theirs = ["channels.", "news.", "alerts."].iter().any(|table| key.starts_with(table));
    theirs && key.ends_with("url")
}

/// An address without what comes after its host, or in front of it.
fn host_of(value: &str) -> String {
    let Ok(url) = Url::parse(value.trim_matches('"')) else { return value.to_owned() };
    let (Some(host), bare) = (url.host_str(), url.path().len() <= 1 && url.query().is_none()) else {
        return "(secret)".to_owned();
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("\"{}://{host}{port}{}\"", url.scheme(), if bare { "" } else { "/…" })
}

async fn ledger_of(patient: &Patient) -> String {
    let Some(dir) = &patient.state_dir else { return "nobody can tell where it is".to_owned() };
    let mut text = match inspected(dir).await {
        None => "there is none".to_owned(),
        Some(Ok(inspection)) => json(&inspection),
        Some(Err(error)) => error.to_string(),
    };
    text.push_str("\nfiles of the state directory, with bytes:\n");
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|file| {
            Some(format!("{:>12}  {}", file.metadata().ok()?.len(), file.file_name().display()))
        })
        .collect();
    files.sort();
    text.push_str(&files.join("\n"));
    text
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|error| error.to_string())
}

/// The newest of a list, one a line.
async fn entries(place: &Place, path: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    match list(place, &format!("{path}{mark}limit={ENTRIES}")).await {
        Ok(items) if items.is_empty() => "none".to_owned(),
        Ok(items) => items.iter().map(|item| format!("{item}\n")).collect(),
        Err(failure) => failure.to_string(),
    }
}

async fn list(place: &Place, path: &str) -> Result<Vec<Value>, Failure> {
    let answer: Value = reader(place).await?.get(path).await?;
    let items = answer.as_array().or_else(|| answer["items"].as_array());
    Ok(items.cloned().unwrap_or_default())
}

async fn attempts(place: &Place) -> String {
    let mut text = String::new();
    for state in ["failed", "unknown", "armed"] {
        let posts = match list(place, &format!("/v1/posts?state={state}&limit=20")).await {
            Ok(posts) => posts,
            Err(failure) => return failure.to_string(),
        };
        for id in posts.iter().filter_map(|post| post["id"].as_i64()) {
            let record: Result<Value, Failure> =
                async { Ok(reader(place).await?.get(&format!("/v1/posts/{id}")).await?) }.await;
            match record {
                Ok(record) => text.push_str(&format!("post {id}: {}\n", record["attempts"])),
                Err(failure) => text.push_str(&format!("post {id}: {failure}\n")),
            }
        }
    }
    if text.is_empty() { "none".to_owned() } else { text }
}

/// The last lines of a file.
fn end_of(path: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = std::fs::File::open(path)?;
        let start = file.metadata()?.len().saturating_sub(LOG_END);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => last_lines(&String::from_utf8_lossy(&bytes)),
        Err(error) => format!("it cannot be read: {error}"),
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

async fn journal() -> String {
    let mut command = Command::new("journalctl");
    command.args(["--unit=wirereport", "--no-pager", "--quiet", "--output=short-iso"]);
    command.arg(format!("--lines={LINES}")).stdin(Stdio::null()).kill_on_drop(true);
    match tokio::time::timeout(JOURNAL_WITHIN, command.output()).await {
        Ok(Ok(output)) if output.status.success() => match String::from_utf8_lossy(&output.stdout) {
            lines if lines.trim().is_empty() => "it has no lines; name a log with --log".to_owned(),
            lines => last_lines(&lines),
        },
        _ => "there is no journal here; name a log with --log".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_by_its_host_alone() {
        let shown =
            ["\"https://user:pass@hook.example:8443/a/b?c=d\"", "\"https://site.api.espn.com\"", "\"\""]
                .map(host_of);
        assert_eq!(shown, ["\"https://hook.example:8443/…\"", "\"https://site.api.espn.com\"", "\"\""]);
    }
}
