//! What a channel as a whole may send.

use std::collections::BTreeSet;

use wirereport_actors::memory::channel::MemoryChannel;
use wirereport_actors::ports::channel::{Capabilities, Channel, Quota};
use wirereport_actors::wire::outbox::{
    Conclusion, Plan, Retry, Situation, Step, Term, Waiting, after_attempt, plan,
};
use wirereport_actors::wire::pace::Pace;
use wirereport_actors::wire::post::{Epoch, Halt, Halted, Outcome, Post, PostId};
use wirereport_actors::wire::rules::OnUnknown;
use wirereport_actors::wire::traffic::Traffic;

use super::book::{WRITTEN_AT, post, second};

fn plan_for(posts: &[Post], in_flight: usize, traffic: &Traffic, now: u64) -> Plan {
    plan(&Situation {
        posts,
        under_way: &BTreeSet::new(),
        capabilities: &Capabilities { in_flight, ..MemoryChannel::default().capabilities() },
        term: Term { epoch: Epoch(1), earlier_dead: true, since: WRITTEN_AT },
        traffic,
        on_unknown: OnUnknown::Hold,
        pace: &Pace::default(),
        may_arm: true,
        now: second(now),
    })
}

fn arms(plan: &Plan) -> Vec<i64> {
    let of = |step: &Step| if let Step::Arm { post } = step { Some(post.0) } else { None };
    plan.steps.iter().filter_map(of).collect()
}

fn halted(halt: Halt, until: u64) -> Traffic {
    let reason = "HTTP 401".to_owned();
    let halted = Halted { halt, reason, since: WRITTEN_AT, retry_at: second(until) };
    Traffic { halted: Some(halted), ..Traffic::default() }
}

fn quota(name: &str, remaining: u64, resets: u64) -> Quota {
    Quota { name: name.to_owned(), limit: Some(100), remaining, resets_at: second(resets) }
}

#[test]
fn a_halted_channel_sends_nothing_and_says_of_every_post_what_it_waits_for() {
    let posts = [post(1, "a"), post(2, "a"), post(3, "b")];
    let plan = plan_for(&posts, 4, &halted(Halt::NeedsAuth, 900), 1);
    assert_eq!(plan.steps, []);
    assert_eq!(plan.wake_at, Some(second(900)));
    let waits = |post| Waiting {
        post: PostId(post),
        reason: "the channel is needs_auth since 2027-01-15T08:00:00Z: HTTP 401".to_owned(),
        until: Some(second(900)),
    };
    assert_eq!(plan.waiting, [waits(1), waits(2), waits(3)]);
}

#[test]
fn a_halted_channel_is_tried_again_with_one_post() {
    let posts = [post(1, "a"), post(2, "b"), post(3, "c")];
    assert_eq!(arms(&plan_for(&posts, 4, &halted(Halt::NeedsAuth, 900), 900)).len(), 1);
    assert_eq!(arms(&plan_for(&posts, 4, &Traffic::default(), 900)).len(), 3);
}

#[test]
fn what_waits_on_a_halted_channel_expires_by_its_own_limit() {
    let posts = [post(1, "a")];
    let plan = plan_for(&posts, 4, &halted(Halt::OutOfCredit, 9_000), 3_600);
    assert!(matches!(plan.steps[..], [Step::End { post: PostId(1), .. }]), "{plan:?}");
}

#[test]
fn a_quota_that_is_used_up_holds_everything_until_the_latest_of_them_resets() {
    let posts = [post(1, "a"), post(2, "b")];
    let quotas = vec![quota("15-minutes", 0, 60), quota("24-hours", 0, 500), quota("other", 7, 900)];
    let traffic = Traffic { quotas, ..Traffic::default() };
    let plan = plan_for(&posts, 4, &traffic, 10);
    assert_eq!((arms(&plan), plan.wake_at), (vec![], Some(second(500))));
    assert_eq!(plan.waiting[0].reason, "the platform's limit 24-hours is used up");
    assert_eq!(arms(&plan_for(&posts, 4, &traffic, 500)), [1, 2]);
}

#[test]
fn no_more_attempts_begin_than_a_quota_has_left() {
    let posts = [post(1, "a"), post(2, "b"), post(3, "c")];
    let traffic = Traffic { quotas: vec![quota("15-minutes", 2, 60)], ..Traffic::default() };
    assert_eq!(arms(&plan_for(&posts, 4, &traffic, 10)), [1, 2]);
    assert_eq!(arms(&plan_for(&posts, 4, &traffic, 60)), [1, 2, 3], "its window is over");
}

#[test]
fn a_halt_lasts_as_long_as_the_platform_says_or_until_it_is_worth_another_try() {
    let lasts = |halt, retry_at| {
        let reason = "no".to_owned();
        let outcome = Outcome::Halted { halt, reason, retry_at: second(retry_at) };
        let capabilities = MemoryChannel::default().capabilities();
        match after_attempt(outcome, &post(1, "a"), &capabilities, &Retry::default(), second(10), 1.0) {
            Conclusion::Settle(Outcome::Halted { retry_at, .. }) => {
                retry_at.duration_since(second(10)).as_secs()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(lasts(Halt::RateLimited, 130), 120);
    assert_eq!(lasts(Halt::RateLimited, 10), 1);
    assert_eq!(lasts(Halt::NeedsAuth, 10), 900);
    assert_eq!(lasts(Halt::OutOfCredit, 10), 900);
    assert_eq!(lasts(Halt::OutOfCredit, 3_610), 3_600);
}
