//! Codes that sign in to the dashboard: short-lived, good for once, and kept as hashes in memory alone.
//!
//! A code stands in a link, which a browser keeps in its history; so it is worth nothing once it was used, and nothing after
//! some minutes or a restart.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Caller;
use crate::api::types::TokenOrder;

/// How long a code is good.
pub const GOOD_FOR: Duration = Duration::from_secs(5 * 60);

/// How many codes may wait to be used; of more, the oldest is good no longer.
const ROOM: usize = 16;

/// The codes that wait to be used.
#[derive(Debug, Default)]
pub(super) struct Codes(Mutex<Vec<Waiting>>);

#[derive(Debug)]
struct Waiting {
    hash: [u8; 32],
    order: TokenOrder,
    by: Caller,
    ends_at: Timestamp,
}

impl Codes {
    /// Makes the code of these random bytes, for whoever shows it first to be given that token; and when it ends.
    pub(super) fn issue(
        &self,
        order: TokenOrder,
        by: Caller,
        random: [u8; 16],
        now: Timestamp,
    ) -> (String, Timestamp) {
        let code = URL_SAFE_NO_PAD.encode(random);
        let ends_at = now + GOOD_FOR;
        let mut waiting = self.waiting(now);
        if waiting.len() >= ROOM {
            waiting.remove(0);
        }
        waiting.push(Waiting { hash: hash(&code), order, by, ends_at });
        (code, ends_at)
    }

    /// What a code is good for, and who made it. It is good for nothing from then on.
    pub(super) fn redeem(&self, code: &str, now: Timestamp) -> Option<(TokenOrder, Caller)> {
        let hash = hash(code);
        let mut waiting = self.waiting(now);
        let place = waiting.iter().position(|waiting| waiting.hash == hash)?;
        let Waiting { order, by, .. } = waiting.remove(place);
        Some((order, by))
    }

    fn waiting(&self, now: Timestamp) -> MutexGuard<'_, Vec<Waiting>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|waiting| waiting.ends_at > now);
        waiting
    }
}

fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::super::Scope;
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + second).expect("a time")
    }

    fn issue(codes: &Codes, n: u8, second: i64) -> String {
        let order = TokenOrder { name: n.to_string(), scopes: vec![Scope::Read], expires_in: None };
        codes.issue(order, Caller::Local, [n; 16], at(second)).0
    }

    #[test]
    fn a_code_is_good_for_once_and_for_minutes() {
        let codes = Codes::default();
        let code = issue(&codes, 1, 0);
        assert_eq!(code.len(), 22);
        assert!(!format!("{codes:?}").contains(&code), "it is kept as a hash");
        assert!(codes.redeem("", at(0)).is_none() && codes.redeem(&code[1..], at(0)).is_none());
        let (order, by) = codes.redeem(&code, at(299)).expect("it is good");
        assert_eq!((order.name.as_str(), by), ("1", Caller::Local));
        assert!(codes.redeem(&code, at(299)).is_none(), "it was used");
        let code = issue(&codes, 2, 0);
        assert!(codes.redeem(&code, at(300)).is_none(), "its time is over");
    }

    #[test]
    fn of_many_codes_the_oldest_go() {
        let codes = Codes::default();
        let made: Vec<String> = (0..20).map(|n| issue(&codes, n, 0)).collect();
        assert!(codes.redeem(&made[3], at(1)).is_none());
        assert!(codes.redeem(&made[4], at(1)).is_some() && codes.redeem(&made[19], at(1)).is_some());
    }
}
