//! What a key may still do: the page `status`, which is free.

use serde::Deserialize;
use wirereport_actors::ports::feed::FeedError;

use super::envelope::error_body;
use crate::feeds::daily::unreadable;
use crate::feeds::text::{NAME, clean};

/// A key's plan for one product, and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What the plan is called: `Pro`.
    pub plan: String,
    /// Whether it is paid up.
    pub active: bool,
    /// Requests made today.
    pub used: u64,
    /// Requests that a day has.
    pub limit: u64,
}

#[derive(Deserialize)]
struct Page {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    subscription: Subscription,
    requests: Requests,
}

#[derive(Deserialize)]
struct Subscription {
    plan: String,
    #[serde(default)]
    active: bool,
}

#[derive(Deserialize)]
struct Requests {
    current: u64,
    limit_day: u64,
}

/// Reads the page; where the key is refused it says so in the envelope.
pub(super) fn read(body: &[u8]) -> Result<Standing, FeedError> {
    if let Some(error) = error_body(body) {
        return Err(error);
    }
    let page: Page = serde_json::from_slice(body).map_err(|error| unreadable(body, &error))?;
    let Response { subscription, requests } = page.response;
    Ok(Standing {
        plan: clean(&subscription.plan, NAME),
        active: subscription.active,
        used: requests.current,
        limit: requests.limit_day,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keys_plan_is_read_and_its_refusal_is_an_error() {
        let page = br#"{"get":"status","parameters":[],"errors":[],"results":1,"response":{
            "account":{"firstname":"a","lastname":"b","email":"c"},
            "subscription":{"plan":"Pro","end":"2027-04-10T23:24:27+00:00","active":true},
            "requests":{"current":12,"limit_day":7500}}}"#;
        let standing = Standing { plan: "Pro".to_owned(), active: true, used: 12, limit: 7500 };
        assert_eq!(read(page), Ok(standing));
        let refused = br#"{"errors":{"token":"Error/Missing application key."},"response":[]}"#;
        assert!(matches!(read(refused), Err(FeedError::Misconfigured { .. })));
        assert!(matches!(read(b"{\"errors\":[]"), Err(FeedError::Truncated { .. })));
    }
}
