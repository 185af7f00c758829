//! The life of a post as pure transitions: a post goes in, the post after it or a refusal comes out.
//!
//! Every ledger loads, applies one of these, and stores, in one transaction; so no two ledgers keep different rules.
//!
//! **Who may settle.** Only the epoch in force may arm. Its attempt may be settled by that same epoch even when it is
//! over, as long as nobody else has settled it: the instance that sent knows what left, and refusing the truth would
//! turn a sent post into an unknown one. It may then only say what it *knows* (sent, not sent, halted, refused); to say that it
//! does not know is for the epoch in force, which can still look. A later epoch settles what an earlier one left armed
//! only while it is itself in force. An attempt that is settled stays so, whoever comes after.
//!
//! **In doubt.** [`Outcome::Again`] puts a post back in doubt: an earlier attempt may be on the channel. Such a post never
//! ends as something that was surely not told: it is sent, or it becomes unknown. A refusal of a later attempt says
//! nothing of the earlier one, so it makes the post unknown. A look-up speaks of every attempt so far, whether the post is
//! armed or back in pending: what it finds ends the doubt either way. So does an operator's word.
//!
//! Which posts of a story a newer revision overtakes is in `revisions`, a file beside this.

use jiff::Timestamp;

use self::revisions::must_not_be_told;
pub use self::revisions::{earlier, overtaken};
use super::pace::Money;
use super::post::{
    Arm, ChannelName, End, Epoch, Frozen, Halted, Operation, Outcome, Post, PostId, PostState, Remote,
};
use super::story::{Story, Verdict};

mod revisions;

/// Why a transition did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The epoch that was named is not in force.
    Fenced {
        /// The epoch that was named.
        ours: Epoch,
        /// The epoch in force.
        current: Epoch,
    },
    /// What was asked for does not go with the state it met.
    Conflict {
        /// What stands in the way.
        detail: String,
    },
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Settle {
    /// The post.
    pub post: PostId,
    /// The attempt this is about.
    pub attempt: u32,
    /// The term that settles: the one that armed, or a later one that has reconciled.
    pub epoch: Epoch,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether it counts against the post: not where the attempt ended with its sender.
    pub counts: bool,
    /// Whether the channel was looked at for it: what is said then holds of every attempt so far.
    pub looked_up: bool,
    /// When.
    pub at: Timestamp,
}

/// A post to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPost {
    /// Where it goes.
    pub channel: ChannelName,
    /// What it does there.
    pub operation: Operation,
    /// `pending` or `awaiting_approval`.
    pub state: PostState,
    /// The checked text.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// Not to leave before.
    pub not_before: Option<Timestamp>,
    /// After this it is too old to leave.
    pub send_before: Timestamp,
}

/// What a story's drafts come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    /// The posts to record; the ledger numbers them.
    pub posts: Vec<Post>,
    /// Why a channel gets none, for `explain`.
    pub notes: Vec<String>,
}

/// Checks that `ours` is the epoch in force.
///
/// # Errors
/// [`Refusal::Fenced`] where another is, or none.
pub fn in_force(ours: Epoch, current: Option<Epoch>) -> Result<(), Refusal> {
    let current = current.unwrap_or(Epoch(0));
    if ours == current { Ok(()) } else { Err(Refusal::Fenced { ours, current }) }
}

/// Makes posts of a story's drafts. `posts` are the story's posts so far, `latest` its newest recorded revision.
///
/// # Errors
/// [`Refusal::Conflict`] where the story is not told, a channel is named twice, or a post would be born in a state other
/// than pending or awaiting approval.
pub fn draft(
    story: &Story,
    sequence: i64,
    new: &[NewPost],
    posts: &[Post],
    latest: u32,
    at: Timestamp,
) -> Result<Drafted, Refusal> {
    if story.verdict != Verdict::Told {
        return conflict(format!("story {} revision {} is not told", story.id, story.revision));
    }
    let mut drafted = Drafted { posts: Vec::new(), notes: Vec::new() };
    for (index, post) in new.iter().enumerate() {
        let channel = &post.channel;
        if new[..index].iter().any(|earlier| earlier.channel == *channel) {
            return conflict(format!("two posts of one story for channel {channel}"));
        }
        if !matches!(post.state, PostState::Pending | PostState::AwaitingApproval) {
            return conflict(format!("a post for channel {channel} cannot begin as {}", post.state));
        }
        match must_not_be_told(story.revision, channel, posts, latest) {
            Some(reason) => drafted.notes.push(format!("no post for {channel}: {reason}")),
            None => drafted.posts.push(born(story, sequence, post, at)),
        }
    }
    Ok(drafted)
}

fn born(story: &Story, sequence: i64, new: &NewPost, at: Timestamp) -> Post {
    Post {
        id: PostId(0),
        story: story.id.clone(),
        revision: story.revision,
        sequence,
        sport: story.sport.clone(),
        game: story.game.clone(),
        channel: new.channel.clone(),
        operation: new.operation,
        state: new.state,
        text: new.text.clone(),
        title: new.title.clone(),
        author: new.author.clone(),
        significance: story.significance.total,
        happened_at: story.seen_at,
        created_at: at,
        changed_at: at,
        send_before: new.send_before,
        attempt: 0,
        failures: 0,
        in_doubt: false,
        not_before: new.not_before,
        reason: None,
        frozen: None,
        arm: None,
        remote: None,
        earlier: None,
    }
}

/// Arms a pending post: counts the attempt and freezes the bytes, unless it has frozen ones already.
///
/// # Errors
/// [`Refusal::Fenced`] where the arm's epoch is not in force, [`Refusal::Conflict`] where the post is not pending or
/// publishing is `stopped`.
pub fn arm(
    mut post: Post,
    frozen: &Frozen,
    arm: &Arm,
    current: Option<Epoch>,
    stopped: Option<Timestamp>,
) -> Result<Post, Refusal> {
    in_force(arm.epoch, current)?;
    if let Some(since) = stopped {
        return conflict(format!("publishing is stopped since {since}"));
    }
    require(&post, "be armed", &[PostState::Pending])?;
    post.attempt += 1;
    post.frozen.get_or_insert_with(|| frozen.clone());
    post.arm = Some(*arm);
    post.not_before = None;
    Ok(moved(post, PostState::Armed, None, arm.at))
}

/// Commits what became of the attempt that is under way, or of the one in doubt that was looked up.
///
/// # Errors
/// [`Refusal::Conflict`] where the post is not armed with that attempt nor looked up in doubt of it, [`Refusal::Fenced`]
/// where the epoch may not say this of it.
pub fn settle(mut post: Post, settle: &Settle, current: Option<Epoch>) -> Result<Post, Refusal> {
    let in_doubt = settle.looked_up && post.in_doubt && post.state == PostState::Pending;
    let under_way = match post.arm {
        Some(arm) if post.attempt == settle.attempt && (in_doubt || post.state == PostState::Armed) => arm,
        _ => {
            let (id, state, attempt) = (post.id, post.state, post.attempt);
            return conflict(format!(
                "post {id} is {state} with attempt {attempt}, not armed with attempt {}",
                settle.attempt
            ));
        }
    };
    let knows_not = matches!(settle.outcome, Outcome::Again { .. } | Outcome::Unknown { .. });
    if settle.epoch != under_way.epoch || knows_not {
        in_force(settle.epoch, current)?;
    }
    let at_fault = !matches!(settle.outcome, Outcome::Sent { .. } | Outcome::Halted { .. });
    post.failures += u32::from(settle.counts && at_fault);
    let absent = matches!(settle.outcome, Outcome::NotSent { .. } | Outcome::Refused { .. });
    post.in_doubt &= !(settle.looked_up && absent);
    Ok(match settle.outcome.clone() {
        Outcome::Sent { remote } => told(post, remote, settle.at),
        Outcome::NotSent { reason, retry_at } => {
            post.not_before = Some(retry_at);
            moved(post, PostState::Pending, Some(reason), settle.at)
        }
        Outcome::Again { reason, retry_at } => {
            post.not_before = Some(retry_at);
            post.in_doubt = true;
            moved(post, PostState::Pending, Some(reason), settle.at)
        }
        Outcome::Halted { reason, .. } => moved(post, PostState::Pending, Some(reason), settle.at),
        Outcome::Refused { reason } => {
            let state = if post.in_doubt { PostState::Unknown } else { PostState::Failed };
            moved(post, state, Some(reason), settle.at)
        }
        Outcome::Unknown { reason } => moved(post, PostState::Unknown, Some(reason), settle.at),
    })
}

/// What a channel's halt is after an attempt was settled: a new one, none any more, or what it was. `armed_at` is when
/// the attempt was armed: one that began before the halt does not end it.
pub fn halted(before: Option<Halted>, settle: &Settle, armed_at: Timestamp) -> Option<Halted> {
    match &settle.outcome {
        Outcome::Halted { halt, reason, retry_at } => {
            let since = before.filter(|before| before.halt == *halt).map_or(settle.at, |before| before.since);
            Some(Halted { halt: *halt, reason: reason.clone(), since, retry_at: *retry_at })
        }
        Outcome::Sent { .. } => before.filter(|before| armed_at < before.since),
        _ => before,
    }
}

/// Has a channel that waits for an operator tried again now; a platform's rate limit is not an operator's to lift.
pub fn try_again(halted: &mut Halted, now: Timestamp) {
    if halted.halt.needs_operator() {
        halted.retry_at = halted.retry_at.min(now);
    }
}

/// Ends a post that is pending or awaiting approval.
///
/// # Errors
/// [`Refusal::Conflict`] where it is neither, or where it is in doubt and would end as anything but unknown, or the other
/// way round.
pub fn end(post: Post, end: End, reason: &str, now: Timestamp) -> Result<Post, Refusal> {
    require(&post, "be ended", &[PostState::Pending, PostState::AwaitingApproval])?;
    let state = match end {
        End::Expired => PostState::Expired,
        End::Superseded => PostState::Superseded,
        End::Failed => PostState::Failed,
        End::Unknown => PostState::Unknown,
    };
    match (post.in_doubt, end) {
        (true, End::Unknown) | (false, End::Expired | End::Superseded | End::Failed) => {
            Ok(moved(post, state, Some(reason.to_owned()), now))
        }
        (true, _) => conflict(format!("post {} may be on its channel: it cannot end as {state}", post.id)),
        (false, End::Unknown) => conflict(format!("post {} is not in doubt: it is surely not told", post.id)),
    }
}

/// Lets a post go that awaits approval.
///
/// # Errors
/// [`Refusal::Conflict`] where it does not await approval, or is too old to leave.
pub fn approve(post: Post, now: Timestamp) -> Result<Post, Refusal> {
    require(&post, "be approved", &[PostState::AwaitingApproval])?;
    if now >= post.send_before {
        return conflict(format!(
            "post {} was to leave before {}: it is too late",
            post.id, post.send_before
        ));
    }
    Ok(moved(post, PostState::Pending, None, now))
}

/// Gives a post that awaits approval another text. Its headline went with the old one, so it has none.
///
/// # Errors
/// [`Refusal::Conflict`] where it does not await approval.
pub fn edit(mut post: Post, text: &str, author: &str, now: Timestamp) -> Result<Post, Refusal> {
    require(&post, "be edited", &[PostState::AwaitingApproval])?;
    text.clone_into(&mut post.text);
    author.clone_into(&mut post.author);
    post.title = None;
    let reason = post.reason.take();
    Ok(moved(post, PostState::AwaitingApproval, reason, now))
}

/// Drops a post that awaits approval, with the editor's reason.
///
/// # Errors
/// [`Refusal::Conflict`] where it does not await approval.
pub fn reject(post: Post, reason: &str, now: Timestamp) -> Result<Post, Refusal> {
    require(&post, "be rejected", &[PostState::AwaitingApproval])?;
    Ok(moved(post, PostState::Discarded, Some(reason.to_owned()), now))
}

/// Puts a failed, expired, unknown or discarded post back to pending on an operator's word, which ends any doubt.
/// `posts` are the posts of its story, `latest` the story's newest recorded revision.
///
/// # Errors
/// [`Refusal::Conflict`] where it is in another state, or where a newer revision forbids telling it.
pub fn retry(
    mut post: Post,
    send_before: Timestamp,
    posts: &[Post],
    latest: u32,
    now: Timestamp,
) -> Result<Post, Refusal> {
    use PostState::{Discarded, Expired, Failed, Unknown};
    require(&post, "be retried", &[Failed, Expired, Unknown, Discarded])?;
    if let Some(reason) = must_not_be_told(post.revision, &post.channel, posts, latest) {
        return conflict(format!("post {} must not be told: {reason}", post.id));
    }
    post.send_before = send_before;
    // What never left still waits for the time before which it must not.
    post.not_before = post.not_before.filter(|_| post.attempt == 0);
    post.failures = 0;
    post.in_doubt = false;
    Ok(moved(post, PostState::Pending, None, now))
}

/// Drops a post that has surely not left.
///
/// # Errors
/// [`Refusal::Conflict`] where it has, or may have.
pub fn discard(post: Post, now: Timestamp) -> Result<Post, Refusal> {
    use PostState::{AwaitingApproval, Expired, Failed, Pending};
    require(&post, "be discarded", &[AwaitingApproval, Pending, Failed, Expired])?;
    if post.in_doubt {
        return conflict(format!("post {} may be on its channel: wait until it is sent or unknown", post.id));
    }
    Ok(moved(post, PostState::Discarded, Some("discarded by an operator".to_owned()), now))
}

/// Says what became of an unknown post: sent, as that; or not sent, and so pending again.
///
/// # Errors
/// [`Refusal::Conflict`] where it is not unknown.
pub fn resolve(mut post: Post, remote: Option<Remote>, now: Timestamp) -> Result<Post, Refusal> {
    require(&post, "be resolved", &[PostState::Unknown])?;
    if let Some(remote) = remote {
        return Ok(told(post, remote, now));
    }
    post.in_doubt = false;
    post.not_before = None;
    post.failures = 0;
    Ok(moved(post, PostState::Pending, None, now))
}

/// What a post counts as among its channel's departures: when it left or may have left, and what it costs.
pub fn departure(post: &Post) -> Option<(Timestamp, Money)> {
    use PostState::{Armed, Sent, Unknown};
    let left = post.in_doubt || matches!(post.state, Armed | Sent | Unknown);
    post.arm.filter(|_| left).map(|arm| (arm.at, arm.price))
}

fn told(mut post: Post, remote: Remote, at: Timestamp) -> Post {
    post.remote = Some(remote);
    post.in_doubt = false;
    post.not_before = None;
    moved(post, PostState::Sent, None, at)
}

fn moved(mut post: Post, state: PostState, reason: Option<String>, at: Timestamp) -> Post {
    post.state = state;
    post.reason = reason;
    post.changed_at = at;
    post
}

fn require(post: &Post, what: &str, states: &[PostState]) -> Result<(), Refusal> {
    if states.contains(&post.state) {
        return Ok(());
    }
    conflict(format!("post {} is {} and cannot {what}", post.id, post.state))
}

fn conflict<T>(detail: String) -> Result<T, Refusal> {
    Err(Refusal::Conflict { detail })
}

#[cfg(test)]
mod tests;
