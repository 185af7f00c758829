//! The leagues' own feeds (MLB's StatsAPI, the NHL's scores) and API-Sports against a stand-in of their hosts, and against recorded
//! payloads.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod api_sports;
mod codes;
mod corpus;
mod host;
mod news;
mod poll;
mod shootout;
