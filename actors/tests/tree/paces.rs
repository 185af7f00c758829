//! What an operator allows a channel: routes, delays, caps, quiet hours, money; and stopping all of it.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::memory::channel::Reply;
use wirereport_actors::ports::channel::{Corrections, Idempotency};
use wirereport_actors::tree::Policy;
use wirereport_actors::wire::pace::{Budget, Money, Pace, QuietHours};
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::post::PostState::{Expired, Pending, Sent, Unknown};
use wirereport_actors::wire::rules::{ChannelRules, OnUnknown, TeamName};

use super::boards::{BoardFeed, harwick, ostrava};
use super::house::{House, actor, blind, can, pass, restarted, told, trouble};

const GOAL: &str = "Harwick United 1, Melford United 0.";
const OTHER: &str = "Ostrava United 1, Trento United 0.";

/// A house with two games under way and one channel that goes by those rules.
fn house(wire: &Arc<MemoryChannel>, rules: ChannelRules) -> (House, Arc<BoardFeed>) {
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0), ostrava(0, 0)]));
    let house = House::new().sport("eng.1", &feed).channel("wire", wire);
    let channels = [(ChannelName("wire".to_owned()), rules)].into();
    house.policy.send_replace(Arc::new(Policy { channels, ..Policy::default() }));
    (house, feed)
}

fn paced(pace: Pace) -> ChannelRules {
    ChannelRules { pace, ..ChannelRules::default() }
}

#[tokio::test(start_paused = true)]
async fn a_channel_tells_of_its_teams_only() {
    let wire = blind();
    let team = TeamName { sport: None, name: "Ostrava United".to_owned() };
    let (house, feed) = house(&wire, ChannelRules { teams: Some(vec![team]), ..ChannelRules::default() });
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(30).await;
    assert_eq!(told(&wire), [OTHER]);
}

#[tokio::test(start_paused = true)]
async fn a_spoiler_delay_keeps_a_story_back_and_young() {
    let wire = blind();
    let (house, feed) =
        house(&wire, ChannelRules { spoiler_delay: Duration::from_secs(600), ..ChannelRules::default() });
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    pass(590).await;
    assert_eq!((told(&wire), house.states().await), (vec![], vec![Pending]));
    pass(40).await;
    assert_eq!(told(&wire), [GOAL], "though ten minutes are more than a goal's age allows");
}

#[tokio::test(start_paused = true)]
async fn a_spent_cap_holds_the_next_story_says_so_and_is_remembered_over_a_restart() {
    let wire = blind();
    let (house, feed) = house(&wire, paced(Pace { per_hour: Some(1), ..Pace::default() }));
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    pass(30).await;
    tree.root().stop(Duration::from_secs(30)).await;
    let tree = house.open().await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(60).await;
    assert_eq!((told(&wire), house.states().await), (vec![GOAL.to_owned()], vec![Sent, Pending]));
    let waiting = tree.waiting();
    assert_eq!((waiting.len(), waiting[0].reason.as_str()), (1, "1 posts in an hour are enough"));
    assert!(waiting[0].until.is_some_and(|until| until > house.now()));
    let doing = actor(&tree, "publisher/wire").doing.unwrap();
    assert!(
        doing.starts_with("1 open, until ") && doing.ends_with(": 1 posts in an hour are enough"),
        "{doing}"
    );
    assert_eq!(trouble(&tree, "publisher/wire"), None, "a limit that is kept is no trouble");
    pass(400).await;
    assert_eq!(house.states().await, [Sent, Expired], "it expires by its own limit");
    assert_eq!(tree.waiting(), []);
}

#[tokio::test(start_paused = true)]
async fn posts_keep_their_distance_and_none_is_lost_by_it() {
    let wire = blind();
    let (house, feed) = house(&wire, paced(Pace { spacing: Duration::from_secs(60), ..Pace::default() }));
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(180).await;
    let times: Vec<_> = wire.journal().into_iter().map(|entry| entry.at).collect();
    assert_eq!(times.len(), 2);
    assert!(times[1].duration_since(times[0]).as_secs() >= 60);
}

#[tokio::test(start_paused = true)]
async fn in_quiet_hours_nothing_leaves_that_does_not_matter_enough() {
    // The evening begins at eight in UTC.
    let quiet = |bypass| {
        let quiet = QuietHours { from: Time::constant(7, 0, 0, 0), to: Time::constant(8, 3, 0, 0), bypass };
        paced(Pace { quiet: Some(quiet), ..Pace::default() })
    };
    for (bypass, so_far) in [(1.0, 0), (0.0, 1)] {
        let wire = blind();
        let (house, feed) = house(&wire, quiet(bypass));
        let tree = house.open().await;
        pass(30).await;
        feed.show([harwick(1, 0), ostrava(0, 0)]);
        pass(30).await;
        assert_eq!((told(&wire).len(), tree.waiting().len()), (so_far, 1 - so_far));
        pass(130).await;
        assert_eq!(told(&wire), [GOAL]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_budget_is_not_overdrawn() {
    let wire = blind();
    let budget = Budget { post: Money(15_000), per_day: Some(Money(20_000)), ..Budget::default() };
    let (house, feed) = house(&wire, paced(Pace { budget, ..Pace::default() }));
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(60).await;
    assert_eq!(told(&wire).len(), 1);
    assert_eq!(tree.waiting()[0].reason, "$0.015 of the day's $0.02 are spent");
}

#[tokio::test(start_paused = true)]
async fn where_nobody_can_tell_a_post_is_sent_again_if_the_operator_wants_that() {
    let resend = ChannelRules { on_unknown: OnUnknown::Resend, ..ChannelRules::default() };
    for (rules, states, requests) in [(ChannelRules::default(), Unknown, 1), (resend, Sent, 2)] {
        let wire = blind();
        wire.script([Reply::UnknownAfterAccepting]);
        let (house, feed) = house(&wire, rules);
        let _tree = house.open().await;
        pass(30).await;
        feed.show([harwick(1, 0), ostrava(0, 0)]);
        pass(60).await;
        assert_eq!((house.states().await, wire.requests().len()), (vec![states], requests));
        assert_eq!(told(&wire).len(), requests, "at most once, or at least once");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_the_channel_chokes_on_is_set_aside_and_blocks_nobody() {
    let wire = can(Idempotency::Forever, false, Corrections::Reply);
    wire.script(std::iter::repeat_n(Reply::UnknownWithoutAccepting, 3));
    let (house, feed) = house(&wire, ChannelRules { attempts: 3, ..ChannelRules::default() });
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(60).await;
    assert_eq!((told(&wire), house.states().await), (vec![OTHER.to_owned()], vec![Unknown, Sent]));
    assert_eq!(house.posts().await[0].failures, 3);
    assert_eq!(restarted(&tree), []);
}

#[tokio::test(start_paused = true)]
async fn stopping_stops_every_channel_at_once_and_over_a_restart() {
    let wires = [
        blind(),
        can(Idempotency::Forever, false, Corrections::Edit),
        can(Idempotency::None, true, Corrections::Reply),
    ];
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0), ostrava(0, 0)]));
    let mut house = House::new().sport("eng.1", &feed);
    for (number, wire) in wires.iter().enumerate() {
        house = house.channel(&format!("wire-{number}"), wire);
    }
    let tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0), ostrava(0, 0)]);
    house.publishing(true).await;
    pass(60).await;
    tree.root().stop(Duration::from_secs(30)).await;
    let tree = house.open().await;
    feed.show([harwick(1, 0), ostrava(1, 0)]);
    pass(120).await;
    assert!(wires.iter().all(|wire| wire.requests().is_empty()));
    assert_eq!(house.states().await, [Pending; 6]);
    house.publishing(false).await;
    tree.nudge();
    pass(30).await;
    assert!(wires.iter().all(|wire| told(wire).len() == 2));
}
