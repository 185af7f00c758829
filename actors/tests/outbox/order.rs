use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::memory::channel::MemoryChannel;
use wirereport_actors::ports::channel::{Capabilities, Channel, Idempotency};
use wirereport_actors::wire::outbox::{Plan, Situation, Step, Term, plan};
use wirereport_actors::wire::pace::{Money, Pace};
use wirereport_actors::wire::post::{Arm, Earlier, End, Epoch, Post, PostId, PostState};
use wirereport_actors::wire::rules::OnUnknown;
use wirereport_actors::wire::traffic::Traffic;

use super::book::{WRITTEN_AT, post, revision, second};

fn with_in_flight(in_flight: usize) -> Capabilities {
    Capabilities { in_flight, ..MemoryChannel::default().capabilities() }
}

fn plan_at(now: Timestamp, posts: &[Post], capabilities: &Capabilities) -> Plan {
    let armed = posts.iter().filter(|post| post.state == PostState::Armed);
    let under_way: BTreeSet<PostId> = armed.map(|post| post.id).collect();
    let term = Term { epoch: Epoch(1), earlier_dead: true, since: WRITTEN_AT };
    plan(&Situation {
        posts: &posts.iter().collect::<Vec<_>>(),
        under_way: &under_way,
        capabilities,
        term,
        traffic: &Traffic::default(),
        on_unknown: OnUnknown::Hold,
        pace: &Pace::default(),
        may_arm: true,
        now,
    })
}

fn plan_for(posts: &[Post]) -> Plan {
    plan_at(second(1), posts, &with_in_flight(4))
}

fn armed(post: Post) -> Post {
    let arm = Arm {
        epoch: Epoch(1),
        at: WRITTEN_AT,
        send_before: second(10),
        settle_by: second(20),
        price: Money(0),
    };
    Post { state: PostState::Armed, attempt: 1, arm: Some(arm), ..post }
}

fn arms(plan: &Plan) -> Vec<i64> {
    let of = |step: &Step| if let Step::Arm { post } = step { Some(post.0) } else { None };
    plan.steps.iter().filter_map(of).collect()
}

fn ends(plan: &Plan) -> Vec<(i64, End, &str)> {
    let of = |step: &'_ Step| {
        if let Step::End { post, end, .. } = step { Some((post.0, *end)) } else { None }
    };
    let reasons = plan.steps.iter().filter_map(|step| match step {
        Step::End { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    plan.steps.iter().filter_map(of).zip(reasons).map(|((id, end), reason)| (id, end, reason)).collect()
}

#[test]
fn the_posts_of_a_game_leave_in_the_order_of_their_stories_one_at_a_time() {
    assert_eq!(arms(&plan_for(&[post(2, "a"), post(1, "a"), post(3, "a")])), [1]);
    assert_eq!(arms(&plan_for(&[armed(post(1, "a")), post(2, "a")])), [0; 0]);
}

#[test]
fn the_game_with_the_weightiest_post_in_its_line_goes_first() {
    let weighty = Post { significance: 0.9, ..post(3, "b") };
    let posts = [Post { significance: 0.6, ..post(1, "a") }, post(2, "b"), weighty, post(4, "c")];
    assert_eq!(arms(&plan_for(&posts)), [2, 1, 4]);
}

#[test]
fn no_more_than_the_channel_allows_is_under_way_at_once() {
    let posts = [armed(post(1, "a")), post(2, "b"), post(3, "c"), post(4, "d")];
    assert_eq!(arms(&plan_at(second(1), &posts, &with_in_flight(3))), [2, 3]);
    assert_eq!(arms(&plan_at(second(1), &posts, &with_in_flight(1))), [0; 0]);
}

#[test]
fn a_post_that_waits_for_its_retry_holds_up_its_own_game_only() {
    let waiting = Post { not_before: Some(second(30)), ..post(1, "a") };
    let posts = [waiting, post(2, "a"), post(3, "b")];
    let plan = plan_for(&posts);
    assert_eq!(arms(&plan), [3]);
    assert_eq!(plan.wake_at, Some(second(30)));
    assert_eq!(arms(&plan_at(second(30), &posts[..2], &with_in_flight(4))), [1]);
}

#[test]
fn approvals_and_unknowns_hold_up_nothing() {
    let awaiting = Post { state: PostState::AwaitingApproval, ..post(1, "a") };
    let unknown = Post { state: PostState::Unknown, ..post(2, "b") };
    let plan = plan_for(&[awaiting, unknown, post(3, "a"), post(4, "b")]);
    assert_eq!(arms(&plan), [3, 4]);
}

#[test]
fn an_approval_is_overtaken_by_a_later_story_of_its_game_and_by_no_other() {
    let awaiting = |number, game| Post { state: PostState::AwaitingApproval, ..post(number, game) };
    let posts = [awaiting(1, "a"), awaiting(2, "b"), armed(post(3, "a")), awaiting(4, "a")];
    let overtaken = (1, End::Expired, "overtaken by a later story of its game");
    assert_eq!(ends(&plan_for(&posts)), [overtaken]);
}

#[test]
fn an_approval_is_overtaken_in_the_same_breath_as_the_later_story_is_armed() {
    let awaiting = Post { state: PostState::AwaitingApproval, ..post(1, "a") };
    let plan = plan_for(&[awaiting, post(2, "a")]);
    let reason = "overtaken by a later story of its game".to_owned();
    let end = Step::End { post: PostId(1), end: End::Expired, reason };
    assert_eq!(plan.steps, [Step::Arm { post: PostId(2) }, end]);
}

#[test]
fn a_post_that_is_too_old_expires_and_lets_the_next_one_leave() {
    let old = Post { send_before: second(5), ..post(1, "a") };
    let posts = [old, post(2, "a")];
    assert_eq!(plan_at(second(4), &posts, &with_in_flight(0)).wake_at, Some(second(5)));
    let plan = plan_at(second(5), &posts, &with_in_flight(1));
    assert!(matches!(ends(&plan)[..], [(1, End::Expired, _)]), "{plan:?}");
    assert_eq!(arms(&plan), [2]);
}

#[test]
fn a_post_in_doubt_does_not_expire_and_is_sent_again() {
    let in_doubt =
        Post { state: PostState::Pending, in_doubt: true, send_before: second(5), ..armed(post(1, "a")) };
    assert_eq!(arms(&plan_at(second(9), &[in_doubt], &with_in_flight(1))), [1]);
}

#[test]
fn a_post_in_doubt_becomes_unknown_when_its_key_is_spent() {
    let in_doubt = Post { state: PostState::Pending, in_doubt: true, ..armed(post(1, "a")) };
    let capabilities = Capabilities {
        idempotency: Idempotency::For(Duration::from_secs(100)),
        attempt_within: Duration::from_secs(10),
        ..with_in_flight(1)
    };
    let waiting = Post { not_before: Some(second(95)), ..in_doubt.clone() };
    assert_eq!(plan_at(second(89), &[waiting], &capabilities).wake_at, Some(second(90)));
    assert_eq!(arms(&plan_at(second(89), std::slice::from_ref(&in_doubt), &capabilities)), [1]);
    let plan = plan_at(second(90), &[in_doubt], &capabilities);
    assert!(matches!(ends(&plan)[..], [(1, End::Unknown, _)]), "an attempt could arrive too late: {plan:?}");
}

#[test]
fn a_post_in_doubt_is_looked_up_when_its_key_is_spent_if_the_channel_can_be_asked() {
    let in_doubt = Post { state: PostState::Pending, in_doubt: true, ..armed(post(1, "a")) };
    let posts = [Post { changed_at: second(95), ..in_doubt }, post(2, "a"), post(3, "b")];
    let capabilities = Capabilities {
        idempotency: Idempotency::For(Duration::from_secs(100)),
        attempt_within: Duration::from_secs(10),
        reads_back: true,
        read_back_lag: Duration::from_secs(5),
        ..with_in_flight(1)
    };
    let early = plan_at(second(96), &posts, &capabilities);
    assert_eq!(arms(&early), [3], "its own game waits");
    assert_eq!((ends(&early), early.wake_at), (vec![], Some(second(100))));
    let due = plan_at(second(100), &posts, &capabilities);
    assert_eq!(due.steps, [Step::ReadBack { post: PostId(1) }], "one request at a time");
}

#[test]
fn the_time_of_a_key_runs_from_the_writing_once_a_post_was_tried_again() {
    let arm = Arm {
        epoch: Epoch(1),
        at: second(80),
        send_before: second(90),
        settle_by: second(95),
        price: Money(0),
    };
    let pending = Post { state: PostState::Pending, in_doubt: true, arm: Some(arm), ..post(1, "a") };
    let capabilities =
        Capabilities { idempotency: Idempotency::For(Duration::from_secs(100)), ..with_in_flight(1) };
    let once = Post { attempt: 1, ..pending.clone() };
    let twice = Post { attempt: 2, ..pending };
    assert_eq!(arms(&plan_at(second(120), &[once], &capabilities)), [1]);
    assert!(matches!(ends(&plan_at(second(120), &[twice], &capabilities))[..], [(1, End::Unknown, _)]));
}

#[test]
fn a_revision_waits_for_what_it_corrects() {
    let told = armed(post(1, "a"));
    let plan = plan_for(&[told.clone(), revision(2, &told)]);
    assert_eq!(plan.steps, []);
}

#[test]
fn a_revision_is_held_by_an_unknown_and_says_so_without_holding_up_its_game() {
    let unknown = Post { state: PostState::Unknown, ..post(1, "a") };
    let plan = plan_for(&[unknown.clone(), revision(2, &unknown), post(3, "a")]);
    assert_eq!(arms(&plan), [3]);
    let reason = "held until post 1 is resolved: nobody can tell whether it is on the channel";
    assert_eq!(plan.held, [(PostId(2), reason.to_owned())]);
}

#[test]
fn a_revision_of_what_was_never_told_is_not_told_either() {
    for state in [PostState::Failed, PostState::Expired, PostState::Discarded, PostState::Superseded] {
        for own in [PostState::Pending, PostState::AwaitingApproval] {
            let never = Post { state, ..post(1, "a") };
            let correction = Post { state: own, ..revision(2, &never) };
            let plan = plan_for(&[correction]);
            assert!(matches!(ends(&plan)[..], [(2, End::Superseded, _)]), "{state}: {plan:?}");
            assert_eq!(arms(&plan), [0; 0]);
        }
    }
}

#[test]
fn what_is_known_to_be_wrong_does_not_leave() {
    let wrong = post(1, "a");
    let plan = plan_for(&[wrong.clone(), revision(2, &wrong)]);
    assert_eq!(ends(&plan), [(1, End::Superseded, "revision 2 stands in its place")]);
    assert_eq!(arms(&plan), [0; 0]);
}

#[test]
fn a_revision_of_a_told_story_leaves_before_the_next_revision_of_it() {
    let told = Earlier { id: PostId(1), state: PostState::Sent, remote: None };
    let second = Post { earlier: Some(told), ..revision(2, &post(1, "a")) };
    let plan = plan_for(&[second.clone(), revision(3, &second)]);
    assert_eq!(plan.steps, [Step::Arm { post: PostId(2) }]);
}

#[test]
fn nothing_is_armed_while_publishing_is_stopped_but_what_is_too_old_still_expires() {
    let old = Post { send_before: second(1), ..post(1, "a") };
    let posts = [old, post(2, "a")];
    let capabilities = with_in_flight(1);
    let plan = plan(&Situation {
        posts: &posts.iter().collect::<Vec<_>>(),
        under_way: &BTreeSet::new(),
        capabilities: &capabilities,
        term: Term { epoch: Epoch(1), earlier_dead: true, since: WRITTEN_AT },
        traffic: &Traffic::default(),
        on_unknown: OnUnknown::Hold,
        pace: &Pace::default(),
        may_arm: false,
        now: second(1),
    });
    assert!(matches!(ends(&plan)[..], [(1, End::Expired, _)]), "{plan:?}");
    assert_eq!(arms(&plan), [0; 0]);
}
