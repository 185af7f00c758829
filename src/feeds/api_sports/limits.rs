//! What an answer's head says of the requests that are left.
//!
//! `x-ratelimit-requests-*` counts the day's, `X-RateLimit-*` the minute's. RapidAPI adds when the day is over.

use std::time::Duration;

use reqwest::header::HeaderMap;
use wirereport_actors::wire::quota::Reading;

/// Reads both dialects.
pub fn left(head: &HeaderMap) -> Reading {
    let number = |name: &str| head.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    // RapidAPI counts on below zero where a plan lets more be spent for money: that is not ours to spend.
    let left = |name: &str| number(name).map(|left| u32::try_from(left.max(0)).unwrap_or(u32::MAX));
    let resets = number("x-ratelimit-requests-reset").and_then(|seconds| u64::try_from(seconds).ok());
    Reading {
        day: left("x-ratelimit-requests-remaining"),
        day_resets_in: resets.map(Duration::from_secs),
        minute: left("x-ratelimit-remaining"),
    }
}
