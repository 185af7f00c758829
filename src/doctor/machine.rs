//! The machine: room on a disk, the clock, the service manager.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::statvfs;
use tokio::process::Command;
use wirereport_actors::wire::room::{Fullness, Room};

use super::{About, Finding};
use crate::cli::span;

/// Seconds by which a clock may differ from a host that dates to the second, over a network.
const AGREES: u64 = 5;
/// Seconds by which it may differ before times in posts and logs mislead.
const TOLERABLE: u64 = 60;

/// How long the service manager may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// What is free on the disk of `path`.
pub(crate) fn room(path: &Path) -> std::io::Result<Room> {
    let disk = statvfs(path)?;
    // Some file systems make files as long as there are bytes, and say so with no number at all.
    let files = (disk.f_files > 0).then_some(disk.f_favail);
    Ok(Room { bytes: disk.f_bavail.saturating_mul(disk.f_frsize), files })
}

pub(super) fn disk(path: &Path) -> Finding {
    let about = About::new("disk", path.display().to_string());
    let room = match room(path) {
        Ok(room) => room,
        Err(error) => {
            let what = format!("nobody can tell how full the disk is ({error})");
            return about.warning(what, "look at it with `df`");
        }
    };
    let free = match room.files {
        Some(files) => format!("{} and {files} files are free", bytes(room.bytes)),
        None => format!("{} are free", bytes(room.bytes)),
    };
    match room.fullness() {
        Fullness::Roomy => about.ok(free),
        Fullness::Tight => about.warning(
            format!("the disk is nearly full: {free}"),
            "free some space; `history` in the settings says how long the ledger keeps things",
        ),
        Fullness::Full => about.error(
            format!("the disk is full: {free}, and nothing is told that cannot be written down first"),
            "free some space there",
        ),
    }
}

/// So many bytes in words: `12 MiB`.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut amount = bytes as f64;
    let mut unit = "B";
    for larger in UNITS {
        if amount < 1024.0 {
            break;
        }
        amount /= 1024.0;
        unit = larger;
    }
    if unit == "B" || amount >= 10.0 { format!("{amount:.0} {unit}") } else { format!("{amount:.1} {unit}") }
}

/// The clock, by so many seconds ahead of the host that agrees best; `None` where none could be asked.
pub(super) fn clock(nearest: Option<(&str, i64)>) -> Finding {
    let about = About::new("clock", "of this machine");
    let Some((host, ahead)) = nearest else {
        return about.note("no host answered whose clock could be compared with it");
    };
    let off = span(Duration::from_secs(ahead.unsigned_abs()));
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    let next = "have it set over the network: `timedatectl set-ntp true`";
    match ahead.unsigned_abs() {
        seconds if seconds <= AGREES => about.ok(format!("it agrees with {host}'s")),
        seconds if seconds <= TOLERABLE => about.warning(format!("it is {off} {side} {host}'s"), next),
        _ => about.error(
            format!(
                "it is {off} {side} {host}'s: signed requests are refused, and leases and ages are wrong"
            ),
            next,
        ),
    }
}

pub(super) async fn systemd() -> Vec<Finding> {
    let about = About::new("systemd", "wirereport.service");
    if !Path::new("/run/systemd/system").is_dir() {
        return vec![
            about.note("systemd does not run this machine; whatever starts the wire must start it again"),
        ];
    }
    let mut command = Command::new("systemctl");
    command.args(["show", "wirereport.service", "--property=LoadState,ActiveState,UnitFileState,NRestarts"]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    match tokio::time::timeout(ANSWERS_WITHIN, command.output()).await {
        Ok(Ok(shown)) if shown.status.success() => unit(&about, &String::from_utf8_lossy(&shown.stdout)),
        _ => vec![about.note("systemctl does not answer, so nobody can tell how the unit stands")],
    }
}

pub(super) fn unit(about: &About, shown: &str) -> Vec<Finding> {
    let of = |key: &str| {
        shown.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default()
    };
    if of("LoadState") != "loaded" {
        return vec![about.note("no such unit is installed; config/wirereport.service is one")];
    }
    let active = match of("ActiveState") {
        "failed" => about.error(
            "systemd has given the service up",
            "see `journalctl -u wirereport`, mend it, then `systemctl reset-failed wirereport` and start it",
        ),
        state @ ("active" | "activating") => {
            let restarts: u64 = of("NRestarts").parse().unwrap_or_default();
            match restarts {
                0 => about.ok(format!("the unit is {state}")),
                n => about.warning(
                    format!("the unit is {state}, and was started again {n} times"),
                    "see `journalctl -u wirereport` for why it ended",
                ),
            }
        }
        state => about.note(format!("the unit is {state}")),
    };
    let enabled = (of("UnitFileState") == "disabled")
        .then(|| about.warning("the unit does not start with the machine", "`systemctl enable wirereport`"));
    std::iter::once(active).chain(enabled).collect()
}
