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
        posts: &posts.iter().collect::<Vec<_>>(),
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

mod paced {
    //! A channel under an operator's limits, over a day of posts.

    use std::collections::BTreeMap;
    use std::time::Duration;

    use jiff::SignedDuration;
    use proptest::prelude::*;
    use wirereport_actors::wire::pace::{Allowance, Budget, Money, Usage};
    use wirereport_actors::wire::post::{Arm, PostState};

    use super::*;

    const PRICE: Money = Money(15_000);

    /// Posts that are written over time, a channel that takes each at once or fails it now and then.
    #[derive(Debug, Clone)]
    struct Night {
        posts: Vec<Post>,
        pace: Pace,
        in_flight: usize,
        /// Whether an attempt arrives, surely does not, or may have; again and again.
        luck: Vec<u8>,
    }

    prop_compose! {
        fn any_night()(
            posts in prop::collection::vec((0_u64..7200, 0_usize..5, 0.0..1.0_f64, 60_u64..3600), 1..40),
            per_hour in prop::option::of(1_u32..6),
            per_day in prop::option::of(1_u32..12),
            spacing in prop::sample::select(vec![0_u64, 20, 300]),
            budget in prop::option::of(1_u64..15),
            in_flight in 1_usize..4,
            luck in prop::collection::vec(0_u8..6, 1..8),
        ) -> Night {
            let mut written: Vec<_> = posts;
            written.sort_by_key(|(at, ..)| *at);
            let posts = written.into_iter().zip(1..).map(|((at, game, significance, stale), number)| Post {
                significance,
                created_at: second(at),
                send_before: second(at + stale),
                ..post(number, ["a", "b", "c", "d", "e"][game])
            });
            let budget = Budget {
                post: PRICE,
                post_with_url: PRICE,
                per_day: budget.map(|posts| Money(posts * PRICE.0)),
                per_month: None,
            };
            Night {
                posts: posts.collect(),
                pace: Pace { per_hour, per_day, spacing: Duration::from_secs(spacing), budget, ..Pace::default() },
                in_flight,
                luck,
            }
        }
    }

    /// What came of a night: every departure in order, with the rank its game had among those that could have left.
    #[derive(Debug, Default)]
    struct Course {
        left: Vec<(u64, PostId)>,
    }

    impl Night {
        fn run(&mut self) -> Course {
            let mut course = Course::default();
            // In the end an attempt arrives.
            let mut luck = self.luck.clone().into_iter().chain([0]).cycle();
            let mut now = 0;
            // A plan has something to do at most so often: each post leaves or ends, and attempts are few.
            for _ in 0..4000 {
                let at = second(now);
                let open: Vec<Post> = self
                    .posts
                    .iter()
                    .filter(|post| post.state == PostState::Pending && post.created_at <= at)
                    .cloned()
                    .collect();
                let traffic = Traffic { usage: self.usage(now), ..Traffic::default() };
                let plan = plan(&Situation {
                    posts: &open.iter().collect::<Vec<_>>(),
                    under_way: &BTreeSet::new(),
                    capabilities: &Capabilities {
                        in_flight: self.in_flight,
                        ..MemoryChannel::default().capabilities()
                    },
                    traffic: &traffic,
                    on_unknown: OnUnknown::Hold,
                    pace: &self.pace,
                    term: Term { epoch: Epoch(1), earlier_dead: true, since: WRITTEN_AT },
                    may_arm: true,
                    now: at,
                });
                for step in &plan.steps {
                    self.perform(step, now, luck.next().unwrap_or(0), &mut course);
                }
                let next_written =
                    self.posts.iter().map(|post| post.created_at).filter(|at| *at > second(now)).min();
                if !plan.steps.is_empty() {
                    continue;
                }
                let Some(next) = [plan.wake_at, next_written].into_iter().flatten().min() else { break };
                now = u64::try_from(next.duration_since(WRITTEN_AT).as_secs()).unwrap();
            }
            course
        }

        fn usage(&self, now: u64) -> Usage {
            let mut departures: Vec<_> =
                self.posts.iter().filter_map(wirereport_actors::wire::life::departure).collect();
            departures.sort();
            Usage::of(&departures, &self.pace.since(second(now)))
        }

        fn perform(&mut self, step: &Step, now: u64, luck: u8, course: &mut Course) {
            match step {
                Step::Arm { post: id } => {
                    let post = self.posts.iter_mut().find(|post| post.id == *id).unwrap();
                    let at = second(now);
                    let arm = Arm { epoch: Epoch(1), at, send_before: at, settle_by: at, price: PRICE };
                    post.attempt += 1;
                    match luck {
                        4 => post.not_before = Some(second(now + 7)),
                        5 => {
                            if !post.in_doubt {
                                course.left.push((now, *id));
                            }
                            (post.in_doubt, post.arm) = (true, Some(arm));
                            post.not_before = Some(second(now + 7));
                        }
                        _ => {
                            if !post.in_doubt {
                                course.left.push((now, *id));
                            }
                            (post.state, post.arm) = (PostState::Sent, Some(arm));
                            post.in_doubt = false;
                        }
                    }
                }
                Step::End { post: id, .. } => {
                    let post = self.posts.iter_mut().find(|post| post.id == *id).unwrap();
                    assert!(second(now) >= post.send_before, "a post ends by its own limit only");
                    post.state = PostState::Expired;
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn most_within(left: &[(u64, PostId)], window: u64) -> usize {
        let within = |from: u64| left.iter().filter(|(at, _)| (from..from + window).contains(at)).count();
        left.iter().map(|(at, _)| within(*at)).max().unwrap_or(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_limit_is_ever_exceeded_and_everything_ends(mut night in any_night()) {
            let course = night.run();
            let left = &course.left;
            if let Some(cap) = night.pace.per_hour {
                prop_assert!(most_within(left, 3600) <= cap as usize, "{left:?}");
            }
            if let Some(cap) = night.pace.per_day {
                prop_assert!(most_within(left, 86_400) <= cap as usize, "{left:?}");
            }
            if let Some(budget) = night.pace.budget.per_day {
                prop_assert!(left.len() as u64 * PRICE.0 <= budget.0, "all of it is one day: {left:?}");
            }
            let apart = left.windows(2).all(|two| two[1].0 - two[0].0 >= night.pace.spacing.as_secs());
            prop_assert!(apart, "{left:?}");
            let ended = |post: &Post| matches!(post.state, PostState::Sent | PostState::Expired);
            prop_assert!(night.posts.iter().all(ended), "{:?}", night.posts);
        }

        #[test]
        fn each_games_posts_leave_in_the_order_of_their_stories(mut night in any_night()) {
            let course = night.run();
            let mut last = BTreeMap::new();
            for (_, id) in &course.left {
                let game = night.posts.iter().find(|post| post.id == *id).unwrap().game.clone();
                let before = last.insert(game, *id);
                prop_assert!(before.is_none_or(|before| before < *id));
            }
        }

        #[test]
        fn what_is_held_is_held_for_a_reason_that_ends_later(night in any_night(), now in 0_u64..7200) {
            let usage = night.usage(now);
            let allowance = Allowance::new(&night.pace, &usage, second(now));
            for post in &night.posts {
                if let Some(closed) = allowance.holds(post) {
                    prop_assert!(closed.until > second(now));
                    prop_assert!(closed.until <= second(now) + SignedDuration::from_hours(24));
                }
            }
        }
    }

    #[test]
    fn with_one_place_left_the_weightier_game_goes_first() {
        let pace = Pace { per_hour: Some(3), ..Pace::default() };
        let departures = vec![second(10), second(20)];
        let traffic = Traffic { usage: Usage { departures, ..Usage::default() }, ..Traffic::default() };
        let weighty = Post { significance: 0.9, ..post(2, "b") };
        let posts = [post(1, "a"), weighty, post(3, "b")];
        let plan = plan(&Situation {
            posts: &posts.iter().collect::<Vec<_>>(),
            under_way: &BTreeSet::new(),
            capabilities: &Capabilities { in_flight: 4, ..MemoryChannel::default().capabilities() },
            traffic: &traffic,
            on_unknown: OnUnknown::Hold,
            pace: &pace,
            term: Term { epoch: Epoch(1), earlier_dead: true, since: WRITTEN_AT },
            may_arm: true,
            now: second(60),
        });
        assert_eq!(arms(&plan), [2]);
        assert_eq!(plan.waiting.iter().map(|waiting| waiting.post.0).collect::<Vec<_>>(), [1]);
        assert_eq!(plan.wake_at, Some(second(3_600)), "its own limit comes before the cap's next place");
    }
}
