//! The adapters that a reload makes anew: of accounts, webhooks and the ways to the operator those whose secret or whose own
//! settings are others, and of a feed and of a model's server those whose key is another one.

use std::sync::Arc;

use secrecy::ExposeSecret;
use wirereport_actors::wire::post::ChannelName;

use super::feeds::{self, Paid};
use super::operator::Ways;
use super::wiring::{self, Channels, Making, Model};
use crate::ledger::SqliteLedger;
use crate::settings::secrets::Secrets;
use crate::settings::{ChannelSettings, FeedName, Settings};

/// The adapters of a running wire that can be replaced, and what they are made with.
pub(super) struct Adapters {
    pub(super) channels: Channels,
    pub(super) renewable: Renewable,
    pub(super) making: Making,
    pub(super) ledger: Arc<SqliteLedger>,
}

/// The adapters besides those of channels.
#[derive(Default)]
pub(super) struct Renewable {
    pub(super) feed: Paid,
    pub(super) writer: Model,
    /// `None` in a rehearsal and in a replay, of which nobody is told.
    pub(super) ways: Option<Ways>,
}

/// Settings, and the secrets they name.
pub(super) struct With<'a> {
    pub(super) settings: &'a Settings,
    pub(super) secrets: &'a Secrets,
}

/// Adapters that are ready to be put in place.
#[derive(Default)]
pub(super) struct Renewal<'a> {
    puts: Vec<Box<dyn FnOnce() + 'a>>,
    /// The settings that name a secret which is another one now.
    pub(super) renewed: Vec<String>,
    /// The leagues whose feed is to be another one.
    sports: Vec<String>,
}

impl Adapters {
    /// Makes the adapters that are other ones with `new` settings and secrets than with `old` ones.
    pub(super) fn renew(&self, old: &With<'_>, new: &With<'_>) -> Result<Renewal<'_>, String> {
        let mut renewal = Renewal::default();
        self.renew_channels(old, new, &mut renewal)?;
        self.renew_feed(old, new, &mut renewal)?;
        self.renew_writer(old, new, &mut renewal)?;
        self.renew_ways(old, new, &mut renewal)?;
        Ok(renewal)
    }

    fn renew_channels(&self, old: &With<'_>, new: &With<'_>, renewal: &mut Renewal) -> Result<(), String> {
        for (name, settings) in &new.settings.channels {
            let Some(channel) = self.channels.get(name).filter(|_| !settings.kind.is_local()) else {
                continue;
            };
            let renewed = renewed(name, settings, old.secrets, new.secrets);
            let same = old.settings.channels.get(name).is_some_and(|old| old.kind == settings.kind);
            if same && renewed.is_empty() {
                continue;
            }
            let adapter = wiring::account(name, settings, new.secrets, &self.making);
            let (channel, adapter) = (Arc::clone(channel), adapter.map_err(|failure| failure.to_string())?);
            renewal.puts.push(Box::new(move || channel.replace(adapter)));
            renewal.renewed.extend(renewed);
        }
        Ok(())
    }

    fn renew_feed(&self, old: &With<'_>, new: &With<'_>, renewal: &mut Renewal) -> Result<(), String> {
        let key = |with: &With<'_>| with.settings.feeds.api_sports.secret_env.clone();
        let Some(feed) = self.renewable.feed.clone().filter(|_| is_renewed(old, &key(old), new, &key(new)))
        else {
            return Ok(());
        };
        let adapter = feeds::api_sports(&new.settings.feeds.api_sports, new.secrets);
        let adapter = Arc::new(adapter.map_err(|error| error.to_string())?);
        renewal.puts.push(Box::new(move || feed.replace(adapter)));
        renewal.renewed.push("feeds.api_sports.secret_env".to_owned());
        let reads =
            new.settings.sports.iter().filter(|(_, sport)| sport.feed.0.contains(&FeedName::ApiSports));
        renewal.sports.extend(reads.map(|(key, _)| key.to_string()));
        Ok(())
    }

    fn renew_ways<'a>(
        &'a self,
        old: &With<'_>,
        new: &With<'_>,
        renewal: &mut Renewal<'a>,
    ) -> Result<(), String> {
        let Some(ways) = &self.renewable.ways else { return Ok(()) };
        let (was, is) = (&old.settings.alerts, &new.settings.alerts);
        let secrets = is.secrets().into_iter();
        let renewed: Vec<String> = secrets
            .filter(|(_, secret)| is_renewed(old, secret.variable, new, secret.variable))
            .map(|(key, _)| key)
            .collect();
        if was == is && renewed.is_empty() {
            return Ok(());
        }
        let desk_too =
            was.telegram != is.telegram || renewed.iter().any(|key| key.starts_with("alerts.telegram."));
        let made = ways.made_anew(new.settings, new.secrets).map_err(|failure| failure.to_string())?;
        renewal.puts.push(Box::new(move || ways.replace(made, desk_too)));
        renewal.renewed.extend(renewed);
        Ok(())
    }

    fn renew_writer(&self, old: &With<'_>, new: &With<'_>, renewal: &mut Renewal) -> Result<(), String> {
        let (Some(writer), Some(settings)) = (&self.renewable.writer, &new.settings.writers.openai) else {
            return Ok(());
        };
        if !settings.api_key_env.as_ref().is_some_and(|key| is_renewed(old, key, new, key)) {
            return Ok(());
        }
        let adapter = wiring::openai(settings, new.secrets, Arc::clone(&self.ledger) as _);
        let (writer, adapter) = (Arc::clone(writer), Arc::new(adapter.map_err(|error| error.to_string())?));
        renewal.puts.push(Box::new(move || writer.replace(adapter)));
        renewal.renewed.push("writers.openai.api_key_env".to_owned());
        Ok(())
    }
}

/// Whether a secret is there and is another one. One that new settings need no more stays in use until a restart.
fn is_renewed(old: &With<'_>, was: &str, new: &With<'_>, is: &str) -> bool {
    let value = |secrets: &Secrets, variable: &str| {
        secrets.get(variable).map(|secret| secret.expose_secret().to_owned())
    };
    value(new.secrets, is).is_some_and(|is| Some(is) != value(old.secrets, was))
}

impl Renewal<'_> {
    /// Puts them in place. Gives the leagues whose feed is another one now.
    pub(super) fn take_effect(self) -> Vec<String> {
        self.puts.into_iter().for_each(|put| put());
        self.sports
    }
}

fn renewed(name: &ChannelName, settings: &ChannelSettings, old: &Secrets, new: &Secrets) -> Vec<String> {
    let secrets = settings.kind.secrets().into_iter();
    let others = secrets.filter(|secret| !new.has_the_same(secret.variable, old));
    others.map(|secret| format!("channels.{name}.{}", secret.key)).collect()
}
