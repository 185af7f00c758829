//! The commands, one file each.
//!
//! Whatever needs the running service goes through the [API](crate::api); what only reads is answered from the ledger
//! where no service runs. A command that fails says one sentence and leaves by one of the codes of [`Exit`].

mod actor;
mod approval;
mod audit;
mod backup;
mod changes;
mod channel;
mod connect;
mod dashboard;
mod doctor;
mod exit;
mod explain;
mod facts;
#[cfg(test)]
mod fixture;
mod healthcheck;
mod init;
mod login;
mod manual;
mod pages;
mod posts;
mod publishing;
mod record;
mod reload;
mod replay;
mod restore;
mod run;
mod secrets;
mod settings;
mod status;
mod stories;
mod submit;
mod support_bundle;
mod text;
mod thresholds;
mod token;
mod validate;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use exit::{Exit, Failure};
pub(crate) use text::{print_line, span, time};

/// A sports wire that runs by itself.
///
/// It watches live games, notices the moments that are news, writes each in one or two correct sentences, and publishes
/// it exactly once.
#[derive(Debug, Parser)]
#[command(name = "wirereport", version, max_term_width = 100, after_help = exit::AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Which wire a command is about.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// The settings file [default: $WIREREPORT_CONFIG, else config/wirereport.toml here, else
    /// /etc/wirereport/wirereport.toml, else none]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Which wire", display_order = 900)]
    pub(crate) config: Option<PathBuf>,
    /// The directory of the ledger and the socket [default: as the settings say]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Which wire", display_order = 901)]
    pub(crate) state_dir: Option<PathBuf>,
    /// A service elsewhere, by the address of its API: https://wire.example.org [default: $WIREREPORT_URL]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        conflicts_with = "state_dir",
        help_heading = "Which wire",
        display_order = 902
    )]
    pub(crate) url: Option<String>,
    /// The file with a token for the service elsewhere [default: the token in $WIREREPORT_TOKEN]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Which wire", display_order = 903)]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Status(status::Args),
    Explain(explain::Args),
    Stories(stories::Args),
    #[command(subcommand)]
    Posts(posts::Command),
    Approve(approval::ApproveArgs),
    Edit(approval::EditArgs),
    Reject(approval::RejectArgs),
    #[command(subcommand)]
    Actor(actor::Command),
    #[command(subcommand)]
    Channel(channel::Command),
    StopPublishing(publishing::StopArgs),
    ResumePublishing(publishing::ResumeArgs),
    Reload(reload::Args),
    Validate(validate::Args),
    Init(init::Args),
    Record(record::Args),
    Replay(replay::Args),
    Submit(submit::Args),
    Thresholds(thresholds::Args),
    #[command(subcommand)]
    Secrets(secrets::Command),
    Healthcheck(healthcheck::Args),
    #[command(subcommand)]
    Token(token::Command),
    Dashboard(dashboard::Args),
    Changes(changes::Args),
    Audit(audit::Args),
    Doctor(doctor::Args),
    SupportBundle(support_bundle::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Completions(manual::CompletionsArgs),
    Man(manual::ManArgs),
}

impl Command {
    /// Whether it is about a service that may run elsewhere.
    fn reaches_elsewhere(&self) -> bool {
        matches!(
            self,
            Self::Status(_)
                | Self::Explain(_)
                | Self::Stories(_)
                | Self::Posts(_)
                | Self::Approve(_)
                | Self::Edit(_)
                | Self::Reject(_)
                | Self::Actor(_)
                | Self::Channel(channel::Command::List { .. })
                | Self::StopPublishing(_)
                | Self::ResumePublishing(_)
                | Self::Reload(_)
                | Self::Submit(_)
                | Self::Token(_)
                | Self::Changes(_)
                | Self::Backup(_)
        )
    }
}

impl Cli {
    /// Carries the command out.
    ///
    /// # Errors
    /// Says in one sentence what did not work, and by which code to leave.
    pub async fn execute(self) -> Result<(), Failure> {
        let place = &self.place;
        if place.url.is_some() && !self.command.reaches_elsewhere() {
            let detail = "this command is about this machine; it takes no --url";
            return Err(Failure::usage(detail));
        }
        match self.command {
            Command::Run(args) => run::execute(place, args).await,
            Command::Status(args) => status::execute(place, &args).await,
            Command::Explain(args) => explain::execute(place, &args).await,
            Command::Stories(args) => stories::execute(place, args).await,
            Command::Posts(command) => posts::execute(place, command).await,
            Command::Approve(args) => approval::approve(place, &args).await,
            Command::Edit(args) => approval::edit(place, args).await,
            Command::Reject(args) => approval::reject(place, args).await,
            Command::Actor(command) => actor::execute(place, &command).await,
            Command::Channel(command) => channel::execute(place, command).await,
            Command::StopPublishing(args) => publishing::stop(place, &args).await,
            Command::ResumePublishing(args) => publishing::resume(place, &args).await,
            Command::Reload(args) => reload::execute(place, &args).await,
            Command::Validate(args) => validate::execute(place, &args),
            Command::Init(args) => init::execute(&args),
            Command::Record(args) => record::execute(place, args).await,
            Command::Replay(args) => replay::execute(place, args).await,
            Command::Submit(args) => submit::execute(place, &args).await,
            Command::Thresholds(args) => thresholds::execute(place, &args),
            Command::Secrets(command) => secrets::execute(place, command),
            Command::Healthcheck(args) => healthcheck::execute(place, &args).await,
            Command::Token(command) => token::execute(place, command).await,
            Command::Dashboard(args) => dashboard::execute(place, &args).await,
            Command::Doctor(args) => doctor::execute(place, &args).await,
            Command::SupportBundle(args) => support_bundle::execute(place, &args).await,
            Command::Audit(args) => audit::execute(place, &args).await,
            Command::Changes(args) => changes::execute(place, args).await,
            Command::Backup(args) => backup::execute(place, &args).await,
            Command::Restore(args) => restore::execute(place, &args).await,
            Command::Completions(args) => manual::completions(&args),
            Command::Man(args) => manual::man(&args),
        }
    }
}
