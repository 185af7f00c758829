//! Logs: to standard error, for people or for machines, without secrets.
//!
//! Every line passes the [`Redactor`] as a whole, last of all: whatever wrote it, an error's text or a URL included, a
//! secret that was registered leaves as `(secret)`. A panic is one line like any other. The level can be changed while
//! running ([`LevelHandle`]).

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt, reload};

use crate::settings::{Env, LogFormat, LogSettings};

mod redact;
mod tail;

pub use redact::{Redacting, Redactor, patterns};
pub use tail::{LogLine, tail};

/// Crates that tell more than anybody wants to read, unless they are asked for by name.
const QUIET: [&str; 6] = ["h2", "hyper", "hyper_util", "ractor", "reqwest", "rustls"];

/// Why there are no logs, or not at that level.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The level cannot be read.
    #[error("the log level `{level}` is not understood: {detail}")]
    Level {
        /// The level.
        level: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The level cannot be changed any more.
    #[error("the log level cannot be changed: {detail}")]
    Reload {
        /// Why not.
        detail: String,
    },
    /// Logs were started already.
    #[error("logs were started already")]
    AlreadyStarted,
}

/// Changes the level of the logs while they are written.
#[derive(Debug, Clone)]
pub struct LevelHandle(reload::Handle<EnvFilter, Registry>);

impl LevelHandle {
    /// Takes over a level, or directives, as they stand in `log.level`.
    ///
    /// # Errors
    /// Where the level is not understood, or nothing is logged any more.
    pub fn set(&self, level: &str) -> Result<(), TelemetryError> {
        let filter = filter(level)?;
        self.0.reload(filter).map_err(|error| TelemetryError::Reload { detail: error.to_string() })
    }
}

/// Starts the logs of this process on standard error, panics included.
///
/// # Errors
/// Where the level is not understood, or logs were started before.
pub fn start(settings: &LogSettings, env: &Env, redactor: &Redactor) -> Result<LevelHandle, TelemetryError> {
    let colours = colours(env, std::io::stderr().is_terminal());
    let (subscriber, level) = subscriber(settings, colours, redactor, std::io::stderr)?;
    subscriber.try_init().map_err(|_| TelemetryError::AlreadyStarted)?;
    install_panic_hook();
    Ok(level)
}

/// Logs to any writer, and the handle of their level.
///
/// # Errors
/// Where the level is not understood.
pub fn subscriber<W>(
    settings: &LogSettings,
    colours: bool,
    redactor: &Redactor,
    writer: W,
) -> Result<(impl Subscriber + Send + Sync + use<W>, LevelHandle), TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(filter(&settings.level)?);
    let lines = fmt::layer().with_writer(redactor.over(writer));
    let lines = match settings.format {
        LogFormat::Text => lines.with_ansi(colours).boxed(),
        LogFormat::Json => lines.with_ansi(false).json().flatten_event(true).with_span_list(false).boxed(),
    };
    Ok((tracing_subscriber::registry().with(filter).with(lines).with(tail::Tail), LevelHandle(handle)))
}

/// Whether lines may be coloured: on a terminal that can, unless `NO_COLOR` is set to something (no-color.org).
pub fn colours(env: &Env, terminal: bool) -> bool {
    terminal && env.given("NO_COLOR").is_none() && env.get("TERM") != Some("dumb")
}

/// Makes every panic a line of the log in place of the text on standard error.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(
            target: "wirereport::panic",
            thread = thread.name().unwrap_or("unnamed"),
            place,
            "panicked: {}",
            what(panic)
        );
    }));
}

fn what(panic: &PanicHookInfo<'_>) -> String {
    let text = panic.payload_as_str().unwrap_or("with a value that is no text");
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn filter(level: &str) -> Result<EnvFilter, TelemetryError> {
    let directives: Vec<&str> = level.split(',').map(str::trim).collect();
    let talkative = directives.iter().any(|directive| ["info", "debug", "trace"].contains(directive));
    let named = |quiet: &str| {
        directives.iter().any(|directive| directive.split("::").any(|part| target(part) == quiet))
    };
    let quiet: Vec<String> = QUIET
        .iter()
        .filter(|quiet| talkative && !named(quiet))
        .map(|quiet| format!("{quiet}=warn"))
        .collect();
    let all =
        directives.iter().copied().chain(quiet.iter().map(String::as_str)).collect::<Vec<_>>().join(",");
    EnvFilter::builder()
        .parse(all)
        .map_err(|error| TelemetryError::Level { level: level.to_owned(), detail: error.to_string() })
}

fn target(directive: &str) -> &str {
    directive.split(['=', '[']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
