//! Actors that do as they are told, and a record of what became of them.

use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef, ActorStatus};

use super::super::*;

/// What an actor is told to do in its handler.
#[derive(Debug)]
pub(super) enum Do {
    Panic(&'static str),
    Fail(&'static str),
    Finish(Option<&'static str>),
    Hang,
    Beat,
    Hold(Duration),
    Note(&'static str),
}

/// What an actor does in its `pre_start`; without a script it starts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Begin {
    Start,
    Fail(&'static str),
    Panic(&'static str),
    Hang,
    DieAtOnce,
    Slowly(Duration),
}

/// What every actor does in its `post_stop`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum End {
    #[default]
    Well,
    Hang,
    Fail(&'static str),
}

#[derive(Default)]
struct Scene {
    log: Vec<String>,
    actors: HashMap<String, ActorRef<Do>>,
    everybody: Vec<ActorRef<Do>>,
    scripts: HashMap<String, VecDeque<Begin>>,
    end: End,
}

#[derive(Clone, Default)]
pub(super) struct Stage(Arc<Mutex<Scene>>);

impl Stage {
    /// A permanent worker that is restarted without back-off.
    pub(super) fn worker(&self, name: &'static str) -> ChildSpec {
        let stage = self.clone();
        let start = move |context: StartContext| {
            let stage = stage.clone();
            async move {
                let begin = stage.next_script(name);
                let probe = Probe { name, stage: stage.clone(), context: context.clone() };
                let actor = context.spawn(probe, begin).await?;
                stage.enter(name, &actor);
                if matches!(begin, Begin::DieAtOnce) {
                    actor.send_message(Do::Fail("died at once"))?;
                    actor.wait(None).await?;
                }
                Ok(actor.get_cell())
            }
        };
        ChildSpec::worker(name, start).backoff(Backoff::NONE)
    }

    pub(super) fn script(&self, name: &str, begins: impl IntoIterator<Item = Begin>) {
        self.scene(|scene| scene.scripts.insert(name.to_owned(), begins.into_iter().collect()));
    }

    pub(super) fn end(&self, end: End) {
        self.scene(|scene| scene.end = end);
    }

    /// The latest incarnation of `name`.
    pub(super) fn actor(&self, name: &str) -> ActorRef<Do> {
        self.scene(|scene| scene.actors[name].clone())
    }

    pub(super) fn tell(&self, name: &str, what: Do) {
        self.actor(name).send_message(what).expect("the actor is up");
    }

    /// What happened so far, and a clean sheet.
    pub(super) fn take_log(&self) -> Vec<String> {
        self.scene(|scene| std::mem::take(&mut scene.log))
    }

    pub(super) fn starts_of(&self, name: &str) -> usize {
        let line = format!("start {name}");
        self.scene(|scene| scene.log.iter().filter(|entry| **entry == line).count())
    }

    /// How many incarnations, of all children together, are up.
    pub(super) fn alive(&self) -> usize {
        let is_up = |actor: &&ActorRef<Do>| actor.get_status() == ActorStatus::Running;
        self.scene(|scene| scene.everybody.iter().filter(is_up).count())
    }

    fn enter(&self, name: &str, actor: &ActorRef<Do>) {
        self.scene(|scene| {
            scene.actors.insert(name.to_owned(), actor.clone());
            scene.everybody.push(actor.clone());
        });
    }

    fn note(&self, what: &str, name: &str) {
        self.scene(|scene| scene.log.push(format!("{what} {name}")));
    }

    fn next_script(&self, name: &str) -> Begin {
        self.scene(|scene| scene.scripts.get_mut(name).and_then(VecDeque::pop_front)).unwrap_or(Begin::Start)
    }

    fn scene<T>(&self, use_it: impl FnOnce(&mut Scene) -> T) -> T {
        use_it(&mut self.0.lock().expect("no test panics while it holds the scene"))
    }
}

struct Probe {
    name: &'static str,
    stage: Stage,
    context: StartContext,
}

impl Actor for Probe {
    type Msg = Do;
    type State = ();
    type Arguments = Begin;

    async fn pre_start(&self, _: ActorRef<Do>, begin: Begin) -> Result<(), ActorProcessingErr> {
        self.stage.note("start", self.name);
        match begin {
            Begin::Start | Begin::DieAtOnce => Ok(()),
            Begin::Fail(text) => Err(text.into()),
            Begin::Panic(text) => panic!("{text}"),
            Begin::Hang => pending().await,
            Begin::Slowly(time) => {
                pass(time).await;
                Ok(())
            }
        }
    }

    async fn handle(&self, me: ActorRef<Do>, what: Do, (): &mut ()) -> Result<(), ActorProcessingErr> {
        match what {
            Do::Panic(text) => panic!("{text}"),
            Do::Fail(text) => return Err(text.into()),
            Do::Finish(reason) => me.stop(reason.map(str::to_owned)),
            Do::Hang => {
                self.context.reporter.doing("hanging");
                pending::<()>().await;
            }
            Do::Beat => self.context.pulse.beat(),
            Do::Hold(expected) => self.context.pulse.hold(expected),
            Do::Note(text) => self.stage.note(text, self.name),
        }
        Ok(())
    }

    async fn post_stop(&self, _: ActorRef<Do>, (): &mut ()) -> Result<(), ActorProcessingErr> {
        match self.stage.scene(|scene| scene.end) {
            End::Well => {}
            End::Hang => pending().await,
            End::Fail(text) => return Err(text.into()),
        }
        self.stage.note("stop", self.name);
        Ok(())
    }
}

/// Enough restarts for any test that is not about their limit.
pub(super) const GENEROUS: Intensity = Intensity { restarts: 100, within: Duration::from_secs(60) };

pub(super) fn supervisor(
    strategy: Strategy,
    children: impl IntoIterator<Item = ChildSpec>,
) -> SupervisorSpec {
    named("root", strategy, GENEROUS, children)
}

pub(super) fn named(
    name: &str,
    strategy: Strategy,
    intensity: Intensity,
    children: impl IntoIterator<Item = ChildSpec>,
) -> SupervisorSpec {
    children.into_iter().fold(SupervisorSpec::new(name, strategy, intensity), SupervisorSpec::child)
}

pub(super) fn options() -> RootOptions {
    RootOptions { instance: None, rng: fastrand::Rng::with_seed(7) }
}

pub(super) async fn start(spec: SupervisorSpec) -> SupervisorHandle {
    Supervisor::start_root(spec, options()).await.expect("the tree starts")
}

/// The child at `path`, as the tree's status shows it.
pub(super) fn child(tree: &SupervisorHandle, path: &str) -> ChildStatus {
    find(&tree.status(), path).expect("the child is in the status").clone()
}

fn find<'a>(children: &'a [ChildStatus], path: &str) -> Option<&'a ChildStatus> {
    let (name, below) = path.split_once('/').map_or((path, None), |(name, below)| (name, Some(below)));
    let child = children.iter().find(|child| child.name == name)?;
    below.map_or(Some(child), |below| find(&child.children, below))
}

/// Waits until the child at `path` satisfies `wanted`.
pub(super) async fn until(
    tree: &SupervisorHandle,
    path: &str,
    wanted: impl Fn(&ChildStatus) -> bool,
) -> ChildStatus {
    let table = tree.table();
    let seen = table.wait_until(|children| find(children, path).is_some_and(&wanted));
    match tokio::time::timeout(Duration::from_secs(3600), seen).await {
        Ok(children) => find(&children, path).expect("it was just there").clone(),
        Err(_) => panic!("{path} never came to that: {:#?}", tree.status()),
    }
}

/// Waits until the child at `path` is up again after `restarts` restarts in all.
pub(super) async fn restarted(tree: &SupervisorHandle, path: &str, restarts: u64) -> ChildStatus {
    until(tree, path, |child| child.phase == Phase::Running && child.restarts == restarts).await
}

pub(super) async fn in_phase(tree: &SupervisorHandle, path: &str, phase: Phase) -> ChildStatus {
    until(tree, path, |child| child.phase == phase).await
}

/// Lets paused time run through every timer that is due in `time`, unlike `advance`, which jumps.
pub(super) async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

pub(super) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) const fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Far more time than anything without a limit of its own takes.
pub(super) const LONG: Duration = secs(600);
