//! Where scores come from: one folder an adapter of the feed port.

pub mod api_sports;
pub mod breaker;
pub mod convert;
pub mod daily;
pub mod espn;
mod loose;
pub mod news;
pub mod nhl;
pub mod record;
pub mod recording;
pub mod replay;
pub mod statsapi;
pub mod text;
mod transport;
