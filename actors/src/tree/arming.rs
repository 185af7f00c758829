//! How posts of a channel leave: frozen, armed, and let go.
//!
//! What a plan lets leave at once is armed side by side, so that the ledger can commit it together. Each attempt then runs
//! beside the actor, to its settle.

use std::panic::resume_unwind;
use std::sync::Arc;

use ractor::ActorRef;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::attempt::{Attempt, BEGIN_WITHIN, after};
use super::publisher::{ChannelActor, Msg, State, unless_overtaken};
use super::task::{Task, caught};
use crate::ports::ledger::{End, LedgerError};
use crate::wire::outbox::Retry;
use crate::wire::post::{Arm, Epoch, Frozen, Post, PostId};
use crate::wire::rules::ChannelRules;

impl ChannelActor {
    /// Freezes and arms posts, and lets each go as soon as its own arm is committed.
    pub(super) async fn arm_all(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        posts: Vec<&Post>,
        epoch: Epoch,
    ) -> Result<(), LedgerError> {
        let mut ready = Vec::new();
        for post in posts {
            match self.render(post) {
                Ok(frozen) => ready.push((post, frozen)),
                Err(reason) => self.end(post.id, End::Failed, &reason).await?,
            }
        }
        let mut arming = JoinSet::new();
        for (post, frozen) in ready {
            let (id, arm, begun) = (post.id, self.permission(post, epoch), Instant::now());
            let ledger = Arc::clone(&self.shared.world.ledger);
            arming.spawn(async move { Ok((ledger.arm(id, &frozen, &arm).await?, begun)) });
        }
        let mut failed = None;
        while let Some(armed) = arming.join_next().await {
            match armed {
                Ok(Ok((post, begun))) => {
                    let (id, attempt) = (post.id, self.attempt(post, begun, epoch, state.rng.f64()));
                    self.begin(myself, state, id, attempt.send());
                }
                // What was armed beside it leaves all the same.
                Ok(Err(error)) => failed = failed.or(unless_overtaken::<()>(Err(error)).err()),
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(_) => {}
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// The permission to make an attempt now.
    fn permission(&self, post: &Post, epoch: Epoch) -> Arm {
        let now = self.shared.world.clock.now();
        let begun_by = after(now, BEGIN_WITHIN);
        Arm {
            epoch,
            at: now,
            send_before: if post.in_doubt { begun_by } else { post.send_before.min(begun_by) },
            settle_by: after(begun_by, self.channel.capabilities().attempt_within),
            price: self.shared.policy.borrow().channel(&self.name).pace.price(&post.text),
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, String> {
        match &post.frozen {
            Some(frozen) => Ok(frozen.clone()),
            None => caught(|| self.channel.render(post))
                .map_err(|broken| format!("render for the channel: {broken}"))?
                .map_err(|error| error.to_string()),
        }
    }

    pub(super) fn attempt(&self, post: Post, armed: Instant, epoch: Epoch, luck: f64) -> Attempt {
        let ChannelRules { attempts, on_unknown, read_back_for, .. } =
            self.shared.policy.borrow().channel(&self.name);
        Attempt {
            post,
            armed,
            epoch,
            luck,
            retry: Retry { attempts, on_unknown, read_back_for, ..Retry::default() },
            channel: Arc::clone(&self.channel),
            world: Arc::clone(&self.shared.world),
        }
    }

    pub(super) fn begin(
        &self,
        myself: &ActorRef<Msg>,
        state: &mut State,
        post: PostId,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let actor = myself.clone();
        let task = Task::spawn(async move {
            // Dropped on a panic too: the post is then still armed, and is reconciled when the actor looks again.
            let _ended = Ended { actor, post };
            work.await;
        });
        state.under_way.insert(post, task);
    }
}

/// Tells the actor that an attempt is over, however it ended.
struct Ended {
    actor: ActorRef<Msg>,
    post: PostId,
}

impl Drop for Ended {
    fn drop(&mut self) {
        // An actor that is gone needs no telling.
        let _ = self.actor.cast(Msg::AttemptEnded(self.post));
    }
}
