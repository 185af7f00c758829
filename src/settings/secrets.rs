//! Secrets: named in the settings, fetched from elsewhere, never shown.
//!
//! A secret `NAME` is the environment variable `NAME` (`.env` included), else the content of the file that `NAME_FILE`
//! names, else the systemd credential `NAME`. One that is encrypted is decrypted with the keys of a [`Keyring`], and one
//! that cannot be is an error, never used as it is. What is obviously a placeholder is refused: a wire that signs with
//! `changeme` is worse than one that does not start.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use wirereport_actors::wire::post::ChannelName;

use super::Loaded;
use super::error::{Origin, Problem, SettingsError, SettingsErrors};
use super::platform::SecretName;
use super::reader::{Leaf, Section};
use super::sources::Env;
use super::sport::{FeedName, SportSettings};
use super::values;
use crate::writers::openai;

mod keyring;
mod placeholder;
pub mod rotation;
mod signing;

pub use keyring::{ENCRYPTED, KEY_FILE, KeyError, Keyring, default_places};
pub use signing::{
    GENERATED, GeneratedKeyError, SHORTEST_KEY, SIGNING_KEY, SigningKeys, generated, signing_keys,
};

pub use placeholder::looks_like_a_placeholder;
use placeholder::placeholder;

const WEBHOOK_PREFIX: &str = "whsec_";
const SHORTEST: usize = 8;

/// How secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SecretSettings {
    /// The file with the keys of encrypted secrets; `None` for the usual places.
    pub key_file: Option<PathBuf>,
}

pub(super) fn read(section: &mut Section<'_>) -> SecretSettings {
    SecretSettings { key_file: section.take("key_file", values::optional_path, None) }
}

/// Secrets by the names the settings call them.
#[derive(Default)]
pub struct Secrets(BTreeMap<String, SecretString>);

impl Secrets {
    /// The secret of that name.
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }

    /// Whether the secret of that name is the same one in `other`.
    pub fn has_the_same(&self, name: &str, other: &Self) -> bool {
        let value = |secrets: &Self| secrets.get(name).map(|secret| secret.expose_secret().to_owned());
        value(self) == value(other)
    }

    /// Every secret, to be kept out of the logs.
    pub fn iter(&self) -> impl Iterator<Item = &SecretString> {
        self.0.values()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Fetches every secret that an enabled channel names, the key of a feed that some league is read from, and a writer's.
///
/// # Errors
/// Every secret that is missing or cannot be used, with who needs it and where the settings name it.
pub fn fetch(loaded: &Loaded, env: &Env) -> Result<Secrets, SettingsErrors> {
    let of_channels = loaded.settings.channels.keys().map(|channel| of_channel(loaded, env, channel));
    let mut secrets = Secrets::default();
    let mut errors = Vec::new();
    let others = [of_feeds(loaded, env), of_writers(loaded, env), of_alerts(loaded, env)];
    for fetched in of_channels.chain(others) {
        match fetched {
            Ok(fetched) => secrets.0.extend(fetched.0),
            Err(wrong) => errors.extend(wrong.iter().cloned()),
        }
    }
    if errors.is_empty() { Ok(secrets) } else { Err(SettingsErrors::new(errors)) }
}

/// Fetches every secret that a channel names.
///
/// # Errors
/// Every secret that is missing or cannot be used, with where the settings name it.
pub fn of_channel(loaded: &Loaded, env: &Env, channel: &ChannelName) -> Result<Secrets, SettingsErrors> {
    let names = loaded.settings.channels.get(channel).map(|settings| settings.kind.secrets());
    let vault = Vault::new(loaded, env);
    let mut secrets = Secrets::default();
    let mut errors = Vec::new();
    for SecretName { key, variable, check, optional } in names.unwrap_or_default() {
        match vault.find(variable).and_then(|found| usable(found, check)) {
            Ok(secret) => {
                secrets.0.insert(variable.to_owned(), secret);
            }
            Err(Trouble::Missing) if optional => {}
            Err(trouble) => errors.push(SettingsError {
                at: named_at(loaded, &channel.0, key),
                problem: trouble.problem(&channel.0, variable),
            }),
        }
    }
    if errors.is_empty() { Ok(secrets) } else { Err(SettingsErrors::new(errors)) }
}

/// Where a channel names a secret; where it names it by default, where it says what it is.
fn named_at(loaded: &Loaded, channel: &str, key: &str) -> Origin {
    match loaded.origin(&format!("channels.{channel}.{key}")) {
        Origin::BuiltIn => loaded.origin(&format!("channels.{channel}.kind")),
        origin => origin,
    }
}

/// Fetches the key of a feed that some league is read from.
///
/// # Errors
/// Where it is missing or cannot be used.
pub fn of_feeds(loaded: &Loaded, env: &Env) -> Result<Secrets, SettingsErrors> {
    let reads = |sport: &SportSettings| sport.feed.0.contains(&FeedName::ApiSports);
    if !loaded.settings.sports.values().any(reads) {
        return Ok(Secrets::default());
    }
    let (feed, name) = (FeedName::ApiSports.as_str(), &loaded.settings.feeds.api_sports.secret_env);
    match Vault::new(loaded, env).find(name).and_then(|found| usable(found, header_value)) {
        Ok(key) => Ok(Secrets([(name.clone(), key)].into())),
        Err(trouble) => {
            let at = loaded.origin(&format!("feeds.{feed}.secret_env"));
            Err(SettingsErrors::one(at, trouble.problem_of_feed(feed, name)))
        }
    }
}

/// Fetches the key of a language model's server. One on this machine, or one that is reached by plain HTTP, need not ask
/// for any.
///
/// # Errors
/// Where it is missing or cannot be used.
pub fn of_writers(loaded: &Loaded, env: &Env) -> Result<Secrets, SettingsErrors> {
    let Some(settings) = &loaded.settings.writers.openai else { return Ok(Secrets::default()) };
    let Some(name) = &settings.api_key_env else { return Ok(Secrets::default()) };
    let optional = settings.base_url.starts_with("http:");
    match Vault::new(loaded, env).find(name).and_then(|found| usable(found, header_value)) {
        Ok(key) => Ok(Secrets([(name.clone(), key)].into())),
        Err(Trouble::Missing) if optional => Ok(Secrets::default()),
        Err(trouble) => {
            let at = loaded.origin("writers.openai.api_key_env");
            Err(SettingsErrors::one(at, trouble.problem_of_writer(openai::NAME, name)))
        }
    }
}

/// Fetches what the operator is told by: addresses, a signing secret, a bot's token.
///
/// # Errors
/// Every one that is missing or cannot be used, with where the settings name it.
pub fn of_alerts(loaded: &Loaded, env: &Env) -> Result<Secrets, SettingsErrors> {
    let vault = Vault::new(loaded, env);
    let mut secrets = Secrets::default();
    let mut errors = Vec::new();
    for (key, SecretName { variable, check, .. }) in loaded.settings.alerts.secrets() {
        match vault.find(variable).and_then(|found| usable(found, check)) {
            Ok(secret) => {
                secrets.0.insert(variable.to_owned(), secret);
            }
            Err(trouble) => {
                let problem = trouble.problem_of_alerts(variable);
                errors.push(SettingsError { at: loaded.origin(&key), problem });
            }
        }
    }
    if errors.is_empty() { Ok(secrets) } else { Err(SettingsErrors::new(errors)) }
}

/// The variables that settings name as holding secrets.
pub(super) fn variables(leaves: &[Leaf]) -> BTreeSet<String> {
    let holds = |leaf: &&Leaf| {
        ["alerts.", "channels.", "feeds.", "writers."].iter().any(|table| leaf.key.starts_with(table))
            && leaf.key.ends_with("_env")
    };
    let named = leaves.iter().filter(holds);
    let names = named.map(|leaf| leaf.value.trim_matches('"').to_owned());
    names.flat_map(|name| [format!("{name}_FILE"), name]).collect()
}

struct Found {
    from: String,
    value: SecretString,
}

enum Trouble {
    Missing,
    Unusable { from: String, detail: String },
}

impl Trouble {
    fn problem(self, channel: &str, name: &str) -> Problem {
        let (channel, name) = (channel.to_owned(), name.to_owned());
        match self {
            Self::Missing => Problem::MissingSecret { channel, name },
            Self::Unusable { from, detail } => Problem::UnusableSecret { channel, name, from, detail },
        }
    }

    fn problem_of_feed(self, feed: &str, name: &str) -> Problem {
        let (feed, name) = (feed.to_owned(), name.to_owned());
        match self {
            Self::Missing => Problem::MissingKey { feed, name },
            Self::Unusable { from, detail } => Problem::UnusableKey { feed, name, from, detail },
        }
    }

    fn problem_of_alerts(self, name: &str) -> Problem {
        let name = name.to_owned();
        match self {
            Self::Missing => Problem::MissingAlertSecret { name },
            Self::Unusable { from, detail } => Problem::UnusableAlertSecret { name, from, detail },
        }
    }

    fn problem_of_writer(self, writer: &str, name: &str) -> Problem {
        let (writer, name) = (writer.to_owned(), name.to_owned());
        match self {
            Self::Missing => Problem::MissingWriterKey { writer, name },
            Self::Unusable { from, detail } => Problem::UnusableWriterKey { writer, name, from, detail },
        }
    }
}

/// Where secrets are found, and the keys that open those which are encrypted.
struct Vault<'a> {
    loaded: &'a Loaded,
    env: &'a Env,
    keyring: OnceCell<Result<Keyring, KeyError>>,
}

impl<'a> Vault<'a> {
    fn new(loaded: &'a Loaded, env: &'a Env) -> Self {
        Self { loaded, env, keyring: OnceCell::new() }
    }

    /// The secret of that name, in the clear.
    fn find(&self, name: &str) -> Result<Found, Trouble> {
        let Found { from, value } = as_given(self.env, name)?;
        let encrypted = value.expose_secret().trim();
        if !encrypted.starts_with(ENCRYPTED) {
            return Ok(Found { from, value });
        }
        let keyring = self.keyring.get_or_init(|| Keyring::of(self.loaded, self.env));
        let opened = match keyring {
            Ok(keyring) => keyring.decrypt(encrypted).ok_or_else(|| {
                format!(
                    "it is encrypted with none of the keys in {}; add its key there as a last line, or encrypt it \
                     anew with `wirereport secrets encrypt`",
                    keyring.path().display()
                )
            }),
            Err(error) => Err(format!("it is encrypted, and {error}")),
        };
        match opened {
            Ok(value) => Ok(Found { from, value }),
            Err(detail) => Err(Trouble::Unusable { from, detail }),
        }
    }
}

/// The secret of that name as it stands there, encrypted or not.
fn as_given(env: &Env, name: &str) -> Result<Found, Trouble> {
    let file_variable = format!("{name}_FILE");
    match (env.given(name), env.given(&file_variable)) {
        (Some(_), Some(_)) => Err(Trouble::Unusable {
            from: format!("{name} and {file_variable}"),
            detail: "both are set; unset one of them".to_owned(),
        }),
        (Some(value), None) => {
            Ok(Found { from: env.origin(name).to_string(), value: SecretString::from(value.to_owned()) })
        }
        (None, Some(path)) => in_file(Path::new(path)),
        (None, None) => match credential(env, name) {
            Some(path) => in_file(&path),
            None => Err(Trouble::Missing),
        },
    }
}

fn credential(env: &Env, name: &str) -> Option<PathBuf> {
    given_in(&Path::new(env.given("CREDENTIALS_DIRECTORY")?).join(name))
}

/// The path of a file that has something in it: a unit gives a credential that is not there as an empty line.
fn given_in(path: &Path) -> Option<PathBuf> {
    let text = std::fs::read(path);
    // One that cannot be read is told of where it is read.
    let empty = text.as_ref().is_ok_and(|text| text.trim_ascii().is_empty());
    (path.exists() && !empty).then(|| path.to_owned())
}

fn in_file(path: &Path) -> Result<Found, Trouble> {
    let from = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => {
            Ok(Found { from, value: SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()) })
        }
        Err(error) => Err(Trouble::Unusable {
            from,
            detail: format!("the file cannot be read ({error}); correct its path or its permissions"),
        }),
    }
}

fn usable(found: Found, check: fn(&str) -> Result<(), &'static str>) -> Result<SecretString, Trouble> {
    let value = found.value.expose_secret();
    let detail = if let Some(why) = placeholder(value) {
        format!("it is {why}; put the real secret there")
    } else if value.starts_with(ENCRYPTED) {
        "it is encrypted twice; encrypt the plain secret with `wirereport secrets encrypt`".to_owned()
    } else if value.trim() != value {
        "it begins or ends with white space; remove that".to_owned()
    } else if value.len() < SHORTEST {
        format!("it is shorter than {SHORTEST} characters; use a longer one")
    } else if let Err(detail) = check(value) {
        format!("it {detail}")
    } else {
        return Ok(found.value);
    };
    Err(Trouble::Unusable { from: found.from, detail })
}

/// A key goes into a header as it is.
fn header_value(value: &str) -> Result<(), &'static str> {
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { Ok(()) } else { Err("has white space or signs in it that no key has; copy it anew") }
}

/// The form that Standard Webhooks 1.0 gives a secret: `whsec_` and the base64 of 24 to 64 bytes.
pub(super) fn webhook_secret(value: &str) -> Result<(), &'static str> {
    let key = value.strip_prefix(WEBHOOK_PREFIX).and_then(|key| STANDARD.decode(key).ok());
    if key.is_some_and(|key| (24..=64).contains(&key.len())) {
        return Ok(());
    }
    Err("is not `whsec_` followed by the base64 of 24 to 64 random bytes; make one with \
         `echo whsec_$(openssl rand -base64 32)`")
}
