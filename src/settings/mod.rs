//! Settings: typed, validated once, with secrets kept out of sight.
//!
//! Three layers make them: built-in defaults, a TOML file over them, and the environment over both
//! (`WIREREPORT_SECTION__KEY`). The sources come in as values ([`Sources`]), so that nothing here reads the process.
//! Everything that is wrong is reported at once, each with its place and what to do ([`SettingsErrors`]); a key or a
//! variable that no setting has is refused with the nearest name, since a slip there would otherwise go unnoticed.
//!
//! TOML is read with the `toml` crate into a tree whose keys and values know their places, and not with a layering
//! library, since those lose the places. Secrets never stand in the settings: they name the environment variable, and
//! [`secrets`] fetches it.

use std::path::PathBuf;

mod addresses;
mod alerts;
mod approval;
mod channel;
pub mod duration;
mod error;
mod leagues;
mod model;
mod nearest;
mod news;
mod platform;
mod ports;
mod posts;
mod publishing;
mod reader;
mod reload;
mod report;
pub mod secrets;
mod sources;
mod sport;
mod supervision;
mod teams;
mod tree;
mod values;
mod variables;
mod voice;
mod webhook;
mod writers;
mod x;

#[cfg(test)]
mod tests;

pub use alerts::{AlertSettings, AlertTelegramSettings};
pub use approval::{ApprovalSettings, Expiry, Names};
pub use channel::{ChannelFilter, ChannelKind, ChannelSettings, FeedChannelSettings, Leagues, Teams};
pub use error::{EXIT_CODE, Origin, Problem, SettingsError, SettingsErrors};
pub use model::{
    ApiSportsSettings, FeedSettings, HostSettings, LogFormat, LogSettings, Settings, TemplateSettings,
};
pub(crate) use nearest::nearest;
pub use news::NewsFeedSettings;
pub use platform::{
    BlueskySettings, DiscordSettings, IncomingWebhookSettings, MastodonSettings, ReadBack, SecretName,
    TelegramSettings, Trying, Visibility,
};
pub use ports::{ApiSettings, HealthSettings, HttpSettings};
pub use posts::{Amount, NumberOr, Rivalries};
pub use publishing::{Dollars, PublishingSettings, Quiet, WhenUnknown, Zone};
pub use reader::Leaf;
pub use reload::{ReloadDiff, reload_diff};
pub use report::{Report, SecretCheck, validate};
pub use secrets::SecretSettings;
pub use sources::{CANDIDATES, CONFIG_VARIABLE, Env, Sources};
pub use sport::{CrossCheck, FeedName, Feeds, Kinds, SportSettings};
pub use supervision::{BackoffSettings, IntensitySettings, SupervisionSettings};
pub use voice::VoiceSettings;
pub use webhook::{Repeats, WebhookSettings};
pub use writers::{OpenAiSettings, WaitSettings, WriterSettings, WritingMode};
pub use x::{XAuth, XSettings};

use tree::Table;

/// Settings, and where each value of them stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// The file they were read from; `None` for the built-in defaults.
    pub file: Option<PathBuf>,
    /// Every setting with its place.
    pub origins: Vec<Leaf>,
}

impl Loaded {
    /// Where `key` stands.
    pub fn origin(&self, key: &str) -> Origin {
        let leaf = self.origins.iter().find(|leaf| leaf.key == key);
        leaf.map_or(Origin::BuiltIn, |leaf| leaf.origin.clone())
    }
}

/// Reads settings.
///
/// # Errors
/// Everything that is wrong with the file and the environment.
pub fn load(sources: &Sources) -> Result<Loaded, SettingsErrors> {
    let mut errors = Vec::new();
    let table = match &sources.file {
        Some((path, text)) => tree::parse(path, text, &mut errors),
        None => Some(Table::new()),
    };
    let Some(table) = table else { return Err(SettingsErrors::new(errors)) };

    let at = sources.file.as_ref().map_or(Origin::BuiltIn, |(path, _)| Origin::whole(path));
    let mut reader = reader::Reader::new(&sources.env, errors);
    let settings = reader.read(table, at, |section| model::read(section, &sources.env));
    let secrets = secrets::variables(&reader.leaves);
    reader.refuse_unknown_variables(&secrets);
    if !reader.errors.is_empty() {
        return Err(SettingsErrors::new(reader.errors));
    }
    let file = sources.file.as_ref().map(|(path, _)| path.clone());
    Ok(Loaded { settings, file, origins: reader.leaves })
}

/// The state directory alone, whatever else is wrong with the settings: a service that is running must be within reach,
/// to be stopped above all, while somebody is still mending its file.
///
/// # Errors
/// Where the file is not TOML, or the directory itself cannot be told.
pub fn state_dir(sources: &Sources) -> Result<PathBuf, SettingsErrors> {
    let mut errors = Vec::new();
    let (table, at) = match &sources.file {
        Some((path, text)) => (tree::parse(path, text, &mut errors), Origin::whole(path)),
        None => (Some(Table::new()), Origin::BuiltIn),
    };
    let Some(table) = table else { return Err(SettingsErrors::new(errors)) };
    let mut reader = reader::Reader::new(&sources.env, Vec::new());
    let (dir, failed) = reader.read(table, at, |section| {
        let dir = model::state_dir(section, &sources.env);
        let failed = section.failed();
        section.skip();
        (dir, failed)
    });
    if failed { Err(SettingsErrors::new(reader.errors)) } else { Ok(dir) }
}

/// The settings file that `init` writes: every setting, commented out, with its default.
pub fn init_text() -> &'static str {
    include_str!("../../config/wirereport.toml")
}
