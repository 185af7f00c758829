//! A recording, played as a feed.
//!
//! Every poll answers with the frame its request's cursor names and moves the [`ReplayClock`] to that frame's time. The
//! replay itself remembers nothing that matters: where it stands is what was committed with the last poll, so a run
//! that was killed resumes at exactly the frame it had not committed, and a poll that is asked again is answered again.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, Next, PollRequest};
use wirereport_actors::wire::game::Snapshot;

use super::recording::{Board, Recording};

mod clock;
mod speed;
#[cfg(test)]
mod tests;

pub use clock::ReplayClock;
pub use speed::{Speed, SpeedError};

/// The feed's name.
pub const NAME: &str = "replay";

/// What is waited for before each frame is released.
pub type Gate = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// A recording as a feed.
pub struct Replay {
    recording: Recording,
    clock: Arc<ReplayClock>,
    gate: Option<Gate>,
    player: Mutex<Player>,
}

struct Player {
    board: Board,
    /// Frames applied so far.
    applied: usize,
}

impl Replay {
    /// Plays `recording` and moves `clock` with it.
    pub fn new(recording: Recording, clock: Arc<ReplayClock>) -> Self {
        let player = Mutex::new(Player { board: recording.board(), applied: 0 });
        Self { recording, clock, gate: None, player }
    }

    /// Waits for `gate` before each frame is released: at full speed, until earlier stories have left.
    #[must_use]
    pub fn with_gate(mut self, gate: Gate) -> Self {
        self.gate = Some(gate);
        self
    }

    /// What is played.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    fn snapshot(&self, index: usize) -> Result<Snapshot, FeedError> {
        let mut player = self.player.lock().unwrap_or_else(PoisonError::into_inner);
        if player.applied > index + 1 {
            *player = Player { board: self.recording.board(), applied: 0 };
        }
        let frames = self.recording.frames();
        while player.applied <= index {
            let frame = &frames[player.applied];
            player.board.apply(frame).map_err(|detail| FeedError::Malformed { detail })?;
            player.applied += 1;
        }
        Ok(player.board.snapshot(&self.recording.header().sport, NAME, &frames[index]))
    }
}

#[async_trait]
impl Feed for Replay {
    fn name(&self) -> &str {
        NAME
    }

    /// The gate opens when what came before is published, however long that takes.
    fn answers_within(&self) -> Option<Duration> {
        None
    }

    /// Answers with the frame the cursor names, the first without one. A cursor past the end is answered with the last
    /// frame again.
    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        let carries = &self.recording.header().sport;
        if request.sport.key != *carries {
            let (name, asked) = (self.recording.name(), &request.sport.key);
            let detail = format!("recording {name} is of {carries}, not of {asked}: replay it as {carries}");
            return Err(FeedError::Misconfigured { detail });
        }
        let frames = self.recording.frames();
        let last = frames.len().saturating_sub(1);
        let index = usize::try_from(request.cursor.unwrap_or(0)).unwrap_or(last).min(last);
        if let Some(gate) = &self.gate {
            gate().await;
        }
        let snapshot = self.snapshot(index)?;
        let following = frames.get(index + 1).map(|frame| frame.t);
        self.clock.show(snapshot.seen_at, following);
        let next = following.map_or(Next::Ended, |at| {
            Next::After(Duration::try_from(at.duration_since(snapshot.seen_at)).unwrap_or_default())
        });
        Ok(Answer { snapshot, news: None, cursor: u64::try_from(index + 1).ok(), next })
    }
}
