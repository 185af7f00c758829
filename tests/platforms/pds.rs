//! Bluesky's channel against a PDS that is not ours: `@atproto/pds`, the server that accounts live on.
//!
//! `tests/support/pds/set-up` puts it into `target/pds` (or `$WIREREPORT_PDS`); where it is not there these tests are
//! skipped. Between the channel and the PDS stands a line that swallows answers on demand, so that the PDS keeps what it was sent and nobody
//! hears of it.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Client;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use wirereport::channels::Notebook;
use wirereport::channels::bluesky::{BlueskyChannel, BlueskySettings};
use wirereport::clock::SystemClock;
use wirereport::http;
use wirereport_actors::ports::channel::{Channel, Fence, Reconciled};
use wirereport_actors::wire::post::{Frozen, Operation, Outcome, Post, PostState};

use super::bluesky;
use super::crash::{posts_with, publish};
use super::setup::{follow_up, frozen, post, send, told};
use crate::book;

const PASSWORD: &str = "sideline-radio-92";

/// How long the PDS may take to answer on a busy machine.
const WAIT: Duration = Duration::from_secs(60);

/// A PDS on a free port of this machine. It ends with its standard input.
struct Pds {
    url: String,
    client: Client,
    accounts: AtomicUsize,
    _process: Child,
}

impl Pds {
    /// Starts one, or says that there is none.
    async fn start() -> Option<Self> {
        let folder = std::env::var_os("WIREREPORT_PDS")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pds"), PathBuf::from);
        if !folder.join("node_modules/@atproto/pds").exists() {
            println!(
                "skipped: there is no PDS at {}; tests/support/pds/set-up puts one there",
                folder.display()
            );
            return None;
        }
        let mut process = Command::new("node")
            .arg("start.mjs")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut says = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = says.next_line().await.unwrap().expect("the PDS says where it answers");
        tokio::spawn(async move { while let Ok(Some(_)) = says.next_line().await {} });
        Some(Self {
            url,
            client: http::client(WAIT, WAIT).unwrap(),
            accounts: AtomicUsize::new(0),
            _process: process,
        })
    }

    /// A new account, and the line to the PDS.
    async fn account(&self) -> Account<'_> {
        let handle = format!("wire{}.test", self.accounts.fetch_add(1, Ordering::SeqCst));
        let wanted =
            json!({"handle": handle, "email": format!("{handle}@example.org"), "password": PASSWORD});
        let url = format!("{}/xrpc/com.atproto.server.createAccount", self.url);
        let request =
            self.client.post(url).header("content-type", "application/json").body(wanted.to_string());
        let made: Value = read(request).await;
        Account {
            pds: self,
            handle,
            did: made["did"].as_str().unwrap().to_owned(),
            line: Line::to(&self.url).await,
        }
    }
}

async fn read(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let (status, body) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// An account, as its reader and as the wire see it.
struct Account<'a> {
    pds: &'a Pds,
    handle: String,
    did: String,
    line: Line,
}

impl Account<'_> {
    /// The channel that posts to it through the line.
    fn channel(&self, notebook: Notebook) -> BlueskyChannel {
        let settings = BlueskySettings {
            account: self.handle.clone(),
            app_password: SecretString::from(PASSWORD),
            ..bluesky::settings(&self.line.url)
        };
        BlueskyChannel::new(settings, notebook, Arc::new(SystemClock)).unwrap()
    }

    /// The posts that stand in its repository, oldest key first.
    async fn records(&self) -> Vec<Value> {
        let query = [("repo", self.did.as_str()), ("collection", "app.bsky.feed.post"), ("limit", "100")];
        let url = format!("{}/xrpc/com.atproto.repo.listRecords", self.pds.url);
        let mut listed = read(self.pds.client.get(url).query(&query)).await;
        let mut records: Vec<Value> = listed["records"].as_array_mut().unwrap().drain(..).collect();
        records.reverse();
        records
    }

    async fn texts(&self) -> Vec<String> {
        let text = |record: Value| record["value"]["text"].as_str().unwrap().to_owned();
        self.records().await.into_iter().map(text).collect()
    }

    /// The revision of its repository, which moves with every change.
    async fn revision(&self) -> Value {
        let url = format!("{}/xrpc/com.atproto.sync.getLatestCommit", self.pds.url);
        read(self.pds.client.get(url).query(&[("did", &self.did)])).await
    }
}

/// A line to a server whose next answers can be swallowed: the server has the request, and the asker sees a reset.
struct Line {
    url: String,
    swallow: Arc<AtomicUsize>,
}

impl Line {
    async fn to(url: &str) -> Self {
        let server = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let swallow = Arc::new(AtomicUsize::new(0));
        let swallowing = swallow.clone();
        tokio::spawn(async move {
            while let Ok((asker, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(asker, server, swallowing.clone()));
            }
        });
        Self { url, swallow }
    }

    /// Swallows so many answers from now on.
    fn swallow(&self, answers: usize) {
        self.swallow.store(answers, Ordering::SeqCst);
    }
}

/// Carries requests there and answers back, until an answer is swallowed or an end hangs up.
async fn carry(asker: TcpStream, server: TcpStream, swallow: Arc<AtomicUsize>) {
    let (mut from_asker, mut to_asker) = asker.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = tokio::io::copy(&mut from_asker, &mut to_server);
    let back = async {
        let mut bytes = [0; 16 * 1024];
        while let Ok(read @ 1..) = from_server.read(&mut bytes).await {
            let left = swallow.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if left.is_ok() || to_asker.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! { _ = there => {}, () = back => {} }
}

#[tokio::test]
async fn a_post_is_one_record_however_often_it_is_sent() {
    let Some(pds) = Pds::start().await else { return };
    let account = pds.account().await;
    let channel = account.channel(Notebook::forgetful());
    let remote = told(&channel, &post(1)).await;
    let revision = account.revision().await;
    for _ in 0..3 {
        assert_eq!(told(&channel, &post(1)).await, remote);
    }
    assert_eq!((account.texts().await, account.revision().await), (vec![post(1).text], revision));
}

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_found_and_sent_again_without_a_second_record() {
    let Some(pds) = Pds::start().await else { return };
    let account = pds.account().await;
    let channel = account.channel(Notebook::forgetful());
    told(&channel, &post(1)).await;
    let look = async || channel.reconcile(&post(2), &frozen(&channel, &post(2)), book::second(9)).await;
    assert_eq!(look().await, Reconciled::Absent);
    account.line.swallow(1);
    let silence = send(&channel, &post(2)).await;
    assert!(matches!(silence, Outcome::Unknown { .. }), "{silence:?}");
    let Reconciled::Found(remote) = look().await else { panic!("it is there") };
    assert_eq!(told(&channel, &post(2)).await, remote);
    assert_eq!(account.texts().await, [post(1).text, post(2).text]);
}

#[tokio::test]
async fn another_record_under_the_key_is_never_overwritten() {
    let Some(pds) = Pds::start().await else { return };
    let account = pds.account().await;
    let channel = account.channel(Notebook::forgetful());
    told(&channel, &post(1)).await;
    let other = Frozen { key: frozen(&channel, &post(1)).key, ..frozen(&channel, &post(2)) };
    let outcome = channel.send(&post(2), &other, book::second(5), &Fence::of_nobody_else()).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    assert_eq!(account.texts().await, [post(1).text]);
}

#[tokio::test]
async fn marks_and_threads_are_what_a_pds_takes_and_a_withdrawal_may_be_repeated() {
    let Some(pds) = Pds::start().await else { return };
    let account = pds.account().await;
    let channel = account.channel(Notebook::forgetful());
    let marked = Post { text: "Bodø/Glimt 2-1 👏🏽 #UCL https://example.org/a".to_owned(), ..post(1) };
    let first = told(&channel, &marked).await;
    let correction = follow_up(&marked, Operation::Reply, &first);
    let second = told(&channel, &correction).await;
    let records = account.records().await;
    assert_eq!(records[0]["value"]["facets"].as_array().unwrap().len(), 2);
    assert_eq!(records[1]["value"]["reply"]["parent"]["uri"], records[0]["uri"]);
    for _ in 0..2 {
        told(&channel, &follow_up(&correction, Operation::Delete, &second)).await;
    }
    assert_eq!(account.texts().await, [marked.text]);
}

#[tokio::test]
async fn a_session_is_kept_over_a_restart_and_a_wrong_password_halts_the_channel() {
    let Some(pds) = Pds::start().await else { return };
    let account = pds.account().await;
    let folder = tempfile::tempdir().unwrap();
    let notebook = || Notebook::at(folder.path().join("bluesky.json"));
    told(&account.channel(notebook()), &post(1)).await;
    let kept = std::fs::read_to_string(folder.path().join("bluesky.json")).unwrap();
    told(&account.channel(notebook()), &post(2)).await;
    assert_eq!(std::fs::read_to_string(folder.path().join("bluesky.json")).unwrap(), kept);

    let settings = BlueskySettings {
        account: account.handle.clone(),
        app_password: SecretString::from("not-the-password"),
        ..bluesky::settings(&account.line.url)
    };
    let locked_out = BlueskyChannel::new(settings, Notebook::forgetful(), Arc::new(SystemClock)).unwrap();
    let outcome = send(&locked_out, &post(3)).await;
    assert!(matches!(outcome, Outcome::Halted { .. }), "{outcome:?}");
}

#[tokio::test]
async fn everything_is_told_exactly_once_wherever_we_die() {
    let Some(pds) = Pds::start().await else { return };
    for actions in (0..40).step_by(3) {
        let account = pds.account().await;
        let folder = tempfile::tempdir().unwrap();
        let notebook = Notebook::at(folder.path().join("bluesky.json"));
        told(&account.channel(notebook.clone()), &book::post(90, "greeting")).await;
        account.line.swallow(actions % 4);
        let open = || Box::new(account.channel(notebook.clone())) as Box<dyn Channel>;
        let posts = publish(posts_with(Operation::Reply), open, actions).await;

        let mut seen = account.texts().await;
        let mut sent: Vec<String> =
            posts.iter().filter(|post| post.state == PostState::Sent).map(|post| post.text.clone()).collect();
        sent.push(book::post(90, "greeting").text);
        sent.sort();
        seen.sort();
        assert_eq!(seen, sent, "after {actions} actions");
        assert!(
            posts.iter().all(|post| matches!(post.state, PostState::Sent | PostState::Superseded)),
            "{actions}: {posts:?}"
        );
    }
}
