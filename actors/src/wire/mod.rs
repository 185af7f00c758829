//! The rules of the wire: pure functions over plain data.
//!
//! [`step()`] is the way in for a poll: its [`Snapshot`](game::Snapshot) goes through [`detect`], which keeps a
//! [`SportState`](detect::SportState) per sport and yields [`Moment`](moment::Moment)s; [`significance`] says how
//! much each is worth, [`select`] turns it into a [`Story`](story::Story), told or not. A writer makes a draft of the
//! story's [`Facts`](facts::Facts), [`gate`] refuses whatever the facts do not entail, and [`outbox`] decides which
//! [`Post`](post::Post) may leave next; [`life`] is what may become of one, and [`approval`] which wait for an editor. [`schedule`] says when to look again, and
//! [`failover`] at which of a sport's feeds. [`alert`] says what the operator is told of without asking.
//!
//! There are two more ways in: [`submission`] makes a story of what an operator asserts, and [`digest`] tells the finals a
//! channel missed. [`contest`] is what is told of athletes instead of a game. The chances that significance weighs are
//! [`win_probability`]'s, with [`elo`] where no odds are known; its [`threshold`] is looked up in what is told of the
//! invented seasons of [`synthetic`].
//!
//! Of limits there are five, and each is somebody's:
//!
//! | whose | of what | where |
//! |---|---|---|
//! | a feed's host, as it says with its answers | requests to it | [`quota`] |
//! | the operator | requests to a feed, over all its leagues | [`schedule::budget`] |
//! | a platform, as it says with its answers | attempts on a channel, which it may also halt | [`traffic`] |
//! | the operator | posts on a channel, their hours and their cost | [`pace`] |
//! | the operator | what a paid writer costs | [`expense`] |
//!
//! Nothing here is async, reads a clock, or draws a random number: time and randomness are arguments.

pub mod alert;
pub mod approval;
pub mod brief;
pub mod capability;
pub mod contest;
pub mod detect;
pub mod digest;
pub mod elo;
pub mod expense;
pub mod facts;
pub mod failover;
pub mod fit;
pub mod game;
pub mod gate;
pub mod life;
pub mod milestone;
pub mod moment;
pub mod news;
pub mod outbox;
pub mod pace;
pub mod post;
pub mod quota;
pub mod room;
pub mod rules;
pub mod samples;
pub mod schedule;
pub mod select;
pub mod significance;
pub mod slots;
pub mod sport;
pub mod step;
pub mod story;
pub mod submission;
pub mod synthetic;
pub mod threshold;
pub mod traffic;
pub mod voice;
pub mod win_probability;
pub mod wording;
pub mod writing;

pub use step::{Step, step};
