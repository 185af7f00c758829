//! The whole of publishing against a channel in memory, with a death before and after every step of it.

use std::time::Duration;

use wirereport_actors::memory::channel::{MemoryChannel, Reply};
use wirereport_actors::ports::channel::{Capabilities, Channel, Idempotency};
use wirereport_actors::wire::outbox::Retry;
use wirereport_actors::wire::post::{Post, PostState};

use super::book::{Book, post, revision, second};
use super::press::{Life, World};

/// What an attempt that is under way at a death does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// It died with its owner, and that is known.
    ProvenDead,
    /// Its owner is known to be dead, and had let it go in its last moment: it arrives as late as it can.
    Outlived,
    /// Its owner is only cut off, and sends at the last moment it may.
    CutOff,
}

const REPLIES: [&[Reply]; 4] = [
    &[],
    &[Reply::UnknownAfterAccepting, Reply::Accept, Reply::UnknownWithoutAccepting],
    &[Reply::NotNow(Duration::from_secs(3)), Reply::UnknownAfterAccepting, Reply::UnknownAfterAccepting],
    &[Reply::Accept, Reply::Refuse, Reply::UnknownWithoutAccepting, Reply::NotNow(Duration::ZERO)],
];

fn posts() -> Vec<Post> {
    let told = post(1, "a");
    let awaiting = Post { state: PostState::AwaitingApproval, ..post(3, "b") };
    let weighty = Post { significance: 0.9, ..post(4, "b") };
    vec![told.clone(), post(2, "a"), awaiting, weighty, revision(5, &told), post(6, "c"), post(7, "a")]
}

fn channel(idempotency: Idempotency, reads_back: bool, in_flight: usize) -> MemoryChannel {
    let lag = if reads_back { 10 } else { 0 };
    let defaults = MemoryChannel::default().capabilities();
    let read_back_lag = Duration::from_secs(lag);
    MemoryChannel::new(Capabilities { idempotency, reads_back, read_back_lag, in_flight, ..defaults })
}

/// Lives through one death after another until the work is done, and returns the posts as they ended.
async fn publish(channel: &MemoryChannel, replies: &[Reply], deaths: &[usize], owner: Owner) -> Vec<Post> {
    channel.script(replies.iter().cloned());
    let book = Book::new(posts());
    let retry = Retry::default();
    let mut world = World { book, channel, now: second(1), retry, ghosts: Vec::new() };
    for (epoch, actions) in (1..).zip(deaths.iter().copied().chain([usize::MAX])) {
        let dead = owner != Owner::CutOff;
        let mut life = Life::new(&mut world, epoch, dead, actions);
        let finished = life.run().await.is_ok();
        let unsent = life.unsent().to_vec();
        if finished {
            break;
        }
        let way_ends = world.now.checked_add(channel.capabilities().attempt_within).unwrap();
        let arrives = |post: &Post| match (owner, post.arm.unwrap()) {
            (Owner::ProvenDead, _) => None,
            (Owner::Outlived, arm) => Some(arm.settle_by.min(way_ends)),
            (Owner::CutOff, arm) => Some(arm.send_before),
        };
        let ghosts = unsent.into_iter().filter_map(|(post, frozen)| Some((arrives(&post)?, post, frozen)));
        world.ghosts.extend(ghosts);
        world.now = world.now.checked_add(Duration::from_secs(1)).unwrap();
    }
    assert_eq!(world.ghosts, [], "every late attempt has arrived");
    world.book.posts()
}

/// Every place for one death, and some for a second one.
fn deaths() -> impl Iterator<Item = Vec<usize>> {
    (0..60).flat_map(|first| {
        std::iter::once(vec![first]).chain((0..6).map(move |second| vec![first, second * 4]))
    })
}

fn times_told(channel: &MemoryChannel, post: &Post) -> usize {
    let Some(frozen) = &post.frozen else { return 0 };
    channel.journal().iter().filter(|entry| entry.key == frozen.key).count()
}

fn assert_told_in_order(channel: &MemoryChannel, posts: &[Post]) {
    let place = |entry_key: &str| {
        let post = posts.iter().find(|post| post.frozen.as_ref().is_some_and(|f| f.key == entry_key));
        post.map(|post| (post.game.clone(), post.sequence)).unwrap()
    };
    let mut last = std::collections::BTreeMap::new();
    for entry in channel.journal() {
        let (game, sequence) = place(&entry.key);
        let before = last.insert(game, sequence);
        assert!(before.is_none_or(|before| before < sequence), "{entry:?} after {before:?}");
    }
}

async fn for_every_crash(
    idempotency: Idempotency,
    reads_back: bool,
    check: impl Fn(&MemoryChannel, &Post, &[Post]),
) {
    for owner in [Owner::ProvenDead, Owner::CutOff] {
        for_every_crash_of(owner, idempotency, reads_back, &check).await;
    }
}

async fn for_every_crash_of(
    owner: Owner,
    idempotency: Idempotency,
    reads_back: bool,
    check: &impl Fn(&MemoryChannel, &Post, &[Post]),
) {
    for in_flight in [1, 3] {
        for replies in REPLIES {
            for deaths in deaths() {
                let channel = channel(idempotency, reads_back, in_flight);
                let posts = publish(&channel, replies, &deaths, owner).await;
                for post in &posts {
                    assert!(post.state.is_settled(), "left open after {deaths:?}: {post:?}");
                    check(&channel, post, &posts);
                }
                assert_told_in_order(&channel, &posts);
                assert_eq!(channel.altered(), [""; 0]);
            }
        }
    }
}

/// Sent means told once, and all else not at all. What was refused is unknown where an attempt was lost before: that it
/// never arrived is more than anybody can know.
fn assert_exactly_once(channel: &MemoryChannel, post: &Post, posts: &[Post]) {
    let (first, reason) = (posts[0].state, post.reason.as_deref().unwrap_or_default());
    let (holds, told) = match (post.state, post.id.0) {
        (PostState::Sent, _) => (true, 1),
        (PostState::Failed, _) => (true, 0),
        (PostState::Unknown, _) => (reason.starts_with("refused by the script; an earlier attempt"), 0),
        (PostState::Expired, 3) => (reason.starts_with("overtaken"), 0),
        (PostState::Expired, 5) => (first == PostState::Unknown, 0),
        (PostState::Superseded, 5) => (matches!(first, PostState::Failed | PostState::Superseded), 0),
        (PostState::Superseded, 1) => (reason == "revision 2 stands in its place", 0),
        _ => (false, 0),
    };
    assert!(holds, "{post:?}");
    assert_eq!(times_told(channel, post), told, "{post:?}");
}

#[tokio::test]
async fn an_idempotent_channel_tells_everything_exactly_once_wherever_we_die() {
    for_every_crash(Idempotency::Forever, false, assert_exactly_once).await;
}

#[tokio::test]
async fn a_channel_with_a_day_of_idempotency_tells_everything_exactly_once_wherever_we_die() {
    let day = Idempotency::For(Duration::from_secs(24 * 3600));
    for_every_crash(day, false, assert_exactly_once).await;
}

#[tokio::test]
async fn a_channel_that_can_only_be_read_back_tells_everything_exactly_once_wherever_we_die() {
    for_every_crash(Idempotency::None, true, assert_exactly_once).await;
}

#[tokio::test]
async fn what_left_in_its_owners_last_moment_is_looked_for_when_it_has_arrived() {
    for_every_crash_of(Owner::Outlived, Idempotency::None, true, &assert_exactly_once).await;
}

#[tokio::test]
async fn a_channel_that_can_do_neither_tells_nothing_twice_and_shows_what_it_cannot_know() {
    for_every_crash(Idempotency::None, false, |channel, post, _| {
        let told = times_told(channel, post);
        match post.state {
            PostState::Sent => assert_eq!(told, 1, "{post:?}"),
            PostState::Unknown => assert!(told <= 1, "{post:?}"),
            PostState::Failed | PostState::Expired | PostState::Superseded => {
                assert_eq!(told, 0, "{post:?}");
            }
            _ => panic!("left open: {post:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_lost_or_unknown_where_nothing_goes_wrong() {
    let channel = channel(Idempotency::None, false, 1);
    let posts = publish(&channel, &[], &[], Owner::ProvenDead).await;
    let mut states: Vec<_> = posts.iter().map(|post| (post.id.0, post.state)).collect();
    states.sort_unstable();
    let expected: Vec<_> =
        (1..=7).map(|id| (id, if id == 3 { PostState::Expired } else { PostState::Sent })).collect();
    assert_eq!(states, expected);
    assert_eq!(channel.journal().first().unwrap().key, "test/b/score/1/4/1", "the weightiest goes first");
}
