//! A stand-in of the platforms: one server that speaks each one's dialect, keeps a journal of what it accepted, and
//! misbehaves on demand.
//!
//! It is a real server on a free port of this machine and lives in the test's process, so its journal outlives the wire
//! that is killed: what stands there is what a reader saw. Each dialect is a function from a request to a reply, in a file
//! of its own, and drops repeats as its platform does. Trouble comes from a script and meets writing requests only, so
//! that a look-up tells the truth unless a test says otherwise.

pub(crate) mod bluesky;
pub(crate) mod discord;
mod journal;
pub(crate) mod mastodon;
mod request;
pub(crate) mod slack;
pub(crate) mod telegram;
pub(crate) mod telegram_desk;
pub(crate) mod x;
pub(crate) mod x_login;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) use self::journal::{Journal, Told};
use self::request::{Asked, Reply};
use crate::line::{Cut, Door};

/// The day of answering in Unix seconds, years from the posts' own time.
pub(crate) const TODAY: u64 = 1_900_000_000;

/// A platform whose dialect is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Telegram,
    X,
    Bluesky,
    Mastodon,
    Discord,
    Slack,
}

/// How the stand-in meets one writing request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// None: it does as the platform does.
    None,
    /// Accepts it and answers after that time.
    Slow(Duration),
    /// Accepts it and does not answer until released.
    AcceptThenHang,
    /// Does not answer until released, and then 500 in the platform's words, without accepting it.
    Hang,
    /// Accepts it and resets the connection in place of an answer.
    AcceptThenReset,
    /// Accepts it and answers 500 in the platform's words.
    AcceptThenFail,
    /// Accepts it and answers 200 with what nobody can read.
    AcceptThenGarble,
    /// Resets the connection without accepting it.
    Reset,
    /// Answers 500 in the platform's words without accepting it.
    Fail,
    /// Asks in the platform's way to be left alone for so many seconds.
    Limit(u64),
    /// Says in the platform's way that it does not know the account.
    Deny,
    /// Answers that status and body without accepting it.
    Answer(u16, String),
}

impl Trouble {
    fn accepts(&self) -> bool {
        matches!(
            self,
            Self::None
                | Self::Slow(_)
                | Self::AcceptThenHang
                | Self::AcceptThenReset
                | Self::AcceptThenFail
                | Self::AcceptThenGarble
        )
    }
}

/// The server.
pub(crate) struct Platforms {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<std::io::Result<()>>,
}

struct Shared {
    journal: Mutex<Journal>,
    writes: watch::Sender<usize>,
    released: watch::Sender<bool>,
    /// Something was said to the bot.
    said: watch::Sender<usize>,
}

impl Platforms {
    /// Starts to listen on a free port.
    pub(crate) async fn start() -> Self {
        let door = Door(TcpListener::bind("127.0.0.1:0").await.expect("a free port"));
        let address = door.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            journal: Mutex::new(Journal { today: Some(TODAY), ..Journal::default() }),
            writes: watch::Sender::new(0),
            released: watch::Sender::new(false),
            said: watch::Sender::new(0),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let service = router.into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move { axum::serve(door, service).await });
        Self { address, shared, server }
    }

    /// Where a platform's API is.
    pub(crate) fn url(&self, platform: Platform) -> String {
        format!("http://{}/{}", self.address, platform.prefix())
    }

    /// Sets how the next writing requests are met; when the script is at its end, everything is as on the platform.
    pub(crate) fn script(&self, troubles: impl IntoIterator<Item = Trouble>) {
        self.journal().script.extend(troubles);
    }

    /// What readers see now, in the order in which it came.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.journal().told.iter().filter(|told| !told.deleted).cloned().collect()
    }

    /// The texts that readers see now, in the order in which they came.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.told().into_iter().map(|told| told.text).collect()
    }

    /// What was wrong with requests.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.journal().complaints.clone()
    }

    /// What is kept of everything, to look into or to change.
    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.shared.journal.lock().expect("no test panicked in between")
    }

    /// Has somebody say something to the bot.
    pub(crate) fn to_desk(&self, say: impl FnOnce(&mut telegram_desk::Desk)) {
        say(&mut self.journal().desk);
        self.shared.said.send_modify(|said| *said += 1);
    }

    /// Waits until so many writing requests have been met.
    pub(crate) async fn writes(&self, count: usize) {
        let mut writes = self.shared.writes.subscribe();
        while self.seen_writes() < count {
            writes.changed().await.expect("the stand-in lives");
        }
    }

    /// How many writing requests have been met.
    pub(crate) fn seen_writes(&self) -> usize {
        *self.shared.writes.borrow()
    }

    /// Lets every request that hangs, and every later one that would, be answered.
    pub(crate) fn release(&self) {
        self.shared.released.send_replace(true);
    }
}

impl Drop for Platforms {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Platform {
    const ALL: [Self; 6] =
        [Self::Telegram, Self::X, Self::Bluesky, Self::Mastodon, Self::Discord, Self::Slack];

    fn prefix(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::X => "x",
            Self::Bluesky => "bluesky",
            Self::Mastodon => "mastodon",
            Self::Discord => "discord",
            Self::Slack => "slack",
        }
    }

    fn is_write(self, asked: &Asked) -> bool {
        match self {
            Self::Telegram => telegram::is_write(asked),
            Self::X => x::is_write(asked),
            Self::Bluesky => bluesky::is_write(asked),
            Self::Mastodon => mastodon::is_write(asked),
            Self::Discord => discord::is_write(asked),
            Self::Slack => slack::is_write(asked),
        }
    }

    fn meet(self, asked: &Asked, journal: &mut Journal) -> Reply {
        match self {
            Self::Telegram => telegram::meet(asked, journal),
            Self::X => x::meet(asked, journal),
            Self::Bluesky => bluesky::meet(asked, journal),
            Self::Mastodon => mastodon::meet(asked, journal),
            Self::Discord => discord::meet(asked, journal),
            Self::Slack => slack::meet(asked, journal),
        }
    }

    fn limit(self, seconds: u64, today: u64) -> Reply {
        match self {
            Self::Telegram => telegram::limit(seconds),
            Self::X => x::limit(seconds, today),
            Self::Bluesky => bluesky::limit(seconds, today),
            Self::Mastodon => mastodon::limit(seconds, today),
            Self::Discord => discord::limit(seconds),
            Self::Slack => slack::limit(seconds),
        }
    }

    fn fail(self) -> Reply {
        match self {
            Self::Telegram => telegram::fail(),
            Self::X => x::fail(),
            Self::Bluesky => bluesky::fail(),
            Self::Mastodon => mastodon::fail(),
            Self::Discord => discord::fail(),
            Self::Slack => slack::fail(),
        }
    }

    fn deny(self) -> Reply {
        match self {
            Self::Telegram => telegram::deny(),
            Self::X => x::deny(),
            Self::Bluesky => bluesky::deny(),
            Self::Mastodon => mastodon::deny(),
            Self::Discord => discord::deny(),
            Self::Slack => slack::deny(),
        }
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the request is read");
    let asked = Asked::of(&parts, &body);
    let Some(platform) = Platform::ALL.into_iter().find(|platform| platform.prefix() == asked.platform)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(limit) = telegram_desk::held_for(&asked).filter(|_| platform == Platform::Telegram) {
        return shared.hold(&asked, limit).await.into_response();
    }
    if !platform.is_write(&asked) {
        let reply = shared.journal().meet_reading(platform, &asked);
        return reply.into_response();
    }
    let (trouble, reply) = shared.journal().meet_writing(platform, &asked);
    shared.writes.send_modify(|seen| *seen += 1);
    match trouble {
        Trouble::Slow(wait) => tokio::time::sleep(wait).await,
        Trouble::AcceptThenHang | Trouble::Hang => {
            let _ = shared.released.subscribe().wait_for(|released| *released).await;
        }
        Trouble::AcceptThenReset | Trouble::Reset => cut.cut(),
        _ => {}
    }
    reply.into_response()
}

impl Shared {
    /// Answers a long poll once there is something to say, or its time is over.
    async fn hold(&self, asked: &Asked, limit: Duration) -> Reply {
        let turn = telegram_desk::begin(&mut self.journal());
        let mut said = self.said.subscribe();
        // Whoever polled before is told so.
        self.said.send_modify(|said| *said += 1);
        let until = tokio::time::Instant::now() + limit;
        loop {
            said.mark_unchanged();
            let is_over = until <= tokio::time::Instant::now();
            if let Some(reply) = telegram_desk::polled(asked, turn, is_over, &mut self.journal()) {
                return reply;
            }
            let _ = tokio::time::timeout_at(until, said.changed()).await;
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().expect("no test panicked in between")
    }
}

impl Journal {
    fn meet_reading(&mut self, platform: Platform, asked: &Asked) -> Reply {
        self.reads += 1;
        if self.unreadable { platform.fail() } else { platform.meet(asked, self) }
    }

    fn meet_writing(&mut self, platform: Platform, asked: &Asked) -> (Trouble, Reply) {
        let trouble = self.script.pop_front().unwrap_or(Trouble::None);
        let met = trouble.accepts().then(|| platform.meet(asked, self));
        let reply = match (&trouble, met) {
            (Trouble::AcceptThenFail | Trouble::Fail | Trouble::Hang, _) => platform.fail(),
            (Trouble::AcceptThenGarble, _) => Reply::text(200, "<html><body>Welcome</body></html>"),
            (Trouble::Limit(seconds), _) => platform.limit(*seconds, self.today()),
            (Trouble::Deny, _) => platform.deny(),
            (Trouble::Answer(status, body), _) => Reply::text(*status, body),
            (_, Some(reply)) => reply,
            (_, None) => Reply::text(200, ""),
        };
        (trouble, reply)
    }
}
