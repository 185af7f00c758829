//! Writers that fail: a story waits, or is written by the next of them.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use wirereport_actors::memory::PlainWriter;
use wirereport_actors::ports::ledger::StoryRecord;
use wirereport_actors::ports::writer::{Assignment, Draft, Terms, Writer, WriterError, Written};
use wirereport_actors::wire::gate::Vocabulary;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::PostState;
use wirereport_actors::wire::story::Verdict;

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

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let story = &assignment.story;
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
            Fault::Lies if is_ill => Ok(Written { drafts: vec![lie], ..Written::default() }),
            _ => PlainWriter.write(assignment).await,
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
    let stories: Vec<StoryRecord> =
        house.stories().await.into_iter().filter(|record| record.story.verdict == Verdict::Told).collect();
    let refused = stories.iter().flat_map(|record| &record.refused);
    let after =
        |record: &StoryRecord| Some(record.written_at?.duration_since(record.story.confirmed_at).as_secs());
    let outcome = Outcome {
        told: told(&wire),
        trouble: trouble(&tree, "generator"),
        refused: refused.map(|one| format!("{} ({}): {}", one.author, one.code, one.text)).collect(),
        written_after: stories.iter().filter_map(after).collect(),
        authors: house.posts().await.into_iter().map(|post| post.author).collect(),
        states: house.states().await,
        notes: stories.into_iter().flat_map(|record| record.notes).collect(),
    };
    assert_eq!(restarted(&tree), []);
    outcome
}

struct Outcome {
    told: Vec<String>,
    trouble: Option<String>,
    notes: Vec<String>,
    states: Vec<PostState>,
    authors: Vec<String>,
    refused: Vec<String>,
    /// How many seconds after they were confirmed the stories were written.
    written_after: Vec<i64>,
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
        let mut told = outcome.told;
        told.sort_unstable();
        assert_eq!(told, [HARWICK, OSTRAVA]);
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

/// Takes its time over Harwick, and writes a lie first.
struct Reviser {
    takes: Duration,
    terms: Terms,
    asked: Mutex<Vec<Assignment>>,
}

fn reviser(takes: u64, within: u64) -> Arc<Reviser> {
    Arc::new(Reviser {
        takes: Duration::from_secs(takes),
        terms: Terms { within: Some(Duration::from_secs(within)), revises: true },
        asked: Mutex::default(),
    })
}

impl Reviser {
    /// How long each attempt had, and the codes of what it was given back.
    fn attempts(&self) -> Vec<(u64, Vec<String>)> {
        let asked = self.asked.lock().unwrap();
        let codes = |asked: &Assignment| asked.refused.iter().map(|refused| refused.code.clone()).collect();
        asked.iter().map(|asked| (asked.within.as_secs(), codes(asked))).collect()
    }
}

#[async_trait]
impl Writer for Reviser {
    fn name(&self) -> &str {
        "reviser"
    }

    fn terms(&self, _kind: MomentKind) -> Terms {
        self.terms
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        if assignment.story.facts.home.short_name != "Harwick" {
            return PlainWriter.write(assignment).await;
        }
        self.asked.lock().unwrap().push(assignment.clone());
        tokio::time::sleep(self.takes).await;
        if !assignment.refused.is_empty() {
            return PlainWriter.write(assignment).await;
        }
        let drafts = ["Harwick United 9, Melford United 0.", "Harwick 9, Melford 0."].map(|text| Draft {
            title: String::new(),
            text: text.to_owned(),
            author: "reviser".to_owned(),
            vocabulary: Vocabulary::House,
        });
        Ok(Written { drafts: drafts.to_vec(), ..Written::default() })
    }
}

#[tokio::test(start_paused = true)]
async fn a_revising_writer_is_asked_once_more_with_the_reasons_and_within_the_same_time() {
    let writer = reviser(3, 8);
    let outcome = a_goal_written_by([Arc::clone(&writer) as _, Arc::new(PlainWriter) as _], 60).await;
    assert_eq!(outcome.told, [OSTRAVA, HARWICK], "the other game did not wait");
    assert_eq!(outcome.authors, ["plain", "plain"]);
    assert_eq!(
        writer.attempts(),
        [(8, vec![]), (5, vec!["unknown_number".to_owned(); 2])],
        "a second attempt has what is left"
    );
    let refused: Vec<&str> = outcome.refused.iter().map(String::as_str).collect();
    assert_eq!(
        refused,
        [
            "reviser (unknown_number): Harwick United 9, Melford United 0.",
            "reviser (unknown_number): Harwick 9, Melford 0."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_story_waits_for_a_slow_writer_no_longer_than_its_terms_say() {
    for (takes, within, attempts) in [(20, 8, 1), (5, 8, 2), (5, 0, 0)] {
        let writer = reviser(takes, within);
        let outcome = a_goal_written_by([Arc::clone(&writer) as _, Arc::new(PlainWriter) as _], 60).await;
        let first = if within == 0 { HARWICK } else { OSTRAVA };
        assert_eq!((outcome.told.len(), outcome.told[0].as_str()), (2, first), "{takes} s of {within} s");
        assert_eq!(writer.attempts().len(), attempts, "{takes} s of {within} s");
        assert_eq!(outcome.trouble, None);
        let late = outcome.written_after.iter().max().copied();
        assert!(
            late <= Some(within as i64),
            "written {late:?} s after it was confirmed, {within} s were allowed"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn news_of_other_games_that_comes_while_a_writer_is_slow_does_not_wait_for_it() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0), ostrava(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let house = house.writers([reviser(100, 300) as _, Arc::new(PlainWriter) as _]);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    pass(40).await;
    assert_eq!(told(&wire), [] as [&str; 0]);
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(40).await;
    assert_eq!(told(&wire), [OSTRAVA]);
    pass(240).await;
    assert_eq!(told(&wire), [OSTRAVA, HARWICK]);
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
