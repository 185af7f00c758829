//! `wirereport validate`: what settings come to, without touching the network.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::threshold;

use super::channel::{ChannelFilter, ChannelKind, Leagues};
use super::error::{Problem, SettingsErrors};
use super::sources::Sources;
use super::{FeedName, Kinds, Loaded, Settings, SportSettings, duration, load, secrets};

/// Whether the secrets that settings name must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretCheck {
    /// They must be there and usable.
    Require,
    /// They are not looked for: the settings are for another machine.
    Skip,
}

/// What settings come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The file they were read from; `None` for the built-in defaults.
    pub file: Option<PathBuf>,
    /// The settings.
    pub settings: Settings,
    /// What is allowed but probably not meant.
    pub warnings: Vec<String>,
    /// Every setting with its place.
    pub origins: Vec<PlacedValue>,
}

/// One setting and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlacedValue {
    /// The whole key.
    pub key: String,
    /// The value, written as JSON.
    pub value: String,
    /// Where it stands, in words.
    pub origin: String,
}

/// Reads settings and says what they come to.
///
/// # Errors
/// Everything that is wrong with them; with their secrets, once nothing else is.
pub fn validate(sources: &Sources, check: SecretCheck) -> Result<Report, SettingsErrors> {
    let loaded = load(sources)?;
    if let Some(directory) = loaded.settings.templates.directory.as_ref().filter(|path| !path.is_dir()) {
        let detail = format!("is {}, which is no folder; make it or correct the path", directory.display());
        let key = "templates.directory".to_owned();
        return Err(SettingsErrors::one(loaded.origin(&key), Problem::Conflict { key, detail }));
    }
    if check == SecretCheck::Require {
        secrets::fetch(&loaded, &sources.env)?;
        secrets::signing_keys(&loaded, &sources.env)?;
    }
    Ok(Report::of(loaded))
}

impl Report {
    fn of(loaded: Loaded) -> Self {
        let place = |leaf: super::Leaf| PlacedValue {
            key: leaf.key,
            value: leaf.value,
            origin: leaf.origin.to_string(),
        };
        Self {
            file: loaded.file,
            warnings: warnings(&loaded.settings),
            settings: loaded.settings,
            origins: loaded.origins.into_iter().map(place).collect(),
        }
    }

    /// Every setting with its value and its place, one a line.
    pub fn origins_text(&self) -> String {
        let lines =
            self.origins.iter().map(|leaf| format!("{} = {}  # {}\n", leaf.key, leaf.value, leaf.origin));
        lines.collect()
    }
}

fn warnings(settings: &Settings) -> Vec<String> {
    let mut warnings = Vec::new();
    for (name, channel) in &settings.channels {
        let Leagues::Only(keys) = &channel.filter.sports else { continue };
        for key in keys.iter().filter(|key| !settings.sports.contains_key(key)) {
            warnings.push(format!(
                "channel `{name}` tells {key}, which is not watched; add it to `sports.follow`"
            ));
        }
    }
    for (key, sport) in settings.sports.iter().filter(|(_, sport)| sport.shortest_poll.as_secs() < 5) {
        let poll = duration::render(sport.shortest_poll);
        let why = match sport.feed.first() {
            FeedName::Espn => "ESPN renews its answers about every 10 s and may refuse who asks more",
            FeedName::Statsapi | FeedName::Nhl => "the league's feed may refuse who asks so often",
            FeedName::ApiSports => "API-Sports renews its answers about every 15 s and counts every request",
        };
        warnings.push(format!("{key} may be asked every {poll}; {why}"));
    }
    if let Some(listen) = settings.http.listen.filter(|listen| !listen.ip().is_loopback()) {
        warnings.push(format!("the feeds are served on {listen}, which other machines can reach"));
    }
    if let Some(listen) = settings.api.listen.filter(|listen| !listen.ip().is_loopback()) {
        warnings.push(format!(
            "the API is served on {listen}, which other machines can reach, without TLS; put a proxy with TLS before it"
        ));
    }
    if let Some(listen) = settings.health.listen.filter(|listen| !listen.ip().is_loopback()) {
        warnings.push(format!("health is served on {listen}, which other machines can reach"));
    }
    warnings
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.settings;
        match &self.file {
            Some(file) => writeln!(f, "settings  {}", file.display())?,
            None => writeln!(f, "settings  the built-in defaults")?,
        }
        if let Some(environment) = &settings.environment {
            writeln!(f, "name      {environment}")?;
        }
        writeln!(f, "state     {}", settings.state_dir.display())?;
        match settings.http.listen {
            Some(listen) => writeln!(f, "feeds     http://{listen}/feeds/")?,
            None => writeln!(f, "feeds     not served")?,
        }
        match settings.api.listen {
            Some(listen) => writeln!(f, "api       http://{listen}{}/v1/", settings.api.path_prefix)?,
            None => writeln!(f, "api       on its socket alone")?,
        }
        match settings.health.listen {
            Some(listen) => writeln!(f, "health    http://{listen}/health")?,
            None => writeln!(f, "health    off")?,
        }
        writeln!(f, "sports")?;
        let width = settings.sports.keys().map(|key| key.as_str().len()).max().unwrap_or(0);
        for (key, sport) in &settings.sports {
            writeln!(f, "  {:width$}  {}", key.as_str(), sport_line(key.as_str(), sport))?;
        }
        if !settings.news.is_empty() {
            writeln!(f, "news")?;
        }
        let width = settings.news.keys().map(String::len).max().unwrap_or(0);
        for (name, news) in &settings.news {
            let every = duration::render(news.every);
            let (source, sport, worth) = (&news.source, &news.sport, news.significance);
            writeln!(f, "  {name:width$}  {source} on {sport}, worth {worth}, asked every {every}")?;
        }
        writeln!(f, "channels")?;
        let width = settings.channels.keys().map(|name| name.0.len()).max().unwrap_or(0);
        for (name, channel) in &settings.channels {
            writeln!(f, "  {:width$}  {}{}", name.0, kind_line(&channel.kind), filter_line(&channel.filter))?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        Ok(())
    }
}

fn sport_line(key: &str, sport: &SportSettings) -> String {
    let name = Sport::of(key).map_or_else(|| key.to_owned(), |sport| sport.name);
    let polls = match sport.confirmations {
        0 => "told at first sight".to_owned(),
        1 => "confirmed by 1 more poll".to_owned(),
        more => format!("confirmed by {more} more polls"),
    };
    let poll = duration::render(sport.shortest_poll);
    let kinds = kinds_text(&sport.kinds).unwrap_or_else(|| "all kinds".to_owned());
    let names: Vec<&str> = sport.feed.0.iter().map(|feed| feed.as_str()).collect();
    let feed = match sport.feed.0.as_slice() {
        [FeedName::Espn] => String::new(),
        _ => format!(", from {}", names.join(", else ")),
    };
    let league = Sport::of(key);
    let posts = league.and_then(|league| threshold::posts_per_game(&league, sport.threshold));
    let posts = posts.map(|posts| format!(", about {posts:.0} posts a game")).unwrap_or_default();
    let least = sport.threshold;
    format!("{name}: {kinds} from {least}{posts}, {polls}, asked every {poll} at most{feed}")
}

fn kind_line(kind: &ChannelKind) -> String {
    match kind.secrets().as_slice() {
        [] => kind.as_str().to_owned(),
        [secret] => format!("{}, secret from {}", kind.as_str(), secret.variable),
        secrets => {
            let variables: Vec<&str> = secrets.iter().map(|secret| secret.variable).collect();
            format!("{}, secrets from {}", kind.as_str(), variables.join(" "))
        }
    }
}

fn filter_line(filter: &ChannelFilter) -> String {
    let mut line = String::new();
    if let Leagues::Only(keys) = &filter.sports {
        let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
        line.push_str(&format!(", only {}", keys.join(" ")));
    }
    if let Some(kinds) = kinds_text(&filter.kinds) {
        line.push_str(&format!(", only {kinds}"));
    }
    if filter.min_significance > 0.0 {
        line.push_str(&format!(", from {}", filter.min_significance));
    }
    line
}

fn kinds_text(kinds: &Kinds) -> Option<String> {
    let names: Vec<&str> = kinds.0.iter().map(|kind| kind.as_str()).collect();
    (*kinds != Kinds::all()).then(|| names.join(" "))
}
