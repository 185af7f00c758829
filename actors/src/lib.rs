//! What happens in wirereport, without saying with what.
//!
//! This crate knows no network, no disk and no clock. It holds the rules of the wire ([`wire`]), what the tree
//! needs of the world ([`ports`]), OTP-style supervision on ractor ([`supervision`]), the actors themselves ([`tree`]) and
//! every port in memory ([`memory`]).

pub mod memory;
pub mod ports;
pub mod supervision;
pub mod tree;
pub mod wire;
