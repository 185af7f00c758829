//! Writers that fail: a story waits, or is written by the next of them.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use wirereport_actors::memory::PlainWriter;
use wirereport_actors::ports::writer::{Draft, Form, Writer, WriterError};
use wirereport_actors::wire::gate::Vocabulary;
use wirereport_actors::wire::post::PostState;
use wirereport_actors::wire::story::Story;

use super::boards::{BoardFeed, harwick, ostrava};
use super::house::{House, pass, restarted, told, trouble};

#[derive(Debug, Clone, Copy)]
enum Fault {
    Panics,
    Hangs,
    Lies,
}

/// Fails so many times, with stories of Harwick only, and then writes.
struct Faulty {
    fault: Fault,
    times: AtomicUsize,
}

fn faulty(fault: Fault, times: usize) -> Arc<dyn Writer> {
    Arc::new(Faulty { fault, times: AtomicUsize::new(times) })
}

#[async_trait]
impl Writer for Faulty {
    fn name(&self) -> &str {
        "faulty"
    }

    async fn write(&self, story: &Story, form: Form) -> Result<Draft, WriterError> {
        let left = |times: usize| times.checked_sub(1);
        let is_ill = story.facts.home.short_name == "Harwick"
            && self.times.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok();
        let lie = Draft {
            title: "Harwick lead 9-0".to_owned(),
            text: "Harwick United 9, Melford United 0.".to_owned(),
            author: "faulty".to_owned(),
            vocabulary: Vocabulary::Open,
        };
        match self.fault {
            Fault::Panics if is_ill => resume_unwind(Box::new("no ink")),
            Fault::Hangs if is_ill => pending().await,
            Fault::Lies if is_ill => Ok(lie),
            _ => PlainWriter.write(story, form).await,
        }
    }
}

async fn a_goal_written_by(writers: impl IntoIterator<Item = Arc<dyn Writer>>, seconds: u64) -> Outcome {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0), ostrava(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let house = house.writers(writers);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(seconds).await;
    let outcome = Outcome {
        told: told(&wire),
        trouble: trouble(&tree, "generator"),
        notes: house.stories().await.into_iter().flat_map(|record| record.notes).collect(),
        states: house.states().await,
    };
    assert_eq!(restarted(&tree), []);
    outcome
}

struct Outcome {
    told: Vec<String>,
    trouble: Option<String>,
    notes: Vec<String>,
    states: Vec<PostState>,
}

const HARWICK: &str = "Harwick United 1, Melford United 0.";
const OSTRAVA: &str = "Ostrava United 1, Trento United 0.";

#[tokio::test(start_paused = true)]
async fn a_story_whose_writer_panics_is_written_a_little_later_and_told_once() {
    let outcome = a_goal_written_by([faulty(Fault::Panics, 2)], 120).await;
    assert_eq!(outcome.told, [OSTRAVA, HARWICK], "the other game did not wait");
    assert_eq!(outcome.states, [PostState::Sent, PostState::Sent]);
    assert_eq!(outcome.trouble, None);
}

#[tokio::test(start_paused = true)]
async fn a_story_whose_writer_hangs_is_written_a_little_later_and_told_once() {
    let outcome = a_goal_written_by([faulty(Fault::Hangs, 2)], 240).await;
    assert_eq!(outcome.told, [OSTRAVA, HARWICK]);
    assert_eq!(outcome.trouble, None);
}

#[tokio::test(start_paused = true)]
async fn the_next_writer_steps_in_for_one_that_panics_or_hangs() {
    for fault in [Fault::Panics, Fault::Hangs] {
        let writers = [faulty(fault, usize::MAX), Arc::new(PlainWriter) as _];
        let outcome = a_goal_written_by(writers, 120).await;
        assert_eq!(outcome.told, [HARWICK, OSTRAVA]);
        assert!(outcome.notes[0].starts_with("faulty did not write it: "), "{:?}", outcome.notes);
        assert_eq!(outcome.trouble, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_story_that_no_writer_can_write_is_given_up_with_the_reason() {
    let outcome = a_goal_written_by([faulty(Fault::Panics, usize::MAX)], 100).await;
    let trouble = outcome.trouble.unwrap();
    assert!(trouble.starts_with("1 stories not written yet, first eng.1-tbd-mel-har/"), "{trouble}");
    assert!(trouble.ends_with("faulty did not write it: it panicked: no ink"), "{trouble}");

    let outcome = a_goal_written_by([faulty(Fault::Panics, usize::MAX)], 600).await;
    assert_eq!(outcome.told, [OSTRAVA]);
    assert_eq!(outcome.notes, ["not told: faulty did not write it: it panicked: no ink"]);
    assert_eq!(outcome.trouble, None);
}

#[tokio::test(start_paused = true)]
async fn a_writers_lie_does_not_leave() {
    let outcome = a_goal_written_by([faulty(Fault::Lies, usize::MAX)], 120).await;
    assert_eq!(outcome.told, [OSTRAVA]);
    assert!(outcome.notes[0].starts_with("not told on wire: faulty was refused"), "{:?}", outcome.notes);

    let writers = [faulty(Fault::Lies, usize::MAX), Arc::new(PlainWriter) as _];
    let outcome = a_goal_written_by(writers, 120).await;
    assert_eq!(outcome.told, [HARWICK, OSTRAVA]);
}

#[tokio::test(start_paused = true)]
async fn the_stories_of_a_game_are_told_in_order_even_when_one_is_hard_to_write() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let house = house.writers([faulty(Fault::Hangs, 2)]);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(25).await;
    feed.show([harwick(1, 1)]);
    pass(240).await;
    assert_eq!(told(&wire), [HARWICK, "Harwick United 1, Melford United 1."]);
}
