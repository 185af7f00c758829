//! `wirereport secrets`: keys, and secrets encrypted with them.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::Place;
use super::exit::Failure;
use super::settings::{load, sources};
use super::text::{print, print_verbatim};
use crate::settings::secrets::rotation::{self, Rotated, RotationError};
use crate::settings::secrets::{Keyring, default_places};

/// Encrypt secrets, and change the keys they are encrypted with.
///
/// An encrypted secret stands where the plain one would, and begins with `gAAAAA` (Fernet). Its key is in a file of mode
/// 0600: the one of `secrets.key_file`, else the systemd credential secrets.key, else secrets.key beside the settings file,
/// else in the state directory.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key: the file, or a newer key in it.
    ///
    /// The new key stands first and encrypts from now on; those after it still decrypt. Once `secrets rotate` was run over
    /// every .env file, the old ones can be removed.
    Keygen {
        /// The key file [default: as the settings say]
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Encrypt a secret, read from standard input or typed unseen.
    Encrypt {
        /// The key file [default: as the settings say]
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Refused: other users see what stands on a command line.
        #[arg(hide = true)]
        secret: Vec<String>,
    },
    /// Bring every encrypted secret of a .env file under the newest key.
    ///
    /// The file is replaced as a whole or not at all, and keeps its order, comments, mode and owner.
    Rotate {
        /// The file.
        #[arg(default_value = ".env")]
        file: PathBuf,
        /// The key file [default: as the settings say]
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
}

pub(super) fn execute(place: &Place, command: Command) -> Result<(), Failure> {
    match command {
        Command::Keygen { key_file } => keygen(place, key_file),
        Command::Encrypt { key_file, secret } if secret.is_empty() => encrypt(place, key_file.as_deref()),
        Command::Encrypt { .. } => Err(Failure::usage(
            "a secret on the command line is seen by other users and kept in the shell's history: pipe it in, or type \
             it when you are asked",
        )),
        Command::Rotate { file, key_file } => rotate(place, &file, key_file.as_deref()),
    }
}

fn keygen(place: &Place, key_file: Option<PathBuf>) -> Result<(), Failure> {
    let path = match key_file {
        Some(path) => path,
        None => {
            let loaded = load(place)?;
            let named = loaded.settings.secrets.key_file.clone();
            let there = default_places(&loaded).find(|path| path.exists());
            let path = named.or(there).or_else(|| default_places(&loaded).next());
            path.ok_or_else(|| Failure::usage("name the key file with --key-file"))?
        }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|error| Failure::failed(format_args!("cannot make {}: {error}", folder.display())))?;
    }
    let shown = path.display();
    match rotation::keygen(&path)? {
        1 => print(&format!("made a key in {shown}; keep a copy of it, apart from the secrets\n")),
        keys => print(&format!(
            "made a newer key in {shown}, which has {keys} now; run `wirereport secrets rotate`, then remove the old ones\n"
        )),
    }
}

fn keyring(place: &Place, key_file: Option<&Path>) -> Result<Keyring, Failure> {
    let keyring = match key_file {
        Some(path) => Keyring::open(path),
        None => Keyring::of(&load(place)?, &sources(place)?.env),
    };
    keyring.map_err(Failure::configuration)
}

fn encrypt(place: &Place, key_file: Option<&Path>) -> Result<(), Failure> {
    let keyring = keyring(place, key_file)?;
    let secret =
        read_secret().map_err(|error| Failure::failed(format_args!("cannot read the secret: {error}")))?;
    rotation::check_plain(&secret)
        .map_err(|detail| Failure::failed(format_args!("not encrypted: it {detail}")))?;
    let value = keyring.encrypt(&secret).ok_or_else(|| Failure::configuration("there is no key"))?;
    print_verbatim(&format!("{value}\n"))
}

/// A secret, typed without being shown, or all of standard input without its last line break.
fn read_secret() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        let terminal = console::Term::stderr();
        terminal.write_str("secret (not shown): ")?;
        return terminal.read_secure_line();
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let bare = text.strip_suffix('\n').unwrap_or(&text);
    Ok(bare.strip_suffix('\r').unwrap_or(bare).to_owned())
}

fn rotate(place: &Place, file: &Path, key_file: Option<&Path>) -> Result<(), Failure> {
    let Rotated { renewed, current } = rotation::rotate(file, &keyring(place, key_file)?)?;
    print(&format!("{}: {renewed} brought under the newest key, {current} already there\n", file.display()))
}

impl From<RotationError> for Failure {
    fn from(error: RotationError) -> Self {
        match error {
            RotationError::Key(error) => Self::configuration(error),
            error => Self::failed(error),
        }
    }
}
