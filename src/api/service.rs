//! What the API answers from: the ledger always, the tree where the service is running.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{
    Ledger, PollRecord, PostFilter, PostRecord, StoryFilter, StoryRecord, Switches,
};
use wirereport_actors::ports::writer::Writer;
use wirereport_actors::tree::Tree;
use wirereport_actors::wire::approval;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::expense::Account;
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::post::{ChannelName, Post, PostId, PostState, Remote};
use wirereport_actors::wire::sport::{Sport, SportKey};
use wirereport_actors::wire::story::StoryId;
use wirereport_actors::wire::submission;

use super::MOST;
use super::actors::path_of;
use super::auth::Tokens;
use super::problem::Problem;
use super::types::{
    BackupRequest, Edit, Explanation, ListedPost, PostQuery, Rejected, Reload, Resolution, Spending, Status,
    StoryQuery, SubmissionRecorded, Wait, WriterStatus,
};
use crate::ledger::SqliteLedger;
use crate::settings::nearest;
use crate::submitted;

/// How long a post that an operator sends on its way again may take to leave.
const RETRY_WITHIN: Duration = Duration::from_secs(3600);

/// What the routes work on.
#[derive(Clone)]
pub struct Service {
    pub(super) ledger: Arc<SqliteLedger>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) running: Option<Running>,
    switching: Arc<tokio::sync::Mutex<()>>,
}

/// What only the running service has.
#[derive(Clone)]
pub struct Running {
    /// The tree.
    pub tree: Arc<Tree>,
    /// Who writes in it, best first.
    pub writers: Vec<Arc<dyn Writer>>,
    /// The instance's name.
    pub instance: String,
    /// When it was started.
    pub started_at: Timestamp,
    /// Where reloads of the settings are asked for.
    pub reloads: Reloads,
    /// The tokens of the API; `None` where it is not on the network, as in a replay.
    pub tokens: Option<Arc<Tokens>>,
    /// How long the audit log is kept.
    pub audit_history: Duration,
}

/// Asks the service to read its settings again, and remembers what came of it.
#[derive(Clone)]
pub struct Reloads {
    ask: mpsc::Sender<oneshot::Sender<Reload>>,
    last: Arc<Mutex<Option<Reload>>>,
}

impl Reloads {
    /// The asking end, and the end on which the service hears of it.
    pub fn new() -> (Self, mpsc::Receiver<oneshot::Sender<Reload>>) {
        let (ask, asked) = mpsc::channel(1);
        (Self { ask, last: Arc::default() }, asked)
    }

    /// Has the settings read again; `None` if the service is on its way down.
    pub async fn reload(&self) -> Option<Reload> {
        let (reply, answer) = oneshot::channel();
        self.ask.send(reply).await.ok()?;
        let reload = answer.await.ok()?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(reload.clone());
        Some(reload)
    }

    fn last(&self) -> Option<Reload> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Service {
    /// Answers from the ledger alone: for reading while the service is not running.
    pub fn offline(ledger: Arc<SqliteLedger>, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock, running: None, switching: Arc::default() }
    }

    /// Answers for the running service.
    pub fn running(ledger: Arc<SqliteLedger>, clock: Arc<dyn Clock>, running: Running) -> Self {
        Self { ledger, clock, running: Some(running), switching: Arc::default() }
    }

    pub(super) fn live(&self) -> Result<&Running, Problem> {
        self.running.as_ref().ok_or_else(Problem::not_running)
    }

    pub(super) async fn status(&self) -> Result<Status, Problem> {
        let running = self.live()?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            instance: running.instance.clone(),
            started_at: running.started_at,
            taken_at: self.clock.now(),
            epoch: running.tree.leadership().map(|leadership| leadership.epoch),
            switches: self.ledger.switches().await?,
            backlog: self.ledger.backlog().await?,
            last_reload: running.reloads.last(),
            tree: running.tree.root().status(),
            writers: self.writers(&running.writers).await?,
        })
    }

    async fn writers(&self, writers: &[Arc<dyn Writer>]) -> Result<Vec<WriterStatus>, Problem> {
        let refusals = self.ledger.refusals().await?;
        let mut standing = Vec::new();
        for writer in writers {
            let own = refusals.iter().filter(|refusals| refusals.writer == writer.name());
            standing.push(WriterStatus {
                name: writer.name().to_owned(),
                standing: writer.standing(),
                spending: match writer.account() {
                    Some(account) => Some(self.spending(&account).await?),
                    None => None,
                },
                refused: own.map(|refusals| (refusals.code.clone(), refusals.texts)).collect(),
            });
        }
        Ok(standing)
    }

    async fn spending(&self, account: &Account) -> Result<Spending, Problem> {
        let periods = account.periods(self.clock.now());
        let expenses = self.ledger.expenses(&account.payee, &periods).await?;
        Ok(Spending { expenses, caps: account.caps })
    }

    /// Restarts an actor; one that was paused is paused no longer.
    pub(super) async fn restart(&self, actor: &str) -> Result<String, Problem> {
        let (tree, path) = self.actor(actor)?;
        self.try_again(&path).await?;
        tree.root().restart(&path).await?;
        self.switch(|switches| switches.paused.retain(|paused| *paused != path)).await?;
        Ok(path)
    }

    /// Pauses an actor, and has it stay paused over restarts of the service.
    pub(super) async fn pause(&self, actor: &str) -> Result<String, Problem> {
        let (tree, path) = self.actor(actor)?;
        tree.root().pause(&path).await?;
        self.switch(|switches| {
            if !switches.paused.contains(&path) {
                switches.paused.push(path.clone());
            }
        })
        .await?;
        Ok(path)
    }

    pub(super) async fn resume(&self, actor: &str) -> Result<String, Problem> {
        let (tree, path) = self.actor(actor)?;
        self.try_again(&path).await?;
        tree.root().resume(&path).await?;
        self.switch(|switches| switches.paused.retain(|paused| *paused != path)).await?;
        self.nudge();
        Ok(path)
    }

    /// Has the channel behind an actor's path, or all of them behind their supervisor's, tried again if it waits for the
    /// operator.
    async fn try_again(&self, path: &str) -> Result<(), Problem> {
        let channel = path.strip_prefix("publisher/").map(|name| ChannelName(name.to_owned()));
        if channel.is_some() || path == "publisher" {
            self.ledger.try_again(channel.as_ref(), self.clock.now()).await?;
        }
        Ok(())
    }

    /// The tree, and the path of the actor in it that is meant: what an operator paused by its name and resumes by its
    /// path is one actor.
    fn actor(&self, name: &str) -> Result<(&Tree, String), Problem> {
        let tree = &self.live()?.tree;
        Ok((tree, path_of(name, &tree.root().status())?))
    }

    pub(super) async fn switches(&self) -> Result<Switches, Problem> {
        Ok(self.ledger.switches().await?)
    }

    pub(super) async fn stop_publishing(&self) -> Result<(), Problem> {
        let now = self.clock.now();
        self.live()?;
        self.switch(|switches| {
            switches.publishing_stopped.get_or_insert(now);
        })
        .await?;
        self.nudge();
        Ok(())
    }

    pub(super) async fn resume_publishing(&self) -> Result<(), Problem> {
        self.live()?;
        self.switch(|switches| switches.publishing_stopped = None).await?;
        self.ledger.try_again(None, self.clock.now()).await?;
        self.nudge();
        Ok(())
    }

    /// Changes the switches, one change after the other: none may undo another.
    async fn switch(&self, change: impl FnOnce(&mut Switches)) -> Result<(), Problem> {
        let _turn = self.switching.lock().await;
        let before = self.ledger.switches().await?;
        let mut switches = before.clone();
        change(&mut switches);
        // A full disk is no reason to refuse what changes nothing on it.
        if switches != before {
            self.ledger.set_switches(&switches).await?;
        }
        Ok(())
    }

    /// Posts, each with what it waits for. While the service is not running all of them wait for that, and it is not said.
    pub(super) async fn posts(&self, query: PostQuery) -> Result<Vec<ListedPost>, Problem> {
        let state = query.state.as_deref().map(post_state).transpose()?;
        let filter = PostFilter {
            state,
            channel: query.channel.map(ChannelName),
            story: query.story.map(StoryId),
            before: query.before.map(PostId),
            limit: page(query.limit)?,
        };
        let waiting = self.running.as_ref().map(|running| running.tree.waiting()).unwrap_or_default();
        let posts = self.ledger.posts(&filter).await?;
        let listed = |post: Post| {
            let waits = waiting.iter().find(|waiting| waiting.post == post.id && !post.state.is_settled());
            let waits = waits.map(|waits| Wait { reason: waits.reason.clone(), until: waits.until });
            ListedPost { post, waits }
        };
        Ok(posts.into_iter().map(listed).collect())
    }

    pub(super) async fn post(&self, id: PostId) -> Result<PostRecord, Problem> {
        self.ledger.post(id).await?.ok_or_else(|| Problem::not_found(format!("post {id}")))
    }

    /// Lets a post go that awaits approval.
    pub(super) async fn approve(&self, id: PostId) -> Result<Post, Problem> {
        self.live()?;
        let post = self.ledger.approve_post(id, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    /// Gives a post that awaits approval another text, which must pass the gate unless it is the editor's own.
    pub(super) async fn edit(&self, id: PostId, edit: &Edit) -> Result<Post, Problem> {
        let tree = &self.live()?.tree;
        let post = self.post(id).await?.post;
        let limits = tree.limits(&post.channel).ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                format!("post {id} is for {}, which is no channel now", post.channel),
            )
        })?;
        let revisions = self.ledger.story(&post.story).await?;
        let told = revisions.iter().find(|record| record.story.revision == post.revision);
        let told = told.ok_or_else(|| Problem::not_found(format!("story of post {id}")))?;
        let edited =
            approval::edited(edit.text.trim(), &told.story.facts, limits, edit.own).map_err(|wrong| {
                let advice = if edit.own {
                    ""
                } else {
                    "; change it, or mark it as your own (--own) to answer for it"
                };
                let detail = format!("the text is refused ({}): {wrong}{advice}", wrong.code());
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
            })?;
        let now = self.clock.now();
        Ok(self.ledger.edit_post(id, edited.text.text(), edited.author, now).await?)
    }

    /// Drops a post that awaits approval.
    pub(super) async fn reject(&self, id: PostId, rejected: &Rejected) -> Result<Post, Problem> {
        self.live()?;
        let reason = match rejected.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("rejected by an editor: {reason}"),
            None => "rejected by an editor".to_owned(),
        };
        let post = self.ledger.reject_post(id, &reason, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn retry(&self, id: PostId) -> Result<Post, Problem> {
        self.live()?;
        let now = self.clock.now();
        let post = self.ledger.retry_post(id, now + RETRY_WITHIN, now).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn discard(&self, id: PostId) -> Result<Post, Problem> {
        self.live()?;
        let post = self.ledger.discard_post(id, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn resolve(&self, id: PostId, resolution: Resolution) -> Result<Post, Problem> {
        self.live()?;
        let remote = resolution.sent.then(|| Remote {
            id: resolution.remote_id.unwrap_or_else(|| "(confirmed by the operator)".to_owned()),
            url: None,
        });
        let post = self.ledger.resolve_post(id, remote, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn stories(&self, query: StoryQuery) -> Result<Vec<StoryRecord>, Problem> {
        let filter = StoryFilter {
            sport: query.sport.map(league).transpose()?,
            game: query.game.map(GameId),
            told: query.told,
            before: query.before,
            limit: page(query.limit)?,
        };
        Ok(self.ledger.stories(&filter).await?)
    }

    pub(super) async fn explain(&self, id: StoryId) -> Result<Explanation, Problem> {
        let revisions = self.ledger.story(&id).await?;
        if revisions.is_empty() {
            return Err(self.no_story(&id).await?);
        }
        let filter = PostFilter { story: Some(id), limit: 500, ..PostFilter::default() };
        let mut posts = Vec::new();
        for post in self.ledger.posts(&filter).await?.iter().rev() {
            posts.extend(self.ledger.post(post.id).await?);
        }
        Ok(Explanation { revisions, posts })
    }

    /// Says which story may have been meant.
    async fn no_story(&self, id: &StoryId) -> Result<Problem, Problem> {
        let recent = self.ledger.stories(&StoryFilter { limit: 500, ..StoryFilter::default() }).await?;
        let nearest = recent
            .iter()
            .map(|record| (strsim::jaro_winkler(&record.story.id.0, &id.0), &record.story.id))
            .filter(|(likeness, _)| *likeness > 0.75)
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        let hint = match nearest {
            Some((_, nearest)) => format!("; did you mean {nearest}?"),
            None => "; `wirereport stories` lists them".to_owned(),
        };
        Ok(Problem::new(StatusCode::NOT_FOUND, format!("no story {id}{hint}")))
    }

    /// Records an operator's event, once. It is committed as a poll of its own feed, so under the epoch in force and
    /// with all that comes of it.
    pub(super) async fn submit(&self, event: &str) -> Result<SubmissionRecorded, Problem> {
        let tree = &self.live()?.tree;
        let wrong = |error: submitted::BadEvent| {
            Problem::bad_request(format!("the event is not understood: {error}"))
        };
        let submission = submitted::parse(event).map_err(wrong)?;
        let now = self.clock.now();
        let story = submission::submit(&submission, now);
        let story = story.map_err(|unfit| wrong(submitted::locate(event, &unfit)))?.story;
        let Some(leadership) = tree.leadership() else {
            let detail = "this instance does not lead; submit the event to the one that does";
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        };
        let _turn = self.switching.lock().await;
        let id = story.id.clone();
        let new = self.ledger.story(&id).await?.is_empty();
        if new {
            let poll = PollRecord {
                sport: submission::feed(),
                feed: "operator".to_owned(),
                seen_at: now,
                epoch: leadership.epoch,
                state: SportState::default(),
                observed: Vec::new(),
                stories: vec![story],
            };
            self.ledger.record_poll(&poll).await?;
            tree.nudge();
        }
        Ok(SubmissionRecorded { story: id, new })
    }

    pub(super) async fn backup(&self, request: &BackupRequest) -> Result<(), Problem> {
        let (path, shown) = (&request.path, request.path.display());
        if !path.is_absolute() {
            return Err(Problem::bad_request(format!("{shown} is not an absolute path")));
        }
        if path.is_dir() {
            return Err(Problem::bad_request(format!("{shown} is a directory; name a file in it")));
        }
        if !path.parent().is_some_and(Path::is_dir) {
            return Err(Problem::bad_request(format!("{shown} is in no directory; make that first")));
        }
        if path.exists() && !request.replace {
            let detail = format!("{shown} is already there; name another file, or give --replace");
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        }
        Ok(self.ledger.backup_to(path).await?)
    }

    pub(super) async fn reload(&self) -> Result<Reload, Problem> {
        self.live()?.reloads.reload().await.ok_or_else(Problem::not_running)
    }

    fn nudge(&self) {
        if let Some(running) = &self.running {
            running.tree.nudge();
        }
    }
}

pub(super) fn page(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(50) {
        limit if (1..=usize::from(MOST)).contains(&limit) => Ok(limit),
        limit => Err(Problem::bad_request(format!("limit must be from 1 to {MOST}, and {limit} is not"))),
    }
}

fn league(key: String) -> Result<SportKey, Problem> {
    if Sport::of(&key).is_some() {
        return Ok(SportKey::new(key));
    }
    let advice = match nearest(&key, Sport::known_keys()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there are {}", Sport::known_keys().collect::<Vec<_>>().join(", ")),
    };
    Err(Problem::bad_request(format!("no league is called {key}; {advice}")))
}

fn post_state(name: &str) -> Result<PostState, Problem> {
    PostState::ALL.into_iter().find(|state| state.as_str() == name).ok_or_else(|| {
        let known: Vec<&str> = PostState::ALL.iter().map(|state| state.as_str()).collect();
        Problem::bad_request(format!("no post is ever {name}; its state may be {}", known.join(", ")))
    })
}
