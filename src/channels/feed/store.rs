//! The feed's files: read whole, replaced whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::document::{Document, Item};
use super::{FeedSettings, atom};

pub(super) const JSON: &str = "feed.json";
pub(super) const ATOM: &str = "feed.atom";

/// Why a feed's folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("create the feed folder {}: {source}; choose a folder that wirereport may write to", path.display())]
pub struct OpenError {
    path: PathBuf,
    source: io::Error,
}

/// Why an item is not, or not surely, in the feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StoreError {
    Unchanged(String),
    PerhapsChanged(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    There,
    NotThere,
    TooOldToStay,
}

#[derive(Debug)]
pub(super) struct Store {
    dir: PathBuf,
    settings: FeedSettings,
    writing: Mutex<()>,
}

impl Store {
    pub(super) fn open(dir: &Path, settings: FeedSettings) -> Result<Self, OpenError> {
        fs::create_dir_all(dir).map_err(|source| OpenError { path: dir.to_owned(), source })?;
        let store = Self { dir: dir.to_owned(), settings, writing: Mutex::new(()) };
        store.drop_leftovers();
        if let Err(StoreError::Unchanged(reason) | StoreError::PerhapsChanged(reason)) = store.rewrite(|_| {})
        {
            tracing::warn!(reason, "the feed's files are not up to date");
        }
        Ok(store)
    }

    pub(super) fn json_url(&self) -> Option<String> {
        self.settings.base_url.as_ref().map(|base| format!("{base}/{JSON}"))
    }

    pub(super) fn publish(&self, item: Item) -> Result<(), StoreError> {
        let keep = self.settings.items;
        self.rewrite(|document| document.put(item, keep))
    }

    pub(super) fn find(&self, item: &Item) -> Result<Whereabouts, String> {
        let document = self.load()?;
        Ok(if document.has(item) {
            Whereabouts::There
        } else if document.would_keep(item, self.settings.items) {
            Whereabouts::NotThere
        } else {
            Whereabouts::TooOldToStay
        })
    }

    fn rewrite(&self, change: impl FnOnce(&mut Document)) -> Result<(), StoreError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut document = self.load().map_err(StoreError::Unchanged)?;
        change(&mut document);
        let json = serde_json::to_vec_pretty(&document)
            .map_err(|e| StoreError::Unchanged(format!("write {JSON}: {e}")))?;
        let atom = atom::render(&document, &self.settings)
            .map_err(|e| StoreError::Unchanged(format!("write {ATOM}: {e}")))?;
        self.replace(JSON, &json)?;
        self.replace(ATOM, &atom).map_err(|e| match e {
            StoreError::Unchanged(reason) | StoreError::PerhapsChanged(reason) => {
                StoreError::PerhapsChanged(reason)
            }
        })
    }

    fn load(&self) -> Result<Document, String> {
        let path = self.dir.join(JSON);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Ok(Document::new(&self.settings, Vec::new()));
            }
            Err(e) => return Err(format!("read {}: {e}", path.display())),
        };
        let items = match serde_json::from_slice::<Document>(&bytes) {
            Ok(document) => document.items,
            Err(e) => {
                self.move_aside(&path, &bytes, &e)?;
                Vec::new()
            }
        };
        Ok(Document::new(&self.settings, items))
    }

    fn move_aside(&self, path: &Path, bytes: &[u8], error: &serde_json::Error) -> Result<(), String> {
        let digest = hex(&Sha256::digest(bytes)[..4]);
        let aside = self.dir.join(format!("{JSON}.damaged-{digest}"));
        fs::rename(path, &aside)
            .map_err(|e| format!("{} is damaged ({error}) and cannot be moved aside: {e}", path.display()))?;
        tracing::warn!(
            file = %path.display(), moved_to = %aside.display(), %error,
            "the feed's file was damaged and was moved aside; the feed starts anew"
        );
        Ok(())
    }

    /// Replaces a file at once or not at all, and durably. A file that has these bytes is left as it is.
    fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.dir.join(name);
        let failed = |e: io::Error| format!("write {}: {e}", path.display());
        if !fs::read(&path).is_ok_and(|there| there == bytes) {
            let temporary = self.dir.join(format!("{TEMPORARY}{name}-{}", std::process::id()));
            let written = write_durably(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
            if let Err(e) = written {
                let _ = fs::remove_file(&temporary);
                return Err(StoreError::Unchanged(failed(e)));
            }
        }
        sync_dir(&self.dir).map_err(|e| StoreError::PerhapsChanged(failed(e)))
    }

    /// Removes what a life that was killed in the middle of a write left behind.
    fn drop_leftovers(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

const TEMPORARY: &str = ".writing-";

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
