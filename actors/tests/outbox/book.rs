//! A ledger of posts, as small as the rule of publishing needs it. It panics on what a ledger would refuse.

use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::post::{
    Arm, ChannelName, Earlier, End, Epoch, Frozen, Operation, Outcome, Post, PostId, PostState,
};
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::StoryId;

/// When the posts were written.
pub(crate) const WRITTEN_AT: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// That many seconds after the posts were written.
pub(crate) fn second(seconds: u64) -> Timestamp {
    WRITTEN_AT.checked_add(Duration::from_secs(seconds)).unwrap()
}

/// A pending post about a story of its own; its number is its story's place among all stories.
pub(crate) fn post(number: i64, game: &str) -> Post {
    Post {
        id: PostId(number),
        story: StoryId(format!("{game}/score/1/{number}")),
        revision: 1,
        sequence: number,
        sport: SportKey::new("nba"),
        game: GameId(game.to_owned()),
        channel: ChannelName("test".to_owned()),
        operation: Operation::Create,
        state: PostState::Pending,
        text: format!("text of post {number}"),
        title: Some(format!("title of post {number}")),
        author: "test".to_owned(),
        significance: 0.5,
        happened_at: WRITTEN_AT,
        created_at: WRITTEN_AT,
        changed_at: WRITTEN_AT,
        send_before: second(3600),
        attempt: 0,
        failures: 0,
        in_doubt: false,
        not_before: None,
        reason: None,
        frozen: None,
        arm: None,
        remote: None,
        earlier: None,
    }
}

/// A pending post about the next revision of what `earlier` tells.
pub(crate) fn revision(number: i64, earlier: &Post) -> Post {
    Post {
        story: earlier.story.clone(),
        revision: earlier.revision + 1,
        operation: Operation::Edit,
        earlier: Some(Earlier { id: earlier.id, state: earlier.state, remote: earlier.remote.clone() }),
        ..post(number, &earlier.game.0)
    }
}

/// How an outcome was learned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By {
    pub(crate) counts: bool,
    pub(crate) looked_up: bool,
}

/// Posts and what happened to them.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    posts: Vec<Post>,
    corrections: Vec<Post>,
}

impl Book {
    /// Corrections are recorded as soon as what they correct is armed: later than that they would find it told, and
    /// earlier it would not leave.
    pub(crate) fn new(posts: Vec<Post>) -> Self {
        let (corrections, posts) = posts.into_iter().partition(|post| post.revision > 1);
        Self { posts, corrections }
    }

    /// Every post, in the order of the stories.
    pub(crate) fn posts(&self) -> Vec<Post> {
        let mut posts = self.posts.clone();
        for post in &mut posts {
            if let Some(earlier) = &mut post.earlier
                && let Some(of) = self.posts.iter().find(|of| of.id == earlier.id)
            {
                earlier.state = of.state;
                earlier.remote = of.remote.clone();
            }
        }
        posts
    }

    pub(crate) fn open_posts(&self) -> Vec<Post> {
        let open = |post: &Post| !post.state.is_settled() || post.state == PostState::Unknown;
        self.posts().into_iter().filter(open).collect()
    }

    pub(crate) fn post(&self, id: PostId) -> Post {
        self.posts().into_iter().find(|post| post.id == id).unwrap()
    }

    pub(crate) fn arm(&mut self, id: PostId, frozen: Frozen, arm: Arm) -> Post {
        let post = self.find(id);
        assert_eq!(post.state, PostState::Pending, "only a pending post is armed: {post:?}");
        post.state = PostState::Armed;
        post.frozen.get_or_insert(frozen);
        post.arm = Some(arm);
        post.attempt += 1;
        post.not_before = None;
        let due = self.corrections.extract_if(.., |post| post.earlier.as_ref().is_some_and(|of| of.id == id));
        self.posts.extend(due);
        self.post(id)
    }

    pub(crate) fn settle(&mut self, id: PostId, attempt: u32, epoch: Epoch, outcome: Outcome, by: By) {
        let post = self.find(id);
        post.failures += u32::from(by.counts);
        let in_doubt = by.looked_up && post.in_doubt && post.state == PostState::Pending;
        assert!((in_doubt || post.state == PostState::Armed) && post.attempt == attempt, "{post:?}");
        assert!(post.arm.unwrap().epoch <= epoch);
        let absent = matches!(outcome, Outcome::NotSent { .. } | Outcome::Refused { .. });
        post.in_doubt &= !(by.looked_up && absent);
        match outcome {
            Outcome::Sent { remote } => {
                post.state = PostState::Sent;
                post.remote = Some(remote);
            }
            Outcome::NotSent { reason, retry_at } => {
                post.state = PostState::Pending;
                post.not_before = Some(retry_at);
                post.reason = Some(reason);
            }
            Outcome::Halted { reason, .. } => {
                post.state = PostState::Pending;
                post.reason = Some(reason);
            }
            Outcome::Again { reason, retry_at } => {
                post.state = PostState::Pending;
                post.in_doubt = true;
                post.not_before = Some(retry_at);
                post.reason = Some(reason);
            }
            Outcome::Refused { reason } => {
                post.state = PostState::Failed;
                post.reason = Some(reason);
            }
            Outcome::Unknown { reason } => {
                post.state = PostState::Unknown;
                post.reason = Some(reason);
            }
        }
    }

    pub(crate) fn end(&mut self, id: PostId, end: End, reason: &str) {
        let post = self.find(id);
        assert!(matches!(post.state, PostState::Pending | PostState::AwaitingApproval), "{post:?}");
        post.state = match end {
            End::Expired => PostState::Expired,
            End::Superseded => PostState::Superseded,
            End::Failed => PostState::Failed,
            End::Unknown => PostState::Unknown,
        };
        post.reason = Some(reason.to_owned());
    }

    fn find(&mut self, id: PostId) -> &mut Post {
        self.posts.iter_mut().find(|post| post.id == id).unwrap()
    }
}
