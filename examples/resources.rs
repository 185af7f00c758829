//! What the service takes of a machine: memory at rest, time to start, size on disk.
//!
//! ```text
//! cargo build --release && cargo run --release --example resources
//! ```
//!
//! The release binary runs as an operator runs it, with the twelve leagues it follows by default, against a stand-in of
//! the scoreboards that answers empty boards. It starts on a ledger that a replayed game has left, is ready when `/ready`
//! says so, and is measured once it has come to rest.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use clap::Parser;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// Measures the release binary: memory, start, size.
#[derive(Debug, Parser)]
struct Args {
    /// The binary [default: the release build beside this example]
    #[arg(long)]
    binary: Option<PathBuf>,
    /// A ledger to start on, of which a copy is used [default: the one that a replay leaves]
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// How often it is started.
    #[arg(long, default_value_t = 3)]
    starts: usize,
    /// Seconds until it counts as at rest.
    #[arg(long, default_value_t = 15)]
    settle: u64,
}

const RECORDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/nba-atl-bos-117-116.jsonl");
const READY_WITHIN: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(1);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let binary = args.binary.clone().map_or_else(beside_this_example, Ok)?;
    let size = binary.metadata().with_context(|| format!("look at {}", binary.display()))?.len();
    println!("binary: {} KiB", size / 1024);

    let dir = tempfile::tempdir()?;
    let service = Service { binary, dir: dir.path().to_owned(), health: free_address().await? };
    service.configure(&scoreboard().await?)?;
    let ledger = match args.ledger {
        Some(ledger) => ledger,
        None => service.replay()?,
    };
    let bytes = std::fs::copy(&ledger, dir.path().join("ledger.db"))
        .with_context(|| format!("copy {}", ledger.display()))?;
    println!("ledger: {} KiB", bytes / 1024);

    for start in 1..=args.starts {
        let begun = Instant::now();
        let mut running = service.start()?;
        let ready = service.ready(&mut running.0).await?;
        println!("start {start}: ready after {} ms", (ready - begun).as_millis());
        if start == args.starts {
            tokio::time::sleep(Duration::from_secs(args.settle)).await;
            print!("at rest after {} s: {}", args.settle, memory(running.0.id())?);
        }
        running.stop()?;
    }
    Ok(())
}

/// The binary and where it works.
struct Service {
    binary: PathBuf,
    dir: PathBuf,
    health: String,
}

/// A process that does not outlive its handle.
struct Running(Child);

impl Service {
    fn configure(&self, scoreboard: &str) -> anyhow::Result<()> {
        let text = format!(
            "state_dir = \"{}\"\n[feeds.espn]\nbase_url = \"{scoreboard}\"\n[http]\nlisten = \"127.0.0.1:0\"\n[api]\nlisten = \"127.0.0.1:0\"\n\
             [health]\nlisten = \"{}\"\n",
            self.dir.display(),
            self.health
        );
        Ok(std::fs::write(self.settings(), text)?)
    }

    fn settings(&self) -> PathBuf {
        self.dir.join("wirereport.toml")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("run").arg("--config").arg(self.settings()).arg("--log-level").arg("warn");
        command.stdout(Stdio::null());
        command
    }

    /// Replays a game and says where its ledger is.
    fn replay(&self) -> anyhow::Result<PathBuf> {
        let done = self.command().args(["--replay", RECORDING, "--speed", "max"]).status()?;
        ensure!(done.success(), "the replay ended with {done}");
        let replays = self.dir.join("replays").read_dir()?;
        let ledgers = replays.filter_map(|run| Some(run.ok()?.path().join("ledger.db")));
        ledgers.into_iter().find(|ledger| ledger.exists()).context("the replay left no ledger")
    }

    fn start(&self) -> anyhow::Result<Running> {
        Ok(Running(self.command().spawn()?))
    }

    /// Waits until the service says that it is ready.
    async fn ready(&self, child: &mut Child) -> anyhow::Result<Instant> {
        let begun = Instant::now();
        while begun.elapsed() < READY_WITHIN {
            if self.says_ready() {
                return Ok(Instant::now());
            }
            if let Some(ended) = child.try_wait()? {
                bail!("the service ended with {ended}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        bail!("the service is not ready after {READY_WITHIN:?}")
    }

    fn says_ready(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(&self.health)?;
            stream.write_all(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1 200"))
        };
        ask().unwrap_or(false)
    }
}

impl Running {
    /// Stops it as systemd does.
    fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status()?;
        ensure!(asked.success(), "kill ended with {asked}");
        let ended = self.0.wait()?;
        ensure!(ended.success(), "the service ended with {ended}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed and need not be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn beside_this_example() -> anyhow::Result<PathBuf> {
    let example = std::env::current_exe()?;
    let release = example.parent().and_then(Path::parent).context("this example is in a target directory")?;
    Ok(release.join("wirereport"))
}

/// An address that was free a moment ago.
async fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.to_string())
}

/// Boards without games, for every league.
async fn scoreboard() -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let empty = || async { ([(CONTENT_TYPE, "application/json")], "{\"events\":[]}") };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(empty)).await });
    Ok(url)
}

/// What Linux says of a process.
fn memory(process: u32) -> anyhow::Result<String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let value = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(1)).and_then(|value| value.parse::<f64>().ok())
    };
    let mebibytes = |name| value(name).map(|kibibytes| kibibytes / 1024.0).context("no memory in status");
    let files = std::fs::read_dir(format!("/proc/{process}/fd"))?.count();
    Ok(format!(
        "{:.1} MiB resident ({:.1} MiB of its own, {:.1} MiB of files; {:.1} MiB at the peak), {} threads, {files} open files\n",
        mebibytes("VmRSS:")?,
        mebibytes("RssAnon:")?,
        mebibytes("RssFile:")?,
        mebibytes("VmHWM:")?,
        value("Threads:").unwrap_or(0.0),
    ))
}
