//! Channels that stop as a whole: their posts wait, others go on, and an operator has them tried again.

use std::sync::Arc;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::ports::channel::{Channel, Halt, Quota};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::wire::post::PostState::{Expired, Pending, Sent};

use super::boards::{BoardFeed, harwick, ostrava};
use super::house::{House, pass, restarted, told, trouble};

const GOAL: &str = "Harwick United 1, Melford United 0.";
const OTHER: &str = "Ostrava United 1, Trento United 0.";

#[tokio::test(start_paused = true)]
async fn a_channel_without_credentials_waits_for_the_operator_and_others_do_not() {
    let (ill, well) = (Arc::new(MemoryChannel::default()), Arc::new(MemoryChannel::default()));
    ill.script([Reply::Halt(Halt::NeedsAuth)]);
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0), ostrava(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("ill", &ill).channel("well", &well);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    pass(25).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(60).await;
    assert_eq!(told(&well), [GOAL, OTHER]);
    assert_eq!(
        (told(&ill).len(), ill.requests().len()),
        (0, 1),
        "one attempt shows it, and no other is made"
    );
    let shown = trouble(&tree, "publisher/ill").unwrap();
    assert!(shown.starts_with("needs_auth since "), "{shown}");
    assert!(shown.contains(": halted by the script; tried again at "), "{shown}");
    assert_eq!(house.states().await, [Pending, Sent, Pending, Sent]);
    house.ledger.try_again(None, house.now()).await.unwrap();
    tree.nudge();
    pass(1).await;
    assert_eq!(told(&ill), [GOAL, OTHER]);
    assert_eq!((trouble(&tree, "publisher/ill"), restarted(&tree)), (None, vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_halted_channel_is_tried_seldom_over_a_restart_too_and_its_posts_expire() {
    let wire = Arc::new(MemoryChannel::default());
    wire.script(std::iter::repeat_n(Reply::Halt(Halt::OutOfCredit), 100));
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    tree.root().stop(std::time::Duration::from_secs(30)).await;
    let tree = house.open().await;
    pass(120).await;
    assert_eq!(wire.requests().len(), 1);
    assert!(trouble(&tree, "publisher/wire").unwrap().starts_with("out_of_credit since "));
    pass(400).await;
    assert_eq!(house.states().await, [Expired]);
    feed.show([harwick(1, 1)]);
    pass(600).await;
    assert_eq!(wire.requests().len(), 2, "a quarter of an hour later it is tried once");
}

#[tokio::test(start_paused = true)]
async fn a_used_up_quota_is_waited_for() {
    let wire = Arc::new(MemoryChannel::default());
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    let _tree = house.open().await;
    pass(30).await;
    let resets_at = house.clock.now().checked_add(std::time::Duration::from_secs(120)).unwrap();
    wire.set_quotas([Quota { name: "posts".to_owned(), limit: Some(1), remaining: 0, resets_at }]);
    assert_eq!(wire.quotas().len(), 1);
    feed.show([harwick(1, 0)]);
    pass(110).await;
    assert_eq!(wire.requests().len(), 0);
    pass(15).await;
    assert_eq!(told(&wire), [GOAL]);
}
