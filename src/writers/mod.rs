//! What makes texts: adapters of the writer port.

pub mod openai;
pub mod template;
