//! What can be wrong with settings, each with its place and what to do.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// The exit code of a run that its settings forbid (`EX_CONFIG`): a service manager must not try again by itself.
pub const EXIT_CODE: u8 = 78;

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the settings file.
    File {
        /// The file.
        path: Arc<Path>,
        /// The line, from 1; 0 for the file as a whole.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// In an environment variable.
    Variable {
        /// Its name.
        name: String,
        /// The `.env` file it stands in; `None` for the process's own environment.
        dotenv: Option<Arc<Path>>,
    },
    /// Nowhere: it is built in.
    BuiltIn,
}

impl Origin {
    /// The whole of a file.
    pub(super) fn whole(path: &Path) -> Self {
        Self::File { path: Arc::from(path), line: 0, column: 0 }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line: 0, .. } => write!(f, "{}", path.display()),
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Variable { name, dotenv: None } => write!(f, "environment variable {name}"),
            Self::Variable { name, dotenv: Some(path) } => write!(f, "{name} in {}", path.display()),
            Self::BuiltIn => f.write_str("built-in default"),
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// Where.
    pub at: Origin,
    /// What, and what to do about it.
    pub problem: Problem,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Origin::BuiltIn => write!(f, "settings: {}", self.problem),
            at => write!(f, "{at}: {}", self.problem),
        }
    }
}

impl std::error::Error for SettingsError {}

/// What is wrong. No variant ever carries a secret's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file is not TOML.
    #[error(
        "this is not TOML: {detail}; correct it, with texts in quotes and the name of a table in brackets"
    )]
    Syntax {
        /// What the parser says, without the line's text.
        detail: String,
    },
    /// A line of `.env` is not an assignment.
    #[error("this line is not of the form NAME=value; correct it or remove it")]
    DotenvSyntax,
    /// A file that was named cannot be read.
    #[error("cannot be read ({detail}); name a file that is there and that this user may read")]
    Unreadable {
        /// What the system says.
        detail: String,
    },
    /// A key that no setting has.
    #[error("the key `{key}` is not known; {advice}")]
    UnknownKey {
        /// The whole key.
        key: String,
        /// What was probably meant, or what to do.
        advice: String,
    },
    /// A variable of ours that no setting has.
    #[error("no setting has this name; {advice}")]
    UnknownVariable {
        /// What was probably meant, or what to do.
        advice: String,
    },
    /// A value that a setting cannot take.
    #[error("`{key}` must be {expected}{found}")]
    Invalid {
        /// The whole key.
        key: String,
        /// What it can take.
        expected: String,
        /// What it is instead, where that may be shown.
        found: String,
    },
    /// A key that has to be there and is not.
    #[error("`{key}` is missing; set it to {expected}")]
    Missing {
        /// The whole key.
        key: String,
        /// What it can take.
        expected: String,
    },
    /// Two settings that do not go together.
    #[error("`{key}` {detail}")]
    Conflict {
        /// The key to change.
        key: String,
        /// What does not fit, and what to do.
        detail: String,
    },
    /// A secret that stands in the settings themselves.
    #[error(
        "`{key}` holds a secret itself; take it out, put it in an environment variable, and name that variable \
         in `secret_env`"
    )]
    LiteralSecret {
        /// The whole key.
        key: String,
    },
    /// A secret that a channel needs and that is nowhere.
    #[error(
        "channel `{channel}` needs the secret {name}, which is not set; set {name} in the environment or in .env, \
         name a file that holds it in {name}_FILE, or pass it as the systemd credential {name}"
    )]
    MissingSecret {
        /// Who needs it.
        channel: String,
        /// The variable.
        name: String,
    },
    /// A secret that alerts need and that is nowhere.
    #[error(
        "[alerts] needs {name}, which is not set; set {name} in the environment or in .env, name a file that holds it in \
         {name}_FILE, or pass it as the systemd credential {name}"
    )]
    MissingAlertSecret {
        /// The variable.
        name: String,
    },
    /// A secret that alerts need and that cannot be used.
    #[error("{name}, which [alerts] needs and which is in {from}, cannot be used: {detail}")]
    UnusableAlertSecret {
        /// The variable.
        name: String,
        /// Where it was found.
        from: String,
        /// What is wrong with it. Never the secret.
        detail: String,
    },
    /// A key that a feed needs and that is nowhere.
    #[error(
        "the feed {feed} needs the key {name}, which is not set; set {name} in the environment or in .env, name a \
         file that holds it in {name}_FILE, or pass it as the systemd credential {name}"
    )]
    MissingKey {
        /// Which feed.
        feed: String,
        /// The variable.
        name: String,
    },
    /// A key that is there and cannot be used.
    #[error("the feed {feed} cannot use the key {name} from {from}: {detail}")]
    UnusableKey {
        /// Which feed.
        feed: String,
        /// The variable.
        name: String,
        /// Where it was found.
        from: String,
        /// Why not, and what to do.
        detail: String,
    },
    /// A key that a writer needs and that is nowhere.
    #[error(
        "the writer {writer} needs the key {name}, which is not set; set {name} in the environment or in .env, name a \
         file that holds it in {name}_FILE, pass it as the systemd credential {name}, or set `api_key_env` to \"\" where \
         the server asks for none"
    )]
    MissingWriterKey {
        /// Which writer.
        writer: String,
        /// The variable.
        name: String,
    },
    /// A writer's key that is there and cannot be used.
    #[error("the writer {writer} cannot use the key {name} from {from}: {detail}")]
    UnusableWriterKey {
        /// Which writer.
        writer: String,
        /// The variable.
        name: String,
        /// Where it was found.
        from: String,
        /// Why not, and what to do.
        detail: String,
    },
    /// A key that the API's tokens are signed with, which is there and cannot be used.
    #[error("cannot use the signing key {name} from {from}: {detail}")]
    UnusableSigningKey {
        /// The variable.
        name: String,
        /// Where it was found.
        from: String,
        /// Why not, and what to do.
        detail: String,
    },
    /// A secret that is there and cannot be used.
    #[error("channel `{channel}` cannot use the secret {name} from {from}: {detail}")]
    UnusableSecret {
        /// Who needs it.
        channel: String,
        /// The variable.
        name: String,
        /// Where it was found.
        from: String,
        /// Why not, and what to do.
        detail: String,
    },
}

/// Everything that is wrong with the settings, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsErrors(Vec<SettingsError>);

impl SettingsErrors {
    /// Puts errors in the order of their places.
    pub(super) fn new(mut errors: Vec<SettingsError>) -> Self {
        errors.sort_by(|a, b| a.at.cmp(&b.at));
        Self(errors)
    }

    pub(super) fn one(at: Origin, problem: Problem) -> Self {
        Self(vec![SettingsError { at, problem }])
    }

    /// The errors, in the order of their places.
    pub fn iter(&self) -> std::slice::Iter<'_, SettingsError> {
        self.0.iter()
    }

    /// The code to exit with: [`EXIT_CODE`].
    pub fn exit_code(&self) -> u8 {
        EXIT_CODE
    }
}

impl fmt::Display for SettingsErrors {
    /// One line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsErrors {}
