//! The real binary, from its command line to what readers saw, against stand-ins of the world that misbehave.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[expect(dead_code, reason = "the writer's own tests need more of it")]
#[path = "../support/model.rs"]
mod chat;
#[path = "../support/line.rs"]
mod line;
#[path = "../support/planted.rs"]
mod planted;
#[path = "../support/receiver.rs"]
mod receiver;
#[path = "../support/scoreboard.rs"]
mod scoreboard;
#[expect(dead_code, reason = "the platforms' own tests need more of it")]
#[path = "../support/platforms/mod.rs"]
mod stand_in;
#[path = "../support/wire.rs"]
mod wire;

mod accounts;
mod boards;
mod books;
mod corpus;
mod crashes;
mod every_channel;
mod game;
mod kill_channels;
mod kill_live;
mod kill_replay;
mod live;
mod model;
mod news;
mod outage;
mod readers;
mod recording;
mod replays;
mod stops;
mod two_instances;
