//! Where stories are told, and which.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Serialize, Serializer};
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::rules::{ChannelRules, TeamName};
use wirereport_actors::wire::sport::SportKey;

use super::platform::{
    self, BlueskySettings, DiscordSettings, IncomingWebhookSettings, MastodonSettings, SecretName,
    TelegramSettings, Trying,
};
use super::publishing::{self, PublishingSettings};
use super::reader::Section;
use super::sport::Kinds;
use super::voice::{self, VoiceSettings};
use super::webhook::{self, WebhookSettings};
use super::x::{self, XSettings};
use super::{addresses, leagues, teams, values};

/// The channels that are in use when nothing is set. A channel of that name needs no `kind`.
const BUILT_IN: [(&str, Kind); 2] = [("feed", Kind::Feed), ("terminal", Kind::Terminal)];

/// One channel that is in use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelSettings {
    /// What it is.
    #[serde(flatten)]
    pub kind: ChannelKind,
    /// What is told there.
    #[serde(flatten)]
    pub filter: ChannelFilter,
    /// How it speaks.
    #[serde(flatten)]
    pub voice: VoiceSettings,
    /// How much, when, and at what price.
    #[serde(flatten)]
    pub publishing: PublishingSettings,
}

/// What a channel is, with what only that kind has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChannelKind {
    /// Feed files on disk.
    Feed(FeedChannelSettings),
    /// A signed HTTP request to somebody's server.
    Webhook(WebhookSettings),
    /// A bot's channel or group on Telegram.
    Telegram(TelegramSettings),
    /// An account on X.
    X(XSettings),
    /// An account on Bluesky.
    Bluesky(BlueskySettings),
    /// An account on a Mastodon server.
    Mastodon(MastodonSettings),
    /// A bot in a channel of Discord's.
    Discord(DiscordSettings),
    /// An incoming webhook of Discord's.
    DiscordWebhook(IncomingWebhookSettings),
    /// An incoming webhook of Slack's.
    Slack(IncomingWebhookSettings),
    /// Standard output.
    Terminal,
}

impl ChannelKind {
    /// The kind as it stands in settings.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Feed(_) => "feed",
            Self::Webhook(_) => "webhook",
            Self::Telegram(_) => "telegram",
            Self::X(_) => "x",
            Self::Bluesky(_) => "bluesky",
            Self::Mastodon(_) => "mastodon",
            Self::Discord(_) => "discord",
            Self::DiscordWebhook(_) => "discord_webhook",
            Self::Slack(_) => "slack",
            Self::Terminal => "terminal",
        }
    }

    /// The secrets it needs.
    pub fn secrets(&self) -> Vec<SecretName<'_>> {
        match self {
            Self::Feed(_) | Self::Terminal => Vec::new(),
            Self::Webhook(webhook) => webhook.secrets(),
            Self::Telegram(telegram) => telegram.secrets(),
            Self::X(x) => x.secrets(),
            Self::Bluesky(bluesky) => bluesky.secrets(),
            Self::Mastodon(mastodon) => mastodon.secrets(),
            Self::Discord(discord) => discord.secrets(),
            Self::DiscordWebhook(webhook) => webhook.secrets(platform::DISCORD_URL),
            Self::Slack(webhook) => webhook.secrets(platform::SLACK_URL),
        }
    }

    /// How often a post is tried, where that can be set.
    pub fn attempts(&self) -> Option<u32> {
        match self {
            Self::Webhook(webhook) => Some(webhook.attempts),
            other => other.trying().map(|trying| trying.attempts),
        }
    }

    /// For how long it is asked what became of an attempt, where it can be asked.
    pub fn read_back_for(&self) -> Option<Duration> {
        match self {
            Self::Telegram(telegram) => Some(telegram.read_back.within),
            Self::X(x) => Some(x.read_back.within),
            Self::Bluesky(bluesky) => Some(bluesky.read_back.within),
            Self::Mastodon(mastodon) => Some(mastodon.read_back.within),
            Self::Discord(discord) => Some(discord.read_back.within),
            _ => None,
        }
    }

    /// How posts are tried on a platform.
    fn trying(&self) -> Option<&Trying> {
        match self {
            Self::Feed(_) | Self::Terminal | Self::Webhook(_) => None,
            Self::Telegram(telegram) => Some(&telegram.trying),
            Self::X(x) => Some(&x.trying),
            Self::Bluesky(bluesky) => Some(&bluesky.trying),
            Self::Mastodon(mastodon) => Some(&mastodon.trying),
            Self::Discord(discord) => Some(&discord.trying),
            Self::DiscordWebhook(webhook) | Self::Slack(webhook) => Some(&webhook.trying),
        }
    }

    /// Whether its readers are on this machine.
    pub fn is_local(&self) -> bool {
        matches!(self, Self::Feed(_) | Self::Terminal)
    }
}

/// Feed files on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedChannelSettings {
    /// The feed's title.
    pub title: String,
    /// The site the feed belongs to.
    pub home_page_url: Option<String>,
    /// How many of the newest entries the files hold.
    pub items: u32,
}

impl Default for FeedChannelSettings {
    fn default() -> Self {
        Self { title: "wirereport".to_owned(), home_page_url: None, items: 100 }
    }
}

/// What is told on a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelFilter {
    /// The leagues.
    pub sports: Leagues,
    /// The teams.
    pub teams: Teams,
    /// The kinds.
    pub kinds: Kinds,
    /// The least significance, 0 to 1.
    pub min_significance: f64,
}

impl Default for ChannelFilter {
    fn default() -> Self {
        Self { sports: Leagues::All, teams: Teams(None), kinds: Kinds::all(), min_significance: 0.0 }
    }
}

impl ChannelFilter {
    /// The rules that the generator uses.
    pub fn rules(&self) -> ChannelRules {
        let sports = match &self.sports {
            Leagues::All => None,
            Leagues::Only(keys) => Some(keys.clone()),
        };
        ChannelRules {
            sports,
            teams: self.teams.0.clone(),
            kinds: self.kinds.0.clone(),
            min_significance: self.min_significance,
            ..ChannelRules::default()
        }
    }
}

/// Teams a channel tells of; `None` for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teams(pub Option<Vec<TeamName>>);

impl Serialize for Teams {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            None => serializer.serialize_str("all"),
            Some(teams) => serializer.collect_seq(teams.iter().map(ToString::to_string)),
        }
    }
}

/// Leagues a channel tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leagues {
    /// All that are watched.
    All,
    /// These.
    Only(BTreeSet<SportKey>),
}

impl Serialize for Leagues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Only(keys) => keys.serialize(serializer),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Feed,
    Webhook,
    Telegram,
    X,
    Bluesky,
    Mastodon,
    Discord,
    DiscordWebhook,
    Slack,
    Terminal,
}

const KINDS: &[(&str, Kind)] = &[
    ("feed", Kind::Feed),
    ("webhook", Kind::Webhook),
    ("telegram", Kind::Telegram),
    ("x", Kind::X),
    ("bluesky", Kind::Bluesky),
    ("mastodon", Kind::Mastodon),
    ("discord", Kind::Discord),
    ("discord_webhook", Kind::DiscordWebhook),
    ("slack", Kind::Slack),
    ("terminal", Kind::Terminal),
];

pub(super) fn read(
    section: &mut Section<'_>,
    shared: &PublishingSettings,
    voice: &VoiceSettings,
) -> BTreeMap<ChannelName, ChannelSettings> {
    let built_in = BUILT_IN.map(|(name, _)| name);
    let mut names = section
        .tables(built_in.map(str::to_owned), |spelled| Some(spelled.to_ascii_lowercase().replace('_', "-")));
    names.extend(built_in.map(str::to_owned));
    let mut channels = BTreeMap::new();
    for name in names {
        if !is_name(&name) {
            let advice =
                "name the channel in small letters, digits and dashes, beginning with a letter".to_owned();
            section.refuse_table(&name, advice);
            continue;
        }
        if let Some(channel) = section.section(&name, |section| one(section, &name, shared, voice)) {
            channels.insert(ChannelName(name), channel);
        }
    }
    channels
}

pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn one(
    section: &mut Section<'_>,
    name: &str,
    shared: &PublishingSettings,
    voice: &VoiceSettings,
) -> Option<ChannelSettings> {
    let enabled = section.take("enabled", values::boolean, true);
    let kind = match BUILT_IN.into_iter().find(|(built_in, _)| *built_in == name) {
        Some((_, default)) => Some(section.take("kind", values::one_of(KINDS), default)),
        None => {
            section.require("kind", "what it is, such as \"webhook\" or \"telegram\"", values::one_of(KINDS))
        }
    };
    let Some(kind) = kind else {
        section.skip();
        return None;
    };
    let kind = match kind {
        Kind::Feed => Some(ChannelKind::Feed(feed(section))),
        Kind::Webhook => webhook::read(section).map(ChannelKind::Webhook),
        Kind::Telegram => platform::telegram(section).map(ChannelKind::Telegram),
        Kind::X => Some(ChannelKind::X(x::read(section, name))),
        Kind::Bluesky => platform::bluesky(section).map(ChannelKind::Bluesky),
        Kind::Mastodon => platform::mastodon(section).map(ChannelKind::Mastodon),
        Kind::Discord => platform::discord(section).map(ChannelKind::Discord),
        Kind::DiscordWebhook => Some(ChannelKind::DiscordWebhook(platform::discord_webhook(section))),
        Kind::Slack => Some(ChannelKind::Slack(platform::slack(section))),
        Kind::Terminal => Some(ChannelKind::Terminal),
    };
    let default = ChannelFilter::default();
    let filter = ChannelFilter {
        sports: section.take("sports", leagues::leagues, default.sports),
        teams: section.take("teams", leagues::teams, default.teams),
        kinds: section.take("kinds", leagues::kinds, default.kinds),
        min_significance: section.take("min_significance", values::fraction, default.min_significance),
    };
    if let Some(detail) = teams::unheard_of(&filter) {
        section.conflict(&["teams"], detail);
    }
    section.inherit();
    let voice = voice::read(section, voice);
    let kind = kind?;
    let publishing = publishing::read(section, &shared.for_kind(kind.as_str()));
    if publishing.digest && !voice.language.is_english() {
        section.conflict(
            &["language", "digest"],
            "is another language than English, in which there are no digests; set `digest = false` for this channel",
        );
    }
    Some(ChannelSettings { kind, filter, voice, publishing }).filter(|_| enabled)
}

fn feed(section: &mut Section<'_>) -> FeedChannelSettings {
    let default = FeedChannelSettings::default();
    FeedChannelSettings {
        title: section.take("title", values::text, default.title),
        home_page_url: section.take("home_page_url", addresses::optional_url, default.home_page_url),
        items: section.take("items", values::count(1, 10_000), default.items),
    }
}
