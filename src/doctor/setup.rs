//! The settings, the templates and the secrets.

use super::{About, Finding, Patient};
use crate::run::wiring;
use crate::settings::{self, Loaded, SecretCheck, SettingsErrors, secrets};

const CHECK_AGAIN: &str = "mend it as it says; `wirereport validate` looks at it again";

pub(super) fn settings(patient: &Patient) -> Vec<Finding> {
    let about = About::new("settings", place(patient));
    match settings::validate(&patient.sources, SecretCheck::Skip) {
        Ok(report) => {
            let (sports, channels) = (report.settings.sports.len(), report.settings.channels.len());
            let well = about.ok(format!("they can be used: leagues watched {sports}, channels {channels}"));
            let warnings = report
                .warnings
                .into_iter()
                .map(|warning| about.warning(warning, "change it, or leave it if it is meant"));
            std::iter::once(well).chain(warnings).chain(templates(&report.settings)).collect()
        }
        Err(errors) => each(&about, &errors),
    }
}

fn place(patient: &Patient) -> String {
    let file = patient.sources.file.as_ref();
    file.map_or_else(|| "the built-in defaults".to_owned(), |(path, _)| path.display().to_string())
}

fn each(about: &About, errors: &SettingsErrors) -> Vec<Finding> {
    errors.iter().map(|error| about.error(error.to_string(), CHECK_AGAIN)).collect()
}

/// Operators' own templates; the built-in ones are tested.
fn templates(settings: &settings::Settings) -> Vec<Finding> {
    let Some(directory) = &settings.templates.directory else { return Vec::new() };
    let about = About::new("settings", directory.display().to_string());
    match wiring::writer(settings).map(|writer| writer.check_all()) {
        Ok(problems) if problems.is_empty() => vec![about.ok("every template tells what it should")],
        Ok(problems) => {
            problems.iter().map(|problem| about.error(problem.to_string(), CHECK_AGAIN)).collect()
        }
        Err(failure) => vec![about.error(failure.to_string(), CHECK_AGAIN)],
    }
}

pub(super) fn secrets(patient: &Patient) -> Vec<Finding> {
    let Some(loaded) = &patient.loaded else { return Vec::new() };
    let env = &patient.sources.env;
    let about = About::new("secrets", "all that the settings name");
    let wrong: Vec<SettingsErrors> =
        [secrets::fetch(loaded, env).map(drop).err(), secrets::signing_keys(loaded, env).map(drop).err()]
            .into_iter()
            .flatten()
            .collect();
    match (wrong.as_slice(), named(loaded)) {
        ([], 0) => vec![about.note("no secret is needed by these settings")],
        ([], named) => vec![about.ok(format!("{named} are there and of the right form"))],
        (wrong, _) => wrong.iter().flat_map(|errors| each(&about, errors)).collect(),
    }
}

fn named(loaded: &Loaded) -> usize {
    let settings = &loaded.settings;
    let of_channels: usize = settings.channels.values().map(|channel| channel.kind.secrets().len()).sum();
    let of_writer = settings.writers.openai.as_ref().and_then(|openai| openai.api_key_env.as_ref());
    let paid = settings.sports.values().any(|sport| sport.feed.0.contains(&settings::FeedName::ApiSports));
    of_channels + usize::from(of_writer.is_some()) + usize::from(paid)
}
