//! wirereport: a sports wire that runs by itself.
//!
//! This crate says with what: feeds over HTTP, a ledger on disk, channels, settings, commands. What happens is in
//! `wirereport-actors`.

pub mod api;
pub mod audit;
pub mod channels;
pub mod cli;
pub mod clock;
#[cfg(debug_assertions)]
mod crash;
pub mod dashboard;
pub mod doctor;
pub mod feeds;
pub mod http;
pub mod lease;
pub mod ledger;
pub mod operator;
pub mod report;
mod run;
pub mod settings;
pub mod submitted;
pub mod telemetry;
pub mod writers;
