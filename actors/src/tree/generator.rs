//! The generator: told stories become checked texts, and those become posts.
//!
//! All drafts of a story and all its posts are one transaction, so a crash between two stories loses nothing and repeats
//! nothing. Writing runs beside the actor, since a writer may be slow, and every game's stories are written one after the
//! other, beside those of all other games: who waits for a slow writer is its own game alone.
//!
//! A story is written once in every tone and language that its channels speak, in all of them at the same time. What says
//! once more what a channel was last given to tell of the game gives way to other words.
//!
//! A writer that panics or does not answer is passed over for the next one. A story that no writer can write for such a
//! reason stays unwritten and is tried again for [`PATIENCE`]; the later stories of its game wait for it, since they are
//! told in order, and no others.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinError, JoinSet};

use super::bell::forward_changes;
use super::digest;
use super::task::{Task, offload};
use super::telling::{Telling, Told};
use super::texts::Texts;
use super::timer::Timer;
use super::unwritten::{AHEAD, Held, Unwritten};
use super::world::{Bells, Policy, Shared, World, patiently};
use crate::ports::channel::Channel;
use crate::ports::ledger::{Drafts, LedgerError, PostFilter};
use crate::ports::writer::Assignment;
use crate::supervision::{Reporter, StartContext};
use crate::wire::approval;
use crate::wire::game::GameId;
use crate::wire::gate::{self, Said};
use crate::wire::post::{ChannelName, PostState};
use crate::wire::story::Story;
use crate::wire::voice::Manner;

/// How many stories are written at once, at most.
const WRITERS: usize = 32;

/// How many are being written or wait for the commit of their drafts, at most: the more wait for one commit, the fewer
/// commits a burst takes.
const DESKS: usize = 256;

/// How many of a game's last posts on a channel a text may not say once more.
const LAST: usize = 5;

/// For how long after it was confirmed a story is tried again that no writer could write.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

pub(super) struct Generator {
    pub(super) shared: Shared,
    pub(super) context: StartContext,
}

pub(super) enum Msg {
    Wake,
    Nudged,
    Wrote(Result<Vec<Held>, LedgerError>),
    Crashed(String),
}

pub(super) struct State {
    run: Option<Task>,
    nudged: bool,
    /// Has the run look for stories again.
    again: Arc<Notify>,
    timer: Timer,
    _listeners: [Task; 2],
}

impl Generator {
    fn begin(&self, myself: &ActorRef<Msg>, state: &mut State) {
        if self.shared.leadership().is_none() {
            self.context.reporter.doing("standing by");
            return;
        }
        if state.run.is_some() {
            state.nudged = true;
            state.again.notify_one();
            return;
        }
        state.nudged = false;
        self.context.reporter.doing("writing");
        let run = Run {
            world: Arc::clone(&self.shared.world),
            policy: self.shared.policy.borrow().clone(),
            bells: Arc::clone(&self.shared.bells),
            reporter: self.context.reporter.clone(),
            write_within: self.shared.timing.write_within,
            again: Arc::clone(&state.again),
            writers: Semaphore::new(WRITERS),
        };
        state.run = Some(offload(myself.clone(), Arc::new(run).write_all(), Msg::Wrote, Msg::Crashed));
    }

    fn wrote(&self, myself: &ActorRef<Msg>, state: &mut State, result: Result<Vec<Held>, LedgerError>) {
        state.run = None;
        self.context.reporter.idle();
        match result {
            Ok(held) => report(&self.context.reporter, &held),
            Err(error) => {
                tracing::warn!(actor = "generator", %error, "drafts not recorded");
                self.context.reporter.degraded(error.to_string());
                state.timer.set(Some(self.shared.timing.sweep));
                return;
            }
        }
        if state.nudged {
            self.begin(myself, state);
        }
    }
}

fn report(reporter: &Reporter, held: &[Held]) {
    match held.first() {
        None => reporter.ok(),
        Some(Held { story, reason }) => {
            let stories = held.len();
            reporter.degraded(format!("{stories} stories not written yet, first {}: {reason}", story.id));
        }
    }
}

/// One run over all that is unwritten.
struct Run {
    world: Arc<World>,
    policy: Arc<Policy>,
    bells: Arc<Bells>,
    reporter: Reporter,
    write_within: Duration,
    again: Arc<Notify>,
    writers: Semaphore,
}

/// Stories that are being written and recorded, one a game.
type Desks = JoinSet<Result<Done, LedgerError>>;

/// A story that was recorded, with what has been told of its game, or could not be written for that reason.
type Done = (Story, Result<Option<VecDeque<Told>>, String>);

impl Run {
    async fn write_all(self: Arc<Self>) -> Result<Vec<Held>, LedgerError> {
        let mut held: Vec<Held> = Vec::new();
        let mut unwritten = Unwritten::default();
        let mut desks = Desks::new();
        loop {
            self.seat(&mut desks, &mut unwritten, &mut held).await?;
            if desks.is_empty() {
                self.record_digests().await?;
                return Ok(held);
            }
            report(&self.reporter, &held);
            tokio::select! {
                done = desks.join_next() => {
                    // Those that were recorded in one commit are done together.
                    let more = std::iter::from_fn(|| desks.try_join_next());
                    for done in done.into_iter().chain(more) {
                        let (story, mut written) = done.map_err(resumed)??;
                        unwritten.put_down(&story, written.as_mut().ok().and_then(Option::take));
                        if let Err(reason) = written {
                            hold(&mut held, story, reason);
                        }
                    }
                }
                // What could not be written is tried again as well.
                () = self.again.notified() => {
                    held.clear();
                    unwritten.read_again();
                }
            }
        }
    }

    /// Has the next story written of every game that none is being written of.
    async fn seat(
        self: &Arc<Self>,
        desks: &mut Desks,
        unwritten: &mut Unwritten,
        held: &mut Vec<Held>,
    ) -> Result<(), LedgerError> {
        let mut ahead = desks.len() + held.len();
        loop {
            while desks.len() < DESKS
                && let Some((story, told)) = unwritten.take_up(held)
            {
                desks.spawn(Arc::clone(self).write_and_record(story, told));
            }
            if desks.len() >= WRITERS || unwritten.is_read() {
                return Ok(());
            }
            // What waits for its game must not keep other games' stories out of sight.
            ahead = (2 * ahead).max(AHEAD);
            let stories =
                patiently(self.reporter.clone(), self.world.ledger.unwritten_stories(ahead)).await?;
            unwritten.learn(stories, ahead, held);
        }
    }

    /// Writes a story and records its drafts, with what is known to have been told of its game.
    async fn write_and_record(
        self: Arc<Self>,
        story: Story,
        mut told: Option<VecDeque<Told>>,
    ) -> Result<Done, LedgerError> {
        // It is never closed.
        let writer = self.writers.acquire().await.ok();
        let written = self.write(&story, &mut told).await;
        drop(writer);
        let drafts = match written {
            Ok(drafts) => drafts,
            Err(reason) => return Ok((story, Err(reason))),
        };
        self.record(&drafts).await?;
        if let Some(told) = &mut told {
            Told::add(told, drafts, self.remembered());
        }
        Ok((story, Ok(told)))
    }

    async fn record_digests(&self) -> Result<(), LedgerError> {
        if patiently(self.reporter.clone(), digest::record_due(&self.world, &self.policy)).await? {
            self.bells.ring_channels();
        }
        Ok(())
    }

    async fn record(&self, drafts: &Drafts) -> Result<(), LedgerError> {
        patiently(self.reporter.clone(), self.world.ledger.record_drafts(drafts)).await?;
        tracing::debug!(actor = "generator", story = %drafts.story, posts = drafts.posts.len(), "story written");
        if !drafts.posts.is_empty() {
            self.bells.ring_channels();
        }
        Ok(())
    }

    /// Writes one story for every channel that tells it. What cannot be said truly is not said, and the reason is kept.
    ///
    /// # Errors
    /// Why no writer can write it now.
    async fn write(&self, story: &Story, told: &mut Option<VecDeque<Told>>) -> Result<Drafts, String> {
        let now = self.world.clock.now();
        let nothing = |note| Drafts {
            story: story.id.clone(),
            revision: story.revision,
            posts: Vec::new(),
            notes: vec![note],
            refused: Vec::new(),
            at: now,
        };
        if now > story.stale_at {
            return Ok(nothing(format!("too old to be told when it came to be written, at {now}")));
        }
        if let Some(rejection) = gate::quarantine(&story.facts) {
            tracing::warn!(actor = "generator", story = %story.id, %rejection, "story quarantined");
            return Ok(nothing(format!("quarantined: {rejection}")));
        }
        let mut drafts = Drafts { notes: Vec::new(), ..nothing(String::new()) };
        let telling = self.telling(story, told).await?;
        for (manner, texts) in Texts::in_each(&self.world.writers, self.assignments(story, &telling)).await {
            if let Some(trouble) = texts.trouble.filter(|_| texts.drafts.is_empty()) {
                let given_up = story.confirmed_at.checked_add(PATIENCE).is_ok_and(|until| now >= until);
                if !given_up {
                    return Err(trouble);
                }
                drafts.notes.push(format!("not told: {trouble}"));
                continue;
            }
            drafts.at = self.world.clock.now();
            drafts.notes.extend(texts.notes);
            drafts.refused.extend(texts.refused);
            for telling in telling.iter().filter(|telling| telling.rules.voice.manner == manner) {
                telling.choose(&mut drafts, story, &texts.drafts);
                self.ask_editor(&mut drafts, telling.name, story);
            }
        }
        drafts.notes.dedup();
        Ok(drafts)
    }

    /// The channels that tell a story, each with what it was last given to tell of the game, this story aside.
    ///
    /// # Errors
    /// Why that cannot be known now.
    async fn telling<'a>(
        &'a self,
        story: &Story,
        told: &mut Option<VecDeque<Told>>,
    ) -> Result<Vec<Telling<'a>>, String> {
        let of = |(name, channel): (&'a ChannelName, &'a Arc<dyn Channel>)| {
            Telling::new(name, channel.as_ref(), self.policy.channel(name))
        };
        let mut telling: Vec<Telling<'a>> =
            self.world.channels.iter().map(of).filter(|telling| telling.rules.admit(story)).collect();
        if telling.is_empty() {
            return Ok(telling);
        }
        let told = match told {
            Some(told) => told,
            None => told.insert(self.told(&story.game).await?),
        };
        telling.iter_mut().for_each(|telling| telling.remember(story, told));
        Ok(telling)
    }

    /// What was last told of a game.
    async fn told(&self, game: &GameId) -> Result<VecDeque<Told>, String> {
        let (game, limit) = (Some(game.clone()), self.remembered());
        let filter = PostFilter { game, limit, ..PostFilter::default() };
        let posts = patiently(self.reporter.clone(), self.world.ledger.posts(&filter)).await;
        Ok(Told::by(posts.map_err(|error| error.to_string())?))
    }

    /// How many posts of a game are remembered.
    fn remembered(&self) -> usize {
        LAST * self.world.channels.len()
    }

    /// What is asked of the writers: the story once in every tone and language in which it is told.
    fn assignments(&self, story: &Story, telling: &[Telling<'_>]) -> Vec<Assignment> {
        let mut told: BTreeMap<&Manner, Vec<Said>> = BTreeMap::new();
        for telling in telling {
            let told = told.entry(&telling.rules.voice.manner).or_default();
            let others = telling.told.iter().filter(|text| !told.contains(text)).cloned().collect::<Vec<_>>();
            told.extend(others);
        }
        let assignment = |(manner, told): (&Manner, Vec<Said>)| Assignment {
            manner: manner.clone(),
            told,
            ..Assignment::new(story.clone(), self.write_within)
        };
        told.into_iter().map(assignment).collect()
    }

    /// Has a channel's post wait for an editor, where a rule wants that.
    fn ask_editor(&self, drafts: &mut Drafts, name: &ChannelName, story: &Story) {
        let now = drafts.at;
        let Some(post) = drafts.posts.last_mut().filter(|post| post.channel == *name) else { return };
        let Some(rule) = approval::wanted_by(&self.policy.approvals, name, story, &post.author) else {
            return;
        };
        post.state = PostState::AwaitingApproval;
        post.send_before = rule.expires_at(post.send_before, now);
        drafts.notes.push(format!("on {name} an editor sees it first: the rule {} wants that", rule.name));
    }
}

/// Holds a story that could not be written now.
fn hold(held: &mut Vec<Held>, story: Story, reason: String) {
    tracing::warn!(actor = "generator", story = %story.id, reason, "story not written yet");
    held.push(Held { story, reason });
}

/// A desk that panicked makes the run panic.
fn resumed(error: JoinError) -> LedgerError {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => LedgerError::Unavailable { detail: error.to_string() },
    }
}

impl Actor for Generator {
    type Msg = Msg;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        myself.cast(Msg::Nudged)?;
        let leadership = self.shared.leadership.subscribe();
        Ok(State {
            run: None,
            nudged: false,
            again: Arc::default(),
            timer: Timer::new(self.shared.timing.heartbeat()),
            _listeners: [
                self.shared.bells.generator.forward(myself.clone(), || Msg::Nudged),
                forward_changes(leadership, myself, || Msg::Nudged),
            ],
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<Msg>,
        message: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        self.context.pulse.beat();
        match message {
            Msg::Nudged => self.begin(&myself, state),
            Msg::Wake if state.timer.is_due() => {
                state.timer.set(None);
                self.begin(&myself, state);
            }
            Msg::Wake => {}
            Msg::Wrote(result) => self.wrote(&myself, state, result),
            Msg::Crashed(text) => return Err(format!("writing panicked: {text}").into()),
        }
        state.timer.arm(myself, || Msg::Wake);
        Ok(())
    }
}
