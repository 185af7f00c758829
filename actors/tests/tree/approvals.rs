//! Texts that an editor sees before they leave.

use std::sync::Arc;
use std::time::Duration;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::tree::Policy;
use wirereport_actors::wire::approval::ApprovalRule;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::PostState::{AwaitingApproval, Expired, Sent};

use super::boards::{BoardFeed, harwick};
use super::house::{House, blind, pass, told};

const GOAL: &str = "Harwick United 1, Melford United 0.";
const SECOND: &str = "Harwick United 2, Melford United 0.";

/// A house with a game under way, one channel, and these rules.
fn house(wire: &Arc<MemoryChannel>, approvals: Vec<ApprovalRule>) -> (House, Arc<BoardFeed>) {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", wire);
    house.policy.send_replace(Arc::new(Policy { approvals, ..Policy::default() }));
    (house, feed)
}

#[tokio::test(start_paused = true)]
async fn a_text_that_a_rule_wants_leaves_only_when_it_is_approved() {
    let wire = blind();
    let (house, feed) = house(&wire, vec![ApprovalRule::all("everything")]);
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    assert_eq!((told(&wire), house.states().await), (vec![], vec![AwaitingApproval]));
    let notes = &house.stories().await[0].notes;
    assert_eq!(notes, &["on wire an editor sees it first: the rule everything wants that"]);
    house.ledger.approve_post(house.posts().await[0].id, house.now()).await.unwrap();
    tree.nudge();
    pass(1).await;
    assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![Sent]));
}

#[tokio::test(start_paused = true)]
async fn a_text_that_nobody_approves_expires_at_the_rules_limit() {
    let wire = blind();
    let expires_after = Some(Duration::from_secs(120));
    let (house, feed) = house(&wire, vec![ApprovalRule { expires_after, ..ApprovalRule::all("brief") }]);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(100).await;
    assert_eq!(house.states().await, [AwaitingApproval]);
    pass(60).await;
    assert_eq!((told(&wire), house.states().await), (vec![], vec![Expired]));
}

#[tokio::test(start_paused = true)]
async fn what_no_rule_wants_goes_on_and_overtakes_what_waits() {
    let wire = blind();
    let (house, feed) = house(&wire, vec![ApprovalRule::all("everything")]);
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;
    let kinds = Some([MomentKind::Final].into());
    let approvals = vec![ApprovalRule { kinds, ..ApprovalRule::all("finals") }];
    house.policy.send_replace(Arc::new(Policy { approvals, ..Policy::default() }));
    feed.show([harwick(2, 0)]);
    pass(60).await;
    assert_eq!((told(&wire), house.states().await), (vec![SECOND.to_owned()], vec![Expired, Sent]));
}
