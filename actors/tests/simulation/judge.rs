//! The reckoning: what readers saw, against what really happened and what the ledger says.

use std::collections::BTreeMap;

use wirereport_actors::memory::MemoryChannel;
use wirereport_actors::ports::channel::{Channel, Idempotency};
use wirereport_actors::ports::ledger::{Ledger, PostFilter, StoryFilter, StoryRecord};
use wirereport_actors::wire::detect::FALL_LASTS;
use wirereport_actors::wire::game::{FeedGameId, GameId};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::{ChannelName, Post, PostState};
use wirereport_actors::wire::story::{Story, Verdict};

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
    pub(crate) states: BTreeMap<PostState, usize>,
    pub(crate) gave_up: Vec<String>,
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
    if !judge.faults.is_empty() {
        return Err(judge.faults);
    }
    let told = || judge.stories.iter().filter(|record| record.story.verdict == Verdict::Told);
    let mut states = BTreeMap::new();
    for post in &judge.posts {
        *states.entry(post.state).or_default() += 1;
    }
    Ok(Reckoning {
        lives: night.lives,
        told: told().count(),
        corrections: told().filter(|record| record.story.revision > 1).count(),
        sent: states.get(&PostState::Sent).copied().unwrap_or(0),
        states,
        gave_up: night.gave_up.clone(),
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
            let (sequence, place) = (post.sequence, (name, post.game.clone()));
            let before = last.insert(place, sequence);
            self.check(before.is_none_or(|before| before < sequence), || {
                format!("{} stands behind a later story of its game", entry.key)
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

/// Where a channel can be asked or sent to again, only what was tried as often as may be is unknown; or what was refused
/// while an earlier attempt might have arrived.
fn may_be_unknown(post: &Post, channel: &MemoryChannel) -> bool {
    let capabilities = channel.capabilities();
    let blind = capabilities.idempotency == Idempotency::None && !capabilities.reads_back;
    let reason = post.reason.as_deref().unwrap_or_default();
    blind || post.attempt >= 8 || reason.contains("an earlier attempt may be on the channel")
}

/// Whether what was taken back was gone for as long as a fall must last, by three boards or more. One board in between may
/// show it all the same: that of a poll whose process died before it was committed.
fn has_fallen(story: &Story, boards: &[&Shown]) -> bool {
    let Some(retracted) = story.facts.retracted else { return false };
    let (since, until) = (story.seen_at, story.confirmed_at);
    let scores = boards.iter().filter(|shown| since <= shown.at && shown.at <= until);
    let (with, without): (Vec<_>, Vec<_>) =
        scores.filter_map(|shown| shown.score).partition(|score| *score == retracted);
    until.duration_since(since) >= FALL_LASTS && without.len() >= 3 && with.len() <= 1
}
