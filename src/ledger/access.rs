//! What the ledger knows of access: who may use the API, and who changed what.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A token that was issued. The token itself is nowhere.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct TokenRecord {
    /// Its id (`jti`).
    pub id: String,
    /// Whose it is (`sub`).
    pub name: String,
    /// What it may do: words with spaces between them (`scope`).
    pub scopes: String,
    /// Which key signed it (`kid`).
    pub key: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Who asked for it.
    pub issued_by: String,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended before its time, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A change, or an attempt at one or at getting in.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its number, growing.
    pub id: i64,
    /// When it was begun.
    pub at: Timestamp,
    /// What was tried, and by whom.
    #[serde(flatten)]
    pub tried: Tried,
    /// The HTTP status it came to; `None` where the process ended meanwhile.
    pub status: Option<u16>,
    /// What was said of it, where it did not work.
    pub detail: Option<String>,
}

/// What somebody tried.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Tried {
    /// Who: `token:NAME`, `socket:UID`, `telegram:ID`, `local` for a command without a service, `signal` or `unknown`.
    pub who: String,
    /// The token's id, where one was shown that is ours.
    pub token: Option<String>,
    /// The address it came from, where it came over the network.
    pub address: Option<String>,
    /// Method and path.
    pub action: String,
    /// The body, without secrets and cut short.
    pub request: Option<String>,
}

/// Which entries of the audit log to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this one's.
    pub who: Option<String>,
    /// Only what did not work.
    pub refused: bool,
    /// Only entries with a smaller number.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}
