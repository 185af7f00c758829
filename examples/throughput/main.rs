//! How fast a burst leaves: stories that wait in the ledger, written, checked, armed, sent to a webhook and settled, every
//! step durable, beside what a bare client reaches with the same requests.
//!
//! ```text
//! cargo run --release --example throughput -- --dir /var/tmp
//! ```
//!
//! Three processes take part, started from this one: a receiver that checks signatures and keeps a journal, the wire, and a
//! bare client that keeps its connections alive and knows no ledger, with the same HTTP library and the same bytes: once
//! with as many requests under way, once with one after the other. Wire and client take turns, so that both meet the machine
//! as it is; what counts is the ratio to each. The wire's time runs from its start on a ledger full of unwritten stories
//! until the last post is settled; its memory is what Linux says of the process at its peak.

mod bare;
mod receiver;
#[path = "../../tests/support/stories.rs"]
mod stories;
mod wire;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use receiver::{Journal, Receiver};

/// Measures how fast a burst of stories leaves, beside a bare client.
#[derive(Debug, Clone, Parser)]
struct Args {
    /// Where the ledgers are put, in folders that are removed afterwards: on the disk that is to be measured.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    dir: PathBuf,
    /// How many stories.
    #[arg(long, default_value_t = 10_000)]
    stories: usize,
    /// How many games they are of.
    #[arg(long, default_value_t = 200)]
    games: usize,
    /// Requests that may be under way at once; each game has one at a time.
    #[arg(long, default_value_t = 200)]
    in_flight: usize,
    /// How often both are measured.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// What this process does; the whole measurement where nothing is said.
    #[arg(long, hide = true)]
    part: Option<Part>,
    /// Where the receiver listens.
    #[arg(long, hide = true, default_value = "")]
    url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Receiver,
    Wire,
    Bare,
}

/// What a sender says of itself.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Sent {
    posts: usize,
    seconds: f64,
    /// The most memory it held, in MiB.
    peak: f64,
    commits: u64,
    /// Seconds in which the ledger's writer was at work, and of those in the log's writes and fsyncs.
    committing: f64,
    syncing: f64,
}

impl Sent {
    fn rate(&self) -> f64 {
        self.posts as f64 / self.seconds
    }
}

/// Bytes 0 to 31.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    // As many threads as the service has.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match args.part {
        None => measure(&args),
        Some(Part::Receiver) => runtime.block_on(receiver::serve()),
        Some(Part::Wire) => say(&runtime.block_on(wire::send(&args))?),
        Some(Part::Bare) => say(&runtime.block_on(bare::send(&args))?),
    }
}

fn measure(args: &Args) -> anyhow::Result<()> {
    let Args { stories, games, in_flight, .. } = args;
    println!(
        "{stories} stories of {games} games, {in_flight} requests at once, ledger in {}",
        args.dir.display()
    );
    let receiver = Receiver::start()?;
    let (mut ratios, mut to_single) = (Vec::new(), Vec::new());
    let mut peak = 0.0_f64;
    for round in 1..=args.rounds {
        let dir = tempfile::tempdir_in(&args.dir).with_context(|| format!("use {}", args.dir.display()))?;
        let told = |path: &str| format!("{}/{round}/{path}", receiver.url);
        let wire = part(args, Part::Wire, &told("wire"), dir.path())?;
        let bare = part(args, Part::Bare, &told("bare"), dir.path())?;
        let one = Args { in_flight: 1, ..args.clone() };
        let single = part(&one, Part::Bare, &told("single"), dir.path())?;
        let journal = receiver.journal(&format!("{round}/wire"))?;
        ensure!(
            journal == Journal { accepted: args.stories, ..Journal::default() },
            "of {stories} stories the receiver has {journal:?}"
        );
        ratios.push(wire.rate() / bare.rate().max(single.rate()));
        to_single.push(wire.rate() / single.rate());
        peak = peak.max(wire.peak);
        println!(
            "round {round}: wire {:.0} posts/s ({:.1} s, {} commits, {:.1} s in them, {:.1} s in fsyncs), bare client \
             {:.0} posts/s, over one connection {:.0}; wire's peak {:.1} MiB; every story once, each game's in order",
            wire.rate(),
            wire.seconds,
            wire.commits,
            wire.committing,
            wire.syncing,
            bare.rate(),
            single.rate(),
            wire.peak,
        );
    }
    println!(
        "median ratio {:.2}, to one connection {:.2}; peak {peak:.1} MiB",
        median(ratios),
        median(to_single)
    );
    Ok(())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// Has a process of its own do its part, and what it says of it.
fn part(args: &Args, part: Part, url: &str, dir: &Path) -> anyhow::Result<Sent> {
    let output = command(part)?
        .args(["--stories", &args.stories.to_string(), "--games", &args.games.to_string()])
        .args(["--in-flight", &args.in_flight.to_string(), "--url", url])
        .arg("--dir")
        .arg(dir)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "{part:?} ended with {}", output.status);
    heard(&output.stdout)
}

fn command(part: Part) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    let part = part.to_possible_value().context("a part has a name")?;
    command.args(["--part", part.get_name()]);
    Ok(command)
}

fn say(what: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(what)?);
    Ok(())
}

fn heard<T: DeserializeOwned>(line: &[u8]) -> anyhow::Result<T> {
    serde_json::from_slice(line).with_context(|| format!("read {}", String::from_utf8_lossy(line)))
}

/// The most memory this process has held so far, in MiB.
fn peak() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM in status")?;
    let kibibytes: f64 = line.split_whitespace().next().context("no figure in VmHWM")?.parse()?;
    Ok(kibibytes / 1024.0)
}
