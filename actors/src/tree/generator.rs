//! The generator: told stories become checked texts, and those become posts.
//!
//! All drafts of a story and all its posts are one transaction, so a crash between two stories loses nothing and repeats
//! nothing. Writing runs beside the actor, since a writer may be slow; there is one such run at a time.

use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};

use super::bell::forward_changes;
use super::task::{Task, offload};
use super::timer::Timer;
use super::world::{Policy, Shared, World};
use crate::ports::channel::{Channel, Corrections};
use crate::ports::ledger::{Drafts, LedgerError, NewPost};
use crate::ports::writer::{Draft, Form, Writer};
use crate::supervision::StartContext;
use crate::wire::brief::{self, Chosen};
use crate::wire::gate;
use crate::wire::post::{ChannelName, Operation, PostState};
use crate::wire::story::Story;

/// How many stories one run takes on before it looks for older ones again.
const BATCH: usize = 32;

pub(super) struct Generator {
    pub(super) shared: Shared,
    pub(super) context: StartContext,
}

pub(super) enum Msg {
    Wake,
    Nudged,
    Wrote(Result<usize, LedgerError>),
    Crashed(String),
}

pub(super) struct State {
    run: Option<Task>,
    nudged: bool,
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
            return;
        }
        state.nudged = false;
        self.context.reporter.doing("writing");
        let (world, policy, bells) = (
            Arc::clone(&self.shared.world),
            self.shared.policy.borrow().clone(),
            Arc::clone(&self.shared.bells),
        );
        let run = async move {
            let written = write_all(&world, &policy).await?;
            if written > 0 {
                bells.ring_channels();
            }
            Ok(written)
        };
        state.run = Some(offload(myself.clone(), run, Msg::Wrote, Msg::Crashed));
    }

    fn wrote(&self, myself: &ActorRef<Msg>, state: &mut State, result: Result<usize, LedgerError>) {
        state.run = None;
        self.context.reporter.idle();
        match result {
            Ok(written) => {
                self.context.reporter.ok();
                if state.nudged || written == BATCH {
                    self.begin(myself, state);
                }
            }
            Err(error) => {
                tracing::warn!(actor = "generator", %error, "drafts not recorded");
                self.context.reporter.degraded(error.to_string());
                state.timer.set(Some(self.shared.timing.sweep));
            }
        }
    }
}

async fn write_all(world: &World, policy: &Policy) -> Result<usize, LedgerError> {
    let stories = world.ledger.unwritten_stories(BATCH).await?;
    for story in &stories {
        let drafts = write(world, policy, story).await;
        tracing::debug!(actor = "generator", story = %story.id, posts = drafts.posts.len(), "story written");
        world.ledger.record_drafts(&drafts).await?;
    }
    Ok(stories.len())
}

/// Writes one story for every channel that tells it. What cannot be said truly is not said, and the reason is kept.
async fn write(world: &World, policy: &Policy, story: &Story) -> Drafts {
    let now = world.clock.now();
    let empty = |notes| Drafts {
        story: story.id.clone(),
        revision: story.revision,
        posts: Vec::new(),
        notes,
        at: now,
    };
    if now > story.stale_at {
        return empty(vec![format!("too old to be told when it came to be written, at {now}")]);
    }
    if let Some(rejection) = gate::quarantine(&story.facts) {
        tracing::warn!(actor = "generator", story = %story.id, %rejection, "story quarantined");
        return empty(vec![format!("quarantined: {rejection}")]);
    }
    let (candidates, notes) = candidates(&world.writers, story).await;
    let mut drafts = empty(notes);
    let wanted = |name| policy.channel(name).admit(&story.sport, story.kind, story.significance.total);
    for (name, channel) in world.channels.iter().filter(|(name, _)| wanted(name)) {
        match brief::choose(&candidates, &story.facts, channel.capabilities().limits) {
            Ok(chosen) => {
                drafts.notes.extend(chosen.refused.iter().map(ToString::to_string));
                drafts.posts.push(post(name, channel.as_ref(), story, chosen));
            }
            Err(refused) => {
                let reasons = refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                tracing::warn!(actor = "generator", story = %story.id, channel = %name, reasons, "not told: every text was refused");
                drafts.notes.push(format!("not told on {name}: {reasons}"));
            }
        }
    }
    drafts.notes.dedup();
    drafts
}

/// Every writer's drafts, best first, each in its long form before its short one.
async fn candidates(writers: &[Arc<dyn Writer>], story: &Story) -> (Vec<Draft>, Vec<String>) {
    let (mut candidates, mut notes) = (Vec::new(), Vec::new());
    for writer in writers {
        for form in [Form::Long, Form::Short] {
            match writer.write(story, form).await {
                Ok(draft) => candidates.push(draft),
                Err(error) => notes.push(format!("{} did not write it: {error}", writer.name())),
            }
        }
    }
    (candidates, notes)
}

fn post(name: &ChannelName, channel: &dyn Channel, story: &Story, chosen: Chosen) -> NewPost {
    let operation = match channel.capabilities().corrections {
        _ if story.revision == 1 => Operation::Create,
        Corrections::Edit => Operation::Edit,
        Corrections::Reply => Operation::Reply,
        Corrections::Create => Operation::Create,
    };
    NewPost {
        channel: name.clone(),
        operation,
        state: PostState::Pending,
        text: chosen.text.into_text(),
        title: chosen.title,
        author: chosen.author,
        send_before: story.stale_at,
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
