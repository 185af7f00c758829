//! Leadership: without it nothing begins; whoever lost it finishes what it began and can begin nothing more.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::memory::{MemoryChannel, MemoryLedger};
use wirereport_actors::ports::channel::{Corrections, Idempotency};
use wirereport_actors::ports::lease::{Claim, Lease, LeaseError};
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::wire::post::{Epoch, PostState};

use super::boards::{BoardFeed, harwick};
use super::house::{House, actor, blind, can, pass, restarted, told, trouble};

const GOAL: &str = "Harwick United 1, Melford United 0.";

fn away() -> Option<LeaseError> {
    Some(LeaseError::Unavailable { detail: "the elector is away".to_owned() })
}

#[tokio::test(start_paused = true)]
async fn without_leadership_nothing_is_polled_written_or_sent() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    house.lease.fail_with(away());
    let tree = house.open().await;
    pass(600).await;
    assert_eq!((feed.polls(), wire.requests().len(), tree.leadership()), (0, 0, None));
    for path in ["sports/eng.1", "generator", "publisher/wire"] {
        assert_eq!(actor(&tree, path).doing.as_deref(), Some("standing by"), "{path}");
    }
    assert_eq!(trouble(&tree, "leader-election").unwrap(), "the elector is away");
    house.lease.fail_with(None);
    pass(10).await;
    assert_eq!(tree.leadership().unwrap().epoch, Epoch(1));
    assert!(feed.polls() > 0);
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn a_lease_in_doubt_is_conceded_at_once_and_what_waited_goes_on_when_it_is_back() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    wire.script([Reply::NotNow(Duration::from_secs(30))]);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(25).await;
    assert_eq!(house.states().await, [PostState::Pending]);
    house.lease.fail_with(away());
    pass(11).await;
    assert_eq!(tree.leadership(), None, "at its first renewal that fails");
    let (polls, requests) = (feed.polls(), wire.requests().len());
    pass(240).await;
    assert_eq!((feed.polls(), wire.requests().len()), (polls, requests));
    assert_eq!(actor(&tree, "leader-election").doing.unwrap(), "following; the lease is in doubt");
    house.lease.fail_with(None);
    pass(10).await;
    assert_eq!((told(&wire), tree.leadership().unwrap().epoch), (vec![GOAL.to_owned()], Epoch(2)));
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_under_way_settles_although_the_leadership_is_lost_meanwhile() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let wire = blind();
    let patient = wirereport_actors::ports::channel::Capabilities {
        attempt_within: Duration::from_secs(60),
        ..wirereport_actors::ports::channel::Channel::capabilities(wire.as_ref())
    };
    let wire = Arc::new(MemoryChannel::new(patient));
    wire.script([Reply::AcceptThenHang]);
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(25).await;
    assert_eq!(house.states().await, [PostState::Armed]);
    house.lease.fail_with(away());
    pass(15).await;
    assert_eq!((tree.leadership(), house.states().await), (None, vec![PostState::Armed]));
    wire.release();
    pass(1).await;
    assert_eq!(house.states().await, [PostState::Sent]);
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_instances_only_the_leader_polls_and_publishes() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let (a, b) = (house.open().await, house.instance("b").open().await);
    pass(30).await;
    assert!(a.leadership().is_some());
    assert_eq!(b.leadership(), None);
    assert_eq!(actor(&b, "leader-election").doing.unwrap(), "following; a leads");
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!((told(&wire), wire.requests().len()), (vec![GOAL.to_owned()], 1));
    assert!(feed.pauses().iter().all(|pause| *pause >= 8), "one of them polls: {:?}", feed.pauses());
}

#[tokio::test(start_paused = true)]
async fn a_follower_takes_over_and_tells_each_story_once() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let idempotent = can(Idempotency::Forever, false, Corrections::Reply);
    let (readable, blind) = (can(Idempotency::None, true, Corrections::Reply), blind());
    for channel in [&idempotent, &readable, &blind] {
        channel.script([Reply::Accept, Reply::AcceptThenHang]);
    }
    let house = House::new()
        .sport("eng.1", &feed)
        .channel("idempotent", &idempotent)
        .channel("readable", &readable)
        .channel("blind", &blind);
    let cut_off = house.instance("a");
    let a = cut_off.open().await;
    let b = house.instance("b").open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    feed.show([harwick(2, 0)]);
    pass(17).await;
    cut_off.lease.fail_with(away());
    pass(120).await;
    assert_eq!(a.leadership(), None);
    assert_eq!(b.leadership().unwrap().epoch, Epoch(2));
    feed.show([harwick(2, 1)]);
    pass(60).await;
    let all = [GOAL, "Harwick United 2, Melford United 0.", "Harwick United 2, Melford United 1."];
    for channel in [&idempotent, &readable, &blind] {
        assert_eq!(told(channel), all);
    }
}

/// A lease that believes whatever its holder wants to hear, as a clock that stands still would make one.
struct Stale {
    ledger: Arc<MemoryLedger>,
}

#[async_trait]
impl Lease for Stale {
    async fn acquire(&self, now: Timestamp, _: Duration) -> Result<Claim, LeaseError> {
        let epoch = self.ledger.mint_epoch("stale", now).await?;
        Ok(Claim::Granted { epoch, earlier_holders_dead: false })
    }

    async fn renew(&self, _: Epoch, _: Timestamp, _: Duration) -> Result<(), LeaseError> {
        Ok(())
    }

    async fn release(&self, _: Epoch) -> Result<(), LeaseError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_leader_whose_epoch_is_over_can_neither_record_nor_arm_whatever_it_believes() {
    let old_feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let old_wire = Arc::new(MemoryChannel::default());
    let (old, _) = (House::new().sport("eng.1", &old_feed).channel("wire", &old_wire), ());
    let stale = old.open_with(Arc::new(Stale { ledger: Arc::clone(&old.ledger) })).await;
    pass(30).await;
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let wire = Arc::new(MemoryChannel::default());
    wire.script([Reply::NotNow(Duration::from_secs(60))]);
    let new = House { sports: Vec::new(), ..old.instance("b") }.sport("eng.1", &feed).channel("wire", &wire);
    let leader = new.open().await;
    pass(15).await;
    assert_eq!(leader.leadership().unwrap().epoch, Epoch(2));
    assert_eq!(stale.leadership().unwrap().epoch, Epoch(1), "it believes that it leads");
    for board in [harwick(1, 0), harwick(2, 0)] {
        old_feed.show([board.clone()]);
        feed.show([board]);
        pass(120).await;
    }
    assert_eq!(told(&wire), [GOAL, "Harwick United 2, Melford United 0."]);
    assert_eq!(old_wire.requests(), [""; 0]);
    assert!(trouble(&stale, "sports/eng.1").unwrap().starts_with("epoch 1 is over"));
    assert_eq!((restarted(&stale), restarted(&leader)), (vec![], vec![]));
    assert!(old_feed.pauses().iter().rev().take(5).all(|pause| *pause >= 20), "{:?}", old_feed.pauses());
}
