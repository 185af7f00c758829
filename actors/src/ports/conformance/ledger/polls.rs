//! Epochs, polls and stories.

use super::is_fenced;
use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::{Ledger, LedgerError, StoryFilter};
use crate::wire::post::Epoch;
use crate::wire::sport::SportKey;

pub async fn epochs_rise_and_the_last_one_is_in_force<L: Ledger>(ledger: &L) {
    assert_eq!(ledger.current_epoch().await, Ok(None));
    let first = ledger.mint_epoch("a", at(0)).await.expect("mint");
    let second = ledger.mint_epoch("b", at(1)).await.expect("mint");
    assert!(second > first && first > Epoch(0));
    assert_eq!(ledger.current_epoch().await, Ok(Some((second, "b".to_owned()))));
}

pub async fn a_poll_is_kept_whole<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    assert_eq!(ledger.load_sport(&sport()).await, Ok(None));
    let poll = poll(steps.epoch, 12, vec![story(1), untold(story(2))]);
    ledger.record_poll(&poll).await.expect("record");
    assert_eq!(ledger.load_sport(&sport()).await, Ok(Some(poll.state.clone())));
    assert_eq!(ledger.load_sport(&SportKey::new("nhl")).await, Ok(None));
    for expected in &poll.stories {
        let records = ledger.story(&expected.id).await.expect("read");
        assert_eq!(records.len(), 1);
        assert_eq!(&records[0].story, expected);
        assert_eq!((records[0].written_at, records[0].notes.len()), (None, 0));
    }
    let next = self::poll(steps.epoch, 13, Vec::new());
    ledger.record_poll(&next).await.expect("record");
    assert_eq!(ledger.load_sport(&sport()).await, Ok(Some(next.state)), "the last poll's state stands");
}

pub async fn a_poll_of_an_epoch_that_is_over_leaves_nothing<L: Ledger>(ledger: &L) {
    let mut steps = Steps::begin(ledger).await;
    let old = steps.epoch;
    let current = steps.next_epoch().await;
    let refused = ledger.record_poll(&poll(old, 12, vec![story(1)])).await;
    assert_eq!(refused, Err(LedgerError::Fenced { ours: old, current }));
    assert_eq!(ledger.load_sport(&sport()).await, Ok(None));
    assert_eq!(ledger.unwritten_stories(9).await, Ok(Vec::new()));
}

pub async fn before_the_first_epoch_nothing_is_accepted<L: Ledger>(ledger: &L) {
    is_fenced(&ledger.record_poll(&poll(Epoch(1), 12, vec![story(1)])).await);
    assert_eq!(ledger.unwritten_stories(9).await, Ok(Vec::new()));
}

pub async fn a_story_that_is_already_there_is_left_as_it_is<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    steps.recorded(1, 1).await;
    let before = ledger.story(&story_id(1)).await.expect("read");
    let other = poll(steps.epoch, 13, vec![untold(story(1)), story(2)]);
    ledger.record_poll(&other).await.expect("record");
    assert_eq!(ledger.story(&story_id(1)).await, Ok(before));
    assert_eq!(ledger.story(&story_id(2)).await.map(|found| found.len()), Ok(1), "the others are recorded");
}

pub async fn unwritten_stories_are_the_told_ones_oldest_first<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    let poll = poll(steps.epoch, 12, vec![story(3), untold(story(4)), story(1), story(2)]);
    ledger.record_poll(&poll).await.expect("record");
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![story(3), story(1), story(2)]));
    assert_eq!(ledger.unwritten_stories(2).await, Ok(vec![story(3), story(1)]));
    ledger.record_drafts(&drafts(3, 1)).await.expect("record");
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![story(1), story(2)]));
}

pub async fn a_storys_place_is_never_given_twice<L: Ledger>(ledger: &L) {
    let steps = Steps::begin(ledger).await;
    for number in [2, 1, 3] {
        steps.recorded(number, 1).await;
    }
    let all = StoryFilter { limit: 9, ..StoryFilter::default() };
    let records = ledger.stories(&all).await.expect("read");
    let places: Vec<i64> = records.iter().map(|record| record.sequence).collect();
    assert!(places.is_sorted_by(|newer, older| newer > older), "{places:?}");
    assert_eq!(records[0].story.id, story_id(3));
}
