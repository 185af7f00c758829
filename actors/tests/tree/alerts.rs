//! The operator is told without asking: once when something begins and once when it is over.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::ports::alarm::{Alarm, AlarmError, DeadMan, Disk};
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::tree::Operator;
use wirereport_actors::wire::alert::{AlertRules, Notice};
use wirereport_actors::wire::post::Halt;
use wirereport_actors::wire::room::Room;

use super::boards::{BoardFeed, Mood, harwick};
use super::house::{House, pass, trouble};

/// A pager that fails as its script says, and keeps what it was told.
#[derive(Default)]
struct Pager {
    fails: Mutex<VecDeque<&'static str>>,
    told: Mutex<Vec<(u64, String)>>,
    pings: Mutex<u32>,
    room: Mutex<Option<Room>>,
}

impl Pager {
    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().iter().map(|(_, told)| told.clone()).collect()
    }

    fn pings(&self) -> u32 {
        *self.pings.lock().unwrap()
    }
}

#[async_trait]
impl Alarm for Pager {
    fn route(&self) -> &str {
        "pager"
    }

    async fn tell(&self, notice: &Notice) -> Result<(), AlarmError> {
        if let Some(why) = self.fails.lock().unwrap().pop_front() {
            return Err(AlarmError::new(why));
        }
        let told = format!("{} {} {}", notice.notice.as_str(), notice.kind, notice.subject);
        self.told.lock().unwrap().push((notice.id, told));
        Ok(())
    }
}

#[async_trait]
impl DeadMan for Pager {
    fn every(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn ping(&self) -> Result<(), AlarmError> {
        *self.pings.lock().unwrap() += 1;
        Ok(())
    }
}

#[async_trait]
impl Disk for Pager {
    async fn room(&self) -> Option<Room> {
        *self.room.lock().unwrap()
    }
}

/// An operator with that pager.
fn carrying(pager: &Arc<Pager>) -> Operator {
    Operator {
        alarms: vec![Arc::clone(pager) as _],
        dead_man: Some(Arc::clone(pager) as _),
        disk: Some(Arc::clone(pager) as _),
        ..Operator::default()
    }
}

fn watched(house: &House) -> (House, Arc<Pager>) {
    let pager = Arc::new(Pager::default());
    let operator = watch::Sender::new(carrying(&pager));
    (House { operator: Some(operator.subscribe()), ..house.clone() }, pager)
}

/// A house with a game under way.
fn playing() -> (House, Arc<MemoryChannel>, Arc<BoardFeed>, Arc<Pager>) {
    let board = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let (house, channel) = House::plain(&board);
    let (house, pager) = watched(&house);
    (house, channel, board, pager)
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_needs_an_operator_is_told_once_over_a_restart_and_once_when_it_is_let_in() {
    let (house, channel, board, pager) = playing();
    channel.meet_all(Some(Reply::Halt(Halt::NeedsAuth)));
    pager.fails.lock().unwrap().extend(["away", "still away"]);
    let tree = house.open().await;
    pass(30).await;
    board.show([harwick(1, 0)]);
    pass(90).await;
    assert_eq!(pager.told(), ["raised channel_halted wire"], "after two attempts that failed");
    assert_eq!(tree.alerts().alerts.len(), 1);
    tree.root().stop(Duration::from_secs(5)).await;

    let tree = house.open().await;
    pass(60).await;
    assert_eq!(pager.told().len(), 1, "another life tells it no second time");
    channel.behave();
    house.ledger.try_again(None, house.now()).await.unwrap();
    tree.nudge();
    pass(30).await;
    assert_eq!(pager.told(), ["raised channel_halted wire", "resolved channel_halted wire"]);
    assert!(house.ledger.alerts().await.unwrap().notices.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_pager_that_is_away_for_good_holds_nothing_up_and_what_it_missed_is_shown() {
    let (house, channel, board, pager) = playing();
    let rules = AlertRules { give_up_after: Duration::from_secs(7200), ..AlertRules::default() };
    let operator = watch::Sender::new(Operator { rules, ..carrying(&pager) });
    let house = House { operator: Some(operator.subscribe()), ..house };
    pager.fails.lock().unwrap().extend(std::iter::repeat_n("away", 500));
    *pager.room.lock().unwrap() = Some(Room { bytes: 1 << 20, files: None });
    let tree = house.open().await;
    pass(30).await;
    board.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!(channel.journal().len(), 1, "what is news is told meanwhile");
    assert!(trouble(&tree, "alerts").unwrap().contains("pager: away"), "{:?}", trouble(&tree, "alerts"));
    pass(3 * 3600).await;
    let attempts = 500 - pager.fails.lock().unwrap().len();
    assert!((15..25).contains(&attempts), "and then it is given up: {attempts}");
    let book = house.ledger.alerts().await.unwrap();
    assert!(book.notices.is_empty(), "{book:?}");
    assert_eq!((book.lost.len(), book.lost[0].why.as_str()), (1, "away"));
    assert!(trouble(&tree, "alerts").is_some(), "the operator is still not reached");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_shows_nothing_of_a_game_under_way_is_told() {
    let (house, _channel, board, pager) = playing();
    let _tree = house.open().await;
    pass(60).await;
    assert_eq!(pager.told(), [""; 0]);
    board.be(Mood::Fails(FeedError::Status { status: 502 }));
    pass(120).await;
    assert_eq!(pager.told(), [""; 0], "not at once");
    pass(400).await;
    assert_eq!(pager.told(), ["raised feed_silent eng.1"]);
    board.be(Mood::Answers);
    pass(900).await;
    assert_eq!(pager.told(), ["raised feed_silent eng.1", "resolved feed_silent eng.1"]);
}

#[tokio::test(start_paused = true)]
async fn a_wire_that_is_up_and_tells_nothing_is_told_and_the_dead_man_hears_no_more() {
    let (house, channel, board, pager) = playing();
    let _tree = house.open().await;
    pass(300).await;
    assert!((4..=6).contains(&pager.pings()), "{}", pager.pings());
    // Every attempt comes to nothing, and the post waits for the next.
    channel.meet_all(Some(Reply::NotNow(Duration::from_secs(1))));
    board.show([harwick(1, 0)]);
    pass(400).await;
    assert_eq!(pager.told(), ["raised publishing_silent wire"]);
    let pings = pager.pings();
    pass(600).await;
    assert_eq!(pager.pings(), pings, "a dead man's switch goes off where nothing is told");
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_follows_pings_and_tells_nothing() {
    let (house, _channel) = House::plain(&Arc::new(BoardFeed::showing([harwick(0, 0)])));
    let leader = house.open().await;
    pass(30).await;
    let (other, pager) = watched(&house.instance("b"));
    *pager.room.lock().unwrap() = Some(Room { bytes: 1 << 20, files: None });
    let follower = other.open().await;
    pass(300).await;
    assert!(follower.leadership().is_none() && leader.leadership().is_some());
    assert_eq!(pager.told(), [""; 0]);
    assert!(pager.pings() >= 4, "{}", pager.pings());
}

#[tokio::test(start_paused = true)]
async fn another_pager_gets_what_waits_at_once_and_nothing_that_was_told() {
    let (house, _channel) = House::plain(&Arc::new(BoardFeed::showing([harwick(0, 0)])));
    let (first, second) = (Arc::new(Pager::default()), Arc::new(Pager::default()));
    let operator = watch::Sender::new(carrying(&first));
    let house = House { operator: Some(operator.subscribe()), ..house };
    *first.room.lock().unwrap() = Some(Room { bytes: 1 << 20, files: None });
    let tree = house.open().await;
    pass(30).await;
    assert_eq!(first.told(), ["raised disk_nearly_full state directory"]);
    first.fails.lock().unwrap().extend(std::iter::repeat_n("away", 500));
    *first.room.lock().unwrap() = None;
    pass(900).await;
    let attempts = 500 - first.fails.lock().unwrap().len();
    assert!((5..12).contains(&attempts), "{attempts}");

    operator.send_replace(carrying(&second));
    pass(1).await;
    assert_eq!(second.told(), ["resolved disk_nearly_full state directory"]);
    assert!(trouble(&tree, "alerts").is_none(), "{:?}", trouble(&tree, "alerts"));
    let pings = first.pings();
    pass(600).await;
    assert_eq!((first.told().len(), second.told().len()), (1, 1));
    assert_eq!(500 - first.fails.lock().unwrap().len(), attempts, "nobody asks the old one again");
    assert_eq!(first.pings(), pings);
    assert!((9..=12).contains(&second.pings()), "{}", second.pings());
}
