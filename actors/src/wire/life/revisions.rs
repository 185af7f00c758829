//! Which posts of a story may still leave once a newer revision of it is recorded, and which of them a post follows.
//!
//! From the moment a newer revision of a story is recorded, no post of an earlier one may begin to leave:
//! what waits is superseded. A newer revision is told on a channel only where an earlier one was told or may have been
//! (sent, armed, unknown, in doubt), and follows the newest such post. When that post turns out not to have been told,
//! its follower falls back on the one before, and is superseded where there is none. [`overtaken`] restores this after
//! every transition.

use jiff::Timestamp;

use super::moved;
use crate::wire::post::{ChannelName, Earlier, FollowUp, Post, PostState, follow_up};

/// The posts among a story's that must not leave any more, superseded. To be applied after every transition of one of
/// them and whenever a revision is recorded.
pub fn overtaken(posts: &[Post], latest: u32, now: Timestamp) -> Vec<Post> {
    let waits = |post: &&Post| {
        matches!(post.state, PostState::AwaitingApproval | PostState::Pending) && !post.in_doubt
    };
    let superseded = |post: &Post| {
        let reason = must_not_be_told(post.revision, &post.channel, posts, latest)?;
        Some(moved(post.clone(), PostState::Superseded, Some(reason), now))
    };
    posts.iter().filter(waits).filter_map(superseded).collect()
}

/// The post that a revision's post follows: the newest earlier one that was told or may have been, and where there is
/// none, the newest earlier one. `posts` are the posts of its story.
pub fn earlier(post: &Post, posts: &[Post]) -> Option<Earlier> {
    before(post.revision, &post.channel, posts)
        .max_by_key(|earlier| (may_be_told(earlier), earlier.revision))
        .map(|earlier| Earlier { id: earlier.id, state: earlier.state, remote: earlier.remote.clone() })
}

pub(super) fn must_not_be_told(
    revision: u32,
    channel: &ChannelName,
    posts: &[Post],
    latest: u32,
) -> Option<String> {
    if revision < latest {
        return Some(format!("revision {latest} of its story overtook it"));
    }
    let follows_nothing = revision > 1 && !before(revision, channel, posts).any(may_be_told);
    follows_nothing.then(|| "no earlier revision was told there, so nothing follows".to_owned())
}

fn before<'a>(
    revision: u32,
    channel: &'a ChannelName,
    posts: &'a [Post],
) -> impl Iterator<Item = &'a Post> + 'a {
    posts.iter().filter(move |post| post.channel == *channel && post.revision < revision)
}

fn may_be_told(post: &Post) -> bool {
    post.in_doubt || follow_up(Some(post.state)) == FollowUp::Follow
}
