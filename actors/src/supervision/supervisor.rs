//! The actor around a [`State`]: it takes messages and events in and hands them on.

use ractor::{Actor, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::time::Instant;

use super::exit::Exit;
use super::operator::Command;
use super::state::{Args, State};

pub(super) struct SupervisorActor;

pub(super) enum Msg {
    /// A child's start has come to something.
    Started(usize),
    /// A child that was to be stopped is gone.
    Stopped { child: usize, exit: Exit },
    /// A child may be started again, unless something else has happened to it since.
    BackoffOver { child: usize, generation: u64 },
    /// Time to beat, and to look for pulses that do not.
    Tick { due: Instant },
    /// The supervisor has given up and all its children are gone.
    Quiesced,
    /// The operator wants something.
    Command(Command),
}

impl Actor for SupervisorActor {
    type Msg = Msg;
    type State = State;
    type Arguments = Args;

    async fn pre_start(&self, me: ActorRef<Msg>, args: Args) -> Result<State, ActorProcessingErr> {
        let mut state = State::new(me, args);
        state.start_children().await?;
        state.arm_tick();
        Ok(state)
    }

    async fn handle(
        &self,
        _: ActorRef<Msg>,
        message: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Msg::Started(child) => state.started(child).await,
            Msg::Stopped { child, exit } => state.stopped(child, exit),
            Msg::BackoffOver { child, generation } => state.backoff_over(child, generation),
            Msg::Tick { due } => state.tick(due),
            Msg::Command(command) => state.command(command),
            Msg::Quiesced => state.give_up()?,
        }
        state.advance();
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _: ActorRef<Msg>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        if let Some((who, exit)) = Exit::from_event(event) {
            state.actor_ended(who, exit);
            state.advance();
        }
        Ok(())
    }

    /// ractor kills the children of an actor that stops, so they are stopped properly before that.
    async fn post_stop(&self, _: ActorRef<Msg>, state: &mut State) -> Result<(), ActorProcessingErr> {
        state.stop_children().await;
        Ok(())
    }
}
