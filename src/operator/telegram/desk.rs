//! The desk: what an operator may do from Telegram, and texts that wait for one.
//!
//! Updates come by long polling, of which Telegram allows one at a time; so only the leader polls. Whoever is not listed is
//! not answered, and recorded. What a listed user orders goes through the API's own routes, with the user as its caller: the
//! same checks, the same audit log. An order given twice changes nothing the second time, and a button is about the text it
//! was shown with: where that was changed since, it does nothing and says so. A command that waited while no wire was there
//! to hear it is not carried out.
//!
//! Which update was the last and which messages have buttons is kept in a notebook, so a restart neither hears an order
//! again nor shows a text again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tower::ServiceExt;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, LedgerError, PostFilter};
use wirereport_actors::tree::Tree;
use wirereport_actors::wire::post::{Post, PostId, PostState};

use super::bot::{Bot, BotError, chat_id};
use super::poller::{Heard, Poller};
use super::update::{Command, Order, Said, Update, orders, said};
use super::words;
use crate::api::auth::Caller;
use crate::api::problem::Problem;
use crate::channels::Notebook;
use crate::clock::SystemClock;
use crate::ledger::SqliteLedger;
use crate::ledger::access::Tried;

/// How often it is looked for texts that wait, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long no text is shown after one that could not be.
const SHOW_AGAIN_AFTER: Duration = Duration::from_secs(30);
/// A command that is older than this waited for a wire that was not there.
const FRESH: Duration = Duration::from_secs(300);
/// Texts that are shown at a time.
const MOST_SHOWN: usize = 50;
/// Strangers that are recorded in an hour.
const MOST_STRANGERS: usize = 60;
const HOUR: Duration = Duration::from_secs(3600);
/// The longest answer of the API that is read.
const LONGEST: usize = 4 << 20;

/// Whose desk it is.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The bot.
    pub bot: Bot,
    /// The chats in which texts are shown.
    pub chats: Vec<String>,
    /// Who may order something, by number.
    pub users: BTreeSet<i64>,
}

/// What is known again after a restart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// The number of the bot that this is of.
    #[serde(default)]
    bot: Option<String>,
    /// The number of the next update.
    #[serde(default)]
    next: Option<i64>,
    /// The messages with buttons, by post.
    #[serde(default)]
    shown: BTreeMap<i64, Shown>,
}

impl Kept {
    /// What is known again by that bot: another one's messages are not its own, and its updates have other numbers.
    fn of_bot(self, bot: &str) -> Self {
        let same = self.bot.as_deref().is_none_or(|of| of == bot);
        Self { bot: Some(bot.to_owned()), ..if same { self } else { Self::default() } }
    }
}

/// A text that waits, as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Shown {
    /// What the buttons are about.
    mark: String,
    /// The chats and the messages in them.
    messages: Vec<(String, i64)>,
}

/// The desk.
#[derive(Clone)]
pub struct Desk {
    /// Whose it is.
    pub staff: Staff,
    /// What this installation is called.
    pub instance: String,
    /// How long the audit log is kept.
    pub audit_history: Duration,
    /// The API's routes.
    pub api: Router,
    /// The ledger.
    pub ledger: Arc<SqliteLedger>,
    /// The tree.
    pub tree: Arc<Tree>,
    /// What is known again after a restart.
    pub notebook: Notebook,
}

impl Desk {
    /// Serves the desk until it is relieved, which never cuts an order short.
    pub async fn serve(self, relieved: impl Future<Output = ()>) {
        let mut relieved = pin!(relieved);
        let kept: Kept = self.notebook.read().unwrap_or_default();
        let mut kept = kept.of_bot(self.staff.bot.id());
        let (hear, mut heard) = mpsc::channel(1);
        let poller =
            Poller { bot: self.staff.bot.clone(), tree: Arc::clone(&self.tree), next: kept.next, hear };
        let _poller = AbortOnDrop(tokio::spawn(poller.poll()));
        let mut commits = self.ledger.commits();
        let mut strangers = VecDeque::new();
        let mut look_at = Instant::now();
        loop {
            tokio::select! {
                () = &mut relieved => return,
                heard = heard.recv() => {
                    let Some(Heard { updates, next }) = heard else { return };
                    for update in updates {
                        self.hear(&update, &mut strangers).await;
                        kept.next = Some(update.update_id + 1);
                        self.notebook.write(&kept);
                    }
                    let _ = next.send(kept.next);
                    look_at = Instant::now();
                }
                changed = commits.changed(), if look_at <= Instant::now() => {
                    if changed.is_err() {
                        return;
                    }
                    look_at = Instant::now() + self.look(&mut kept).await;
                }
                () = tokio::time::sleep_until(look_at), if look_at > Instant::now() => {
                    look_at = Instant::now() + self.look(&mut kept).await;
                }
            }
        }
    }

    /// Shows the texts that wait and are not shown, and takes the buttons off those that wait no more. How long until it
    /// is looked again at the earliest.
    async fn look(&self, kept: &mut Kept) -> Duration {
        if self.tree.leadership().is_none() {
            return LOOK_EVERY;
        }
        let before = kept.clone();
        let done = self.show(kept).await;
        if *kept != before {
            self.notebook.write(kept);
        }
        match done {
            Ok(()) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(%error, "texts that wait are not shown in Telegram");
                SHOW_AGAIN_AFTER
            }
        }
    }

    async fn show(&self, kept: &mut Kept) -> Result<(), DeskError> {
        let filter = PostFilter {
            state: Some(PostState::AwaitingApproval),
            limit: MOST_SHOWN,
            ..PostFilter::default()
        };
        let waiting = self.ledger.posts(&filter).await?;
        let wait =
            |id: i64, shown: &Shown| waiting.iter().any(|post| post.id.0 == id && mark(post) == shown.mark);
        let over: Vec<i64> =
            kept.shown.iter().filter(|(id, shown)| !wait(**id, shown)).map(|(id, _)| *id).collect();
        for id in over {
            self.take_buttons_off(kept, id).await?;
        }
        for post in waiting.iter().rev() {
            for chat in &self.staff.chats {
                let shown = kept.shown.entry(post.id.0).or_default();
                shown.mark = mark(post);
                if shown.messages.iter().any(|(there, _)| there == chat) {
                    continue;
                }
                let text = words::waits(post, SystemClock.now());
                let message = json!({
                    "chat_id": chat_id(chat), "text": text, "link_preview_options": {"is_disabled": true},
                    "reply_markup": words::buttons(post.id, &mark(post)),
                });
                let sent = self.staff.bot.call("sendMessage", &message).await?;
                if let Some(id) = sent["message_id"].as_i64() {
                    shown.messages.push((chat.clone(), id));
                    self.notebook.write(kept);
                }
            }
        }
        Ok(())
    }

    async fn take_buttons_off(&self, kept: &mut Kept, post: i64) -> Result<(), DeskError> {
        let Some(shown) = kept.shown.get_mut(&post) else { return Ok(()) };
        while let Some((chat, message)) = shown.messages.last().cloned() {
            let change = json!({
                "chat_id": chat_id(&chat), "message_id": message, "reply_markup": {"inline_keyboard": []},
            });
            match self.staff.bot.call("editMessageReplyMarkup", &change).await {
                // They are off already, or the message is gone.
                Ok(_) | Err(BotError { status: Some(400 | 403), .. }) => {}
                Err(error) => return Err(error.into()),
            }
            shown.messages.pop();
        }
        kept.shown.remove(&post);
        Ok(())
    }

    async fn hear(&self, update: &Update, strangers: &mut VecDeque<Instant>) {
        let Some(Said { user, chat, order, at }) = said(update) else { return };
        if !self.staff.users.contains(&user) {
            return self.stranger(user, &order, strangers).await;
        }
        match order {
            Order::Pressed { query, post, mark, approve } => {
                let answer = self.pressed(user, post, &mark, approve).await;
                let answer = json!({"callback_query_id": query, "text": words::short(&answer)});
                // Buttons that are of no use any more go with the next look.
                self.tell("answerCallbackQuery", &answer).await;
            }
            Order::Unreadable { query } => {
                let answer = json!({"callback_query_id": query, "text": "this button is of another version"});
                self.tell("answerCallbackQuery", &answer).await;
            }
            Order::Command(command) => {
                let age = at.map(|at| Duration::try_from(SystemClock.now().duration_since(at)));
                let stale = age.is_some_and(|age| age.is_ok_and(|age| age > FRESH));
                let answer = match (command, stale) {
                    (None, _) => orders(),
                    (Some(_), true) => {
                        "this was sent while nobody was there to hear it, and is not done; send it again"
                            .to_owned()
                    }
                    (Some(command), false) => self.command(user, command).await,
                };
                let message =
                    json!({"chat_id": chat, "text": answer, "link_preview_options": {"is_disabled": true}});
                self.tell("sendMessage", &message).await;
            }
        }
    }

    /// Ignores whoever is not listed, and records it; a flood of them is recorded in part.
    async fn stranger(&self, user: i64, order: &Order, strangers: &mut VecDeque<Instant>) {
        strangers.retain(|at| at.elapsed() < HOUR);
        if strangers.len() >= MOST_STRANGERS {
            return;
        }
        strangers.push_back(Instant::now());
        let tried = Tried {
            who: Caller::Telegram { id: user }.to_string(),
            token: None,
            address: None,
            action: order.to_string(),
            request: None,
        };
        let now = SystemClock.now();
        let keep_from = now.checked_sub(self.audit_history).unwrap_or(Timestamp::MIN);
        let refused = (403, "this Telegram user is not listed in alerts.telegram.users");
        if let Err(error) = self.ledger.record_refused(&tried, refused, now, keep_from).await {
            tracing::error!(%error, user, "a stranger's order in Telegram is not in the audit log");
        }
    }

    async fn pressed(&self, user: i64, id: PostId, shown: &str, approve: bool) -> String {
        let post = match self.ledger.post(id).await {
            Ok(Some(record)) => record.post,
            Ok(None) => return format!("there is no post {id} any more"),
            Err(error) => return error.to_string(),
        };
        if post.state != PostState::AwaitingApproval {
            return format!("post {id} waits no more: it is {}", post.state);
        }
        if mark(&post) != shown {
            return format!("the text of post {id} was changed; look at its newer message");
        }
        let (path, body) = match approve {
            true => (format!("/v1/posts/{id}/approve"), Value::Null),
            false => (format!("/v1/posts/{id}/reject"), json!({"reason": "in Telegram"})),
        };
        match self.order(user, &path, &body).await {
            Ok(_) if approve => format!("post {id} is approved"),
            Ok(_) => format!("post {id} is rejected"),
            Err(detail) => detail,
        }
    }

    async fn command(&self, user: i64, command: Command) -> String {
        match command {
            Command::Status => self.status().await.unwrap_or_else(|error| error.to_string()),
            Command::Pending => self.pending().await.unwrap_or_else(|error| error.to_string()),
            Command::Stop => self.done(user, "/v1/publishing/stop").await,
            Command::Resume => self.done(user, "/v1/publishing/resume").await,
        }
    }

    async fn done(&self, user: i64, path: &str) -> String {
        match self.order(user, path, &Value::Null).await {
            Ok(answer) => answer["detail"].as_str().unwrap_or("done").to_owned(),
            Err(detail) => detail,
        }
    }

    async fn status(&self) -> Result<String, LedgerError> {
        let stopped = self.ledger.switches().await?.publishing_stopped;
        let backlog = self.ledger.backlog().await?;
        Ok(words::status(
            &self.instance,
            self.tree.leadership().is_some(),
            stopped,
            &backlog,
            &self.tree.alerts(),
        ))
    }

    async fn pending(&self) -> Result<String, LedgerError> {
        let filter = PostFilter {
            state: Some(PostState::AwaitingApproval),
            limit: MOST_SHOWN,
            ..PostFilter::default()
        };
        let waiting = self.ledger.posts(&filter).await?;
        Ok(words::pending(&waiting, SystemClock.now()))
    }

    /// Has the API do something for a listed user; what it answers, or why not.
    async fn order(&self, user: i64, path: &str, body: &Value) -> Result<Value, String> {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .extension(Caller::Telegram { id: user })
            .body(Body::from(body.to_string()))
            .map_err(|error| error.to_string())?;
        let Ok(response) = self.api.clone().oneshot(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), LONGEST).await.map_err(|error| error.to_string())?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| error.to_string());
        }
        let problem = serde_json::from_slice::<Problem>(&body);
        Err(problem.map_or_else(|_| format!("the service answered HTTP {status}"), |problem| problem.detail))
    }

    /// Says something that nothing depends on.
    async fn tell(&self, method: &str, message: &Value) {
        if let Err(error) = self.staff.bot.call(method, message).await {
            tracing::warn!(%error, method, "Telegram was not told");
        }
    }
}

/// What a button is about: the post's text, in short.
fn mark(post: &Post) -> String {
    let digest =
        Sha256::digest(format!("{}\n{}", post.title.as_deref().unwrap_or_default(), post.text).as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Why a text is not shown.
#[derive(Debug, thiserror::Error)]
enum DeskError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Bot(#[from] BotError),
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
