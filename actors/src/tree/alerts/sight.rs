//! The wire as it is now: from the ledger, from the supervisors' own table, and from what its actors say of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::ports::ledger::{LedgerError, PostFilter};
use crate::ports::writer::Standing;
use crate::supervision::ChildStatus;
use crate::tree::task::caught;
use crate::tree::world::{Operator, Shared};
use crate::wire::alert::{Due, Sight};
use crate::wire::post::{ChannelName, Post, PostState};

/// Posts of one state that are looked at.
const LOOKED_AT: usize = 200;
/// How long a post that came to nothing says something of its channel.
const OF_LATE: Duration = Duration::from_secs(1800);
/// Stories that are looked at.
const STORIES: usize = 50;

pub(super) async fn of(shared: &Shared, operator: &Operator) -> Result<Sight, LedgerError> {
    let world = &shared.world;
    let mut halted = Vec::new();
    for channel in world.channels.keys() {
        halted.extend(world.ledger.halted(channel).await?.map(|halted| (channel.clone(), halted)));
    }
    let writers = world.writers.iter().filter_map(|writer| match caught(|| writer.standing()) {
        Ok(Standing::LeftAlone { reason, .. }) => Some((writer.name().to_owned(), reason)),
        _ => None,
    });
    let writers = writers.collect();
    let mut unknown: Vec<Post> = posts(shared, PostState::Unknown).await?;
    unknown.reverse();
    let due = due(shared, &halted).await?;
    let room = match &operator.disk {
        Some(disk) => disk.room().await,
        None => None,
    };
    let mut restarts = Vec::new();
    for child in shared.root.get().map(crate::supervision::SupervisorHandle::status).unwrap_or_default() {
        restarted(&child, "", &mut restarts);
    }
    Ok(Sight {
        halted,
        breakers: shared.breakers.borrow().clone(),
        writers,
        unknown: unknown.into_iter().map(|post| (post.id, post.channel)).collect(),
        restarts,
        sports: shared.watched.borrow().clone(),
        room,
        due,
    })
}

async fn posts(shared: &Shared, state: PostState) -> Result<Vec<Post>, LedgerError> {
    let filter = PostFilter { state: Some(state), limit: LOOKED_AT, ..PostFilter::default() };
    shared.world.ledger.posts(&filter).await
}

/// What is due and held by nothing: no operator, no halt, no limit, no delay, no approval.
async fn due(
    shared: &Shared,
    halted: &[(ChannelName, crate::wire::post::Halted)],
) -> Result<Vec<Due>, LedgerError> {
    let world = &shared.world;
    let switches = world.ledger.switches().await?;
    let now = world.clock.now();
    let paused = |path: &str| switches.paused.iter().any(|paused| paused == path);
    let mut due: BTreeMap<String, Due> = BTreeMap::new();
    let mut add = |whose: String, since| {
        let entry = due.entry(whose.clone()).or_insert(Due { whose, count: 0, since });
        entry.count += 1;
        entry.since = entry.since.min(since);
    };
    if !paused("generator") {
        for story in world.ledger.unwritten_stories(STORIES).await? {
            add("generator".to_owned(), story.confirmed_at);
        }
    }
    if switches.publishing_stopped.is_some() || paused("publisher") {
        return Ok(due.into_values().collect());
    }
    let waits = shared.waiting.borrow().clone();
    for post in posts(shared, PostState::Pending).await? {
        let channel = &post.channel;
        let waits = waits.get(channel).is_some_and(|waits| waits.iter().any(|wait| wait.post == post.id));
        let held = waits
            || !world.channels.contains_key(channel)
            || halted.iter().any(|(name, _)| name == channel)
            || paused(&format!("publisher/{channel}"))
            // A wait between attempts that fail is no reason: it is what a silent channel is like.
            || (post.failures == 0 && post.not_before.is_some_and(|at| at > now));
        if !held {
            let since = if post.failures == 0 { post.changed_at } else { post.created_at };
            add(channel.to_string(), since);
        }
    }
    for post in lost(shared).await? {
        add(post.channel.to_string(), post.created_at);
    }
    Ok(due.into_values().collect())
}

/// Posts that were tried of late and came to nothing, on channels on which nothing arrived since.
async fn lost(shared: &Shared) -> Result<Vec<Post>, LedgerError> {
    let world = &shared.world;
    let now = world.clock.now();
    let late =
        |post: &Post| Duration::try_from(now.duration_since(post.changed_at)).is_ok_and(|ago| ago < OF_LATE);
    let mut lost = posts(shared, PostState::Expired).await?;
    lost.extend(posts(shared, PostState::Failed).await?.into_iter().filter(|post| post.failures > 1));
    lost.retain(|post| post.attempt > 0 && late(post) && world.channels.contains_key(&post.channel));
    let mut arrived = BTreeMap::new();
    for channel in lost.iter().map(|post| post.channel.clone()).collect::<BTreeSet<_>>() {
        let sent = PostFilter {
            state: Some(PostState::Sent),
            channel: Some(channel.clone()),
            limit: 1,
            ..PostFilter::default()
        };
        arrived.extend(world.ledger.posts(&sent).await?.first().map(|post| (channel, post.changed_at)));
    }
    lost.retain(|post| arrived.get(&post.channel).is_none_or(|at| *at < post.changed_at));
    Ok(lost)
}

fn restarted(child: &ChildStatus, above: &str, restarts: &mut Vec<(String, usize)>) {
    let path = format!("{above}{}", child.name);
    if child.restarts_in_window > 0 {
        restarts.push((path.clone(), child.restarts_in_window));
    }
    for child in &child.children {
        restarted(child, &format!("{path}/"), restarts);
    }
}
