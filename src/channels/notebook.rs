//! What a channel keeps between two lives beside the ledger: a session, the last id it saw, a server's own limits.
//!
//! A notebook holds nothing that promises depend on: where it is lost, the channel signs in again or says that it cannot
//! tell. Some hold tokens, so only their owner may read them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(debug_assertions)]
use crate::crash::{Crash, Point};

/// A small file that is read whole and replaced whole.
#[derive(Debug, Clone, Default)]
pub struct Notebook {
    path: Option<PathBuf>,
    #[cfg(debug_assertions)]
    crash: Crash,
}

impl Notebook {
    /// The notebook in that file, which need not be there yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// The same, of a process under test that may end while it is written.
    #[cfg(debug_assertions)]
    pub(crate) fn with(self, crash: Crash) -> Self {
        Self { crash, ..self }
    }

    /// A notebook that forgets.
    pub fn forgetful() -> Self {
        Self::default()
    }

    /// What was kept, where it can be read.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let path = self.path.as_deref()?;
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "what the channel kept cannot be read");
                return None;
            }
        };
        serde_json::from_slice(&bytes)
            .inspect_err(|_| tracing::warn!(file = %path.display(), "what the channel kept is damaged"))
            .ok()
    }

    /// Keeps that in place of what was kept. A failure is logged; the channel knows what it knows until it ends.
    pub(crate) fn write<T: Serialize>(&self, kept: &T) {
        let Some(path) = self.path.as_deref() else { return };
        #[cfg(debug_assertions)]
        self.crash.reach(Point::Noting);
        let written =
            serde_json::to_vec(kept).map_err(io::Error::from).and_then(|bytes| replace(path, &bytes));
        if let Err(error) = written {
            tracing::warn!(file = %path.display(), %error, "what the channel is to keep cannot be written");
        }
        #[cfg(debug_assertions)]
        self.crash.reach(Point::Noted);
    }
}

/// Replaces a file at once or not at all, and durably.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension("writing");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_written_last_is_read_and_only_by_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("channels/x.json");
        let notebook = Notebook::at(&path);
        assert_eq!(notebook.read::<Vec<u8>>(), None);
        notebook.write(&vec![1, 2]);
        notebook.write(&vec![3]);
        assert_eq!(Notebook::at(&path).read(), Some(vec![3]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_or_forgetful_notebook_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::write(&path, "[1,").unwrap();
        assert_eq!(Notebook::at(&path).read::<Vec<u8>>(), None);
        let forgetful = Notebook::forgetful();
        forgetful.write(&1);
        assert_eq!(forgetful.read::<i32>(), None);
    }
}
