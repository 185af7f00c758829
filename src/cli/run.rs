//! `wirereport run`: the service.

use std::path::PathBuf;

use wirereport_actors::wire::post::ChannelName;

use super::Place;
use super::exit::Failure;
use super::settings::{load, sources};
#[cfg(debug_assertions)]
use crate::crash::Crash;
use crate::feeds::replay::Speed;
use crate::run::{Given, Replaying, live, replay};
use crate::settings::secrets::{self, Secrets};
use crate::settings::{Loaded, LogFormat};
use crate::telemetry::{self, Redactor};

/// Follow live games and publish what is news, or replay a recorded game.
///
/// It runs until it is told to stop. SIGTERM or ctrl-c drains: what is being sent comes to its end; a second one leaves
/// at once. SIGHUP reloads the settings.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Report a recorded game instead of live ones, in a state directory of its own.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// How fast to replay: a factor such as 60, or `max`.
    #[arg(long, default_value = "60", requires = "replay", value_name = "N|max")]
    speed: Speed,
    /// Also post the replay to this channel of the settings, for real; may be given several times.
    #[arg(long = "channel", requires = "replay", value_name = "NAME")]
    channels: Vec<String>,
    /// Do everything but send, and print what would have been sent.
    #[arg(long)]
    dry_run: bool,
    /// Wait until the process that works in the state directory ends, then take over.
    #[arg(long, conflicts_with = "replay")]
    standby: bool,
    /// How log lines look [default: as the settings say]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    /// What is logged: error, warn, info, debug, trace, or directives such as `info,wirereport=debug` [default: as the
    /// settings say; warn for a replay]
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
}

pub(super) async fn execute(place: &Place, args: Args) -> Result<(), Failure> {
    let (mut loaded, secrets) = read(place)?;
    let log = &mut loaded.settings.log;
    if let Some(format) = &args.log_format {
        log.format = *format;
    }
    match &args.log_level {
        Some(level) => log.level.clone_from(level),
        None if args.replay.is_some() => "warn".clone_into(&mut log.level),
        None => {}
    }
    let env = sources(place)?.env;
    let signing = secrets::signing_keys(&loaded, &env)?;
    let redactor = Redactor::of_process();
    let of_api = signing.iter().flat_map(|keys| keys.iter());
    secrets.iter().chain(of_api).for_each(|secret| redactor.register(secret));
    let level = telemetry::start(&loaded.settings.log, &env, &redactor).map_err(Failure::configuration)?;

    let again = place.clone();
    #[cfg(debug_assertions)]
    let crash = Crash::of(&env).map_err(Failure::configuration)?;
    let given = Given {
        loaded,
        read_again: Box::new(move || {
            let (loaded, secrets) = read(&again).map_err(|failure| failure.to_string())?;
            secrets.iter().for_each(|secret| redactor.register(secret));
            Ok((loaded, secrets))
        }),
        set_log_level: Box::new(move |directives| {
            if let Err(error) = level.set(directives) {
                tracing::error!(%error, "log level not changed");
            }
        }),
        secrets,
        signing,
        dry_run: args.dry_run,
        #[cfg(debug_assertions)]
        crash,
    };
    match args.replay {
        None => live(given, args.standby).await,
        Some(file) => {
            let channels = args.channels.into_iter().map(ChannelName).collect();
            replay(given, Replaying { file, speed: args.speed, channels }).await
        }
    }
}

/// The settings, and the secrets they name.
fn read(place: &Place) -> Result<(Loaded, Secrets), Failure> {
    let loaded = load(place)?;
    let secrets = secrets::fetch(&loaded, &sources(place)?.env)?;
    Ok((loaded, secrets))
}
