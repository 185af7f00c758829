//! `wirereport record`: keeps what a feed says of a night, to be replayed.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::{Feed, FeedError, PollRequest};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::schedule;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;

use super::Place;
use super::exit::Failure;
use super::replay::league;
use super::settings::{load, sources};
use super::text::{print, print_trouble};
use crate::clock::SystemClock;
use crate::feeds::convert::{self, Options};
use crate::feeds::record::{Existing, RecordError, Recorder};
use crate::run::feeds;
use crate::settings::{FeedName, SportSettings, secrets};

/// Record a league's games, to be replayed.
///
/// It polls the feed as a live wire does until it is interrupted; or it converts the play-by-play of a finished game.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The recording to make, for example `night.jsonl`.
    file: PathBuf,
    /// The league: nba, nfl, eng.1 …
    #[arg(long, required_unless_present = "from", value_name = "LEAGUE")]
    sport: Option<String>,
    /// Convert this play-by-play instead of polling; the league only has to be named where it does not say.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// When the game was to start, for play-by-plays that do not say.
    #[arg(long, requires = "from", value_name = "TIME")]
    starts_at: Option<Timestamp>,
    /// Write over a recording that is there.
    #[arg(long)]
    replace: bool,
}

pub(super) async fn execute(place: &Place, args: Args) -> Result<(), Failure> {
    if let Some(from) = &args.from {
        return convert(&args, from);
    }
    let sport = league(args.sport.as_deref().unwrap_or_default())?;
    let loaded = load(place)?;
    let keys = secrets::of_feeds(&loaded, &sources(place)?.env)?;
    let settings = loaded.settings;
    let own = settings.sports.get(&sport.key);
    let rules = own.map(SportSettings::rules).unwrap_or_default();
    let feed = feeds::feed(&settings, own.map_or(FeedName::Espn, |own| own.feed.first()), &keys)?;
    let existing = if args.replace { Existing::Replace } else { Existing::Refuse };
    let recorder = Recorder::create(feed, sport.clone(), &args.file, existing).await;
    let recorder = recorder.map_err(|error| match error {
        RecordError::Exists { .. } => already_there(&args.file),
        error @ RecordError::Create { .. } => Failure::failed(error),
    })?;
    let shown = args.file.display();
    print(&format!("recording {} to {shown} until ctrl-c\n", sport.name))?;
    let mut frames = 0;
    tokio::select! {
        never = record(&recorder, &sport, &rules, &mut frames) => never?,
        interrupted = interrupted() => interrupted.map_err(Failure::failed)?,
    }
    if frames == 0 {
        // A file without a header is no recording.
        let _ = std::fs::remove_file(&args.file);
        return Err(Failure::failed("nothing was recorded: the feed gave no answer"));
    }
    print(&format!("{frames} frames in {shown}; `wirereport run --replay {shown}` replays them\n"))
}

async fn interrupted() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// Polls at the pace of a live wire. A feed that fails leaves a gap, as it would there.
async fn record(recorder: &Recorder, sport: &Sport, rules: &Rules, frames: &mut u64) -> Result<(), Failure> {
    let (mut state, mut rng) = (SportState::default(), fastrand::Rng::new());
    loop {
        let now = SystemClock.now();
        let request = PollRequest::new(sport, recorder.name(), &state, now);
        match recorder.poll(&request).await {
            Ok(answer) => {
                step(&mut state, &answer.snapshot, sport, rules);
                *frames += 1;
                let games = match answer.snapshot.games.len() {
                    1 => "1 game".to_owned(),
                    n => format!("{n} games"),
                };
                print(&format!("{} {games}\n", super::text::time(now)))?;
            }
            Err(error @ FeedError::Misconfigured { .. }) => return Err(Failure::failed(error)),
            Err(error) => print_trouble(&format_args!("{} {error}", super::text::time(now))),
        }
        let wait = schedule::next_poll(&state, sport, rules, SystemClock.now(), &mut rng);
        tokio::time::sleep(wait).await;
    }
}

fn already_there(file: &Path) -> Failure {
    let file = file.display();
    Failure::failed(format_args!("{file} is already there; name another file, or give --replace"))
}

fn convert(args: &Args, from: &Path) -> Result<(), Failure> {
    let (source, target) = (from.display(), args.file.display());
    if args.file.exists() && !args.replace {
        return Err(already_there(&args.file));
    }
    let bytes = std::fs::read(from)
        .map_err(|error| Failure::failed(format_args!("cannot read {source}: {error}")))?;
    let name = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let league = args.sport.as_deref().map(league).transpose()?.map(|league| league.key);
    let options = Options { starts_at: args.starts_at, league };
    let recording = convert::convert(&bytes, &name, &options)
        .map_err(|error| Failure::failed(format_args!("cannot convert {source}: {error}")))?;
    std::fs::write(&args.file, recording.to_jsonl())
        .map_err(|error| Failure::failed(format_args!("cannot write {target}: {error}")))?;
    print(&format!("{}: {} frames in {target}\n", recording.header().title, recording.frames().len()))
}
