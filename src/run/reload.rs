//! Reloading the settings and secrets: all is read, validated and made first; if anything is wrong, the old ones stay.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::tree::{Policy, Tree};

use super::renewal::{Adapters, With};
use super::{Given, wiring};
use crate::api::types::Reload;
use crate::ledger::SqliteLedger;
use crate::settings::{Leaf, Loaded, Settings, reload_diff};

/// Where channels that wait for the operator are had tried again.
pub(super) struct Halts {
    pub(super) ledger: Arc<SqliteLedger>,
    pub(super) tree: Arc<Tree>,
}

impl Halts {
    async fn try_again(&self, clock: &dyn Clock) {
        match self.ledger.try_again(None, clock.now()).await {
            Ok(()) => self.tree.nudge(),
            Err(error) => tracing::warn!(%error, "halted channels are tried again at their own times"),
        }
    }
}

/// What is in force, for whoever looks at it.
pub(super) struct InForce {
    /// What the tree goes by.
    pub(super) policy: watch::Sender<Arc<Policy>>,
    /// The settings and their places.
    pub(super) shown: watch::Sender<Arc<Loaded>>,
}

impl InForce {
    /// Puts new settings in force. What needs a restart keeps its value and its place until then.
    fn take_over(&self, given: &mut Given, new: Loaded, settings: &Settings, needs_restart: &[String]) {
        let waits = |key: &str| {
            needs_restart.iter().any(|waiting| {
                key == waiting || key.strip_prefix(waiting.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let old = given.loaded.origins.iter().filter(|leaf| waits(&leaf.key)).cloned();
        let mut origins: Vec<Leaf> =
            new.origins.into_iter().filter(|leaf| !waits(&leaf.key)).chain(old).collect();
        origins.sort_by(|a, b| a.key.cmp(&b.key));
        given.loaded = Loaded { settings: settings.clone(), file: new.file, origins };
        self.policy.send_replace(Arc::new(wiring::policy(settings)));
        self.shown.send_replace(Arc::new(given.loaded.clone()));
    }
}

/// Serves reloads, one after the other, for as long as anybody can ask for one.
pub(super) async fn serve(
    mut asked: mpsc::Receiver<oneshot::Sender<Reload>>,
    mut given: Given,
    in_force: InForce,
    adapters: Adapters,
    halts: Halts,
    clock: Arc<dyn Clock>,
) {
    let mut settings = given.loaded.settings.clone();
    while let Some(reply) = asked.recv().await {
        let reload = reload(&mut given, &mut settings, &in_force, &adapters, clock.as_ref());
        log(&reload);
        halts.try_again(clock.as_ref()).await;
        // Whoever asked may have gone.
        let _ = reply.send(reload);
    }
}

fn reload(
    given: &mut Given,
    settings: &mut Settings,
    in_force: &InForce,
    adapters: &Adapters,
    clock: &dyn Clock,
) -> Reload {
    let at = clock.now();
    let refused = |error| Reload { at, error: Some(error), changed: Vec::new(), needs_restart: Vec::new() };
    let (loaded, secrets) = match (given.read_again)() {
        Ok(read) => read,
        Err(error) => return refused(error),
    };
    let diff = reload_diff(settings, &loaded.settings);
    let new = settings.with_live_parts_of(&loaded.settings);
    let old = With { settings, secrets: &given.secrets };
    let renewal = match adapters.renew(&old, &With { settings: &new, secrets: &secrets }) {
        Ok(renewal) => renewal,
        Err(error) => return refused(error),
    };
    let mut changed = diff.changed_live;
    changed.extend(renewal.renewed.iter().filter(|key| !changed.contains(key)).cloned().collect::<Vec<_>>());
    renewal.take_effect();
    (*settings, given.secrets) = (new, secrets);
    in_force.take_over(given, loaded, settings, &diff.needs_restart);
    (given.set_log_level)(&settings.log.level);
    Reload { at, error: None, changed, needs_restart: diff.needs_restart }
}

fn log(reload: &Reload) {
    match &reload.error {
        Some(error) => tracing::error!(error, "settings not reloaded; the old ones stay"),
        None => tracing::info!(
            changed = reload.changed.join(", "),
            needs_restart = reload.needs_restart.join(", "),
            "settings reloaded"
        ),
    }
}
