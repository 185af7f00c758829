//! Chromium, driven as a reader would use it: over WebDriver, whose messages are JSON over HTTP.
//!
//! Where Chromium or its driver is absent a test says so and is skipped; where `CI` is `true` that is a failure.

use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::desk::eventually;

/// The key under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How often the driver is started until it listens.
const TRIES: u32 = 5;

/// A browser with one page.
pub(crate) struct Browser {
    client: Client,
    session: String,
    driver: Driver,
}

/// The driver and the browsers it started, all of which end with this, however a test does.
struct Driver {
    /// The group of all of them.
    group: u32,
    _process: Child,
    /// Where the browser keeps what it keeps.
    profile: TempDir,
}

impl Driver {
    /// Starts one; where it listens.
    async fn start() -> Option<(Self, String)> {
        // One leaves where the port it found free for IPv4 is taken for IPv6.
        for _ in 0..TRIES {
            let mut command = Command::new("chromedriver");
            command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
            let Ok(mut process) = command.process_group(0).spawn() else { return absent("chromedriver") };
            let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
            let group = process.id().expect("nobody asked how it ended");
            let profile = tempfile::Builder::new().prefix("browser").tempdir().unwrap();
            let driver = Self { group, _process: process, profile };
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    return Some((driver, format!("http://127.0.0.1:{}", port.trim_end_matches('.'))));
                }
            }
        }
        panic!("the driver did not say where it listens, {TRIES} times");
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // What is over already is no longer there to be ended.
        let _ = std::process::Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.group)])
            .stderr(Stdio::null())
            .status();
    }
}

/// How the page is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) scheme: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Browser {
    /// Starts one; `None` where there is none on this machine.
    pub(crate) async fn start() -> Option<Self> {
        let (driver, address) = Driver::start().await?;
        let client = wirereport::http::client(Duration::from_secs(5), Duration::from_secs(60)).unwrap();
        let args = [
            &format!("--user-data-dir={}", driver.profile.path().display()),
            "--headless=new",
            // Tests may run as root, for whom Chromium has no sandbox.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--no-first-run",
            "--window-size=1280,900",
        ];
        let wanted = json!({"goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": {"args": args}});
        let asked = json!({"capabilities": {"alwaysMatch": wanted}});
        let sessions = format!("{address}/session");
        let answer: Value = client.post(&sessions).json(&asked).send().await.unwrap().json().await.unwrap();
        let Some(id) = answer["value"]["sessionId"].as_str() else {
            let why = answer["value"]["message"].as_str().unwrap_or_default();
            return absent(&format!("chromium ({why})"));
        };
        Some(Self { client, session: format!("{sessions}/{id}"), driver })
    }

    async fn order(&self, path: &str, body: Value) -> Result<Value, String> {
        let answer = self.client.post(format!("{}{path}", self.session)).json(&body).send().await.unwrap();
        let good = answer.status().is_success();
        let mut answer: Value = answer.json().await.unwrap();
        if good { Ok(answer["value"].take()) } else { Err(answer["value"]["message"].to_string()) }
    }

    async fn devtools(&self, cmd: &str, params: Value) {
        self.order("/goog/cdp/execute", json!({"cmd": cmd, "params": params})).await.unwrap();
    }

    /// The whole page as it looks.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let order = json!({"cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": true}});
        let picture = self.order("/goog/cdp/execute", order).await.unwrap();
        STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
    }

    /// Opens an address.
    pub(crate) async fn open(&self, url: &str) {
        self.order("/url", json!({"url": url})).await.unwrap();
    }

    /// Has the page looked at with that scheme and size.
    pub(crate) async fn look(&self, look: Look) {
        let Look { scheme, width, height } = look;
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", scheme).await;
    }

    /// What a script on the page returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.order("/execute/sync", json!({"script": script, "args": []})).await.unwrap()
    }

    /// What a script's promise on the page comes to.
    pub(crate) async fn promised(&self, script: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             (async () => {{ {script} }})().then(done, (error) => done({{failed: String(error)}}));"
        );
        let value = self.order("/execute/async", json!({"script": script, "args": []})).await.unwrap();
        assert!(value["failed"].is_null(), "{value}");
        value
    }

    /// The text of what is there first, as it is seen; empty where nothing is.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let script = format!(
            "const node = document.querySelector({}); return node?.checkVisibility() ? node.innerText : '';",
            json!(selector)
        );
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// How many of them are seen.
    pub(crate) async fn count(&self, selector: &str) -> u64 {
        let script = format!(
            "return [...document.querySelectorAll({})].filter((node) => node.checkVisibility()).length;",
            json!(selector)
        );
        self.run(&script).await.as_u64().unwrap()
    }

    /// Waits until that place says `part`; what it says then.
    pub(crate) async fn says(&self, selector: &str, part: &str) -> String {
        let mut last = String::new();
        let said = async || {
            let text = self.text(selector).await;
            if text != last {
                // A test that fails shows what came instead.
                eprintln!("{selector} says {text:?}");
                last.clone_from(&text);
            }
            text.contains(part).then_some(text)
        };
        eventually(&format!("{selector} says {part:?}"), said).await
    }

    /// Waits until a script on the page returns something that is true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        let holds = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
        eventually(what, async || Some(self.run(script).await).filter(holds)).await
    }

    /// Presses the first button inside `scope` that is seen and says `text`, once there is one.
    pub(crate) async fn press(&self, scope: &str, text: &str) {
        let script = format!(
            "const all = [...document.querySelectorAll({})].flatMap((scope) => [...scope.querySelectorAll('button')]); \
             return all.find((button) => button.innerText.trim() === {} && !button.disabled && button.checkVisibility());",
            json!(scope),
            json!(text)
        );
        eventually(&format!("a button {text:?} in {scope} can be pressed"), async || {
            let element = self.run(&script).await[ELEMENT].as_str()?.to_owned();
            self.click_on(&element).await
        })
        .await;
    }

    /// Clicks what is there first, once it can be clicked.
    pub(crate) async fn click(&self, selector: &str) {
        eventually(&format!("{selector} can be clicked"), async || {
            let element = self.element(selector).await?;
            self.click_on(&element).await
        })
        .await;
    }

    /// Types into a field, in the place of what stands there.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        eventually(&format!("{selector} can be filled in"), async || {
            let element = self.element(selector).await?;
            self.order(&format!("/element/{element}/clear"), json!({})).await.ok()?;
            self.order(&format!("/element/{element}/value"), json!({"text": text})).await.ok()
        })
        .await;
    }

    /// Chooses in a select.
    pub(crate) async fn choose(&self, selector: &str, value: &str) {
        let script = format!(
            "const select = document.querySelector({}); select.value = {}; \
             select.dispatchEvent(new Event('change', {{bubbles: true}}));",
            json!(selector),
            json!(value)
        );
        self.run(&script).await;
    }

    /// Clicks an element, once it is brought to where the bar does not cover it.
    async fn click_on(&self, element: &str) -> Option<Value> {
        let centred = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});";
        let args = json!({"script": centred, "args": [{ELEMENT: element}]});
        self.order("/execute/sync", args).await.ok()?;
        self.order(&format!("/element/{element}/click"), json!({})).await.ok()
    }

    async fn element(&self, selector: &str) -> Option<String> {
        let found = self.order("/element", json!({"using": "css selector", "value": selector})).await;
        Some(found.ok()?[ELEMENT].as_str()?.to_owned())
    }

    /// Ends it; nothing that went wrong may stand on its console, but for what holds one of these.
    pub(crate) async fn quit(self, but: &[&str]) {
        let log = self.order("/se/log", json!({"type": "browser"})).await.unwrap();
        let lines = log
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["level"] == "SEVERE" || line["level"] == "WARNING");
        let wrong: Vec<&str> = lines
            .filter_map(|line| line["message"].as_str())
            .filter(|line| !but.iter().any(|but| line.contains(but)))
            .collect();
        assert!(wrong.is_empty(), "the console says: {wrong:#?}");
        self.client.delete(&self.session).send().await.unwrap();
    }
}

pub(crate) fn absent<T>(what: &str) -> Option<T> {
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{what} is not there; .ci/install installs it"
    );
    eprintln!("skipped: {what} is not there; .ci/install installs it");
    None
}

/// The processes of a group, but for those that have ended and were not asked how.
fn alive(group: u32) -> usize {
    let group = group.to_string();
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let of_it = processes.filter(|process| {
        let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let mut fields = after_name.split_whitespace();
        let state = fields.next();
        state.is_some_and(|state| state != "Z") && fields.nth(1) == Some(group.as_str())
    });
    of_it.count()
}

#[tokio::test]
async fn a_test_that_panics_leaves_no_browser_behind() {
    let Some(browser) = Browser::start().await else { return };
    let (group, profile) = (browser.driver.group, browser.driver.profile.path().to_owned());
    assert!(alive(group) > 2, "the driver, and a browser of several processes");
    let failed = tokio::spawn(async move {
        browser.open("about:blank").await;
        panic!("as a test does that fails");
    });
    assert!(failed.await.unwrap_err().is_panic());
    eventually("all of its processes have ended", async || (alive(group) == 0).then_some(())).await;
    assert!(!profile.exists() || std::fs::remove_dir_all(profile).is_ok());
}
