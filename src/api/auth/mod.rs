//! Who may use the API over the network.
//!
//! Every request shows a token in its `Authorization` header. It is good if one of our [keys](TokenKeys) signed it for
//! this API, its time has come and has not passed, and the ledger knows it as one that was issued and not
//! [revoked](Tokens). A [`Gate`] refuses all else, with what to do, counts failures by address, and writes them to the
//! audit log. What a token may do is its [`Scope`]. On the unix socket no token is asked for: the file's permissions are
//! the authentication.

mod caller;
mod gate;
mod hs256;
mod scope;
mod throttle;
mod token;
mod tokens;

pub use caller::{Caller, SocketPeer};
pub use gate::{Gate, protect};
pub use scope::{Scope, required};
pub use throttle::{Rate, Throttle};
pub use token::{AUDIENCE, BadToken, Claims, ISSUER, LONGEST, TokenKeys};
pub use tokens::Tokens;
