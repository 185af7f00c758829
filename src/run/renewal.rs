//! The adapters of accounts and webhooks that a reload makes anew: those whose secret or whose own settings are others.

use std::sync::Arc;

use wirereport_actors::ports::channel::Channel;
use wirereport_actors::wire::post::ChannelName;

use super::replaceable::Replaceable;
use super::wiring::{self, Channels, Making};
use crate::settings::secrets::Secrets;
use crate::settings::{ChannelSettings, Settings};

/// The channels of a running wire, and what their adapters are made with.
pub(super) struct Adapters {
    pub(super) channels: Channels,
    pub(super) making: Making,
}

/// Settings, and the secrets they name.
pub(super) struct With<'a> {
    pub(super) settings: &'a Settings,
    pub(super) secrets: &'a Secrets,
}

/// Adapters that are ready to be put in place.
#[derive(Default)]
pub(super) struct Renewal {
    adapters: Vec<(Arc<Replaceable>, Arc<dyn Channel>)>,
    /// The settings that name a secret which is another one now.
    pub(super) renewed: Vec<String>,
}

impl Adapters {
    /// Makes the adapters that are other ones with `new` settings and secrets than with `old` ones.
    pub(super) fn renew(&self, old: &With<'_>, new: &With<'_>) -> Result<Renewal, String> {
        let mut renewal = Renewal::default();
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
            renewal.adapters.push((Arc::clone(channel), adapter.map_err(|failure| failure.to_string())?));
            renewal.renewed.extend(renewed);
        }
        Ok(renewal)
    }
}

impl Renewal {
    /// Puts them in place.
    pub(super) fn take_effect(self) {
        self.adapters.into_iter().for_each(|(channel, adapter)| channel.replace(adapter));
    }
}

fn renewed(name: &ChannelName, settings: &ChannelSettings, old: &Secrets, new: &Secrets) -> Vec<String> {
    let secrets = settings.kind.secrets().into_iter();
    let others = secrets.filter(|secret| !new.has_the_same(secret.variable, old));
    others.map(|secret| format!("channels.{name}.{}", secret.key)).collect()
}
