//! What happens: changes of the ledger in their order, and how games, actors and channels come to stand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};
use wirereport_actors::supervision::{ChildStatus, Health, StatusTable};
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::post::ChannelName;

use super::super::problem::Problem;
use super::super::service::Service;
use super::super::views::{ChannelView, GameView};
use super::super::watching::shown_games;
use super::PORTION;
use super::event::Event;
use crate::ledger::sqlite::Stats;
use crate::telemetry::{LogLine, tail};

/// How long changes are collected before they are looked at: several commits are then one look.
const TOGETHER: Duration = Duration::from_millis(50);
/// How often what changes with time alone is looked at, such as quiet hours.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// An actor's phase or, where it runs and is not well, `degraded`; and why.
type ActorState = (&'static str, Option<String>);

/// Whoever gathers, with how everything stood when it was last looked at.
pub(super) struct Gatherer {
    service: Service,
    events: broadcast::Sender<Arc<Event>>,
    commits: watch::Receiver<Stats>,
    table: StatusTable,
    logs: broadcast::Receiver<Arc<LogLine>>,
    told: i64,
    games: BTreeMap<GameId, GameView>,
    actors: BTreeMap<String, ActorState>,
    channels: BTreeMap<ChannelName, ChannelView>,
    looks_again: Instant,
}

/// What woke it.
enum Woken {
    Committed,
    Actors(Vec<ChildStatus>),
    Logged(Arc<LogLine>),
    Time,
    Ended,
}

impl Gatherer {
    /// Looks at how everything stands.
    pub(super) async fn begin(
        service: Service,
        events: broadcast::Sender<Arc<Event>>,
    ) -> Result<Self, Problem> {
        let table = service.live()?.tree.root().table();
        let commits = service.ledger.commits();
        let mut gatherer = Self {
            commits,
            logs: tail(),
            told: service.ledger.newest_change().await?,
            games: BTreeMap::new(),
            actors: actors(&table.snapshot()),
            channels: BTreeMap::new(),
            looks_again: Instant::now() + LOOK_AGAIN,
            table,
            service,
            events,
        };
        gatherer.games = gatherer.look_at_games().await?;
        gatherer.channels = gatherer.look_at_channels().await?;
        Ok(gatherer)
    }

    /// Whether nobody listens.
    pub(super) fn is_alone(&self) -> bool {
        self.events.receiver_count() == 0
    }

    /// Waits for something to happen, and tells it; whether anything can still happen.
    pub(super) async fn gather(&mut self) -> bool {
        match self.woken().await {
            Woken::Committed => {
                sleep(TOGETHER).await;
                self.commits.mark_unchanged();
                self.tell_changes().await;
                self.tell_standings().await;
            }
            Woken::Actors(tree) => self.tell_actors(&tree),
            Woken::Logged(line) => self.tell_line(&line),
            Woken::Time => self.tell_standings().await,
            Woken::Ended => return false,
        }
        true
    }

    async fn woken(&mut self) -> Woken {
        let known = &self.actors;
        tokio::select! {
            changed = self.commits.changed() => match changed {
                Ok(()) => Woken::Committed,
                Err(_) => Woken::Ended,
            },
            tree = self.table.wait_until(|tree| actors(tree) != *known) => Woken::Actors(tree),
            line = self.logs.recv() => match line {
                Ok(line) => Woken::Logged(line),
                // Lines that are lost stand in the log itself.
                Err(RecvError::Lagged(_)) => Woken::Time,
                Err(RecvError::Closed) => Woken::Ended,
            },
            () = sleep_until(self.looks_again) => {
                self.looks_again = Instant::now() + LOOK_AGAIN;
                Woken::Time
            }
        }
    }

    fn tell(&self, event: Event) {
        // Nobody may be left.
        let _ = self.events.send(Arc::new(event));
    }

    fn tell_live(&self, kind: &str, what: &impl serde::Serialize) {
        self.tell(Event::live(kind, &serde_json::to_value(what).unwrap_or_default()));
    }

    async fn tell_changes(&mut self) {
        loop {
            let found = match self.service.ledger.changes_after(self.told, PORTION).await {
                Ok(found) => found,
                // It is looked at again with the next commit.
                Err(_) => return,
            };
            let whole = found.changes.len() < PORTION;
            for change in &found.changes {
                self.told = change.seq;
                self.tell(Event::of(change));
            }
            if whole {
                return;
            }
        }
    }

    async fn tell_standings(&mut self) {
        if let Ok(games) = self.look_at_games().await {
            for (id, game) in &games {
                let same =
                    |before: &GameView| GameView { updated_at: game.updated_at, ..before.clone() } == *game;
                if !self.games.get(id).is_some_and(same) {
                    self.tell_live("game.updated", game);
                }
            }
            self.games = games;
        }
        if let Ok(channels) = self.look_at_channels().await {
            for (name, channel) in &channels {
                let held =
                    |channel: &ChannelView| (channel.state.clone(), channel.why.clone(), channel.until);
                if self.channels.get(name).map(held) != Some(held(channel)) {
                    self.tell_live(&format!("channel.{}", channel.state), channel);
                }
            }
            self.channels = channels;
        }
    }

    fn tell_actors(&mut self, tree: &[ChildStatus]) {
        let now = actors(tree);
        for (path, state) in &now {
            if self.actors.get(path) != Some(state) {
                let (kind, reason) = state;
                self.tell_live(
                    &format!("actor.{kind}"),
                    &json!({ "actor": path, "state": kind, "reason": reason }),
                );
            }
        }
        self.actors = now;
    }

    fn tell_line(&self, line: &LogLine) {
        self.tell_live(&format!("log.{}", line.level), line);
    }

    async fn look_at_games(&self) -> Result<BTreeMap<GameId, GameView>, Problem> {
        let states = self.service.sport_states(None).await?;
        let games = states.iter().flat_map(|(sport, state)| shown_games(sport, state));
        Ok(games.map(|game| (game.id.clone(), game)).collect())
    }

    async fn look_at_channels(&self) -> Result<BTreeMap<ChannelName, ChannelView>, Problem> {
        let channels = self.service.channels().await?;
        Ok(channels.into_iter().map(|channel| (channel.name.clone(), channel)).collect())
    }
}

/// How every actor stands, by its path.
fn actors(tree: &[ChildStatus]) -> BTreeMap<String, ActorState> {
    let mut found = BTreeMap::new();
    collect("", tree, &mut found);
    found
}

fn collect(above: &str, tree: &[ChildStatus], found: &mut BTreeMap<String, ActorState>) {
    use wirereport_actors::supervision::Phase;
    for child in tree {
        let path = format!("{above}{}", child.name);
        collect(&format!("{path}/"), &child.children, found);
        let kind = match (child.phase, &child.health) {
            (Phase::Running, Health::Degraded { .. }) => "degraded",
            (Phase::Running, Health::Ok) => "running",
            (Phase::Starting, _) => "starting",
            (Phase::BackingOff, _) => "backing_off",
            (Phase::Restarting, _) => "restarting",
            (Phase::Paused, _) => "paused",
            (Phase::Stopping, _) => "stopping",
            (Phase::Stopped, _) => "stopped",
            (Phase::Failed, _) => "failed",
        };
        let reason = match (&child.health, child.phase) {
            (Health::Degraded { reason }, Phase::Running) => Some(reason.clone()),
            (_, Phase::BackingOff | Phase::Failed) => child.last_exit.as_ref().map(|exit| exit.text.clone()),
            _ => None,
        };
        found.insert(path, (kind, reason));
    }
}
