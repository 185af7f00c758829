//! A ledger that fails, hangs or panics: nothing lost, nothing twice once it is back.

use std::collections::BTreeSet;
use std::sync::Arc;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::ledger::{Ledger, LedgerError};
use wirereport_actors::tree::Tree;
use wirereport_actors::wire::post::PostState;

use super::boards::{BoardFeed, harwick};
use super::house::{House, pass, restarted, told, trouble};

const GOAL: &str = "Harwick United 1, Melford United 0.";

/// Calls to the ledger, by all actors, until the post of a goal has settled and a few more.
const UNTIL_SETTLED: usize = 36;

async fn under_way() -> (House, Tree, Arc<BoardFeed>, Arc<MemoryChannel>) {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    (house, tree, feed, wire)
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_fails_for_a_while_degrades_all_who_need_it_and_loses_nothing() {
    for error in [
        LedgerError::Unavailable { detail: "locked".to_owned() },
        LedgerError::Full { path: "ledger.db".to_owned() },
    ] {
        let (house, tree, feed, wire) = under_way().await;
        feed.show([harwick(1, 0)]);
        pass(12).await;
        house.ledger.fail_next(10_000, &error);
        pass(90).await;
        for path in ["sports/eng.1", "publisher/wire", "self-healing"] {
            assert!(trouble(&tree, path).is_some(), "{path} has no ledger");
        }
        house.ledger.behave();
        pass(60).await;
        assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![PostState::Sent]));
        assert_eq!((wire.requests().len(), restarted(&tree)), (1, vec![]));
        for path in ["sports/eng.1", "publisher/wire", "generator", "self-healing"] {
            assert_eq!(trouble(&tree, path), None, "{path}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whichever_call_fails_costs_time_and_nothing_else() {
    let locked = LedgerError::Unavailable { detail: "locked".to_owned() };
    for call in 0..UNTIL_SETTLED {
        let (house, tree, feed, wire) = under_way().await;
        feed.show([harwick(1, 0)]);
        house.ledger.let_pass(call);
        house.ledger.fail_next(1 + call % 3, &locked);
        pass(60).await;
        assert_eq!(told(&wire), [GOAL], "call {call} failed");
        assert_eq!((house.states().await, restarted(&tree)), (vec![PostState::Sent], vec![]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_cannot_be_written_does_not_have_the_feed_asked_oftener() {
    let (house, _tree, feed, _) = under_way().await;
    let polls = feed.polls();
    house.ledger.mint_epoch("somebody else", house.now()).await.unwrap();
    pass(600).await;
    assert!(feed.polls() - polls <= 60, "{} polls of an epoch that is over", feed.polls() - polls);
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_does_not_answer_is_waited_for_and_nobody_is_taken_for_hung() {
    let (house, tree, feed, wire) = under_way().await;
    feed.show([harwick(1, 0)]);
    pass(12).await;
    let hold = house.ledger.hold();
    pass(240).await;
    assert!(trouble(&tree, "sports/eng.1").unwrap().starts_with("the ledger has not answered"));
    drop(hold);
    pass(60).await;
    assert_eq!((told(&wire), restarted(&tree)), (vec![GOAL.to_owned()], vec![]));
    assert_eq!((house.states().await, trouble(&tree, "sports/eng.1")), (vec![PostState::Sent], None));
}

#[tokio::test(start_paused = true)]
async fn whichever_call_panics_restarts_who_made_it_and_the_news_is_told_once() {
    let mut ever = BTreeSet::new();
    for call in 0..UNTIL_SETTLED {
        let (house, tree, feed, wire) = under_way().await;
        feed.show([harwick(1, 0)]);
        house.ledger.let_pass(call);
        house.ledger.panic_next(1);
        pass(60).await;
        assert_eq!(told(&wire), [GOAL], "call {call} panicked");
        assert_eq!(house.states().await, [PostState::Sent]);
        let restarted = restarted(&tree);
        assert!(restarted.iter().map(|(_, restarts)| restarts).sum::<u64>() <= 1, "{restarted:?}");
        ever.extend(restarted.into_iter().map(|(path, _)| path));
    }
    let all = ["generator", "publisher/wire", "self-healing", "sports/eng.1"];
    assert!(all.iter().all(|path| ever.contains(*path)), "{ever:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_nudge_costs_at_most_one_sweep() {
    let (house, _tree, feed, wire) = under_way().await;
    house.publishing(true).await;
    feed.show([harwick(1, 0)]);
    pass(30).await;
    assert_eq!((told(&wire), house.states().await), (vec![], vec![PostState::Pending]));
    house.publishing(false).await;
    pass(house.timing.sweep.as_secs() + 1).await;
    assert_eq!(told(&wire), [GOAL], "nobody rang");
}
