//! The settings as they are once they are read: every field has a value that can be used.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::schedule::budget::{Allowance, Window};
use wirereport_actors::wire::sport::SportKey;

use super::addresses;
use super::alerts::{self, AlertSettings};
use super::approval::{self, ApprovalSettings};
use super::channel::{self, ChannelSettings};
use super::duration;
use super::leagues;
use super::news::{self, NewsFeedSettings};
use super::ports::{self, ApiSettings, HealthSettings, HttpSettings};
use super::publishing::{self, PublishingSettings};
use super::reader::Section;
use super::secrets::{self, SecretSettings};
use super::sources::Env;
use super::sport::{self, FeedName, SportSettings};
use super::supervision::{self, SupervisionSettings};
use super::values;
use super::voice::{self, VoiceSettings};
use super::writers::{self, WriterSettings};
use crate::feeds::api_sports::{self, Gateway};
use crate::feeds::{espn, nhl, statsapi};

const SOCKET: &str = "wirereport.sock";
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);
const MOST_REQUESTS: i64 = 1_000_000;

/// The longest path that a unix socket can have on Linux, without its final zero.
const SOCKET_PATH_MAX: usize = 107;

/// Everything an operator can set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// What this installation is called (`WIREREPORT_ENV`), for logs and `status`.
    pub environment: Option<String>,
    /// Where the ledger, the socket and the feed files are.
    pub state_dir: PathBuf,
    /// How long history is kept.
    #[serde(with = "duration")]
    pub history: Duration,
    /// How long the audit log is kept.
    #[serde(with = "duration")]
    pub audit_history: Duration,
    /// How long an orderly stop may take.
    #[serde(with = "duration")]
    pub shutdown: Duration,
    /// The leagues that are watched.
    pub sports: BTreeMap<SportKey, SportSettings>,
    /// Where scores come from.
    pub feeds: FeedSettings,
    /// The feeds of news that are read beside the scores.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub news: BTreeMap<String, NewsFeedSettings>,
    /// The channels that are in use.
    pub channels: BTreeMap<ChannelName, ChannelSettings>,
    /// Which texts wait for an editor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub approval: BTreeMap<String, ApprovalSettings>,
    /// What texts are made of.
    pub templates: TemplateSettings,
    /// Who writes besides the templates.
    pub writers: WriterSettings,
    /// The published feeds over HTTP.
    pub http: HttpSettings,
    /// The API over HTTP.
    pub api: ApiSettings,
    /// Health over HTTP.
    pub health: HealthSettings,
    /// How the operator is told without asking.
    pub alerts: AlertSettings,
    /// Logs.
    pub log: LogSettings,
    /// How secrets are kept.
    pub secrets: SecretSettings,
    /// Restarts and time-outs of the tree.
    pub supervision: SupervisionSettings,
}

impl Settings {
    /// The ledger's file.
    pub fn ledger_path(&self) -> PathBuf {
        self.state_dir.join("ledger.db")
    }

    /// The socket that commands speak to.
    pub fn socket_path(&self) -> PathBuf {
        self.state_dir.join(SOCKET)
    }

    /// The folder of a `feed` channel's files.
    pub fn feed_dir(&self, channel: &ChannelName) -> PathBuf {
        self.state_dir.join("channels").join(&channel.0)
    }
}

/// Where scores come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedSettings {
    /// ESPN.
    pub espn: HostSettings,
    /// MLB's StatsAPI.
    pub statsapi: HostSettings,
    /// The NHL's own scores.
    pub nhl: HostSettings,
    /// API-Sports.
    pub api_sports: ApiSportsSettings,
}

/// How API-Sports is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiSportsSettings {
    /// Directly or through RapidAPI.
    pub gateway: Gateway,
    /// The variable that holds the key.
    pub secret_env: String,
    /// Where API-FOOTBALL's pages begin; `None` for where they usually do.
    pub football_url: Option<String>,
    /// Where API-NBA's pages begin.
    pub nba_url: Option<String>,
    /// Where API-AMERICAN-FOOTBALL's pages begin.
    pub american_football_url: Option<String>,
    /// How long a connection may take.
    #[serde(with = "duration")]
    pub connect_timeout: Duration,
    /// How long a whole answer may take.
    #[serde(with = "duration")]
    pub timeout: Duration,
    /// The largest answer that is read, in bytes after decompression.
    pub body_cap: u64,
}

impl FeedSettings {
    /// The hosts that are asked at the operator's pace, each with its feed's name.
    pub fn hosts(&self) -> [(FeedName, &HostSettings); 3] {
        [(FeedName::Espn, &self.espn), (FeedName::Statsapi, &self.statsapi), (FeedName::Nhl, &self.nhl)]
    }

    /// The same settings with how many requests may be made, and who asks, as in `new`.
    pub(super) fn with_live_parts_of(mut self, new: &Self) -> Self {
        let own = [&mut self.espn, &mut self.statsapi, &mut self.nhl];
        for (host, (_, new)) in own.into_iter().zip(new.hosts()) {
            host.requests_per_hour = new.requests_per_hour;
            host.requests_per_day = new.requests_per_day;
        }
        self.api_sports.secret_env.clone_from(&new.api_sports.secret_env);
        self
    }
}

/// How a feed's host is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostSettings {
    /// Where its pages begin.
    pub base_url: String,
    /// How long a connection may take.
    #[serde(with = "duration")]
    pub connect_timeout: Duration,
    /// How long a whole answer may take.
    #[serde(with = "duration")]
    pub timeout: Duration,
    /// The largest answer that is read, in bytes after decompression.
    pub body_cap: u64,
    /// The most requests of an hour, over all leagues; 0 for as many as the schedule wants.
    pub requests_per_hour: u32,
    /// The most requests of a UTC day, over all leagues; 0 for as many as the schedule wants.
    pub requests_per_day: u32,
}

impl HostSettings {
    /// The usual limits, at that address.
    pub fn at(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
            body_cap: 8 << 20,
            requests_per_hour: 0,
            requests_per_day: 0,
        }
    }

    /// How many requests may be made; `None` for as many as the schedule wants.
    pub fn allowance(&self) -> Option<Allowance> {
        let of = |requests, window| (requests > 0).then_some(Allowance { requests, window });
        of(self.requests_per_day, Window::Day).or(of(self.requests_per_hour, Window::Hour))
    }
}

/// What texts are made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TemplateSettings {
    /// The folder of the operator's own templates; `None` for the built-in ones.
    pub directory: Option<PathBuf>,
}

/// Logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogSettings {
    /// How a line looks.
    pub format: LogFormat,
    /// What is logged: a level, or directives of `tracing`'s `EnvFilter`.
    pub level: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

pub(super) fn read(section: &mut Section<'_>, env: &Env) -> Settings {
    let voice = section.section("voice", |section| voice::read(section, &VoiceSettings::default()));
    let publishing =
        section.section("publishing", |section| publishing::read(section, &PublishingSettings::default()));
    let sports = section.section("sports", sport::read);
    let mut settings = Settings {
        environment: env.given("WIREREPORT_ENV").map(str::to_owned),
        state_dir: state_dir(section, env),
        history: section.duration("history", (DAY, DAY * 3650), DAY * 30),
        audit_history: section.duration("audit_history", (DAY, DAY * 3650), DAY * 365),
        shutdown: section.duration("shutdown", (SECOND, SECOND * 3600), SECOND * 30),
        feeds: section.section("feeds", feeds),
        news: section.section("news", |section| news::read(section, &sports)),
        sports,
        channels: section.section("channels", |section| channel::read(section, &publishing, &voice)),
        approval: BTreeMap::new(),
        templates: TemplateSettings {
            directory: section.section("templates", |s| s.take("directory", values::optional_path, None)),
        },
        writers: section.section("writers", |section| writers::read(section, &publishing.time_zone)),
        http: section.section("http", ports::http),
        api: section.section("api", ports::api),
        health: section.section("health", ports::health),
        alerts: section.section("alerts", alerts::read),
        log: section.section("log", log),
        secrets: section.section("secrets", secrets::read),
        supervision: section.section("supervision", supervision::read),
    };
    settings.approval = section.section("approval", |section| approval::read(section, &settings.channels));
    ports::check(section, &settings.api, &settings.http);
    if settings.supervision.stop_within > settings.shutdown {
        section.conflict(
            &["shutdown", "supervision.stop_within"],
            "is shorter than `supervision.stop_within`; make it longer",
        );
    }
    if settings.sports.is_empty() && !section.failed() {
        section.conflict(&["sports"], "watches no league at all; name some in `sports.follow`");
    }
    if settings.channels.is_empty() && !section.failed() {
        section.conflict(
            &["channels"],
            "has no channel that is enabled; enable one, `channels.feed` for example",
        );
    }
    settings
}

pub(super) fn state_dir(section: &mut Section<'_>, env: &Env) -> PathBuf {
    let default = default_state_dir(env);
    let given = |node: &_| Ok(values::optional_path(node)?.or_else(|| default.clone()));
    let Some(path) = section.take("state_dir", given, default.clone()) else {
        section
            .missing("state_dir", "a folder, since none of STATE_DIRECTORY, XDG_STATE_HOME and HOME is set");
        return PathBuf::new();
    };
    if path.join(SOCKET).as_os_str().len() > SOCKET_PATH_MAX {
        let detail = format!(
            "is too long for the socket in it; use a path of at most {} bytes",
            SOCKET_PATH_MAX - SOCKET.len() - 1
        );
        section.conflict(&["state_dir"], detail);
    }
    path
}

/// `$STATE_DIRECTORY`, which systemd sets (the first of several), else `$XDG_STATE_HOME/wirereport`, else
/// `~/.local/state/wirereport`.
fn default_state_dir(env: &Env) -> Option<PathBuf> {
    let absolute = |name| env.given(name).map(Path::new).filter(|path| path.is_absolute());
    if let Some(directories) = env.given("STATE_DIRECTORY") {
        return directories.split(':').next().map(PathBuf::from);
    }
    absolute("XDG_STATE_HOME")
        .map(|path| path.join("wirereport"))
        .or_else(|| absolute("HOME").map(|path| path.join(".local/state/wirereport")))
}

fn feeds(section: &mut Section<'_>) -> FeedSettings {
    let mut at = |feed, base_url| section.section(feed, |section| host(section, HostSettings::at(base_url)));
    FeedSettings {
        espn: at("espn", espn::BASE_URL),
        statsapi: at("statsapi", statsapi::BASE_URL),
        nhl: at("nhl", nhl::BASE_URL),
        api_sports: section.section(api_sports::NAME, paid),
    }
}

fn paid(section: &mut Section<'_>) -> ApiSportsSettings {
    let default = HostSettings::at("");
    let settings = ApiSportsSettings {
        gateway: section.take("gateway", leagues::gateway, Gateway::Direct),
        secret_env: section.take("secret_env", values::variable_name, "RAPIDAPI_KEY".to_owned()),
        football_url: section.take("football_url", addresses::optional_url, None),
        nba_url: section.take("nba_url", addresses::optional_url, None),
        american_football_url: section.take("american_football_url", addresses::optional_url, None),
        connect_timeout: section.duration("connect_timeout", HOST_LIMITS, default.connect_timeout),
        timeout: section.duration("timeout", HOST_LIMITS, default.timeout),
        body_cap: section.take("body_cap", values::bytes, default.body_cap),
    };
    check_timeouts(section, settings.connect_timeout, settings.timeout);
    settings
}

/// How long an exchange with a feed's host may be allowed to take.
const HOST_LIMITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(120));

fn host(section: &mut Section<'_>, default: HostSettings) -> HostSettings {
    let settings = HostSettings {
        base_url: section.take("base_url", addresses::url, default.base_url),
        connect_timeout: section.duration("connect_timeout", HOST_LIMITS, default.connect_timeout),
        timeout: section.duration("timeout", HOST_LIMITS, default.timeout),
        body_cap: section.take("body_cap", values::bytes, default.body_cap),
        requests_per_hour: section.take(
            "requests_per_hour",
            values::count(0, MOST_REQUESTS),
            default.requests_per_hour,
        ),
        requests_per_day: section.take(
            "requests_per_day",
            values::count(0, MOST_REQUESTS),
            default.requests_per_day,
        ),
    };
    if settings.requests_per_hour > 0 && settings.requests_per_day > 0 {
        section.conflict(
            &["requests_per_hour", "requests_per_day"],
            "is set beside `requests_per_day`; set one of them",
        );
    }
    check_timeouts(section, settings.connect_timeout, settings.timeout);
    settings
}

fn check_timeouts(section: &mut Section<'_>, connect: Duration, total: Duration) {
    if connect > total {
        section.conflict(
            &["connect_timeout", "timeout"],
            "is longer than `timeout`; make it shorter, or `timeout` longer",
        );
    }
}

fn log(section: &mut Section<'_>) -> LogSettings {
    let default = LogSettings::default();
    LogSettings {
        format: section.take("format", values::log_format, default.format),
        level: section.take("level", values::log_level, default.level),
    }
}
