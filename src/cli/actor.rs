//! `wirereport actor`: what an operator may do with single actors.

use clap::builder::NonEmptyStringValueParser;
use wirereport_actors::supervision::ChildStatus;

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::status::phase;
use super::text::{Table, print, print_json, print_table, span};
use crate::api::client::path;
use crate::api::types::{Done, Status};

/// List actors, restart, pause or resume one.
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
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
    },
    /// Stop an actor until it is resumed, over restarts of the service too.
    Pause {
        /// Its name, or its path such as `sports/nba`.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
    },
    /// Start a paused actor again.
    Resume {
        /// Its name, or its path such as `sports/nba`.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
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
    let route = path(&format!("/v1/actors/{order}/"), name);
    let done: Done = connect(place)?.post(&route, &()).await?;
    print(&format!("{}\n", done.detail))
}

async fn list(place: &Place, json: bool) -> Result<(), Failure> {
    let status: Status = connect(place)?.get("/v1/status").await?;
    if json {
        return print_json(&status.tree);
    }
    let mut rows = Table::new(["ACTOR", "PHASE", "SINCE", "RESTARTS"]);
    add_rows(&mut rows, &status.tree, "");
    print_table(&rows)
}

fn add_rows(rows: &mut Table<4>, children: &[ChildStatus], above: &str) {
    for child in children {
        let path = format!("{above}{}", child.name);
        rows.row([path.clone(), phase(child), span(child.since), child.restarts.to_string()]);
        add_rows(rows, &child.children, &format!("{path}/"));
    }
}
