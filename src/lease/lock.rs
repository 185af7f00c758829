//! Locks the kernel frees when their process dies, and never before.
//!
//! `lease.lock` is held by whoever leads. `holders.lock` is shared by every process that has ever led, for as long as it
//! lives: a leader may give the lease up while its last requests are still on their way, so that a free lease alone does
//! not prove it dead. Who can have `holders.lock` for itself knows that no earlier leader lives.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Locked {
    _file: File,
}

/// Why a lock file cannot be asked.
#[derive(Debug, thiserror::Error)]
#[error("the lock {path} cannot be taken: {source}")]
pub(crate) struct LockError {
    path: PathBuf,
    source: io::Error,
}

/// Takes the lease of a state directory; `None` where another has it.
pub(crate) fn lease(state: &Path) -> Result<Option<Locked>, LockError> {
    let path = state.join("lease.lock");
    let file = file(&path)?;
    let free = took(&path, file.try_lock())?;
    Ok(free.then_some(Locked { _file: file }))
}

/// Enters this process among the holders; and whether no earlier one lives.
pub(crate) fn enter_holders(state: &Path) -> Result<(Locked, bool), LockError> {
    let path = state.join("holders.lock");
    let file = file(&path)?;
    let alone = took(&path, file.try_lock())?;
    let entered = took(&path, file.try_lock_shared())?;
    if !entered {
        let source = io::Error::new(io::ErrorKind::WouldBlock, "another process has it for itself");
        return Err(LockError { path, source });
    }
    Ok((Locked { _file: file }, alone))
}

fn file(path: &Path) -> Result<File, LockError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(|source| LockError { path: path.to_owned(), source })
}

fn took(path: &Path, result: Result<(), TryLockError>) -> Result<bool, LockError> {
    match result {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(LockError { path: path.to_owned(), source }),
    }
}
