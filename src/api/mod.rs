//! The API that every command speaks.
//!
//! It is HTTP on a unix socket in the state directory, whose permissions are the authentication, so that no command has
//! a way of its own; and the same routes on the network, where every request shows a token. Errors are problem details
//! (RFC 9457). Where the service is not running, commands that only read are answered by the same routes, in their own
//! process, from the ledger.

mod access;
mod actors;
mod audit;
pub mod auth;
mod channels;
pub mod client;
mod extract;
mod latest;
mod let_in;
mod network;
mod openapi;
mod pages;
mod posts;
pub mod problem;
pub mod redaction;
pub mod remote;
mod routes;
pub mod server;
pub mod service;
pub mod socket;
mod stories;
mod stream;
pub mod types;
pub mod views;
mod watching;

pub(crate) use let_in::let_in;
pub use network::network;
pub use routes::router;
pub use service::Service;

/// The most stories or posts that one answer lists.
pub const MOST: u16 = 500;

/// The largest body of a request, in bytes.
const MOST_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests;
