//! The rules of the wire: pure functions over plain data.
//!
//! A poll's [`Snapshot`](game::Snapshot) goes through [`detect`], which keeps a
//! [`SportState`](detect::SportState) per sport and yields [`Moment`](moment::Moment)s; [`significance`] says how
//! much each is worth, [`select`] turns it into a [`Story`](story::Story), told or not. A writer makes a draft of the
//! story's [`Facts`](facts::Facts), [`gate`] refuses whatever the facts do not entail, and [`outbox`] decides which
//! [`Post`](post::Post) may leave next. [`schedule`] says when to look again.
//!
//! Nothing here is async, reads a clock, or draws a random number: time and randomness are arguments.

pub mod detect;
pub mod facts;
pub mod game;
pub mod life;
pub mod moment;
pub mod post;
pub mod rules;
pub mod significance;
pub mod sport;
pub mod story;
