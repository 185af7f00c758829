//! The dashboard in real Chromium, over the real binary.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[path = "../faces/boards.rs"]
mod boards;
#[expect(dead_code, reason = "the commands' own tests need more of it")]
#[path = "../faces/desk.rs"]
mod desk;
#[path = "../support/line.rs"]
mod line;
#[path = "../support/planted.rs"]
mod planted;
#[path = "../support/receiver.rs"]
mod receiver;
#[path = "../support/scoreboard.rs"]
mod scoreboard;
#[path = "../support/tap.rs"]
mod tap;

mod accessible;
mod browser;
mod changes;
mod game;
mod live;
mod page;
mod sign_in;

// The scoreboard's own tests need more of it.
const _: fn(&scoreboard::Scoreboard) -> Vec<scoreboard::Request> = scoreboard::Scoreboard::requests;
