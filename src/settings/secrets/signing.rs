//! The keys that the API's tokens are signed with.
//!
//! `BRAIN_API_SECRET_KEY` holds one key, or several with white space between them, the newest first: the newest signs,
//! all of them verify. Where it is not set, a key is made at the first start and kept in the state directory.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::keyring::{KeyError, read_private};
use super::placeholder::placeholder;
use super::{Trouble, Vault};
use crate::settings::error::{Origin, Problem, SettingsErrors};
use crate::settings::{Env, Loaded};

/// The variable that holds the keys.
pub const SIGNING_KEY: &str = "BRAIN_API_SECRET_KEY";
/// The file in the state directory that holds the key where the variable is not set.
pub const GENERATED: &str = "brain-api.key";
/// The fewest bytes of a key: as many as its signature has (RFC 7518 §3.2).
pub const SHORTEST_KEY: usize = 32;

/// Fewer different signs than this are a pattern and no key.
const LEAST_VARIETY: usize = 8;

/// Signing keys, the newest first; never none.
#[derive(Clone)]
pub struct SigningKeys(Vec<SecretString>);

impl SigningKeys {
    /// The keys of a text, the newest first.
    ///
    /// # Errors
    /// What is wrong with one of them, in words that go on after "it".
    pub fn parse(text: &str) -> Result<Self, String> {
        let keys: Vec<&str> = text.split_whitespace().collect();
        if keys.is_empty() {
            return Err("is empty; set it to 32 random bytes or more, or to nothing at all".to_owned());
        }
        for key in &keys {
            check(key)?;
        }
        Ok(Self(keys.into_iter().map(SecretString::from).collect()))
    }

    /// The keys, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &SecretString> {
        self.0.iter()
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKeys({})", self.0.len())
    }
}

fn check(key: &str) -> Result<(), String> {
    const ADVICE: &str = "make one with `openssl rand -base64 48`, or unset it and one is made";
    if let Some(why) = placeholder(key) {
        return Err(format!("is {why}; {ADVICE}"));
    }
    if key.len() < SHORTEST_KEY {
        return Err(format!("is {} bytes long and must have {SHORTEST_KEY} or more; {ADVICE}", key.len()));
    }
    let variety: std::collections::BTreeSet<u8> = key.bytes().collect();
    if variety.len() < LEAST_VARIETY {
        return Err(format!("is a few characters over and over; {ADVICE}"));
    }
    Ok(())
}

/// The keys that the environment gives; `None` where it gives none.
///
/// # Errors
/// Where they cannot be used.
pub fn signing_keys(loaded: &Loaded, env: &Env) -> Result<Option<SigningKeys>, SettingsErrors> {
    let vault = Vault::new(loaded, env);
    let (from, detail) = match vault.find(SIGNING_KEY) {
        Ok(found) => match SigningKeys::parse(found.value.expose_secret()) {
            Ok(keys) => return Ok(Some(keys)),
            Err(detail) => (found.from, format!("it {detail}")),
        },
        Err(Trouble::Missing) => return Ok(None),
        Err(Trouble::Unusable { from, detail }) => (from, detail),
    };
    let problem = Problem::UnusableSigningKey { name: SIGNING_KEY.to_owned(), from, detail };
    Err(SettingsErrors::one(Origin::BuiltIn, problem))
}

/// Why there is no generated key.
#[derive(Debug, thiserror::Error)]
pub enum GeneratedKeyError {
    /// The file is of no use.
    #[error(transparent)]
    File(#[from] KeyError),
    /// It cannot be made.
    #[error(
        "cannot make the signing key {path} ({source}); the state directory must be writable and have room"
    )]
    Make {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// What is in it is no key.
    #[error("the signing key in {path} {detail}; or remove the file, and all tokens end")]
    Wrong {
        /// The file.
        path: String,
        /// What is wrong.
        detail: String,
    },
}

/// The key of a state directory, which is made where there is none. Whoever comes second reads what the first one made.
///
/// # Errors
/// Where it cannot be read or made, or is no key.
pub fn generated(state_dir: &Path) -> Result<SigningKeys, GeneratedKeyError> {
    let path = state_dir.join(GENERATED);
    let shown = path.display().to_string();
    if !path.exists() {
        make(&path).map_err(|source| GeneratedKeyError::Make { path: shown.clone(), source })?;
    }
    SigningKeys::parse(&read_private(&path)?)
        .map_err(|detail| GeneratedKeyError::Wrong { path: shown, detail })
}

/// Makes the file whole or not at all, and never over one that is there.
fn make(path: &Path) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let _ = std::fs::remove_file(&draft);
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(format!("{}\n", fernet::Fernet::generate_key()).as_bytes())?;
    file.sync_all()?;
    match std::fs::hard_link(&draft, path) {
        // Not every file system has hard links. Whoever works in a state directory holds its lock.
        Err(_) if !path.exists() => std::fs::rename(&draft, path)?,
        _ => std::fs::remove_file(&draft)?,
    }
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
