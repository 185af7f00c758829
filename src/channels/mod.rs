//! Where readers are: adapters of the channel port.

pub mod feed;
#[cfg(test)]
mod fixture;
pub mod terminal;
pub mod webhook;
