//! How long news takes: from the feed's answer to the webhook's request, every durable commit included.
//!
//! ```text
//! cargo run --release --example latency -- --dir /var/tmp
//! ```
//!
//! Everything between is real: the tree, the rules, the templates, the fact gate, a ledger on a real disk (WAL,
//! `synchronous=FULL`) and the signed webhook over a loopback connection. Only the two ends are stand-ins: a board of
//! sixteen games in memory, and a receiver that notes when a request arrives. The receiver has a thread of its own, as it
//! would have a machine of its own; the tree has the service's two.
//!
//! Told apart are the time in the commits' log writes and fsyncs, which is the disk's, and all the rest, which is ours.

mod board;
mod meter;
mod receiver;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Parser;
use secrecy::SecretString;
use tokio::sync::watch;
use wirereport::channels::webhook::{WebhookChannel, WebhookSettings};
use wirereport::clock::SystemClock;
use wirereport::lease::LedgerLease;
use wirereport::ledger::SqliteLedger;
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::ports::channel::Channel;
use wirereport_actors::ports::ledger::{Ledger, PostFilter};
use wirereport_actors::supervision::Ended;
use wirereport_actors::tree::{Policy, Restarts, Timing, Tree, TreeSpec, World};
use wirereport_actors::wire::post::{ChannelName, PostState};
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;

use board::{Board, GAMES};
use meter::Meter;
use receiver::Receiver;

/// Measures the time from the feed's answer to the webhook's request.
#[derive(Debug, Parser)]
struct Args {
    /// Where the ledger is put, in a folder that is removed afterwards: on the disk that is to be measured.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    dir: PathBuf,
    /// How many moments, one at a time.
    #[arg(long, default_value_t = 1000)]
    moments: usize,
    /// How many bursts, in each of which all sixteen games change at once.
    #[arg(long, default_value_t = 30)]
    bursts: usize,
    /// Milliseconds of rest before each answer of the feed, as a board that is polled seldom has them.
    #[arg(long, default_value_t = 0)]
    rest: u64,
}

/// One measurement.
struct Run {
    name: &'static str,
    polls: usize,
    /// Games that change in one poll.
    at_once: usize,
    /// Requests that may be under way at once.
    in_flight: usize,
}

const CHANNEL: &str = "webhook";
/// Bytes 0 to 31.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    println!("ledger in {}, {} ms of rest before each answer", args.dir.display(), args.rest);
    let single = Run { name: "one change a poll", polls: args.moments, at_once: 1, in_flight: 1 };
    let burst = |name, in_flight| Run { name, polls: args.bursts, at_once: GAMES, in_flight };
    for run in [
        single,
        burst("sixteen changes a poll", 1),
        burst("sixteen changes a poll, sixteen requests at once", 16),
    ] {
        if run.polls > 0 {
            runtime.block_on(measure(&args, &run))?;
        }
    }
    Ok(())
}

async fn measure(args: &Args, run: &Run) -> anyhow::Result<()> {
    let dir = tempfile::tempdir_in(&args.dir).with_context(|| format!("use {}", args.dir.display()))?;
    let ledger = Arc::new(SqliteLedger::open(dir.path().join("ledger.db"))?);
    let meter = Arc::new(Meter::new(Arc::clone(&ledger)));
    let receiver = Receiver::start(Arc::clone(&meter))?;
    let settings = WebhookSettings::new(receiver.url(), SecretString::from(SECRET));
    let settings = WebhookSettings { in_flight: run.in_flight, ..settings };
    let channel = WebhookChannel::new(settings, Arc::new(SystemClock))?;
    let sport = Sport::of("nba").context("the NBA is known")?;
    let rest = Duration::from_millis(args.rest);
    let board = Board::new(Arc::clone(&meter), Arc::clone(&ledger), run.polls, run.at_once, rest);
    let lease = LedgerLease::new(Arc::clone(&ledger) as _, dir.path(), "latency");
    let rules = Rules { threshold: 0.0, confirmations: 0, ..Rules::default() };
    let policy = Policy { sports: BTreeMap::from([(sport.key.clone(), rules)]), ..Policy::default() };
    let policy = watch::Sender::new(Arc::new(policy));
    let tree = Tree::start(TreeSpec {
        world: World {
            clock: Arc::new(SystemClock),
            ledger: Arc::clone(&ledger) as _,
            lease: Arc::new(lease),
            sports: vec![(sport, vec![Arc::new(board)])],
            news: Vec::new(),
            writers: vec![Arc::new(TemplateWriter::builtin()?)],
            channels: BTreeMap::from([(
                ChannelName(CHANNEL.to_owned()),
                Arc::new(channel) as Arc<dyn Channel>,
            )]),
            operator: None,
        },
        policy: policy.subscribe(),
        timing: Timing::default(),
        restarts: Restarts::default(),
        instance: None,
        seed: 1,
    })
    .await?;
    tree.replayed().await;
    let ended = tree.root().stop(Duration::from_secs(10)).await;
    ensure!(ended == Ended::Stopped, "the tree ended as {ended:?}");

    let moments = run.polls * run.at_once;
    let filter = PostFilter { state: Some(PostState::Sent), limit: usize::MAX >> 1, ..PostFilter::default() };
    let sent = ledger.posts(&filter).await?.len();
    ensure!(
        sent == moments && meter.arrivals() == moments,
        "{moments} moments, but {sent} posts sent and {} requests",
        meter.arrivals()
    );
    println!("\n{}: {} moments", run.name, moments);
    print!("{}", meter.report(run.at_once));
    Ok(())
}
