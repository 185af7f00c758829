//! The tree as a specification: what it does about news, about every kind of trouble, and about its operator, in paused
//! time over the ports in memory.

// Lets the helpers unwrap: clippy takes only `cfg(test)` modules for tests.
#[cfg(test)]
mod alerts;
mod approvals;
#[cfg(test)]
mod boards;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod digests;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod feeds;
#[cfg(test)]
mod halts;
#[cfg(test)]
mod house;
#[cfg(test)]
mod leadership;
#[cfg(test)]
mod ledgers;
#[cfg(test)]
mod news;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod paces;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod stops;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod voices;
#[cfg(test)]
mod writers;
