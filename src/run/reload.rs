//! Reloading the settings and secrets: all is read, validated and made first; if anything is wrong, the old ones stay.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::supervision::{ChildStatus, Phase};
use wirereport_actors::tree::{Policy, Tree};

use super::renewal::{Adapters, With};
use super::{Given, wiring};
use crate::api::types::Reload;
use crate::ledger::SqliteLedger;
use crate::settings::{Leaf, Loaded, Settings, reload_diff};

/// Where what waits for the operator is had tried again.
pub(super) struct Again {
    pub(super) ledger: Arc<SqliteLedger>,
    pub(super) tree: Arc<Tree>,
}

impl Again {
    /// Has leagues ask a feed at once that is another one now: what they know of its failures is of the old one. Whoever an
    /// operator has paused stays so, and asks it when it is resumed.
    async fn ask(&self, sports: &[String]) {
        let actors = self.tree.root().status();
        let actors = actors.iter().find(|actor| actor.name == "sports");
        let paused = |sport: &str| {
            let of = |actor: &&ChildStatus| actor.name == sport;
            actors
                .and_then(|actors| actors.children.iter().find(of))
                .is_some_and(|it| it.phase == Phase::Paused)
        };
        for sport in sports.iter().filter(|sport| !paused(sport)) {
            if let Err(error) = self.tree.root().restart(&format!("sports/{sport}")).await {
                tracing::warn!(%error, sport, "the renewed feed is asked at its own time");
            }
        }
    }

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
    again: Again,
    clock: Arc<dyn Clock>,
) {
    let mut settings = given.loaded.settings.clone();
    while let Some(reply) = asked.recv().await {
        let (reload, sports) = reload(&mut given, &mut settings, &in_force, &adapters, clock.as_ref());
        log(&reload);
        again.ask(&sports).await;
        again.try_again(clock.as_ref()).await;
        // Whoever asked may have gone.
        let _ = reply.send(reload);
    }
}

/// What a reload came to, and the leagues whose feed is another one now.
fn reload(
    given: &mut Given,
    settings: &mut Settings,
    in_force: &InForce,
    adapters: &Adapters,
    clock: &dyn Clock,
) -> (Reload, Vec<String>) {
    let at = clock.now();
    let refused = |error| {
        (Reload { at, error: Some(error), changed: Vec::new(), needs_restart: Vec::new() }, Vec::new())
    };
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
    let sports = renewal.take_effect();
    (*settings, given.secrets) = (new, secrets);
    in_force.take_over(given, loaded, settings, &diff.needs_restart);
    (given.set_log_level)(&settings.log.level);
    (Reload { at, error: None, changed, needs_restart: diff.needs_restart }, sports)
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
