//! What makes texts: adapters of the writer port.

pub mod template;
