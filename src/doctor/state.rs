//! The state directory and the ledger in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use wirereport_actors::ports::ledger::LedgerError;

use super::machine::{bytes, disk};
use super::{About, Finding, Patient};
use crate::ledger::{Inspection, SqliteLedger};
use crate::run::LEDGER;

/// Bytes of the write-ahead log after which something keeps it from being moved into the file.
const LOG_TOO_LARGE: u64 = 256 << 20;

pub(super) fn directory(patient: &Patient) -> Vec<Finding> {
    let Some(dir) = &patient.state_dir else {
        let about = About::new("state", "the state directory");
        return vec![about.error("nobody can tell where it is", "set `state_dir`, or give --state-dir")];
    };
    let about = About::new("state", dir.display().to_string());
    match dir.metadata() {
        Ok(found) if !found.is_dir() => {
            vec![about.error("it is no directory", "name another one as `state_dir`")]
        }
        Ok(_) => vec![writable(&about, dir), disk(dir)],
        Err(error) if error.kind() == ErrorKind::NotFound => not_made(&about, dir),
        Err(error) => vec![about.error(
            format!("it cannot be looked into ({error})"),
            "run the command as the user that runs the service, or as root",
        )],
    }
}

fn writable(about: &About, dir: &Path) -> Finding {
    match access(dir, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => about.ok("it can be written"),
        Err(error) => about.error(
            format!("it cannot be written ({error})"),
            "give it to the user that runs the service, mount it writable, or name another `state_dir`",
        ),
    }
}

/// The first start makes the directory, below the nearest one that is there.
fn not_made(about: &About, dir: &Path) -> Vec<Finding> {
    let above = dir.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(Path::new("/"));
    match access(above, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => vec![about.note("it is not there yet; the first start makes it"), disk(above)],
        Err(error) => vec![about.error(
            format!("it is not there, and cannot be made in {} ({error})", above.display()),
            "make it for the user that runs the service, or name another `state_dir`",
        )],
    }
}

/// How the ledger is in that state directory; `None` where there is none.
pub(crate) async fn inspected(dir: &Path) -> Option<Result<Inspection, LedgerError>> {
    let file: PathBuf = dir.join(LEDGER);
    if !file.exists() {
        return None;
    }
    let lost = |error: tokio::task::JoinError| LedgerError::Unavailable { detail: error.to_string() };
    Some(
        tokio::task::spawn_blocking(move || SqliteLedger::inspect(&file))
            .await
            .unwrap_or_else(|e| Err(lost(e))),
    )
}

pub(super) async fn ledger(patient: &Patient) -> Vec<Finding> {
    let Some(dir) = &patient.state_dir else { return Vec::new() };
    let about = About::new("ledger", dir.join(LEDGER).display().to_string());
    match inspected(dir).await {
        None => vec![about.note("there is none yet; the first start makes it")],
        Some(Ok(inspection)) => sound(&about, &inspection),
        Some(Err(error)) => vec![about.error(error.to_string(), next(&error))],
    }
}

fn next(error: &LedgerError) -> &'static str {
    match error {
        LedgerError::Corrupt { .. } => {
            "stop the service, keep a copy of the file, and bring a backup back with `wirereport restore`"
        }
        LedgerError::NewerSchema { .. } => "run the version that wrote it, or a later one",
        LedgerError::Full { .. } => "free some space there",
        _ => "run the command as the user that runs the service, or as root",
    }
}

fn sound(about: &About, inspection: &Inspection) -> Vec<Finding> {
    let Inspection { version, known, bytes: file, log_bytes, rows, posts, .. } = inspection;
    let count = |table: &str| rows.get(table).copied().unwrap_or_default();
    let mut findings = vec![about.ok(format!(
        "every page is sound: schema {version}, {} with a log of {}, {} stories and {} posts",
        bytes(*file),
        bytes(*log_bytes),
        count("stories"),
        count("posts")
    ))];
    if version < known {
        let what = format!("its schema is {version}, and this version writes {known}");
        findings.push(about.note(format!("{what}: the next start migrates it and keeps a copy")));
    }
    if *log_bytes > LOG_TOO_LARGE {
        findings.push(about.warning(
            format!("its log has grown to {}, so something keeps reading the ledger", bytes(*log_bytes)),
            "end what holds it open (`fuser` names it), or restart the service",
        ));
    }
    if let Some(unknown) = posts.get("unknown").filter(|unknown| **unknown > 0) {
        findings.push(about.warning(
            format!("of {unknown} posts nobody can tell whether they arrived"),
            "`wirereport posts list --state unknown`, then `posts resolve` each",
        ));
    }
    findings
}
