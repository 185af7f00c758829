//! The real binary: in a directory of its own, watched, asked and killed as an operator would.
//!
//! Whatever is printed or logged is searched for the secrets that were set.
//!
//! Nothing here waits for a time to pass. What a test waits for is an event, and where a process can only be asked, it is
//! asked again and again until it answers as it should, or [`PATIENCE`] is at its end.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::planted;

/// How long anything may take before it counts as stuck: far longer than it takes on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The signing secret of every webhook in these tests: `whsec_` and the bytes 0 to 31.
pub(crate) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Awaits, but not for ever.
pub(crate) async fn within<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    waited.unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"))
}

/// Asks again and again until there is something to return.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asked = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    within(what, asked).await
}

/// The settings of a webhook channel called `hook`.
pub(crate) fn hook(url: &str) -> String {
    format!(
        "[channels.hook]\nkind = \"webhook\"\nurl = \"{url}\"\nsecret_env = \"HOOK_SECRET\"\nallow_http = true\n\
         idempotency_window = \"forever\"\nattempts = 100\n"
    )
}

/// A directory with settings and state, where wires are started one after the other or side by side.
pub(crate) struct Place {
    dir: TempDir,
    /// The state directory that commands are about.
    asked: PathBuf,
    /// What stands in the environment besides what always does.
    environment: Vec<(&'static str, String)>,
}

impl Place {
    /// A place with these settings and no ports.
    pub(crate) fn new(settings: &str) -> Self {
        Self::within(&std::env::temp_dir(), settings)
    }

    /// The same, where it can be in memory: a kill is no power cut, so what matters is what the kernel was told, and
    /// waiting for a disk would only take time.
    pub(crate) fn in_memory(settings: &str) -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::within(memory, settings) } else { Self::new(settings) }
    }

    fn within(folder: &Path, settings: &str) -> Self {
        let dir = tempfile::Builder::new().prefix("wire").tempdir_in(folder).expect("a directory");
        let fixed =
            "state_dir = \"state\"\nhttp.listen = \"off\"\napi.listen = \"off\"\nhealth.listen = \"off\"\n";
        let settings = format!("{fixed}{settings}");
        std::fs::write(dir.path().join("wire.toml"), settings).expect("settings are written");
        let asked = dir.path().join("state");
        Self { dir, asked, environment: Vec::new() }
    }

    /// Sets these variables for whatever is started here.
    pub(crate) fn set(&mut self, variables: impl IntoIterator<Item = (&'static str, String)>) {
        self.environment.extend(variables);
    }

    /// The state directory that commands are about: the one of the settings, if no other was chosen.
    pub(crate) fn state(&self) -> &Path {
        &self.asked
    }

    /// Has commands be about the rehearsals of live runs.
    pub(crate) fn ask_about_rehearsals(&mut self) {
        self.asked = self.dir.path().join("state/dry-run");
    }

    /// Has commands be about the one recording that was replayed, which is in that folder of the state directory.
    pub(crate) fn ask_about_replay(&mut self, folder: &str) {
        let folder = self.dir.path().join("state").join(folder);
        let mut entries = std::fs::read_dir(folder).expect("a replay has run");
        self.asked = entries.next().expect("a replay has run").expect("a directory").path();
        assert!(entries.next().is_none(), "several recordings were replayed");
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    /// Fails where a secret that was planted here stands in `text`.
    fn hold_no_secret(&self, what: &str, text: &str) {
        planted::none_in(what, text, &[("HOOK_SECRET", SECRET.to_owned())]);
        planted::none_in(what, text, &self.environment);
    }

    /// Everything that was logged here so far, by every life.
    pub(crate) fn logged(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wirereport"));
        command.args(args).current_dir(self.dir.path()).kill_on_drop(true);
        command.env_clear().env("WIREREPORT_CONFIG", "wire.toml").env("HOOK_SECRET", SECRET);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn output(&self, args: &[&str]) -> Output {
        let mut command = self.command(args);
        if args[0] != "run" {
            command.arg("--state-dir").arg(&self.asked);
        }
        let output = within(&args.join(" "), command.output()).await.expect("the binary runs");
        for said in [&output.stdout, &output.stderr] {
            self.hold_no_secret(&args.join(" "), &String::from_utf8_lossy(said));
        }
        output
    }

    /// Runs a command that must succeed; what it prints.
    pub(crate) async fn ok(&self, args: &[&str]) -> String {
        let output = self.output(args).await;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {} {said}", args.join(" "), output.status);
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Every post, newest first.
    pub(crate) async fn posts(&self) -> Vec<Value> {
        self.list(&["posts", "list"]).await
    }

    /// Every told story, newest first.
    pub(crate) async fn told(&self) -> Vec<Value> {
        self.list(&["stories", "--told"]).await
    }

    /// Every story, told or not, newest first.
    pub(crate) async fn stories(&self) -> Vec<Value> {
        self.list(&["stories"]).await
    }

    async fn list(&self, args: &[&str]) -> Vec<Value> {
        let printed = self.ok(&[args, &["--json", "--limit", "500"]].concat()).await;
        let items: Vec<Value> = serde_json::from_str(&printed).expect("a list");
        assert!(items.len() < 500, "there may be more than are listed");
        items
    }

    /// The entries of the channel `feed`, as its JSON Feed has them.
    pub(crate) fn feed_items(&self) -> Vec<Value> {
        let feed = std::fs::read(self.state().join("feeds/feed/feed.json")).expect("a feed");
        let feed: Value = serde_json::from_slice(&feed).expect("JSON");
        feed["items"].as_array().expect("items").clone()
    }

    /// What `status --json` says; `None` while nobody answers.
    pub(crate) async fn status(&self) -> Option<Value> {
        let output = self.output(&["status", "--json"]).await;
        match output.status.code() {
            Some(0) => Some(serde_json::from_slice(&output.stdout).expect("JSON")),
            Some(69) => None,
            code => panic!("status left with {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
        }
    }

    /// Waits until the status is as it should be, and returns it.
    pub(crate) async fn status_where(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || self.status().await.filter(|status| wanted(status))).await
    }

    /// Starts a wire: `run` with these arguments.
    pub(crate) fn start(&self, args: &[&str]) -> Wire {
        self.start_with(args, &[])
    }

    /// Starts a wire that ends itself at that point: `armed:3`.
    pub(crate) fn start_to_crash(&self, args: &[&str], at: &str) -> Wire {
        self.start_with(args, &[("WIREREPORT_CRASH_AT", at)])
    }

    /// Starts a wire that stands still at that point, until it is told to go on.
    pub(crate) fn start_to_stop(&self, args: &[&str], at: &str) -> Wire {
        self.start_with(args, &[("WIREREPORT_STOP_AT", at)])
    }

    fn start_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Wire {
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let mut command = self.command(&[&["run", "--log-level", "info"], args].concat());
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Wire { child: command.spawn().expect("the binary starts") }
    }

    /// Has a sport look at its board now, and waits until what it saw is in the ledger.
    pub(crate) async fn look(&self, sport: &str) {
        let path = format!("sports/{sport}");
        let restarts = |status: &Value| child(status, &path)["restarts"].as_u64();
        let before = self.status().await.as_ref().and_then(restarts);
        self.ok(&["actor", "restart", &path]).await;
        let looked = |status: &Value| {
            let sport = child(status, &path);
            let rests = sport["phase"] == "running" && sport["doing"].is_null();
            restarts(status) > before && rests && (!sport["next"].is_null() || is_degraded(sport))
        };
        self.status_where(&format!("{sport} looks at its board"), looked).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.logged();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("the log ends:\n{}", lines[lines.len().saturating_sub(60)..].join("\n"));
        } else {
            self.hold_no_secret("the log", &self.logged());
        }
    }
}

/// An actor of a status by its path: `sports/nba`.
pub(crate) fn child<'a>(status: &'a Value, path: &str) -> &'a Value {
    let mut children = &status["tree"];
    let mut found = &Value::Null;
    for name in path.split('/') {
        let all = children.as_array().expect("a list of actors");
        found = all.iter().find(|child| child["name"] == name).unwrap_or(&Value::Null);
        children = &found["children"];
    }
    assert!(!found.is_null(), "no actor {path} in {status}");
    found
}

/// Whether an actor of a status says that something it needs is not there.
pub(crate) fn is_degraded(child: &Value) -> bool {
    child["health"]["state"] == "degraded"
}

/// Whether a status shows a leader.
pub(crate) fn leads(status: &Value) -> bool {
    status["epoch"].is_u64()
}

/// A wire that was started.
pub(crate) struct Wire {
    child: Child,
}

impl Wire {
    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().expect("it has not been waited for")
    }

    /// Ends it with SIGKILL, and waits until it is gone. How it ended: it may have been quicker.
    pub(crate) async fn kill(mut self) -> ExitStatus {
        // One that has ended by itself cannot be killed.
        let _ = self.child.start_kill();
        self.exit().await
    }

    /// Asks it to stop, with SIGTERM.
    pub(crate) async fn terminate(&self) {
        let order = format!("kill -TERM {}", self.pid());
        let sent = Command::new("/bin/sh").args(["-c", &order]).status().await.expect("a shell");
        assert!(sent.success(), "{order}");
    }

    /// Waits until it ends.
    pub(crate) async fn exit(&mut self) -> ExitStatus {
        within("the wire ends", self.child.wait()).await.expect("it can be waited for")
    }

    /// Whether it is still there.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it can be asked").is_none()
    }
}
