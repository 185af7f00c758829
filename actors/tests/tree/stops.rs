//! Stops: what is under way comes to its end, and what cannot is found again.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::ports::channel::{Capabilities, Channel, Corrections, Idempotency};
use wirereport_actors::supervision::Ended;
use wirereport_actors::wire::post::PostState;

use super::boards::{BoardFeed, harwick};
use super::house::{House, blind, can, pass, told};

const GOAL: &str = "Harwick United 1, Melford United 0.";
const LONG: Duration = Duration::from_secs(600);

/// A goal whose attempt hangs after it was accepted, on a channel that allows it an hour.
async fn hanging(
    channel: &MemoryChannel,
) -> (House, wirereport_actors::tree::Tree, Arc<MemoryChannel>, Arc<BoardFeed>) {
    let patient = Capabilities { attempt_within: Duration::from_secs(3600), ..channel.capabilities() };
    let wire = Arc::new(MemoryChannel::new(patient));
    wire.script([Reply::AcceptThenHang]);
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(25).await;
    assert_eq!(house.states().await, [PostState::Armed]);
    (house, tree, wire, feed)
}

#[tokio::test(start_paused = true)]
async fn an_attempt_under_way_is_let_finish_and_settles() {
    let (house, tree, wire, feed) = hanging(&blind()).await;
    let polls = feed.polls();
    let (ended, ()) = tokio::join!(tree.root().stop(LONG), async {
        pass(5).await;
        assert_eq!(feed.polls(), polls, "the sports stop first");
        wire.release();
    });
    assert_eq!((ended, house.states().await), (Ended::Stopped, vec![PostState::Sent]));
}

#[tokio::test(start_paused = true)]
async fn a_hung_attempt_is_cut_off_and_reconciled_at_the_next_start() {
    let idempotent = can(Idempotency::Forever, false, Corrections::Reply);
    let readable = can(Idempotency::None, true, Corrections::Reply);
    // What can only be looked up is looked up when what had left must have arrived.
    for (channel, seconds, wanted) in [
        (idempotent, 60, PostState::Sent),
        (readable, 3700, PostState::Sent),
        (blind(), 60, PostState::Unknown),
    ] {
        let (house, tree, wire, _) = hanging(&channel).await;
        let begun = tokio::time::Instant::now();
        assert_eq!(tree.root().stop(LONG).await, Ended::Stopped);
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        assert_eq!(house.states().await, [PostState::Armed]);
        wire.release();
        let next = House {
            lease: Arc::new(
                wirereport_actors::memory::MemoryLease::new(Arc::clone(&house.ledger), "a").proving_death(),
            ),
            ..house
        };
        let _tree = next.open().await;
        pass(seconds).await;
        assert_eq!((told(&wire), next.states().await), (vec![GOAL.to_owned()], vec![wanted]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_armed_by_one_who_may_live_is_left_alone_until_its_time_is_over() {
    let (house, tree, wire, _) = hanging(&can(Idempotency::None, true, Corrections::Reply)).await;
    tree.root().stop(LONG).await;
    let _tree = house.open().await;
    pass(1800).await;
    assert_eq!(house.states().await, [PostState::Armed]);
    pass(1900).await;
    assert_eq!((told(&wire).len(), house.states().await), (1, vec![PostState::Sent]));
}

#[tokio::test(start_paused = true)]
async fn a_stopped_leader_hands_over_at_once() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let a = house.open().await;
    let b = house.instance("b").open().await;
    pass(30).await;
    a.root().stop(LONG).await;
    feed.show([harwick(1, 0)]);
    pass(house.timing.lease_ttl.as_secs() / 4 + 1).await;
    assert!(b.leadership().is_some(), "the lease was released, not left to run out");
    pass(30).await;
    assert_eq!(told(&wire), [GOAL]);
}

#[tokio::test(start_paused = true)]
async fn a_tree_that_is_stopped_and_started_many_times_tells_everything_once() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    for goals in 1..=8 {
        let tree = house.open().await;
        pass(17 + u64::from(goals)).await;
        feed.show([harwick(goals, 0)]);
        pass(11 + u64::from(goals)).await;
        assert_eq!(tree.root().stop(LONG).await, Ended::Stopped);
    }
    let _tree = house.open().await;
    pass(60).await;
    let wanted: Vec<String> =
        (1..=8).map(|goals| format!("Harwick United {goals}, Melford United 0.")).collect();
    let told = told(&wire);
    assert!(told.iter().all(|text| wanted.contains(text)), "{told:?}");
    assert_eq!(told.last(), wanted.last());
    let distinct: std::collections::BTreeSet<_> = told.iter().collect();
    assert_eq!((distinct.len(), wire.requests().len()), (told.len(), told.len()), "{told:?}");
    assert_eq!(house.states().await.iter().filter(|state| **state != PostState::Sent).count(), 0);
}
