//! The wire: the tree on a ledger on disk that is full of unwritten stories, with a webhook as its one channel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::Instant;
use wirereport::channels::webhook::{WebhookChannel, WebhookSettings};
use wirereport::clock::SystemClock;
use wirereport::lease::LedgerLease;
use wirereport::ledger::SqliteLedger;
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::ports::channel::Channel;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, PostFilter};
use wirereport_actors::tree::{Policy, Restarts, Timing, Tree, TreeSpec, World};
use wirereport_actors::wire::post::{ChannelName, PostState};

use super::{Args, SECRET, Sent, peak, stories};

/// Stories of one poll.
const POLL: usize = 500;

pub(super) async fn send(args: &Args) -> anyhow::Result<Sent> {
    let ledger = Arc::new(SqliteLedger::open(args.dir.join("ledger.db"))?);
    let epoch = ledger.mint_epoch("board", SystemClock.now()).await?;
    for first in (0..args.stories).step_by(POLL) {
        let numbers = first..(first + POLL).min(args.stories);
        ledger.record_poll(&stories::poll(epoch, numbers, args.games, SystemClock.now())).await?;
    }
    let before = ledger.stats();
    let begun = Instant::now();
    let tree = start(args, &ledger).await?;
    let mut commits = ledger.commits();
    // A story is written, armed and settled. Whether all are is only looked at, which counts everything, when they can be.
    let least = before.operations + 3 * u64::try_from(args.stories)?;
    while ledger.stats().operations < least || ledger.backlog().await?.is_unfinished() {
        commits.changed().await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let (peak, after) = (peak()?, ledger.stats());
    tree.root().stop(Duration::from_secs(10)).await;
    let filter = PostFilter { state: Some(PostState::Sent), limit: usize::MAX >> 1, ..PostFilter::default() };
    let posts = ledger.posts(&filter).await?.len();
    ensure!(posts == args.stories, "{} stories, but {posts} posts sent", args.stories);
    Ok(Sent {
        posts,
        seconds,
        peak,
        commits: after.commits - before.commits,
        committing: (after.commit_time - before.commit_time).as_secs_f64(),
        syncing: (after.sync_time - before.sync_time).as_secs_f64(),
    })
}

async fn start(args: &Args, ledger: &Arc<SqliteLedger>) -> anyhow::Result<Tree> {
    let settings = WebhookSettings::new(&args.url, SecretString::from(SECRET));
    let settings = WebhookSettings { in_flight: args.in_flight, ..settings };
    let channel = WebhookChannel::new(settings, Arc::new(SystemClock))?;
    let lease = LedgerLease::new(Arc::clone(ledger) as _, &args.dir, "throughput");
    let channels = [(ChannelName("webhook".to_owned()), Arc::new(channel) as Arc<dyn Channel>)];
    let (_, policy) = watch::channel(Arc::new(Policy::default()));
    let tree = TreeSpec {
        world: World {
            clock: Arc::new(SystemClock),
            ledger: Arc::clone(ledger) as _,
            lease: Arc::new(lease),
            sports: Vec::new(),
            news: Vec::new(),
            writers: vec![Arc::new(TemplateWriter::builtin()?)],
            channels: BTreeMap::from(channels),
            operator: None,
        },
        policy,
        timing: Timing::default(),
        restarts: Restarts::default(),
        instance: None,
        seed: 1,
    };
    Ok(Tree::start(tree).await?)
}
