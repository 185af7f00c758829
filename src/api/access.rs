//! What the API answers about access: tokens, and the audit log.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;

use super::auth::{Caller, Tokens, cookie};
use super::pages;
use super::problem::Problem;
use super::service::Service;
use super::types::{AuditQuery, SignInCode, TokenIssued, TokenOrder};
use super::views::Page;
use crate::ledger::access::{AuditFilter, AuditRecord, TokenRecord, Tried};

/// What cursors of this list begin with.
const LIST: &str = "audit-log";

fn random() -> Result<[u8; 16], Problem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        let detail = format!("the system gives no random bytes: {error}");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })?;
    Ok(bytes)
}

impl Service {
    pub(super) async fn issue_token(&self, order: &TokenOrder, by: &Caller) -> Result<TokenIssued, Problem> {
        let id = format!("{:032x}", u128::from_be_bytes(random()?));
        self.issuing()?.issue(order, by, id, self.clock.now()).await
    }

    pub(super) async fn tokens(&self) -> Result<Vec<TokenRecord>, Problem> {
        Ok(self.ledger.tokens().await?)
    }

    pub(super) async fn revoke_token(&self, which: &str) -> Result<Vec<TokenRecord>, Problem> {
        Ok(self.issuing()?.revoke(which, self.clock.now()).await?)
    }

    /// Whether whoever was let in may still hear anything: his token may have ended or been revoked since.
    pub(super) fn still_lets_in(&self, caller: &Caller) -> bool {
        let tokens = self.running.as_ref().and_then(|running| running.tokens.as_deref());
        match (caller, tokens) {
            (Caller::Token { id, .. }, Some(tokens)) => tokens.stands(id, self.clock.now()),
            (Caller::Token { .. }, None) => false,
            _ => true,
        }
    }

    /// Makes a code that signs in to the dashboard once.
    pub(super) fn sign_in_code(&self, order: TokenOrder, by: &Caller) -> Result<SignInCode, Problem> {
        let page = self.live()?.page.clone();
        let (code, expires_at) = self.issuing()?.invite(order, by, random()?, self.clock.now())?;
        Ok(SignInCode { code, expires_at, page })
    }

    /// Ends the session of whoever signs out; the `Set-Cookie` that has his browser forget it.
    pub(super) async fn sign_out(&self, caller: &Caller) -> Result<String, Problem> {
        let tokens = self.issuing()?;
        tokens.end_session(caller, self.clock.now()).await?;
        Ok(cookie::signed_out(tokens.session()))
    }

    fn issuing(&self) -> Result<&Tokens, Problem> {
        self.live()?.tokens.as_deref().ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                "a replay opens no port and has no tokens; ask the live service",
            )
        })
    }

    pub(super) async fn audit_log(&self, query: AuditQuery) -> Result<Page<AuditRecord>, Problem> {
        let limit = pages::limit(query.limit)?;
        let filter = AuditFilter {
            who: query.who,
            refused: query.refused.unwrap_or_default(),
            before: pages::before(LIST, query.cursor.as_deref(), query.before)?,
            limit: limit + 1,
        };
        let entries = self.ledger.audit_log(&filter).await?;
        Ok(pages::page(LIST, entries, limit, |entry| entry.id))
    }

    /// Records what somebody is about to do; its number, if that worked. A ledger that cannot be written is no reason to
    /// refuse an order such as to stop.
    pub(super) async fn record_tried(&self, tried: &Tried) -> Option<i64> {
        let now = self.clock.now();
        let keep = self.running.as_ref().map_or(Duration::MAX, |running| running.audit_history);
        let keep_from = now.checked_sub(keep).unwrap_or(Timestamp::MIN);
        match self.ledger.record_tried(tried, now, keep_from).await {
            Ok(id) => Some(id),
            Err(error) => {
                let (who, action) = (&tried.who, &tried.action);
                tracing::error!(%error, who, action, "a change is not in the audit log");
                None
            }
        }
    }

    /// Records what became of it.
    pub(super) async fn record_outcome(&self, entry: Option<i64>, status: u16, detail: Option<&str>) {
        let Some(id) = entry else { return };
        if let Err(error) = self.ledger.record_outcome(id, status, detail).await {
            tracing::error!(%error, id, status, "the outcome of a change is not in the audit log");
        }
    }
}
