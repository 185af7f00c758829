//! `wirereport run`: the service, live or from a recording.
//!
//! A live run and a replay differ in four things: where the sports come from, whose clock it is, where state is kept,
//! and that a replay opens no port and ends by itself. All the rest is the same wire.

mod dry_run;
pub(crate) mod feeds;
mod health;
mod instance;
mod live;
mod notify;
mod operator;
mod paused;
pub(crate) mod platforms;
mod ports;
mod reload;
mod renewal;
mod replaceable;
mod replay;
mod signals;
pub(crate) mod wiring;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::supervision::Ended;
use wirereport_actors::tree::{NewsFeed, Policy, Tree, TreeSpec, World};

use self::health::{Probes, Readiness};
use crate::api::auth::{Gate, Tokens};
use crate::api::service::{Reloads, Running};
use crate::api::{Service, network, router, server, socket};
use crate::cli::{Exit, Failure};
use crate::clock::SystemClock;
#[cfg(debug_assertions)]
use crate::crash::Crash;
use crate::lease::LedgerLease;
use crate::ledger::SqliteLedger;
use crate::operator::telegram::{Desk, Staff};
use crate::settings::secrets::{Secrets, SigningKeys};
use crate::settings::{Loaded, Settings};

pub(crate) use instance::{Busy, Instance};
pub(crate) use live::run as live;
pub(crate) use replay::{Replaying, run as replay};

/// The ledger's file in a state directory.
pub(crate) const LEDGER: &str = "ledger.db";

/// The folder of a state directory in which channels keep what they need to know again.
pub(crate) const NOTES: &str = "channels";

/// The folder of the settings' state directory in which logins of accounts are kept. A replay and a rehearsal have
/// the same ones, since a login is the account's.
pub(crate) const LOGINS: &str = "logins";

/// What both kinds of run are given.
pub(crate) struct Given {
    /// The settings, with the state directory that holds.
    pub(crate) loaded: Loaded,
    /// Reads the settings and the secrets they name again, for reloads.
    pub(crate) read_again: Box<dyn Fn() -> Result<(Loaded, Secrets), String> + Send>,
    /// Changes what is logged, for reloads.
    pub(crate) set_log_level: Box<dyn Fn(&str) + Send>,
    /// The channels' secrets.
    pub(crate) secrets: Secrets,
    /// What the API's tokens are signed with, where the environment says so.
    pub(crate) signing: Option<SigningKeys>,
    /// Everything but the sends.
    pub(crate) dry_run: bool,
    /// Where a process under test ends.
    #[cfg(debug_assertions)]
    pub(crate) crash: Crash,
}

impl Given {
    /// Where this run keeps its books. A rehearsal has its own: what it would have sent must not count as sent.
    fn state_dir(&self) -> PathBuf {
        let dir = &self.loaded.settings.state_dir;
        if self.dry_run { dir.join("dry-run") } else { dir.clone() }
    }

    /// How this run makes adapters, which keeps its books there.
    fn making(&self, state_dir: &Path) -> wiring::Making {
        wiring::Making {
            notes: state_dir.join(NOTES),
            logins: self.loaded.settings.state_dir.join(LOGINS),
            dry_run: self.dry_run,
            #[cfg(debug_assertions)]
            crash: self.crash.clone(),
        }
    }
}

/// What the two kinds of run put into a wire.
struct Parts {
    state_dir: PathBuf,
    instance: Instance,
    ledger: Arc<SqliteLedger>,
    clock: Arc<dyn Clock>,
    sports: feeds::Sports,
    news: Vec<NewsFeed>,
    writers: wiring::Writers,
    channels: wiring::Channels,
    /// What a reload may make anew besides channels.
    renewable: renewal::Renewable,
    policy: Policy,
    /// The dashboard's address on this machine.
    page: Option<String>,
    given: Given,
}

/// A wire that is up: its tree, its ledger, its socket.
struct Wire {
    tree: Arc<Tree>,
    service: Service,
    /// What stands before the API on the network; `None` where there are no tokens, as in a replay.
    gate: Option<Arc<Gate>>,
    servers: JoinSet<()>,
    stopped: watch::Receiver<bool>,
    ended: watch::Sender<bool>,
    readiness: Readiness,
    probes: Probes,
    socket: PathBuf,
    /// Held as long as anything may write to the state directory.
    _instance: Instance,
}

/// Opens the ledger of a state directory.
pub(crate) async fn open_ledger(state_dir: &Path) -> Result<Arc<SqliteLedger>, Failure> {
    let file = state_dir.join(LEDGER);
    let opened = tokio::task::spawn_blocking(move || SqliteLedger::open(file)).await;
    let ledger = opened.map_err(Failure::failed)?.map_err(|error| match error.fault() {
        Fault::Misconfigured => Failure::configuration(error),
        // A full disk may have room again by the next try of a service manager.
        Fault::Transient { .. } | Fault::Permanent => Failure::failed(error),
    })?;
    Ok(Arc::new(ledger))
}

impl Wire {
    /// Starts the tree and answers on the socket.
    async fn start(parts: Parts) -> Result<Self, Failure> {
        let Parts {
            state_dir,
            instance,
            ledger,
            clock,
            sports,
            news,
            writers,
            channels,
            renewable,
            policy,
            page,
            given,
        } = parts;
        let settings = &given.loaded.settings;
        let name = instance_name(settings);
        let ledger_port: Arc<dyn Ledger> = Arc::clone(&ledger) as _;
        #[cfg(debug_assertions)]
        let ledger_port = given.crash.before_ledger(ledger_port);
        let lease = LedgerLease::new(Arc::clone(&ledger_port), &state_dir, name.clone());
        let (lease, pauses) = paused::LeaseAfterPauses::of(lease);
        let policy = watch::Sender::new(Arc::new(policy));
        let known_writers = writers.clone();
        let spec = TreeSpec {
            world: World {
                clock: Arc::clone(&clock),
                ledger: ledger_port,
                lease: Arc::new(lease),
                sports,
                news,
                writers,
                channels: wiring::ports(&channels),
                operator: renewable.ways.as_ref().map(operator::Ways::told),
            },
            policy: policy.subscribe(),
            timing: wiring::timing(&settings.supervision),
            restarts: wiring::restarts(&settings.supervision),
            instance: Some(name.clone()),
            seed: fastrand::u64(..),
        };
        // Whoever starts the wire anew may have renewed credentials before.
        if let Err(error) = ledger.try_again(None, clock.now()).await {
            tracing::warn!(%error, "halted channels are tried again at their own times");
        }
        let tree = Arc::new(Tree::start(spec).await.map_err(Failure::failed)?);
        pauses.restore(tree.root(), ledger.as_ref()).await?;

        let tokens = match &given.signing {
            Some(keys) => {
                Some(Arc::new(Tokens::load(keys, Arc::clone(&ledger)).await.map_err(Failure::failed)?))
            }
            None => None,
        };
        let audit_history = settings.audit_history;
        let (reloads, asked) = Reloads::new();
        let stopped = signals::listen(reloads.clone(), Arc::clone(&ledger)).map_err(Failure::failed)?;
        let (policy_in_force, logins) = (policy.subscribe(), given.loaded.settings.state_dir.join(LOGINS));
        let shown = watch::Sender::new(Arc::new(given.loaded.clone()));
        let settings_in_force = shown.subscribe();
        let making = given.making(&state_dir);
        let adapters = renewal::Adapters { channels, renewable, making, ledger: Arc::clone(&ledger) };
        let again = reload::Again { ledger: Arc::clone(&ledger), tree: Arc::clone(&tree) };
        tokio::spawn(reload::serve(asked, given, reload::InForce { policy, shown }, adapters, again, clock));
        let gate = tokens.as_ref().map(|tokens| {
            let clock = Arc::new(SystemClock);
            Arc::new(Gate::new(Arc::clone(tokens), Arc::clone(&ledger), clock, audit_history))
        });
        let ended = watch::Sender::new(false);
        let running = Running {
            tree: Arc::clone(&tree),
            writers: known_writers,
            instance: name,
            started_at: SystemClock.now(),
            reloads,
            tokens,
            page,
            audit_history,
            policy: policy_in_force,
            settings: settings_in_force,
            logins,
            ended: ended.subscribe(),
        };
        let service = Service::running(ledger, Arc::new(SystemClock), running);
        let readiness = Readiness::default();
        let probes = Probes::new(tree.root().pulse(), readiness.clone());
        let socket = socket::path(&state_dir);
        serve_socket(&socket, router(service.clone()).merge(probes.clone().router()), &ended)?;
        let servers = JoinSet::new();
        Ok(Self {
            tree,
            service,
            gate,
            servers,
            stopped,
            ended,
            readiness,
            probes,
            socket,
            _instance: instance,
        })
    }

    /// The API as the network sees it; `None` where nobody could be let in.
    fn api(&self, prefix: &str) -> Option<Router> {
        let gate = Arc::clone(self.gate.as_ref()?);
        Some(network(router(self.service.clone()), gate, prefix))
    }

    /// Serves a port until the wire has ended.
    fn serve(&mut self, listener: TcpListener, router: Router) {
        let mut ended = self.ended.subscribe();
        self.servers.spawn(server::serve(listener, router, async move {
            let _ = ended.wait_for(|ended| *ended).await;
        }));
    }

    /// Has the operator's desk served until the wire has ended.
    fn tend(
        &mut self,
        staff: watch::Receiver<Option<Staff>>,
        desk: impl Fn(Staff) -> Desk + Send + Sync + 'static,
    ) {
        let mut ended = self.ended.subscribe();
        self.servers.spawn(async move {
            tokio::select! {
                () = operator::tend(staff, desk) => {}
                _ = ended.wait_for(|ended| *ended) => {}
            }
        });
    }

    /// Runs until it is told to stop, or the root gives up, or `done` comes to its end; then drains.
    async fn finish(mut self, done: impl Future<Output = ()>, drain_within: Duration) -> Result<(), Failure> {
        let mut stopped = self.stopped.clone();
        let ended = tokio::select! {
            ended = self.tree.root().terminated() => ended,
            _ = stopped.wait_for(|stopped| *stopped) => self.drain(drain_within).await,
            () = done => self.drain(drain_within).await,
        };
        self.ended.send_replace(true);
        while self.servers.join_next().await.is_some() {}
        // One that stays behind is replaced by the next run.
        let _ = std::fs::remove_file(&self.socket);
        verdict(ended)
    }

    /// Stops polling, lets what is armed come to its end, releases the lease: the tree's own order of stops.
    async fn drain(&self, within: Duration) -> Ended {
        self.readiness.draining();
        notify::stopping();
        self.tree.root().stop(within).await
    }
}

fn verdict(ended: Ended) -> Result<(), Failure> {
    match ended {
        Ended::Stopped => {
            tracing::info!("stopped");
            Ok(())
        }
        Ended::GaveUp { reason } => Err(Failure::new(
            Exit::GaveUp,
            format_args!("gave up: {reason}; what was under way is reconciled at the next start"),
        )),
    }
}

fn serve_socket(path: &Path, router: Router, ended: &watch::Sender<bool>) -> Result<(), Failure> {
    let listener = socket::bind(path).map_err(|error| {
        Failure::configuration(format_args!("cannot make the socket {}: {error}", path.display()))
    })?;
    let mut ended = ended.subscribe();
    tokio::spawn(async move {
        let until = async move {
            // A sender that is gone has ended too.
            let _ = ended.wait_for(|ended| *ended).await;
        };
        if let Err(error) = socket::serve(listener, router, until).await {
            tracing::error!(%error, "the socket is not served any more");
        }
    });
    Ok(())
}

fn instance_name(settings: &Settings) -> String {
    let place = settings.environment.as_deref().unwrap_or("wirereport");
    format!("{place}-{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_that_gave_up_ends_the_process_with_a_code_of_its_own() {
        assert_eq!(verdict(Ended::Stopped), Ok(()));
        let failure = verdict(Ended::GaveUp { reason: "6 restarts within 60s".to_owned() }).unwrap_err();
        assert_eq!(failure.exit, Exit::GaveUp);
        assert_eq!(failure.exit as u8, 70);
        assert!(failure.message.starts_with("gave up: 6 restarts within 60s; "), "{failure}");
    }
}
