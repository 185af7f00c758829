//! Where readers are: adapters of the channel port.

pub mod feed;
#[cfg(test)]
mod fixture;
mod notebook;
pub(crate) mod platform;
pub mod telegram;
pub mod terminal;
pub mod webhook;

pub use notebook::Notebook;
pub use platform::AccountError;
