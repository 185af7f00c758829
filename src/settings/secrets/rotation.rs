//! Making keys, and bringing encrypted secrets under the newest one.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fernet::Fernet;
use regex::Regex;
use secrecy::ExposeSecret;

use super::keyring::{KeyError, Keyring, read_private};
use super::placeholder::placeholder;
use super::{ENCRYPTED, SHORTEST};

static VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"gAAAAA[A-Za-z0-9_-]*={0,2}").ok());

/// Why keys or values were left as they are.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The key file is of no use.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file cannot be read or written.
    #[error("{path} cannot be {what} ({source}); nothing was changed")]
    File {
        /// The file.
        path: String,
        /// What was tried.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// A value is under none of the keys.
    #[error(
        "{path}:{line}: {name} is encrypted with none of the keys in {keys}; add its key there as a last line. Nothing was changed"
    )]
    Locked {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The variable.
        name: String,
        /// The key file.
        keys: String,
    },
}

/// What a rotation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Values that were brought under the newest key.
    pub renewed: usize,
    /// Values that were under it already.
    pub current: usize,
}

/// Adds a new key to the file, before all others; makes the file where there is none. How many keys there are then.
///
/// # Errors
/// Where the file is of no use, or cannot be written.
pub fn keygen(path: &Path) -> Result<usize, RotationError> {
    let earlier = match path.exists() {
        true => {
            Keyring::open(path)?;
            read_private(path)?
        }
        false => String::new(),
    };
    let text = format!("{}\n{earlier}", Fernet::generate_key());
    replace(path, text.as_bytes(), 0o600).map_err(|source| written(path, source))?;
    Ok(Keyring::open(path)?.count())
}

/// Brings every encrypted value of a `.env` file under the newest key. All else stays as it is: order, comments, mode,
/// owner. The file is replaced as a whole, or not at all.
///
/// # Errors
/// Where a value is under none of the keys, or the file cannot be read or written.
pub fn rotate(path: &Path, keyring: &Keyring) -> Result<Rotated, RotationError> {
    let shown = || path.display().to_string();
    let unreadable = |source| RotationError::File { path: shown(), what: "read", source };
    // What a link leads to is replaced, and not the link.
    let place = path.canonicalize().map_err(unreadable)?;
    let text = std::fs::read_to_string(&place).map_err(unreadable)?;
    let mode = place.metadata().map_err(unreadable)?.mode() & 0o7777;
    let (text, rotated) = renewed(&text, keyring).map_err(|(line, name)| RotationError::Locked {
        path: shown(),
        line,
        name,
        keys: keyring.path().display().to_string(),
    })?;
    if rotated.renewed > 0 {
        replace(&place, text.as_bytes(), mode).map_err(|source| written(path, source))?;
    }
    Ok(rotated)
}

/// The text with its values renewed, or the line and the name of one that cannot be.
fn renewed(text: &str, keyring: &Keyring) -> Result<(String, Rotated), (usize, String)> {
    let mut rotated = Rotated::default();
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let name = line.split('=').next().unwrap_or_default().trim();
        let name = name.strip_prefix("export ").unwrap_or(name).trim();
        let expression = VALUE.as_ref().filter(|_| !line.trim_start().starts_with('#'));
        let found = expression.and_then(|value| value.find(line));
        let Some(found) = found else {
            out.push_str(line);
            continue;
        };
        let value = found.as_str();
        if keyring.is_newest(value) {
            rotated.current += 1;
            out.push_str(line);
            continue;
        }
        let clear = keyring.decrypt(value);
        let sealed = clear.and_then(|clear| keyring.encrypt(clear.expose_secret()));
        let sealed = sealed.ok_or_else(|| (index + 1, name.to_owned()))?;
        rotated.renewed += 1;
        out.push_str(&line[..found.start()]);
        out.push_str(&sealed);
        out.push_str(&line[found.end()..]);
    }
    Ok((out, rotated))
}

/// Says why a text is not worth encrypting.
///
/// # Errors
/// In words that go on after "it".
pub fn check_plain(value: &str) -> Result<(), String> {
    if let Some(why) = placeholder(value) {
        return Err(format!("is {why}; give the real secret"));
    }
    if value.starts_with(ENCRYPTED) {
        return Err(
            "is encrypted already; `wirereport secrets rotate` brings it under the newest key".to_owned()
        );
    }
    if value.trim() != value {
        return Err("begins or ends with white space; remove that".to_owned());
    }
    if value.len() < SHORTEST {
        return Err(format!("is shorter than {SHORTEST} characters; use a longer one"));
    }
    Ok(())
}

fn written(path: &Path, source: io::Error) -> RotationError {
    RotationError::File { path: path.display().to_string(), what: "written", source }
}

/// Puts a file in place of another, whole or not at all, with its owner.
fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = draft_of(path);
    let _ = std::fs::remove_file(&draft);
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&draft)?;
    let moved = (|| {
        if let Ok(earlier) = path.metadata() {
            let ours = file.metadata()?;
            if (earlier.uid(), earlier.gid()) != (ours.uid(), ours.gid()) {
                fchown(&file, Some(earlier.uid()), Some(earlier.gid()))?;
            }
        }
        file.set_permissions(std::fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)?;
        File::open(folder)?.sync_all()
    })();
    if moved.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    moved
}

fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    path.with_file_name(format!(".{name}.{}.draft", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(folder: &Path) -> (PathBuf, Keyring) {
        let path = folder.join("secrets.key");
        assert_eq!(keygen(&path).expect("made"), 1);
        let ring = Keyring::open(&path).expect("whole");
        (path, ring)
    }

    #[test]
    fn a_key_file_is_its_owners_alone_and_a_new_key_stands_before_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, old) = ring(folder.path());
        assert_eq!(path.metadata().expect("there").mode() & 0o777, 0o600);
        let value = old.encrypt("a secret of some length").expect("a key");
        assert_eq!(keygen(&path).expect("added"), 2);
        let new = Keyring::open(&path).expect("whole");
        assert_eq!(
            new.decrypt(&value).expect("an old key opens it").expose_secret(),
            "a secret of some length"
        );
        assert!(!new.is_newest(&value) && old.is_newest(&value));

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        let refused = keygen(&path).expect_err("others may read it").to_string();
        assert!(refused.contains("mode is 0640; run `chmod 600 "), "{refused}");
    }

    #[test]
    fn a_rotation_changes_the_encrypted_values_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, old) = ring(folder.path());
        let (first, second) =
            (old.encrypt("first secret").expect("key"), old.encrypt("second secret").expect("key"));
        keygen(&path).expect("added");
        let ring = Keyring::open(&path).expect("whole");
        let current = ring.encrypt("third secret").expect("key");
        let text = |first: &str, second: &str| {
            format!(
                "# Mine.\nPLAIN=as-it-is\nexport FIRST='{first}'\r\n\n# OLD={first}\nSECOND={second} # a word\nTHIRD=\"{current}\""
            )
        };
        let before = text(&first, &second).replacen(&format!("# OLD={first}"), "# OLD=gAAAAABkept", 1);
        let env = folder.path().join(".env");
        std::fs::write(&env, &before).expect("written");
        std::fs::set_permissions(&env, std::fs::Permissions::from_mode(0o640)).expect("set");

        assert_eq!(rotate(&env, &ring).expect("rotated"), Rotated { renewed: 2, current: 1 });
        let after = std::fs::read_to_string(&env).expect("there");
        assert_eq!(env.metadata().expect("there").mode() & 0o777, 0o640);
        let value = VALUE.as_ref().expect("an expression");
        assert_eq!(value.replace_all(&after, "*"), value.replace_all(&before, "*"));
        let values: Vec<String> = value
            .find_iter(&after)
            .filter_map(|found| Some(ring.decrypt(found.as_str())?.expose_secret().to_owned()))
            .collect();
        assert_eq!(values, ["first secret", "second secret", "third secret"]);
        assert_eq!(rotate(&env, &ring).expect("again"), Rotated { renewed: 0, current: 3 });
        assert_eq!(std::fs::read_to_string(&env).expect("there"), after);
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 2, "no draft is left");
    }

    #[test]
    fn a_value_that_no_key_opens_stops_the_rotation_before_anything_is_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, old) = ring(folder.path());
        let good = old.encrypt("first secret").expect("key");
        std::fs::remove_file(&path).expect("removed");
        let (_, ring) = ring(folder.path());
        let env = folder.path().join(".env");
        let text = format!("GOOD={}\nBAD={good}\n", ring.encrypt("other secret").expect("key"));
        std::fs::write(&env, &text).expect("written");
        let refused = rotate(&env, &ring).expect_err("it is under no key").to_string();
        assert!(refused.contains(".env:2: BAD is encrypted with none of the keys in"), "{refused}");
        assert!(!refused.contains(&good), "{refused}");
        assert_eq!(std::fs::read_to_string(&env).expect("there"), text);
    }
}
