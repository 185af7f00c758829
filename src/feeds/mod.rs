//! Where scores come from: one folder an adapter of the feed port.

