//! The reckoning: what readers saw, against what really happened and what the ledger says.

use std::collections::BTreeMap;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::channel::{Channel, Idempotency};
use wirereport_actors::ports::ledger::{Ledger, PostFilter, StoryFilter, StoryRecord};
use wirereport_actors::wire::detect::FALL_LASTS;
use wirereport_actors::wire::game::{FeedGameId, GameId};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::{ChannelName, Post, PostState};
use wirereport_actors::wire::story::{Story, StoryId, Verdict};

use super::feed::Shown;
use super::night::{Night, SPORTS};
use super::truth::Fixture;

/// What came of a night.
#[derive(Debug)]
pub(crate) struct Reckoning {
    pub(crate) lives: usize,
    pub(crate) told: usize,
    pub(crate) corrections: usize,
    pub(crate) sent: usize,
    /// Posts of which nobody can tell, on channels with neither a key nor a look-up.
    pub(crate) unknown: usize,
    /// Posts that ended as unknown on other channels, after all their attempts.
    pub(crate) given_up: usize,
    pub(crate) mid_send: usize,
}

struct Judge<'a> {
    night: &'a Night,
    stories: Vec<StoryRecord>,
    posts: Vec<Post>,
    games: BTreeMap<GameId, FeedGameId>,
    faults: Vec<String>,
}

/// Judges a night that is over.
pub(crate) fn judge(night: &Night) -> Result<Reckoning, Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut judge = runtime.block_on(Judge::of(night));
    judge.nothing_false();
    judge.nothing_twice();
    judge.nothing_lost();
    judge.in_order();
    judge.corrections_follow();
    judge.faults.extend(night.overruns.iter().cloned());
    if !judge.faults.is_empty() {
        return Err(judge.faults);
    }
    let told = || judge.stories.iter().filter(|record| record.story.verdict == Verdict::Told);
    let held = |post: &&Post| post.state == PostState::Unknown && is_blind(&night.channels[&post.channel]);
    let unknown = judge.posts.iter().filter(held).count();
    Ok(Reckoning {
        lives: night.lives,
        told: told().count(),
        corrections: told().filter(|record| record.story.revision > 1).count(),
        sent: judge.posts.iter().filter(|post| post.state == PostState::Sent).count(),
        unknown,
        given_up: judge.posts.iter().filter(|post| post.state == PostState::Unknown).count() - unknown,
        mid_send: night.mid_send,
    })
}

impl<'a> Judge<'a> {
    async fn of(night: &'a Night) -> Self {
        let ledger = night.ledger.as_ref();
        let all = usize::MAX;
        let mut stories =
            ledger.stories(&StoryFilter { limit: all, ..StoryFilter::default() }).await.unwrap();
        stories.reverse();
        let posts = ledger.posts(&PostFilter { limit: all, ..PostFilter::default() }).await.unwrap();
        let mut games = BTreeMap::new();
        for key in SPORTS {
            let state = ledger.load_sport(&wirereport_actors::wire::sport::SportKey::new(key)).await.unwrap();
            for (id, known) in state.unwrap_or_default().games {
                games.insert(id, known.last.feed_id);
            }
        }
        Self { night, stories, posts, games, faults: Vec::new() }
    }

    fn check(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    fn fixture(&self, game: &GameId) -> &'a Fixture {
        let id = &self.games[game];
        self.night.fixtures.iter().find(|fixture| fixture.feed_id == *id).unwrap()
    }

    /// Every score that was told really stood, every final was the last, and what was taken back had fallen.
    fn nothing_false(&mut self) {
        let told: Vec<Story> =
            self.stories.iter().map(|record| record.story.clone()).filter(is_told).collect();
        let shown = self.night.feed.shown();
        for story in told {
            let fixture = self.fixture(&story.game);
            let score = story.facts.score;
            self.check(fixture.has_stood_at(score, story.confirmed_at), || {
                format!("{} revision {} tells {score:?}, which never was", story.id, story.revision)
            });
            if story.kind == MomentKind::Final {
                self.check(score == fixture.final_score(), || {
                    format!("{} ended otherwise: {score:?}", story.id)
                });
            }
            if story.kind == MomentKind::Correction {
                let games = &self.games[&story.game];
                let boards: Vec<&Shown> = shown.iter().filter(|shown| shown.game == *games).collect();
                self.check(has_fallen(&story, &boards), || {
                    format!("{} revision {} takes back {:?}", story.id, story.revision, story.facts.retracted)
                });
            }
        }
        for (name, entry) in self.journal() {
            let told = self.posts.iter().find(|post| key(post) == entry.key);
            let says = told.is_some_and(|post| post.text == entry.body && post.channel == name);
            self.check(says, || format!("{name} has {:?} under {}", entry.body, entry.key));
        }
    }

    fn journal(&self) -> Vec<(ChannelName, wirereport_actors::memory::channel::Entry)> {
        let of = |(name, channel): (&ChannelName, &std::sync::Arc<MemoryChannel>)| {
            let name = name.clone();
            channel.journal().into_iter().map(move |entry| (name.clone(), entry)).collect::<Vec<_>>()
        };
        self.night.channels.iter().flat_map(of).collect()
    }

    fn nothing_twice(&mut self) {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for (_, entry) in self.journal() {
            *times.entry(entry.key).or_default() += 1;
        }
        for (key, times) in times {
            self.check(times == 1, || format!("{key} was told {times} times"));
        }
        for (name, channel) in &self.night.channels {
            let altered = channel.altered();
            self.check(altered.is_empty(), || format!("{name} was sent other bytes under {altered:?}"));
        }
    }

    /// Every told story is on every channel, or the ledger says why not and is right.
    fn nothing_lost(&mut self) {
        for fixture in self.night.fixtures.iter() {
            let is_its_final = |record: &&StoryRecord| {
                record.story.kind == MomentKind::Final && self.games[&record.story.game] == fixture.feed_id
            };
            let finals: Vec<&StoryRecord> = self.stories.iter().filter(is_its_final).collect();
            let told = finals.iter().filter(|record| is_told(&record.story)).count();
            let (found, id) = (finals.len(), &fixture.feed_id);
            self.check((found, told) == (1, 1), || {
                format!(
                    "{id} has {found} finals, {told} of them told; it ended at {} with {:?}",
                    fixture.ends_at(),
                    fixture.final_score()
                )
            });
        }
        for record in self.stories.clone().iter().filter(|record| is_told(&record.story)) {
            let (id, revision) = (&record.story.id, record.story.revision);
            self.check(record.written_at.is_some(), || format!("{id} revision {revision} is not written"));
            for name in self.night.channels.keys() {
                let post = self
                    .posts
                    .iter()
                    .find(|post| post.story == *id && post.revision == revision && post.channel == *name);
                match post.cloned() {
                    Some(post) => self.accounted_for(&post),
                    None => self.check(!record.notes.is_empty(), || {
                        format!("{id} revision {revision} has no post for {name}, and nothing says why")
                    }),
                }
            }
        }
    }

    fn accounted_for(&mut self, post: &Post) {
        let channel = &self.night.channels[&post.channel];
        let times = channel.journal().iter().filter(|entry| entry.key == key(post)).count();
        let earlier_unknown =
            post.earlier.as_ref().is_some_and(|earlier| earlier.state == PostState::Unknown);
        let fits = match post.state {
            PostState::Sent => times == 1,
            PostState::Unknown => times <= 1 && may_be_unknown(post, channel),
            PostState::Failed | PostState::Superseded => times == 0,
            PostState::Expired => times == 0 && post.changed_at >= post.send_before,
            PostState::Pending => times == 0 && earlier_unknown,
            PostState::AwaitingApproval | PostState::Armed | PostState::Discarded => false,
        };
        let says_why = matches!(post.state, PostState::Sent | PostState::Pending) || post.reason.is_some();
        self.check(fits && says_why, || {
            format!(
                "post {} ({} of {} on {}, attempt {}) is {}, told {times} times: {:?}",
                post.id, post.revision, post.story, post.channel, post.attempt, post.state, post.reason
            )
        });
    }

    /// The posts of a game stand on each channel in the order of their stories.
    fn in_order(&mut self) {
        let mut last: BTreeMap<(ChannelName, GameId), i64> = BTreeMap::new();
        for (name, entry) in self.journal() {
            let Some(post) = self.posts.iter().find(|post| key(post) == entry.key) else { continue };
            if post.state == PostState::Unknown {
                // It holds up nothing, and may have been under way all the while.
                continue;
            }
            let (sequence, place) = (post.sequence, (name, post.game.clone()));
            let before = last.insert(place, sequence);
            self.check(before.is_none_or(|before| before < sequence), || {
                format!("{} stands behind a later story of its game", entry.key)
            });
        }
    }

    /// What is corrected stands on the channel before its correction.
    fn corrections_follow(&mut self) {
        let mut stands: BTreeMap<(ChannelName, StoryId), u32> = BTreeMap::new();
        for (name, entry) in self.journal() {
            let Some(post) = self.posts.iter().find(|post| key(post) == entry.key) else { continue };
            let (revision, place) = (post.revision, (name, post.story.clone()));
            let before = stands.insert(place, revision);
            self.check(before.is_some_and(|before| before < revision) || revision == 1, || {
                format!("{} corrects what is not before it: {before:?}", entry.key)
            });
        }
    }
}

fn is_told(story: &Story) -> bool {
    story.verdict == Verdict::Told
}

fn key(post: &Post) -> String {
    format!("{}/{}/{}", post.channel, post.story, post.revision)
}

/// Where a channel can be asked or sent to again, only that is unknown which was tried as often as may be, was refused while
/// an earlier attempt might have arrived, could not be asked about for as long as that is waited for, or, where it cannot be
/// asked about, was kept from being sent again until its key had run out.
fn may_be_unknown(post: &Post, channel: &MemoryChannel) -> bool {
    let reason = post.reason.as_deref().unwrap_or_default();
    let capabilities = channel.capabilities();
    let runs_out = matches!(capabilities.idempotency, Idempotency::For(_)) && !capabilities.reads_back;
    is_blind(channel)
        || post.attempt >= 8
        || reason.contains("an earlier attempt may be on the channel")
        || (capabilities.reads_back && reason.contains("lets nothing through"))
        || (runs_out && reason.contains("its key is no longer honoured"))
}

fn is_blind(channel: &MemoryChannel) -> bool {
    let capabilities = channel.capabilities();
    capabilities.idempotency == Idempotency::None && !capabilities.reads_back
}

/// Whether what was taken back was gone for as long as a fall must last, by three boards or more. One board in between may
/// show it all the same: that of a poll whose process died before it was committed. A fall that no two boards showed alike
/// is told as the last of them stands, and was under way for as long before it.
fn has_fallen(story: &Story, boards: &[&Shown]) -> bool {
    let Some(retracted) = story.facts.retracted else { return false };
    let until = story.confirmed_at;
    let since = story.seen_at.min(until.checked_sub(FALL_LASTS).unwrap());
    let scores = boards.iter().filter(|shown| since <= shown.at && shown.at <= until);
    let (with, without): (Vec<_>, Vec<_>) =
        scores.filter_map(|shown| shown.score).partition(|score| *score == retracted);
    without.len() >= 3 && with.len() <= 1
}
