//! A channel is not told the same twice in other words for it, and no story is lost for want of other words.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::{Duration, Instant};
use wirereport_actors::memory::PlainWriter;
use wirereport_actors::ports::writer::{Assignment, Draft, Form, Writer, WriterError, Written};
use wirereport_actors::wire::game::{Game, Phase};

use super::boards::{BoardFeed, harwick};
use super::house::{House, pass, told};

const GOAL: &str = "Harwick United 1, Melford United 0.";
const RESULT: &str = "Harwick United have won 1-0 against Melford United at full time.";

/// Says the score, and where it has other words for a result, those after it.
#[derive(Default)]
struct Teller {
    closes: bool,
    /// It does not answer before this.
    speaks_at: Option<Instant>,
}

#[async_trait]
impl Writer for Teller {
    fn name(&self) -> &str {
        "teller"
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        if let Some(at) = self.speaks_at {
            tokio::time::sleep_until(at).await;
        }
        let score = PlainWriter.draft(&assignment.story, Form::Long);
        let close = Draft { text: RESULT.to_owned(), author: "closer".to_owned(), ..score.clone() };
        let drafts = if self.closes { vec![score, close] } else { vec![score] };
        Ok(Written { drafts, ..Written::default() })
    }
}

/// A goal and the end of the match, with nothing between; what is told, and which texts were refused as told before.
async fn a_goal_and_the_end(writer: Teller) -> (Vec<String>, Vec<String>) {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let house = house.writers([Arc::new(writer) as Arc<dyn Writer>]);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    feed.show([Game { phase: Phase::Final, period: 2, clock: None, ..harwick(1, 0) }]);
    pass(120).await;
    let refused = house.stories().await.into_iter().flat_map(|record| record.refused);
    let again = refused.filter(|refused| refused.code == "near_duplicate").map(|refused| refused.author);
    (told(&wire), again.collect())
}

#[tokio::test(start_paused = true)]
async fn what_was_just_told_there_gives_way_to_other_words() {
    let (told, again) = a_goal_and_the_end(Teller { closes: true, ..Teller::default() }).await;
    assert_eq!(told, [GOAL, RESULT]);
    assert_eq!(again, ["plain"], "as `explain` shows it");
}

#[tokio::test(start_paused = true)]
async fn a_story_without_other_words_is_told_all_the_same() {
    let (told, again) = a_goal_and_the_end(Teller::default()).await;
    assert_eq!(told, [GOAL, GOAL]);
    assert_eq!(again, ["plain"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_told_of_a_game_while_more_of_it_waits_counts_as_told() {
    // The end is confirmed just before, so that it waits behind the goal.
    let speaks_at = Some(Instant::now() + Duration::from_secs(103));
    let (told, again) = a_goal_and_the_end(Teller { closes: true, speaks_at }).await;
    assert_eq!(told, [GOAL, RESULT]);
    assert_eq!(again, ["plain"]);
}
