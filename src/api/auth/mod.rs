//! Who may use the API over the network.
//!
//! Every request shows a token in its `Authorization` header. It is good if one of our [keys](TokenKeys) signed it for
//! this API, its time has come and has not passed, and the ledger knows it as one that was issued and not
//! [revoked](Tokens). A [`Gate`] refuses all else, with what to do, counts failures by address, and writes them to the
//! audit log. What a token may do is its [`Scope`]. On the unix socket no token is asked for: the file's permissions are
//! the authentication. A browser shows its token in a cookie, once it has [signed in](signing_in).

mod caller;
mod codes;
pub(crate) mod cookie;
mod gate;
mod hs256;
mod scope;
mod sign_in;
mod throttle;
mod token;
mod tokens;

pub use caller::{Caller, SocketPeer};
pub use codes::GOOD_FOR;
pub use gate::{Gate, protect};
pub use scope::{Scope, required};
pub use sign_in::signing_in;
pub use throttle::{Rate, Throttle};
pub use token::{AUDIENCE, BadToken, Claims, ISSUER, LONGEST, TokenKeys};
pub use tokens::Tokens;
