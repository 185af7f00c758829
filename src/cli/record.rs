//! `wirereport record`: keeps what a feed says of a night, to be replayed.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::{Feed, Followed, PollRequest};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::schedule;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;

use super::Place;
use super::exit::Failure;
use super::settings::load;
use super::text::print;
use crate::clock::SystemClock;
use crate::feeds::convert::{self, Options};
use crate::feeds::record::{Existing, Recorder};
use crate::run::wiring;

/// Record what a feed answers of one league until interrupted, or make a recording of a finished game's play-by-play.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The recording to make, for example `night.jsonl`.
    file: PathBuf,
    /// The league: nba, nfl, eng.1 …
    #[arg(long, required_unless_present = "from", value_name = "LEAGUE")]
    sport: Option<String>,
    /// Convert this play-by-play instead of polling.
    #[arg(long, conflicts_with = "sport", value_name = "FILE")]
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
    let name = args.sport.as_deref().unwrap_or_default();
    let sport = Sport::of(name).ok_or_else(|| {
        let known: Vec<&str> = Sport::known_keys().collect();
        Failure::usage(format_args!("no league is called {name}; there are {}", known.join(", ")))
    })?;
    let feed: Arc<dyn Feed> = Arc::new(wiring::espn(&load(place)?.settings.feeds.espn)?);
    let existing = if args.replace { Existing::Replace } else { Existing::Refuse };
    let recorder =
        Recorder::create(feed, sport.clone(), &args.file, existing).await.map_err(Failure::failed)?;
    print(&format!("recording {} to {} until ctrl-c\n", sport.name, args.file.display()))?;
    tokio::select! {
        never = record(&recorder, &sport) => never,
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Failure::failed),
    }
}

/// Polls at the pace of a live wire. A feed that fails leaves a gap, as it would there.
async fn record(recorder: &Recorder, sport: &Sport) -> Result<(), Failure> {
    let (mut state, rules, mut rng) = (SportState::default(), Rules::default(), fastrand::Rng::new());
    loop {
        let now = SystemClock.now();
        let follow = schedule::follow(&state, now);
        let follow = follow.into_iter().map(|(feed_id, starts_at)| Followed { feed_id, starts_at }).collect();
        let request = PollRequest { sport: sport.clone(), now, follow, cursor: None };
        match recorder.poll(&request).await {
            Ok(answer) => {
                step(&mut state, &answer.snapshot, sport, &rules);
                let line = format!("{} {} games\n", super::text::time(now), answer.snapshot.games.len());
                print(&line)?;
            }
            Err(error) => eprintln!("{} {error}", super::text::time(now)),
        }
        let wait = schedule::next_poll(&state, sport, &rules, SystemClock.now(), &mut rng);
        tokio::time::sleep(wait).await;
    }
}

fn convert(args: &Args, from: &std::path::Path) -> Result<(), Failure> {
    let (source, target) = (from.display(), args.file.display());
    if args.file.exists() && !args.replace {
        return Err(Failure::failed(format_args!(
            "{target} is already there; name another file, or give --replace"
        )));
    }
    let bytes = std::fs::read(from)
        .map_err(|error| Failure::failed(format_args!("cannot read {source}: {error}")))?;
    let name = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let options = Options { starts_at: args.starts_at };
    let recording = convert::convert(&bytes, &name, &options)
        .map_err(|error| Failure::failed(format_args!("cannot convert {source}: {error}")))?;
    std::fs::write(&args.file, recording.to_jsonl())
        .map_err(|error| Failure::failed(format_args!("cannot write {target}: {error}")))?;
    print(&format!("{}: {} frames in {target}\n", recording.header().title, recording.frames().len()))
}
