//! A replay: a recording through the same wire, in a state directory of its own, on recording time.
//!
//! Each recording has its run: killed, it resumes at the frame that was not committed; finished, it starts anew. Before
//! each frame the ledger is waited for until everything earlier is published or ended, so that a replay tells the same
//! stories at every speed and `max` is as fast as the disk.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::timeout;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, PostFilter, StoryFilter};
use wirereport_actors::tree::Policy;
use wirereport_actors::wire::post::{ChannelName, Post, PostState};
use wirereport_actors::wire::sport::Sport;

use super::instance::{self, Busy, Instance};
use super::renewal::Renewable;
use super::wiring::{self, Outlets};
use super::{Given, LEDGER, Parts, Wire, open_ledger};
use crate::channels::terminal::TerminalChannel;
use crate::cli::{Failure, print_line};
use crate::feeds::recording::Recording;
use crate::feeds::replay::{Gate, Replay, ReplayClock, Speed};
use crate::ledger::SqliteLedger;

/// No limit: a replay's ledger holds one game.
const ALL: usize = usize::MAX >> 1;

/// How long nothing may be committed, in real time, before somebody outside is taken to be waited for.
const STILL: Duration = Duration::from_millis(500);

/// What is replayed, and how.
pub(crate) struct Replaying {
    /// The recording's file.
    pub(crate) file: PathBuf,
    /// How fast.
    pub(crate) speed: Speed,
    /// Channels that are posted to besides feed files and the terminal.
    pub(crate) channels: Vec<ChannelName>,
}

/// Runs the wire on a recording.
///
/// # Errors
/// Where it cannot start, or the root supervisor gave up.
pub(crate) async fn run(given: Given, replaying: Replaying) -> Result<(), Failure> {
    let recording = Recording::read(&replaying.file).map_err(Failure::failed)?;
    let (settings, header) = (given.loaded.settings.clone(), recording.header().clone());
    let state_dir = given.state_dir().join("replays").join(recording.run_key());
    let busy = Busy::Refuse { advice: "it replays the same recording; wait for its end, or stop it" };
    let instance = Instance::take(&state_dir, busy).await?;
    start_anew_if_finished(&state_dir, &recording).await?;
    let ledger = open_ledger(&state_dir).await?;
    let clock = Arc::new(ReplayClock::new(resumes_at(&ledger, &recording).await?, replaying.speed));
    let progress = progress(recording.frames().len());
    let channels = channels(&given, &replaying, &state_dir, &progress)?;
    let sport = sport(&recording)?;
    let replay = Replay::new(recording, Arc::clone(&clock)).with_gate(gate(&ledger, &clock, &progress));
    // A recording may be older than any history that is kept.
    let policy = Policy { history: None, ..wiring::policy(&settings).without_paces() };

    print_line(&format!("replaying {} at speed {}", header.title, replaying.speed));
    let wire = Wire::start(Parts {
        state_dir: state_dir.clone(),
        instance,
        ledger: Arc::clone(&ledger),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        sports: vec![(sport, vec![Arc::new(replay)])],
        news: Vec::new(),
        // A model costs money at every replay, and what it says is on no account anyway.
        writers: vec![Arc::new(wiring::writer(&settings)?)],
        channels,
        // Nobody need be told of a replay.
        renewable: Renewable::default(),
        policy,
        page: None,
        given,
    })
    .await?;
    wire.readiness.ready();
    let finished = watch::Sender::new(false);
    let tree = Arc::clone(&wire.tree);
    let done = async {
        tree.replayed().await;
        settled(&ledger, &clock).await;
        finished.send_replace(true);
    };
    wire.finish(done, settings.shutdown).await?;
    progress.finish_and_clear();
    if !*finished.borrow() {
        print_line("stopped before the end; the same command goes on from here");
        return Ok(());
    }
    summarise(&ledger, &state_dir).await
}

/// The time of the frame that an earlier, killed run would have shown next; of the last one, where it had shown them all.
async fn resumes_at(ledger: &SqliteLedger, recording: &Recording) -> Result<Timestamp, Failure> {
    let state = ledger.load_sport(&recording.header().sport).await.map_err(Failure::failed)?;
    let cursor = state.and_then(|state| state.cursor).and_then(|cursor| usize::try_from(cursor).ok());
    let frames = recording.frames();
    let frame = cursor.and_then(|cursor| frames.get(cursor).or(frames.last()));
    Ok(frame.map_or_else(|| recording.starts_at(), |frame| frame.t))
}

fn sport(recording: &Recording) -> Result<Sport, Failure> {
    let key = recording.header().sport.as_str();
    Sport::of(key).ok_or_else(|| {
        Failure::failed(format_args!(
            "recording {} is of {key}, which this version does not know",
            recording.name()
        ))
    })
}

/// Clears away a run that has come to its end; one that was cut short stays.
async fn start_anew_if_finished(state_dir: &Path, recording: &Recording) -> Result<(), Failure> {
    if !state_dir.join(LEDGER).exists() {
        return Ok(());
    }
    let ledger = open_ledger(state_dir).await?;
    let state = ledger.load_sport(&recording.header().sport).await.map_err(Failure::failed)?;
    let frames = recording.frames().len() as u64;
    let played = state.and_then(|state| state.cursor).is_some_and(|cursor| cursor >= frames);
    if !played || ledger.backlog().await.map_err(Failure::failed)?.is_unfinished() {
        return Ok(());
    }
    drop(ledger);
    let clear = |entry: io::Result<std::fs::DirEntry>| {
        let path = entry?.path();
        match path.file_name().is_some_and(|name| name == instance::LOCK) {
            true => Ok(()),
            false if path.is_dir() => std::fs::remove_dir_all(path),
            false => std::fs::remove_file(path),
        }
    };
    std::fs::read_dir(state_dir)
        .and_then(|mut entries| entries.try_for_each(clear))
        .map_err(|error| Failure::failed(format_args!("cannot clear {}: {error}", state_dir.display())))
}

/// Feed files and the terminal as the settings have them, and of the others only those that are named.
fn channels(
    given: &Given,
    replaying: &Replaying,
    state_dir: &Path,
    progress: &ProgressBar,
) -> Result<wiring::Channels, Failure> {
    let settings = &given.loaded.settings;
    if let Some(unknown) = replaying.channels.iter().find(|name| !settings.channels.contains_key(name)) {
        return Err(Failure::configuration(format_args!(
            "no channel is called {unknown}: set it up in [channels.{unknown}]"
        )));
    }
    let terminal = || TerminalChannel::stdout().through(Box::new(AboveProgress(progress.clone())));
    let feeds = state_dir.join("feeds");
    let making = given.making(state_dir);
    let outlets = Outlets { feeds: &feeds, terminal: &terminal, making: &making };
    settings
        .channels
        .iter()
        .filter(|(name, channel)| channel.kind.is_local() || replaying.channels.contains(name))
        .map(|(name, channel)| Ok((name.clone(), wiring::channel(name, channel, &given.secrets, &outlets)?)))
        .collect()
}

/// Lets a frame go once everything before it is published or ended.
fn gate(ledger: &Arc<SqliteLedger>, clock: &Arc<ReplayClock>, progress: &ProgressBar) -> Gate {
    let (ledger, clock, progress) = (Arc::clone(ledger), Arc::clone(clock), progress.clone());
    Arc::new(move || {
        let (ledger, clock, progress) = (Arc::clone(&ledger), Arc::clone(&clock), progress.clone());
        Box::pin(async move {
            settled(&ledger, &clock).await;
            progress.inc(1);
        })
    })
}

/// Waits until nothing is left to be written or sent. A post that is to be tried again or looked up later, and a channel
/// that is halted, are waited for as long as they really need, while the game stands still.
async fn settled(ledger: &SqliteLedger, clock: &ReplayClock) {
    let mut commits = ledger.commits();
    while !ledger.backlog().await.is_ok_and(|backlog| !backlog.is_unfinished()) {
        if waits_for_a_retry(ledger, clock.now()).await {
            clock.run_on();
        }
        match timeout(STILL, commits.changed()).await {
            Ok(Ok(())) => {}
            // A ledger that is gone has nothing left to settle.
            Ok(Err(_)) => return,
            Err(_) => clock.run_on(),
        }
    }
}

async fn waits_for_a_retry(ledger: &SqliteLedger, now: Timestamp) -> bool {
    let pending = PostFilter { state: Some(PostState::Pending), limit: ALL, ..PostFilter::default() };
    let waits = |post: &Post| post.not_before.is_some_and(|not_before| not_before > now);
    ledger.posts(&pending).await.is_ok_and(|posts| posts.iter().any(waits))
}

fn progress(frames: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} frames, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let target = match io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    ProgressBar::with_draw_target(Some(frames as u64), target).with_style(style)
}

/// Standard output, written above the progress bar.
struct AboveProgress(ProgressBar);

impl Write for AboveProgress {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

/// Says what the recording came to, and where to look closer.
async fn summarise(ledger: &SqliteLedger, state_dir: &Path) -> Result<(), Failure> {
    let stories = ledger.stories(&StoryFilter { limit: ALL, ..StoryFilter::default() }).await;
    let stories = stories.map_err(Failure::failed)?;
    let posts =
        ledger.posts(&PostFilter { limit: ALL, ..PostFilter::default() }).await.map_err(Failure::failed)?;
    let told = stories.iter().filter(|record| record.written_at.is_some()).count();
    print_line(&format!("\n{} moments noticed, {told} told", stories.len()));
    let mut channels: Vec<&ChannelName> = posts.iter().map(|post| &post.channel).collect();
    channels.sort();
    channels.dedup();
    for channel in channels {
        let of_channel = || posts.iter().filter(|post| post.channel == *channel);
        let sent = of_channel().filter(|post| post.state == PostState::Sent).count();
        let rest = match of_channel().count() - sent {
            0 => String::new(),
            rest => format!(", {rest} not sent"),
        };
        print_line(&format!("  {channel}: {sent} sent{rest}"));
    }
    print_line(&format!("feed files: {}", state_dir.join("feeds").display()));
    if let Some(last) = stories.iter().find(|record| record.written_at.is_some()) {
        let id = &last.story.id;
        print_line(&format!("why: wirereport explain {id} --state-dir {}", state_dir.display()));
    }
    Ok(())
}
