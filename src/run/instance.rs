//! One process per state directory.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use super::notify;
use crate::cli::Failure;

/// A state directory that this process alone works in. The kernel frees it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Instance {
    _lock: File,
}

/// What to do where another process works in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    /// Wait until it ends.
    Wait,
    /// Refuse, and say what to do instead.
    Refuse {
        /// What to do.
        advice: &'static str,
    },
}

pub(super) const LOCK: &str = "instance.lock";
const LOOK_AGAIN: Duration = Duration::from_millis(100);

impl Instance {
    /// Takes the directory, making it if need be.
    pub(crate) async fn take(dir: &Path, busy: Busy) -> Result<Self, Failure> {
        let mut lock = open(dir).map_err(|error| unusable(dir, &error))?;
        match (lock.try_lock(), busy) {
            (Ok(()), _) => {}
            (Err(TryLockError::WouldBlock), Busy::Wait) => wait_for(&lock, dir).await?,
            (Err(TryLockError::WouldBlock), Busy::Refuse { advice }) => {
                let message = format!("{} already works in {}: {advice}", worker(dir), dir.display());
                return Err(Failure::failed(message));
            }
            (Err(TryLockError::Error(error)), _) => return Err(unusable(dir, &error)),
        }
        let written = lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id()));
        written.map_err(|error| unusable(dir, &error))?;
        Ok(Self { _lock: lock })
    }
}

fn open(dir: &Path) -> io::Result<File> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(dir)?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true).read(true).mode(0o600).open(dir.join(LOCK))
}

/// Stands by. To a service manager a standby is ready: it does what it was started for.
async fn wait_for(lock: &File, dir: &Path) -> Result<(), Failure> {
    let status = format!("standing by while {} works in {}", worker(dir), dir.display());
    tracing::info!("{status}");
    notify::ready(&status);
    let watchdog = tokio::spawn(notify::feed_watchdog(|| true));
    let taken = loop {
        match lock.try_lock() {
            Ok(()) => break Ok(()),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK_AGAIN).await,
            Err(TryLockError::Error(error)) => break Err(unusable(dir, &error)),
        }
    };
    watchdog.abort();
    tracing::info!("taking over");
    taken
}

fn worker(dir: &Path) -> String {
    let pid = std::fs::read_to_string(dir.join(LOCK)).unwrap_or_default();
    match pid.trim() {
        "" => "another process".to_owned(),
        pid => format!("process {pid}"),
    }
}

fn unusable(dir: &Path, error: &io::Error) -> Failure {
    let dir = dir.display();
    match error.kind() {
        // There may be room again by the next try, so this is nothing that a service manager should give up over.
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Failure::failed(format_args!("no room in the state directory {dir}: free some space there"))
        }
        _ => Failure::configuration(format_args!(
            "the state directory {dir} cannot be used ({error}): set `state_dir` or --state-dir to a directory this user may write"
        )),
    }
}
