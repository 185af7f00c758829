//! The settings as the commands read them.

use super::Place;
use super::exit::Failure;
use crate::settings::{self, Loaded, SettingsErrors, Sources};
use crate::telemetry::Redactor;

/// The process's environment and the settings file that `place` means. What is secret in the environment is kept out of
/// all that this process prints.
pub(super) fn sources(place: &Place) -> Result<Sources, Failure> {
    let sources = Sources::of_process(place.config.as_deref())?;
    let redactor = Redactor::of_process();
    sources.env.secrets().for_each(|secret| redactor.register(&secret));
    Ok(sources)
}

/// The settings that `place` means.
pub(super) fn load(place: &Place) -> Result<Loaded, Failure> {
    let mut loaded = settings::load(&sources(place)?)?;
    if let Some(dir) = &place.state_dir {
        loaded.settings.state_dir = std::path::absolute(dir).map_err(Failure::failed)?;
    }
    Ok(loaded)
}

impl From<SettingsErrors> for Failure {
    fn from(errors: SettingsErrors) -> Self {
        Self::configuration(errors)
    }
}
