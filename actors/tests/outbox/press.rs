//! A channel's actor in miniature: plans, arms, sends and settles against a [`Book`], and dies where it is told to.
//!
//! What survives a death is the book and the channel; the posts under way are forgotten.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::ports::channel::{Channel, Fence};
use wirereport_actors::wire::outbox::{
    Asking, Conclusion, Plan, Retry, Situation, Step, Term, after_attempt, after_read_back, plan,
};
use wirereport_actors::wire::pace::{Money, Pace};
use wirereport_actors::wire::post::{Arm, Epoch, Frozen, Outcome, Post, PostId, PostState};
use wirereport_actors::wire::rules::OnUnknown;
use wirereport_actors::wire::traffic::Traffic;

use super::book::{Book, By};

/// How long anything takes.
const TICK: Duration = Duration::from_millis(50);

/// What outlives a death.
pub(crate) struct World<'a> {
    pub(crate) book: Book,
    pub(crate) channel: &'a dyn Channel,
    pub(crate) now: Timestamp,
    pub(crate) retry: Retry,
    /// Attempts of instances that are cut off but not dead: they arrive when their time comes.
    pub(crate) ghosts: Vec<(Timestamp, Post, Frozen)>,
}

/// The life ended before its work did.
#[derive(Debug)]
pub(crate) struct Death;

/// One life of the actor.
pub(crate) struct Life<'w, 'a> {
    world: &'w mut World<'a>,
    term: Term,
    actions_left: usize,
    under_way: BTreeSet<PostId>,
    sending: Vec<(Post, Frozen)>,
    looking: Vec<(Timestamp, PostId, Asking)>,
}

impl<'w, 'a> Life<'w, 'a> {
    /// A life in that epoch that dies after so many actions.
    pub(crate) fn new(world: &'w mut World<'a>, epoch: u64, earlier_dead: bool, actions_left: usize) -> Self {
        let term = Term { epoch: Epoch(epoch), earlier_dead, since: world.now };
        Self {
            world,
            term,
            actions_left,
            under_way: BTreeSet::new(),
            sending: Vec::new(),
            looking: Vec::new(),
        }
    }

    /// Works until nothing is left to do, now or later.
    pub(crate) async fn run(&mut self) -> Result<(), Death> {
        loop {
            let plan = self.plan();
            let idle = plan.steps.is_empty() && self.sending.is_empty();
            for step in plan.steps {
                self.perform(step).await?;
            }
            if let Some((post, frozen)) = self.sending.pop() {
                self.send(&post, &frozen).await?;
            }
            if idle {
                let look_up = self.looking.iter().map(|(at, ..)| *at).min();
                let Some(next) = [plan.wake_at, look_up].into_iter().flatten().min() else { return Ok(()) };
                self.world.now = self.world.now.max(next);
            }
            self.look_up_what_is_due().await?;
        }
    }

    /// What is armed and would still be sent if this life went on.
    pub(crate) fn unsent(&self) -> &[(Post, Frozen)] {
        &self.sending
    }

    fn plan(&self) -> Plan {
        let posts = self.world.book.open_posts();
        let capabilities = self.world.channel.capabilities();
        plan(&Situation {
            posts: &posts.iter().collect::<Vec<_>>(),
            under_way: &self.under_way,
            capabilities: &capabilities,
            term: self.term,
            traffic: &Traffic::default(),
            on_unknown: OnUnknown::Hold,
            pace: &Pace::default(),
            may_arm: true,
            now: self.world.now,
        })
    }

    async fn perform(&mut self, step: Step) -> Result<(), Death> {
        self.act().await?;
        match step {
            Step::Arm { post } => self.arm(post),
            Step::End { post, end, reason } => self.world.book.end(post, end, &reason),
            Step::Settle { post, attempt, outcome } => {
                self.settle(post, attempt, outcome, By { counts: false, looked_up: false });
            }
            Step::ReadBack { post } => {
                self.under_way.insert(post);
                let asking = Asking { since: self.world.now, counts: false };
                self.looking.push((self.world.now, post, asking));
            }
        }
        self.act().await
    }

    fn arm(&mut self, id: PostId) {
        let post = self.world.book.post(id);
        let frozen = post.frozen.clone().unwrap_or_else(|| self.world.channel.render(&post).unwrap());
        let at = self.world.now;
        let within = self.world.channel.capabilities().attempt_within;
        let arm = Arm {
            epoch: self.term.epoch,
            at,
            send_before: at.checked_add(within).unwrap(),
            settle_by: at.checked_add(within * 2).unwrap(),
            price: Money(0),
        };
        let post = self.world.book.arm(id, frozen, arm);
        let frozen = post.frozen.clone().unwrap();
        self.assert_alone(&post);
        self.under_way.insert(id);
        self.sending.push((post, frozen));
    }

    fn assert_alone(&self, post: &Post) {
        let posts = self.world.book.open_posts();
        let armed = posts.iter().filter(|p| p.game == post.game && p.state == PostState::Armed);
        assert_eq!(armed.count(), 1, "one post of a game at a time");
    }

    async fn send(&mut self, post: &Post, frozen: &Frozen) -> Result<(), Death> {
        self.act().await?;
        let outcome = self.world.channel.send(post, frozen, self.world.now, &Fence::of_nobody_else()).await;
        self.act().await?;
        let capabilities = self.world.channel.capabilities();
        let conclusion = after_attempt(outcome, post, &capabilities, &self.world.retry, self.world.now, 0.5);
        match conclusion {
            Conclusion::Settle(outcome) => {
                self.settle(post.id, post.attempt, outcome, By { counts: true, looked_up: false });
            }
            Conclusion::ReadBack { at } => {
                self.looking.push((at, post.id, Asking { since: at, counts: true }));
            }
        }
        self.act().await
    }

    async fn look_up_what_is_due(&mut self) -> Result<(), Death> {
        let now = self.world.now;
        let due: Vec<_> = self.looking.extract_if(.., |(at, ..)| *at <= now).collect();
        for (_, id, asking) in due {
            let post = self.world.book.post(id);
            let frozen = post.frozen.clone().unwrap();
            let found = self.world.channel.reconcile(&post, &frozen, now).await;
            self.act().await?;
            let capabilities = self.world.channel.capabilities();
            let conclusion = after_read_back(found, &post, asking, &capabilities, &self.world.retry, now);
            match conclusion {
                Conclusion::Settle(outcome) => {
                    let by = By { counts: asking.counts, looked_up: true };
                    self.settle(id, post.attempt, outcome, by);
                }
                Conclusion::ReadBack { at } => self.looking.push((at, id, asking)),
            }
        }
        Ok(())
    }

    fn settle(&mut self, post: PostId, attempt: u32, outcome: Outcome, by: By) {
        self.world.book.settle(post, attempt, self.term.epoch, outcome, by);
        self.under_way.remove(&post);
    }

    /// Time passes; another's late attempt may arrive; this life may end.
    async fn act(&mut self) -> Result<(), Death> {
        let world = &mut *self.world;
        world.now = world.now.checked_add(TICK).unwrap();
        let now = world.now;
        let arriving: Vec<_> = world.ghosts.extract_if(.., |(at, ..)| *at <= now).collect();
        for (at, post, frozen) in arriving {
            world.channel.send(&post, &frozen, at, &Fence::of_nobody_else()).await;
        }
        self.actions_left = self.actions_left.checked_sub(1).ok_or(Death)?;
        Ok(())
    }
}
