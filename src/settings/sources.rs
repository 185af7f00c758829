//! Where settings come from, as plain values: nothing after this reads the process.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;

use super::error::{Origin, Problem, SettingsErrors};

/// The variable that names the settings file.
pub const CONFIG_VARIABLE: &str = "WIREREPORT_CONFIG";

/// Where the settings file is looked for when nobody names one.
pub const CANDIDATES: [&str; 2] = ["config/wirereport.toml", "/etc/wirereport/wirereport.toml"];

/// A settings file and an environment.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file and its text; none means the built-in defaults.
    pub file: Option<(PathBuf, String)>,
    /// The environment, with what `.env` adds to it.
    pub env: Env,
}

impl Sources {
    /// Reads this process's environment, `.env` in the working directory, and the settings file.
    ///
    /// # Errors
    /// Where a file that was named, or one that is there, cannot be read.
    pub fn of_process(config: Option<&Path>) -> Result<Self, SettingsErrors> {
        let vars = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::gather(config, Env::new(vars), Path::new(""))
    }

    /// Reads `.env` and the settings file. The file is the one of `config`, else of [`CONFIG_VARIABLE`], else the first
    /// of [`CANDIDATES`] that is there, else none. Relative paths start at `directory`.
    ///
    /// # Errors
    /// Where a file that was named, or one that is there, cannot be read.
    pub fn gather(config: Option<&Path>, env: Env, directory: &Path) -> Result<Self, SettingsErrors> {
        let dotenv = directory.join(".env");
        let env = match read(&dotenv)? {
            Some(text) => env.with_dotenv(&dotenv, &text)?,
            None => env,
        };
        let named = config.map(Path::to_path_buf).or_else(|| env.given(CONFIG_VARIABLE).map(PathBuf::from));
        let file = match named {
            Some(path) => Some(named_file(directory.join(path))?),
            None => first_candidate(directory)?,
        };
        Ok(Self { file, env })
    }
}

fn named_file(path: PathBuf) -> Result<(PathBuf, String), SettingsErrors> {
    match read(&path)? {
        Some(text) => Ok((path, text)),
        None => Err(unreadable(&path, "there is no such file")),
    }
}

fn first_candidate(directory: &Path) -> Result<Option<(PathBuf, String)>, SettingsErrors> {
    for candidate in CANDIDATES {
        let path = directory.join(candidate);
        if let Some(text) = read(&path)? {
            return Ok(Some((path, text)));
        }
    }
    Ok(None)
}

fn read(path: &Path) -> Result<Option<String>, SettingsErrors> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error.to_string())),
    }
}

fn unreadable(path: &Path, detail: &str) -> SettingsErrors {
    SettingsErrors::one(Origin::whole(path), Problem::Unreadable { detail: detail.to_owned() })
}

/// An environment: variables by name. Its `Debug` shows names only, since values may be secrets.
#[derive(Clone, Default)]
pub struct Env(BTreeMap<String, Variable>);

#[derive(Clone)]
struct Variable {
    value: String,
    dotenv: Option<Arc<Path>>,
}

impl Env {
    /// Takes variables as they are.
    pub fn new(vars: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(vars.into_iter().map(|(name, value)| (name, Variable { value, dotenv: None })).collect())
    }

    /// Adds the variables of a `.env` file that are not set already.
    ///
    /// # Errors
    /// Names the first line that is not an assignment, without its text.
    pub fn with_dotenv(mut self, path: &Path, text: &str) -> Result<Self, SettingsErrors> {
        let text = text.trim_start_matches('\u{feff}');
        let path: Arc<Path> = Arc::from(path);
        for item in dotenvy::from_read_iter(text.as_bytes()) {
            let (name, value) = item.map_err(|error| dotenv_error(&path, text, &error))?;
            self.0.entry(name).or_insert_with(|| Variable { value, dotenv: Some(Arc::clone(&path)) });
        }
        Ok(self)
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|variable| variable.value.as_str())
    }

    /// The value of a variable that is set to something.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The values that are secrets by their variables' names.
    pub fn secrets(&self) -> impl Iterator<Item = SecretString> {
        let named = self.iter().filter(|(name, value)| is_secret(name) && value.len() >= 8);
        named.map(|(_, value)| SecretString::from(value))
    }

    /// The files that variables name as holding a secret: `NAME_FILE`.
    pub fn secret_files(&self) -> impl Iterator<Item = PathBuf> {
        let named = self.iter().filter(|(name, _)| name.strip_suffix("_FILE").is_some_and(is_secret));
        named.map(|(_, value)| PathBuf::from(value))
    }

    /// Where a variable is set.
    pub(super) fn origin(&self, name: &str) -> Origin {
        let dotenv = self.0.get(name).and_then(|variable| variable.dotenv.clone());
        Origin::Variable { name: name.to_owned(), dotenv }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, variable)| (name.as_str(), variable.value.as_str()))
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Whether a variable of that name holds a secret.
fn is_secret(name: &str) -> bool {
    const ENDS: [&str; 5] = ["_SECRET", "_TOKEN", "_KEY", "_PASSWORD", "_WEBHOOK_URL"];
    ENDS.iter().any(|end| name.ends_with(end))
}

fn dotenv_error(path: &Arc<Path>, text: &str, error: &dotenvy::Error) -> SettingsErrors {
    let (line, problem) = match error {
        dotenvy::Error::LineParse(bad, _) => {
            let bad = bad.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
            let index = text.lines().position(|line| line.contains(bad)).unwrap_or(0);
            (index + 1, Problem::DotenvSyntax)
        }
        other => (0, Problem::Unreadable { detail: other.to_string() }),
    };
    SettingsErrors::one(Origin::File { path: Arc::clone(path), line, column: 1 }, problem)
}
