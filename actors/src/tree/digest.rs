//! Finds the finals that channels missed, and has one digest recorded for each channel whose operator wants that.

use jiff::Timestamp;

use super::world::{Policy, World};
use crate::ports::channel::Channel;
use crate::ports::ledger::{Ledger, LedgerError, PostFilter, StoryFilter};
use crate::wire::digest::{self, Missed};
use crate::wire::moment::MomentKind;
use crate::wire::post::{ChannelName, PostState};
use crate::wire::rules::ChannelRules;
use crate::wire::story::{Story, StoryId, Untold, Verdict};

/// How far back lists are read.
const LATEST: usize = 300;

/// Records the digests that are due; whether there were any.
pub(super) async fn record_due(world: &World, policy: &Policy) -> Result<bool, LedgerError> {
    let mut any = false;
    for (name, channel) in &world.channels {
        let rules = policy.channel(name);
        if rules.digest && record_one(world, name, channel.as_ref(), &rules).await? {
            any = true;
        }
    }
    Ok(any)
}

async fn record_one(
    world: &World,
    name: &ChannelName,
    channel: &dyn Channel,
    rules: &ChannelRules,
) -> Result<bool, LedgerError> {
    let (ledger, now) = (world.ledger.as_ref(), world.clock.now());
    let halted = ledger.halted(name).await?.is_some_and(|halted| halted.retry_at > now);
    if halted || ledger.switches().await?.publishing_stopped.is_some() {
        return Ok(false);
    }
    let missed = missed(ledger, name, rules, now).await?;
    if !digest::is_due(&missed, now) {
        return Ok(false);
    }
    let Some(digest) = digest::write(name, &missed, channel.capabilities().limits, now) else {
        return Ok(false);
    };
    if rules.pace.quiet_at(digest.story.significance.total, now).is_some() {
        return Ok(false);
    }
    let (missed, told) = (missed.len(), digest.tells.len());
    ledger.record_digest(&digest, now).await?;
    tracing::info!(actor = "generator", channel = %name, missed, told, "digest of missed finals recorded");
    Ok(true)
}

/// The finals that the channel would tell and did not, since its last digest.
async fn missed(
    ledger: &dyn Ledger,
    name: &ChannelName,
    rules: &ChannelRules,
    now: Timestamp,
) -> Result<Vec<Missed>, LedgerError> {
    let horizon = now.checked_sub(digest::WORTH_TELLING).unwrap_or(Timestamp::MIN);
    let since = covered_until(ledger, name).await?.map_or(horizon, |covered| covered.max(horizon));
    let mut missed: Vec<Missed> = Vec::new();

    let untold = StoryFilter { told: Some(false), limit: LATEST, ..StoryFilter::default() };
    for record in ledger.stories(&untold).await? {
        let stale = matches!(record.story.verdict, Verdict::Untold { reason: Untold::Stale { .. } });
        let at = record.story.confirmed_at;
        if stale && at > since && record.story.kind == MomentKind::Final && rules.admit(&record.story) {
            missed.extend(current(ledger, &record.story.id).await?.map(|story| Missed { story, at }));
        }
    }

    let expired = PostFilter {
        state: Some(PostState::Expired),
        channel: Some(name.clone()),
        limit: LATEST,
        ..PostFilter::default()
    };
    for post in ledger.posts(&expired).await? {
        let known = missed.iter().any(|missed| missed.story.id == post.story);
        if post.changed_at <= since || known || digest::is_digest(&post.story) {
            continue;
        }
        if !is_told(ledger, name, &post.story).await? {
            let story = current(ledger, &post.story).await?;
            missed.extend(story.map(|story| Missed { story, at: post.changed_at }));
        }
    }
    Ok(missed)
}

/// When the last digest was written that left or may still leave.
async fn covered_until(ledger: &dyn Ledger, name: &ChannelName) -> Result<Option<Timestamp>, LedgerError> {
    let digests = StoryFilter { game: Some(digest::game(name)), limit: LATEST, ..StoryFilter::default() };
    for record in ledger.stories(&digests).await? {
        if is_told(ledger, name, &record.story.id).await? {
            return Ok(Some(record.story.confirmed_at));
        }
    }
    Ok(None)
}

/// Whether a post about the story left there, or may still.
async fn is_told(ledger: &dyn Ledger, name: &ChannelName, story: &StoryId) -> Result<bool, LedgerError> {
    use PostState::{Armed, AwaitingApproval, Pending, Sent, Unknown};
    let filter = PostFilter {
        channel: Some(name.clone()),
        story: Some(story.clone()),
        limit: LATEST,
        ..PostFilter::default()
    };
    let posts = ledger.posts(&filter).await?;
    Ok(posts.iter().any(|post| matches!(post.state, AwaitingApproval | Pending | Armed | Sent | Unknown)))
}

/// A final as it now stands: its newest revision.
async fn current(ledger: &dyn Ledger, id: &StoryId) -> Result<Option<Story>, LedgerError> {
    let mut revisions = ledger.story(id).await?;
    let is_final = revisions.first().is_some_and(|record| record.story.kind == MomentKind::Final);
    Ok(revisions.pop().filter(|_| is_final).map(|record| record.story))
}
