//! What an account granted the app, kept in a file of its own that only its owner may read.
//!
//! A refresh token is good for once, and a second use may end the whole grant. So that one is about to be used is written
//! down before it is, and what it gave before that is used: whoever finds a refresh that was begun and not ended knows that
//! the token may be spent. It stands in no ledger, so no backup holds it and no restore brings a spent one back. The file
//! is locked while it is looked at and renewed: several channels on one account, a replay beside the service, and a login
//! beside both take turns.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use super::oauth2::Tokens;
use crate::channels::notebook::replace;
use crate::telemetry::Redactor;

/// An access token that ends sooner is renewed, where that can be done without harm.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_mins(10);

/// One that ends sooner is not used any more.
const LEAST: SignedDuration = SignedDuration::from_secs(60);

/// What an account granted. Its `Debug` shows no token.
#[derive(Clone, Serialize, Deserialize)]
pub struct Grant {
    /// The account's id.
    pub user_id: String,
    /// The account's name, without the `@`.
    pub username: String,
    #[serde(serialize_with = "exposed")]
    pub(super) access_token: SecretString,
    #[serde(default, serialize_with = "maybe_exposed")]
    pub(super) refresh_token: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// When a refresh was begun of which nobody knows how it ended.
    #[serde(default)]
    pub refresh_begun_at: Option<Timestamp>,
    /// Why it has ended.
    #[serde(default)]
    pub ended: Option<String>,
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

fn maybe_exposed<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(ExposeSecret::expose_secret).serialize(serializer)
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What to do with a grant before a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Use its access token.
    AsItIs,
    /// Renew it first.
    Refresh,
    /// Nothing: it has ended.
    Ended(String),
}

impl Grant {
    pub(super) fn of(user_id: String, username: String, tokens: Tokens, now: Timestamp) -> Self {
        Self {
            user_id,
            username,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: after(now, tokens.expires_in),
            refresh_begun_at: None,
            ended: None,
        }
    }

    /// The grant after a refresh. One that gives no new refresh token leaves the old one good.
    pub(super) fn renewed(self, tokens: Tokens, now: Timestamp) -> Self {
        let refresh_token = tokens.refresh_token.or(self.refresh_token);
        let tokens = Tokens { refresh_token, ..tokens };
        Self::of(self.user_id, self.username, tokens, now)
    }

    /// Whether its access token is that one.
    pub(super) fn has_access(&self, access: &SecretString) -> bool {
        self.access_token.expose_secret() == access.expose_secret()
    }

    /// What to do with it; `rejected` says that X no longer takes the access token.
    ///
    /// Once a refresh was begun and not ended its refresh token may be spent, and to use it again may end what is left. So
    /// the access token is used to its end, and only then, with nothing left to lose, the refresh token again.
    pub(super) fn to_use(&self, rejected: bool, now: Timestamp) -> Use {
        if let Some(reason) = &self.ended {
            return Use::Ended(reason.clone());
        }
        let left = self.expires_at.duration_since(now);
        let is_good = !rejected && left > LEAST;
        let can_wait = left > RENEW_BEFORE || self.refresh_begun_at.is_some() || self.refresh_token.is_none();
        match &self.refresh_token {
            _ if is_good && can_wait => Use::AsItIs,
            Some(_) => Use::Refresh,
            None => Use::Ended("the access token has ended, and X gave no refresh token".to_owned()),
        }
    }
}

/// Keeps tokens out of all that this process says.
pub(super) fn keep_secret(access: &SecretString, refresh: Option<&SecretString>) {
    [Some(access), refresh].into_iter().flatten().for_each(|token| Redactor::of_process().register(token));
}

fn after(now: Timestamp, seconds: u64) -> Timestamp {
    now.checked_add(Duration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// Where a grant is kept.
#[derive(Debug, Clone)]
pub struct GrantFile(PathBuf);

/// The right to look at a grant and renew it, until it is dropped.
#[derive(Debug)]
pub(super) struct Locked {
    file: GrantFile,
    _lock: File,
}

impl GrantFile {
    /// The grant of that account, in the folder of logins.
    pub fn of(logins: &Path, account: &str) -> Self {
        Self(logins.join(format!("{account}.json")))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What is kept there, if anything is.
    ///
    /// # Errors
    /// Where it cannot be read, or is damaged; never with what it holds.
    pub fn read(&self) -> io::Result<Option<Grant>> {
        let text = match fs::read(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let damaged = |_| io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
        let grant: Grant = serde_json::from_slice(&text).map_err(damaged)?;
        // Another process may have renewed it.
        keep_secret(&grant.access_token, grant.refresh_token.as_ref());
        Ok(Some(grant))
    }

    /// Waits until nobody else has it.
    pub(super) async fn lock(&self) -> io::Result<Locked> {
        let file = self.clone();
        let locked = tokio::task::spawn_blocking(move || {
            fs::create_dir_all(file.0.parent().unwrap_or(Path::new(".")))?;
            let path = file.0.with_extension("lock");
            let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
            lock.lock()?;
            Ok(Locked { file, _lock: lock })
        });
        locked.await.map_err(io::Error::other)?
    }
}

impl Locked {
    pub(super) fn read(&self) -> io::Result<Option<Grant>> {
        self.file.read()
    }

    /// Keeps it, durably, in place of what was kept.
    pub(super) fn write(&self, grant: &Grant) -> io::Result<()> {
        replace(&self.file.0, &serde_json::to_vec(grant)?)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn grant(lives: u64) -> Grant {
        let tokens = Tokens {
            access_token: SecretString::from("access-hunter2"),
            refresh_token: Some(SecretString::from("refresh-hunter2")),
            expires_in: lives,
        };
        Grant::of("7".to_owned(), "wire".to_owned(), tokens, at(0))
    }

    #[test]
    fn a_token_is_renewed_some_time_before_it_ends_and_used_to_its_end_where_a_refresh_was_cut_short() {
        let whole = grant(7200);
        assert_eq!(whole.to_use(false, at(6000)), Use::AsItIs);
        assert_eq!(whole.to_use(false, at(6700)), Use::Refresh);
        assert_eq!(whole.to_use(true, at(1)), Use::Refresh, "X does not take it any more");
        let cut_short = Grant { refresh_begun_at: Some(at(6700)), ..grant(7200) };
        assert_eq!(cut_short.to_use(false, at(6800)), Use::AsItIs);
        assert_eq!(cut_short.to_use(false, at(7139)), Use::AsItIs);
        assert_eq!(cut_short.to_use(false, at(7140)), Use::Refresh, "there is nothing left to lose");
        let without = Grant { refresh_token: None, ..grant(7200) };
        assert_eq!(without.to_use(false, at(7000)), Use::AsItIs);
        assert!(matches!(without.to_use(false, at(7200)), Use::Ended(_)));
        let ended = Grant { ended: Some("revoked".to_owned()), ..grant(7200) };
        assert_eq!(ended.to_use(false, at(1)), Use::Ended("revoked".to_owned()));
    }

    #[tokio::test]
    async fn a_grant_is_read_as_it_was_kept_by_its_owner_alone_and_does_not_show_itself() {
        let folder = tempfile::tempdir().unwrap();
        let file = GrantFile::of(&folder.path().join("logins"), "x");
        assert!(file.read().unwrap().is_none());
        file.lock().await.unwrap().write(&grant(7200)).unwrap();
        let kept = file.read().unwrap().unwrap();
        assert!(kept.has_access(&SecretString::from("access-hunter2")) && kept.expires_at == at(7200));
        let said = Redactor::of_process().redact("access-hunter2, refresh-hunter2").into_owned();
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!format!("{kept:?}").contains("hunter2"));
        fs::write(file.path(), "{\"access_token\":\"hunter2").unwrap();
        assert!(!file.read().unwrap_err().to_string().contains("hunter2"));
    }

    #[tokio::test]
    async fn one_at_a_time_has_a_grant() {
        let folder = tempfile::tempdir().unwrap();
        let file = GrantFile::of(folder.path(), "x");
        let first = file.lock().await.unwrap();
        let other = file.clone();
        let second = tokio::spawn(async move { other.lock().await.unwrap().read().unwrap().unwrap() });
        first.write(&grant(1)).unwrap();
        drop(first);
        assert_eq!(second.await.unwrap().expires_at, at(1), "the second one sees what the first one kept");
    }
}
