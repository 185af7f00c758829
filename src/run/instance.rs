//! One process per state directory.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use crate::cli::Failure;

/// A state directory that this process alone works in. The kernel frees it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Instance {
    _lock: File,
}

pub(super) const LOCK: &str = "instance.lock";
const LOOK_AGAIN: Duration = Duration::from_millis(100);

impl Instance {
    /// Takes the directory, making it if need be; with `standby`, waits until it is free.
    pub(crate) async fn take(dir: &Path, standby: bool) -> Result<Self, Failure> {
        let unusable = |error: io::Error| {
            Failure::configuration(format_args!(
                "the state directory {} cannot be used ({error}): set `state_dir` or --state-dir to a directory this user may write",
                dir.display()
            ))
        };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(dir).map_err(unusable)?;
        let mut lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .mode(0o600)
            .open(dir.join(LOCK))
            .map_err(unusable)?;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if standby => tokio::time::sleep(LOOK_AGAIN).await,
                Err(TryLockError::WouldBlock) => return Err(already_running(dir)),
                Err(TryLockError::Error(error)) => return Err(unusable(error)),
            }
        }
        lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id())).map_err(unusable)?;
        Ok(Self { _lock: lock })
    }
}

fn already_running(dir: &Path) -> Failure {
    let pid = std::fs::read_to_string(dir.join(LOCK)).unwrap_or_default();
    let who = match pid.trim() {
        "" => "another process".to_owned(),
        pid => format!("process {pid}"),
    };
    Failure::failed(format_args!(
        "{who} already works in {}: stop it, or start this one with --standby to take over when it ends",
        dir.display()
    ))
}
