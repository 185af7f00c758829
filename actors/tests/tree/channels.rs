//! Channels that fail: nothing twice, nothing lost, and what nobody can know is shown.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::ports::channel::{Corrections, Idempotency};
use wirereport_actors::tree::Tree;
use wirereport_actors::wire::post::PostState;

use super::boards::{BoardFeed, harwick, ostrava};
use super::house::{House, blind, can, pass, restarted, told, trouble};

const GOAL: &str = "Harwick United 1, Melford United 0.";

/// A goal on its way to a channel that meets the attempts as the replies say.
async fn a_goal(channel: &Arc<MemoryChannel>, replies: impl IntoIterator<Item = Reply>) -> (House, Tree) {
    channel.script(replies);
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", channel);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(25).await;
    (house, tree)
}

fn idempotent() -> Arc<MemoryChannel> {
    can(Idempotency::Forever, false, Corrections::Reply)
}

fn readable() -> Arc<MemoryChannel> {
    can(Idempotency::None, true, Corrections::Reply)
}

#[tokio::test(start_paused = true)]
async fn a_post_not_taken_now_is_tried_again_when_the_channel_says() {
    let wire = blind();
    let (house, tree) = a_goal(&wire, [Reply::NotNow(Duration::from_secs(60))]).await;
    assert_eq!((wire.requests().len(), told(&wire).len()), (1, 0));
    assert!(trouble(&tree, "publisher/wire").unwrap().ends_with("not now, says the script"));
    pass(30).await;
    assert_eq!(wire.requests().len(), 1);
    pass(35).await;
    assert_eq!(told(&wire), [GOAL]);
    assert_eq!((house.states().await, trouble(&tree, "publisher/wire")), (vec![PostState::Sent], None));
}

#[tokio::test(start_paused = true)]
async fn a_refused_post_has_failed_and_the_next_one_goes() {
    let wire = blind();
    let (house, tree) = a_goal(&wire, [Reply::Refuse]).await;
    pass(600).await;
    assert_eq!(house.states().await, [PostState::Failed]);
    assert_eq!(wire.requests().len(), 1);
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_by_the_channels_own_means() {
    for lost in [Reply::UnknownAfterAccepting, Reply::UnknownWithoutAccepting] {
        for wire in [idempotent(), readable()] {
            let (house, _tree) = a_goal(&wire, [lost.clone()]).await;
            pass(60).await;
            assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![PostState::Sent]));
        }
        let wire = blind();
        let (house, tree) = a_goal(&wire, [lost.clone()]).await;
        pass(600).await;
        assert_eq!(house.states().await, [PostState::Unknown]);
        assert_eq!(wire.requests().len(), 1, "what may be there is not sent again");
        assert!(trouble(&tree, "self-healing").unwrap().starts_with("1 post of unknown outcome"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_an_answer_is_given_up_and_its_outcome_found_out() {
    for hang in [Reply::Hang, Reply::AcceptThenHang] {
        for wire in [idempotent(), readable()] {
            let (house, tree) = a_goal(&wire, [hang.clone()]).await;
            pass(120).await;
            assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![PostState::Sent]));
            assert_eq!(restarted(&tree), []);
        }
        let wire = blind();
        let (house, _tree) = a_goal(&wire, [hang.clone()]).await;
        pass(120).await;
        assert_eq!((house.states().await, wire.requests().len()), (vec![PostState::Unknown], 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_panics_in_an_attempt_is_one_whose_answer_was_lost() {
    for panic in [Reply::Panic, Reply::AcceptThenPanic] {
        for wire in [idempotent(), readable()] {
            let (house, tree) = a_goal(&wire, [panic.clone(), panic.clone()]).await;
            pass(120).await;
            assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![PostState::Sent]));
            assert_eq!(restarted(&tree), []);
        }
        let wire = blind();
        let (house, _tree) = a_goal(&wire, [panic.clone()]).await;
        pass(120).await;
        assert_eq!((house.states().await, wire.requests().len()), (vec![PostState::Unknown], 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_always_panics_is_tried_ever_more_slowly_and_then_no_more() {
    let wire = idempotent();
    let (house, tree) = a_goal(&wire, std::iter::repeat_n(Reply::Panic, 1000)).await;
    pass(3600).await;
    assert_eq!(wire.requests().len(), 8, "as many attempts as the channel's rules allow");
    assert_eq!(house.states().await, [PostState::Unknown]);
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_held_up_after_its_arm_disarms_itself() {
    let wire = blind();
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    let _tree = house.open().await;
    pass(30).await;
    house.ledger.answer_next_arm_after(Duration::from_secs(7));
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!(told(&wire), [GOAL]);
    let posts = house.posts().await;
    assert_eq!((posts[0].state, posts[0].attempt), (PostState::Sent, 2), "the first attempt never began");
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_arm_says_that_the_attempt_is_over_when_others_may_look_into_it() {
    let wire = idempotent();
    let (house, _tree) = a_goal(&wire, []).await;
    let arm = house.posts().await[0].arm.unwrap();
    let within = Duration::from_secs(10);
    assert_eq!(arm.settle_by, arm.send_before + within, "it ends after it may begin for the last time");
    assert_eq!(arm.send_before, arm.at + Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_down_for_long_lets_old_news_expire_and_tells_what_is_new() {
    let wire = idempotent();
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    wire.script(std::iter::repeat_n(Reply::NotNow(Duration::from_secs(400)), 1));
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(390).await;
    feed.show([harwick(1, 1)]);
    pass(60).await;
    assert_eq!(told(&wire), ["Harwick United 1, Melford United 1."]);
    assert_eq!(house.states().await, [PostState::Expired, PostState::Sent]);
}

#[tokio::test(start_paused = true)]
async fn one_channels_trouble_is_not_anothers() {
    let (ill, well) = (idempotent(), idempotent());
    ill.script(std::iter::repeat_n(Reply::Hang, 100));
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0), ostrava(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("ill", &ill).channel("well", &well);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    pass(25).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(25).await;
    assert_eq!(told(&well), [GOAL, "Ostrava United 1, Trento United 0."]);
    assert_eq!(told(&ill), [""; 0]);
    assert_eq!(trouble(&tree, "publisher/well"), None);
    assert!(trouble(&tree, "publisher/ill").is_some());
}
