//! What a token may do, and what a request needs.
//!
//! `read` sees everything but tokens. `publish` does what an editor does with posts and publishing, and reads. `admin` does
//! everything. What a request needs follows from its method and path; a change that nobody thought of here needs `admin`.

use std::fmt;
use std::str::FromStr;

use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A right, each containing those before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See everything but tokens.
    Read,
    /// Retry, discard, resolve, approve, edit and reject posts, submit events, stop and resume publishing; and read.
    Publish,
    /// Everything: actors, settings, backups, tokens; publish and read.
    Admin,
}

impl Scope {
    /// Every scope, the least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Publish, Self::Admin];

    /// The word for it, in tokens and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Publish => "publish",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| format!("{word} is no scope; there are read, publish and admin"))
    }
}

/// The words of a token's `scope`, and the greatest right among them.
pub(super) fn greatest(words: &str) -> Option<Scope> {
    words.split(' ').map(|word| word.parse().ok()).max().flatten()
}

/// What a request of that method and path needs.
pub fn required(method: &Method, path: &str) -> Scope {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return if path.starts_with("/v1/tokens") { Scope::Admin } else { Scope::Read };
    }
    if *method != Method::POST {
        return Scope::Admin;
    }
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["v1", "sign-out"] => Scope::Read,
        // What is only shown needs no more; what is to be told is asked of the caller once it is read.
        ["v1", "submissions"] => Scope::Read,
        ["v1", "publishing", "stop" | "resume"] => Scope::Publish,
        ["v1", "posts", _, "retry" | "discard" | "resolve" | "approve" | "edit" | "reject"] => Scope::Publish,
        _ => Scope::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_contains_those_before_it_and_a_list_is_worth_its_greatest() {
        assert!(Scope::Admin > Scope::Publish && Scope::Publish > Scope::Read);
        assert_eq!(greatest("read"), Some(Scope::Read));
        assert_eq!(greatest("read publish"), Some(Scope::Publish));
        assert_eq!(greatest("admin read"), Some(Scope::Admin));
        for words in ["", "reads", "Admin", "ADMIN", "*"] {
            assert_eq!(greatest(words), None, "{words}");
        }
    }

    #[test]
    fn what_nobody_thought_of_needs_everything() {
        let post = |path| required(&Method::POST, path);
        for path in ["/v1/posts/1/retry", "/v1/posts/7/approve", "/v1/publishing/stop"] {
            assert_eq!(post(path), Scope::Publish, "{path}");
        }
        for path in [
            "/v1/actors/restart/nba",
            "/v1/backup",
            "/v1/reload",
            "/v1/tokens",
            "/v1/tokens/x/revoke",
            "/v1/sign-in-codes",
            "/v2/posts/1/retry",
            "//v1/posts/1/retry",
            "/v1/posts/1/retry/",
            "/v1/posts/../tokens",
            "/v1/posts/1/2/retry",
        ] {
            assert_eq!(post(path), Scope::Admin, "{path}");
        }
        assert_eq!(post("/v1/submissions"), Scope::Read);
        assert_eq!(post("/v1/sign-out"), Scope::Read);
        assert_eq!(required(&Method::DELETE, "/v1/posts/1/retry"), Scope::Admin);
        assert_eq!(required(&Method::GET, "/v1/status"), Scope::Read);
        assert_eq!(required(&Method::GET, "/v1/tokens"), Scope::Admin);
    }
}
