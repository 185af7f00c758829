//! What calls cost: set aside before each request, put right after it.
//!
//! A token is a byte at least, so a request has no more tokens than bytes; an answer has no more than it was allowed. What
//! a request came to that was never answered nobody can tell, so it stays counted at that most.

use std::sync::Arc;

use jiff::Timestamp;
use wirereport_actors::ports::ledger::{Ledger, LedgerError};
use wirereport_actors::wire::expense::{Account, Capped, Prices, Reservation, ReservationId, Tokens};

use super::answer::Usage;

/// Tokens that servers put around messages.
const WRAPPING: u64 = 100;

/// Who keeps the books, and by what prices.
pub(super) struct Purse {
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) account: Account,
    pub(super) model: String,
    pub(super) prices: Prices,
    pub(super) max_tokens: u32,
}

/// What a request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Took {
    /// Nothing: it did not leave, or was refused.
    Nothing,
    /// So much, as the server says.
    Counted(Usage),
    /// Nobody can tell.
    Unknown,
}

/// Why nothing could be set aside.
#[derive(Debug)]
pub(super) enum Refused {
    Capped(Capped),
    Books(LedgerError),
}

impl Purse {
    /// Sets aside what a request of so many bytes can come to.
    pub(super) async fn set_aside(&self, bytes: usize, at: Timestamp) -> Result<ReservationId, Refused> {
        let tokens = Tokens { input: bytes as u64 + WRAPPING, output: self.max_tokens.into() };
        let reservation = Reservation {
            account: self.account.clone(),
            model: self.model.clone(),
            at,
            tokens,
            money: self.prices.of(tokens),
        };
        self.ledger.reserve(&reservation).await.map_err(Refused::Books)?.map_err(Refused::Capped)
    }

    /// Puts it right. Where that fails it stays counted at the most it can have been.
    pub(super) async fn put_right(&self, reservation: ReservationId, took: Took) {
        let tokens = match took {
            Took::Nothing => Tokens::default(),
            Took::Counted(usage) => Tokens { input: usage.prompt_tokens, output: usage.completion_tokens },
            Took::Unknown => return,
        };
        if let Err(error) = self.ledger.settle_expense(reservation, tokens, self.prices.of(tokens)).await {
            tracing::warn!(writer = super::NAME, %error, "a call stays counted at the most it can have cost");
        }
    }
}
