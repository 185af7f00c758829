//! Accounts that are logged in by OAuth 2.0: over a browser here or elsewhere, and again once that is needed.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout};

use crate::boards::{NBA, night, telling};
use crate::desk::{Desk, Outcome, Service, eventually, within};
use crate::renewed::trouble_of;
use crate::scoreboard::Scoreboard;
use crate::stand_in::x_login::{CLIENT_ID, CLIENT_SECRET};
use crate::stand_in::{Platform, Platforms, Trouble};

/// A desk with an account on X, and the NBA.
struct Wire {
    desk: Desk,
    stand_in: Platforms,
    scoreboard: Scoreboard,
}

impl Wire {
    async fn new() -> Self {
        let (stand_in, scoreboard) = (Platforms::start().await, night().await);
        stand_in.journal().today = None;
        let api = stand_in.url(Platform::X);
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let settings = format!(
            "{}[channels.x]\nkind = \"x\"\nauth = \"oauth2\"\napi_url = \"{api}\"\n\
             authorize_url = \"{api}/i/oauth2/authorize\"\nredirect_uri = \"http://{free}/callback\"\n\
             read_back_after = \"100 ms\"\nabsent_after = \"100 ms\"\nread_back_for = \"1 min\"\n",
            telling(&scoreboard)
        );
        let mut desk = Desk::with(&settings);
        desk.set("TWITTER_CLIENT_ID", CLIENT_ID);
        desk.set("TWITTER_CLIENT_SECRET", CLIENT_SECRET);
        Self { desk, stand_in, scoreboard }
    }

    async fn start(&self) -> Service {
        self.desk.start_ready().await
    }

    async fn next_story(&self) {
        self.scoreboard.advance(NBA);
        self.desk.look("nba").await;
    }

    async fn is_told(&self, count: usize) {
        let what = format!("{count} told on X");
        eventually(&what, async || (self.stand_in.texts().len() == count).then_some(())).await;
    }

    async fn list(&self) -> String {
        self.desk.run(&["channel", "list"]).await.ok()
    }

    /// Logs the account in with an address that is pasted; what was printed after it.
    async fn log_in(&self) -> String {
        let mut login = Login::start(&self.desk, &["--paste"]).await;
        let led_to = login.led_to().await;
        login.paste(&led_to).await;
        let ended = login.ended().await;
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
        ended.out
    }

    /// Nothing that was logged or kept open shows a token or the app's secret.
    fn shows_no_secret(&self, log: &[String]) {
        let line = log.iter().find(|line| line.contains("stand-in-"));
        assert_eq!(line, None, "a secret is shown");
    }
}

/// A login that was begun.
struct Login {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    page: String,
}

impl Login {
    async fn start(desk: &Desk, args: &[&str]) -> Self {
        let mut command = desk.command(&[&["channel", "login", "x"], args].concat());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let page = within("the page is named", async {
            loop {
                let line = lines.next_line().await.unwrap().expect("it goes on");
                if line.starts_with("http") {
                    return line;
                }
            }
        });
        let page = page.await;
        Self { child, lines, page }
    }

    /// Where a browser is led to by the page.
    async fn led_to(&self) -> String {
        let answer = browse(&self.page).await;
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn paste(&mut self, address: &str) {
        let line = format!("{address}\n");
        self.child.stdin.as_mut().unwrap().write_all(line.as_bytes()).await.unwrap();
    }

    /// How it ended, with what it printed after the page's address.
    async fn ended(mut self) -> Outcome {
        let mut out = String::new();
        while let Some(line) = within("it prints", self.lines.next_line()).await.unwrap() {
            out.push_str(&line);
            out.push('\n');
        }
        let output = within("the login ends", self.child.wait_with_output()).await.unwrap();
        Outcome { code: output.status.code(), out, err: String::from_utf8(output.stderr).unwrap() }
    }
}

async fn browse(address: &str) -> reqwest::Response {
    let client = wirereport::http::client(Duration::from_secs(10), Duration::from_secs(10)).unwrap();
    client.get(address).send().await.unwrap()
}

#[tokio::test]
async fn an_account_is_logged_in_over_a_browser_on_this_machine() {
    let wire = Wire::new().await;
    assert!(wire.list().await.contains(" not logged in: run `wirereport channel login x`\n"));
    let login = Login::start(&wire.desk, &[]).await;
    let led_to = login.led_to().await;
    let forged = led_to.replace("state=", "state=x");
    assert_eq!(browse(&forged).await.status(), 400, "any page can lead a browser here");
    let page = browse(&led_to).await.text().await.unwrap();
    assert!(page.contains("You can close this page."), "{page}");
    let ended = login.ended().await;
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    assert!(ended.out.contains("x is logged in as @wire, with access until "), "{}", ended.out);
    let file = wire.desk.path("state/logins/x.json");
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let listed = wire.list().await;
    assert!(listed.contains("@wire, access until ") && !listed.contains("stand-in"), "{listed}");

    let service = wire.start().await;
    wire.next_story().await;
    wire.is_told(1).await;
    wire.shows_no_secret(&service.stop().await);
    assert_eq!(wire.stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn an_account_is_logged_in_over_a_browser_elsewhere() {
    let wire = Wire::new().await;
    let mut login = Login::start(&wire.desk, &["--paste"]).await;
    let led_to = login.led_to().await;
    login.paste("https://example.org/?state=hunter2&code=hunter2").await;
    login.paste(&led_to).await;
    let ended = login.ended().await;
    let said =
        "wirereport: that address is not of this login: give the one that the page led to, as a whole\n";
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), said));
    assert!(ended.out.contains("x is logged in as @wire"), "{}", ended.out);

    let mut denied = Login::start(&wire.desk, &["--paste"]).await;
    let led_to = denied.led_to().await;
    denied.paste(&(led_to.split("code=").next().unwrap().to_owned() + "error=access_denied")).await;
    let ended = denied.ended().await;
    let said = "wirereport: X did not let the app in (access_denied): begin again\n";
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), said));
}

#[tokio::test]
async fn what_cannot_be_logged_in_is_said_in_one_sentence() {
    let wire = Wire::new().await;
    let said = wire.desk.run(&["channel", "login", "y"]).await.sentence(78);
    assert_eq!(said, "no channel is called y: set it up in [channels.y]");
    let said = wire.desk.run(&["channel", "login", "feed"]).await.sentence(78);
    assert_eq!(said, "channel feed is of kind feed: only channels on X are logged in");
    let said = wire.desk.run(&["channel", "login", "x", "--paste"]).await;
    assert_eq!(said.code, Some(1));
    assert_eq!(
        said.err,
        "wirereport: no address was given: run it again and paste the one that the page led to\n"
    );
}

#[tokio::test]
async fn an_account_that_revokes_the_app_needs_a_new_login_and_nothing_is_lost() {
    let wire = Wire::new().await;
    wire.log_in().await;
    let service = wire.start().await;
    wire.next_story().await;
    wire.is_told(1).await;
    wire.stand_in.journal().x.provider.revoke();
    wire.next_story().await;
    let shown = trouble_of(&wire.desk, "x", "needs_auth since ").await;
    assert!(
        shown.contains("X does not let the account in any more; run `wirereport channel login x`"),
        "{shown}"
    );
    assert!(wire.list().await.contains("@wire, logged out (X answered HTTP 400 (invalid_request: "));
    let said = wire.log_in().await;
    assert!(said.ends_with("the running service tries again\n"), "{said}");
    wire.is_told(2).await;
    wire.shows_no_secret(&service.stop().await);
}

#[tokio::test]
async fn a_death_between_a_refresh_and_its_commit_is_shown_and_nothing_is_told_twice() {
    let wire = Wire::new().await;
    wire.stand_in.journal().x.provider.lives = Some(1);
    wire.log_in().await;
    let before = wire.stand_in.seen_writes();
    let service = wire.start().await;
    wire.stand_in.script([Trouble::AcceptThenHang]);
    wire.next_story().await;
    wire.stand_in.writes(before + 1).await;
    service.kill().await;
    wire.stand_in.release();
    let listed = wire.list().await;
    assert!(listed.contains("; a renewal begun ") && listed.contains(" did not come to its end"), "{listed}");

    let service = wire.start().await;
    service.logged("logged out of X: run `wirereport channel login x`").await;
    assert!(wire.list().await.contains("@wire, logged out ("));
    wire.stand_in.journal().x.provider.lives = None;
    wire.log_in().await;
    wire.is_told(1).await;
    let log = service.stop().await;
    wire.shows_no_secret(&log);
    let posts = wire.desk.json(&["posts", "list", "--channel", "x"]).await;
    assert_eq!((posts[0]["state"].as_str(), wire.stand_in.texts().len()), (Some("sent"), 1));
    let journal = wire.stand_in.journal();
    let provider = &journal.x.provider;
    assert_eq!(
        (provider.refreshes, provider.replays),
        (1, 1),
        "the spent token was used once more, at its end"
    );
}
