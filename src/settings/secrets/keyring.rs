//! The keys that encrypted secrets are read with.
//!
//! A secret that begins with `gAAAAA` is encrypted after Fernet. Its key is in a file of its own, one key a line, the
//! newest first: the newest encrypts, all of them decrypt, and so keys are changed without a moment in which something
//! cannot be read. A file that others may read is refused, since what it protects would be theirs.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use fernet::Fernet;
use secrecy::SecretString;

use super::given_in;
use crate::settings::{Env, Loaded};

/// What an encrypted secret begins with.
pub const ENCRYPTED: &str = "gAAAAA";

/// The name of the key file, and of the systemd credential.
pub const KEY_FILE: &str = "secrets.key";

/// The keys of one file, the newest first.
pub struct Keyring {
    path: PathBuf,
    keys: Vec<Fernet>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys of {})", self.keys.len(), self.path.display())
    }
}

/// Why a key file is of no use. No variant carries anything of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read.
    #[error(
        "the key file {path} cannot be read ({detail}); name it in `secrets.key_file`, or make one with `wirereport secrets keygen`"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        detail: String,
    },
    /// Others may read it.
    #[error("others may read the key file {path}, whose mode is {mode:04o}; run `chmod 600 {path}`")]
    Open {
        /// The file.
        path: String,
        /// Its mode.
        mode: u32,
    },
    /// A line is no key.
    #[error(
        "line {line} of the key file {path} is no Fernet key; remove it, or make a key with `wirereport secrets keygen`"
    )]
    NoKey {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// There is none in it.
    #[error("the key file {path} has no key in it; make one with `wirereport secrets keygen`")]
    Empty {
        /// The file.
        path: String,
    },
    /// There is no key file.
    #[error(
        "there is no key file; make one with `wirereport secrets keygen`, or name yours in `secrets.key_file`"
    )]
    Nowhere,
}

impl Keyring {
    /// The keys that these settings mean.
    ///
    /// # Errors
    /// Where there is no key file, or it is of no use.
    pub fn of(loaded: &Loaded, env: &Env) -> Result<Self, KeyError> {
        if let Some(path) = &loaded.settings.secrets.key_file {
            return Self::open(path);
        }
        // systemd gives credentials to the service alone, by an access list that looks like a mode others may read.
        let credential = env.given("CREDENTIALS_DIRECTORY").map(|folder| Path::new(folder).join(KEY_FILE));
        if let Some(path) = credential.and_then(|path| given_in(&path)) {
            return Self::parse(&path, &read(&path, false)?);
        }
        match default_places(loaded).find(|path| path.exists()) {
            Some(path) => Self::open(&path),
            None => Err(KeyError::Nowhere),
        }
    }

    /// The keys of that file.
    ///
    /// # Errors
    /// Where it cannot be read, others may read it, or a line of it is no key.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        Self::parse(path, &read(path, true)?)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, KeyError> {
        let shown = || path.display().to_string();
        let mut keys = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            keys.push(Fernet::new(line).ok_or_else(|| KeyError::NoKey { path: shown(), line: index + 1 })?);
        }
        if keys.is_empty() {
            return Err(KeyError::Empty { path: shown() });
        }
        Ok(Self { path: path.to_owned(), keys })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many keys there are.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// The value in the clear; `None` where none of the keys opens it, or it is no text.
    pub fn decrypt(&self, value: &str) -> Option<SecretString> {
        let clear = self.keys.iter().find_map(|key| key.decrypt(value.trim()).ok())?;
        String::from_utf8(clear).ok().map(SecretString::from)
    }

    /// The value under the newest key.
    pub fn encrypt(&self, value: &str) -> Option<String> {
        self.keys.first().map(|key| key.encrypt(value.as_bytes()))
    }

    /// Whether the newest key opens the value.
    pub fn is_newest(&self, value: &str) -> bool {
        self.keys.first().is_some_and(|key| key.decrypt(value).is_ok())
    }
}

/// Where a key file is made and looked for when nobody names one: beside the settings file, else in the state directory.
pub fn default_places(loaded: &Loaded) -> impl Iterator<Item = PathBuf> {
    let beside = loaded.file.as_ref().map(|file| file.with_file_name(KEY_FILE));
    beside.into_iter().chain([loaded.settings.state_dir.join(KEY_FILE)])
}

/// Reads a file that its owner alone may read.
///
/// # Errors
/// Where it cannot be read, or others may read it.
pub(in crate::settings) fn read_private(path: &Path) -> Result<String, KeyError> {
    read(path, true)
}

fn read(path: &Path, private: bool) -> Result<String, KeyError> {
    let shown = path.display().to_string();
    let unreadable =
        |error: io::Error| KeyError::Unreadable { path: shown.clone(), detail: error.to_string() };
    let mut file = File::open(path).map_err(unreadable)?;
    // The open file is asked, not its path, which could mean another one by now.
    let mode = file.metadata().map_err(unreadable)?.mode() & 0o7777;
    if private && mode & 0o077 != 0 {
        return Err(KeyError::Open { path: shown, mode });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}
