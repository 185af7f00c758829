//! The rule of publishing: which post of a channel may leave next, and what becomes of one whose attempt ended.
//!
//! [`plan`] looks at a channel's open posts and says what to do now, in order, and when to look again. Whoever performs
//! the steps drops the rest when one fails, and plans again until there is nothing left to do. Nothing is remembered
//! between two plans: the ledger's posts are the whole state, so a plan after a crash is like any other.
//!
//! **Order.** The posts of one game leave in the order of their stories, one at a time: a post that waits for its retry
//! holds up the later ones of its game and no others. Approvals, held revisions and unknowns hold up nothing. Between
//! games the one with the most significant post in its line goes first, so that a final is not kept waiting by the lead
//! change before it. A post still awaiting approval when a later story of its game is armed is overtaken.
//!
//! **Twice and lost.** An armed post that nobody here is sending was left by an earlier life or another instance, and may
//! be on the channel. [`reconcile_step`] says how to find out. What its sender let go in its last moment may still be on
//! its way, so a look-up waits until it has arrived: a sender's end ends no request. The time in which a second sending
//! is harmless runs from the first attempt that may have arrived; a post does not keep that time once it was tried again,
//! so from then on its creation stands in for it, which is earlier and so errs to the safe side. A post in doubt whose
//! time is over is looked up where the channel can be asked, and is unknown where it cannot. A change of what already
//! stands there is harmless for ever.
//!
//! **The channel as a whole.** While it is halted or the platform's own limits are used up ([`Traffic`]) nothing leaves;
//! within the operator's own limits ([`Pace`]) the weightiest game goes first. What waits is shown with the reason and
//! the time, and expires by its own limit all the same. What quiet hours hold back holds up nothing of its game that
//! they let go, and is then overtaken.
//!
//! **False.** A revision waits until it is known whether what it corrects was told. What has not left and is already
//! known to be wrong does not leave.

mod attempt;
mod reconcile;

use std::collections::BTreeSet;
use std::time::Duration;

use foldhash::{HashMap, HashMapExt};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::capability::Capabilities;
use super::game::GameId;
use super::pace::{Allowance, Pace};
use super::post::{Earlier, End, Epoch, Outcome, Post, PostId, PostState};
use super::rules::OnUnknown;
use super::traffic::{Closed, Traffic};

pub use attempt::{Asking, Conclusion, Retry, after_attempt, after_read_back};
use reconcile::{Harmless, look_up_at, may_resend, resend_until};
pub use reconcile::{Reconciliation, reconcile_step};

/// Who plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The epoch in which we arm.
    pub epoch: Epoch,
    /// Whether every earlier holder is proven dead.
    pub earlier_dead: bool,
    /// When this life of the channel's actor began. Attempts of an earlier life in the same epoch ended before, and so
    /// did those of earlier holders that are proven dead.
    pub since: Timestamp,
}

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The channel's open posts.
    pub posts: &'a [&'a Post],
    /// The posts whose attempt or look-up this life has under way, until it is settled.
    pub under_way: &'a BTreeSet<PostId>,
    /// What the channel can do.
    pub capabilities: &'a Capabilities,
    /// What the channel as a whole may send.
    pub traffic: &'a Traffic,
    /// What is done where nobody can tell what became of an attempt.
    pub on_unknown: OnUnknown,
    /// How much the operator lets the channel send.
    pub pace: &'a Pace,
    /// Who plans.
    pub term: Term,
    /// Whether posts may leave: publishing is not stopped, the channel not paused, its breaker closed.
    pub may_arm: bool,
    /// The time.
    pub now: Timestamp,
}

/// What to do now and when to look again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What to do, in this order.
    pub steps: Vec<Step>,
    /// When something changes by the mere passing of time; later than now.
    pub wake_at: Option<Timestamp>,
    /// Posts that wait for an operator, with the reason.
    pub held: Vec<(PostId, String)>,
    /// Posts that could leave and may not yet.
    pub waiting: Vec<Waiting>,
}

/// A post that could leave and may not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The post.
    pub post: PostId,
    /// What for, in one clause.
    pub reason: String,
    /// Until when, where that is known.
    pub until: Option<Timestamp>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Render, arm, and make an attempt.
    Arm {
        /// The post.
        post: PostId,
    },
    /// End a post that has not left.
    End {
        /// The post.
        post: PostId,
        /// How.
        end: End,
        /// Why, in one clause.
        reason: String,
    },
    /// Commit what is to be held of an attempt that was found armed.
    Settle {
        /// The post.
        post: PostId,
        /// The attempt.
        attempt: u32,
        /// What became of it.
        outcome: Outcome,
    },
    /// Look up an attempt that was found armed, or is in doubt and must not be repeated; then ask [`after_read_back`].
    ReadBack {
        /// The post.
        post: PostId,
    },
}

/// Says what to do with a channel's posts now.
pub fn plan(situation: &Situation<'_>) -> Plan {
    let mut planner = Planner { situation, plan: Plan::default(), lines: Vec::new() };
    let mut games: HashMap<&GameId, Vec<&Post>> = HashMap::new();
    for &post in situation.posts {
        games.entry(&post.game).or_default().push(post);
    }
    let mut games: Vec<_> = games.into_iter().collect();
    games.sort_unstable_by_key(|(game, _)| *game);
    for (_, posts) in &mut games {
        posts.sort_unstable_by_key(|post| (post.sequence, post.id));
        planner.walk(posts);
    }
    planner.arm_by_rank();
    planner.plan
}

fn after(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// The first post of a game that may leave, and what it leaves for.
struct Line<'a> {
    head: &'a Post,
    /// What waits behind it.
    behind: Vec<PostId>,
    rank: f64,
    /// Posts before it that await an editor.
    approvals: Vec<&'a Post>,
    /// Posts before it that quiet hours hold back and not it.
    passed_over: Vec<&'a Post>,
}

impl Line<'_> {
    /// Its head, and what waits behind it.
    fn posts(&self) -> impl Iterator<Item = PostId> {
        [self.head.id].into_iter().chain(self.behind.iter().copied())
    }
}

struct Planner<'a, 's> {
    situation: &'s Situation<'a>,
    plan: Plan,
    lines: Vec<Line<'a>>,
}

impl<'a> Planner<'a, '_> {
    fn walk(&mut self, posts: &[&'a Post]) {
        let mut blocked = posts.iter().any(|post| self.occupies(post));
        let revisions: Vec<&Post> = posts.iter().copied().filter(|post| post.revision > 1).collect();
        let mut head: Option<&Post> = None;
        let mut behind = Vec::new();
        let mut rank = 0.0_f64;
        let mut approvals = Vec::new();
        let mut quiet = Vec::new();
        for &post in posts {
            if self.situation.under_way.contains(&post.id) {
                continue;
            }
            if post.state == PostState::Armed {
                self.reconcile(post);
                continue;
            }
            if !matches!(post.state, PostState::Pending | PostState::AwaitingApproval) {
                continue;
            }
            if self.looks_up(post) {
                blocked = true;
                continue;
            }
            if let Some((end, reason)) = self.ending(post, posts, &revisions) {
                self.plan.steps.push(Step::End { post: post.id, end, reason });
                continue;
            }
            self.wake(self.gives_up_at(post));
            if post.state == PostState::AwaitingApproval {
                approvals.push(post);
                continue;
            }
            if let Some(reason) = held(post) {
                self.plan.held.push((post.id, reason));
                continue;
            }
            if let Some(closed) = self.situation.pace.quiet(post, self.situation.now) {
                self.wake(Some(closed.until));
                self.wait([post.id], &closed);
                quiet.push(post);
                continue;
            }
            rank = rank.max(post.significance);
            if head.is_some() {
                behind.push(post.id);
            }
            if !blocked && self.is_ready(post) {
                head = Some(post);
            }
            blocked = true;
        }
        if let Some(head) = head {
            approvals.retain(|approval| approval.sequence < head.sequence);
            quiet.retain(|post| post.sequence < head.sequence);
            self.lines.push(Line { head, behind, rank, approvals, passed_over: quiet });
        }
    }

    fn occupies(&self, post: &Post) -> bool {
        post.state == PostState::Armed || self.situation.under_way.contains(&post.id)
    }

    fn reconcile(&mut self, post: &Post) {
        let Situation { capabilities, on_unknown, term, now, .. } = *self.situation;
        let outcome = match reconcile_step(post, capabilities, on_unknown, term, now) {
            Reconciliation::Wait { until } => return self.wake(Some(until)),
            Reconciliation::ReadBack => return self.plan.steps.push(Step::ReadBack { post: post.id }),
            Reconciliation::Resend => Outcome::Again {
                reason: "it was found armed; it is sent again under the same key".to_owned(),
                retry_at: after(now, interrupted(post)),
            },
            Reconciliation::Hold { reason } => Outcome::Unknown { reason },
        };
        self.plan.steps.push(Step::Settle { post: post.id, attempt: post.attempt, outcome });
    }

    /// Looks up a post in doubt where that is the way to learn of it, as soon as it can be seen.
    fn looks_up(&mut self, post: &Post) -> bool {
        let Situation { capabilities, on_unknown, now, .. } = *self.situation;
        match look_up_at(post, capabilities, on_unknown, now) {
            None => return false,
            Some(at) if at > now => self.wake(Some(at)),
            Some(_) => self.plan.steps.push(Step::ReadBack { post: post.id }),
        }
        true
    }

    fn ending(&self, post: &Post, game: &[&Post], revisions: &[&Post]) -> Option<(End, String)> {
        let Situation { capabilities, on_unknown, now, .. } = *self.situation;
        if post.in_doubt {
            let reason = "it may be on the channel, and its key is no longer honoured there";
            return (!may_resend(post, capabilities, on_unknown, now))
                .then(|| (End::Unknown, reason.to_owned()));
        }
        if post.earlier.as_ref().is_some_and(|earlier| never_told(earlier.state)) {
            return Some((End::Superseded, "the revision it follows was never on the channel".to_owned()));
        }
        let newer = |other: &&&Post| other.revision > post.revision && other.story == post.story;
        if let Some(newer) = revisions.iter().find(newer).filter(|_| post.earlier.is_none()) {
            return Some((End::Superseded, format!("revision {} stands in its place", newer.revision)));
        }
        if now >= post.send_before {
            return Some((End::Expired, format!("it was to leave before {}", post.send_before)));
        }
        let overtaken = || game.iter().any(|other| other.sequence > post.sequence && has_left(other));
        (post.state == PostState::AwaitingApproval && overtaken())
            .then(|| (End::Expired, OVERTAKEN.to_owned()))
    }

    fn is_ready(&mut self, post: &Post) -> bool {
        let now = self.situation.now;
        if let Some(not_before) = post.not_before.filter(|not_before| *not_before > now) {
            self.wake(Some(not_before));
            return false;
        }
        post.in_doubt || post.earlier.as_ref().is_none_or(|earlier| earlier.state == PostState::Sent)
    }

    /// When a post that waits stops waiting, by itself.
    fn gives_up_at(&self, post: &Post) -> Option<Timestamp> {
        if !post.in_doubt {
            return Some(post.send_before);
        }
        match resend_until(post, self.situation.capabilities, self.situation.on_unknown) {
            Harmless::Until(end) => Some(end),
            Harmless::Always | Harmless::Never => None,
        }
    }

    fn arm_by_rank(&mut self) {
        if !self.situation.may_arm {
            return;
        }
        let mut busy = self.situation.under_way.clone();
        busy.extend(self.situation.posts.iter().filter(|p| self.occupies(p)).map(|p| p.id));
        busy.extend(self.plan.steps.iter().filter_map(|step| match step {
            Step::ReadBack { post } => Some(*post),
            _ => None,
        }));
        let Situation { capabilities, traffic, pace, now, .. } = *self.situation;
        let mut lines = std::mem::take(&mut self.lines);
        lines.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| a.head.sequence.cmp(&b.head.sequence)));
        if let Some(closed) = traffic.closed(now) {
            self.wake(Some(closed.until));
            return lines.iter().for_each(|line| self.wait(line.posts(), &closed));
        }
        let mut free = traffic.room(capabilities, busy.len(), now);
        let mut allowance = Allowance::new(pace, &traffic.usage, now);
        for line in lines {
            if let Some(closed) = allowance.holds(line.head) {
                self.wake(Some(closed.until));
                self.wait(line.posts(), &closed);
                continue;
            }
            if free == 0 {
                continue;
            }
            free -= 1;
            allowance.take(line.head);
            for post in line.passed_over {
                let reason = OVERTAKEN.to_owned();
                self.plan.steps.push(Step::End { post: post.id, end: End::Expired, reason });
            }
            self.plan.steps.push(Step::Arm { post: line.head.id });
            for approval in line.approvals {
                let reason = OVERTAKEN.to_owned();
                self.plan.steps.push(Step::End { post: approval.id, end: End::Expired, reason });
            }
        }
    }

    fn wait(&mut self, posts: impl IntoIterator<Item = PostId>, closed: &Closed) {
        let Closed { reason, until } = closed;
        let waiting = |post| Waiting { post, reason: reason.clone(), until: Some(*until) };
        self.plan.waiting.extend(posts.into_iter().map(waiting));
    }

    fn wake(&mut self, at: Option<Timestamp>) {
        let at = at.filter(|at| *at > self.situation.now);
        self.plan.wake_at = [self.plan.wake_at, at].into_iter().flatten().min();
    }
}

/// How long a post waits whose attempt ended with its sender. At first not at all; one whose sender ends again and again
/// may be what ends it, and gets rarer.
fn interrupted(post: &Post) -> Duration {
    const HARMLESS: u32 = 5;
    let interruptions = post.attempt.saturating_sub(post.failures);
    if interruptions <= HARMLESS {
        Duration::ZERO
    } else {
        Retry::default().wait(interruptions - HARMLESS, 1.0)
    }
}

const OVERTAKEN: &str = "overtaken by a later story of its game";

fn never_told(earlier: PostState) -> bool {
    matches!(earlier, PostState::Failed | PostState::Expired | PostState::Discarded | PostState::Superseded)
}

fn held(post: &Post) -> Option<String> {
    let unknown = |earlier: &&Earlier| earlier.state == PostState::Unknown && !post.in_doubt;
    let earlier = post.earlier.as_ref().filter(unknown)?;
    Some(format!("held until post {} is resolved: nobody can tell whether it is on the channel", earlier.id))
}

/// Whether a post is on its way or may be on the channel.
fn has_left(post: &Post) -> bool {
    matches!(post.state, PostState::Armed | PostState::Unknown) || post.in_doubt
}
