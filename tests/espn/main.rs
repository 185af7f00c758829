//! The ESPN feed against a stand-in of its host, and against recorded payloads.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[path = "../support/scoreboard.rs"]
mod scoreboard;

mod contests;
mod corpus;
mod events;
mod follow;
mod transport;
