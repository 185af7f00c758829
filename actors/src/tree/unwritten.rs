//! The stories that wait to be written, read some ahead of the desks.
//!
//! A story, once recorded, does not change, so what was read may wait here; whether it is still to be told is settled when
//! its drafts are recorded. Each game has one story on a desk at a time, and those behind it wait for it, whether it is
//! being written or held. What was told of a game is kept until there is no more to be read.

use std::collections::{HashMap, VecDeque};

use super::telling::Told;
use crate::wire::game::GameId;
use crate::wire::story::{Story, StoryId};

/// How many stories are read at once.
pub(super) const AHEAD: usize = 512;

/// A story that stays unwritten for now.
pub(super) struct Held {
    pub(super) story: Story,
    pub(super) reason: String,
}

/// What is known of the unwritten stories.
#[derive(Default)]
pub(super) struct Unwritten {
    /// The next story of each game that has none on a desk, in the order in which they came to be that.
    next: VecDeque<Story>,
    games: HashMap<GameId, Game>,
    /// Whether the ledger had no more when it was last read.
    is_read: bool,
}

#[derive(Default)]
struct Game {
    first: First,
    /// What waits behind the first story, in its order.
    behind: VecDeque<Story>,
    /// What was told of the game before, where that is known.
    told: Option<VecDeque<Told>>,
}

/// Where a game's first story is.
#[derive(Default)]
enum First {
    /// There is none.
    #[default]
    Nowhere,
    /// It is among the next ones.
    Next,
    /// It is being written.
    OnDesk(StoryId, u32),
}

impl Unwritten {
    /// Whether there is no more to be read.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Has what waits read anew, since there may be more.
    pub(super) fn read_again(&mut self) {
        self.forget();
        self.games.retain(|_, game| matches!(game.first, First::OnDesk(..)));
        self.is_read = false;
    }

    fn forget(&mut self) {
        self.next.clear();
        for game in self.games.values_mut() {
            game.behind.clear();
            if matches!(game.first, First::Next) {
                game.first = First::Nowhere;
            }
        }
    }

    /// Takes in what the ledger has, in its order, up to a limit.
    pub(super) fn learn(&mut self, stories: Vec<Story>, limit: usize, held: &[Held]) {
        self.forget();
        self.is_read = stories.len() < limit;
        for story in stories {
            let is_held = held.iter().any(|held| key(&held.story) == key(&story));
            if is_held {
                continue;
            }
            let game = self.games.entry(story.game.clone()).or_default();
            match &game.first {
                First::OnDesk(id, revision) if (id, *revision) == key(&story) => {}
                First::OnDesk(..) | First::Next => game.behind.push_back(story),
                First::Nowhere => {
                    game.first = First::Next;
                    self.next.push_back(story);
                }
            }
        }
    }

    /// The next story of a game that has none on a desk, with what is known to have been told of it. One behind a held
    /// story of its game is held with it.
    pub(super) fn take_up(&mut self, held: &mut Vec<Held>) -> Option<(Story, Option<VecDeque<Told>>)> {
        while let Some(story) = self.next.pop_front() {
            if held.iter().any(|held| held.story.game == story.game) {
                self.put_down(&story, None);
                held.push(Held { story, reason: "an earlier story of its game is not written".to_owned() });
                continue;
            }
            let game = self.games.entry(story.game.clone()).or_default();
            game.first = First::OnDesk(story.id.clone(), story.revision);
            let told = game.told.take();
            return Some((story, told));
        }
        None
    }

    /// A story is off its desk, and its game's turn comes again, where more of it waits.
    pub(super) fn put_down(&mut self, story: &Story, told: Option<VecDeque<Told>>) {
        let Some(game) = self.games.get_mut(&story.game) else { return };
        game.told = told;
        match game.behind.pop_front() {
            Some(next) => {
                game.first = First::Next;
                self.next.push_back(next);
            }
            None if self.is_read => drop(self.games.remove(&story.game)),
            None => game.first = First::Nowhere,
        }
    }
}

fn key(story: &Story) -> (&StoryId, u32) {
    (&story.id, story.revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::conformance::fixtures::story;

    fn of(number: u32, game: &str) -> Story {
        Story { game: GameId(game.to_owned()), ..story(number) }
    }

    fn taken(unwritten: &mut Unwritten, held: &mut Vec<Held>) -> Vec<Story> {
        std::iter::from_fn(|| unwritten.take_up(held)).map(|(story, _)| story).collect()
    }

    fn ids(stories: &[Story]) -> Vec<&str> {
        stories.iter().map(|story| story.id.0.as_str()).collect()
    }

    #[test]
    fn each_game_has_one_story_on_a_desk_and_the_next_one_when_that_is_off() {
        let stories = [of(1, "a"), of(2, "a"), of(3, "b"), of(4, "a")];
        let mut unwritten = Unwritten::default();
        unwritten.learn(stories.to_vec(), 9, &[]);
        assert!(unwritten.is_read());
        let first = taken(&mut unwritten, &mut Vec::new());
        assert_eq!(ids(&first), ids(&[of(1, "a"), of(3, "b")]));

        unwritten.put_down(&first[1], None);
        assert!(taken(&mut unwritten, &mut Vec::new()).is_empty(), "b has no more, and a's desk is taken");
        unwritten.put_down(&first[0], None);
        assert_eq!(ids(&taken(&mut unwritten, &mut Vec::new())), ids(&[of(2, "a")]));
    }

    #[test]
    fn what_was_told_of_a_game_is_known_until_all_is_read_anew() {
        let known = |unwritten: &mut Unwritten| {
            unwritten.take_up(&mut Vec::new()).map(|(story, told)| (story.game.0, told.is_some()))
        };
        let mut unwritten = Unwritten::default();
        unwritten.learn(vec![of(1, "a")], 1, &[]);
        assert_eq!(known(&mut unwritten), Some(("a".to_owned(), false)));
        unwritten.put_down(&of(1, "a"), Some(VecDeque::new()));
        unwritten.learn(vec![of(2, "a")], 1, &[]);
        assert_eq!(known(&mut unwritten), Some(("a".to_owned(), true)));
        unwritten.put_down(&of(2, "a"), Some(VecDeque::new()));
        unwritten.read_again();
        unwritten.learn(vec![of(3, "a"), of(4, "a")], 9, &[]);
        assert_eq!(known(&mut unwritten), Some(("a".to_owned(), false)), "others may have told of it since");
        unwritten.put_down(&of(3, "a"), Some(VecDeque::new()));
        assert_eq!(known(&mut unwritten), Some(("a".to_owned(), true)));
    }

    #[test]
    fn what_is_on_a_desk_or_held_when_the_ledger_is_read_again_is_not_taken_up_twice() {
        let stories = [of(1, "a"), of(2, "a"), of(3, "b")];
        let mut unwritten = Unwritten::default();
        unwritten.learn(stories.to_vec(), 3, &[]);
        assert!(!unwritten.is_read(), "there may be more than three");
        let mut held = Vec::new();
        let first = taken(&mut unwritten, &mut held);
        unwritten.put_down(&first[1], None);
        held.push(Held { story: first[1].clone(), reason: "no writer answers".to_owned() });

        unwritten.read_again();
        unwritten.learn([&stories[..], &[of(4, "b")]].concat(), 9, &held);
        assert!(taken(&mut unwritten, &mut held).is_empty());
        let waiting: Vec<Story> = held.iter().map(|held| held.story.clone()).collect();
        assert_eq!(ids(&waiting), ids(&[of(3, "b"), of(4, "b")]), "b's later story waits for the held one");
        unwritten.put_down(&first[0], None);
        assert_eq!(ids(&taken(&mut unwritten, &mut held)), ids(&[of(2, "a")]));
    }
}
