//! The stories that wait to be written, read some ahead of the desks.
//!
//! A story, once recorded, does not change, so what was read may wait here; whether it is still to be told is settled when
//! its drafts are recorded. Each game has one story on a desk at a time, and those behind it wait for it, whether it is
//! being written or held.

use std::collections::{BTreeMap, VecDeque};

use crate::wire::game::GameId;
use crate::wire::story::{Story, StoryId};

/// How many stories are read at once.
pub(super) const AHEAD: usize = 256;

/// A story that stays unwritten for now.
pub(super) struct Held {
    pub(super) story: Story,
    pub(super) reason: String,
}

/// What is known of the unwritten stories.
#[derive(Default)]
pub(super) struct Unwritten {
    /// Those that wait, in their order.
    waiting: VecDeque<Story>,
    /// The one that is being written of each game.
    on_desk: BTreeMap<GameId, (StoryId, u32)>,
    /// Whether the ledger had no more when it was last read.
    is_read: bool,
}

impl Unwritten {
    /// Whether there is no more to be read.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Has what waits read anew, since there may be more.
    pub(super) fn read_again(&mut self) {
        self.waiting.clear();
        self.is_read = false;
    }

    /// Takes in what the ledger has, in its order, up to a limit.
    pub(super) fn learn(&mut self, stories: Vec<Story>, limit: usize, held: &[Held]) {
        self.is_read = stories.len() < limit;
        let is_on_desk = |story: &Story| {
            self.on_desk.get(&story.game).is_some_and(|(id, revision)| (id, *revision) == key(story))
        };
        let is_held = |story: &Story| held.iter().any(|held| key(&held.story) == key(story));
        let waits = |story: &Story| !is_on_desk(story) && !is_held(story);
        self.waiting = stories.into_iter().filter(waits).collect();
    }

    /// The next story of a game that has none on a desk. One behind a held story of its game is held with it.
    pub(super) fn take_up(&mut self, held: &mut Vec<Held>) -> Option<Story> {
        let mut at = 0;
        while let Some(story) = self.waiting.get(at) {
            if self.on_desk.contains_key(&story.game) {
                at += 1;
                continue;
            }
            let story = self.waiting.remove(at)?;
            if held.iter().any(|held| held.story.game == story.game) {
                held.push(Held { story, reason: "an earlier story of its game is not written".to_owned() });
                continue;
            }
            self.on_desk.insert(story.game.clone(), (story.id.clone(), story.revision));
            return Some(story);
        }
        None
    }

    /// A story is off its desk.
    pub(super) fn put_down(&mut self, story: &Story) {
        self.on_desk.remove(&story.game);
    }
}

fn key(story: &Story) -> (&StoryId, u32) {
    (&story.id, story.revision)
}
