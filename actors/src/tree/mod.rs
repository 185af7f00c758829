//! The tree: one supervised actor per sport and per channel, with a generator between them.
//!
//! ```text
//! root
//! ├─ leader-election   holds the lease; its epoch is what everything below writes under
//! ├─ publisher         one actor a channel: arms, sends, settles, reconciles
//! ├─ generator         told stories → checked texts → posts
//! ├─ sports            one actor a sport: polls, detects, records
//! ├─ self-healing      sweeps, prunes, says what only an operator can settle
//! └─ alerts            tells the operator without being asked, where somebody is to be told
//! ```
//!
//! The ledger sits between every two stages, so actors hold nothing that a restart could lose, and know nothing of each
//! other: a stage that has committed rings the next stage's [`Bell`], which carries no data and outlives both. A ring
//! that is lost costs at most one sweep. Leadership travels as a watched value; without it an actor only waits.
//!
//! Every handler is short: it loads, asks the pure rules of [`wire`](crate::wire) what to do, does it, beats its pulse
//! and re-arms its timer. What may take long, a poll or a send, runs beside the actor in a task whose panic is the
//! actor's own. An outage of something else is a state the actor reports, never a crash.

mod alerts;
mod arming;
mod attempt;
mod bell;
mod budget;
mod digest;
mod generator;
mod leader_election;
mod poll;
mod publisher;
mod self_healing;
mod spec;
mod sport;
mod task;
mod telling;
mod texts;
mod timer;
mod unwritten;
mod world;

pub use bell::Bell;
pub use leader_election::Leadership;
pub use spec::{Restarts, Timing, Tree, TreeSpec};
pub use world::{NewsFeed, Operator, Policy, World};
