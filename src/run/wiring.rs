//! From settings to the world of the tree: which adapter stands behind which port.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wirereport_actors::ports::channel::{Channel, Idempotency};
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::ports::writer::Writer;
use wirereport_actors::supervision::{Backoff, Intensity};
use wirereport_actors::tree::{Policy, Restarts, Timing};
use wirereport_actors::wire::expense::{Caps, Prices};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::rules::ChannelRules;

use super::dry_run::DryRun;
use super::platforms;
use super::replaceable::Replaceable;
use crate::channels::Notebook;
use crate::channels::feed::{self, FeedChannel};
use crate::channels::terminal::TerminalChannel;
use crate::channels::webhook::{self, WebhookChannel};
use crate::cli::Failure;
use crate::clock::SystemClock;
#[cfg(debug_assertions)]
use crate::crash::Crash;
use crate::ledger::SqliteLedger;
use crate::settings::secrets::Secrets;
use crate::settings::{
    self, ChannelKind, ChannelSettings, IntensitySettings, Repeats, Settings, SupervisionSettings,
    WebhookSettings,
};
use crate::writers::openai::{self, OpenAiError, OpenAiWriter};
use crate::writers::template::TemplateWriter;

pub(super) type Writers = Vec<Arc<dyn Writer>>;
pub(super) type Channels = BTreeMap<ChannelName, Arc<Replaceable<dyn Channel>>>;
/// The language model's writer, where there is one.
pub(super) type Model = Option<Arc<Replaceable<OpenAiWriter>>>;

/// The channels as the tree sees them.
pub(super) fn ports(channels: &Channels) -> BTreeMap<ChannelName, Arc<dyn Channel>> {
    channels.iter().map(|(name, channel)| (name.clone(), Arc::clone(channel) as _)).collect()
}

/// The writers, best first.
pub(super) fn writers(
    settings: &Settings,
    secrets: &Secrets,
    ledger: &Arc<SqliteLedger>,
) -> Result<(Writers, Model), Failure> {
    let mut writers: Writers = Vec::new();
    let mut model = None;
    if let Some(settings) = &settings.writers.openai {
        let writer = openai(settings, secrets, Arc::clone(ledger) as _).map_err(Failure::configuration)?;
        let writer = Replaceable::of(Arc::new(writer));
        writers.push(Arc::clone(&writer) as _);
        model = Some(writer);
    }
    writers.push(Arc::new(writer(settings)?));
    Ok((writers, model))
}

/// The language model's writer as the settings want it.
pub(super) fn openai(
    settings: &settings::OpenAiSettings,
    secrets: &Secrets,
    ledger: Arc<dyn Ledger>,
) -> Result<OpenAiWriter, OpenAiError> {
    let cap = |dollars: settings::Dollars| (dollars.0 > 0).then_some(Money(dollars.0));
    let settings = openai::OpenAiSettings {
        base_url: settings.base_url.clone(),
        key: settings.api_key_env.as_ref().and_then(|name| secrets.get(name)).cloned(),
        allow_http: settings.allow_http,
        model: settings.model.clone(),
        mode: settings.mode.0,
        connect: settings.connect_timeout,
        max_tokens: settings.max_tokens,
        reasoning_effort: settings.reasoning_effort.clone(),
        waits: settings.wait.waits(),
        prices: Prices {
            input: Money(settings.price_per_million_input.0),
            output: Money(settings.price_per_million_output.0),
        },
        caps: Caps { per_day: cap(settings.budget_per_day), per_month: cap(settings.budget_per_month) },
        zone: settings.time_zone.0.clone(),
    };
    // Not the tree's clock: in a replay that shows recording time.
    OpenAiWriter::new(settings, ledger, Arc::new(SystemClock))
}

/// The templates, with one for everything that a channel tells in its language.
pub(crate) fn writer(settings: &Settings) -> Result<TemplateWriter, Failure> {
    let directory = settings.templates.directory.as_deref();
    let writer = directory
        .map_or_else(TemplateWriter::builtin, TemplateWriter::load)
        .map_err(Failure::configuration)?;
    for (name, channel) in &settings.channels {
        let language = &channel.voice.language;
        // News is told in English alone, and corrections whatever `kinds` says.
        let mut kinds = channel.filter.kinds.0.clone();
        kinds.remove(&MomentKind::News);
        kinds.insert(MomentKind::Correction);
        let missing: Vec<String> =
            writer.missing(language, kinds).iter().map(|kind| format!("{language}/{kind}.toml")).collect();
        if !missing.is_empty() {
            let folder = directory.map_or_else(
                || "a folder of yours that `templates.directory` names".to_owned(),
                |directory| directory.display().to_string(),
            );
            return Err(Failure::configuration(format_args!(
                "channel {name}: its language is {language}, in which there are no built-in templates; write {} into \
                 {folder}, or leave those kinds out of the channel's `kinds` (corrections are told whatever it says)",
                missing.join(", ")
            )));
        }
    }
    Ok(writer)
}

/// Where a channel's files and prints go, and how its adapter is made.
pub(super) struct Outlets<'a> {
    /// The folder under which every feed channel has its own.
    pub(super) feeds: &'a Path,
    /// Makes a terminal channel.
    pub(super) terminal: &'a dyn Fn() -> TerminalChannel,
    /// How adapters are made.
    pub(super) making: &'a Making,
}

/// How adapters are made, at the start and by reloads.
pub(super) struct Making {
    /// The folder in which channels keep what they need to know again.
    pub(super) notes: PathBuf,
    /// The folder of logins.
    pub(super) logins: PathBuf,
    /// Whether nothing is really sent.
    pub(super) dry_run: bool,
    /// Where a process under test ends.
    #[cfg(debug_assertions)]
    pub(super) crash: Crash,
}

/// One channel of the settings.
pub(super) fn channel(
    name: &ChannelName,
    settings: &ChannelSettings,
    secrets: &Secrets,
    outlets: &Outlets<'_>,
) -> Result<Arc<Replaceable<dyn Channel>>, Failure> {
    let local: Arc<dyn Channel> = match &settings.kind {
        ChannelKind::Feed(feed) => {
            let settings = feed::FeedSettings {
                title: feed.title.clone(),
                home_page_url: feed.home_page_url.clone(),
                base_url: None,
                items: feed.items as usize,
            };
            let feed = FeedChannel::open(&outlets.feeds.join(&name.0), settings);
            Arc::new(feed.map_err(|error| wrong(name, &error))?)
        }
        ChannelKind::Terminal => Arc::new((outlets.terminal)()),
        _ => return Ok(Replaceable::of(account(name, settings, secrets, outlets.making)?)),
    };
    Ok(Replaceable::of(outlets.making.finished(name, local)))
}

/// The adapter of a channel whose readers are not on this machine: an account on a platform, or a webhook.
pub(super) fn account(
    name: &ChannelName,
    settings: &ChannelSettings,
    secrets: &Secrets,
    making: &Making,
) -> Result<Arc<dyn Channel>, Failure> {
    let account = match &settings.kind {
        ChannelKind::Webhook(webhook) => {
            self::webhook(webhook, secrets).map(|webhook| Arc::new(webhook) as _)
        }
        account => {
            let notebook = Notebook::at(making.notes.join(format!("{name}.json")));
            #[cfg(debug_assertions)]
            let notebook = notebook.with(making.crash.clone());
            platforms::open(name, (account, &settings.voice.language), secrets, notebook, &making.logins)
        }
    };
    Ok(making.finished(name, account.map_err(|error| wrong(name, &error))?))
}

fn wrong(name: &ChannelName, error: &dyn std::fmt::Display) -> Failure {
    Failure::configuration(format_args!("channel {name}: {error}"))
}

impl Making {
    /// An adapter as the wire is to have it: of a rehearsal one that sends nothing.
    fn finished(&self, name: &ChannelName, channel: Arc<dyn Channel>) -> Arc<dyn Channel> {
        #[cfg(debug_assertions)]
        let channel = self.crash.before_channel(channel);
        if self.dry_run { Arc::new(DryRun::of(name, channel)) } else { channel }
    }
}

fn webhook(settings: &WebhookSettings, secrets: &Secrets) -> Result<WebhookChannel, String> {
    let secret = platforms::secret(secrets, &settings.secret_env)?;
    let idempotency = match settings.idempotency_window {
        Repeats::Forever => Idempotency::Forever,
        Repeats::For(window) => Idempotency::For(window),
        Repeats::Never => Idempotency::None,
    };
    let settings = webhook::WebhookSettings {
        allow_http: settings.allow_http,
        idempotency,
        in_flight: settings.in_flight,
        attempt_within: settings.timeout,
        ..webhook::WebhookSettings::new(&settings.url, secret)
    };
    // Not the tree's clock: in a replay that shows recording time.
    WebhookChannel::new(settings, Arc::new(SystemClock)).map_err(|error| error.to_string())
}

/// The part of the settings that may change while the wire runs.
pub(crate) fn policy(settings: &Settings) -> Policy {
    let channel = |settings: &ChannelSettings| {
        let default = ChannelRules::default();
        settings.publishing.applied_to(ChannelRules {
            attempts: settings.kind.attempts().unwrap_or(default.attempts),
            read_back_for: settings.kind.read_back_for().unwrap_or(default.read_back_for),
            voice: settings.voice.voice(),
            ..settings.filter.rules()
        })
    };
    Policy {
        sports: settings.sports.iter().map(|(key, sport)| (key.clone(), sport.rules())).collect(),
        channels: settings
            .channels
            .iter()
            .map(|(name, settings)| (name.clone(), channel(settings)))
            .collect(),
        approvals: settings.approval.iter().map(|(name, rule)| rule.rule(name)).collect(),
        allowances: (settings.feeds.hosts().into_iter())
            .filter_map(|(feed, host)| Some((feed.as_str().to_owned(), host.allowance()?)))
            .collect(),
        history: Some(settings.history),
    }
}

/// How often actors are started again, and how soon.
pub(super) fn restarts(settings: &SupervisionSettings) -> Restarts {
    let intensity =
        |settings: IntensitySettings| Intensity { restarts: settings.restarts, within: settings.within };
    Restarts {
        root: intensity(settings.root),
        sports: intensity(settings.sports),
        publisher: intensity(settings.publisher),
        backoff: Backoff {
            initial: settings.backoff.initial,
            max: settings.backoff.max,
            jitter: settings.backoff.jitter,
            reset_after: settings.backoff.reset_after,
        },
    }
}

/// The times the tree keeps.
pub(super) fn timing(settings: &SupervisionSettings) -> Timing {
    Timing {
        pulse_within: settings.pulse_within,
        start_within: settings.start_within,
        stop_within: settings.stop_within,
        ..Timing::default()
    }
}
