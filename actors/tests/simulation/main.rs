//! Whole nights in paused time: games that really happen, feeds and channels that misbehave, a ledger and a lease that
//! fail, actors that are restarted and processes that are killed; and at the end a reckoning of what readers saw.
//!
//! Every night is drawn from a seed, which is named where it fails. `WIREREPORT_SEEDS=10000` plays as many nights,
//! `WIREREPORT_SEED=17` plays that one and prints its log and what came of it.

// Lets the helpers unwrap: clippy takes only `cfg(test)` modules for tests.
#[cfg(test)]
mod feed;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod life;
#[cfg(test)]
mod night;
#[cfg(test)]
mod nights;
#[cfg(test)]
mod truth;
