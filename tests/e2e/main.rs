//! The real binary, from its command line to what readers saw, against stand-ins of the world that misbehave.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[path = "../support/receiver.rs"]
mod receiver;
#[path = "../support/scoreboard.rs"]
mod scoreboard;
#[path = "../support/wire.rs"]
mod wire;

mod boards;
mod corpus;
mod kill_live;
mod kill_replay;
mod live;
mod outage;
mod recording;
mod replays;
mod stops;
