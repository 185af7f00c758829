//! `wirereport actor`: what an operator may do with single actors.

use wirereport_actors::supervision::ChildStatus;

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::{Table, print, print_json, span};
use crate::api::types::{Done, Status};

/// List, restart, pause or resume actors.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List every actor with its path.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Stop an actor and start it afresh.
    Restart {
        /// Its name, or its path such as `sports/nba`.
        name: String,
    },
    /// Stop an actor until it is resumed, over restarts of the service too.
    Pause {
        /// Its name, or its path such as `sports/nba`.
        name: String,
    },
    /// Start a paused actor again.
    Resume {
        /// Its name, or its path such as `sports/nba`.
        name: String,
    },
}

pub(super) async fn execute(place: &Place, command: &Command) -> Result<(), Failure> {
    let (order, name) = match command {
        Command::List { json } => return list(place, *json).await,
        Command::Restart { name } => ("restart", name),
        Command::Pause { name } => ("pause", name),
        Command::Resume { name } => ("resume", name),
    };
    let done: Done = connect(place)?.post(&format!("/v1/actors/{order}/{name}"), &()).await?;
    print(&format!("{}\n", done.detail))
}

async fn list(place: &Place, json: bool) -> Result<(), Failure> {
    let status: Status = connect(place)?.get("/v1/status").await?;
    if json {
        return print_json(&status.tree);
    }
    let mut rows = Table::new(["ACTOR", "PHASE", "SINCE", "RESTARTS"]);
    add_rows(&mut rows, &status.tree, "");
    print(&rows.render())
}

fn add_rows(rows: &mut Table<4>, children: &[ChildStatus], above: &str) {
    for child in children {
        let path = format!("{above}{}", child.name);
        let phase = format!("{:?}", child.phase).to_lowercase();
        rows.row([path.clone(), phase, span(child.since), child.restarts.to_string()]);
        add_rows(rows, &child.children, &format!("{path}/"));
    }
}
