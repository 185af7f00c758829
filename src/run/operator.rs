//! From settings to the operator: the ways on which he is told, and the desk at which he is heard. A reload may change both.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use wirereport_actors::ports::alarm::{Alarm, DeadMan};
use wirereport_actors::tree::Operator;

use super::platforms;
use crate::cli::Failure;
use crate::operator::telegram::{Bot, Desk, Staff, TelegramAlarm};
use crate::operator::{HttpDeadMan, StateDisk, WebhookAlarm};
use crate::settings::Settings;
use crate::settings::secrets::Secrets;

/// How long nobody is at a desk whose server ended.
const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// The ways to the operator, as whoever uses them follows them.
pub(super) struct Ways {
    told: watch::Sender<Operator>,
    staff: watch::Sender<Option<Staff>>,
    state_dir: PathBuf,
}

/// Ways that are ready to be put in place.
pub(super) struct NewWays {
    told: Operator,
    staff: Option<Staff>,
}

impl Ways {
    /// Those of the settings.
    pub(super) fn open(settings: &Settings, secrets: &Secrets, state_dir: &Path) -> Result<Self, Failure> {
        let NewWays { told, staff } = NewWays::of(settings, secrets, state_dir)?;
        let (told, staff) = (watch::Sender::new(told), watch::Sender::new(staff));
        Ok(Self { told, staff, state_dir: state_dir.to_owned() })
    }

    /// How he is told, changing with every reload that changes it.
    pub(super) fn told(&self) -> watch::Receiver<Operator> {
        self.told.subscribe()
    }

    /// Who is at the desk, changing in the same way.
    pub(super) fn staff(&self) -> watch::Receiver<Option<Staff>> {
        self.staff.subscribe()
    }

    /// Makes those of other settings.
    pub(super) fn made_anew(&self, settings: &Settings, secrets: &Secrets) -> Result<NewWays, Failure> {
        NewWays::of(settings, secrets, &self.state_dir)
    }

    /// Puts others in place, those of the desk only where they are others.
    pub(super) fn replace(&self, new: NewWays, desk_too: bool) {
        self.told.send_replace(new.told);
        if desk_too {
            self.staff.send_replace(new.staff);
        }
    }
}

impl NewWays {
    fn of(settings: &Settings, secrets: &Secrets, state_dir: &Path) -> Result<Self, Failure> {
        let alerts = &settings.alerts;
        let instance = instance(settings);
        let secret = |variable: &str| platforms::secret(secrets, variable).map_err(|error| wrong(&error));
        let mut alarms: Vec<Arc<dyn Alarm>> = Vec::new();
        if let Some(url) = &alerts.webhook_url_env {
            let (url, key) = (secret(url)?, secret(&alerts.webhook_secret_env)?);
            alarms.push(Arc::new(WebhookAlarm::new(&url, &key, &instance).map_err(|error| wrong(&error))?));
        }
        let mut staff = None;
        if let Some(telegram) = &alerts.telegram {
            let bot =
                Bot::new(&telegram.api_url, secret(&telegram.token_env)?).map_err(|error| wrong(&error))?;
            let chat = |chat: &String| Arc::new(TelegramAlarm::new(bot.clone(), chat, &instance)) as _;
            alarms.extend(telegram.chats.iter().map(chat));
            let (chats, users) = (telegram.chats.clone(), telegram.users.clone());
            staff = (!users.is_empty()).then_some(Staff { bot, chats, users });
        }
        let dead_man = match &alerts.dead_man_url_env {
            Some(url) => {
                let dead_man = HttpDeadMan::new(&secret(url)?, alerts.dead_man_every);
                Some(Arc::new(dead_man.map_err(|error| wrong(&error))?) as Arc<dyn DeadMan>)
            }
            None => None,
        };
        let disk = Some(Arc::new(StateDisk::of(state_dir)) as _);
        Ok(Self {
            told: Operator { every: alerts.every, rules: alerts.rules(), alarms, dead_man, disk },
            staff,
        })
    }
}

/// What this installation is called where the operator is told of it.
pub(super) fn instance(settings: &Settings) -> String {
    settings.environment.clone().unwrap_or_else(|| "wirereport".to_owned())
}

fn wrong(error: &dyn std::fmt::Display) -> Failure {
    Failure::configuration(format_args!("alerts: {error}"))
}

/// Has whoever is on duty serve the desk, for as long as the wire runs; `desk` is the desk of somebody. It is no part of the
/// tree: it only speaks to the API, and one that panics is begun anew after a while.
pub(super) async fn tend(mut staff: watch::Receiver<Option<Staff>>, desk: impl Fn(Staff) -> Desk) {
    loop {
        let Some(on_duty) = staff.borrow_and_update().clone() else {
            changed(staff.clone()).await;
            continue;
        };
        let mut served = JoinSet::new();
        served.spawn(desk(on_duty).serve(changed(staff.clone())));
        if let Some(Err(error)) = served.join_next().await {
            tracing::error!(%error, "orders from Telegram are not heard for a while");
        }
        if !staff.has_changed().unwrap_or_default() {
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
}

/// Waits for a change of the staff, of which there is none any more once nobody can ask for a reload.
async fn changed(mut staff: watch::Receiver<Option<Staff>>) {
    if staff.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
