//! Plain values for the suites, and the few steps most cases begin with.

use jiff::{SignedDuration, Timestamp};

use crate::ports::ledger::{Drafts, Ledger, NewPost, PollRecord, PostRecord, Settle};
use crate::wire::detect::SportState;
use crate::wire::facts::{Course, Facts};
use crate::wire::game::{Game, GameId, Phase, Score, Side, Team};
use crate::wire::moment::MomentKind;
use crate::wire::pace::Money;
use crate::wire::post::{
    Arm, ChannelName, Epoch, Frozen, Operation, Outcome, Post, PostId, PostState, Remote,
};
use crate::wire::significance::{Part, Significance};
use crate::wire::sport::{Discipline, SportKey};
use crate::wire::story::{Story, StoryId, Untold, Verdict};

/// That many seconds into the evening the suites play on, and a little more, so that no digit gets lost unseen.
pub fn at(second: i64) -> Timestamp {
    let evening = Timestamp::constant(1_729_638_000, 123_456_789);
    evening + SignedDuration::from_secs(second)
}

/// The channel most cases post to.
pub fn channel() -> ChannelName {
    ChannelName("wire".to_owned())
}

/// The sport they play.
pub fn sport() -> SportKey {
    SportKey::new("nba")
}

/// A game of that number.
pub fn game(number: u32) -> GameId {
    GameId(format!("nba-20241022-g{number}"))
}

/// The id of the story of that number, all of one game.
pub fn story_id(number: u32) -> StoryId {
    StoryId::of(&game(1), MomentKind::LeadChange, 4, number)
}

/// The first revision of the story of that number, told.
pub fn story(number: u32) -> Story {
    revision(number, 1)
}

/// A revision of the story of that number, told.
pub fn revision(number: u32, revision: u32) -> Story {
    let seen = i64::from(number);
    Story {
        id: story_id(number),
        revision,
        sport: sport(),
        game: game(1),
        kind: if revision == 1 { MomentKind::LeadChange } else { MomentKind::Correction },
        after: at(seen - 10),
        seen_at: at(seen),
        confirmed_at: at(seen + 10),
        stale_at: at(seen + 600),
        facts: facts(),
        significance: Significance {
            total: 0.1 + 0.2,
            parts: vec![Part { name: "swing".to_owned(), value: 1.0 / 3.0, contribution: 0.7 }],
        },
        verdict: Verdict::Told,
        turn: 2,
    }
}

/// The same story, not told.
pub fn untold(story: Story) -> Story {
    Story { verdict: Verdict::Untold { reason: Untold::BelowThreshold { threshold: 0.3 } }, ..story }
}

fn team(code: &str) -> Team {
    Team {
        id: code.to_lowercase(),
        name: format!("{code} Town"),
        short_name: code.to_owned(),
        place: "Town".to_owned(),
        code: code.to_owned(),
    }
}

fn facts() -> Facts {
    Facts {
        sport: sport(),
        league: "NBA".to_owned(),
        discipline: Discipline::Basketball,
        kind: MomentKind::LeadChange,
        home: team("HOM"),
        away: team("AWY"),
        home_rank: None,
        away_rank: None,
        neutral: false,
        phase: Phase::Live,
        score: Score { home: 101, away: 100 },
        before: Some(Score { home: 98, away: 100 }),
        shootout: None,
        period: 4,
        regulation_periods: 4,
        clock: None,
        scorer: None,
        play: None,
        lead_changes: 3,
        largest_deficit: Score { home: 12, away: 4 },
        retracted: None,
        milestone: None,
        contest: None,
        news: None,
        seen_from_start: true,
        note: None,
        course: Course::default(),
    }
}

/// A game as a feed reports it.
pub fn sight() -> Game {
    let side = |code| Side {
        team: team(code),
        score: Some(7),
        shootout: None,
        periods: vec![7],
        rank: None,
        winner: None,
    };
    Game {
        feed_id: crate::wire::game::FeedGameId("401".to_owned()),
        starts_at: Some(at(-600)),
        home: side("HOM"),
        away: side("AWY"),
        phase: Phase::Live,
        period: 1,
        clock: None,
        neutral: false,
        bases: None,
        home_win_probability: Some(0.612_345_678_9),
        expected_home_margin: None,
        contest: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        note: None,
    }
}

/// A poll at that second, by that epoch, of which these stories came.
pub fn poll(epoch: Epoch, second: i64, stories: Vec<Story>) -> PollRecord {
    PollRecord {
        sport: sport(),
        feed: "espn".to_owned(),
        seen_at: at(second),
        epoch,
        state: SportState { cursor: u64::try_from(second).ok(), ..SportState::default() },
        observed: vec![(game(1), sight())],
        stories,
    }
}

/// A post to be recorded, for that channel.
pub fn new_post(channel: &ChannelName, state: PostState) -> NewPost {
    NewPost {
        channel: channel.clone(),
        operation: Operation::Create,
        state,
        text: "HOM lead AWY 101-100 in the fourth.".to_owned(),
        title: Some("HOM lead".to_owned()),
        author: "template:lead_change/1".to_owned(),
        not_before: None,
        send_before: at(600),
    }
}

/// Drafts of a story's revision, with a pending post for [`channel`].
pub fn drafts(number: u32, revision: u32) -> Drafts {
    Drafts {
        story: story_id(number),
        revision,
        posts: vec![new_post(&channel(), PostState::Pending)],
        notes: Vec::new(),
        refused: Vec::new(),
        at: at(20),
    }
}

/// The bytes of an attempt.
pub fn frozen() -> Frozen {
    Frozen { body: r#"{"text":"HOM lead AWY"}"#.to_owned(), key: "key-1".to_owned() }
}

/// An arm by that epoch at that second.
pub fn arm(epoch: Epoch, second: i64) -> Arm {
    Arm { epoch, at: at(second), send_before: at(second + 5), settle_by: at(second + 35), price: Money(0) }
}

/// What a channel calls a post.
pub fn remote() -> Remote {
    Remote { id: "r-1".to_owned(), url: Some("https://wire.example/r-1".to_owned()) }
}

/// The outcome of a post that arrived.
pub fn sent() -> Outcome {
    Outcome::Sent { remote: remote() }
}

/// The outcome of a post that did not leave.
pub fn not_sent() -> Outcome {
    Outcome::NotSent { reason: "connection refused".to_owned(), retry_at: at(90) }
}

/// The outcome of a post the channel will never take.
pub fn refused() -> Outcome {
    Outcome::Refused { reason: "too long".to_owned() }
}

/// The outcome of an attempt that may be repeated under its key.
pub fn again() -> Outcome {
    Outcome::Again { reason: "timed out".to_owned(), retry_at: at(91) }
}

/// The outcome nobody knows.
pub fn unknown() -> Outcome {
    Outcome::Unknown { reason: "reset".to_owned() }
}

/// The steps of a case, each of which must succeed.
pub struct Steps<'a, L: Ledger> {
    /// The ledger under test.
    pub ledger: &'a L,
    /// The epoch the steps are taken in.
    pub epoch: Epoch,
}

impl<'a, L: Ledger> Steps<'a, L> {
    /// Begins with an epoch of its own.
    pub async fn begin(ledger: &'a L) -> Self {
        let epoch = ledger.mint_epoch("a", at(0)).await.expect("mint");
        Self { ledger, epoch }
    }

    /// Begins with one told story and its one post, which is pending.
    pub async fn begin_with_a_post(ledger: &'a L) -> (Self, PostId) {
        let steps = Self::begin(ledger).await;
        let post = steps.told(1, 1).await.expect("a post").id;
        (steps, post)
    }

    /// Another instance takes over.
    pub async fn next_epoch(&mut self) -> Epoch {
        self.epoch = self.ledger.mint_epoch("b", at(1)).await.expect("mint");
        self.epoch
    }

    /// Records a poll with that revision of a story.
    pub async fn recorded(&self, number: u32, of: u32) {
        let poll = poll(self.epoch, 15, vec![revision(number, of)]);
        self.ledger.record_poll(&poll).await.expect("record the poll");
    }

    /// Records that revision of a story and its drafts; the post, where one came of them.
    pub async fn told(&self, number: u32, of: u32) -> Option<Post> {
        self.recorded(number, of).await;
        self.ledger.record_drafts(&drafts(number, of)).await.expect("record the drafts");
        let posts = self.ledger.open_posts(&channel()).await.expect("open posts");
        posts
            .iter()
            .find(|post| post.story == story_id(number) && post.revision == of)
            .map(|post| Post::clone(post))
    }

    /// Arms a post.
    pub async fn armed(&self, post: PostId) -> Post {
        self.ledger.arm(post, &frozen(), &arm(self.epoch, 30)).await.expect("arm")
    }

    /// What it takes to settle a post's attempt.
    pub fn settle(&self, post: PostId, attempt: u32, outcome: Outcome) -> Settle {
        Settle { post, attempt, epoch: self.epoch, outcome, counts: true, looked_up: false, at: at(31) }
    }

    /// Settles the attempt a post is armed with.
    pub async fn settled(&self, post: PostId, outcome: Outcome) -> Post {
        let attempt = self.post(post).await.attempt;
        self.ledger.settle(&self.settle(post, attempt, outcome)).await.expect("settle")
    }

    /// Arms a post and settles its attempt.
    pub async fn attempted(&self, post: PostId, outcome: Outcome) -> Post {
        self.armed(post).await;
        self.settled(post, outcome).await
    }

    /// A post as it stands.
    pub async fn post(&self, post: PostId) -> Post {
        self.record(post).await.post
    }

    /// A post with its attempts.
    pub async fn record(&self, post: PostId) -> PostRecord {
        self.ledger.post(post).await.expect("read the post").expect("the post is there")
    }

    /// The state of a post.
    pub async fn state(&self, post: PostId) -> PostState {
        self.post(post).await.state
    }
}
