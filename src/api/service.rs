//! What the API answers from: the ledger always, the tree where the service is running.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, LedgerError};
use wirereport_actors::ports::writer::Writer;
use wirereport_actors::tree::{Policy, Tree};
use wirereport_actors::wire::expense::Account;

use super::auth::Tokens;
use super::latest::Latest;
use super::problem::Problem;
use super::stream::Hub;
use super::types::{Alerts, BackupRequest, Reload, Spending, Status, WriterStatus};
use crate::ledger::SqliteLedger;
use crate::settings::Loaded;

/// What the routes work on.
#[derive(Clone)]
pub struct Service {
    pub(super) ledger: Arc<SqliteLedger>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) running: Option<Running>,
    pub(super) switching: Arc<tokio::sync::Mutex<()>>,
    pub(super) hub: Arc<Hub>,
    pub(super) latest: Arc<Latest>,
}

/// What only the running service has.
#[derive(Clone)]
pub struct Running {
    /// The tree.
    pub tree: Arc<Tree>,
    /// Who writes in it, best first.
    pub writers: Vec<Arc<dyn Writer>>,
    /// The instance's name.
    pub instance: String,
    /// When it was started.
    pub started_at: Timestamp,
    /// Where reloads of the settings are asked for.
    pub reloads: Reloads,
    /// The tokens of the API; `None` where it is not on the network, as in a replay.
    pub tokens: Option<Arc<Tokens>>,
    /// The dashboard's address on this machine; `None` where it is not on the network.
    pub page: Option<String>,
    /// How long the audit log is kept.
    pub audit_history: Duration,
    /// What an operator may change while it runs, as it is in force.
    pub policy: watch::Receiver<Arc<Policy>>,
    /// The settings in force, with their places.
    pub settings: watch::Receiver<Arc<Loaded>>,
    /// The folder of logins.
    pub logins: PathBuf,
    /// Comes true when the wire has ended.
    pub ended: watch::Receiver<bool>,
}

/// Asks the service to read its settings again, and remembers what came of it.
#[derive(Clone)]
pub struct Reloads {
    ask: mpsc::Sender<oneshot::Sender<Reload>>,
    last: Arc<Mutex<Option<Reload>>>,
}

impl Reloads {
    /// The asking end, and the end on which the service hears of it.
    pub fn new() -> (Self, mpsc::Receiver<oneshot::Sender<Reload>>) {
        let (ask, asked) = mpsc::channel(1);
        (Self { ask, last: Arc::default() }, asked)
    }

    /// Has the settings read again; `None` if the service is on its way down.
    pub async fn reload(&self) -> Option<Reload> {
        let (reply, answer) = oneshot::channel();
        self.ask.send(reply).await.ok()?;
        let reload = answer.await.ok()?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(reload.clone());
        Some(reload)
    }

    fn last(&self) -> Option<Reload> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Service {
    /// Answers from the ledger alone: for reading while the service is not running.
    pub fn offline(ledger: Arc<SqliteLedger>, clock: Arc<dyn Clock>) -> Self {
        Self {
            ledger,
            clock,
            running: None,
            switching: Arc::default(),
            hub: Arc::default(),
            latest: Arc::default(),
        }
    }

    /// Answers for the running service.
    pub fn running(ledger: Arc<SqliteLedger>, clock: Arc<dyn Clock>, running: Running) -> Self {
        Self {
            ledger,
            clock,
            running: Some(running),
            switching: Arc::default(),
            hub: Arc::default(),
            latest: Arc::default(),
        }
    }

    pub(super) fn live(&self) -> Result<&Running, Problem> {
        self.running.as_ref().ok_or_else(Problem::not_running)
    }

    pub(super) async fn status(&self) -> Result<Status, Problem> {
        let running = self.live()?;
        let writers = self.writers(&running.writers).await?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            instance: running.instance.clone(),
            started_at: running.started_at,
            taken_at: self.clock.now(),
            epoch: running.tree.leadership().map(|leadership| leadership.epoch),
            switches: self.ledger.switches().await?,
            backlog: self.ledger.backlog().await?,
            last_reload: running.reloads.last(),
            tree: running.tree.root().status(),
            now: self.now(running, &writers).await?,
            writers,
            alerts: Alerts::from(&self.ledger.alerts().await?),
        })
    }

    async fn writers(&self, writers: &[Arc<dyn Writer>]) -> Result<Vec<WriterStatus>, Problem> {
        let refusals = self.ledger.refusals().await?;
        let mut standing = Vec::new();
        for writer in writers {
            let own = refusals.iter().filter(|refusals| refusals.writer == writer.name());
            standing.push(WriterStatus {
                name: writer.name().to_owned(),
                standing: writer.standing(),
                spending: match writer.account() {
                    Some(account) => Some(self.spending(&account).await?),
                    None => None,
                },
                refused: own.map(|refusals| (refusals.code.clone(), refusals.texts)).collect(),
            });
        }
        Ok(standing)
    }

    async fn spending(&self, account: &Account) -> Result<Spending, Problem> {
        let periods = account.periods(self.clock.now());
        let expenses = self.ledger.expenses(&account.payee, &periods).await?;
        Ok(Spending { expenses, caps: account.caps })
    }

    pub(super) async fn backup(&self, request: &BackupRequest) -> Result<(), Problem> {
        let (path, shown) = (&request.path, request.path.display());
        if !path.is_absolute() {
            return Err(Problem::bad_request(format!("{shown} is not an absolute path")));
        }
        if path.is_dir() {
            return Err(Problem::bad_request(format!("{shown} is a directory; name a file in it")));
        }
        if !path.parent().is_some_and(Path::is_dir) {
            return Err(Problem::bad_request(format!("{shown} is in no directory; make that first")));
        }
        if path.exists() && !request.replace {
            let detail = format!("{shown} is already there; name another file, or give --replace");
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        }
        self.ledger.backup_to(path).await.map_err(|error| match error {
            // The ledger was read; what cannot be written is the place that was named.
            LedgerError::Unavailable { detail } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
            other => other.into(),
        })
    }

    pub(super) async fn reload(&self) -> Result<Reload, Problem> {
        self.live()?.reloads.reload().await.ok_or_else(Problem::not_running)
    }

    pub(super) fn nudge(&self) {
        if let Some(running) = &self.running {
            running.tree.nudge();
        }
    }
}
