use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use wirereport_actors::memory::channel::MemoryChannel;
use wirereport_actors::ports::channel::{Capabilities, Channel, Idempotency};
use wirereport_actors::wire::outbox::{Plan, Situation, Step, Term, plan};
use wirereport_actors::wire::pace::{Money, Pace};
use wirereport_actors::wire::post::{Arm, Earlier, Epoch, Outcome, Post, PostId, PostState};
use wirereport_actors::wire::rules::OnUnknown;
use wirereport_actors::wire::traffic::Traffic;

use super::book::{WRITTEN_AT, post, second};

/// A channel's posts as a ledger could hold them, and who looks at them.
#[derive(Debug, Clone)]
struct Case {
    posts: Vec<Post>,
    under_way: BTreeSet<PostId>,
    capabilities: Capabilities,
    term: Term,
    now: u64,
}

fn any_state() -> impl Strategy<Value = PostState> {
    prop_oneof![
        4 => Just(PostState::Pending),
        1 => Just(PostState::Armed),
        1 => Just(PostState::AwaitingApproval),
        1 => Just(PostState::Unknown),
    ]
}

fn any_earlier() -> impl Strategy<Value = Option<PostState>> {
    prop_oneof![4 => Just(None), 1 => prop::sample::select(&PostState::ALL[..]).prop_map(Some)]
}

prop_compose! {
    fn any_post()(
        game in prop::sample::select(&["a", "b", "c"][..]),
        state in any_state(),
        earlier in any_earlier(),
        significance in 0.0..1.0_f64,
        send_before in 0_u64..100,
        not_before in prop::option::of(0_u64..100),
        in_doubt in any::<bool>(),
        (armed_at, epoch, attempt) in (0_u64..60, 1_u64..4, 1_u32..3),
    ) -> Post {
        let tried = state == PostState::Armed || (in_doubt && state == PostState::Pending);
        let arm = Arm {
            epoch: Epoch(epoch),
            at: second(armed_at),
            send_before: second(armed_at + 5),
            settle_by: second(armed_at + 10), price: Money(0)
        };
        Post {
            state,
            significance,
            send_before: second(send_before),
            not_before: not_before.map(second).filter(|_| state == PostState::Pending),
            in_doubt: in_doubt && tried,
            arm: tried.then_some(arm),
            attempt: if tried { attempt } else { 0 },
            earlier: earlier.map(|state| Earlier { id: PostId(99), state, remote: None }),
            ..post(0, game)
        }
    }
}

prop_compose! {
    fn any_case()(
        mut posts in prop::collection::vec(any_post(), 0..14),
        in_flight in 1_usize..4,
        idempotency in prop::sample::select(vec![
            Idempotency::None,
            Idempotency::Forever,
            Idempotency::For(Duration::from_secs(40)),
        ]),
        (reads_back, earlier_dead) in any::<(bool, bool)>(),
        (epoch, since, wait) in (1_u64..4, 0_u64..60, 0_u64..60),
        ours in prop::collection::vec(any::<bool>(), 14),
    ) -> Case {
        let mut armed_games = BTreeSet::new();
        for (post, number) in posts.iter_mut().zip(1..) {
            post.id = PostId(number);
            post.sequence = number;
            post.story = wirereport_actors::wire::story::StoryId(format!("{}/score/1/{number}", post.game));
            if post.state == PostState::Armed && !armed_games.insert(post.game.clone()) {
                post.state = PostState::Unknown;
            }
        }
        let under_way = posts.iter().zip(ours).filter(|(post, ours)| *ours && post.state == PostState::Armed);
        let under_way = under_way.map(|(post, _)| post.id).collect();
        let defaults = MemoryChannel::default().capabilities();
        let read_back_lag = Duration::from_secs(3);
        Case {
            under_way,
            posts,
            capabilities: Capabilities { in_flight, idempotency, reads_back, read_back_lag, ..defaults },
            term: Term { epoch: Epoch(epoch), earlier_dead, since: second(since) },
            now: since + wait,
        }
    }
}

impl Case {
    fn plan(&self) -> Plan {
        plan(&Situation {
            posts: &self.posts.iter().collect::<Vec<_>>(),
            under_way: &self.under_way,
            capabilities: &self.capabilities,
            term: self.term,
            traffic: &Traffic::default(),
            on_unknown: OnUnknown::Hold,
            pace: &Pace::default(),
            may_arm: true,
            now: second(self.now),
        })
    }

    /// Does what a plan says, as a ledger would record it.
    fn perform(&mut self, plan: &Plan) {
        for step in &plan.steps {
            let id = subject(step);
            let post = self.posts.iter_mut().find(|post| post.id == id).unwrap();
            match step {
                Step::Arm { .. } => {
                    assert_eq!(post.state, PostState::Pending);
                    post.state = PostState::Armed;
                    self.under_way.insert(id);
                }
                Step::End { .. } => {
                    assert!(matches!(post.state, PostState::Pending | PostState::AwaitingApproval));
                    post.state = PostState::Expired;
                }
                Step::Settle { attempt, outcome, .. } => {
                    assert_eq!((post.state, post.attempt), (PostState::Armed, *attempt));
                    let again = matches!(outcome, Outcome::Again { .. });
                    post.state = if again { PostState::Pending } else { PostState::Unknown };
                    post.in_doubt = again;
                }
                Step::ReadBack { .. } => {
                    assert!(post.state == PostState::Armed || post.in_doubt);
                    assert!(self.under_way.insert(id));
                }
            }
        }
        self.posts.retain(|post| post.state != PostState::Expired);
    }

    /// Every attempt under way succeeds.
    fn finish_attempts(&mut self) {
        let under_way = std::mem::take(&mut self.under_way);
        self.posts.retain(|post| !under_way.contains(&post.id));
    }
}

fn subject(step: &Step) -> PostId {
    match step {
        Step::Arm { post } | Step::End { post, .. } | Step::Settle { post, .. } | Step::ReadBack { post } => {
            *post
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_two_posts_of_a_game_and_no_more_than_allowed_are_ever_under_way(mut case in any_case()) {
        let before = case.posts.iter().filter(|post| post.state == PostState::Armed).count();
        for _ in 0..40 {
            let plan = case.plan();
            case.perform(&plan);
            let armed: Vec<_> = case.posts.iter().filter(|post| post.state == PostState::Armed).collect();
            let games: BTreeSet<_> = armed.iter().map(|post| &post.game).collect();
            prop_assert_eq!(games.len(), armed.len());
            prop_assert!(armed.len() <= before.max(case.capabilities.in_flight));
        }
    }

    #[test]
    fn a_post_has_one_step_at_most_and_none_where_it_is_unknown_or_under_way(case in any_case()) {
        let mut seen = BTreeSet::new();
        for step in &case.plan().steps {
            let id = subject(step);
            prop_assert!(seen.insert(id));
            prop_assert!(!case.under_way.contains(&id));
            let state = case.posts.iter().find(|post| post.id == id).unwrap().state;
            prop_assert_ne!(state, PostState::Unknown);
        }
    }

    #[test]
    fn a_plan_that_was_performed_leads_to_one_that_has_nothing_to_do(mut case in any_case()) {
        prop_assert_eq!(case.plan(), case.plan());
        for _ in 0..4 {
            let plan = case.plan();
            case.perform(&plan);
        }
        prop_assert_eq!(case.plan().steps, []);
    }

    #[test]
    fn the_posts_of_a_game_are_armed_in_the_order_of_their_stories(mut case in any_case()) {
        let pending: BTreeSet<_> =
            case.posts.iter().filter(|p| p.state == PostState::Pending).map(|p| p.id).collect();
        let mut last = BTreeMap::new();
        for _ in 0..60 {
            let plan = case.plan();
            for step in &plan.steps {
                if let Step::Arm { post } = step && pending.contains(post) {
                    let game = case.posts.iter().find(|p| p.id == *post).unwrap().game.clone();
                    let before = last.insert(game, *post);
                    prop_assert!(before.is_none_or(|before| before < *post));
                }
            }
            case.perform(&plan);
            case.finish_attempts();
            case.now += 2;
        }
    }

    #[test]
    fn nothing_starves_and_the_plan_wakes_itself_for_all_that_waits(mut case in any_case()) {
        for _ in 0..200 {
            let plan = case.plan();
            let idle = plan.steps.is_empty() && case.under_way.is_empty();
            prop_assert!(plan.wake_at.is_none_or(|at| at > second(case.now)));
            case.perform(&plan);
            case.finish_attempts();
            if idle {
                let Some(at) = plan.wake_at else { break };
                case.now = at.duration_since(WRITTEN_AT).as_secs().try_into().unwrap();
            }
        }
        let waiting: Vec<_> = case.posts.iter().filter(|p| p.state != PostState::Unknown).collect();
        prop_assert!(waiting.is_empty(), "{waiting:?}");
    }
}
