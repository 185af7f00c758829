//! Where scores come from: one folder an adapter of the feed port.

pub mod breaker;
pub mod espn;
pub mod text;
