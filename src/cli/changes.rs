//! `wirereport changes`: the audit log.

use super::Place;
use super::connect::reader;
use super::exit::Failure;
use super::pages::{LISTED, listed};
use super::text::{BAD, DIM, GOOD, Table, paint, print, print_json, print_table, time};
use crate::api::types::AuditQuery;
use crate::ledger::access::AuditRecord;

/// List who changed what, and who tried to, newest first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this one's: token:NAME, socket:UID, telegram:ID, local, unknown.
    #[arg(long)]
    who: Option<String>,
    /// Only what was refused or did not work.
    #[arg(long)]
    refused: bool,
    /// Only entries with a smaller number: the next page.
    #[arg(long, value_name = "ENTRY")]
    before: Option<i64>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=i64::from(LISTED)))]
    limit: u16,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: Args) -> Result<(), Failure> {
    let query = AuditQuery {
        who: args.who,
        refused: args.refused.then_some(true),
        before: args.before,
        ..Default::default()
    };
    let entries: Vec<AuditRecord> =
        listed(&reader(place).await?, "/v1/audit-log", &query, args.limit).await?;
    if args.json {
        return print_json(&entries);
    }
    if entries.is_empty() {
        return print("no changes\n");
    }
    let mut rows = Table::new(["ENTRY", "WHEN", "WHO", "FROM", "OUTCOME", "WHAT"]);
    for entry in &entries {
        rows.row([
            entry.id.to_string(),
            time(entry.at),
            entry.tried.who.clone(),
            entry.tried.address.clone().unwrap_or_default(),
            outcome(entry.status),
            what(entry),
        ]);
        if let Some(detail) = &entry.detail {
            rows.below(paint(DIM, detail));
        }
    }
    print_table(&rows)
}

fn outcome(status: Option<u16>) -> String {
    match status {
        None => paint(BAD, "cut short"),
        Some(status) if status < 400 => paint(GOOD, "done"),
        Some(status) => paint(BAD, format_args!("no ({status})")),
    }
}

fn what(entry: &AuditRecord) -> String {
    match &entry.tried.request {
        Some(request) => format!("{} {request}", entry.tried.action),
        None => entry.tried.action.clone(),
    }
}
