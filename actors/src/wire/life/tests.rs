use proptest::prelude::*;

use super::*;
use crate::ports::conformance::fixtures::{
    again, at, channel, frozen, new_post, not_sent, refused, remote, revision, sent, unknown,
};

/// One story's posts on one channel, with everything that can happen to them.
#[derive(Debug, Clone)]
struct Line {
    posts: Vec<Post>,
    latest: u32,
    epoch: Epoch,
}

#[derive(Debug, Clone)]
enum Happening {
    NewEpoch,
    NewRevision { approved: bool },
    Arm { post: usize, behind: u64, stopped: bool, key: u8 },
    Settle { post: usize, behind: u64, attempts_back: u32, outcome: Outcome, looked_up: bool },
    End { post: usize, end: End },
    Approve { post: usize },
    Retry { post: usize },
    Discard { post: usize },
    Resolve { post: usize, sent: bool },
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(sent()), Just(not_sent()), Just(refused()), Just(again()), Just(unknown())]
}

fn happenings() -> impl Strategy<Value = Happening> {
    let post = || 0..4usize;
    let behind = || prop_oneof![4 => Just(0u64), 1 => 1..3u64];
    let ends = prop_oneof![Just(End::Expired), Just(End::Superseded), Just(End::Failed), Just(End::Unknown)];
    let back = prop_oneof![5 => Just(0u32), 1 => Just(1u32)];
    let settle = (post(), behind(), back, outcomes(), prop::bool::weighted(0.3));
    prop_oneof![
        1 => Just(Happening::NewEpoch),
        2 => any::<bool>().prop_map(|approved| Happening::NewRevision { approved }),
        6 => (post(), behind(), prop::bool::weighted(0.1), any::<u8>())
            .prop_map(|(post, behind, stopped, key)| Happening::Arm { post, behind, stopped, key }),
        8 => settle.prop_map(|(post, behind, attempts_back, outcome, looked_up)| Happening::Settle {
            post, behind, attempts_back, outcome, looked_up
        }),
        2 => (post(), ends).prop_map(|(post, end)| Happening::End { post, end }),
        2 => post().prop_map(|post| Happening::Approve { post }),
        2 => post().prop_map(|post| Happening::Retry { post }),
        1 => post().prop_map(|post| Happening::Discard { post }),
        2 => (post(), any::<bool>()).prop_map(|(post, sent)| Happening::Resolve { post, sent }),
    ]
}

impl Line {
    fn new() -> Self {
        let mut line = Self { posts: Vec::new(), latest: 0, epoch: Epoch(1) };
        line.revise(true);
        line
    }

    fn revise(&mut self, approved: bool) {
        self.latest += 1;
        self.supersede();
        let state = if approved { PostState::Pending } else { PostState::AwaitingApproval };
        let story = revision(1, self.latest);
        let new = [new_post(&channel(), state)];
        let drafted = draft(&story, i64::from(self.latest), &new, &self.posts, self.latest, at(20));
        for post in drafted.unwrap().posts {
            let id = PostId(i64::try_from(self.posts.len()).unwrap());
            self.posts.push(Post { id, ..post });
        }
    }

    fn supersede(&mut self) {
        for post in overtaken(&self.posts, self.latest, at(40)) {
            let index = usize::try_from(post.id.0).unwrap();
            self.posts[index] = post;
        }
    }

    fn happens(&mut self, what: &Happening) -> Option<Result<(), Refusal>> {
        let epoch = |behind: u64| Epoch(self.epoch.0.saturating_sub(behind));
        let post = |index: usize| self.posts.get(index).cloned();
        let changed = match what.clone() {
            Happening::NewEpoch => {
                self.epoch.0 += 1;
                return None;
            }
            Happening::NewRevision { approved } => {
                self.revise(approved);
                return None;
            }
            Happening::Arm { post: index, behind, stopped, key } => {
                let by = Arm {
                    epoch: epoch(behind),
                    at: at(30),
                    send_before: at(35),
                    settle_by: at(60),
                    price: Money(0),
                };
                let frozen = Frozen { key: format!("key-{key}"), ..frozen() };
                arm(post(index)?, &frozen, &by, Some(self.epoch), stopped.then(|| at(1)))
            }
            Happening::Settle { post: index, behind, attempts_back, outcome, looked_up } => {
                let post = post(index)?;
                let attempt = post.attempt.wrapping_sub(attempts_back);
                let settling = Settle {
                    post: post.id,
                    attempt,
                    epoch: epoch(behind),
                    outcome,
                    counts: true,
                    looked_up,
                    at: at(31),
                };
                settle(post, &settling, Some(self.epoch))
            }
            Happening::End { post: index, end: how } => end(post(index)?, how, "a reason", at(40)),
            Happening::Approve { post: index } => approve(post(index)?, at(40)),
            Happening::Retry { post: index } => {
                retry(post(index)?, at(900), &self.posts, self.latest, at(40))
            }
            Happening::Discard { post: index } => discard(post(index)?, at(40)),
            Happening::Resolve { post: index, sent } => resolve(post(index)?, sent.then(remote), at(40)),
        };
        Some(changed.map(|post| {
            let index = usize::try_from(post.id.0).unwrap();
            self.posts[index] = post;
            self.supersede();
        }))
    }
}

fn surely_untold(state: PostState) -> bool {
    use PostState::{Discarded, Expired, Failed, Superseded};
    matches!(state, Failed | Expired | Discarded | Superseded)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_promises_of_a_posts_life_hold(
        story in prop::collection::vec(happenings(), 1..60)
    ) {
        let mut line = Line::new();
        for what in &story {
            let before = line.clone();
            let result = line.happens(what);
            if let Some(Err(_)) = result {
                prop_assert_eq!(&line.posts, &before.posts, "a refusal changes nothing");
            }
            for (old, new) in before.posts.iter().zip(&line.posts) {
                check_step(what, old, new, line.epoch)?;
            }
            check_line(&line)?;
        }
    }
}

/// What must hold between a post and the same post one happening later.
fn check_step(what: &Happening, old: &Post, new: &Post, current: Epoch) -> Result<(), TestCaseError> {
    if old.state == PostState::Sent {
        prop_assert_eq!(old, new, "nothing leaves sent");
    }
    let armed_now = new.attempt != old.attempt;
    if armed_now {
        prop_assert_eq!(new.attempt, old.attempt + 1);
        let allowed = matches!(what, Happening::Arm { behind: 0, stopped: false, .. });
        prop_assert!(allowed, "armed by {what:?}");
        prop_assert_eq!(old.state, PostState::Pending);
        prop_assert_eq!(new.arm.map(|arm| arm.epoch), Some(current), "only the epoch in force arms");
    } else {
        prop_assert!(new.state != PostState::Armed || old.state == PostState::Armed);
        prop_assert_eq!(old.arm, new.arm);
    }
    if old.state == PostState::Armed && new.state != PostState::Armed {
        let named_it = matches!(what, Happening::Settle { attempts_back: 0, .. });
        prop_assert!(named_it, "only a settle that names the attempt ends it");
    }
    if let Happening::Settle { looked_up, .. } = what
        && old != new
        && new.state != PostState::Superseded
    {
        prop_assert!(old.state == PostState::Armed || (*looked_up && old.in_doubt), "{what:?}: {old:?}");
    }
    if old.frozen.is_some() {
        prop_assert_eq!(&old.frozen, &new.frozen, "frozen bytes stay");
    }
    if old.in_doubt && !new.in_doubt {
        let word = matches!(what, Happening::Retry { .. } | Happening::Resolve { .. });
        let look = matches!(what, Happening::Settle { looked_up: true, .. });
        prop_assert!(word || look || new.state == PostState::Sent, "only knowledge ends a doubt");
    }
    Ok(())
}

/// What must hold of all posts at any time.
fn check_line(line: &Line) -> Result<(), TestCaseError> {
    for post in &line.posts {
        prop_assert!(!(post.in_doubt && surely_untold(post.state)), "a doubt is not an answer: {post:?}");
        prop_assert_eq!(post.remote.is_some(), post.state == PostState::Sent);
        let waits = matches!(post.state, PostState::Pending | PostState::AwaitingApproval);
        if waits && !post.in_doubt {
            prop_assert_eq!(post.revision, line.latest, "what is overtaken does not wait");
            let follows = earlier(post, &line.posts);
            let told = follows.is_some_and(|earlier| !surely_untold(earlier.state));
            prop_assert!(post.revision == 1 || told, "a revision follows what was or may have been told");
        }
    }
    Ok(())
}

#[test]
fn the_earlier_post_is_the_newest_that_may_have_been_told() {
    let mut line = Line::new();
    let arm_now = |post| Happening::Arm { post, behind: 0, stopped: false, key: 1 };
    let settled =
        |post, outcome| Happening::Settle { post, behind: 0, attempts_back: 0, outcome, looked_up: false };
    for what in [arm_now(0), settled(0, sent()), Happening::NewRevision { approved: true }, arm_now(1)] {
        assert!(!matches!(line.happens(&what), Some(Err(_))), "{what:?}");
    }
    line.revise(true);
    let ahead = |line: &Line| earlier(&line.posts[2], &line.posts).map(|earlier| earlier.id);
    assert_eq!(ahead(&line), Some(PostId(1)));
    assert_eq!(line.happens(&settled(1, refused())), Some(Ok(())));
    assert_eq!(ahead(&line), Some(PostId(0)));
    assert_eq!(line.posts[2].state, PostState::Pending);
}

#[test]
fn a_refusal_says_what_stands_in_the_way() {
    let mut line = Line::new();
    let stopped = line.happens(&Happening::Arm { post: 0, behind: 0, stopped: true, key: 1 });
    let Some(Err(Refusal::Conflict { detail })) = stopped else { panic!("{stopped:?}") };
    assert_eq!(detail, format!("publishing is stopped since {}", at(1)));
    let resolved = line.happens(&Happening::Resolve { post: 0, sent: true });
    let Some(Err(Refusal::Conflict { detail })) = resolved else { panic!("{resolved:?}") };
    assert_eq!(detail, "post 0 is pending and cannot be resolved");
}
