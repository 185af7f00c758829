//! What an operator does and sees.

use std::sync::Arc;

use wirereport_actors::memory::channel::Reply;
use wirereport_actors::supervision::{CommandError, Phase};
use wirereport_actors::wire::post::PostState;

use super::boards::{BoardFeed, harwick, ostrava};
use super::house::{House, actor, blind, pass, restarted, told, trouble};

const GOAL: &str = "Harwick United 1, Melford United 0.";

#[tokio::test(start_paused = true)]
async fn while_publishing_is_stopped_nothing_is_sent_and_a_nudge_lets_it_go_on() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    house.publishing(true).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!((wire.requests().len(), house.states().await), (0, vec![PostState::Pending]));
    assert_eq!(actor(&tree, "publisher/wire").doing.unwrap(), "stopped by the operator, 1 open");
    house.publishing(false).await;
    tree.nudge();
    pass(1).await;
    assert_eq!(told(&wire), [GOAL]);
}

#[tokio::test(start_paused = true)]
async fn what_grows_old_while_publishing_is_stopped_expires() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    house.publishing(true).await;
    feed.show([harwick(1, 0)]);
    pass(900).await;
    house.publishing(false).await;
    tree.nudge();
    pass(60).await;
    assert_eq!((told(&wire), house.states().await), (vec![], vec![PostState::Expired]));
}

#[tokio::test(start_paused = true)]
async fn a_paused_sport_is_not_polled_until_it_is_resumed_and_its_sibling_is() {
    let (england, spain) =
        (Arc::new(BoardFeed::showing([harwick(0, 0)])), Arc::new(BoardFeed::showing([ostrava(0, 0)])));
    let (house, wire) = House::plain(&england);
    let house = house.sport("esp.1", &spain);
    let tree = house.open().await;
    pass(30).await;
    tree.root().pause("eng.1").await.unwrap();
    pass(1).await;
    assert_eq!(actor(&tree, "sports/eng.1").phase, Phase::Paused);
    let polls = england.polls();
    spain.show([ostrava(1, 0)]);
    pass(120).await;
    assert_eq!((england.polls(), told(&wire).len()), (polls, 1));
    england.show([harwick(1, 0)]);
    tree.root().resume("sports/eng.1").await.unwrap();
    pass(60).await;
    assert_eq!(told(&wire).last().unwrap(), GOAL);
    assert_eq!(tree.root().pause("eng.9").await, Err(CommandError::Unknown("eng.9".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_restarted_sport_polls_at_once_and_tells_nothing_twice() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    for _ in 0..3 {
        let polls = feed.polls();
        tree.root().restart("sports/eng.1").await.unwrap();
        pass(1).await;
        assert_eq!(feed.polls(), polls + 1);
    }
    pass(60).await;
    assert_eq!(
        (told(&wire), restarted(&tree)),
        (vec![GOAL.to_owned()], vec![("sports/eng.1".to_owned(), 3)])
    );
}

#[tokio::test(start_paused = true)]
async fn a_score_seen_but_not_confirmed_survives_the_restart_of_its_sport() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    let polls = feed.polls();
    while feed.polls() == polls {
        pass(1).await;
    }
    pass(1).await;
    assert_eq!(told(&wire), [""; 0]);
    tree.root().restart("sports/eng.1").await.unwrap();
    pass(1).await;
    assert_eq!(told(&wire), [GOAL], "the first poll of the new life confirms it");
}

#[tokio::test(start_paused = true)]
async fn the_status_shows_what_everybody_does_how_they_are_and_what_comes_next() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, wire) = House::plain(&feed);
    wire.script([Reply::AcceptThenHang]);
    let tree = house.open().await;
    pass(30).await;
    assert_eq!(actor(&tree, "leader-election").doing.unwrap(), "leading, epoch 1");
    let sport = actor(&tree, "sports/eng.1");
    assert_eq!((sport.phase, sport.doing, sport.restarts), (Phase::Running, None, 0));
    assert!(sport.next.unwrap().as_secs() <= 11 && sport.pulse_age.unwrap().as_secs() <= 11);
    for path in ["leader-election", "self-healing"] {
        assert!(actor(&tree, path).next.is_some(), "{path}");
    }
    feed.show([harwick(1, 0)]);
    let table = tree.root().table();
    let sending = table.wait_until(|_| actor(&tree, "publisher/wire").doing.is_some());
    tokio::time::timeout(std::time::Duration::from_secs(60), sending).await.unwrap();
    pass(1).await;
    assert_eq!(actor(&tree, "publisher/wire").doing.unwrap(), "1 under way, 1 open");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_post_is_shown_until_the_operator_settles_it() {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let wire = blind();
    wire.script([Reply::UnknownWithoutAccepting]);
    let house = House::new().sport("eng.1", &feed).channel("wire", &wire);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert!(trouble(&tree, "self-healing").unwrap().contains("unknown outcome"));
    let post = house.posts().await[0].id;
    wirereport_actors::ports::ledger::Ledger::resolve_post(house.ledger.as_ref(), post, None, house.now())
        .await
        .unwrap();
    tree.nudge();
    pass(10).await;
    assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![PostState::Sent]));
    assert_eq!(trouble(&tree, "self-healing"), None);
}
