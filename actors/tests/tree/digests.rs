//! After an outage: what was missed is told in one post, where the operator wants that.

use std::sync::Arc;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::ports::channel::Halt;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::tree::{Policy, Tree};
use wirereport_actors::wire::game::{Game, Phase};
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::post::PostState::Expired;
use wirereport_actors::wire::rules::ChannelRules;

use super::boards::{BoardFeed, Mood, harwick, ostrava};
use super::house::{House, blind, pass, told};

fn ended(game: Game) -> Game {
    Game { phase: Phase::Final, period: 2, clock: None, ..game }
}

/// The results that were told together, whichever weighs more.
fn results(wire: &MemoryChannel) -> Vec<String> {
    let texts = told(wire);
    let together =
        |text: &String| text.strip_prefix("Earlier finals: ").unwrap().trim_end_matches('.').to_owned();
    let mut results: Vec<String> = texts
        .iter()
        .flat_map(|text| together(text).split("; ").map(str::to_owned).collect::<Vec<_>>())
        .collect();
    results.sort();
    results
}

fn both() -> Vec<String> {
    vec!["Harwick 1, Melford 0".to_owned(), "Ostrava 2, Trento 2".to_owned()]
}

async fn opened(wire: &Arc<MemoryChannel>, digest: bool) -> (House, Arc<BoardFeed>, Tree) {
    let feed = Arc::new(BoardFeed::showing([harwick(1, 0), ostrava(2, 2)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", wire);
    let rules = ChannelRules { digest, ..ChannelRules::default() };
    let channels = [(ChannelName("wire".to_owned()), rules)].into();
    house.policy.send_replace(Arc::new(Policy { channels, ..Policy::default() }));
    let tree = house.open().await;
    pass(30).await;
    (house, feed, tree)
}

#[tokio::test(start_paused = true)]
async fn finals_that_expired_on_a_halted_channel_are_told_together_once_it_is_back() {
    for (digest, expected) in [(true, both()), (false, vec![])] {
        let wire = blind();
        wire.script(std::iter::repeat_n(Reply::Halt(Halt::NeedsAuth), 100));
        let (house, feed, tree) = opened(&wire, digest).await;
        feed.show([ended(harwick(1, 0)), ended(ostrava(2, 2))]);
        pass(2 * 3600).await;
        assert_eq!(house.states().await[..2], [Expired, Expired]);
        assert_eq!(told(&wire), [""; 0]);
        wire.behave();
        house.ledger.try_again(None, house.now()).await.unwrap();
        tree.nudge();
        pass(600).await;
        assert_eq!(results(&wire), expected);
        pass(3600).await;
        assert_eq!(results(&wire), expected, "and not again");
    }
}

#[tokio::test(start_paused = true)]
async fn finals_that_were_over_when_the_feed_came_back_are_told_together() {
    let wire = blind();
    let (house, feed, _tree) = opened(&wire, true).await;
    feed.be(Mood::Hangs);
    pass(3 * 3600).await;
    feed.show([ended(harwick(1, 0)), ended(ostrava(2, 2))]);
    pass(900).await;
    assert_eq!(results(&wire), both());
    assert_eq!(house.posts().await.len(), 1);
}
