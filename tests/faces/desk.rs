//! An operator's desk: a directory with settings and a state directory, commands that run to their end, and services
//! whose log is followed.
//!
//! Whatever is printed, logged or answered over TCP here is searched for the secrets that were set, and for the key that the
//! service made to sign tokens with.
//!
//! Nothing waits for a time to pass. A test waits for a line of the log or for what a command answers; [`PATIENCE`] only
//! bounds how long a test that fails takes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::planted;
use crate::tap::Tap;

/// Far longer than anything takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Awaits, but not for ever.
pub(crate) async fn within<T>(what: &str, wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
}

/// Asks again and again until there is an answer.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let answered = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    within(what, answered).await
}

/// A recording of the project's own.
pub(crate) fn recording(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name)
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Outcome {
    /// What it printed; it must have succeeded.
    pub(crate) fn ok(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// What it said on standard error; it must have left by that code and printed nothing.
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        self.err
    }

    /// The one sentence it said; it must have left by that code.
    pub(crate) fn sentence(self, code: i32) -> String {
        let said = self.refused(code);
        let sentence = said.strip_prefix("wirereport: ").and_then(|said| said.strip_suffix('\n'));
        let sentence = sentence.unwrap_or_else(|| panic!("no sentence of ours: {said}"));
        assert!(!sentence.contains('\n'), "more than one sentence: {said}");
        sentence.to_owned()
    }
}

/// A directory of its own, in which everything happens.
pub(crate) struct Desk {
    dir: TempDir,
    environment: Vec<(String, String)>,
}

impl Desk {
    /// One with these settings, on top of what keeps it to itself: a state directory, and free ports.
    pub(crate) fn with(settings: &str) -> Self {
        let desk = Self::bare();
        desk.write("wire.toml", settings_text(settings));
        desk
    }

    /// One without a settings file.
    pub(crate) fn bare() -> Self {
        let dir = tempfile::Builder::new().prefix("desk").tempdir().unwrap();
        Self { dir, environment: Vec::new() }
    }

    /// Sets a variable for every command from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn settings(&self, settings: &str) {
        self.write("wire.toml", settings_text(settings));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wirereport"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null()).kill_on_drop(true);
        command.env_clear().env("HOME", self.dir.path()).env("TZ", "UTC");
        for name in ["PATH", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        if self.path("wire.toml").exists() {
            command.env("WIREREPORT_CONFIG", "wire.toml");
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, args: &[&str]) -> Outcome {
        let output = within(&args.join(" "), self.command(args).output()).await.unwrap();
        let said = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            planted::none_in(&args.join(" "), &text, &self.planted().in_force());
            text
        };
        Outcome { code: output.status.code(), out: said(output.stdout), err: said(output.stderr) }
    }

    /// Runs a command on a terminal of so many columns; what appears there.
    pub(crate) async fn on_terminal(&self, columns: u16, args: &[&str]) -> String {
        let mut line = format!("stty cols {columns} rows 50; exec {}", env!("CARGO_BIN_EXE_wirereport"));
        args.iter().for_each(|arg| write!(line, " '{arg}'").unwrap());
        let plain = self.command(&[]);
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env_clear().env("TERM", "xterm").env("SHELL", "/bin/sh").kill_on_drop(true);
        command.envs(plain.as_std().get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = within(&line, command.output()).await.expect("script(1) is there");
        String::from_utf8(output.stdout).unwrap().replace('\r', "")
    }

    /// What a command prints as JSON.
    pub(crate) async fn json(&self, args: &[&str]) -> Value {
        let printed = self.run(&[args, &["--json"]].concat()).await.ok();
        serde_json::from_str(&printed).unwrap()
    }

    /// What the status comes to be, once it is as wanted.
    pub(crate) async fn status_where(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || Some(self.json(&["status"]).await).filter(&wanted)).await
    }

    /// Starts a service.
    pub(crate) fn start(&self, args: &[&str]) -> Service {
        let mut command = self.command(&[&["run"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = follow(child.stdout.take().unwrap());
        let log = follow(child.stderr.take().unwrap());
        Service { child, out, log, planted: self.planted(), taps: Mutex::default() }
    }

    fn planted(&self) -> Planted {
        Planted { environment: self.environment.clone(), made: self.path("state/brain-api.key") }
    }

    /// Starts a service that follows the NBA, and waits until it leads and has seen its first board.
    pub(crate) async fn start_ready(&self) -> Service {
        let service = self.start(&[]);
        service.logged("ready sports=").await;
        service.logged("leading").await;
        self.status_where("the first board was seen", |status| !nba(status)["next"].is_null()).await;
        service
    }

    /// Has a sport look at its board now.
    pub(crate) async fn look(&self, sport: &str) {
        self.run(&["actor", "restart", sport]).await.ok();
    }
}

/// The actor of the NBA in a status.
pub(crate) fn nba(status: &Value) -> &Value {
    &status["tree"][3]["children"][0]
}

fn settings_text(settings: &str) -> String {
    let fixed = "state_dir = \"state\"\nhttp.listen = \"127.0.0.1:0\"\napi.listen = \"127.0.0.1:0\"\n\
                 health.listen = \"127.0.0.1:0\"\n";
    format!("{fixed}{settings}")
}

type Lines = watch::Receiver<Vec<String>>;

fn follow(stream: impl AsyncRead + Send + Unpin + 'static) -> Lines {
    let (lines, seen) = watch::channel(Vec::new());
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream).lines();
        while let Ok(Some(line)) = stream.next_line().await {
            lines.send_modify(|lines| lines.push(line));
        }
    });
    seen
}

/// A service that was started.
pub(crate) struct Service {
    child: Child,
    out: Lines,
    log: Lines,
    planted: Planted,
    /// The taps on its ports, by their true addresses.
    taps: Mutex<BTreeMap<SocketAddr, Tap>>,
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let planted = self.planted.in_force();
        let lines = |lines: &Lines| lines.borrow().join("\n");
        planted::none_in("the log", &lines(&self.log), &planted);
        planted::none_in("standard output", &lines(&self.out), &planted);
        self.answers().iter().for_each(|answer| planted::none_in("an answer over TCP", answer, &planted));
    }
}

/// Where the secrets stand that must stand nowhere else.
struct Planted {
    environment: Vec<(String, String)>,
    /// The file of the key that the service makes.
    made: PathBuf,
}

impl Planted {
    /// The secrets that there are now.
    fn in_force(&self) -> Vec<(String, String)> {
        let made = std::fs::read_to_string(&self.made).ok();
        let made = made.map(|key| ("MADE_KEY".to_owned(), key.trim().to_owned()));
        self.environment.iter().cloned().chain(made).collect()
    }
}

impl Service {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().expect("it has not ended")
    }

    /// Waits for a line of the log that holds `part`; the first one.
    pub(crate) async fn logged(&self, part: &str) -> String {
        self.logged_after(0, part).await
    }

    /// Waits for a line that holds `part` after the first `skip` lines of the log.
    pub(crate) async fn logged_after(&self, skip: usize, part: &str) -> String {
        first(&self.log, "the log", skip, part).await
    }

    /// Waits for a line on standard output that holds `part`.
    pub(crate) async fn printed(&self, part: &str) -> String {
        first(&self.out, "standard output", 0, part).await
    }

    /// What its ports answered so far, over each connection.
    pub(crate) fn answers(&self) -> Vec<String> {
        let taps = self.taps.lock().unwrap_or_else(PoisonError::into_inner);
        taps.values().flat_map(Tap::heard).collect()
    }

    /// Every line of the log so far.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    /// Where a port is reached that the line names which says it is ready: `http`. That is a tap before it.
    pub(crate) async fn address(&self, field: &str) -> String {
        let address = self.bare_address(field).await;
        let Ok(service) = address.parse::<SocketAddr>() else { return address };
        let known = self.taps.lock().unwrap_or_else(PoisonError::into_inner).get(&service).map(Tap::address);
        if let Some(known) = known {
            return known.to_string();
        }
        let tap = Tap::before(service).await;
        let tapped = tap.address().to_string();
        self.taps.lock().unwrap_or_else(PoisonError::into_inner).insert(service, tap);
        tapped
    }

    /// The value of a field in that line.
    pub(crate) async fn bare_address(&self, field: &str) -> String {
        let line = plain(&self.logged("ready sports=").await);
        let (_, after) = line.split_once(&format!(" {field}=\"")).expect("it says where");
        after.split('"').next().unwrap().to_owned()
    }

    /// Sends a signal: `HUP`.
    pub(crate) async fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([format!("-{signal}"), self.pid().to_string()]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Waits for its end, of its own will or by a signal; how it left, and all it logged.
    pub(crate) async fn ended(mut self) -> (Option<i32>, Vec<String>) {
        let status = within("the service ends", self.child.wait()).await.unwrap();
        // The log is whole when the stream is at its end.
        let mut log = self.log.clone();
        within("the log ends", async { while log.changed().await.is_ok() {} }).await;
        (status.code(), self.log())
    }

    /// Stops it in order.
    pub(crate) async fn stop(self) -> Vec<String> {
        self.signal("TERM").await;
        let (code, log) = self.ended().await;
        assert_eq!(code, Some(0), "{}", log.join("\n"));
        log
    }

    /// Ends it with SIGKILL.
    pub(crate) async fn kill(self) {
        self.signal("KILL").await;
        assert_eq!(self.ended().await.0, None);
    }
}

async fn first(lines: &Lines, of: &str, skip: usize, part: &str) -> String {
    let has = |line: &&String| line.contains(part);
    let mut waiting = lines.clone();
    let found = waiting.wait_for(|lines| lines.iter().skip(skip).any(|line| line.contains(part)));
    let ended = match tokio::time::timeout(PATIENCE, found).await {
        Ok(Ok(lines)) => return lines.iter().skip(skip).find(has).unwrap().clone(),
        Ok(Err(_)) => "it ended",
        Err(_) => "in vain",
    };
    panic!("waited for {part:?} on {of}, {ended}:\n{}", lines.borrow().join("\n"));
}

/// A line without colours.
pub(crate) fn plain(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}
