//! Where readers are: adapters of the channel port.

pub mod bluesky;
mod departure;
pub mod discord;
pub mod feed;
#[cfg(test)]
mod fixture;
pub mod mastodon;
mod notebook;
pub(crate) mod platform;
pub mod slack;
pub mod telegram;
pub mod terminal;
pub mod webhook;
mod wording;
pub mod x;

pub use notebook::Notebook;
pub use platform::AccountError;
