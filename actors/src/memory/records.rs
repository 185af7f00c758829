//! What the ledger in memory holds, and its transactions. A transaction checks everything before it changes anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::ports::ledger::{
    Attempt, Backlog, Drafts, LedgerError, PollRecord, PostFilter, PostRecord, Refusals, Settle, StoryFilter,
    StoryRecord, Switches,
};
use crate::wire::alert::AlertBook;
use crate::wire::detect::SportState;
use crate::wire::digest::Digest;
use crate::wire::expense::{self, Capped, Expenses, Periods, Reservation, ReservationId, Spent, Tokens};
use crate::wire::life::{self, Refusal};
use crate::wire::pace::{Money, Since, Usage};
use crate::wire::post::{Arm, ChannelName, Epoch, Frozen, Halted, Post, PostId, PostState};
use crate::wire::sport::SportKey;
use crate::wire::story::{StoryId, Verdict};

/// Everything, as one value.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) epoch: Option<(Epoch, String)>,
    pub(super) sports: BTreeMap<SportKey, SportState>,
    pub(super) switches: Switches,
    pub(super) alerts: AlertBook,
    pub(super) halted: BTreeMap<ChannelName, Halted>,
    expenses: Vec<Expense>,
    refusals: BTreeMap<(String, String), u64>,
    observed_at: Vec<Timestamp>,
    stories: BTreeMap<i64, Kept>,
    posts: BTreeMap<PostId, Post>,
    attempts: BTreeMap<PostId, Vec<Attempt>>,
    last_sequence: i64,
    last_post: i64,
}

#[derive(Debug)]
struct Expense {
    payee: String,
    at: Timestamp,
    settled: bool,
    tokens: Tokens,
    money: Money,
}

#[derive(Debug)]
struct Kept {
    record: StoryRecord,
    recorded_at: Timestamp,
}

impl Records {
    pub(super) fn mint_epoch(&mut self, holder: &str) -> Epoch {
        let epoch = Epoch(self.current().map_or(1, |epoch| epoch.0 + 1));
        self.epoch = Some((epoch, holder.to_owned()));
        epoch
    }

    fn current(&self) -> Option<Epoch> {
        self.epoch.as_ref().map(|(epoch, _)| *epoch)
    }

    pub(super) fn set_alerts(&mut self, epoch: Epoch, book: &AlertBook) -> Result<(), LedgerError> {
        life::in_force(epoch, self.current())?;
        self.alerts = book.clone();
        Ok(())
    }

    pub(super) fn record_poll(&mut self, poll: &PollRecord) -> Result<(), LedgerError> {
        life::in_force(poll.epoch, self.current())?;
        self.sports.insert(poll.sport.clone(), poll.state.clone());
        self.observed_at.extend(poll.observed.iter().map(|_| poll.seen_at));
        for story in &poll.stories {
            if self.revisions(&story.id).any(|kept| kept.record.story.revision == story.revision) {
                continue;
            }
            self.last_sequence += 1;
            let sequence = self.last_sequence;
            let record = StoryRecord {
                sequence,
                story: story.clone(),
                written_at: None,
                notes: Vec::new(),
                refused: Vec::new(),
            };
            self.stories.insert(sequence, Kept { record, recorded_at: poll.seen_at });
            self.supersede(&story.id, poll.seen_at);
        }
        Ok(())
    }

    pub(super) fn unwritten(&self) -> impl Iterator<Item = &StoryRecord> {
        self.stories.values().map(|kept| &kept.record).filter(|record| is_unwritten(record))
    }

    pub(super) fn record_drafts(&mut self, drafts: &Drafts) -> Result<(), LedgerError> {
        let record = self
            .revisions(&drafts.story)
            .map(|kept| &kept.record)
            .find(|record| record.story.revision == drafts.revision)
            .ok_or_else(|| LedgerError::NotFound {
                what: format!("story {} revision {}", drafts.story, drafts.revision),
            })?;
        if record.written_at.is_some() {
            return Ok(());
        }
        let sequence = record.sequence;
        let (posts, latest) = self.posts_of(&drafts.story);
        let drafted = life::draft(&record.story, sequence, &drafts.posts, &posts, latest, drafts.at)?;
        for post in drafted.posts {
            self.last_post += 1;
            let id = PostId(self.last_post);
            self.posts.insert(id, Post { id, ..post });
        }
        if let Some(kept) = self.stories.get_mut(&sequence) {
            kept.record.written_at = Some(drafts.at);
            kept.record.notes = [drafts.notes.clone(), drafted.notes].concat();
            kept.record.refused.clone_from(&drafts.refused);
        }
        for refused in &drafts.refused {
            *self.refusals.entry((refused.writer().to_owned(), refused.code.clone())).or_default() += 1;
        }
        Ok(())
    }

    pub(super) fn reserve(&mut self, reservation: &Reservation) -> Result<ReservationId, Capped> {
        let Reservation { account, at, tokens, money, .. } = reservation;
        let spent = self.expenses(&account.payee, &account.periods(*at));
        account.admit(&spent, *money, *at)?;
        let (payee, at, tokens, money) = (account.payee.clone(), *at, *tokens, *money);
        self.expenses.push(Expense { payee, at, settled: false, tokens, money });
        Ok(ReservationId(self.expenses.len() as i64))
    }

    pub(super) fn settle_expense(&mut self, ReservationId(id): ReservationId, tokens: Tokens, money: Money) {
        let place = usize::try_from(id - 1).unwrap_or(usize::MAX);
        if let Some(expense) = self.expenses.get_mut(place).filter(|expense| !expense.settled) {
            (expense.settled, expense.tokens, expense.money) = (true, tokens, money);
        }
    }

    pub(super) fn expenses(&self, payee: &str, periods: &Periods) -> Expenses {
        let since = |begin| {
            let counted = self.expenses.iter().filter(|one| one.payee == payee && one.at >= begin);
            let spent = |one: &Expense| Spent {
                calls: 1,
                unanswered: u64::from(!one.settled),
                tokens: one.tokens,
                money: one.money,
            };
            counted.map(spent).sum()
        };
        Expenses { today: since(periods.today), this_month: since(periods.this_month) }
    }

    pub(super) fn refusals(&self) -> Vec<Refusals> {
        let count = |((writer, code), texts): (&(String, String), &u64)| Refusals {
            writer: writer.clone(),
            code: code.clone(),
            texts: *texts,
        };
        self.refusals.iter().map(count).collect()
    }

    pub(super) fn record_digest(&mut self, digest: &Digest, at: Timestamp) -> Result<(), LedgerError> {
        if self.revisions(&digest.story.id).next().is_some() {
            return Ok(());
        }
        let sequence = self.last_sequence + 1;
        let story = digest.story.clone();
        let drafted = life::draft(&story, sequence, std::slice::from_ref(&digest.post), &[], 1, at)?;
        self.last_sequence = sequence;
        let record =
            StoryRecord { sequence, story, written_at: Some(at), notes: Vec::new(), refused: Vec::new() };
        self.stories.insert(sequence, Kept { record, recorded_at: at });
        for post in drafted.posts {
            self.last_post += 1;
            let id = PostId(self.last_post);
            self.posts.insert(id, Post { id, ..post });
        }
        Ok(())
    }

    pub(super) fn arm(&mut self, id: PostId, frozen: &Frozen, arm: &Arm) -> Result<Post, LedgerError> {
        let (current, stopped) = (self.current(), self.switches.publishing_stopped);
        let post = self.change(id, arm.at, |post, _, _| life::arm(post, frozen, arm, current, stopped))?;
        self.attempts.entry(id).or_default().push(Attempt {
            number: post.attempt,
            epoch: arm.epoch,
            armed_at: arm.at,
            settled: None,
        });
        Ok(post)
    }

    pub(super) fn settle(&mut self, settle: &Settle) -> Result<Post, LedgerError> {
        let current = self.current();
        let post = self.change(settle.post, settle.at, |post, _, _| life::settle(post, settle, current))?;
        let armed_at = post.arm.map_or(settle.at, |arm| arm.at);
        if let Some(halted) = life::halted(self.halted.remove(&post.channel), settle, armed_at) {
            self.halted.insert(post.channel.clone(), halted);
        }
        let attempts = self.attempts.entry(settle.post).or_default();
        if let Some(attempt) = attempts.iter_mut().find(|attempt| attempt.number == settle.attempt) {
            attempt.settled = Some((settle.at, settle.outcome.clone()));
        }
        Ok(post)
    }

    /// Applies a transition, which is given the post, its story's posts and the story's newest revision, and supersedes
    /// what must not leave after it.
    pub(super) fn change(
        &mut self,
        id: PostId,
        now: Timestamp,
        transition: impl FnOnce(Post, &[Post], u32) -> Result<Post, Refusal>,
    ) -> Result<Post, LedgerError> {
        let post = self.posts.get(&id).cloned();
        let post = post.ok_or_else(|| LedgerError::NotFound { what: format!("post {id}") })?;
        let (posts, latest) = self.posts_of(&post.story);
        let changed = transition(post, &posts, latest)?;
        let story = changed.story.clone();
        self.posts.insert(id, changed);
        self.supersede(&story, now);
        Ok(self.shown(&self.posts[&id]))
    }

    fn supersede(&mut self, story: &StoryId, now: Timestamp) {
        let (posts, latest) = self.posts_of(story);
        for post in life::overtaken(&posts, latest, now) {
            self.posts.insert(post.id, post);
        }
    }

    fn revisions(&self, story: &StoryId) -> impl Iterator<Item = &Kept> {
        self.stories.values().filter(move |kept| kept.record.story.id == *story)
    }

    fn posts_of(&self, story: &StoryId) -> (Vec<Post>, u32) {
        let posts = self.posts.values().filter(|post| post.story == *story).cloned().collect();
        let latest = self.revisions(story).map(|kept| kept.record.story.revision).max();
        (posts, latest.unwrap_or(0))
    }

    fn shown(&self, post: &Post) -> Post {
        let mut post = post.clone();
        if post.revision > 1 {
            post.earlier = life::earlier(&post, &self.posts_of(&post.story).0);
        }
        post
    }

    pub(super) fn open_posts(&self, channel: &ChannelName) -> Vec<Post> {
        let ours = |post: &&Post| post.channel == *channel && is_open(post);
        let mut posts: Vec<Post> = self.posts.values().filter(ours).map(|post| self.shown(post)).collect();
        posts.sort_by_key(|post| (post.sequence, post.id));
        posts
    }

    pub(super) fn usage(&self, channel: &ChannelName, since: &Since) -> Usage {
        let ours = self.posts.values().filter(|post| post.channel == *channel);
        let mut departures: Vec<_> = ours.filter_map(life::departure).collect();
        departures.sort();
        Usage::of(&departures, since)
    }

    pub(super) fn posts(&self, filter: &PostFilter) -> Vec<Post> {
        let wanted = |post: &&Post| {
            filter.state.is_none_or(|state| post.state == state)
                && filter.channel.as_ref().is_none_or(|channel| post.channel == *channel)
                && filter.story.as_ref().is_none_or(|story| post.story == *story)
                && filter.game.as_ref().is_none_or(|game| post.game == *game)
                && filter.before.is_none_or(|before| post.id < before)
        };
        let newest_first = self.posts.values().rev().filter(wanted);
        newest_first.take(filter.limit).map(|post| self.shown(post)).collect()
    }

    pub(super) fn post(&self, id: PostId) -> Option<PostRecord> {
        let post = self.shown(self.posts.get(&id)?);
        Some(PostRecord { post, attempts: self.attempts.get(&id).cloned().unwrap_or_default() })
    }

    pub(super) fn stories(&self, filter: &StoryFilter) -> Vec<StoryRecord> {
        let wanted = |record: &&StoryRecord| {
            filter.sport.as_ref().is_none_or(|sport| record.story.sport == *sport)
                && filter.game.as_ref().is_none_or(|game| record.story.game == *game)
                && filter.told.is_none_or(|told| (record.story.verdict == Verdict::Told) == told)
                && filter.before.is_none_or(|before| record.sequence < before)
        };
        let newest_first = self.stories.values().rev().map(|kept| &kept.record);
        newest_first.filter(wanted).take(filter.limit).cloned().collect()
    }

    pub(super) fn story(&self, id: &StoryId) -> Vec<StoryRecord> {
        let mut records: Vec<StoryRecord> = self.revisions(id).map(|kept| kept.record.clone()).collect();
        records.sort_by_key(|record| record.story.revision);
        records
    }

    pub(super) fn backlog(&self) -> Backlog {
        let count = |state| self.posts.values().filter(|post| post.state == state).count() as u64;
        Backlog {
            unwritten: self.unwritten().count() as u64,
            awaiting_approval: count(PostState::AwaitingApproval),
            pending: count(PostState::Pending),
            armed: count(PostState::Armed),
            unknown: count(PostState::Unknown),
        }
    }

    pub(super) fn prune(&mut self, before: Timestamp) -> u64 {
        let rows = |records: &Self| {
            let attempts: usize = records.attempts.values().map(Vec::len).sum();
            records.observed_at.len() + records.stories.len() + records.posts.len() + attempts
        };
        let had = rows(self);
        let kept: BTreeSet<StoryId> = self
            .stories
            .values()
            .filter(|kept| is_unwritten(&kept.record) || kept.last_change() >= before)
            .map(|kept| &kept.record.story.id)
            .chain(
                self.posts
                    .values()
                    .filter(|post| is_open(post) || post.changed_at >= before)
                    .map(|post| &post.story),
            )
            .cloned()
            .collect();
        self.observed_at.retain(|at| *at >= before);
        let oldest = expense::kept_since(before);
        // Places are numbers, so what is too old is emptied and not taken out.
        let old = self.expenses.iter_mut().filter(|expense| expense.at < oldest);
        old.for_each(|expense| expense.payee.clear());
        self.stories.retain(|_, story| kept.contains(&story.record.story.id));
        self.posts.retain(|_, post| kept.contains(&post.story));
        let posts = &self.posts;
        self.attempts.retain(|id, _| posts.contains_key(id));
        (had - rows(self)) as u64
    }
}

impl Kept {
    fn last_change(&self) -> Timestamp {
        self.record.written_at.unwrap_or(self.recorded_at).max(self.recorded_at)
    }
}

fn is_unwritten(record: &StoryRecord) -> bool {
    record.story.verdict == Verdict::Told && record.written_at.is_none()
}

fn is_open(post: &Post) -> bool {
    !post.state.is_settled() || post.state == PostState::Unknown
}
