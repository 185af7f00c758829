//! `wirereport token`: who may use the API over the network.

use clap::Subcommand;
use jiff::Timestamp;
use wirereport_actors::ports::clock::Clock;

use super::Place;
use super::connect::{connect, reader};
use super::exit::Failure;
use super::text::{
    BAD, DIM, GOOD, Table, eprint, paint, print, print_json, print_json_verbatim, print_table,
    print_verbatim, time,
};
use crate::api::auth::Scope;
use crate::api::client::path;
use crate::api::types::{TokenIssued, TokenOrder};
use crate::clock::SystemClock;
use crate::ledger::access::TokenRecord;

/// Issue, list and revoke tokens for the API.
///
/// `read` sees everything but tokens; `publish` also steers posts and publishing; `admin` does everything. On this machine
/// no token is needed: the socket's permissions are enough.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Issue a token and print it, this once.
    Issue {
        /// Whose it is: a person, a machine.
        #[arg(long)]
        name: String,
        /// What it may do; may be given several times.
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
        /// How long it is good: from 1min to 365d.
        #[arg(long, default_value = "30d", value_name = "TIME")]
        expires: String,
        /// Print JSON: the token and what is known of it.
        #[arg(long)]
        json: bool,
    },
    /// End a token, or all of a name, with the next request.
    Revoke {
        /// Its id, or the name of all that are meant.
        #[arg(value_name = "ID|NAME")]
        which: String,
    },
    /// List the tokens that were issued, newest first.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn execute(place: &Place, command: Command) -> Result<(), Failure> {
    match command {
        Command::Issue { name, scopes, expires, json } => {
            issue(place, &TokenOrder { name, scopes, expires_in: Some(expires) }, json).await
        }
        Command::Revoke { which } => revoke(place, &which).await,
        Command::List { json } => list(place, json).await,
    }
}

/// The token alone goes to standard output, for `TOKEN=$(wirereport token issue …)`.
async fn issue(place: &Place, order: &TokenOrder, json: bool) -> Result<(), Failure> {
    let issued: TokenIssued = connect(place)?.post("/v1/tokens", order).await?;
    if json {
        return print_json_verbatim(&issued);
    }
    print_verbatim(&format!("{}\n", issued.token))?;
    let TokenRecord { id, name, scopes, expires_at, .. } = &issued.record;
    eprint(&format!(
        "{name} may {} until {}; the token is not shown again. `wirereport token revoke {id}` ends it",
        scopes.replace(' ', ", "),
        time(*expires_at)
    ));
    Ok(())
}

async fn revoke(place: &Place, which: &str) -> Result<(), Failure> {
    let path = format!("{}/revoke", path("/v1/tokens/", which));
    let revoked: Vec<TokenRecord> = connect(place)?.post(&path, &()).await?;
    let lines = revoked.iter().map(|token| format!("token {} of {} is revoked\n", token.id, token.name));
    print(&lines.collect::<String>())
}

async fn list(place: &Place, json: bool) -> Result<(), Failure> {
    let tokens: Vec<TokenRecord> = reader(place).await?.get("/v1/tokens").await?;
    if json {
        return print_json(&tokens);
    }
    if tokens.is_empty() {
        return print("no tokens\n");
    }
    let now = SystemClock.now();
    let mut rows = Table::new(["TOKEN", "NAME", "SCOPES", "ISSUED", "BY", "EXPIRES", "STATE"]);
    for token in &tokens {
        rows.row([
            token.id.clone(),
            token.name.clone(),
            token.scopes.clone(),
            time(token.issued_at),
            token.issued_by.clone(),
            time(token.expires_at),
            state(token, now),
        ]);
    }
    print_table(&rows)
}

fn state(token: &TokenRecord, now: Timestamp) -> String {
    match token.revoked_at {
        Some(at) => paint(BAD, format_args!("revoked {}", time(at))),
        None if token.expires_at <= now => paint(DIM, "expired"),
        None => paint(GOOD, "good"),
    }
}
