//! Tokens, and the audit log.
//!
//! The log is pruned as it is written, a few rows with each entry, so that it needs nobody to look after it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use wirereport_actors::ports::ledger::LedgerError;

use super::SqliteLedger;
use super::rows::At;
use super::trouble::Trouble;
use crate::ledger::access::{AuditFilter, AuditRecord, TokenRecord, Tried};

/// How many rows that are too old go with each new one.
const PRUNED_AT_ONCE: i64 = 50;

impl SqliteLedger {
    /// What tells this ledger from every other one: twelve letters and digits, the same until it is restored.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn identity(&self) -> Result<String, LedgerError> {
        self.read(|conn| Ok(conn.query_row("SELECT id FROM identity", [], |row| row.get(0))?)).await
    }

    /// Every token that has not been forgotten, newest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn tokens(&self) -> Result<Vec<TokenRecord>, LedgerError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached("SELECT * FROM tokens ORDER BY issued_at DESC, id")?;
            let tokens = statement.query_map([], token)?;
            Ok(tokens.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Records a token that is about to be shown, and forgets those that ended before `forget_before`.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn record_token(
        &self,
        token: &TokenRecord,
        forget_before: Timestamp,
    ) -> Result<(), LedgerError> {
        let token = token.clone();
        self.write(move |conn| {
            let sql = "INSERT INTO tokens (id, name, scopes, key, issued_at, issued_by, expires_at, revoked_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            conn.prepare_cached(sql)?.execute(params![
                token.id,
                token.name,
                token.scopes,
                token.key,
                At(token.issued_at),
                token.issued_by,
                At(token.expires_at),
                token.revoked_at.map(At)
            ])?;
            conn.prepare_cached("DELETE FROM tokens WHERE expires_at < ?1")?.execute([At(forget_before)])?;
            Ok(())
        })
        .await
    }

    /// Ends the token of that id, or every one of that name; those that were ended. One that has ended stays as it is.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] where there is none, and where the ledger cannot be written.
    pub async fn revoke_token(&self, which: &str, now: Timestamp) -> Result<Vec<TokenRecord>, LedgerError> {
        let which = which.to_owned();
        self.write(move |conn| {
            conn.prepare_cached(
                "UPDATE tokens SET revoked_at = ?2 WHERE (id = ?1 OR name = ?1) AND revoked_at IS NULL",
            )?
            .execute(params![which, At(now)])?;
            let mut statement = conn.prepare_cached("SELECT * FROM tokens WHERE id = ?1 OR name = ?1")?;
            let revoked: Vec<TokenRecord> =
                statement.query_map([&which], token)?.collect::<Result<_, _>>()?;
            if revoked.is_empty() {
                return Err(LedgerError::NotFound { what: format!("token {which}") }.into());
            }
            Ok(revoked)
        })
        .await
    }

    /// Records what somebody is about to do, before it is done; its number. Entries from before `keep_from` go.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn record_tried(
        &self,
        tried: &Tried,
        now: Timestamp,
        keep_from: Timestamp,
    ) -> Result<i64, LedgerError> {
        let tried = tried.clone();
        self.write(move |conn| insert(conn, &tried, None, now, keep_from)).await
    }

    /// Records what became of it.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn record_outcome(
        &self,
        id: i64,
        status: u16,
        detail: Option<&str>,
    ) -> Result<(), LedgerError> {
        let detail = detail.map(str::to_owned);
        self.write(move |conn| {
            let sql = "UPDATE audit_log SET status = ?2, detail = ?3 WHERE id = ?1";
            conn.prepare_cached(sql)?.execute(params![id, status, detail])?;
            Ok(())
        })
        .await
    }

    /// Records an attempt that was refused at the door.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn record_refused(
        &self,
        tried: &Tried,
        (status, detail): (u16, &str),
        now: Timestamp,
        keep_from: Timestamp,
    ) -> Result<(), LedgerError> {
        let (tried, detail) = (tried.clone(), detail.to_owned());
        let refused = self.write(move |conn| insert(conn, &tried, Some((status, &detail)), now, keep_from));
        refused.await.map(drop)
    }

    /// The audit log, newest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn audit_log(&self, filter: &AuditFilter) -> Result<Vec<AuditRecord>, LedgerError> {
        let filter = filter.clone();
        self.read(move |conn| {
            let sql = "SELECT * FROM audit_log WHERE (?1 IS NULL OR who = ?1) AND (?2 IS NULL OR id < ?2) \
                 AND (?3 = 0 OR status >= 400) ORDER BY id DESC LIMIT ?4";
            let mut statement = conn.prepare_cached(sql)?;
            let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX);
            let wanted = params![filter.who, filter.before, filter.refused, limit];
            let entries = statement.query_map(wanted, entry)?;
            Ok(entries.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// Makes it another ledger than the one it is a copy of.
pub(super) fn be_another(conn: &Connection) -> Result<(), Trouble> {
    conn.execute("UPDATE identity SET id = lower(hex(randomblob(6)))", [])?;
    Ok(())
}

/// Ends every token: which of them were revoked after a backup was made, the backup does not know.
pub(super) fn revoke_all(conn: &Connection, now: Timestamp) -> Result<usize, Trouble> {
    let sql = "UPDATE tokens SET revoked_at = ?1 WHERE revoked_at IS NULL AND expires_at > ?1";
    Ok(conn.prepare_cached(sql)?.execute([At(now)])?)
}

fn insert(
    conn: &Connection,
    tried: &Tried,
    refused: Option<(u16, &str)>,
    now: Timestamp,
    keep_from: Timestamp,
) -> Result<i64, Trouble> {
    // Numbers grow with time, so the oldest stand first.
    let sql = "DELETE FROM audit_log WHERE at < ?1 AND id IN (SELECT id FROM audit_log ORDER BY id LIMIT ?2)";
    conn.prepare_cached(sql)?.execute(params![At(keep_from), PRUNED_AT_ONCE])?;
    let next = "SELECT coalesce(max(id), 0) + 1 FROM audit_log";
    let id: i64 = conn.prepare_cached(next)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(1);
    let sql = "INSERT INTO audit_log (id, at, who, token, address, action, request, status, detail) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let (status, detail) = refused.unzip();
    conn.prepare_cached(sql)?.execute(params![
        id,
        At(now),
        tried.who,
        tried.token,
        tried.address,
        tried.action,
        tried.request,
        status,
        detail
    ])?;
    Ok(id)
}

fn token(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    Ok(TokenRecord {
        id: row.get("id")?,
        name: row.get("name")?,
        scopes: row.get("scopes")?,
        key: row.get("key")?,
        issued_at: row.get::<_, At>("issued_at")?.0,
        issued_by: row.get("issued_by")?,
        expires_at: row.get::<_, At>("expires_at")?.0,
        revoked_at: row.get::<_, Option<At>>("revoked_at")?.map(|at| at.0),
    })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    Ok(AuditRecord {
        id: row.get("id")?,
        at: row.get::<_, At>("at")?.0,
        tried: Tried {
            who: row.get("who")?,
            token: row.get("token")?,
            address: row.get("address")?,
            action: row.get("action")?,
            request: row.get("request")?,
        },
        status: row.get("status")?,
        detail: row.get("detail")?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + second).expect("a time")
    }

    fn tried(who: &str) -> Tried {
        let action = "POST /v1/publishing/stop".to_owned();
        Tried { who: who.to_owned(), token: None, address: None, action, request: None }
    }

    fn issued(id: &str, name: &str) -> TokenRecord {
        TokenRecord {
            id: id.to_owned(),
            name: name.to_owned(),
            scopes: "read".to_owned(),
            key: "k".to_owned(),
            issued_at: at(0),
            issued_by: "socket:0".to_owned(),
            expires_at: at(1000),
            revoked_at: None,
        }
    }

    #[tokio::test]
    async fn tokens_are_revoked_by_id_or_by_name_and_stay_revoked() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("ledger.db");
        let ledger = SqliteLedger::open(&path).expect("open");
        for (id, name) in [("a", "desk"), ("b", "screen"), ("c", "screen")] {
            ledger.record_token(&issued(id, name), at(0)).await.expect("recorded");
        }
        assert_eq!(ledger.revoke_token("screen", at(5)).await.expect("revoked").len(), 2);
        assert_eq!(ledger.revoke_token("b", at(9)).await.expect("revoked")[0].revoked_at, Some(at(5)));
        let nobody = ledger.revoke_token("nobody", at(9)).await.expect_err("there is none");
        assert_eq!(nobody.to_string(), "no token nobody");
        drop(ledger);
        let ledger = SqliteLedger::open(&path).expect("open");
        let tokens = ledger.tokens().await.expect("read");
        let revoked: Vec<bool> = tokens.iter().map(|token| token.revoked_at.is_some()).collect();
        assert_eq!(revoked, [false, true, true]);
        ledger.record_token(&issued("d", "new"), at(1001)).await.expect("recorded");
        let left = ledger.tokens().await.expect("read");
        assert!(left.is_empty(), "what ended long ago is forgotten: {left:?}");
    }

    #[tokio::test]
    async fn a_restored_ledger_lets_no_earlier_token_in() {
        let dir = tempfile::tempdir().expect("a folder");
        let (path, backup) = (dir.path().join("ledger.db"), dir.path().join("backup.db"));
        let ledger = SqliteLedger::open(&path).expect("open");
        ledger.record_token(&issued("a", "desk"), at(0)).await.expect("recorded");
        ledger.backup_to(&backup).await.expect("copied");
        ledger.revoke_token("a", at(5)).await.expect("revoked");
        drop(ledger);
        crate::ledger::restore(&backup, &path, at(50)).expect("restored");
        let ledger = SqliteLedger::open(&path).expect("open");
        assert_eq!(ledger.tokens().await.expect("read")[0].revoked_at, Some(at(50)));
    }

    #[tokio::test]
    async fn the_audit_log_says_who_and_what_came_of_it_and_forgets_what_is_too_old() {
        let dir = tempfile::tempdir().expect("a folder");
        let ledger = SqliteLedger::open(dir.path().join("ledger.db")).expect("open");
        let keep = Duration::from_secs(100);
        for second in 0..120 {
            let who = if second % 2 == 0 { "socket:0" } else { "token:desk" };
            let id = ledger.record_tried(&tried(who), at(second), at(second) - keep).await.expect("recorded");
            if second % 3 > 0 {
                let status = if second % 3 == 1 { 200 } else { 404 };
                let detail = (status == 404).then_some("no post 999");
                ledger.record_outcome(id, status, detail).await.expect("recorded");
            }
        }
        let list = async |filter: AuditFilter| ledger.audit_log(&filter).await.expect("read");
        let all = list(AuditFilter { limit: 500, ..AuditFilter::default() }).await;
        assert_eq!((all.len(), all[0].at, all.last().expect("some").at), (101, at(119), at(19)));
        let refused = list(AuditFilter { limit: 500, refused: true, ..AuditFilter::default() }).await;
        assert!(refused.iter().all(|entry| entry.status == Some(404)) && refused.len() > 30);
        let who = Some("token:desk".to_owned());
        let page =
            list(AuditFilter { limit: 2, who, before: Some(all[0].id), ..AuditFilter::default() }).await;
        assert_eq!(page.iter().map(|entry| entry.at).collect::<Vec<_>>(), [at(117), at(115)]);
        assert!(all.iter().any(|entry| entry.status.is_none()), "what was cut short is listed");
    }
}
