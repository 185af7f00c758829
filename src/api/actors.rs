//! Actors and switches: which actor an operator means, and what is switched off and on again.

use axum::http::StatusCode;
use wirereport_actors::ports::ledger::{Ledger, Switches};
use wirereport_actors::supervision::{ChildStatus, CommandError};
use wirereport_actors::tree::Tree;
use wirereport_actors::wire::post::ChannelName;

use super::problem::Problem;
use super::service::Service;
use crate::settings::nearest;

impl Service {
    /// Restarts an actor; one that was paused is paused no longer.
    pub(super) async fn restart(&self, actor: &str) -> Result<String, Problem> {
        let (tree, path) = self.actor(actor)?;
        self.try_again(&path).await?;
        tree.root().restart(&path).await?;
        self.switch(|switches| switches.paused.retain(|paused| *paused != path)).await?;
        Ok(path)
    }

    /// Pauses an actor, and has it stay paused over restarts of the service.
    pub(super) async fn pause(&self, actor: &str) -> Result<String, Problem> {
        let (tree, path) = self.actor(actor)?;
        tree.root().pause(&path).await?;
        self.switch(|switches| {
            if !switches.paused.contains(&path) {
                switches.paused.push(path.clone());
            }
        })
        .await?;
        Ok(path)
    }

    pub(super) async fn resume(&self, actor: &str) -> Result<String, Problem> {
        let (tree, path) = self.actor(actor)?;
        self.try_again(&path).await?;
        tree.root().resume(&path).await?;
        self.switch(|switches| switches.paused.retain(|paused| *paused != path)).await?;
        self.nudge();
        Ok(path)
    }

    /// Has the channel behind an actor's path, or all of them behind their supervisor's, tried again if it waits for the
    /// operator.
    async fn try_again(&self, path: &str) -> Result<(), Problem> {
        let channel = path.strip_prefix("publisher/").map(|name| ChannelName(name.to_owned()));
        if channel.is_some() || path == "publisher" {
            self.ledger.try_again(channel.as_ref(), self.clock.now()).await?;
        }
        Ok(())
    }

    /// The tree, and the path of the actor in it that is meant: what an operator paused by its name and resumes by its
    /// path is one actor.
    fn actor(&self, name: &str) -> Result<(&Tree, String), Problem> {
        let tree = &self.live()?.tree;
        Ok((tree, path_of(name, &tree.root().status())?))
    }

    pub(super) async fn switches(&self) -> Result<Switches, Problem> {
        Ok(self.ledger.switches().await?)
    }

    pub(super) async fn stop_publishing(&self) -> Result<(), Problem> {
        let now = self.clock.now();
        self.live()?;
        self.switch(|switches| {
            switches.publishing_stopped.get_or_insert(now);
        })
        .await?;
        self.nudge();
        Ok(())
    }

    pub(super) async fn resume_publishing(&self) -> Result<(), Problem> {
        self.live()?;
        self.switch(|switches| switches.publishing_stopped = None).await?;
        self.ledger.try_again(None, self.clock.now()).await?;
        self.nudge();
        Ok(())
    }

    /// Changes the switches, one change after the other: none may undo another.
    async fn switch(&self, change: impl FnOnce(&mut Switches)) -> Result<(), Problem> {
        let _turn = self.switching.lock().await;
        let before = self.ledger.switches().await?;
        let mut switches = before.clone();
        change(&mut switches);
        // A full disk is no reason to refuse what changes nothing on it.
        if switches != before {
            self.ledger.set_switches(&switches).await?;
        }
        Ok(())
    }
}

/// The path of the actor that is called `name`: by its path, or by its name where only one has it.
fn path_of(name: &str, tree: &[ChildStatus]) -> Result<String, Problem> {
    let mut paths = Vec::new();
    collect("", tree, &mut paths);
    if paths.iter().any(|path| path == name) {
        return Ok(name.to_owned());
    }
    let mut meant: Vec<String> = paths.iter().filter(|path| last_part(path) == name).cloned().collect();
    match meant.len() {
        0 => Err(unknown(name, &paths)),
        1 => Ok(meant.remove(0)),
        _ => Err(CommandError::Ambiguous { name: name.to_owned(), paths: meant }.into()),
    }
}

fn unknown(name: &str, paths: &[String]) -> Problem {
    let known = paths.iter().flat_map(|path| [last_part(path), path.as_str()]);
    let advice = match nearest(name, known) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "`wirereport actor list` lists them".to_owned(),
    };
    Problem::new(StatusCode::NOT_FOUND, format!("no actor is called {name}; {advice}"))
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn collect(above: &str, children: &[ChildStatus], paths: &mut Vec<String>) {
    for child in children {
        let path = format!("{above}{}", child.name);
        collect(&format!("{path}/"), &child.children, paths);
        paths.push(path);
    }
}
